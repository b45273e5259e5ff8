"""The verdicts of rules, told by the controls of other tools that they cover."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypedDict

from domain.guards.origins import setting_for
from inventory.rows import SECRET, UNKNOWN, get
from tools.preview.verdicts import NOT_JUDGED, judged_later
from tools.shared.controls import CONTROLS, controls_in
from tools.shared.urns import name_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tools.evidence.subject import Subject
    from tools.preview.document import Document, PreviewedRow, VerdictRow
    from tools.shared.controls import Control

FAIL, EXEMPT, NOT_TOLD, OFF, ADVICE, PASS, NOTHING = (
    "fail", "exempt", "not judged", "off", "advice", "pass", "nothing to judge",
)  # fmt: skip
WORST_FIRST: Final = (FAIL, NOT_TOLD, EXEMPT, OFF, ADVICE, PASS, NOTHING)
"""What becomes of a control, the worst first: a control of which a part is off has not passed."""
_LONGEST: Final = 60


class FindingRow(TypedDict):
    """What a control comes to on one resource: ``value`` is what the resource has at ``property``, as text."""

    resource: str
    verdict: str
    rule: str
    message: str
    property: str | None
    value: str | None
    setting: str | None
    file: str | None
    line: int | None
    until: str | None
    reason: str | None


class ControlRow(TypedDict):
    """A control: ``verdict`` is one of `WORST_FIRST`.

    ``alone`` is false where a rule covers several controls of the same tool: what violates the rule may violate another of them.
    """

    id: str
    of: str
    title: str
    verdict: str
    rules: list[str]
    alone: bool
    findings: list[FindingRow]


def control_rows(subject: Subject) -> list[ControlRow]:
    """Every control that a rule of the pack covers, in the order of the table."""
    document = subject.document
    policies = document["policies"]
    if policies is None:
        return []
    covering: dict[str, list[str]] = {}
    for name, about in policies["about"].items():
        for control in controls_in(about["tags"]):
            covering.setdefault(control, []).append(name)
    return [_control(CONTROLS[name], covering[name], subject) for name in CONTROLS if name in covering]


def _control(control: Control, rules: list[str], subject: Subject) -> ControlRow:
    document = subject.document
    policies = document["policies"]
    outcomes: Mapping[str, str] = policies["rules"] if policies else {}
    said = [row for row in document["verdicts"] if row["policy"] in rules and not judged_later(row)]
    judged = [row for row in document["resources"] if row["type"] in control.types]
    findings = [_said(row, control, document) for row in said]
    about = {finding["resource"] for finding in findings}
    off = [rule for rule in rules if outcomes.get(rule) == "disabled"]
    for resource in judged:
        if resource["urn"] not in about:
            findings += _passes(resource, control, [rule for rule in rules if rule not in off], subject)
    verdicts = [finding["verdict"] for finding in findings] + [OFF] * bool(off)
    return {
        "id": control.id,
        "of": control.of,
        "title": control.title,
        "verdict": worst(verdicts),
        "rules": rules,
        "alone": all(_is_alone(control, rule, document) for rule in rules),
        "findings": findings,
    }


def worst(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts; with none, there was nothing to judge."""
    return min(verdicts, key=WORST_FIRST.index, default=NOTHING)


def _is_alone(control: Control, rule: str, document: Document) -> bool:
    policies = document["policies"]
    tags = policies["about"][rule]["tags"] if policies else []
    return sum(CONTROLS[other].of == control.of for other in controls_in(tags)) == 1


def _said(row: VerdictRow, control: Control, document: Document) -> FindingRow:
    resource = next((each for each in document["resources"] if each["urn"] == row["resource"]), None)
    path = control.properties[0] if control.properties and resource and resource["type"] in control.types else None
    return {
        "resource": row["resource"],
        "verdict": verdict_of(row),
        "rule": row["policy"],
        "message": row["message"],
        "property": path,
        "value": value_at(resource, path) if resource and path else None,
        "setting": row["setting"],
        "file": row["file"],
        "line": row["line"],
        "until": row["until"],
        "reason": row["reason"],
    }


def verdict_of(row: VerdictRow) -> str:
    """What a verdict of a rule comes to."""
    if row["kind"] == "exempt":
        return EXEMPT
    if row["kind"] in NOT_JUDGED:
        return NOT_TOLD
    return FAIL if row["enforcement"] == "mandatory" else ADVICE


def _passes(resource: PreviewedRow, control: Control, rules: Sequence[str], subject: Subject) -> list[FindingRow]:
    """What shows that a resource passes: each property that the control looks at."""
    findings: list[FindingRow] = []
    for path in (control.properties or (None,)) if rules else ():
        setting = setting_for(resource["type"], path, resource["name"]) if path else None
        place = subject.config.line_of(setting) if subject.config and setting else None
        findings.append(
            {
                "resource": resource["urn"],
                "verdict": PASS,
                "rule": ", ".join(rules),
                "message": "",
                "property": path,
                "value": value_at(resource, path) if path else None,
                "setting": ".".join(setting) if setting and place else None,
                "file": place[0] if place else None,
                "line": place[1] if place else None,
                "until": None,
                "reason": None,
            }
        )
    return findings


def value_at(resource: PreviewedRow, path: str) -> str:
    """What a resource has at a property, in a few words."""
    value = get(resource["inputs"], path)
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if text == SECRET:
        return "a secret"
    if UNKNOWN in text:
        return "unknown until deployed" if text == UNKNOWN else "partly unknown until deployed"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def named(urn: str) -> str:
    """A resource's name; "the stack" where a verdict is about none."""
    return name_in(urn) if urn else "the stack"
