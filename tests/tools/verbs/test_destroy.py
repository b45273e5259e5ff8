"""`python -m tools destroy`, with a recorded `pulumi` at the edge: what it shows, and what it takes to go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tools.verbs.destroy import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.fake_pulumi import FakePulumi

URN = "urn:pulumi:dev::shop::msk-platform:x:X$"


def row(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"{URN}{kind}::{name}", "type": kind, "custom": True, "inputs": {}, **more}


CLUSTER = row("aws:msk/cluster:Cluster", "kafka-cluster-msk", inputs={"clusterName": "shop-dev"})
KEY = row("aws:kms/key:Key", "kafka-keys-data", inputs={"deletionWindowInDays": 14})
TOPIC = row("aws:sns/topic:Topic", "kafka-alarms")
TABLE = row("aws:dynamodb/table:Table", "lookups")
COMPONENT = {"urn": f"{URN}msk-platform:cluster:KafkaCluster::kafka-cluster", "type": "msk-platform:cluster:KafkaCluster"}
PROVIDER = row("pulumi:providers:aws", "default")


def state(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"out": json.dumps({"version": 3, "deployment": {"resources": [*rows, COMPONENT, PROVIDER]}})}


def destroy(project: Path, *options: str) -> int:
    return main(["--directory", str(project), "--stack", "dev", *options])


def commands(pulumi: FakePulumi) -> list[str]:
    return [arguments[0] for arguments in pulumi.calls]


@pytest.mark.parametrize(("typed", "code"), [("dev", 0), ("y", 1), ("", 1), ("Dev", 1)])
def test_the_stack_goes_only_when_its_name_is_typed_and_what_is_lost_is_shown_before(
    *,
    typed: str,
    code: int,
    project: Path,
    pulumi: FakePulumi,
    answered: Callable[[str], list[str]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = answered(typed)
    pulumi.says(stack_export=state(TOPIC, TABLE, KEY, CLUSTER))
    assert destroy(project) == code
    assert asked == ["Type the name of the stack to destroy it (dev): "]
    assert commands(pulumi) == (["stack"] if code else ["stack", "destroy"])
    shown = " ".join(capfd.readouterr().out.split())
    assert "What is lost with stack dev (4 resources)" in shown
    assert "cluster shop-dev: all messages Every message, topic and consumer offset in it is lost" in shown
    assert "Scheduled for deletion in 14 days; until then `aws kms cancel-key-deletion`" in shown
    # Of what nobody knows it is not said that it holds nothing.
    assert "resource of an unknown type (aws:dynamodb/table:Table) lookups" in shown
    assert "and 1 resource that holds no data" in shown


def test_a_protected_stack_stays_whatever_was_typed_and_the_way_is_shown(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    subnets = [row("aws:ec2/subnet:Subnet", f"subnet-{number}", protect=True) for number in range(8)]
    pulumi.says(stack_export=state(*subnets, {**CLUSTER, "protect": True}, KEY))
    assert destroy(project, "--confirm", "dev") == 1
    assert commands(pulumi) == ["stack"]
    shown = capfd.readouterr().out
    # The cluster first, however many there are.
    assert "9 of them are protected:\n      kafka-cluster-msk (aws:msk/cluster:Cluster)\n" in shown
    assert "and 3 more" in shown
    for line in ("pulumi config set protect false --stack dev", "make up STACK=dev", "make destroy STACK=dev"):
        assert line in shown


def test_another_name_typed_beforehand_destroys_nothing(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert destroy(project, "--confirm", "prod") == 2
    assert pulumi.calls == []
    assert "'prod', and the stack is dev" in capfd.readouterr().err


def test_where_nobody_can_type_nothing_runs(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert destroy(project) == 2
    assert pulumi.calls == []
    assert "make destroy CONFIRM=dev" in capfd.readouterr().err


def test_a_stack_without_resources_is_left_alone(project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]) -> None:
    pulumi.says(stack_export=state())
    assert destroy(project, "--confirm", "dev") == 0
    assert commands(pulumi) == ["stack"]
    assert "nothing to destroy" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ({"code": 255, "err": "error: no stack named 'dev' found"}, 2, "pulumi stack init dev"),
        ({"code": 255, "err": "error: access denied"}, 3, "access denied"),
        ({"out": "odd"}, 3, "cannot be read"),
    ],
)
def test_a_state_that_cannot_be_read_destroys_nothing(
    *, answer: dict[str, Any], code: int, words: str, project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(stack_export=answer)
    assert destroy(project, "--confirm", "dev") == code
    assert commands(pulumi) == ["stack"]
    assert words in capfd.readouterr().err


def test_one_that_stops_half_way_says_what_to_do(project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]) -> None:
    pulumi.says(stack_export=state(CLUSTER), destroy={"code": 255})
    assert destroy(project, "--confirm", "dev") == 3
    assert "run this again after some minutes" in capfd.readouterr().out


def test_what_an_interrupted_update_began_to_create_is_not_left_behind(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    began = {"type": "creating", "resource": CLUSTER}
    pulumi.says(stack_export={"out": json.dumps({"deployment": {"resources": [], "pending_operations": [began]}})})
    assert destroy(project, "--confirm", "dev") == 1
    assert commands(pulumi) == ["stack"]
    assert "kafka-cluster-msk" in capfd.readouterr().err
