"""Evidence as JUnit XML: the rules of the pack are one suite, the controls of each other tool another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from tools.evidence.by_control import ADVICE, EXEMPT, FAIL, NOT_TOLD, NOTHING, OFF, PASS, named, verdict_of

if TYPE_CHECKING:
    from tools.evidence.by_control import ControlRow, FindingRow
    from tools.evidence.document import Evidence
    from tools.preview.document import VerdictRow

_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED: Final = (NOT_TOLD, EXEMPT, OFF, NOTHING)
"""Verdicts that neither pass nor fail."""
_OF_OUTCOME: Final = {"disabled": OFF, "could not run": NOT_TOLD}


def evidence_junit(evidence: Evidence) -> str:
    """The evidence as test suites: a control that fails has failed, one that was not judged is skipped with the reason."""
    root = ET.Element("testsuites")
    policies = evidence["policies"]
    rules = _suite(root, policies["name"] if policies else "msk-policies", evidence)
    for name, outcome in (policies["rules"] if policies else {}).items():
        said = [_verdict(row) for row in evidence["verdicts"] if row["policy"] == name]
        _case(rules, "rules", name, _OF_OUTCOME.get(outcome, outcome), said)
    for problem in evidence["problems"]:
        case = ET.SubElement(
            rules, "testcase", classname="configuration", name=_xml(problem["setting"] or "configuration"), time="0"
        )
        ET.SubElement(case, "error", type="configuration", message=_xml(problem["message"]))
    for tool in dict.fromkeys(row["of"] for row in evidence["controls"]):
        suite = _suite(root, tool, evidence)
        for row in evidence["controls"]:
            if row["of"] == tool:
                _control(suite, row)
    for suite in root:
        for count, element in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(count, str(sum(1 for _ in suite.iter(element))))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, evidence: Evidence) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", name=f"{name} {evidence['stack']}", timestamp=f"{evidence['today']}T00:00:00")
    properties = ET.SubElement(suite, "properties")
    about = evidence["provenance"]
    values = {
        "result": evidence["result"],
        "source": evidence["source"],
        "today": evidence["today"],
        "commit": about["commit"] or "",
        "pack": about["pack"]["sha256"] or "",
        "configuration": about["configuration"]["sha256"] or "",
    }
    for key, value in values.items():
        ET.SubElement(properties, "property", name=key, value=_xml(value))
    return suite


def _control(suite: ET.Element, row: ControlRow) -> None:
    _case(suite, row["of"], f"{row['id']} {row['title']}", row["verdict"], row["findings"])
    properties = ET.SubElement(suite[-1], "properties")
    for rule in row["rules"]:
        ET.SubElement(properties, "property", name="rule", value=rule)


def _case(suite: ET.Element, classname: str, name: str, verdict: str, findings: list[FindingRow]) -> None:
    case = ET.SubElement(suite, "testcase", classname=classname, name=_xml(name), time="0")
    place = next((finding for finding in findings if finding["file"]), None)
    if place:
        case.set("file", str(place["file"]))
        case.set("line", str(place["line"]))
    lines = [_line(finding) for finding in findings if finding["verdict"] in (verdict, FAIL)]
    text = _xml("\n".join(lines))
    if verdict == FAIL:
        ET.SubElement(case, "failure", type="violation", message=_xml(lines[0] if lines else FAIL)).text = text
    elif verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=_xml(" ".join([f"{verdict}.", *lines])))
    elif verdict in (ADVICE, PASS) and text:
        ET.SubElement(case, "system-out").text = text


def _verdict(row: VerdictRow) -> FindingRow:
    return {
        "resource": row["resource"],
        "verdict": verdict_of(row),
        "rule": row["policy"],
        "message": row["message"],
        "property": None,
        "value": None,
        "setting": row["setting"],
        "file": row["file"],
        "line": row["line"],
        "until": row["until"],
        "reason": row["reason"],
    }


def _line(finding: FindingRow) -> str:
    until = f"exempt until {finding['until']} ({finding['reason']}): " if finding["until"] else ""
    value = f"{finding['property']} is {finding['value']}" if finding["property"] else ""
    place = f" ({finding['file']}:{finding['line']})" if finding["file"] else ""
    parts = " ".join(part for part in (finding["message"], value) if part)
    return f"{named(finding['resource'])}: {until}{parts}{place}"


def _xml(text: str) -> str:
    """A text with a space for each character that XML 1.0 has no way to write."""
    return _NO_XML.sub(" ", text)
