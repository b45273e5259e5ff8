"""A Serverless cluster under the real engine: its life, what AWS changes of it, and what a move to it or from it comes to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.changes.command import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
SERVERLESS = "aws:msk/serverlessCluster:ServerlessCluster"
NAME = "kafka-cluster-msk"
TOPICS: dict[str, Any] = {"orders.v1": {"partitions": 6}}
SETTINGS: dict[str, Any] = {
    "brokerType": "serverless",
    "topics": TOPICS,
    "protect": True,
    # What these stacks set and a Serverless cluster has not got.
    "brokersPerZone": None,
    "logs": None,
    "monitoring": {"logs": None},
}
CLIENT_VPCS = {"apps": {"subnetIds": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"], "securityGroupIds": ["sg-0a1b2c3d"]}}


def explained(stack: Stack, directory: Path, capsys: pytest.CaptureFixture[str], *, fails: bool) -> tuple[int, Any]:
    """What `changes` says of a stack's preview: its exit code and document."""
    file = directory / "preview.json"
    file.write_text(stack.run("preview", "--json", fails=fails).output, encoding="utf-8")
    capsys.readouterr()
    code = main([str(file), "--today", "2026-11-23", "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def of_type(stack: Stack, type_: str) -> list[dict[str, Any]]:
    return [resource for key, resource in stack.cloud.resources().items() if key.startswith(f"{type_}|")]


def test_it_is_made_has_not_drifted_takes_tags_and_goes_whole(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", **SETTINGS)
    assert {step.op for step in stack.preview("--expect-no-changes")} <= {"same", "refresh"}
    stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    bootstrap = stack.state()["msk-platform-dev"]["outputs"]["bootstrap"]["bootstrapBrokersSaslIam"]
    assert bootstrap.endswith(":9098")
    assert "," not in bootstrap
    stack.set(tags={"team": "orders"})
    changed = [call for call in stack.calls_of_up() if call.type == SERVERLESS]
    assert [(call.call, call.changed[0].partition(".")[0]) for call in changed] == [("update", "tags")]
    assert stack.calls_of_up() == []
    stack.set(protect=False)
    stack.up()
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    assert stack.cloud.resources() == {}
    order = [call.type for call in stack.cloud.calls()]
    for type_ in ("aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"):
        assert order.index(SERVERLESS) < order.index(type_)


def test_other_vpcs_would_replace_it_which_protection_stops_and_its_topics_change_by_a_command(
    deployed: Callable[..., Stack], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = deployed("dev", **SETTINGS)
    stack.set(topics={"orders.v1": {"retentionHours": 1}, "audit": {"partitions": 3}})
    code, document = explained(stack, tmp_path, capsys, fails=False)
    assert code == 1
    assert document["headline"].startswith("Once python -m tools topics --apply runs, messages older than 1 h are deleted")
    assert [order["rule"] for order in document["orders"]] == ["topics-by-command"]
    assert "New: audit." in document["orders"][0]["message"]
    assert stack.calls_of_up() == []
    stack.set(network={"clientVpcs": CLIENT_VPCS})
    code, document = explained(stack, tmp_path, capsys, fails=True)
    assert (code, document["headline"]) == (
        1, "Stopped by protection: the update would replace the serverless cluster msk-platform-dev: all messages would be lost",
    )  # fmt: skip
    assert [order["rule"] for order in document["orders"]] == ["serverless-replaced"]
    assert [row["setting"] for row in document["changes"][0]["properties"] if row["replaces"]] == ["network.clientVpcs"]
    stack.set(protect=False)
    stack.up()
    # Nothing is protected any more, and the name is given: the old one goes before the new one comes.
    assert [(call.call, call.name) for call in stack.cloud.calls() if call.type == SERVERLESS][-2:] == [
        ("delete", NAME),
        ("create", NAME),
    ]


def test_from_brokers_to_serverless_is_another_cluster_which_protection_stops_and_aws_too(
    deployed: Callable[..., Stack], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = deployed("dev", brokerType="kafka.m7g.large", topics=TOPICS, protect=True)
    stack.set(**SETTINGS)
    code, document = explained(stack, tmp_path, capsys, fails=True)
    assert code == 1
    assert document["headline"].startswith("Stopped by protection: msk-platform-dev, ")
    assert "would become a Serverless cluster, which is another one" in document["headline"]
    assert [order["verdict"] for order in document["orders"] if order["rule"] == "another-kind"] == ["refused"]
    stack.set(brokerType="kafka.m7g.large", protect=False)
    stack.up()
    stack.set(**{**SETTINGS, "protect": False})
    code, document = explained(stack, tmp_path, capsys, fails=False)
    assert code == 1
    assert document["headline"].startswith("msk-platform-dev, a cluster with Standard brokers, would become a Serverless cluster")
    assert "ConflictException: This cluster name already exists." in stack.up(fails=True).text
    (kept,) = of_type(stack, CLUSTER)
    assert kept["properties"]["clusterName"] == "msk-platform-dev"
    assert of_type(stack, "aws:msk/topic:Topic")
    assert of_type(stack, SERVERLESS) == []


def test_from_serverless_to_brokers_is_another_cluster_which_protection_stops_and_another_name_lets_happen(
    deployed: Callable[..., Stack], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = deployed("dev", **SETTINGS)
    stack.set(brokerType="express.m7g.large")
    code, document = explained(stack, tmp_path, capsys, fails=True)
    assert code == 1
    assert document["headline"].startswith(
        "Stopped by protection: msk-platform-dev, a Serverless cluster, would become a cluster with Express brokers"
    )
    stack.set(brokerType="serverless", protect=False)
    stack.up()
    stack.set(brokerType="express.m7g.large", clusterName="orders")
    code, document = explained(stack, tmp_path, capsys, fails=False)
    assert (code, [order["verdict"] for order in document["orders"] if order["rule"] == "another-kind"]) == (1, ["replaces"])
    stack.up()
    assert [resource["properties"]["clusterName"] for resource in of_type(stack, CLUSTER)] == ["orders"]
    assert of_type(stack, SERVERLESS) == []
