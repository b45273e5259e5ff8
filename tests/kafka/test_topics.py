"""What a topic gets that asks for nothing, and that nobody gets a topic by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confluent_kafka import KafkaException

from support.kafka.clients import Producing
from support.kafka.cluster import BROKERS
from support.kafka.server_files import MSK_DEFAULTS, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.kafka.cluster import Cluster


def rendered(stack: str = "prod") -> dict[str, str]:
    pairs = (line.partition("=") for line in plan_of(stack).configuration["server_properties"].splitlines())
    return {key: value for key, _, value in pairs}


def test_every_rendered_property_is_what_the_brokers_run_with(cluster: Cluster) -> None:
    wanted = rendered()
    assert wanted["unclean.leader.election.enable"] != MSK_DEFAULTS["unclean.leader.election.enable"]
    for broker in BROKERS:
        running = cluster.config_of_broker(broker)
        assert {name: running.get(name) for name in wanted} == wanted


def test_a_topic_that_asks_for_nothing_has_a_replica_in_each_zone_and_loses_nothing(cluster: Cluster, topic: str) -> None:
    metadata = cluster.metadata()
    assert metadata
    partitions = metadata.topics[topic].partitions.values()
    assert [sorted(partition.replicas) for partition in partitions] == [[1, 2, 3]] * 3
    config = cluster.config_of_topic(topic)
    assert config["min.insync.replicas"] == "2"
    assert config["unclean.leader.election.enable"] == "false"
    assert config["retention.ms"] == str(int(rendered()["log.retention.hours"]) * 3_600_000)


def test_a_misspelt_topic_is_not_created(cluster: Cluster, new_name: Callable[[str], str]) -> None:
    missing = new_name("ordesr")
    producing = Producing(cluster.administrator, {"allow.auto.create.topics": True, "topic.metadata.propagation.max.ms": 0})
    try:
        producing.send(missing, ["lost"])
    except KafkaException as error:
        producing.refused.append(error.args[0])
    assert producing.acknowledged == []
    assert producing.refusals() & {"UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC"}
    metadata = cluster.metadata()
    assert metadata
    assert missing not in metadata.topics
