"""The report of a preview: its document, told to a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from inventory.rows import UNKNOWN
from tools.acls.sections import client_lines
from tools.preview.capacity import capacity_section, serverless_section
from tools.preview.resource_tree import count, resource_tree
from tools.preview.result import is_fine, left_out
from tools.preview.summary import alike, mistake_of, next_step, remedies, warning_words, what_it_is
from tools.preview.verdicts import NOT_JUDGED, SIMULATED, judged_later
from tools.report.sections import TIMES, Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.commands import FINE, REFUSED
from tools.shared.urns import name_in, type_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.preview.document import (
        AclsRow,
        CostLineRow,
        CostRow,
        Document,
        ExportRow,
        ProblemRow,
        VerdictRow,
    )
    from tools.preview.summary import Remedy
    from tools.report.sections import Block, Cells, Words


def preview_sections(document: Document, *, exports: bool = False) -> tuple[Section, ...]:
    """The report, in the order in which it is read: what it will be, whether it may be, what it carries and costs.

    Args:
        document: The preview.
        exports: Whether the exports are shown with their values, of which most are examples.
    """
    parts = [_header(document)]
    if document["resources"]:
        parts.append(_resources(document))
    if document["policies"] or document["verdicts"]:
        parts.append(_policies(document))
    if document["acls"]:
        parts.append(_acls(document["acls"], document["stack"]))
    parts += [capacity_section(row) for row in document["capacity"]]
    parts += [serverless_section(row) for row in document["serverless"]]
    if document["cost"]:
        parts.append(_cost(document["cost"]))
    if document["exports"]:
        parts.append(_exports(document) if exports else _export_names(document))
    if document["warnings"]:
        parts.append(_warnings(document))
    if document["output"]:
        parts.append(Section("Output of the program", tuple(Line(line) for line in document["output"])))
    if document["problems"]:
        parts.append(_problems(document))
    parts.append(_result(document))
    return tuple(parts)


def in_short(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The first and last section of a report, which say it all, and between them what the cluster carries."""
    return (
        sections[0],
        *(section for section in sections[1:-1] if section.title.startswith(("Capacity", "Quotas"))),
        sections[-1],
    )


def failure_sections(document: Document) -> tuple[Section, ...]:
    """What is told when nothing could be previewed: the problems alone."""
    parts = [_warnings(document)] if document["warnings"] else []
    return (*parts, _problems(document), _result(document))


def _header(document: Document) -> Section:
    day = document["today"] if document["isToday"] else f"{document['today']}, not today"
    what = what_it_is(document)
    simulation = (
        f"Judged on {day}. A simulation: the program and the policy pack ran on this machine only. It contacted nothing and "
        "does not know what is deployed."
    )
    return Section(
        f"Preview of {document['project']}, stack {document['stack']}, in {document['region'] or 'no region'}",
        (*([Line(Piece(what, Tone.STRONG))] if what else []), _verdict_line(document), Line(Piece(simulation, Tone.QUIET))),
    )


def _resources(document: Document) -> Section:
    rows = document["resources"]
    imported = count(rows, imported=True)
    aside = f"{count(rows)} to create" + (f", {imported} to import" if imported else "")
    return Section("Resources", resource_tree(rows), aside=aside)


_WORDS: Final = {
    "pass": "pass",
    "fail": "fail",
    "advice": "advise",
    "exempt": "exempt",
    "not judged": "not judged",
    "could not run": "could not run",
    "disabled": "off",
}
"""What becomes of rules, in the order in which they are counted."""


