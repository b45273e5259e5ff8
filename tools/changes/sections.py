"""The report of a preview's changes: its document, told to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from domain.problems import printable
from tools.changes.folding import (
    MOST_CUT_OFF,
    cannot,
    folded,
    joined,
    loss_line,
    may_no_longer,
    other_lines,
    small_changes,
)
from tools.report.sections import Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.commands import FINE, REFUSED, endings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.changes.rows import ChangeRow, CostLineRow, CostRow, Document, PolicyRow, PropertyRow
    from tools.report.sections import Cells, Words

_TONES: Final = {
    "data loss": (Tone.BAD, Mark.FAIL),
    "messages deleted": (Tone.BAD, Mark.FAIL),
    "data deleted": (Tone.BAD, Mark.FAIL),
    "clients cut off": (Tone.BAD, Mark.FAIL),
    "replacement": (Tone.WARNING, Mark.WARNING),
    "deletion": (Tone.WARNING, Mark.WARNING),
    "rolling restart": (Tone.WARNING, Mark.WARNING),
    "in place": (Tone.GOOD, Mark.PASSED),
    "new": (Tone.GOOD, Mark.PASSED),
    "left in AWS": (Tone.WARNING, Mark.WARNING),
    "protection": (Tone.WARNING, Mark.WARNING),
}

PROTECTION_STOPS: Final = (
    "Pulumi suggests removing the protect flag. That does not make the change safe; it only lets it happen. Revert the setting "
    "that causes it, and the preview passes."
)
UNPROTECT_FIRST: Final = (
    "If the loss is intended, turn protection off in a separate update, then make this change, and name each resource that may "
    "be lost with --allow."
)
UNPROTECTED: Final = (
    "Then nothing stops an update or `pulumi destroy` from replacing or deleting them. Turn protection on again as soon as the "
    "change is done."
)
RESULTS: Final = endings("The input")
Amount: TypeAlias = Literal["usdBefore", "usdAfter", "usdDifference"]
AMOUNTS: Final[tuple[Amount, ...]] = ("usdBefore", "usdAfter", "usdDifference")
"""The amounts of a line of the bill, in the order of the columns."""

_TAKEN: Final = {
    "messages": "messages are deleted",
    "data": "data is deleted or unreadable",
    "safety": "messages are less safe",
    "access": "clients are cut off",
    "order": "keys spread over two partitions",
}


def changes_sections(document: Document) -> tuple[Section, ...]:
    """The report, in the order in which it is read: the worst first."""
    parts = [_header(document)]
    if document["problems"]:
        parts.append(Section("Problems", tuple(Line(problem, Mark.FAIL) for problem in document["problems"])))
    parts += [part for part in (_stopped(document), _cut_off(document), _changes(document), _orders(document)) if part]
    parts += [part for part in (_protection(document), _others(document), _cost(document), _policies(document)) if part]
    parts.append(_result(document))
    return tuple(parts)


def _header(document: Document) -> Section:
    where = f"{document['project']}, stack {document['stack']}" if document["project"] else "a preview"
    code = document["exitCode"]
    tone = Tone.BAD if code else Tone.STRONG
    return Section(f"Changes of {where}", (Line(Piece(document["headline"], tone)),), aside=f"judged on {document['today']}")


def _stopped(document: Document) -> Section | None:
    stopped = document["protection"]["stopped"]
    if not stopped:
        return None
    lines = [Line(f"Without protection this would {stop['would']}.", Mark.FAIL) for stop in stopped]
    return Section(
        "Protection stopped this preview: nothing is changed",
        (*lines, Line(PROTECTION_STOPS, Mark.NOTE), Line(UNPROTECT_FIRST, Mark.NOTE)),
    )


def _cut_off(document: Document) -> Section | None:
    rows = document["cutOff"]
    if not rows:
        return None
    lines = [
        Line((Piece(printable(row["client"]), Tone.NAME), f" {may_no_longer(row)}: ", Piece(cannot(row), Tone.BAD)), Mark.FAIL)
        for row in rows[:MOST_CUT_OFF]
    ]
    more = len(rows) - MOST_CUT_OFF
    if more > 0:
        lines.append(Line(f"and {more} more", Mark.FAIL))
    return Section("Who is cut off", tuple(lines), aside="and what each can no longer do")


def only_unprotected(change: ChangeRow) -> bool:
    """Whether a resource loses its protection and nothing else happens to it: these are told together."""
    return change["effect"] == "protection"


def _changes(document: Document) -> Section | None:
    told = [change for change in document["changes"] if not only_unprotected(change)]
    if not told:
        return None
    lines = [_change(change, names) for change, names in folded(told)]
    for effect, names in small_changes(told):
        tone, mark = _TONES[effect]
        lines.append(Line((Piece(effect, tone), f": {names}"), mark))
    return Section("Resources that hold or lose something", tuple(lines), aside=f"{len(told)} of them {_change_word(told)}")


def _change_word(told: Sequence[object]) -> str:
    return "changes" if len(told) == 1 else "change"


def _change(change: ChangeRow, names: str) -> Line:
    tone, mark = (Tone.BAD, Mark.FAIL) if change["losses"] else _TONES[change["effect"]]
    below: list[Words] = []
    if change["needsAllowance"] and change["protectionTakenOff"]:
        below.append(Piece("Its protection is removed in the same update: nothing would stop this.", Tone.BAD))
    if change["allowed"]:
        by = ", ".join(f"acknowledge.{guard}" for guard in change["acknowledged"])
        below.append(Piece(f"Allowed by {by} in the stack file." if by else "Allowed with --allow.", Tone.WARNING))
    below += [Piece(loss_line(loss), Tone.BAD) for loss in change["losses"]]
    if change["owner"]:
        below.append(Piece(f"Owner: {printable(change['owner'])}.", Tone.STRONG))
    below += [_property(row) for row in change["properties"]]
    below += [Piece(note, Tone.QUIET) for note in change["notes"]]
    return Line((f"{change['noun']} ", Piece(names, Tone.NAME), ": ", Piece(change["summary"], tone)), mark, tuple(below))


def _property(row: PropertyRow) -> Words:
    words: list[str | Piece] = [Piece(f"{row['path']}: {row['old']} \N{RIGHTWARDS ARROW} {row['new']}", Tone.STRONG)]
    if row["replaces"]:
        words.append(Piece("  replaces it", Tone.BAD))
    if row["setting"]:
        words += [Piece("  setting ", Tone.QUIET), Piece(row["setting"], Tone.NAME)]
    return tuple(words)


_VERDICTS: Final = {
    "refused": (Tone.BAD, Mark.FAIL),
    "replaces": (Tone.BAD, Mark.FAIL),
    "not known": (Tone.BAD, Mark.FAIL),
    "advice": (Tone.WARNING, Mark.ADVICE),
}


def _orders(document: Document) -> Section | None:
    if not document["orders"]:
        return None
    lines = []
    for order in document["orders"]:
        tone, mark = _VERDICTS[order["verdict"]]
        steps = tuple(f"{number}. {step}" for number, step in enumerate(order["steps"], 1))
        lines.append(Line((Piece(order["rule"], tone), ": ", order["message"]), mark, steps))
    verdicts = {order["verdict"] for order in document["orders"]} - {"advice"}
    refused = "Changes that AWS refuses in one update"
    return Section(
        "Order of the changes" if not verdicts else "Changes that are not known" if verdicts == {"not known"} else refused,
        tuple(lines),
        aside="and what to do instead",
    )


def _protection(document: Document) -> Section | None:
    urns = document["protection"]["takenOff"]
    if not urns:
        return None
    words = f"Removed from {len(urns)}: {joined([printable(urn.rpartition('::')[2]) for urn in urns])}."
    return Section(
        "Protection", (Line(Piece(words, Tone.WARNING), Mark.WARNING), Line(Piece(UNPROTECTED, Tone.QUIET), Mark.NOTE))
    )


def _others(document: Document) -> Section | None:
    lines = [Line((Piece(count, Tone.STRONG), f": {names}")) for count, names in other_lines(document)]
    return Section("Other resources", tuple(lines), aside="hold no data") if lines else None


def _cost(document: Document) -> Section | None:
    cost = document["cost"]
    if not cost or not (document["changes"] or document["others"]):
        return None
    if not cost["lines"]:
        return Section("Cost", (Line("No line of the monthly bill changes."),))
    rows: list[Cells] = [
        (
            line["before"] or "nothing",
            line["after"] or "nothing",
            *(money(line, key) for key in AMOUNTS),
        )
        for line in cost["lines"]
    ]
    # "at least" beside the amounts would take the room of the names on a narrow terminal.
    total: Cells = (
        "Sum, at least" if cost["atLeastBefore"] else "Sum",
        "Sum, at least" if cost["atLeastAfter"] else "Sum",
        f"{cost['usdBefore']:,.2f}",
        f"{cost['usdAfter']:,.2f}",
        Piece(signed(cost["usdDifference"]), Tone.STRONG),
    )
    columns = (
        Column("before", wraps=True),
        Column("after", wraps=True),
        Column("USD a month", right=True),
        Column("then", right=True),
        Column("difference", right=True),
    )
    notes = [Line(Piece(note, Tone.QUIET), Mark.NOTE) for note in cost["notes"]]
    if cost["notKnown"]:
        words = f"Not in the difference, because the amount is unknown: {', '.join(cost['notKnown'])}."
        notes.insert(0, Line(Piece(words, Tone.WARNING), Mark.WARNING))
    return Section("Cost", (Table(columns, tuple(rows), total), *notes), aside="before and after")


def sum_of(cost: CostRow, key: Literal["usdBefore", "usdAfter"]) -> str:
    """A sum of the bill; "at least" where a line of it has no amount."""
    at_least = cost["atLeastBefore" if key == "usdBefore" else "atLeastAfter"]
    return f"{'at least ' if at_least else ''}{cost[key]:,.2f}"


def signed(usd: float) -> str:
    """An amount with its sign: ``+2,372.52``."""
    return f"{usd:+,.2f}"


def money(line: CostLineRow, key: Amount) -> str:
    """An amount of a line; why there is none where there is none."""
    usd = line[key]
    if usd is None:
        return "not priced" if line["basis"] == "not priced" else "by usage" if line["basis"] == "usage" else "not known"
    return signed(usd) if key == "usdDifference" else f"{usd:,.2f}"


def _policies(document: Document) -> Section | None:
    if not document["policies"]:
        return None
    lines: dict[tuple[str, str], list[PolicyRow]] = {}
    for row in document["policies"]:
        lines.setdefault((row["policy"], row["message"]), []).append(row)
    return Section("Policies", tuple(_policy(rows) for rows in lines.values()))


def _policy(rows: Sequence[PolicyRow]) -> Line:
    """What a rule said, once for all the resources of which it said the same."""
    policy, mandatory = rows[0]["policy"], rows[0]["mandatory"]
    names = joined([printable(row["resource"].rpartition("::")[2]) for row in rows if row["resource"]])
    return Line(
        (Piece(printable(policy), Tone.BAD if mandatory else Tone.WARNING), ": ", printable(rows[0]["message"])),
        Mark.FAIL if mandatory else Mark.ADVICE,
        (f"resource {names}",) if names else (),
    )


def refusing(document: Document) -> list[str]:
    """The policies that refuse."""
    return list(dict.fromkeys(row["policy"] for row in document["policies"] if row["mandatory"]))


def _result(document: Document) -> Section:
    code = document["exitCode"]
    missing = [urn for urn in document["needsAllowance"] if urn not in document["allowed"]]
    lines = [Line((Piece(result_words(document), Tone.BAD if code else Tone.GOOD),), Mark.FAIL if code else Mark.PASSED)]
    if missing and not document["protection"]["stopped"]:
        lines.append(
            Line(
                "To allow it, if the loss is intended:",
                below=tuple(f"--allow {shell_word(name)}" for name in short_names(document, missing)),
            )
        )
    needed = acknowledgements_needed(document)
    if needed:
        lines.append(Line(needed, Mark.NOTE))
    return Section(f"Result: {RESULTS[code]}", tuple(lines), aside=f"exit code {code}")


def acknowledgements_needed(document: Document) -> str:
    """What the stack file has to acknowledge before `pulumi up` takes what is lost; empty where it need not."""
    guards = sorted(
        {
            loss["guard"]
            for change in document["changes"]
            if not change["acknowledged"]
            for loss in change["losses"]
            if loss["guard"] and loss["protected"]
        }
    )
    if not guards:
        return ""
    needed = " and ".join(f"acknowledge.{guard}: {{reason, until}}" for guard in guards)
    return f"A guard of this template stops `pulumi preview` and `up` until the stack file has {needed}; that allows it here too."


def short_names(document: Document, urns: Sequence[str]) -> list[str]:
    """What `--allow` is given for these: each name once."""
    return list(dict.fromkeys(document["names"].get(urn, urn) for urn in urns))


def shell_word(text: str) -> str:
    """Text as one word of a shell's command, whatever is in it: `$'...'` of bash and zsh where it cannot be shown as it is."""
    if text.isprintable() and " " not in text:
        return "'" + text.replace("'", "'\\''") + "'"
    return f"$'{''.join(map(_in_shell, text))}'"


