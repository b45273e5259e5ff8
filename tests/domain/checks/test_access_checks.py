"""Topics and clients against each other and against the cluster."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from domain.loading import Loaded, load_stack
from domain.plan.cluster import plan_topics_of
from domain.plan.topics import TopicPlan
from domain.problems import SettingsError
from support.stacks import TODAY

FROM = {"from": {"cidr": "10.40.0.0/20"}}


def load(**settings: Any) -> Loaded:
    config = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
    return load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY)


def mistakes(**settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**settings)
    return [str(problem) for problem in error.value.problems]


def planned_topics(**settings: Any) -> Sequence[TopicPlan]:
    intent = plan_topics_of(load(**settings).settings, today=TODAY)
    assert intent is not None
    return intent["topics"]


def test_topics_are_part_of_the_plan() -> None:
    topics = planned_topics(topics={"orders": {"partitions": 6, "retentionHours": 1}})
    assert [(entry.name, entry.partitions, entry.replication_factor, entry.configs) for entry in topics] == [
        ("orders", 6, 3, '{"retention.ms":"3600000"}')
    ]


def test_a_topic_takes_the_replication_of_the_cluster() -> None:
    (topic,) = planned_topics(topics={"orders": {"partitions": 6}}, serverProperties={"default.replication.factor": 4})
    assert topic.replication_factor == 4


def test_all_mistakes_of_topics_and_clients_are_told_at_once() -> None:
    found = mistakes(
        topics={"a.b": {"partitions": 1}, "a_b": {"partitions": 1, "replicationFactor": 9}, "b@d": {"partitions": 0}},
        clients={"erp": {**FROM, "as": {"scramUser": "erp"}}, "two": {**FROM, "as": {"scramUser": "erp"}}},
    )
    assert [message.partition(" = ")[0] for message in found] == [
        "clients.erp.as.scramUser",
        "clients.two.as.scramUser",
        "clients.two.as.scramUser",
        "topics.a_b",
        "topics.a_b.replicationFactor",
        "topics.b@d",
        "topics.b@d.partitions",
    ]


def test_topics_need_a_kafka_version_whose_topics_aws_manages() -> None:
    (message,) = mistakes(
        kafkaVersion="3.5.1",
        topics={"a": {"partitions": 1}},
        acknowledge={"kafka-end-of-support": {"reason": "x", "until": "2027-01-01"}},
    )
    assert "Raise kafkaVersion" in message


def test_more_replicas_than_the_brokers_can_have_are_refused() -> None:
    (message,) = mistakes(topics={"a": {"partitions": 600}, "b": {"partitions": 100_000}}, workload={"partitions": 1000})
    assert "topics = 301800 partition replicas" in message
    assert "brokersPerZone" in message


def test_what_the_cluster_is_wrong_in_is_not_held_against_topics() -> None:
    found = mistakes(brokerType="kafka.t3.smal", topics={"a": {"partitions": 100_000}})
    assert [message.partition(" = ")[0] for message in found] == ["brokerType"]


def test_a_misspelt_topic_of_a_client_is_pointed_out() -> None:
    loaded = load(
        topics={"orders.v1": {"partitions": 1}},
        clients={"api": {**FROM, "as": {"role": {"ec2": {}}}, "produce": {"topics": ["orders.v2"]}}},
    )
    (warning,) = [item for item in loaded.warnings if "orders.v2" in item]
    assert "Did you mean orders.v1?" in warning
    assert not any("not enforced" in item for item in loaded.warnings)


def test_without_topics_here_every_topic_is_made_elsewhere() -> None:
    loaded = load(clients={"api": {**FROM, "as": {"role": {"ec2": {}}}, "produce": {"topics": ["orders"]}}})
    assert not any("is not in topics" in item for item in loaded.warnings)


def test_what_only_acls_enforce_is_said() -> None:
    loaded = load(
        authentication={"iam": {}, "scram": {}},
        clients={"erp": {**FROM, "as": {"scramUser": "erp"}, "produce": {"topics": ["orders"]}}},
    )
    (warning,) = [item for item in loaded.warnings if "not enforced" in item]
    assert warning.startswith("The permissions of erp")


@pytest.mark.parametrize(
    ("use", "closed"),
    [
        ({"observe": {}}, True),
        ({"operate": {}}, True),
        ({"observe": {"prefixes": ["orders."]}}, False),
        ({"produce": {"topics": ["a"]}}, False),
    ],
)
def test_an_acl_on_every_topic_is_pointed_out_where_topics_without_acls_are_open(use: dict[str, Any], closed: bool) -> None:
    authentication: dict[str, Any] = {"iam": {}, "scram": {}}
    user = {"watch": {**FROM, "as": {"scramUser": "watch"}, **use}}
    warnings = load(authentication=authentication, clients=user).warnings
    assert any("The ACLs of watch are on every topic" in item for item in warnings) is closed
    denied = {"allow.everyone.if.no.acl.found": False}
    for quiet in (
        load(authentication=authentication, clients=user, serverProperties=denied),
        load(authentication=authentication, clients={"watch": {**user["watch"], "as": {"role": {"ec2": {}}}}}),
    ):
        assert not any("on every topic" in item for item in quiet.warnings)


def test_more_partitions_than_the_workload_says_are_pointed_out() -> None:
    loaded = load(topics={"a": {"partitions": 61}}, workload={"partitions": 60})
    assert any("Raise workload.partitions" in item for item in loaded.warnings)
    assert not any(
        "workload.partitions" in item for item in load(topics={"a": {"partitions": 60}}, workload={"partitions": 60}).warnings
    )


@pytest.mark.parametrize(("broker", "warned"), [("express.m7g.large", True), ("kafka.m7g.large", False)])
@pytest.mark.parametrize("on", [True, False])
def test_multi_vpc_connectivity_on_express_brokers_is_said_to_be_documented_nowhere(broker: str, warned: bool, on: bool) -> None:
    loaded = load(brokerType=broker, network={"multiVpc": {"iam": on}})
    assert any("do not mention Express brokers" in item for item in loaded.warnings) is (warned and on)
