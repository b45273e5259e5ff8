"""The plan for people: what comes, what goes, what stays and why, and what a receipt says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tools.acls.coverage import State
from tools.acls.document import is_prefixed
from tools.acls.plan import Why, named
from tools.report.sections import Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.amounts import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.acls.document import AclRow, ClientRow, Document
    from tools.report.sections import Block

_SHOWN: Final = 200
"""Rows of a table that are printed; the JSON has all."""


def plan_sections(document: Document) -> tuple[Section, ...]:
    """The report of a plan, or of what the receipt says where the cluster was not asked."""
    parts = [_difference(document)] if document["compared"] else []
    if document["warnings"]:
        parts.append(Section("What it takes", tuple(Line(words, Mark.WARNING) for words in document["warnings"])))
    if document["kept"]:
        parts.append(_kept(document["kept"]))
    if document["clients"] or document["removalsPending"] or document["receiptProblem"]:
        parts.append(_receipt(document))
    if document["refused"]:
        parts.append(Section("Refused", tuple(Line(words, Mark.FAIL) for words in document["refused"])))
    return tuple(parts)


def _difference(document: Document) -> Section:
    wanted = document["present"] + sum(len(row["operations"]) for row in document["added"])
    cluster, applying = document["cluster"], document["applyingAs"]
    where = f"Cluster: {cluster['name']} in {cluster['region']}, Kafka's id {cluster['kafkaId']}, {document['bootstrap']}"
    blocks: list[Block] = [Line(Piece(where, Tone.QUIET))]
    if applying:
        blocks.append(Line(Piece(f"Applied as {applying}", Tone.QUIET)))
    if not document["added"] and not document["removed"]:
        mark = Mark.NONE if document["refused"] else Mark.PASSED
        blocks.append(Line("The cluster has all ACLs that the stack wants, and none that this command is to take away", mark))
    else:
        blocks.append(acl_table([("add", row) for row in document["added"]] + [("remove", row) for row in document["removed"]]))
    return Section(f"ACLs of stack {document['stack']}", tuple(blocks), f"{wanted:,} wanted, {document['present']:,} there")


def acl_table(rows: Sequence[tuple[str, AclRow]]) -> Table:
    """ACLs, a row for each principal and name."""
    columns = (Column("Step"), Column("Principal", wraps=True), Column("On", wraps=True), Column("Operations", wraps=True))
    shown = [
        (
            step,
            Piece(row["principal"], Tone.NAME),
            named(row["resource"], row["name"], prefixed=is_prefixed(row)),
            ", ".join(row["operations"]) + (f" ({row['why']})" if row["why"] else ""),
        )
        for step, row in rows[:_SHOWN]
    ]
    more = [("...", f"{len(rows) - _SHOWN:,} more", "", "--format json has all")] if len(rows) > _SHOWN else []
    return Table(columns, (*shown, *more))


def _kept(rows: Sequence[AclRow]) -> Section:
    others: Counter[str] = Counter()
    for row in rows:
        others[row["principal"]] += len(row["operations"]) if row["why"] == Why.OTHERS else 0
    told = [row for row in rows if row["why"] != Why.OTHERS]
    lines = [
        Line(
            _words(row),
            Mark.WARNING if row["why"] in (Why.BEYOND, Why.EVERYBODY) else Mark.NOTE,
            (Piece(row["why"], Tone.QUIET),),
        )
        for row in told[:_SHOWN]
    ]
    if len(told) > _SHOWN:
        lines.append(Line(f"{len(told) - _SHOWN:,} more: --format json has all", Mark.NOTE))
    names = [f"{principal} ({number:,})" for principal, number in sorted(others.items()) if number]
    if names:
        lines.append(Line(f"Of other principals, not applied by this command: {_some(names)}", Mark.NOTE))
    return Section("Stays", tuple(lines), counted(sum(len(row["operations"]) for row in rows), "ACL"))


def _words(row: AclRow) -> str:
    where = "" if row["host"] == "*" else f" from {row['host']}"
    verb = "may" if row["permission"] == "ALLOW" else "may not"
    names = named(row["resource"], row["name"], prefixed=is_prefixed(row))
    return f"{row['principal']} {verb} {', '.join(row['operations'])} {names}{where}"


def _receipt(document: Document) -> Section:
    lines = list(client_lines(document["clients"], document["removalsPending"]))
    return Section("Enforced, as the receipt says", tuple(lines), document["receipt"])


def client_lines(clients: Sequence[ClientRow], left: Sequence[str]) -> Iterable[Line]:
    """What became of each client's ACLs, those alike on one line."""
    marks = {State.ENFORCED: Mark.PASSED, State.ALLOWS_MORE: Mark.WARNING, State.NOT_ENFORCED: Mark.WARNING}
    alike: dict[tuple[str, str], list[str]] = {}
    for row in clients:
        alike.setdefault((row["state"], row["why"]), []).append(row["client"])
    for (state, why), names in alike.items():
        tone = Tone.PLAIN if state == State.ENFORCED else Tone.WARNING
        yield Line((Piece(state, tone), f": {', '.join(names)}{f' ({why})' if why else ''}"), marks[State(state)])
    if left:
        yield Line(
            (Piece("to be removed", Tone.WARNING), f": ACLs of {', '.join(left)}, whom no client needs any more"), Mark.WARNING
        )


def _some(words: Sequence[str]) -> str:
    most = 20
    return ", ".join(words[:most]) + (f" and {len(words) - most:,} more" if len(words) > most else "")
