"""Changes of a running platform: each is an update in place of what it is about, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from support.engine.pulumi_cli import Stack

CIDR = {"dev": "10.40.0.0/20", "prod": "10.50.0.0/20"}
CLUSTER = "kafka-cluster-msk"
ALARMS = "kafka-alarms-"
TAGS = ("tags.team", "tagsAll.team")

Calls = set[tuple[str, str, tuple[str, ...]]]


def updated(name: str, *properties: str) -> tuple[str, str, tuple[str, ...]]:
    return ("update", name, properties)


def created(name: str) -> tuple[str, str, tuple[str, ...]]:
    return ("create", name, ())


def alarms(call: str, rule: str, *properties: str, brokers: Iterable[int] = range(1, 7)) -> Calls:
    """A call for the alarm of a rule on each broker."""
    return {(call, f"{ALARMS}{rule}/{broker}", properties) for broker in brokers}


KAFKA = {"dev": ("3.8.x", "3.9.x"), "prod": ("3.9.x.kraft", "4.0.x.kraft")}
"""The version that a stack has and the one that it gets: dev begins on brokers without KRaft."""

DRAWN = updated("kafka-dashboard-cluster", "dashboardBody")

# What is changed, and every call that AWS gets for it. {cidr} is the stack's own range, {kafka} its newer version.
ROWS: dict[str, tuple[dict[str, Any], Calls]] = {
    "larger brokers": (
        {"brokerType": "kafka.m7g.2xlarge"},
        # The alarms know the new brokers' limits, and that these have no CPU credits; the server properties lose the longer time
        # that small brokers have to find their ZooKeeper.
        {
            updated(CLUSTER, "brokerNodeGroupInfo.instanceType", "configurationInfo.revision"),
            updated("kafka-configuration-server", "serverProperties"),
            *alarms("delete", "cpu-credits"),
            *alarms("update", "partitions", "alarmDescription", "threshold"),
            DRAWN,
        },
    ),
    "a newer Kafka": (
        {"kafkaVersion": "{kafka}"},
        {updated(CLUSTER, "kafkaVersion")},
    ),
    "a server property": (
        {"serverProperties": {"message.max.bytes": 2097152}},
        {updated("kafka-configuration-server", "serverProperties"), updated(CLUSTER, "configurationInfo.revision")},
    ),
    "a higher storage maximum": (
        {"storage": {"maximumGiB": 16000}},
        {updated("kafka-storage-volumes", "maxCapacity")},
    ),
    "SCRAM beside IAM": (
        {"authentication": {"iam": {}, "scram": {}}},
        {
            created("kafka-keys-secrets"),
            created("kafka-brokers-9096-from-{cidr}"),
            updated(CLUSTER, "clientAuthentication.sasl.scram"),
            *alarms("create", "connections-scram"),
            DRAWN,
        },
    ),
    "another client": (
        {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}}}},
        {created("kafka-brokers-9098-from-10.90.0.0/24")},
    ),
    "longer kept logs": (
        {"logs": {"cloudwatch": {"retentionDays": 731}}},
        {updated("kafka-logs-brokers", "retentionInDays")},
    ),
    "more metrics": (
        {"monitoring": {"level": "PER_TOPIC_PER_PARTITION"}},
        {
            updated(CLUSTER, "enhancedMonitoring"),
            *alarms("create", "file-descriptors"),
            *alarms("create", "iam-connection-rate"),
            *alarms("create", "iam-throttled"),
            *alarms("create", "network-allowance"),
            *alarms("create", "network-processors"),
            *alarms("create", "request-handlers"),
            DRAWN,
        },
    ),
}


def calls(stack: Stack) -> Calls:
    return {(call.call, call.name, call.changed) for call in stack.calls_of_up()}


def changed(stack: Stack, name: str, settings: Mapping[str, Any]) -> None:
    stack.set(**{key: KAFKA[name][1] if value == "{kafka}" else value for key, value in settings.items()})


def of_what_is_watched(made: Mapping[tuple[str, str], set[str]]) -> dict[tuple[str, str], set[str]]:
    return {(call, what): paths for (call, what), paths in made.items() if not what.startswith((ALARMS, DRAWN[1]))}


STACKS = pytest.mark.parametrize("name", ["dev", pytest.param("prod", marks=pytest.mark.exhaustive)])


# By day `test_every_change_at_once_is_all_of_them_and_leaves_nothing_for_a_second_update` has these.
BY_NIGHT = ("a server property", "a higher storage maximum", "another client", "longer kept logs")


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.exhaustive if row in BY_NIGHT else []) for row in ROWS])
def test_a_change_reaches_what_it_is_about_and_nothing_else(row: str, deployed: Callable[..., Stack]) -> None:
    settings, expected = ROWS[row]
    stack = deployed("dev", watched=True, kafkaVersion=KAFKA["dev"][0])
    before = stack.cloud.resources()
    changed(stack, "dev", settings)
    assert calls(stack) == {(call, what.format(cidr=CIDR["dev"]), paths) for call, what, paths in expected}
    assert_only_alarms_are_gone(before, stack)


def assert_only_alarms_are_gone(before: Mapping[str, Mapping[str, Any]], stack: Stack) -> None:
    there = stack.cloud.resources()
    gone = {resource["urn"].split("::")[-1] for key, resource in before.items() if key not in there}
    assert all(name.startswith(f"{ALARMS}cpu-credits/") for name in gone), gone


def test_more_brokers_are_added_to_the_cluster_that_is_there(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", watched=True)
    stack.set(brokersPerZone=3)
    watched = {row["urn"].split("::")[-1] for row in stack.cloud.resources().values()}
    rules = {name.removeprefix(ALARMS).removesuffix("/1") for name in watched if name.startswith(ALARMS) and name.endswith("/1")}
    assert calls(stack) == {
        updated(CLUSTER, "numberOfBrokerNodes"),
        updated(f"{ALARMS}cluster-unhealthy", "alarmRule"),
        DRAWN,
        *(call for rule in rules for call in alarms("create", rule, brokers=(7, 8, 9))),
        # Whose files name every broker.
        *(updated(f"kafka-clients-{name}-files-java-client.properties", "insecureValue") for name in ("lag-exporter", "on-call")),
    }
    exports = stack.state()["msk-platform-dev"]["outputs"]
    assert exports["brokers"]["bootstrapBrokersSaslIam"].count(":9098") == 9


@STACKS
def test_a_tag_is_put_on_everything_that_can_have_one_and_changes_nothing_else(name: str, deployed: Callable[..., Stack]) -> None:
    stack = deployed(name, watched=True)
    tagged = {row["urn"].split("::")[-1] for row in stack.cloud.resources().values() if "tagsAll" in row["properties"]}
    stack.set(tags={"team": "streaming"})
    assert calls(stack) == {updated(what, *TAGS) for what in tagged}


def test_a_new_kafka_and_a_new_property_come_in_one_update_of_the_cluster(deployed: Callable[..., Stack]) -> None:
    stack = deployed("prod")
    stack.set(kafkaVersion="4.0.x.kraft", serverProperties={"message.max.bytes": 2097152})
    assert calls(stack) == {
        updated("kafka-configuration-server", "serverProperties"),
        updated(CLUSTER, "configurationInfo.revision", "kafkaVersion"),
    }


@STACKS
def test_every_change_at_once_is_all_of_them_and_leaves_nothing_for_a_second_update(
    name: str, deployed: Callable[..., Stack]
) -> None:
    stack = deployed(name, kafkaVersion=KAFKA[name][0])
    before = stack.cloud.resources()
    expected: dict[tuple[str, str], set[str]] = {}
    for settings, changes in ROWS.values():
        changed(stack, name, settings)
        for call, what, paths in changes:
            expected.setdefault((call, what.format(cidr=CIDR[name])), set()).update(paths)
    # Each method of authentication lets every client in.
    expected["create", "kafka-brokers-9096-from-10.90.0.0/24"] = set()
    made = {(call.call, call.name): set(call.changed) for call in stack.calls_of_up()}
    # Which alarms come and go depends on what the stack has had; each change above says it of one stack.
    assert of_what_is_watched(made) == of_what_is_watched(expected)
    assert_only_alarms_are_gone(before, stack)
    assert stack.calls_of_up("--expect-no-changes") == []
