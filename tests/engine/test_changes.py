"""`python -m tools changes` on what the real CLI prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tools.changes.command import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.engine.pulumi_cli import Stack

TIERED: dict[str, Any] = {"protect": True, "brokerType": "kafka.m7g.large", "storage": {"mode": "TIERED"}}


class Told:
    """What the command says of a stack's preview."""

    def __init__(
        self, stack: Stack, directory: Path, capsys: pytest.CaptureFixture[str], *shown: str, fails: bool = False
    ) -> None:
        file = directory / "preview.json"
        file.write_text(stack.run("preview", "--json", *shown, fails=fails).output, encoding="utf-8")
        capsys.readouterr()
        self._capsys = capsys
        self._arguments = [str(file), "--today", "2026-11-23"]
        self.code, self.document = self.again()

    def again(self, *options: str) -> tuple[int, dict[str, Any]]:
        code = main([*self._arguments, "--format", "json", *options])
        document: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return code, document

    def markdown(self) -> str:
        main([*self._arguments, "--format", "markdown"])
        return self._capsys.readouterr().out

    @property
    def effects(self) -> dict[str, str]:
        return {row["urn"].rpartition("::")[2]: row["effect"] for row in self.document["changes"]}


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    return lambda stack, *shown, fails=False: Told(stack, tmp_path, capsys, *shown, fails=fails)


def test_nothing_changed_is_told_as_nothing(deployed: Callable[..., Stack], told: Callable[..., Told]) -> None:
    found = told(deployed("prod"))
    assert (found.code, found.document["headline"], found.effects) == (0, "Nothing changes", {})
    assert found.document["cost"]["usdDifference"] == 0


