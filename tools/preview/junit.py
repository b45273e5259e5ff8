"""The verdicts of a preview as JUnit XML, which test reporters read: every rule of the pack is a test."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tools.preview.document import Document, ProblemRow, VerdictRow

_MANDATORY: Final = "mandatory"
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SKIPPED: Final = {
    "disabled": "The rule is off for this stack: it judged nothing.",
    "exempt": "Violated by an exempt resource.",
    "not judged": "The rule could not judge.",
    "could not run": "The rule could not judge.",
}
"""By outcome, what a rule is skipped with: it neither passes nor fails."""


def junit(document: Document) -> str:
    """The rules of the pack, the guards that said something and the mistakes of a preview, as a test suite.

    A rule that is violated fails. One that is off, or could not judge, or is violated only by what is exempt is skipped, with the
    reason. What only advises is the output of a test that passes.
    """
    policies = document["policies"]
    name = policies["name"] if policies else "msk-policies"
    suite = ET.Element("testsuite", name=f"{name} {document['stack']}", timestamp=f"{document['today']}T00:00:00")
    outcomes = policies["rules"] if policies else {}
    properties = ET.SubElement(suite, "properties")
    about = {"result": document["result"], "today": document["today"], "isToday": str(document["isToday"]).lower()}
    for key, value in about.items():
        ET.SubElement(properties, "property", name=key, value=_xml(value))
    said: dict[str, list[VerdictRow]] = {rule: [] for rule in outcomes}
    for row in document["verdicts"]:
        said.setdefault(row["policy"], []).append(row)
    for rule, rows in said.items():
        _rule(suite, f"{name}.{document['stack']}", rule, rows, outcomes.get(rule, ""))
    for problem in document["problems"]:
        _problem(suite, f"{name}.{document['stack']}", problem)
    for count, element in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(1 for _ in suite.iter(element))))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _rule(suite: ET.Element, classname: str, rule: str, rows: list[VerdictRow], outcome: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=classname, name=rule, time="0")
    failures = [row for row in rows if row["enforcement"] == _MANDATORY]
    advice = [row for row in rows if row["enforcement"] != _MANDATORY]
    if failures:
        first = failures[0]
        if first["file"]:
            case.set("file", first["file"])
            case.set("line", str(first["line"]))
        failure = ET.SubElement(case, "failure", type=first["severity"] or _MANDATORY, message=_xml(first["message"]))
        failure.text = _xml("\n".join(_line(row) for row in failures))
    if outcome in _SKIPPED:
        ET.SubElement(case, "skipped", message=_xml(" ".join([_SKIPPED[outcome], *map(_line, advice)])))
    elif advice:
        ET.SubElement(case, "system-out").text = _xml("\n".join(_line(row) for row in advice))


def _problem(suite: ET.Element, classname: str, problem: ProblemRow) -> None:
    name = problem["setting"] or "configuration"
    case = ET.SubElement(suite, "testcase", classname=f"{classname}.configuration", name=_xml(name), time="0")
    if problem["file"]:
        case.set("file", problem["file"])
        case.set("line", str(problem["line"]))
    ET.SubElement(case, "error", type="configuration", message=_xml(problem["message"]))


def _line(row: VerdictRow) -> str:
    exempt = f"exempt until {row['until']} ({row['reason']}): " if row["kind"] == "exempt" else ""
    place = f"{row['file']}:{row['line']}: " if row["file"] else ""
    of = f" ({row['resource'].rpartition('::')[2]})" if row["resource"] else ""
    return f"{place}{exempt}{row['message']}{of}"


def _xml(text: str) -> str:
    """A text with a space for each character that XML 1.0 has no way to write."""
    return _NO_XML.sub(" ", text)