def _policies(document: Document) -> Section:
    policies = document["policies"]
    blocks: list[Block] = []
    aside = ""
    if policies:
        rules = policies["rules"]
        by_outcome = {outcome: [name for name, became in rules.items() if became == outcome] for outcome in _WORDS}
        counts = ", ".join(f"{len(names)} {_WORDS[outcome]}" for outcome, names in by_outcome.items() if names)
        aside = f"{policies['name']} {policies['version']}: {counts}".replace("  ", " ")
        if passed := by_outcome["pass"]:
            words = f"{len(passed)} {'rule' if len(passed) == 1 else 'rules'} "
            blocks.append(Line((words, Piece("(docs/policies.md explains each)", Tone.QUIET)), Mark.PASSED))
        critical = [name for name in by_outcome["disabled"] if policies["about"][name]["severity"] == "critical"]
        if critical:
            blocks.append(Line((Piece("off, and critical", Tone.WARNING), f": {', '.join(critical)}"), Mark.WARNING))
        if off := [name for name in by_outcome["disabled"] if name not in critical]:
            blocks.append(Line(Piece(f"off: {', '.join(off)}", Tone.QUIET), Mark.SKIPPED))
        if not policies["configuration"] and by_outcome["fail"]:
            words = (
                f"policies/config/{document['stack']}.json does not exist, so the pack requires of this stack what production "
                "needs. README.md, Policies, says how a stack may differ."
            )
            blocks.append(Line(words, Mark.NOTE))
    later = {verdict["policy"] for verdict in document["verdicts"] if judged_later(verdict)}
    if later:
        words = f"Unknown in a preview, judged in the simulated update: {', '.join(sorted(later))}."
        blocks.append(Line(Piece(words, Tone.QUIET), Mark.NOTE))
    blocks += [_verdict(rows) for rows in alike(row for row in document["verdicts"] if not judged_later(row))]
    if policies and any(verdict["seenIn"] == [SIMULATED] for verdict in document["verdicts"]):
        blocks.append(
            Line(
                Piece(
                    "Seen only in the simulated update: the value is unknown in every preview, for example a "
                    "policy document that contains the cluster's ARN.",
                    Tone.QUIET,
                ),
                Mark.NOTE,
            )
        )
    return Section("Policies", tuple(blocks), aside=aside)


def _acls(acls: AclsRow, stack: str) -> Section:
    lines = [*client_lines(acls["clients"], acls["removalsPending"])]
    if problem := acls["problem"] if not acls["clients"] else "":
        lines.append(Line(Piece(problem, Tone.WARNING), Mark.WARNING))
    if any(line.mark is Mark.WARNING for line in lines):
        remedy = f"`make acls STACK={stack}` compares them with the cluster's and applies them (docs/access.md, ACLs)."
        lines.append(Line(Piece(remedy, Tone.QUIET), Mark.NOTE))
    aside = f"{acls['receipt']}, {acls['appliedAt']}" if acls["appliedAt"] else ""
    return Section("ACLs", tuple(lines), aside=aside)


def _verdict(rows: Sequence[VerdictRow]) -> Line:
    """What a rule said, once for all the resources of which it said the same."""
    verdict = rows[0]
    mandatory = verdict["enforcement"] == "mandatory"
    below: list[Words] = []
    if verdict["setting"]:
        place = _place(verdict["file"], verdict["line"])
        below.append(
            (
                Piece("setting ", Tone.QUIET),
                Piece(verdict["setting"], Tone.NAME),
                Piece(f"  {place}", Tone.NAME) if place else "",
            )
        )
    if verdict["resource"]:
        below.append((Piece("resource ", Tone.QUIET), _short_urn(verdict["resource"])))
    if len(rows) > 1:
        others = [name_in(row["resource"]) for row in rows[1:] if row["resource"]]
        below.append((Piece(f"the same of {len(rows) - 1} more: ", Tone.QUIET), ", ".join(others)))
    if verdict["seenIn"] == [SIMULATED]:
        below.append(Piece("seen in the simulated update", Tone.QUIET))
    between, mark = ": ", Mark.FAIL if mandatory else Mark.ADVICE
    if verdict["kind"] == "exempt":
        between, mark = f", until {verdict['until']} ({verdict['reason']}): ", Mark.EXEMPT
    elif verdict["kind"] in NOT_JUDGED:
        between, mark = ", not judged: ", Mark.SKIPPED
    policy = Piece(verdict["policy"], Tone.BAD if mandatory else Tone.WARNING)
    return Line((policy, between, verdict["message"]), mark, tuple(below))


