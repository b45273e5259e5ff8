"""Guards and protection stop a change at preview already, and again at the update, with a message that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.stacks import TODAY
from tools.preview.run import preview

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

CONFIGURATION = "aws:msk/configuration:Configuration"
TOPIC = "aws:msk/topic:Topic"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
CLUSTER = "aws:msk/cluster:Cluster"
DEPLOYED: dict[str, Any] = {
    "brokerType": "kafka.m5.large",
    "kafkaVersion": "4.0.x.kraft",
    "brokersPerZone": 3,
    "storage": {"autoscaling": False, "initialGiB": 100},
}

MISTAKEN = """config:
  aws:region: eu-west1
  brokerType: [kafka.m7g.large]
  brokersPerZone: two
  protect: 7
  storage:
    autoscaling: true
    initialGiB: 0
  tags: 5
  logs:
    cloudwatch: {retentionDays: 13}
"""

# The refusal's name, what is changed of a stack with the settings above, and what the message says.
ON_UPDATE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a smaller volume": (
        "storage-shrink",
        {"storage": {"initialGiB": 80}},
        "storage.initialGiB would shrink each broker's volume from 100 to 80 GiB",
    ),
    "a volume that grows too little": (
        "storage-increase-too-small",
        {"storage": {"initialGiB": 105}},
        "Set storage.initialGiB to 110 or more.",
    ),
    "an older Kafka": (
        "kafka-downgrade",
        {"kafkaVersion": "3.9.x.kraft"},
        "kafkaVersion would be downgraded from 4.0.x.kraft to 3.9.x.kraft",
    ),
    "a Kafka with ZooKeeper again": (
        "kraft-to-zookeeper",
        {"kafkaVersion": "3.9.x"},
        "from KRaft to ZooKeeper",
    ),
    "fewer brokers": (
        "fewer-brokers",
        {"brokersPerZone": 2},
        "brokersPerZone would reduce the cluster from 9 to 6 brokers",
    ),
    "connectivity and broker type at once": (
        "one-operation-at-a-time",
        {"network": {"publicAccess": True}, "brokerType": "kafka.m7g.large"},
        "network.publicAccess (connectivity) and brokerType would change in one update",
    ),
}


# By day one of a guard's refusals of a change by itself, and the one of two changes at once: tests/offline/test_hooks.py and the
# tests of the guards have every guard.
BY_DAY = ("a smaller volume", "connectivity and broker type at once")


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[] if case in BY_DAY else pytest.mark.exhaustive) for case in ON_UPDATE]
)
def test_a_guard_refuses_an_update_at_preview_and_at_up(case: str, deployed: Callable[..., Stack]) -> None:
    rule, settings, message = ON_UPDATE[case]
    stack = deployed("dev", **DEPLOYED)
    stack.set(**settings)
    stack.cloud.forget_calls()
    for refused in (stack.run("preview", fails=True), stack.up(fails=True)):
        assert message in refused.text
        assert f"[{rule}]" in refused.text
        assert "Traceback" not in refused.text
    assert [call for call in stack.cloud.calls() if call.name == "kafka-cluster-msk"] == []


@pytest.mark.parametrize(
    ("rule", "settings", "message"),
    [
        ("kafka-end-of-support", {"kafkaVersion": "3.7.x"}, "kafkaVersion is 3.7.x, whose support ended on"),
        pytest.param(
            "deprecated-at-creation",
            {"kafkaVersion": "2.8.1"},
            "kafkaVersion is 2.8.1, which Amazon MSK lists as DEPRECATED",
            marks=pytest.mark.exhaustive,
        ),
        (
            "public-access-at-creation",
            {"network": {"publicAccess": True}},
            "Deploy first with network.publicAccess: false, then set it to true.",
        ),
        pytest.param(
            "dual-stack-at-creation",
            {"kafkaVersion": "3.9.x.kraft", "network": {"ipv6": True}},
            "Deploy first with network.ipv6: false, then set it to true.",
            marks=pytest.mark.exhaustive,
        ),
    ],
    ids=["a Kafka past its support", "a Kafka that AWS creates no more", "public access", "IPv6"],
)
def test_a_guard_refuses_a_new_cluster_at_preview_and_at_up(
    rule: str, settings: dict[str, Any], message: str, new_stack: Callable[..., Stack]
) -> None:
    stack = new_stack("dev", brokerType="kafka.m5.large", **settings)
    for refused in (stack.run("preview", fails=True), stack.up(fails=True)):
        assert message in refused.text
        assert f"[{rule}]" in refused.text
    assert not [key for key in stack.cloud.resources() if key.startswith("aws:msk/cluster:Cluster|")]


def test_an_answered_for_guard_lets_the_change_pass(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", **DEPLOYED, monitoring={"alarms": {"cpu": {"enabled": True}}})
    stack.set(brokersPerZone=2, acknowledge={"fewer-brokers": {"reason": "CHG-1", "until": "2026-12-01"}})
    # The guard no longer stands in the way, but AWS takes away only brokers that hold nothing.
    stack.cloud.set_condition(CLUSTER, brokersWithPartitions=9)
    assert "Brokers that hold partitions cannot be removed" in stack.up(fails=True).text
    stack.cloud.set_condition(CLUSTER, brokersWithPartitions=6)
    calls = stack.calls_of_up()
    assert [(call.call, call.changed) for call in calls if call.type == "aws:msk/cluster:Cluster"] == [
        ("update", ("numberOfBrokerNodes",))
    ]
    # The alarms of the brokers that are gone go with them.
    assert {call.type for call in calls if call.call == "delete"} == {"aws:cloudwatch/metricAlarm:MetricAlarm"}


PROTECTED: dict[str, Any] = {
    "protect": True,
    "brokerType": "kafka.m7g.large",
    "brokersPerZone": 1,
    "storage": {"autoscaling": False, "initialGiB": 100},
    "workload": {"retentionHours": 168},
    "topics": {"orders": {"partitions": 3, "retentionHours": 168}, "usual": {"partitions": 3}},
}
# The guards that refuse, what is changed of a stack with the settings above, and what the message says.
LOSSES: dict[str, tuple[list[str], dict[str, Any], list[str]]] = {
    "the cluster's configuration": (
        ["less-durable", "shorter-retention", "unclean-election"],
        {
            "workload": {"retentionHours": 24},
            "serverProperties": {"min.insync.replicas": 1, "unclean.leader.election.enable": True},
        },
        [
            "log.retention.hours would change from 168 h to 24 h, and the stack is protected: messages older than 24 h",
            "min.insync.replicas would change from 2 to 1",
            "unclean.leader.election.enable would change from false to true",
        ],
    ),
    "a topic": (
        ["compaction"],
        {"topics": {"orders": {"cleanupPolicy": "compact"}}},
        ["topics.orders: cleanup.policy would change from delete", "messages are deleted by compaction"],
    ),
    "logs of the brokers": (
        ["shorter-log-retention"],
        {"logs": {"cloudwatch": {"retentionDays": 1}}},
        ["logs.cloudwatch.retentionDays would change from", "log events older than 1 days are deleted"],
    ),
    "a topic's own retention below the cluster's": (
        ["shorter-retention"],
        {"topics": {"usual": {"retentionHours": 1}}},
        ["topics.usual: retention.ms would change from 168 h by log.retention.hours to 1 h"],
    ),
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.exhaustive if case.startswith("a topic's own") else ()) for case in LOSSES]
)
def test_a_loss_of_a_protected_stack_is_refused_until_someone_answers_for_it(case: str, deployed: Callable[..., Stack]) -> None:
    rules, settings, messages = LOSSES[case]
    stack = deployed("dev", **PROTECTED)
    stack.set(**settings)
    stack.cloud.forget_calls()
    # What `up` would do is what its preview does; one case shows that the update itself is stopped, too.
    runs = [stack.run("preview", fails=True), *([stack.up(fails=True)] if len(rules) > 1 else [])]
    for refused in runs:
        for text in (*messages, *(f"[{rule}]" for rule in rules), *(f"set acknowledge.{rule}: {{" for rule in rules)):
            assert text in refused.text
        assert "Traceback" not in refused.text
    assert [call for call in stack.cloud.calls() if call.call == "update"] == []
    stack.set(acknowledge={rule: {"reason": "CHG-1", "until": "2026-12-01"} for rule in rules})
    updated = {call.type for call in stack.calls_of_up() if call.call == "update"}
    assert {"the cluster": CONFIGURATION, "logs of the": LOG_GROUP}.get(case[:11], TOPIC) in updated


def test_an_unprotected_stack_may_lose_messages(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", **DEPLOYED)
    stack.set(workload={"retentionHours": 1})
    assert {step.op for step in stack.preview() if step.type == CONFIGURATION} >= {"update"}


KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    "settings",
    [
        {"clusterName": "another"},
        pytest.param({"encryption": {"dataKey": KEY}}, marks=pytest.mark.exhaustive),
        pytest.param({"network": {"cidr": "10.60.0.0/20"}}, marks=pytest.mark.exhaustive),
    ],
    ids=["its name", "its key", "its network"],
)
def test_a_change_that_replaces_the_protected_cluster_fails_at_preview(
    settings: dict[str, Any], deployed: Callable[..., Stack]
) -> None:
    stack = deployed("prod")
    stack.set(**settings)
    refused = stack.run("preview", fails=True)
    assert "unable to replace resource" in refused.text
    assert "marked for protection" in refused.text


def test_a_protected_cluster_is_not_replaced_to_leave_tiered_storage(new_stack: Callable[..., Stack]) -> None:
    # The provider would replace it, and before a replacement the engine asks no update hook: protection is what stops it.
    stack = new_stack("dev", protect=True, brokerType="kafka.m7g.large", storage={"mode": "TIERED"})
    stack.up()
    stack.set(storage={"mode": "LOCAL"})
    for refused in (stack.run("preview", fails=True), stack.up(fails=True)):
        assert "marked for protection" in refused.text


def test_an_unprotected_cluster_is_replaced_with_its_deletion_first(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    stack.set(clusterName="another")
    steps = [step for step in stack.preview() if step.name == "kafka-cluster-msk" and step.op not in {"same", "refresh"}]
    assert [(step.op, step.replace_reasons) for step in steps] == [("replace", ("clusterName",))]
    assert [call.call for call in stack.calls_of_up() if call.name == "kafka-cluster-msk"] == ["delete", "create"]


def test_mistakes_in_the_stack_file_are_told_once_as_the_offline_preview_tells_them(new_stack: Callable[..., Stack]) -> None:
    stack = new_stack("dev")
    (stack.project / "Pulumi.dev.yaml").write_text(MISTAKEN, encoding="utf-8")
    text = stack.run("preview", fails=True).text
    problems = preview(stack.project, "dev", TODAY)["problems"]
    assert len(problems) == 7
    for problem in problems:
        assert text.count(f"Pulumi.dev.yaml:{problem['line']}: {problem['message']}\n") == 1, text
    assert "Traceback" not in text
