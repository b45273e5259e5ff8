"""The plan for people: what changes, what stands against it, what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.report.sections import Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.amounts import counted, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.report.sections import Block
    from tools.topics.document import Document, StepRow

_NAMED: Final = 10
"""Topics that are named one by one where they are not looked at."""
_WORTH_SAYING: Final = 60
"""From how many seconds on it is told how long the changes take."""
_ARROW: Final = "\N{RIGHTWARDS ARROW}"


def plan_sections(document: Document) -> tuple[Section, ...]:
    """The report of a plan."""
    parts = [_steps(document)]
    if document["warnings"]:
        parts.append(Section("What it takes", tuple(Line(words, Mark.WARNING) for words in document["warnings"])))
    if document["kept"]:
        parts.append(_kept(document))
    if document["notInStackFile"]:
        parts.append(_others(document["notInStackFile"]))
    if document["refused"]:
        parts.append(
            Section(
                "Refused",
                tuple(
                    Line(f"{row['message']} [{row['guard']}]" if row["guard"] else row["message"], Mark.FAIL)
                    for row in document["refused"]
                ),
            )
        )
    return tuple(parts)


def _steps(document: Document) -> Section:
    title = f"Topics of stack {document['stack']}"
    seen = f"{document['topicsOnCluster']} on the cluster that this client sees"
    aside = f"{document['topicsInStackFile']} in the stack file, {seen}"
    where = Line(Piece(f"Cluster: {document['bootstrap']}", Tone.QUIET))
    if not document["steps"]:
        words = "The cluster's topics are those of the stack file"
        # What was asked for and is refused is no step.
        return Section(title, (where, Line(words, Mark.NONE if document["refused"] else Mark.PASSED)), aside)
    blocks: list[Block] = [where, steps_table(document["steps"])]
    if (seconds := document["atLeastSeconds"]) >= _WORTH_SAYING:
        blocks.append(Line(f"At least {duration(seconds)}: MSK Serverless takes so many new and deleted partitions at a time"))
    return Section(title, tuple(blocks), aside)


def steps_table(rows: Sequence[StepRow]) -> Table:
    """Steps, a row each."""
    columns = (Column("Step"), Column("Topic", wraps=True), Column("What", wraps=True))
    return Table(columns, tuple((row["step"], Piece(row["topic"], Tone.NAME), _what(row)) for row in rows))


def _what(row: StepRow) -> str:
    settings = ", ".join(_change(change["setting"], change["before"], change["after"]) for change in row["changes"])
    if row["step"] == "create":
        factor = f", replication factor {row['replicationFactor']}" if row["replicationFactor"] else ""
        given = "".join(f", {change['setting']}={change['after']}" for change in row["changes"])
        return f"{counted(row['partitions'] or 0, 'partition')}{factor}{given}"
    if row["step"] == "partitions":
        return f"{row['partitionsBefore']} {_ARROW} {row['partitions']}"
    if row["step"] == "configs":
        return settings
    held = "" if row["messages"] is None else f" with at most {counted(row['messages'], 'message')}"
    return f"{counted(row['partitions'] or 0, 'partition')}{held}"


def _change(setting: str, before: str | None, after: str | None) -> str:
    was = "not set" if before is None else before
    if after is None:
        return f"{setting}: {was} {_ARROW} the cluster's"
    return f"{setting}: {was} {_ARROW} {after}" if before != after else f"{setting}: {after}, as the cluster has it, on the topic"


def _kept(document: Document) -> Section:
    lines = [
        Line(f"{topic}: {', '.join(f'{name}={value}' for name, value in settings.items())}", Mark.WARNING)
        for topic, settings in document["kept"].items()
    ]
    remedy = Line("Write it into topics.<name>.configs, or take it off with --reset TOPIC.")
    return Section("Set on the topic, not in the stack file: stays", (*lines, remedy))


def _others(names: Sequence[str]) -> Section:
    shown, more = names[:_NAMED], len(names) - _NAMED
    words = ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
    return Section("Not in the stack file: stays", (Line(words, Mark.NOTE),), counted(len(names), "topic"))
