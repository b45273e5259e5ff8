"""The next Kafka versions of a stack, told to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.report.sections import Line, Mark, Piece, Section, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.kafka_versions.document import ConditionRow, Document, ProblemRow, StepRow
    from tools.report.sections import Block

_MET: Final = {True: ("met", Mark.PASSED), False: ("not met", Mark.FAIL), None: ("not known here", Mark.WARNING)}
_COMPATIBLE: Final = 'aws kafka get-compatible-kafka-versions --cluster-arn "$(pulumi stack output clusterArn --stack {stack})"'


def upgrades_sections(document: Document) -> tuple[Section, ...]:
    """The report: the version now, each step, the way to KRaft, the time that brokers are away."""
    steps = document["steps"] or []
    candidates = [step for step in steps if step["verdict"] != "refused"]
    parts = [_now(document)]
    parts += [_step(step, document, before) for before, step in zip([None, *candidates], candidates, strict=False)]
    if refused := [step for step in steps if step["verdict"] == "refused"]:
        parts.append(_refused(refused))
    if document["kraft"] is not None:
        parts.append(Section("From ZooKeeper to KRaft", tuple(map(_condition, document["kraft"]))))
    parts.append(Section("While a broker is away", tuple(Line(words) for words in document["headroom"])))
    parts.append(Section("Not looked at", tuple(Line(words, Mark.NOTE) for words in document["notKnown"])))
    return tuple(parts)


def _now(document: Document) -> Section:
    version, days = document["version"], document["version"]["daysLeft"]
    known = version["listed"]
    tone = Tone.BAD if days is not None and days < 0 else Tone.PLAIN if known else Tone.WARNING
    brokers = f"{document['brokers']} {document['brokerType']} in {document['zones']} zones"
    metadata = f", metadata in {version['metadata']}" if known else ""
    blocks: list[Block] = [
        Line((Piece(f"Kafka {version['name']}", Tone.STRONG), f"{metadata}: {brokers}.")),
        Line(Piece(version["support"], tone)),
        Line(_verdict(document)),
        Line(f"AWS's own answer, when the cluster is there: {_COMPATIBLE.format(stack=document['stack'])}"),
    ]
    title = f"Kafka versions of {document['project']}, stack {document['stack']}"
    return Section(title, tuple(blocks), aside=f"judged on {document['today']}, by a list of {version['listOf']}")


def _verdict(document: Document) -> str:
    if document["steps"] is None:
        return "The next versions are not known."
    steps = [
        f"{step['version']} (once what is below is mended)" if step["problems"] else step["version"]
        for step in document["steps"]
        if step["verdict"] == "in place"
    ]
    return f"Next, in place: {', '.join(steps)}." if steps else "No newer version in place is known for the cluster as it is."


def _step(step: StepRow, document: Document, before: StepRow | None) -> Section:
    """A version that may be next, without what the one before it changes already."""
    blocks: list[Block] = []
    if step["verdict"] == "not known":
        blocks.append(Line(f"Whether Amazon MSK does it is not known. {step['why']}", Mark.WARNING))
    blocks += [Line(f"{step['duration']}."), Line(step["support"])]
    if before:
        blocks.append(Line(f"It changes what {before['version']} changes."))
    told = list(_changes(before)) if before else []
    blocks += [line for line in _changes(step) if line not in told]
    if step["problems"]:
        blocks += [Line("This template refuses it until this is mended:"), *(_problem(problem) for problem in step["problems"])]
    else:
        when = "Where AWS's own answer has it, write" if step["verdict"] == "not known" else "Write"
        command = f"pulumi config set kafkaVersion {step['version']} --stack {document['stack']}"
        blocks.append(Line(f"{when} {step['write']}: {command}"))
    return Section(f"To {step['version']}", tuple(blocks))


def _changes(step: StepRow) -> Iterator[Line]:
    yield from (Line(note, Mark.NOTE) for note in step["notes"])
    for default in step["defaults"]:
        yield Line(
            (Piece(default["name"], Tone.NAME), f" is {default['after']} by default, instead of {default['before']}."),
            Mark.WARNING if default["breaks"] else Mark.NOTE,
            ((f"{default['text']} ", Piece(default["source"], Tone.QUIET)),),
        )
    for change in step["others"]:
        whom = ", ".join(change["names"]) or f"{change['concern']}; this stack names none"
        mark = Mark.WARNING if change["breaks"] else Mark.NOTE
        yield Line(change["text"], mark, ((f"Concerns {whom}. ", Piece(change["source"], Tone.QUIET)),))
    yield from (Line(warning, Mark.WARNING) for warning in step["warnings"])


def _problem(problem: ProblemRow) -> Line:
    place = f"{problem['file']}:{problem['line']}: " if problem["file"] else ""
    return Line(f"{place}{problem['message']}", Mark.FAIL)


def _refused(steps: list[StepRow]) -> Section:
    """The versions that are no next step, those with one guard together."""
    guards: dict[str | None, list[StepRow]] = {}
    for step in steps:
        guards.setdefault(step["guard"], []).append(step)
    lines = [
        Line(f"{', '.join(step['version'] for step in those)}: {those[0]['why']} [{guard}]", Mark.FAIL)
        for guard, those in guards.items()
    ]
    return Section("Not in one step", tuple(lines))


def _condition(row: ConditionRow) -> Line:
    words, mark = _MET[row["met"]]
    return Line(f"{row['condition']}: {words}.", mark, () if row["met"] else (row["remedy"],))