def test_more_brokers_are_in_place_and_cost_what_the_preview_says(
    deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("prod", watched=True)
    stack.set(brokersPerZone=3)
    found = told(stack)
    assert (found.code, found.effects) == (0, {"kafka-cluster-msk": "in place"})
    cost = found.document["cost"]
    assert cost["usdBefore"] < cost["usdAfter"]
    # Brokers, their volumes, and what follows from their number: the alarms of each, its metrics and its log.
    counted = [line["after"] for line in cost["lines"] if line["after"].startswith("9 ")]
    assert len(counted) == len(["brokers", "volumes"])
    alarms = [line for line in cost["lines"] if "alarms" in line["after"]]
    assert len(alarms) == 1
    assert int(alarms[0]["after"].split()[0]) > int(alarms[0]["before"].split()[0])


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"brokerType": "kafka.m7g.2xlarge"}, "brokerNodeGroupInfo.instanceType"),
        ({"kafkaVersion": "4.0.x.kraft"}, "kafkaVersion"),
    ],
    ids=["a larger type", "an upgrade"],
)
def test_larger_brokers_and_a_newer_kafka_are_rolling_restarts(
    changed: dict[str, Any], path: str, deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("prod")
    stack.set(**changed)
    found = told(stack)
    assert (found.code, found.effects) == (0, {"kafka-cluster-msk": "rolling restart"})
    change = found.document["changes"][0]
    assert "about 60-90 minutes for 6 brokers" in change["summary"]
    assert [(difference["path"], difference["setting"]) for difference in change["properties"]] == [(path, next(iter(changed)))]


def test_leaving_tiered_storage_with_protection_taken_off_in_the_same_change_is_caught(
    deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("dev", **TIERED)
    stack.set(protect=False, storage={"mode": "LOCAL"})
    # The engine lets it pass: it asks no guard before a replacement, and nothing is protected any more.
    found = told(stack)
    assert (found.code, found.effects["kafka-cluster-msk"]) == (1, "data loss")
    assert found.document["changes"][0]["protectionTakenOff"]
    assert [(order["rule"], order["verdict"]) for order in found.document["orders"]] == [("tiered-to-local", "replaces")]


def test_another_cluster_name_with_protection_taken_off_passes_only_when_all_that_is_lost_is_allowed(
    deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("prod")
    stack.set(clusterName="another", protect=False)
    found = told(stack)
    lost = found.document["needsAllowance"]
    assert found.code == 1
    assert [urn.rpartition("::")[2] for urn in lost] == ["kafka-cluster-msk", "kafka-logs-brokers", "kafka-network-flows"]
    assert found.document["changes"][0]["deleteFirst"] is True
    assert "Replaces the cluster msk-platform-prod" in found.markdown()
    assert found.again("--allow-replacement", lost[0])[0] == 1
    assert found.again("--allow-replacement", *lost)[0] == 0
    assert found.again("--allow-replacement", "urn:pulumi:prod::a::b::c")[0] == 2


def test_another_cluster_name_under_protection_is_explained(deployed: Callable[..., Stack], told: Callable[..., Told]) -> None:
    stack = deployed("prod")
    stack.set(clusterName="another")
    found = told(stack, fails=True)
    assert found.code == 1
    assert found.document["headline"].startswith("Stopped by protection: the update would replace the cluster msk-platform-prod")
    assert "Pulumi suggests removing the protect flag" in found.markdown()
    assert not found.document["problems"]


CONFIGURATION = "kafka-configuration-server"
ONE_HOUR = "Messages older than 1 h are deleted within minutes"
WITH_CLIENTS: dict[str, Any] = {
    "protect": True,
    "brokerType": "kafka.m7g.large",
    "authentication": {"iam": {}, "scram": {}},
    "topics": {"orders.v1": {"partitions": 24, "retentionHours": 168}},
    "clients": {
        "api": {"from": {"cidr": "10.91.0.0/24"}, "as": {"role": {"ec2": {}}}, "produce": {"topics": ["orders.v1"]}},
        # The clients that the template ships need IAM.
        "lag-exporter": None,
        "on-call": None,
    },
}


def names(urns: list[str]) -> list[str]:
    return [urn.rpartition("::")[2] for urn in urns]


@pytest.mark.parametrize(
    ("changed", "of_what", "headline", "guard"),
    [
        (
            {"workload": {"retentionHours": 1}},
            CONFIGURATION,
            f"{ONE_HOUR} in every topic without its own setting (configuration {CONFIGURATION}, log.retention.hours 24 h → 1 h)",
            "shorter-retention",
        ),
        pytest.param(
            {"serverProperties": {"log.retention.ms": 3600000}},
            CONFIGURATION,
            f"{ONE_HOUR} in every topic without its own setting (configuration {CONFIGURATION}, log.retention.ms 24 h by "
            "log.retention.hours → 1 h)",
            "shorter-retention",
            marks=pytest.mark.exhaustive,
        ),
        (
            {"topics": {"orders.v1": {"retentionHours": 1}}},
            "kafka-topics-orders.v1",
            f"{ONE_HOUR} (topic kafka-topics-orders.v1, retention.ms 168 h → 1 h)",
            "shorter-retention",
        ),
        pytest.param(
            {"topics": {"orders.v1": {"retentionHours": None}}},
            "kafka-topics-orders.v1",
            "Messages older than 24 h are deleted within minutes (topic kafka-topics-orders.v1, "
            "log.retention.hours 168 h by retention.ms → 24 h)",
            "shorter-retention",
            marks=pytest.mark.exhaustive,
        ),
        (
            {"topics": {"orders.v1": {"cleanupPolicy": "compact"}}},
            "kafka-topics-orders.v1",
            "Messages are deleted by compaction: of those with the same key only the newest stays, and messages without a key "
            "are refused (topic kafka-topics-orders.v1, cleanup.policy delete, Kafka's default → compact)",
            "compaction",
        ),
        (
            {"authentication": {"iam": None}, "clients": {"api": None}},
            "kafka-cluster-msk",
            "Cuts clients off: IAM is turned off while api uses it (cluster msk-platform-dev, "
            "clientAuthentication.sasl.iam on → off)",
            "",
        ),
    ],
    ids=["workload", "server property", "topic", "topic without its own", "compaction", "IAM"],
)  # fmt: skip
def test_what_an_update_takes_from_a_protected_cluster_passes_only_when_it_is_allowed(  # noqa: PLR0917 - a row of the table
    changed: dict[str, Any], of_what: str, headline: str, guard: str, deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("dev", **WITH_CLIENTS)
    stack.set(**changed)
    found = told(stack, fails=bool(guard))
    lost = found.document["needsAllowance"]
    # A client that goes along is cut off by its role, its policy and its security group rule as well.
    assert (found.code, of_what in names(lost)) == (1, True)
    assert found.document["headline"].partition("; ")[0] == headline
    assert found.document["problems"] == []
    assert "no data is lost" not in found.markdown()
    short = dict.fromkeys(found.document["names"].values())
    code, document = found.again("--allow", *short)
    assert document["headline"] == found.document["headline"]
    # What a guard has stopped, the stack file alone allows.
    assert code == (1 if guard else 0)
    if guard:
        assert f"acknowledge.{guard}" in found.markdown()
        stack.set(acknowledge={guard: {"reason": "CHG-1", "until": "2026-12-01"}})
        answered = told(stack)
        assert (answered.code, of_what in names(answered.document["allowed"])) == (0, True)
        assert answered.document["headline"].partition("; ")[0] == headline


def test_shorter_retention_of_a_cluster_that_nothing_protects_passes_with_a_warning(
    deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("dev", workload={"retentionHours": 168})
    stack.set(workload={"retentionHours": 1})
    found = told(stack)
    assert (found.code, found.document["needsAllowance"]) == (0, [])
    assert found.document["headline"].startswith(ONE_HOUR)
    assert found.effects[CONFIGURATION] == "messages deleted"


def test_a_mechanism_that_nobody_uses_goes_without_alarm(deployed: Callable[..., Stack], told: Callable[..., Told]) -> None:
    # The clients of dev's own sign in as they like.
    clients = {**WITH_CLIENTS["clients"], "applications": None}
    stack = deployed("dev", **{**WITH_CLIENTS, "protect": False, "clients": clients})
    stack.set(authentication={"scram": None})
    # How a client signs in that does not change, the engine shows only when it is asked to.
    found = told(stack, "--show-sames")
    (cluster,) = [row for row in found.document["changes"] if row["urn"].endswith("::kafka-cluster-msk")]
    assert cluster["losses"] == []
    assert any(note.startswith("SCRAM is turned off. No client in this preview uses it") for note in cluster["notes"])


KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "Standard to Express": ({"brokerType": "kafka.m5.2xlarge"}, {"brokerType": "express.m7g.4xlarge"}, "standard-to-express"),
    "Express to Standard": ({"brokerType": "express.m7g.large"}, {"brokerType": "kafka.m7g.large"}, "express-to-standard"),
    "down to t3": (
        {"brokerType": "kafka.m7g.large", "kafkaVersion": "3.9.x"},
        {"brokerType": "kafka.t3.small"},
        "to-t3-small",
    ),
}


@pytest.mark.parametrize(
    "pair", [next(iter(KINDS)), *(pytest.param(pair, marks=pytest.mark.exhaustive) for pair in list(KINDS)[1:])]
)
def test_a_broker_type_that_aws_refuses_to_a_running_cluster_is_refused_before(
    pair: str, deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    before, after, rule = KINDS[pair]
    stack = deployed("dev", **before, brokersPerZone=1)
    stack.set(**after)
    # The engine asks the guard, and so does this command: of what the engine printed before it stopped, too.
    for refused in (stack.run("preview", fails=True), stack.up(fails=True)):
        assert f"[{rule}]" in refused.text
        assert "Traceback" not in refused.text
    found = told(stack, fails=True)
    assert (found.code, found.document["headline"]) == (1, "AWS will refuse this update")
    assert [(order["rule"], order["verdict"]) for order in found.document["orders"]] == [(rule, "refused")]
    assert not found.document["problems"]


def test_protection_taken_off_alone_is_told_and_passes(deployed: Callable[..., Stack], told: Callable[..., Told]) -> None:
    stack = deployed("prod")
    stack.set(protect=False)
    found = told(stack)
    assert (found.code, set(found.effects.values())) == (0, {"protection"})
    assert found.document["headline"] == f"Removes protection from {len(found.effects)} resources"


def test_a_preview_whose_settings_are_wrong_is_no_ground_to_judge_on(
    deployed: Callable[..., Stack], told: Callable[..., Told]
) -> None:
    stack = deployed("prod")
    stack.set(kafkaVersion="nope")
    found = told(stack, fails=True)
    assert found.code == 2
    assert "kafkaVersion = nope" in found.document["problems"][0]
