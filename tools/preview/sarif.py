"""The verdicts of a preview in SARIF 2.1.0, which code-scanning pages read.

Every verdict stands at the line of the stack file where its setting is written. One whose setting is not written there, or
that has none, stands at the file's first line: readers such as GitHub refuse results without a place. The resource is the
result's logical location.

What is exempt is a result that is suppressed, with the reason as its justification; what could not be judged is an open one,
unless the simulated update judged it. A rule that is off has no results: a notification of the run's invocation says that it
is off.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from tools.preview.verdicts import NOT_JUDGED, judged_later

if TYPE_CHECKING:
    from tools.preview.document import Document, ProblemRow, VerdictRow

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CONFIGURATION: Final = "configuration"
_LEVELS: Final = {"mandatory": "error", "advisory": "warning", "disabled": "none", "remediate": "error"}
_SECURITY_SEVERITY: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""Numbers for GitHub's four words: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low. Source: GitHub Docs,
"SARIF support for code scanning"."""


def sarif(document: Document) -> dict[str, Any]:
    """The verdicts and the mistakes of a preview as a SARIF log with one run."""
    results = [_verdict(row, document) for row in document["verdicts"] if not judged_later(row)]
    results += [_problem(row, document) for row in document["problems"]]
    rules = _rules(document, {result["ruleId"] for result in results})
    index = {rule["id"]: place for place, rule in enumerate(rules)}
    policies = document["policies"]
    driver: dict[str, Any] = {"name": policies["name"] if policies else "msk-policies", "rules": rules}
    if policies:
        driver["semanticVersion"] = policies["version"]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "automationDetails": {"id": f"msk-policies/{document['project']}/{document['stack']}/"},
                "invocations": [{"executionSuccessful": document["exitCode"] in (0, 1), **_off(document)}],
                "properties": {"result": document["result"], "today": document["today"], "isToday": document["isToday"]},
                "columnKind": "unicodeCodePoints",
                "results": [{**result, "ruleIndex": index[result["ruleId"]]} for result in results],
            }
        ],
    }


def _rules(document: Document, named: set[str]) -> list[dict[str, Any]]:
    """The pack's rules, then the guards and the configuration where they said something."""
    policies = document["policies"]
    about = policies["about"] if policies else {}
    rules = []
    for name, rule in about.items():
        properties: dict[str, Any] = {"tags": [*rule["tags"], *([rule["framework"]] if rule["framework"] else [])]}
        if rule["severity"]:
            properties["security-severity"] = _SECURITY_SEVERITY[rule["severity"]]
        rules.append(
            {
                "id": name,
                "name": rule["displayName"] or name,
                "shortDescription": {"text": rule["displayName"] or name},
                "fullDescription": {"text": rule["description"]},
                "help": {"text": rule["remediation"]},
                "helpUri": rule["url"],
                "defaultConfiguration": {"level": _LEVELS[rule["enforcement"]], "enabled": rule["enforcement"] != "disabled"},
                "properties": properties,
            }
        )
    return [*rules, *({"id": name, "name": name, "shortDescription": {"text": name}} for name in sorted(named - about.keys()))]


def _verdict(row: VerdictRow, document: Document) -> dict[str, Any]:
    location = _location(row, document, resource=row["resource"])
    if row["kind"] in NOT_JUDGED:
        # Only a failure has a level.
        return {**_result(row["policy"], "none", row["message"], location), "kind": "open"}
    result = _result(row["policy"], _LEVELS[row["enforcement"]], row["message"], location)
    if row["kind"] == "exempt":
        why = f"exempt until {row['until']}: {row['reason']}"
        # The exemption stands in the configuration of the policies, not beside what it is about.
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _off(document: Document) -> dict[str, Any]:
    """What an invocation says of rules that are off; nothing where none is."""
    policies = document["policies"]
    notifications = [
        {
            "descriptor": {"id": "rule-off"},
            "associatedRule": {"id": name, "index": index},
            "level": "warning" if policies["about"][name]["severity"] == "critical" else "note",
            "message": {"text": f"{name} is off for this stack: it judged nothing."},
        }
        for index, (name, outcome) in enumerate(policies["rules"].items() if policies else ())
        if policies and outcome == "disabled"
    ]
    return {"toolConfigurationNotifications": notifications} if notifications else {}


def _problem(row: ProblemRow, document: Document) -> dict[str, Any]:
    return _result(_CONFIGURATION, "error", row["message"], _location(row, document))


def _location(row: VerdictRow | ProblemRow, document: Document, *, resource: str = "") -> dict[str, Any]:
    uri = row["file"] or f"Pulumi.{document['stack']}.yaml"
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": row["line"] or 1}},
    }
    logical = [(resource, "resource"), (row["setting"], "member")]
    if any(name for name, _ in logical):
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": kind} for name, kind in logical if name]
    return location


def _result(rule: str, level: str, message: str, location: dict[str, Any]) -> dict[str, Any]:
    # Lines move; what is said of which resource and setting tells one result from another.
    parts = [rule, message, *(place["fullyQualifiedName"] for place in location.get("logicalLocations", ()))]
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"ruleAndResource/v1": fingerprint},
    }