def _in_shell(character: str) -> str:
    if character.isprintable() and character != " ":
        return f"\\{character}" if character in "\\'" else character
    return f"\\U{ord(character):08x}"


def result_words(document: Document) -> str:
    """Why the exit code is what it is."""
    code = document["exitCode"]
    missing = set(document["needsAllowance"]) - set(document["allowed"])
    if code == FINE:
        return _fine_words(document)
    if code == REFUSED:
        if document["protection"]["stopped"]:
            return "protection stops it"
        if missing:
            changes = "change" if len(missing) == 1 else "changes"
            return f"{len(missing)} {changes} would lose data, cut clients off, or remove what was protected until now"
        if document["orders"] or not refusing(document):
            return "AWS or a guard refuses it"
        return f"the policy pack refuses it: {', '.join(refusing(document))}"
    return "see the problems above"


def _fine_words(document: Document) -> str:
    allowed = len(document["allowed"])
    if allowed:
        return f"{allowed} allowed to be lost: nothing stops this change"
    kinds = {loss["kind"] for change in document["changes"] for loss in change["losses"]}
    if kinds:
        what = " and ".join(words for kind, words in _TAKEN.items() if kind in kinds)
        return f"{what}, see above: nothing is protected, so nothing stops this change"
    return "no data is lost"
