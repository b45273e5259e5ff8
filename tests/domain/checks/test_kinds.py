"""What the kinds of clusters have not got, and what Serverless clusters take of topics."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checks.kinds.lacks import LACKS, given_settings
from domain.loading import Loaded, load_stack
from domain.problems import Problem, SettingsError
from domain.settings.stack import StackSettings
from support.stacks import TODAY

CLIENT = {"from": {"cidr": "10.40.0.0/20"}, "as": {"role": {"ecs": {}}}, "produce": {"topics": ["orders"]}}


def load(*, region: str = "eu-west-1", **values: Any) -> Loaded:
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return load_stack(config, project="orders", stack="dev", region=region, today=TODAY)


def problems(**values: Any) -> list[Problem]:
    try:
        load(**values)
    except SettingsError as error:
        return list(error.problems)
    return []


def serverless(**values: Any) -> list[str]:
    return [str(problem) for problem in problems(brokerType="serverless", **values)]


def test_a_serverless_cluster_needs_nothing_but_its_kind() -> None:
    plan = load(brokerType="serverless", alarmEmail="a@example.com").plan
    assert plan.serverless
    assert [listener.port for listener in plan.serverless["listeners"]] == [9098]
    for part in ("storage_autoscaling", "topics", "log_bucket", "log_watch", "authority", "cluster_policy", "prometheus"):
        assert getattr(plan, part) is None, part
    assert plan.keys["data_key"] == plan.keys["secrets_key"] == ""


def test_everything_that_a_serverless_cluster_has_not_got_is_told_at_once() -> None:
    found = serverless(
        kafkaVersion="3.9.x",
        storage={"initialGiB": 100, "mode": "TIERED"},
        serverProperties={"message.max.bytes": 1000},
        authentication={"iam": {}, "scram": {}},
        network={"publicAccess": True},
        clients={"app": {**CLIENT, "as": {"scramUser": "app"}}},
    )
    assert [line.partition(" = ")[0] for line in found] == [
        "authentication.scram", "clients.app.as.scramUser", "kafkaVersion", "network.publicAccess",
        "serverProperties.message.max.bytes", "storage.initialGiB", "storage.mode",
    ]  # fmt: skip
    assert all("is not for Serverless clusters: " in line for line in found)


@pytest.mark.parametrize(
    "values",
    [
        {"authentication": {"iam": {}, "unauthenticated": False}},
        {"encryption": {"clientBroker": "TLS"}},
        {"network": {"publicAccess": False, "ipv6": False}},
        {"monitoring": {"level": "DEFAULT"}},
        {"topics": {"orders": {"partitions": 3, "replicationFactor": 3, "minInsyncReplicas": 2, "remoteStorage": False}}},
        {"kafkaVersion": ""},
    ],
)
def test_what_holds_there_anyway_may_stand(values: dict[str, Any]) -> None:
    assert serverless(**values) == []


@pytest.mark.parametrize(
    ("broker_type", "region", "told"),
    [
        ("serverless", "eu-west-1", False),
        ("serverless", "us-gov-west-1", True),
        ("serverless", "me-south-1", True),
        ("kafka.m7g.large", "me-south-1", False),
    ],
)
def test_regions_that_aws_does_not_list_for_serverless_clusters_are_told(broker_type: str, region: str, told: bool) -> None:
    warnings = load(region=region, brokerType=broker_type).warnings
    assert any(f"does not list {region} among the regions of MSK Serverless" in warning for warning in warnings) is told


def test_the_number_of_brokers_is_ignored_and_that_is_said() -> None:
    loaded = load(brokerType="serverless", brokersPerZone=3)
    assert any(warning.startswith("brokersPerZone has no effect on Serverless clusters: ") for warning in loaded.warnings)
    assert loaded.settings.number_of_brokers == 0
    # Pulumi.yaml hands the default to every stack, and nobody could remove it there.
    assert not any("brokersPerZone" in warning for warning in load(brokerType="serverless", brokersPerZone=2).warnings)


@pytest.mark.parametrize(
    ("topic", "kept"),
    [
        ({}, "2592000000"),
        ({"retentionHours": 24}, "86400000"),
        ({"configs": {"retention.ms": -1}}, "-1"),
        ({"cleanupPolicy": "compact,delete"}, "2592000000"),
        ({"cleanupPolicy": "compact"}, None),
    ],
)
def test_a_topic_of_a_serverless_cluster_keeps_messages_as_long_as_the_workload_says(topic: dict[str, Any], kept: str) -> None:
    topics = {"orders": {"partitions": 3, **topic}}
    plan = load(brokerType="serverless", workload={"retentionHours": 720}, topics=topics).plan
    assert plan.serverless
    assert plan.serverless["topics"]["orders"]["configs"].get("retention.ms") == kept


LOAD = {"ingressMBps": 20, "retentionHours": 168, "partitions": 20}
"""1 MB/s in each partition: 591 GiB in a week, 250 GiB in 71.1 hours."""


@pytest.mark.parametrize(
    ("broker_type", "workload", "configs", "told"),
    [
        ("serverless", {}, {}, True),
        ("serverless", {}, {"retention.bytes": -1}, False),
        ("serverless", {}, {"cleanup.policy": "compact"}, False),
        ("serverless", {"partitions": 48}, {}, False),
        ("serverless", {"partitions": 47}, {}, True),
        ("serverless", {"retentionHours": 72}, {}, True),
        ("serverless", {"retentionHours": 71}, {}, False),
        ("kafka.m7g.large", {}, {}, False),
    ],
)
def test_what_the_size_of_a_partition_deletes_before_its_time_is_told(
    broker_type: str, workload: dict[str, Any], configs: dict[str, Any], told: bool
) -> None:
    topics = {"orders": {"partitions": 3, "configs": configs}}
    loaded = load(brokerType=broker_type, workload={**LOAD, **workload}, topics=topics)
    (*about,) = (warning for warning in loaded.warnings if "a topic without retention.bytes" in warning)
    assert len(about) == told
    assert all("Set configs: {retention.bytes: -1} on topics.orders," in warning for warning in about)


VPC = {"subnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], "securityGroupIds": ["sg-0123456789abcdef0"]}


def vpc_of(number: int) -> dict[str, Any]:
    return {**VPC, "subnetIds": [f"subnet-0123456789abcd{number}f{index}" for index in range(2)]}


def test_other_vpcs_stand_beside_a_network_that_is_there_and_name_subnets_of_their_own() -> None:
    def network(subnets: list[str]) -> dict[str, Any]:
        return {"existing": {"vpcId": "vpc-0123456789abcdef0", "subnetIds": subnets}, "clientVpcs": {"web": VPC}}

    assert serverless(network=network(vpc_of(1)["subnetIds"])) == []
    (problem,) = problems(brokerType="serverless", network=network([VPC["subnetIds"][1], vpc_of(1)["subnetIds"][0]]))
    assert (problem.setting, problem.value) == ("network.clientVpcs.web.subnetIds[1]", VPC["subnetIds"][1])
    assert "is in network.existing.subnetIds too" in problem.message
    twice = serverless(network={"clientVpcs": {"apps": VPC, "web": VPC}})
    assert [line.partition(" = ")[0] for line in twice] == [f"network.clientVpcs.web.subnetIds[{index}]" for index in range(2)]
    assert all("is in network.clientVpcs.apps.subnetIds too" in line for line in twice)
    taken_over = {
        "vpc": "vpc-0123456789abcdef0",
        "subnets": {"euw1-az1": VPC["subnetIds"][0], "euw1-az2": VPC["subnetIds"][1], "euw1-az3": "subnet-0123456789abcdef2"},
    }
    named = serverless(network={"clientVpcs": {"web": VPC}}, **{"import": taken_over})
    assert sum("is in import.subnets too" in line for line in named) == 2


def test_other_vpcs_are_for_serverless_clusters_and_four_at_most() -> None:
    def vpcs(count: int) -> dict[str, Any]:
        return {"clientVpcs": {f"vpc-{number}": vpc_of(number) for number in range(count)}}

    assert serverless(network=vpcs(4)) == []
    (message,) = serverless(network=vpcs(5))
    assert message == "network.clientVpcs = 5 VPCs: are more than the 4 that a Serverless cluster has beside its own. Remove 1."
    for broker_type in ("kafka.m7g.large", "express.m7g.large"):
        (problem,) = problems(brokerType=broker_type, network=vpcs(1))
        assert problem.setting == "network.clientVpcs"
        assert "multiVpc" in problem.message


@pytest.mark.parametrize(("broker_type", "most"), [("kafka.m7g.large", 3), ("serverless", 6)])
def test_an_existing_network_has_as_many_subnets_as_the_kind_takes(broker_type: str, most: int) -> None:
    def existing(count: int) -> dict[str, Any]:
        subnets = [f"subnet-0123456789abcde{number:02}" for number in range(count)]
        return {"existing": {"vpcId": "vpc-0123456789abcdef0", "subnetIds": subnets}}

    assert problems(brokerType=broker_type, network=existing(most)) == []
    assert [problem.setting for problem in problems(brokerType=broker_type, network=existing(most + 1))] == [
        "network.existing.subnetIds"
    ]


@pytest.mark.parametrize(
    ("topic", "path", "words"),
    [
        (
            {"configs": {"segment.bytes": 1048576}},
            "topics.orders.configs.segment.bytes",
            "is not for topics of Serverless clusters",
        ),
        ({"configs": {"retention.mss": 1}}, "topics.orders.configs.retention.mss", "Did you mean retention.ms?"),
        ({"maxMessageBytes": 8388609}, "topics.orders.maxMessageBytes", "at most 8388608 (8 MiB)"),
        ({"retentionHours": 1, "configs": {"retention.ms": 5}}, "topics.orders.configs.retention.ms", "sets the same"),
        ({"replicationFactor": 2}, "topics.orders.replicationFactor", "three copies"),
        ({"remoteStorage": True}, "topics.orders.remoteStorage", "no tiered storage"),
        ({"partitions": 2401}, "topics", "more than the 2400"),
        ({"partitions": 121, "cleanupPolicy": "compact"}, "topics", "more than the 120"),
    ],
)
def test_what_serverless_refuses_of_topics(topic: dict[str, Any], path: str, words: str) -> None:
    (message,) = serverless(topics={"orders": {"partitions": 3, **topic}})
    assert message.startswith(f"{path} = ")
    assert words in message


def test_the_seven_configurations_are_taken() -> None:
    configs = {
        "message.timestamp.difference.max.ms": 3_600_000,
        "message.timestamp.type": "LogAppendTime",
        "retention.bytes": -1,
    }
    topic = {
        "partitions": 120,
        "cleanupPolicy": "compact",
        "compressionType": "zstd",
        "maxMessageBytes": 8388608,
        "retentionHours": 48,
        "configs": configs,
    }
    assert serverless(topics={"orders": topic}) == []


def test_more_partitions_than_are_created_at_once_take_time_and_that_is_said() -> None:
    def said(partitions: int) -> list[str]:
        loaded = load(brokerType="serverless", topics={"orders": {"partitions": partitions}}, workload={"partitions": 2400})
        return [warning for warning in loaded.warnings if "5 minutes" in warning]

    assert said(250) == []
    (warning,) = said(251)
    assert "takes about 5 minutes" in warning


@pytest.mark.parametrize(
    ("network", "cidr", "warned"),
    [
        ({}, "10.90.0.0/24", True),
        ({}, "10.40.3.0/24", False),
        ({"clientVpcs": {"apps": VPC}}, "10.90.0.0/24", False),
        ({"existing": {"vpcId": "vpc-0123456789abcdef0", "subnetIds": VPC["subnetIds"]}}, "10.90.0.0/24", False),
    ],
)
def test_clients_of_other_networks_need_their_vpcs_named_and_that_is_said(
    network: dict[str, Any], cidr: str, warned: bool
) -> None:
    loaded = load(brokerType="serverless", network=network, clients={"app": {**CLIENT, "from": {"cidr": cidr}}})
    assert any(warning.startswith("clients app connect from outside") for warning in loaded.warnings) is warned


def test_how_topics_come_to_be_is_a_note_and_only_where_there_are_any() -> None:
    (note,) = load(brokerType="serverless", topics={"orders": {"partitions": 3}}).plan.notes
    assert "python -m tools topics --stack dev --command-config client.properties --apply" in note
    assert load(brokerType="serverless").plan.notes == ()


def test_an_acknowledgement_that_no_guard_of_the_kind_reads_is_said_to_have_no_effect() -> None:
    answers = {name: {"reason": "CHG-1", "until": "2027-01-31"} for name in ("fewer-brokers", "shorter-retention")}
    warnings = load(brokerType="serverless", acknowledge=answers).warnings
    assert [warning.split()[0] for warning in warnings if "no effect" in warning] == ["acknowledge.fewer-brokers"]


@pytest.mark.parametrize("name", ["serverles", "Serverless", "server-less"])
def test_a_misspelt_serverless_is_understood(name: str) -> None:
    (problem,) = problems(brokerType=name)
    assert "The nearest are serverless, " in problem.message


@pytest.mark.parametrize(
    ("broker_type", "taken"), [("express.m7g.large", True), ("kafka.m7g.large", False), ("serverless", False)]
)
def test_only_express_brokers_rebalance_by_themselves(broker_type: str, taken: bool) -> None:
    found = problems(brokerType=broker_type, rebalancing="PAUSED")
    assert [problem.setting for problem in found] == ([] if taken else ["rebalancing"])


def test_express_brokers_rebalance_unless_they_are_paused() -> None:
    active = load(brokerType="express.m7g.large").plan
    paused = load(brokerType="express.m7g.large", rebalancing="PAUSED")
    assert active.cluster.get("rebalancing") == "ACTIVE"
    assert paused.plan.cluster.get("rebalancing") == "PAUSED"
    assert any(warning.startswith("rebalancing is PAUSED: ") for warning in paused.warnings)
    assert load(brokerType="kafka.m7g.large").plan.cluster.get("rebalancing") is None
    (problem,) = problems(brokerType="express.m7g.large", rebalancing="PAUSE")
    assert problem.message == "must be one of ACTIVE, PAUSED. Did you mean PAUSED?"


@given(st.sampled_from(LACKS))
def test_every_row_names_a_setting_that_there_is(lack: Any) -> None:
    block: Any = StackSettings
    for part in lack.path:
        if part == "*":
            continue
        fields = {field.alias or name: field for name, field in block.model_fields.items()}
        assert part in fields, lack.setting
        block = _model(fields[part].annotation) or block


def _model(annotation: Any) -> Any:
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    return next((found for argument in get_args(annotation) if (found := _model(argument))), None)


def test_given_settings_are_those_of_the_stack_file_and_no_defaults() -> None:
    settings = load(brokerType="serverless", topics={"orders": {"partitions": 3}}).settings
    assert {path for path, _ in given_settings(settings) if path[0] in ("topics", "storage")} == {
        ("topics",), ("topics", "orders"), ("topics", "orders", "partitions"),
    }  # fmt: skip
