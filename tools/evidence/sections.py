"""Evidence told to a person: what is asked first stands first, and what it does not say stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.evidence.rights import Verb
from tools.evidence.by_control import ADVICE, EXEMPT, FAIL, NOT_TOLD, NOTHING, OFF, PASS, WORST_FIRST, named, verdict_of
from tools.evidence.document import VERBS, words_of
from tools.evidence.subject import OFFLINE
from tools.preview.verdicts import judged_later
from tools.report.sections import Line, Mark, Piece, Section, Tone
from tools.shared.controls import MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tools.evidence.by_control import ControlRow, FindingRow
    from tools.evidence.document import Evidence, RightRow, TopicRow
    from tools.evidence.provenance import HashedRow
    from tools.report.sections import Words

_MARKS: Final = {
    FAIL: Mark.FAIL,
    NOT_TOLD: Mark.WARNING,
    EXEMPT: Mark.EXEMPT,
    OFF: Mark.SKIPPED,
    ADVICE: Mark.ADVICE,
    PASS: Mark.PASSED,
    NOTHING: Mark.SKIPPED,
}
_EVERY: Final = {"topic": "every topic", "group": "every group", "transactional-id": "every transactional ID"}
_KINDS: Final = {"group": "group", "transactional-id": "transactional ID"}


def evidence_sections(evidence: Evidence) -> tuple[Section, ...]:
    """The report, in the order in which it is read."""
    if not evidence["policies"] and evidence["problems"]:
        return (_header(evidence), _problems(evidence))
    parts = [
        _header(evidence),
        *_controls([row for row in evidence["controls"] if row["of"] != MEASURED]),
        _exemptions(evidence),
        *_topics(evidence),
        _beside_topics(evidence["rights"]),
        _roles(evidence),
        _unresolved(evidence),
        _acls(evidence),
        _other_rules(evidence),
        *_controls([row for row in evidence["controls"] if row["of"] == MEASURED]),
        _not_covered(evidence),
        _provenance(evidence),
    ]
    if evidence["problems"]:
        parts.append(_problems(evidence))
    return (*(part for part in parts if part.blocks), Section("Result", (Line(Piece(evidence["result"], Tone.STRONG)),)))


def _header(evidence: Evidence) -> Section:
    day = evidence["today"] if evidence["isToday"] else f"{evidence['today']}, not today"
    about = f"From {_source(evidence)}, judged on {day}."
    counts = ", ".join(
        f"{sum(row['verdict'] == verdict for row in evidence['controls'])} {verdict}"
        for verdict in WORST_FIRST
        if any(row["verdict"] == verdict for row in evidence["controls"])
    )
    lines = [Line(Piece(evidence["result"], Tone.STRONG)), Line(about)]
    lines += [Line(f"Controls of other tools: {counts}.")] if counts else []
    title = f"Evidence for {evidence['project']}, stack {evidence['stack']}, in {evidence['region'] or 'no region'}"
    return Section(title, tuple(lines))


def _source(evidence: Evidence) -> str:
    if evidence["source"] == OFFLINE:
        return "an offline preview"
    return f"a {evidence['source']} ({evidence['file']})"


def _controls(controls: Sequence[ControlRow]) -> Iterator[Section]:
    for tool in dict.fromkeys(row["of"] for row in controls):
        rows = [row for row in controls if row["of"] == tool]
        yield Section(f"Controls of {tool}", tuple(map(_control, rows)), str(len(rows)))


def _control(row: ControlRow) -> Line:
    below: list[Words] = [_finding(finding) for finding in row["findings"]]
    rules = f"Rule{'' if len(row['rules']) == 1 else 's'} {', '.join(row['rules'])}"
    if not row["alone"] and row["verdict"] not in (PASS, NOTHING):
        rules += "; other controls of this tool are judged by the same, so what is violated may be one of those"
    verdict = f" ({row['verdict']})" if row["verdict"] in (OFF, NOTHING, NOT_TOLD) else ""
    return Line(f"{row['id']}: {row['title']}{verdict}", _MARKS[row["verdict"]], (*below, f"{rules}."))


def _finding(finding: FindingRow) -> str:
    at = f"{finding['property']} is {finding['value']}" if finding["property"] else ""
    place = f"{finding['file']}:{finding['line']} ({finding['setting']})" if finding["file"] else ""
    until = f"exempt until {finding['until']} ({finding['reason']})" if finding["until"] else ""
    parts = [part for part in (at, until, finding["message"], place) if part]
    return f"{finding['verdict']}: {named(finding['resource'])}{': ' + '; '.join(parts) if parts else ''}"


def _other_rules(evidence: Evidence) -> Section:
    policies = evidence["policies"]
    if policies is None:
        return Section("Rules that cover no control", ())
    covered = {rule for row in evidence["controls"] for rule in row["rules"]}
    lines = [Line("A rule also passes where there is no resource that it judges.")]
    rules = {name: outcome for name, outcome in policies["rules"].items() if name not in covered}
    for name, outcome in rules.items():
        said = [row for row in evidence["verdicts"] if row["policy"] == name and not judged_later(row)]
        if outcome == "pass" and not said:
            continue
        below = tuple(f"{verdict_of(row)}: {named(row['resource'])}: {row['message']}{_at(row)}" for row in said)
        mark = {"fail": Mark.FAIL, "advice": Mark.ADVICE, "exempt": Mark.EXEMPT, "disabled": Mark.SKIPPED}.get(
            outcome, Mark.WARNING
        )
        lines.append(Line(f"{name}: {policies['about'][name]['description']} ({_outcome(outcome)})", mark, below))
    passed = [name for name, outcome in rules.items() if outcome == "pass"]
    guards = [row for row in evidence["verdicts"] if row["kind"] == "guard"]
    lines += [Line(f"{row['policy']}: {row['message']}{_at(row)}", Mark.WARNING) for row in guards]
    lines += [Line(f"{name}: {policies['about'][name]['description']}", Mark.PASSED) for name in passed]
    return Section("Rules that cover no control of another tool", tuple(lines), str(len(rules)))


def _outcome(outcome: str) -> str:
    return "off" if outcome == "disabled" else outcome


def _at(row: object) -> str:
    file, line = (row.get("file"), row.get("line")) if isinstance(row, dict) else (None, None)
    return f" ({file}:{line})" if file else ""


def _exemptions(evidence: Evidence) -> Section:
    rows = evidence["exemptions"]
    lines = [
        Line(f"{row['rule']} on {named(row['resource'])} until {row['until']}: {row['reason']}", Mark.EXEMPT, (row["message"],))
        for row in rows
    ]
    return Section("Exemptions", tuple(lines) or (Line("None."),), str(len(rows)) if rows else "")


def _topics(evidence: Evidence) -> Iterator[Section]:
    clusters = dict.fromkeys([*evidence["clusters"], *(row["cluster"] for row in evidence["byTopic"])])
    for cluster in clusters:
        rows = [row for row in evidence["byTopic"] if row["cluster"] == cluster]
        lines = [Line(_topic(row["topic"]), below=tuple(_who(row))) for row in rows]
        if not rows:
            lines = [Line("Nobody may read, write or administer a topic by what is shown here.")]
        yield Section(f"Who may use topics of {cluster}", tuple(lines))
    if not clusters:
        yield Section("Who may use topics", (Line("There is no cluster, and nobody has rights on one."),))


def _topic(name: str) -> str:
    if name == "*":
        return "Every topic"
    return f"Topics {name}" if set("*?") & set(name) else f"Topic {name}"


def _who(row: TopicRow) -> Iterator[str]:
    for verb, holders in ((Verb.READ, row["read"]), (Verb.WRITE, row["write"]), (Verb.ADMINISTER, row["administer"])):
        yield f"{verb}: {'; '.join(holders) or 'nobody'}"


def _beside_topics(rights: Iterable[RightRow]) -> Section:
    told: dict[tuple[str, str], list[str]] = {}
    for right in rights:
        verb, kind = right["verb"], right["kind"]
        if kind == "cluster" and verb in (Verb.ADMINISTER, Verb.CONNECT):
            control = sorted(action for action in right["actions"] if action.startswith("kafka:"))
            what = f"{verb} the cluster {right['cluster']}" + (f" by {', '.join(control)}" if control else "")
        elif kind in _KINDS and verb in VERBS:
            doing = {Verb.READ: "join", Verb.WRITE: "write in"}.get(Verb(verb), verb)
            name = right["name"]
            what = f"{doing} {_EVERY[kind] if name == '*' else f'{_KINDS[kind]} {name}'}"
        else:
            continue
        holders = told.setdefault((kind, what), [])
        if (who := words_of(right)) not in holders:
            holders.append(who)
    lines = [Line(f"{what}: {'; '.join(holders)}") for (_, what), holders in told.items()]
    return Section("Who may join groups, write in transactions, connect, and change the cluster", tuple(lines))


def _roles(evidence: Evidence) -> Section:
    lines = [
        Line(f"{row['role']} ({row['holder']}): {'; '.join(row['takenBy']) or 'nobody by its trust policy'}")
        for row in evidence["roles"]
    ]
    return Section("Roles, and who may take them", tuple(lines))


def _unresolved(evidence: Evidence) -> Section:
    lines = [
        Line(
            f"{row['about']}: {row['why']}",
            Mark.WARNING,
            ((f"The program states: {row['stated']}",) if row["stated"] else ()),
        )
        for row in evidence["unresolved"]
    ]
    return Section("Cannot be told, and may give rights", tuple(lines) or (Line("Nothing."),), str(len(lines)) if lines else "")


def _acls(evidence: Evidence) -> Section:
    acls = evidence["acls"]
    if acls is None:
        return Section("Kafka ACLs", ())
    lines = [
        Line(
            f"{row['client']}: {row['state']}" + (f" ({row['why']})" if row["why"] else ""),
            Mark.PASSED if row["state"] == "enforced" else Mark.WARNING,
        )
        for row in acls["clients"]
    ]
    lines += [Line(f"ACLs of {name} are to be removed", Mark.WARNING) for name in acls["removalsPending"]]
    return Section("Kafka ACLs, as the receipt says", tuple(lines), f"{acls['receipt']}, {acls['appliedAt'] or 'never applied'}")


def _not_covered(evidence: Evidence) -> Section:
    lines = [Line(f"{row['what']}.", Mark.NOTE, (f"Whose job: {row['whose']}.",)) for row in evidence["notCovered"]]
    return Section("Not covered, and whose job it is", tuple(lines))


def _provenance(evidence: Evidence) -> Section:
    about = evidence["provenance"]
    changed = {True: ", with changes that no commit has", False: "", None: ""}[about["uncommitted"]]
    version = f" (version {about['packVersion']})" if about["packVersion"] else ""
    lines = [
        Line(f"commit: {about['commit'] or 'none: not under git'}{changed}"),
        Line(f"template: {about['template'] or 'another project'}"),
        Line(f"policy pack: {_hash(about['pack'])}{version}"),
        Line(f"its configuration: {_hash(about['configuration'])}"),
        Line(f"stack file: {_hash(about['stackFile'])}"),
        *([Line(f"read: {_hash(about['input'])}")] if about["input"] else []),
        Line(f"day: {evidence['today']}"),
    ]
    return Section("Made from", tuple(lines))


def _hash(row: HashedRow) -> str:
    return f"{row['name']} sha256 {row['sha256']}" if row["sha256"] else f"{row['name']} is not there"


def _problems(evidence: Evidence) -> Section:
    lines = [
        Line((f"{row['file']}:{row['line']}: " if row["file"] else "") + row["message"], Mark.FAIL)
        for row in evidence["problems"]
    ]
    return Section("Problems", tuple(lines))
