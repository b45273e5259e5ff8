"""The report of a preview's changes: its document, told to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from domain.problems import printable
from tools.report.sections import Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.commands import FINE, REFUSED, endings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.changes.document import ChangeRow, CostLineRow, CostRow, Document, LossRow, PropertyRow
    from tools.report.sections import Cells, Words

_TONES: Final = {
    "data loss": (Tone.BAD, Mark.FAIL),
    "messages deleted": (Tone.BAD, Mark.FAIL),
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
    "be lost with --allow-replacement."
)
UNPROTECTED: Final = (
    "Then nothing stops an update or `pulumi destroy` from replacing or deleting them. Turn protection on again as soon as the "
    "change is done."
)
LISTED: Final = 12
"""How many resources of one kind are named one by one."""

RESULTS: Final = endings("The input")
Amount: TypeAlias = Literal["usdBefore", "usdAfter", "usdDifference"]
AMOUNTS: Final[tuple[Amount, ...]] = ("usdBefore", "usdAfter", "usdDifference")
"""The amounts of a line of the bill, in the order of the columns."""

_TAKEN: Final = {"messages": "messages are deleted", "access": "clients are cut off"}


def changes_sections(document: Document) -> tuple[Section, ...]:
    """The report, in the order in which it is read: the worst first."""
    parts = [_header(document)]
    if document["problems"]:
        parts.append(Section("Problems", tuple(Line(problem, Mark.FAIL) for problem in document["problems"])))
    parts += [part for part in (_stopped(document), _changes(document), _orders(document)) if part]
    parts += [part for part in (_protection(document), _others(document), _cost(document)) if part]
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


def only_unprotected(change: ChangeRow) -> bool:
    """Whether a resource loses its protection and nothing else happens to it: these are told together."""
    return change["effect"] == "protection"


def _changes(document: Document) -> Section | None:
    told = [change for change in document["changes"] if not only_unprotected(change)]
    if not told:
        return None
    lines = [_change(change) for change in told if not is_small(change)]
    for effect, names in small_changes(told):
        tone, mark = _TONES[effect]
        lines.append(Line((Piece(effect, tone), f": {names}"), mark))
    return Section("Stateful resources", tuple(lines), aside=f"{len(told)} of them {_change_word(told)}")


def _change_word(told: Sequence[object]) -> str:
    return "changes" if len(told) == 1 else "change"


def is_small(change: ChangeRow) -> bool:
    """Whether a resource can be told together with others: nothing can go wrong, and it is not what people ask about."""
    effect = change["effect"]
    return effect == "new" or (effect == "in place" and not change["operations"] and change["noun"] != "configuration")


def small_changes(told: Sequence[ChangeRow]) -> list[tuple[str, str]]:
    """Each effect of what is told together, and the names of what has it."""
    small = [change for change in told if is_small(change)]
    effects = dict.fromkeys(change["effect"] for change in small)
    return [(effect, _names([_small_name(change) for change in small if change["effect"] == effect])) for effect in effects]


def _small_name(change: ChangeRow) -> str:
    properties = dict.fromkeys(row["path"].partition(".")[0] for row in change["properties"])
    what = f" ({', '.join(properties)})" if properties and change["effect"] != "new" else ""
    return f"{change['noun']} {change['name']}{what}"


def _change(change: ChangeRow) -> Line:
    tone, mark = (Tone.BAD, Mark.FAIL) if change["losses"] else _TONES[change["effect"]]
    below: list[Words] = []
    if change["needsAllowance"] and change["protectionTakenOff"]:
        below.append(Piece("Its protection is taken off in the same update: nothing would stop this.", Tone.BAD))
    if change["allowed"]:
        below.append(Piece("Allowed with --allow-replacement.", Tone.WARNING))
    below += [Piece(loss_line(loss), Tone.BAD) for loss in change["losses"]]
    below += [_property(row) for row in change["properties"]]
    below += [Piece(note, Tone.QUIET) for note in change["notes"]]
    return Line(
        (f"{change['noun']} ", Piece(change["name"], Tone.NAME), ": ", Piece(change["summary"], tone)), mark, tuple(below)
    )


def loss_line(loss: LossRow) -> str:
    """What an update takes from people, with the values that decide."""
    sentence = loss["sentence"]
    return f"{loss['property']}: {loss['old']} \N{RIGHTWARDS ARROW} {loss['new']}. {sentence[0].upper()}{sentence[1:]}."


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
    refused = any(order["verdict"] != "advice" for order in document["orders"])
    return Section(
        "Changes that AWS refuses in one update" if refused else "Order of the changes",
        tuple(lines),
        aside="and what to do instead",
    )


def _protection(document: Document) -> Section | None:
    urns = document["protection"]["takenOff"]
    if not urns:
        return None
    words = f"Removed from {len(urns)}: {_names([printable(urn.rpartition('::')[2]) for urn in urns])}."
    return Section(
        "Protection", (Line(Piece(words, Tone.WARNING), Mark.WARNING), Line(Piece(UNPROTECTED, Tone.QUIET), Mark.NOTE))
    )


VERBS: Final = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "import": "taken over"}


def other_lines(document: Document) -> list[tuple[str, str]]:
    """What happens to resources that hold nothing, and to which of them."""
    lines = []
    for operation in ("delete", "replace", "update", "create", "import"):
        rows = [other for other in document["others"] if other["operation"] == operation]
        if rows:
            names = _names([f"{other['name']} ({other['type'].rpartition(':')[2]})" for other in rows])
            lines.append((f"{len(rows)} {VERBS[operation]}", names))
    return lines


def _others(document: Document) -> Section | None:
    lines = [Line((Piece(count, Tone.STRONG), f": {names}")) for count, names in other_lines(document)]
    return Section("Other resources", tuple(lines), aside="hold no data") if lines else None


def _names(names: list[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")


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
    total: Cells = (
        "Sum",
        "",
        sum_of(cost, "usdBefore"),
        sum_of(cost, "usdAfter"),
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


def _result(document: Document) -> Section:
    code = document["exitCode"]
    missing = [urn for urn in document["needsAllowance"] if urn not in document["allowed"]]
    lines = [Line((Piece(result_words(document), Tone.BAD if code else Tone.GOOD),), Mark.FAIL if code else Mark.PASSED)]
    if missing and not document["protection"]["stopped"]:
        lines.append(
            Line(
                "To allow it, if the loss is intended:",
                below=tuple(f"--allow-replacement {shell_word(urn)}" for urn in missing),
            )
        )
    return Section(f"Result: {RESULTS[code]}", tuple(lines), aside=f"exit code {code}")


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
        return "AWS or a guard refuses it"
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