def _short_urn(urn: str) -> str:
    """A resource for people: its type and name."""
    kind = type_in(urn)
    return f"{name_in(urn)} ({kind})" if kind else urn


def _place(file: str | None, line: int | None) -> str:
    return "" if file is None else file if line is None else f"{file}:{line}"


def _cost(cost: CostRow) -> Section:
    rows: list[Cells] = []
    notes: list[Line] = []
    for line in cost["lines"]:
        rows.append((line["item"], _quantity(line), _unit_price(line), _usd(line)))
        if line["note"]:
            notes.append(Line(Piece(f"{line['item']}: {line['note']}", Tone.QUIET), Mark.NOTE))
    total: Cells = ("Sum, at least" if cost["atLeast"] else "Sum", "", "", Piece(f"{cost['usdPerMonth']:,.2f}", Tone.STRONG))
    columns = (
        Column("", wraps=True),
        Column("quantity", right=True),
        Column("USD each", right=True),
        Column("USD a month", right=True),
    )
    closing = [Line(Piece(note, Tone.QUIET), Mark.NOTE) for note in cost["notes"]]
    if cost["usdFromWorkload"]:
        estimated = f"~ marks estimates from the stated workload, {cost['usdFromWorkload']:,.2f} of the sum."
        closing.insert(0, Line(Piece(estimated, Tone.QUIET), Mark.NOTE))
    read = cost["pricesRead"]
    when = "" if not read else read[0] if read[0] == read[1] else f"{read[0]} to {read[1]}"
    aside = f"list prices of {' and '.join(cost['priceRegions'])}" + (f", read {when}" if when else "")
    return Section("Cost", (Table(columns, tuple(rows), total), *closing, *notes), aside=aside)


_HALF: Final = 0.5
"""What is less would be rounded to nothing."""


def _quantity(line: CostLineRow) -> Words:
    if line["unit"] is None:
        return ""
    if line["quantity"] is None:
        return Piece(f"per {line['unit']}", Tone.QUIET)
    unit = line["unit"].removesuffix("-month")
    if 0 < line["quantity"] < _HALF:
        return f"under 1 {unit}"
    plural = "s" if unit.islower() and round(line["quantity"]) != 1 else ""
    return f"{line['quantity']:,.0f} {unit}{plural}"


def _unit_price(line: CostLineRow) -> Words:
    if line["usdPerUnit"] is None:
        return ""
    whole, _, part = f"{line['usdPerUnit']:.4f}".rstrip("0").partition(".")
    return f"{'about ' if line['about'] else ''}{whole}.{part:0<2}"


def _usd(line: CostLineRow) -> Words:
    if line["usdPerMonth"] is not None:
        usd = f"{line['usdPerMonth']:,.2f}" if line["usdPerMonth"] or not line["quantity"] else "under 0.01"
        return f"{'~' if line['basis'] == 'workload' else ''}{usd}"
    words = "not priced" if line["basis"] == "not priced" else "by usage"
    return Piece(words, Tone.QUIET)


_SHORT: Final = 44
"""Characters that fit beside a name in 80 columns."""


def _exports(document: Document) -> Section:
    short: list[Cells] = []
    long: list[Line] = []
    exampled = False
    for name, export in document["exports"].items():
        for path, value, example in _values(name, export):
            exampled = exampled or example
            label: Words = (path, Piece(" *", Tone.QUIET)) if example else path
            lines = _lines(value)
            tone = Tone.QUIET if example else Tone.PLAIN
            if len(lines) == 1 and len(lines[0]) <= _SHORT:
                short.append((label, Piece(lines[0], tone)))
            else:
                long.append(Line(label, below=tuple(Piece(line, tone) for line in lines)))
    blocks: list[Block] = [Table((Column(), Column(wraps=True)), tuple(short))] if short else []
    blocks += long
    if exampled:
        words = "* an example from the simulated update; AWS decides the value when you deploy."
        blocks.append(Line(Piece(words, Tone.QUIET)))
    return Section("Exports", tuple(blocks))


