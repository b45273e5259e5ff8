"""The report of a preview's changes for a pull request's comment: a headline, a table, and the rest folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.changes.folding import (
    LISTED,
    MOST_CUT_OFF,
    cannot,
    folded,
    loss_line,
    may_no_longer,
    other_lines,
    small_changes,
)
from tools.changes.sections import (
    AMOUNTS,
    PROTECTION_STOPS,
    UNPROTECT_FIRST,
    UNPROTECTED,
    acknowledgements_needed,
    money,
    only_unprotected,
    result_words,
    shell_word,
    short_names,
    signed,
    sum_of,
)
from tools.report.markdown import MOST_OF_A_CELL, plain
from tools.report.sections import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.changes.rows import ChangeRow, Document

_BAD: Final = "🔴"
_SIGNS: Final = {
    "data loss": _BAD,
    "data deleted": _BAD,
    "clients cut off": _BAD,
    "replacement": "🟠",
    "deletion": "🟠",
    "rolling restart": "🟡",
    "left in AWS": "🟠",
}
_CALM: Final = "🟢"


MOST_CHARACTERS: Final = 60_000
"""GitHub takes comments of 65,536 characters; the rest is for what a workflow writes around it."""
_TITLE: Final = 2_000
"""Of a title, the most characters that are shown."""
_CUT: Final = "_The rest does not fit into a comment. `python -m tools changes` shows it as text, without a limit._"


def changes_markdown(document: Document) -> str:
    """The report as GitHub's Markdown, with a line end at the end: at most `MOST_CHARACTERS`, the verdict first."""
    lines = _fitting(_lines(document), MOST_CHARACTERS)
    room = MOST_CHARACTERS - sum(len(line) + 1 for line in lines)
    details = list(_details(document))
    wrapped = ["<details><summary>Details</summary>", "", "</details>", ""]
    needed = sum(len(line) + 1 for line in wrapped) + len(_CUT) + 2
    if details and room > needed:
        lines += [*wrapped[:2], *_fitting(details, room - needed + len(_CUT)), "", *wrapped[2:]]
    return "\n".join(lines) + "\n"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """As many lines as there is room for; the last one says that there are more."""
    fitting: list[str] = []
    left = room - len(_CUT) - 2
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            return [*fitting, "", _CUT]
        fitting.append(line)
    return fitting


def _lines(document: Document) -> Iterator[str]:
    where = f"{document['project']}, stack {document['stack']}: " if document["project"] else ""
    yield f"### {_sign(document)} {plain(where + document['headline'], _TITLE)}"
    yield ""
    yield plain(f"Exit code {document['exitCode']}: {result_words(document)}.")
    yield ""
    yield from _allowances(document)
    for problem in document["problems"]:
        yield f"> {plain(problem)}"
        yield ""
    if document["protection"]["stopped"]:
        yield f"> Protection stopped the preview: nothing is changed. {PROTECTION_STOPS} {UNPROTECT_FIRST}"
        yield ""
    yield from _cut_off(document)
    told = [change for change in document["changes"] if not only_unprotected(change)]
    if told:
        yield "| | Resource | What happens | Changed |"
        yield "|---|---|---|---|"
        yield from (_row(change, names) for change, names in folded(told))
        for effect, names in small_changes(told):
            yield f"| {_BAD if effect == 'clients cut off' else _CALM} | {plain(names)} | {plain(effect)} | |"
        yield ""
    for order in document["orders"]:
        yield f"**{plain(order['rule'])}**: {plain(order['message'])}"
        yield from (f"{number}. {plain(step)}" for number, step in enumerate(order["steps"], 1))
        yield ""
    for row in document["policies"]:
        yield f"**{plain(row['policy'])}** {'refuses' if row['mandatory'] else 'advises'}: {plain(row['message'])}"
        yield ""
    taken = document["protection"]["takenOff"]
    if taken:
        yield f"⚠️ **This change removes the protection of {len(taken)} of the resources.** {UNPROTECTED}"
        yield ""
    if document["cost"] and document["cost"]["lines"]:
        known = plain(f"{signed(document['cost']['usdDifference'])} USD a month")
        unknown = " and unpriced resources" if document["cost"]["notKnown"] else ""
        yield f"**Cost**: {known}{unknown}"
        yield ""


