"""Evidence in SARIF 2.1.0: the verdicts of a preview's log, and beside them what passes, each with the controls it is about.

Not for code-scanning pages: they make an alert of every result, a pass too. `python -m tools preview --format sarif` is for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.evidence.by_control import PASS
from tools.preview.sarif import sarif
from tools.shared.controls import CONTROLS, controls_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.evidence.by_control import FindingRow
    from tools.evidence.document import Evidence
    from tools.preview.document import Document


def evidence_sarif(evidence: Evidence, document: Document) -> dict[str, Any]:
    """The evidence as a SARIF log with one run.

    Args:
        evidence: The evidence.
        document: The preview that it was made from.
    """
    log = sarif(document)
    (run,) = log["runs"]
    tools = list(dict.fromkeys(row["of"] for row in evidence["controls"]))
    run["taxonomies"] = [
        {
            "name": tool,
            "taxa": [
                {"id": row["id"], "name": row["title"], "shortDescription": {"text": row["title"]}}
                for row in evidence["controls"]
                if row["of"] == tool
            ],
        }
        for tool in tools
    ]
    index = {rule["id"]: place for place, rule in enumerate(run["tool"]["driver"]["rules"])}
    for rule in run["tool"]["driver"]["rules"]:
        if taxa := _taxa(rule.get("properties", {}).get("tags", ()), evidence):
            rule["relationships"] = [{"target": taxon, "kinds": ["relevant"]} for taxon in taxa]
    run["results"] += [{**result, "ruleIndex": index[result["ruleId"]]} for result in _passes(evidence)]
    tags = {rule["id"]: rule.get("properties", {}).get("tags", ()) for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        if taxa := _taxa(tags[result["ruleId"]], evidence):
            result["taxa"] = taxa
    about = evidence["provenance"]
    run["properties"] |= {"source": evidence["source"], "provenance": about}
    run["automationDetails"]["id"] = f"msk-evidence/{evidence['project']}/{evidence['stack']}/"
    return log


def _taxa(tags: Any, evidence: Evidence) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON has no type
    """The controls among the tags of a rule, as references to their taxonomies."""
    there = {row["id"] for row in evidence["controls"]}
    return [{"id": name, "toolComponent": {"name": CONTROLS[name].of}} for name in controls_in(tags) if name in there]


def _passes(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """What passes: each rule on each resource that a control names, and the others once for the stack."""
    policies = evidence["policies"]
    rules = {name for name, outcome in (policies["rules"] if policies else {}).items() if outcome == PASS}
    said: set[tuple[str, str]] = set()
    for row in evidence["controls"]:
        for finding in row["findings"]:
            for rule in finding["rule"].split(", ") if finding["verdict"] == PASS else ():
                if rule in rules and (rule, finding["resource"]) not in said:
                    said.add((rule, finding["resource"]))
                    yield _pass(rule, evidence, finding)
    for rule in sorted(rules - {rule for rule, _ in said}):
        yield _pass(rule, evidence, None)


def _pass(rule: str, evidence: Evidence, finding: FindingRow | None) -> dict[str, Any]:
    file = finding["file"] if finding and finding["file"] else f"Pulumi.{evidence['stack']}.yaml"
    line = finding["line"] if finding and finding["line"] else 1
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": line}}}
    if finding:
        location["logicalLocations"] = [{"fullyQualifiedName": finding["resource"], "kind": "resource"}]
    value = f" {finding['property']} is {finding['value']}." if finding and finding["property"] else ""
    text = f"{rule} passes.{value}"
    return {"ruleId": rule, "kind": "pass", "level": "none", "message": {"text": text}, "locations": [location]}
