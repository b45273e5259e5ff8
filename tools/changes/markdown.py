"""The report of a preview's changes for a pull request's comment: a headline, a table, and the rest folded away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tools.changes.sections import (
    AMOUNTS,
    PROTECTION_STOPS,
    UNPROTECT_FIRST,
    UNPROTECTED,
    is_small,
    loss_line,
    money,
    only_unprotected,
    other_lines,
    result_words,
    shell_word,
    signed,
    small_changes,
    sum_of,
)
from tools.report.sections import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.changes.document import ChangeRow, Document

_BAD: Final = "🔴"
_SIGNS: Final = {"data loss": _BAD, "replacement": "🟠", "deletion": "🟠", "rolling restart": "🟡", "left in AWS": "🟠"}
_CALM: Final = "🟢"
_ESCAPED: Final = re.compile(r"([\\`*_\[\]<>|~#&@!$])")
_LINKED: Final = re.compile(
    r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=GH)(?=-\d)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+:)", re.IGNORECASE
)
"""Where GitHub would find a mention, an issue, an address or an emoji in plain text: a comment there keeps it text."""


def changes_markdown(document: Document) -> str:
    """The report as GitHub's Markdown, with a line end at the end."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    where = f"{document['project']}, stack {document['stack']}: " if document["project"] else ""
    yield f"### {_sign(document)} {_plain(where + document['headline'])}"
    yield ""
    for problem in document["problems"]:
        yield f"> {_plain(problem)}"
        yield ""
    if document["protection"]["stopped"]:
        yield f"> Protection stopped the preview: nothing is changed. {PROTECTION_STOPS} {UNPROTECT_FIRST}"
        yield ""
    told = [change for change in document["changes"] if not only_unprotected(change)]
    if told:
        yield "| | Resource | What happens | Changed |"
        yield "|---|---|---|---|"
        yield from (_row(change) for change in told if not is_small(change))
        for effect, names in small_changes(told):
            yield f"| {_CALM} | {_plain(names)} | {_plain(effect)} | |"
        yield ""
    for order in document["orders"]:
        yield f"**{_plain(order['rule'])}**: {_plain(order['message'])}"
        yield from (f"{number}. {_plain(step)}" for number, step in enumerate(order["steps"], 1))
        yield ""
    taken = document["protection"]["takenOff"]
    if taken:
        yield f"⚠️ **This change removes the protection of {len(taken)} of the resources.** {UNPROTECTED}"
        yield ""
    if document["cost"] and document["cost"]["lines"]:
        known = _plain(f"{signed(document['cost']['usdDifference'])} USD a month")
        unknown = " and unpriced resources" if document["cost"]["notKnown"] else ""
        yield f"**Cost**: {known}{unknown}"
        yield ""
    yield from _details(document)
    yield _plain(f"Exit code {document['exitCode']}: {result_words(document)}.")


def _sign(document: Document) -> str:
    if document["exitCode"] or any(change["losses"] for change in document["changes"]):
        return _BAD
    effects = [change["effect"] for change in document["changes"]]
    return next((sign for effect, sign in _SIGNS.items() if effect in effects), _CALM)


def _row(change: ChangeRow) -> str:
    changed = "<br>".join(
        f"{_code(item['path'])}: {_plain(item['old'])} → {_plain(item['new'])}"
        + (" **(replaces it)**" if item["replaces"] else "")
        for item in change["properties"]
    )
    summary = f"**{_plain(change['summary'])}**" if change["losesData"] or change["losses"] else _plain(change["summary"])
    if change["allowed"]:
        summary += " (allowed)"
    sign = _BAD if change["losses"] else _SIGNS.get(change["effect"], _CALM)
    return f"| {sign} | {_plain(change['noun'])} {_code(change['name'])} | {summary} | {changed} |"


def _details(document: Document) -> Iterator[str]:
    """What is read when the table raises a question."""
    body = [line for part in (_notes, _others, _money, _allowances) for line in part(document)]
    if not body:
        return
    yield "<details><summary>Details</summary>"
    yield ""
    yield from body
    yield "</details>"
    yield ""


def _notes(document: Document) -> Iterator[str]:
    for change in document["changes"]:
        settings = [item["setting"] for item in change["properties"] if item["setting"]]
        named = [f"Settings: {', '.join(dict.fromkeys(settings))}."] if settings else []
        notes = [*map(loss_line, change["losses"]), *change["notes"], *named]
        if notes:
            yield f"**{_plain(change['noun'])} {_code(change['name'])}**"
            yield from (f"- {_plain(note)}" for note in notes)
            yield ""


def _others(document: Document) -> Iterator[str]:
    lines = [f"- {_plain(count)}: {_plain(names)}" for count, names in other_lines(document)]
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
        yield f"| {_plain(line['before'] or 'nothing')} | {_plain(line['after'] or 'nothing')} | {amounts} |"
    difference = signed(cost["usdDifference"])
    yield f"| **Sum of the bill** | | {sum_of(cost, 'usdBefore')} | {sum_of(cost, 'usdAfter')} | **{difference}** |"
    yield ""
    yield from (f"- {_plain(note)}" for note in cost["notes"])
    yield ""


def _allowances(document: Document) -> Iterator[str]:
    missing = [urn for urn in document["needsAllowance"] if urn not in document["allowed"]]
    if missing and not document["protection"]["stopped"]:
        yield "To allow it, if the loss is intended:"
        yield ""
        yield from (f"    --allow-replacement {shell_word(urn)}" for urn in missing)
        yield ""


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing but text, on one line."""
    parts = _LINKED.split(on_one_line(" ".join(text.split())))
    return "<!-- -->".join(_ESCAPED.sub(r"\\\1", part) for part in parts)


def _code(text: str) -> str:
    """Text as code, in a table too."""
    shown = on_one_line(text).replace("`", "'").replace("|", "/")
    return f"`{shown or ' '}`"