def _export_names(document: Document) -> Section:
    words = Piece("make preview EXPORTS=1 shows their values, most of them examples until you deploy.", Tone.QUIET)
    return Section("Exports", (Line(", ".join(document["exports"])), Line(words)), aside=f"{len(document['exports'])}")


def _values(name: str, export: ExportRow) -> Iterator[tuple[str, object, bool]]:
    """Path, value and whether it is an example, for every value in an export."""
    examples = dict(_flat(name, export["example"])) if "example" in export else {}
    for path, value in _flat(name, export["value"]):
        if value == UNKNOWN and path not in examples and examples:
            # A block that is unknown as a whole.
            yield from ((path, item, True) for path, item in examples.items())
        elif path in examples and examples[path] != value:
            yield path, examples[path], True
        else:
            yield path, value, False


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(f"{name}.{key}", item)
    else:
        yield name, value


def _lines(value: object) -> list[str]:
    """A value, one line for each member of a list; a bootstrap string is a list of brokers."""
    if value == UNKNOWN:
        return ["known when deployed"]
    if isinstance(value, str):
        return value.split(",") if value else ['""']
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ["known when deployed" if item == UNKNOWN else item for item in value]
    return [json.dumps(value, ensure_ascii=False)]


def _warnings(document: Document) -> Section:
    lines = [
        Line(
            Piece(warning["message"], Tone.WARNING),
            Mark.WARNING,
            ((Piece("resource ", Tone.QUIET), _short_urn(warning["resource"])),) if warning["resource"] else (),
        )
        for warning in document["warnings"]
    ]
    return Section("Warnings", tuple(lines))


def _problems(document: Document) -> Section:
    rows: dict[str, list[ProblemRow]] = {}
    for problem in document["problems"]:
        rows.setdefault(mistake_of(problem), []).append(problem)
    number = len(document["problems"])
    return Section("Problems", tuple(map(_problem, rows.values())), aside=f"{number}" if number > 1 else "")


def _problem(rows: Sequence[ProblemRow]) -> Line:
    """A mistake, once for all the settings that have the same."""
    first, *others = rows
    place = _place(first["file"], first["line"])
    words: Words = (Piece(f"{place}: ", Tone.NAME), first["message"]) if place else first["message"]
    if not others:
        return Line(words, Mark.FAIL)
    same = ", ".join(f"{row['setting']} ({_place(row['file'], row['line'])})" for row in others)
    return Line(words, Mark.FAIL, ((Piece(f"the same of {len(others)} more: ", Tone.QUIET), same),))


def _verdict_line(document: Document) -> Line:
    code = document["exitCode"]
    warnings = warning_words(document)
    more = f"{', ' if code == FINE else '; '}{warnings}" if warnings else ""
    headline, colon, words = document["result"].partition(":")
    tone, mark = (Tone.GOOD, Mark.PASSED) if is_fine(document) else (Tone.BAD, Mark.FAIL)
    if code == FINE and not is_fine(document):
        tone, mark = Tone.WARNING, Mark.WARNING
    return Line((Piece(headline, tone), f"{colon}{words}{more}."), mark)


def _result(document: Document) -> Section:
    code = document["exitCode"]
    lines = [_verdict_line(document)]
    if what := what_it_is(document):
        lines.append(Line(what))
    if code == REFUSED:
        lines += [Line(f"Besides, {words}.", Mark.WARNING) for words in left_out(document)]
        lines += [_remedy(remedy) for remedy in remedies(document)]
    words = "Next: " if code == FINE else "Then, again: "
    lines.append(Line((Piece(words, Tone.QUIET), Piece(next_step(document), Tone.NAME))))
    return Section("Result", tuple(lines), aside=f"exit code {code}")


def _remedy(remedy: Remedy) -> Line:
    times = f" ({TIMES}{remedy.times})" if remedy.times > 1 else ""
    where = (Piece(f"{remedy.setting}: ", Tone.NAME),) if remedy.setting else ()
    return Line((*where, remedy.words, Piece(f"  {remedy.policy}{times}", Tone.QUIET)), Mark.FAIL)