def _cut_off(document: Document) -> Iterator[str]:
    if not document["cutOff"]:
        return
    yield "**Who is cut off**"
    yield ""
    for row in document["cutOff"][:MOST_CUT_OFF]:
        yield f"- **{plain(row['client'])}** {may_no_longer(row)}: {plain(cannot(row))}"
    if len(document["cutOff"]) > MOST_CUT_OFF:
        yield f"- and {len(document['cutOff']) - MOST_CUT_OFF} more"
    yield ""


def _sign(document: Document) -> str:
    if document["exitCode"] or any(change["losses"] for change in document["changes"]):
        return _BAD
    effects = [change["effect"] for change in document["changes"]]
    return next((sign for effect, sign in _SIGNS.items() if effect in effects), _CALM)


def _row(change: ChangeRow, names: str) -> str:
    shown = [*map(plain, map(loss_line, change["losses"]))]
    shown += [
        f"{_code(item['path'])}: {plain(item['old'])} → {plain(item['new'])}" + (" **(replaces it)**" if item["replaces"] else "")
        for item in change["properties"][:LISTED]
    ]
    if len(change["properties"]) > LISTED:
        shown.append(f"and {len(change['properties']) - LISTED} more")
    changed = "<br>".join(shown)
    summary = f"**{plain(change['summary'])}**" if change["losesData"] or change["losses"] else plain(change["summary"])
    if change["allowed"]:
        by = ", ".join(change["acknowledged"])
        summary += f" (acknowledged: {plain(by)})" if by else " (allowed)"
    owner = f" (owner: {plain(change['owner'])})" if change["owner"] else ""
    sign = _BAD if change["losses"] else _SIGNS.get(change["effect"], _CALM)
    return f"| {sign} | {plain(change['noun'])} {_code(names)} | {summary}{owner} | {changed} |"


def _details(document: Document) -> Iterator[str]:
    """What is read when the table raises a question."""
    for part in (_others, _money, _notes):
        yield from part(document)


def _notes(document: Document) -> Iterator[str]:
    for change in document["changes"]:
        settings = [item["setting"] for item in change["properties"] if item["setting"]]
        named = [f"Settings: {', '.join(dict.fromkeys(settings))}."] if settings else []
        notes = [*change["notes"], *named]
        if notes:
            yield f"**{plain(change['noun'])} {_code(change['name'])}**"
            yield from (f"- {plain(note)}" for note in notes)
            yield ""


def _others(document: Document) -> Iterator[str]:
    lines = [f"- {plain(count)}: {plain(names)}" for count, names in other_lines(document)]
    if lines:
        yield "**Other resources**, which hold no data"
        yield from lines
        yield ""


def _money(document: Document) -> Iterator[str]:
    cost = document["cost"]
    if not cost or not cost["lines"]:
        return
    yield "| Before | After | USD a month | Then | Difference |"
    yield "|---|---|--:|--:|--:|"
    for line in cost["lines"]:
        amounts = " | ".join(money(line, key) for key in AMOUNTS)
        yield f"| {plain(line['before'] or 'nothing')} | {plain(line['after'] or 'nothing')} | {amounts} |"
    difference = signed(cost["usdDifference"])
    yield f"| **Sum of the bill** | | {sum_of(cost, 'usdBefore')} | {sum_of(cost, 'usdAfter')} | **{difference}** |"
    yield ""
    yield from (f"- {plain(note)}" for note in cost["notes"])
    yield ""


def _allowances(document: Document) -> Iterator[str]:
    missing = [urn for urn in document["needsAllowance"] if urn not in document["allowed"]]
    if missing and not document["protection"]["stopped"]:
        yield "To allow it, if the loss is intended:"
        yield ""
        yield from (f"    --allow {shell_word(name)}" for name in short_names(document, missing))
        yield ""
    needed = acknowledgements_needed(document)
    if needed:
        yield plain(needed)
        yield ""


def _code(text: str) -> str:
    """Text as code, in a table too."""
    shown = on_one_line(text).replace("`", "'").replace("|", "/")
    shown = shown if len(shown) <= MOST_OF_A_CELL else f"{shown[:MOST_OF_A_CELL]}…"
    return f"`{shown or ' '}`"
