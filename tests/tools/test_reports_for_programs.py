"""The preview's verdicts in the forms that code-scanning pages and test reporters read, read by libraries that know them."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from sarif_pydantic import Level, Sarif

from support.project_copies import copy_project
from support.stacks import TODAY, shipped_project
from tools.preview.document import empty_document
from tools.preview.junit import junit
from tools.preview.run import preview
from tools.preview.sarif import sarif

if TYPE_CHECKING:
    from pathlib import Path

    from tools.preview.document import Document


OPEN = {"iam": {}, "unauthenticated": True}


@pytest.fixture(autouse=True)
def _pinned_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # TODAY


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """A stack with fewer brokers than the pack wants, and no identities."""
    directory = copy_project(
        tmp_path_factory.mktemp("refused"), brokersPerZone=1, authentication={"iam": {}, "unauthenticated": True}
    )
    return preview(directory, "dev", TODAY)


def _read(document: Document) -> Any:
    """What a reader of SARIF makes of it."""
    log = Sarif.model_validate_json(json.dumps(sarif(document)))
    assert log.version == "2.1.0"
    return log.runs[0]


def test_a_violation_stands_at_the_line_of_its_setting(refused: Document, tmp_path: Path) -> None:
    run = _read(refused)
    stack_file = copy_project(tmp_path, brokersPerZone=1, authentication=OPEN) / "Pulumi.dev.yaml"
    lines = stack_file.read_text(encoding="utf-8").splitlines()
    found = {}
    for result in run.results:
        place = result.locations[0].physical_location
        assert place.artifact_location.uri == "Pulumi.dev.yaml"
        found[result.rule_id] = (result.level, lines[place.region.start_line - 1].strip())
    assert found["minimum-brokers"] == (Level.ERROR, "brokersPerZone: 1")
    assert found["no-unauthenticated-access"] == (Level.ERROR, "unauthenticated: true")


def test_every_result_has_its_rule_and_every_rule_of_the_pack_is_there(refused: Document) -> None:
    run = _read(refused)
    rules = run.tool.driver.rules
    assert refused["policies"] is not None
    assert [rule.id for rule in rules][: len(refused["policies"]["rules"])] == list(refused["policies"]["rules"])
    for result in run.results:
        assert rules[result.rule_index].id == result.rule_id
    for rule in sarif(refused)["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["helpUri"].startswith("https://")
        assert re.fullmatch(r"\d\.\d", rule["properties"]["security-severity"])


def test_a_sound_stack_has_no_errors() -> None:
    document = preview(shipped_project(), "dev", TODAY)
    assert _read(document).results == []
    suite = next(iter(JUnitXml.fromstring(junit(document).encode())))
    assert (suite.failures, suite.errors) == (0, 0)


def test_a_mistake_in_the_configuration_is_an_error_at_its_line(tmp_path: Path) -> None:
    document = preview(copy_project(tmp_path, brokersPerZone=-1), "dev", TODAY)
    assert document["exitCode"] == 2
    (result,) = _read(document).results
    assert result.level == Level.ERROR
    assert result.locations[0].physical_location.region.start_line == document["problems"][0]["line"]
    assert sarif(document)["runs"][0]["invocations"] == [{"executionSuccessful": False}]
    (case,) = next(iter(JUnitXml.fromstring(junit(document).encode())))
    assert [type(item) for item in case.result] == [Error]


def test_a_result_keeps_its_fingerprint_when_lines_move(refused: Document) -> None:
    moved = copy.deepcopy(refused)
    for row in moved["verdicts"]:
        row["line"] = 1000
    before, after = (
        [item["partialFingerprints"] for item in sarif(document)["runs"][0]["results"]] for document in (refused, moved)
    )
    assert before == after
    assert len({json.dumps(value) for value in before}) == len(before)


def test_every_rule_is_a_test_that_passes_fails_or_is_skipped(refused: Document) -> None:
    suite = next(iter(JUnitXml.fromstring(junit(refused).encode())))
    assert refused["policies"] is not None
    outcomes = {case.name: [type(item) for item in case.result] for case in suite}
    expected = {"pass": [], "advice": [], "fail": [Failure], "disabled": [Skipped]}
    assert outcomes == {rule: expected[said] for rule, said in refused["policies"]["rules"].items()}
    assert suite.tests == len(outcomes)
    assert suite.failures == sum(said == [Failure] for said in outcomes.values()) > 0


@given(st.text(max_size=40))
def test_whatever_a_message_says_can_be_read_again(message: str) -> None:
    row = {
        "policy": "p",
        "enforcement": "mandatory",
        "severity": "high",
        "kind": "violation",
        "resource": "",
        "message": message,
        "setting": None,
        "file": None,
        "line": None,
        "seenIn": ["preview"],
        "until": None,
        "reason": None,
    }
    document: Any = empty_document(project="shop", stack="dev", region=None, today="2026-11-23")
    document |= {"verdicts": [row], "exitCode": 1}
    (case,) = next(iter(JUnitXml.fromstring(junit(document).encode())))
    assert case.result[0].type == "high"
    assert _read(document).results[0].message.text == message
