"""Evidence of what Pulumi printed, also of programs that are not this template's; and what is no such thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.foreign_programs import preview_of, state_of
from support.stacks import shipped_project
from tools.evidence.command import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def _day_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command sets the day in the environment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


@pytest.fixture
def evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[object], tuple[int, Any]]:
    """Asks for the evidence of a document; gives the exit code and the answer, or what is said on standard error."""

    def ask(document: object) -> tuple[int, Any]:
        file = tmp_path / "document.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        code = main([str(file), "--format", "json", "--today", TODAY, "--directory", str(shipped_project())])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, json.loads(out) if out else err

    return ask


def test_a_state_of_another_program_is_judged_and_its_rights_are_told(evidence: Callable[[object], tuple[int, Any]]) -> None:
    state = state_of("inline-roles")
    password = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
    secret: dict[str, Any] = {
        "urn": "urn:pulumi:live::inline-roles::aws:secretsmanager/secretVersion:SecretVersion::login",
        "type": "aws:secretsmanager/secretVersion:SecretVersion",
        "custom": True,
        "inputs": {"secretString": password},
        "outputs": {"secretString": password},
    }
    state["deployment"]["resources"] += [secret, {**secret, "urn": secret["urn"] + "-old", "delete": True}]
    code, found = evidence(state)
    assert code == 1
    assert (found["source"], found["project"], found["stack"]) == ("state of the stack", "inline-roles", "live")
    assert found["region"] == "eu-west-1"
    rules = found["policies"]["rules"]
    assert rules["no-broad-aws-policies"] == rules["minimum-brokers"] == "fail"
    # What a state does not have is not told from it.
    assert rules["volume-size-left-to-autoscaling"] == "not judged"
    orders = next(row for row in found["byTopic"] if row["topic"] == "orders.*")
    assert "role writer" in orders["write"]
    assert [row["about"] for row in found["unresolved"]] == ["role legacy", "user auditor"]
    assert "v1:abc" not in json.dumps(found)
    assert "Settings and their lines: there is no file of this stack here" in [row["what"] for row in found["notCovered"]]
    assert found["provenance"]["input"]["sha256"]


def test_a_preview_says_what_a_deployment_decides(evidence: Callable[[object], tuple[int, Any]]) -> None:
    preview = preview_of("other-account")
    preview["changeSummary"]["same"] = 3
    code, found = evidence(preview)
    assert code == 1
    assert found["source"] == "preview by Pulumi"
    assert [(row["about"], row["why"]) for row in found["unresolved"]] == [
        ("cluster policy shared", "its policy is unknown until deployed")
    ]
    assert found["byTopic"] == []
    assert "3 resources that the preview counts and does not name" in found["notCovered"][1]["what"]


def test_acls_of_a_provider_and_an_open_cluster_are_told(evidence: Callable[[object], tuple[int, Any]]) -> None:
    _, found = evidence(state_of("plain"))
    (orders,) = [row for row in found["byTopic"] if row["topic"] == "orders"]
    assert orders["read"] == [
        "User:erp (Kafka ACL)",
        "every SCRAM user and client certificate (no Kafka ACL; where no ACL stands on it)",
    ]
    assert found["policies"]["rules"]["no-access-without-acl"] == "fail"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "The input is empty"),
        ("{}", "not what `pulumi preview --json` prints"),
        ("Previewing update", "This is not JSON"),
        ({"deployment": {"resources": []}}, "the state has no resources"),
        ({"steps": [], "changeSummary": {"same": 4}}, "the preview names no resource"),
        ({"steps": [], "diagnostics": [{"severity": "error", "message": "no credentials"}]}, "the preview failed"),
        (
            {"deployment": {"resources": [{"urn": f"urn:pulumi:{stack}::shop::a:b:C::d", "type": "a:b:C"} for stack in "ab"]}},
            "its resources are of 2 stacks",
        ),
    ],
)
def test_what_is_no_preview_and_no_state_is_refused_in_a_sentence(
    evidence: Callable[[object], tuple[int, Any]], document: object, said: str
) -> None:
    code, answer = evidence(document)
    assert code == 2
    assert said in answer


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.json"]) == 2
    assert "nowhere.json cannot be read: No such file or directory." in capsys.readouterr().err


def test_a_stack_that_is_wrong_has_no_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stack", "nobody", "--directory", str(shipped_project())]) == 2
    err = capsys.readouterr().err
    assert "nobody" in err
    assert "Who may" not in err


def test_mistakes_in_the_configuration_of_the_pack_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policies").symlink_to(shipped_project() / "policies")
    state = json.dumps(state_of("plain")).replace(":live::", ":broken::")
    (tmp_path / "state.json").write_text(state, encoding="utf-8")
    configuration = shipped_project() / "policies" / "config" / "broken.json"
    configuration.write_text('{"minimum-brokers": {"brokersPerAvailabilityZone": "two"}}', encoding="utf-8")
    try:
        assert main([str(tmp_path / "state.json"), "--directory", str(tmp_path)]) == 2
    finally:
        configuration.unlink()
    assert "brokersPerAvailabilityZone" in capsys.readouterr().err
