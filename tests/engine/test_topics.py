"""Topics of a running platform: what a change of one does to it, and what no change of the stack file does to its messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

TOPIC = "aws:msk/topic:Topic"
CLUSTER = "aws:msk/cluster:Cluster"
ORDERS = "kafka-topics-orders.v1"
SETTINGS: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "topics": {
        "orders.v1": {"partitions": 24, "retentionHours": 168},
        "customers": {"partitions": 12, "cleanupPolicy": "compact"},
    },
}
Calls = list[tuple[str, str, tuple[str, ...]]]


@pytest.fixture
def stack(deployed: Callable[..., Stack]) -> Stack:
    """Two topics that nothing protects."""
    return deployed("dev", **SETTINGS)


@pytest.fixture
def protected(deployed: Callable[..., Stack]) -> Stack:
    """The same two topics, protected."""
    return deployed("dev", protect=True, **SETTINGS)


def calls(stack: Stack, *options: str) -> Calls:
    return [(call.call, call.name, call.changed) for call in stack.calls_of_up(*options)]


def planned(stack: Stack) -> list[tuple[str, str]]:
    """What a preview says it will do with anything that is in the cloud."""
    steps = [step for step in stack.preview() if step.op not in {"same", "refresh"}]
    return [(step.op, step.name) for step in steps if not step.type.startswith(("msk-platform:", "pulumi:"))]


def partitions(stack: Stack) -> dict[str, int]:
    topics = [resource["properties"] for key, resource in stack.cloud.resources().items() if key.startswith(f"{TOPIC}|")]
    return {topic["name"]: int(topic["partitionCount"]) for topic in topics}


def refused(stack: Stack, *texts: str) -> None:
    """Neither a preview nor an update of it passes, both say why, and the cloud hears of nothing."""
    before = stack.cloud.resources()
    stack.cloud.forget_calls()
    for result in (stack.run("preview", fails=True), stack.up(fails=True)):
        for text in texts:
            assert text in result.text
        assert "Traceback" not in result.text
    assert stack.cloud.calls() == []
    assert stack.cloud.resources() == before


# --- What passes -------------------------------------------------------------------------------------------------------

# What is changed, what the preview says of it, and what AWS hears.
ROWS: dict[str, tuple[dict[str, Any], tuple[str, str], tuple[str, ...]]] = {
    "a topic is added": (
        {"payments": {"partitions": 6}},
        ("create", "kafka-topics-payments"),
        (),
    ),
    "partitions are raised": (
        {"orders.v1": {"partitions": 48}},
        ("update", ORDERS),
        ("partitionCount",),
    ),
    "messages are kept longer": (
        {"orders.v1": {"retentionHours": 336}},
        ("update", ORDERS),
        ("configs",),
    ),
    "a configuration is left to the cluster again": (
        {"orders.v1": {"retentionHours": None}},
        ("update", ORDERS),
        ("configs",),
    ),
    "a topic that nothing protects is taken out": (
        {"customers": None},
        ("delete", "kafka-topics-customers"),
        (),
    ),
}


# Others do to a topic by day what these do: a protected topic grows, and a configuration is updated.
BY_NIGHT = ("partitions are raised", "a configuration is left to the cluster again")


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.exhaustive if row in BY_NIGHT else []) for row in ROWS])
def test_a_change_of_a_topic_is_a_change_of_nothing_else(row: str, stack: Stack) -> None:
    topics, (op, name), changed = ROWS[row]
    stack.set(topics=topics)
    assert planned(stack) == [(op, name)]
    assert calls(stack) == [(op, name, changed)]
    assert calls(stack, "--expect-no-changes") == []


def test_who_answers_for_a_topic_changes_nothing_in_the_cloud(stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"owner": "orders"}})
    assert planned(stack) == []
    assert calls(stack) == []


def test_a_protected_topic_grows_like_any_other(protected: Stack) -> None:
    protected.set(topics={"orders.v1": {"partitions": 48}, "customers": {"partitions": 24}})
    assert sorted(calls(protected)) == [
        ("update", "kafka-topics-customers", ("partitionCount",)),
        ("update", ORDERS, ("partitionCount",)),
    ]
    assert partitions(protected) == {"orders.v1": 48, "customers": 24}


def test_a_topic_that_somebody_deleted_is_made_again(stack: Stack) -> None:
    with stack.cloud.open() as content:
        (key,) = [
            resource for resource in content["resources"] if resource.startswith(f"{TOPIC}|") and resource.endswith(",orders.v1")
        ]
        del content["resources"][key]
    assert calls(stack) == [("create", ORDERS, ())]
    assert partitions(stack) == {"orders.v1": 24, "customers": 12}


# --- What is refused ---------------------------------------------------------------------------------------------------


def test_partitions_and_configuration_in_one_update_are_refused_and_pass_one_after_the_other(stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"partitions": 48, "retentionHours": 336}})
    refused(stack, "[partitions-and-configs]", "topics.orders.v1: partitions and configuration would change in one update")
    # As the message says.
    stack.set(topics={"orders.v1": {"retentionHours": 168}})
    assert calls(stack) == [("update", ORDERS, ("partitionCount",))]
    stack.set(topics={"orders.v1": {"retentionHours": 336}})
    assert calls(stack) == [("update", ORDERS, ("configs",))]
    assert calls(stack, "--expect-no-changes") == []


def test_partitions_of_one_topic_and_configuration_of_another_are_two_updates_of_their_own(stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"partitions": 48}, "customers": {"maxMessageBytes": 2097152}})
    assert sorted(calls(stack)) == [
        ("update", "kafka-topics-customers", ("configs",)),
        ("update", ORDERS, ("partitionCount",)),
    ]


@pytest.mark.parametrize(
    "besides",
    [
        pytest.param({}, id="alone"),
        pytest.param({"retentionHours": 336}, id="beside its configuration", marks=pytest.mark.exhaustive),
    ],
)
def test_fewer_partitions_are_refused(besides: dict[str, Any], stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"partitions": 12, **besides}})
    refused(
        stack, "[fewer-partitions]", "topics.orders.v1.partitions would change from 24 to 12, but Kafka cannot remove partitions"
    )


def test_segments_that_stop_brokers_of_kafka_4_are_raised_before_the_version(stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"configs": {"segment.bytes": 100_000}}})
    assert calls(stack) == [("update", ORDERS, ("configs",))]
    stack.set(kafkaVersion="4.1.x.kraft", topics={"orders.v1": {"configs": {"segment.bytes": 2_097_152}}})
    stack.cloud.forget_calls()
    # The update's own preview stops it. One without would change the cluster before its hooks come to the topic.
    for result in (stack.run("preview", fails=True), stack.run("up", "--yes", fails=True)):
        assert "[small-segments]" in result.text
        assert "segment.bytes was 100000 and kafkaVersion would be 4.1.x.kraft in the same update" in result.text
        assert "Traceback" not in result.text
    assert stack.cloud.calls() == []
    # As the message says.
    stack.set(kafkaVersion="3.9.x.kraft")
    assert calls(stack) == [("update", ORDERS, ("configs",))]
    stack.set(kafkaVersion="4.1.x.kraft")
    assert calls(stack) == [("update", "kafka-cluster-msk", ("kafkaVersion",))]


def test_partitions_that_somebody_added_with_kafkas_own_tools_are_not_taken_away(stack: Stack) -> None:
    with stack.cloud.open() as content:
        for key, resource in content["resources"].items():
            if key.startswith(f"{TOPIC}|") and key.endswith(",orders.v1"):
                resource["properties"]["partitionCount"] = 36
    refused(stack, "[fewer-partitions]", "topics.orders.v1.partitions would change from 36 to 24")
    stack.set(topics={"orders.v1": {"partitions": 36}})
    assert calls(stack) == []


PROTECTED = "marked for protection"


def test_another_replication_factor_does_not_replace_a_protected_topic(protected: Stack) -> None:
    protected.set(topics={"orders.v1": {"replicationFactor": 4}})
    refused(protected, "unable to replace resource", ORDERS, PROTECTED)


def test_another_replication_factor_replaces_an_unprotected_topic_and_the_preview_says_so(stack: Stack) -> None:
    stack.set(topics={"orders.v1": {"replicationFactor": 4}})
    steps = {step.op: step for step in stack.preview() if step.name == ORDERS and step.op not in {"same", "refresh"}}
    assert steps["replace"].replace_reasons == ("replicationFactor",)
    # There is one topic of a name: the old one, with its messages, goes first.
    assert calls(stack) == [("delete", ORDERS, ()), ("create", ORDERS, ())]
    assert calls(stack, "--expect-no-changes") == []


def test_a_protected_topic_is_not_taken_out(protected: Stack) -> None:
    protected.set(topics={"orders.v1": None})
    refused(protected, ORDERS, "protected")


@pytest.mark.exhaustive
def test_a_protected_topic_is_not_renamed(protected: Stack) -> None:
    protected.set(topics={"orders.v1": None, "orders.v2": {"partitions": 24, "retentionHours": 168}})
    result = protected.run("preview", fails=True)
    assert ORDERS in result.text
    assert "protected" in result.text
    protected.up(fails=True)
    assert partitions(protected).items() >= {"orders.v1": 24, "customers": 12}.items()


def test_a_protected_topic_goes_when_it_alone_was_unprotected(protected: Stack) -> None:
    urn = protected.state()[ORDERS]["urn"]
    protected.run("state", "unprotect", urn, "--yes")
    protected.set(topics={"orders.v1": None})
    assert calls(protected) == [("delete", ORDERS, ())]
    assert partitions(protected) == {"customers": 12}
    assert calls(protected, "--expect-no-changes") == []


# --- The end -----------------------------------------------------------------------------------------------------------


def test_topics_go_before_the_cluster_they_are_on(stack: Stack) -> None:
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    order = [call.type for call in stack.cloud.calls()]
    assert order.count(TOPIC) == 2
    assert max(place for place, type_ in enumerate(order) if type_ == TOPIC) < order.index(CLUSTER)
    assert stack.cloud.resources() == {}
