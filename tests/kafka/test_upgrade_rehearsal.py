"""Upgrades rehearsed on real brokers, with data and clients at work: from 3.9 to the newest Kafka, from ZooKeeper to KRaft.

What a stack renders for each version is what the brokers restart with. Other than on Amazon MSK there is one controller, which
restarts like a broker, and the test does what Amazon MSK does by itself: the order, and to finalize the new version's features.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource  # type: ignore[attr-defined]  # as in cluster.py

from domain.msk.brokers import BrokerKind
from domain.msk.versions import KAFKA_VERSIONS, KRAFT_MIGRATION, MetadataMode
from domain.problems import SettingsError
from support.kafka.clients import Producing, consumed
from support.kafka.cluster import BROKERS, METADATA_NODE
from support.kafka.installation import compiled_programs
from support.kafka.rehearsal import FIRST_CONTROLLER, LeavingZooKeeper, MovingCluster, Traffic
from support.kafka.server_files import plan_of
from support.kafka.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confluent_kafka import KafkaError

    from support.kafka.connections import Connection
    from support.kafka.installation import Installation

pytestmark = pytest.mark.exhaustive

_PASSWORD = "correct horse battery staple"  # noqa: S105 - of a user that lives for a minute
_NEWEST = max(
    (version for version in KAFKA_VERSIONS.values() if BrokerKind.STANDARD in version.broker_kinds),
    key=lambda version: version.number,
)
_ZOOKEEPER, _KRAFT = KRAFT_MIGRATION
_HOUR_MS = 3_600_000
_OLD_MESSAGES = 3_000


def rendered(stack: str, **changes: str) -> str:
    return plan_of(stack, **changes).configuration["server_properties"]


@pytest.fixture(scope="module")
def newest_programs(installation: Installation) -> Path:
    return compiled_programs(installation.newest, installation.streams)


@pytest.fixture
def to_newest(installation: Installation, newest_programs: Path, tmp_path: Path) -> Callable[..., None]:
    """Takes a cluster to the newest Kafka: the controller, then broker by broker, then the features."""

    def move(cluster: MovingCluster, controller: int, properties: str, traffic: Traffic) -> None:
        for node in (controller, *BROKERS):
            cluster.move(node, installation.newest, newest_programs, properties)
            traffic.await_progress()
        directory = tmp_path / "newest-tools"
        directory.mkdir()
        tools = Tools(directory, installation.newest)
        release = ".".join(installation.newest.name.removeprefix("kafka-").split(".")[:2])
        done = tools.run("kafka-features.sh", cluster.administrator, "upgrade", "--release-version", release)
        assert done.code == 0, done.text
        described = tools.run("kafka-features.sh", cluster.administrator, "describe").output
        levels = [line for line in described.splitlines() if "metadata.version" in line]
        assert [f"FinalizedVersionLevel: {release}-" in line for line in levels] == [True], described

    return move


@contextmanager
def with_old_data(cluster: MovingCluster) -> Iterator[tuple[Connection, Traffic, list[str]]]:
    """A cluster with messages that were written before anything moves, and with clients that are at work all the time."""
    try:
        cluster.start()
        user = cluster.add_user("orders-api", _PASSWORD)
        cluster.create_topic("kept", partitions=3)
        cluster.create_topic("orders", partitions=3)
        cluster.create_topic("planned", config={"message.timestamp.after.max.ms": str(3 * _HOUR_MS)})
        writer = Producing(user, {"compression.type": "zstd"})
        writer.send("kept", [f"old {number}" for number in range(_OLD_MESSAGES)])
        assert len(writer.acknowledged) == _OLD_MESSAGES
        with Traffic(user, "orders", "billing") as traffic:
            traffic.await_progress()
            yield user, traffic, writer.acknowledged
    finally:
        cluster.end()


def assert_nothing_is_lost(user: Connection, traffic: Traffic, old: list[str], read_before: list[str]) -> None:
    """All that was acknowledged is there for a newcomer, the group read it, and did not begin again."""
    traffic.finish()
    assert traffic.refused == []
    assert len(traffic.acknowledged) == len(set(traffic.acknowledged))
    assert set(traffic.acknowledged) <= set(consumed(user, "orders", len(traffic.acknowledged)))
    assert sorted(consumed(user, "kept", len(old))) == sorted(old)
    again = traffic.read[len(read_before) :]
    assert set(read_before[: len(read_before) // 2]).isdisjoint(again)


def written_ahead(user: Connection, topic: str, hours: int) -> str | None:
    """The error of a message that is dated so far ahead; None where it is taken."""
    errors: list[KafkaError | None] = []
    producer = Producer({**user.librdkafka(), "log_level": 0})
    at = int(time.time() * 1000) + hours * _HOUR_MS
    producer.produce(topic, b"ahead", timestamp=at, on_delivery=lambda error, _: errors.append(error))
    producer.flush()
    (error,) = errors
    return error.name() if error else None


def assert_two_replicas_must_have_a_message(cluster: MovingCluster, user: Connection) -> None:
    """`min.insync.replicas` is what the stack renders still, though controllers of 4.1 and newer keep it their own way."""
    assert cluster.config_of_topic("orders")["min.insync.replicas"] == "2"
    for broker in BROKERS[1:]:
        cluster.stop_broker(broker)
    cluster.await_in_sync(1, ["orders"])
    hasty = Producing(user, {"retries": 0})
    hasty.send("orders", ["with one"])
    assert (hasty.acknowledged, hasty.refusals()) == ([], {"NOT_ENOUGH_REPLICAS"})
    cluster.heal()


def test_from_3_9_to_the_newest_broker_by_broker_nothing_is_lost(
    installation: Installation,
    programs: Path,
    to_newest: Callable[..., None],
    tmp_path: Path,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    cluster = MovingCluster(tmp_path / "prod", installation.kafka, programs, rendered("prod", kafkaVersion=_KRAFT))
    with with_old_data(cluster) as (user, traffic, old):
        assert [written_ahead(user, topic, 2) for topic in ("kept", "planned")] == [None, None]
        read_before = list(traffic.read)
        to_newest(cluster, METADATA_NODE, rendered("prod", kafkaVersion=_NEWEST.name), traffic)
        # 4.0's default: what the preview of the upgrade says, and the way out that it names.
        assert [written_ahead(user, topic, 2) for topic in ("kept", "planned")] == ["INVALID_TIMESTAMP", None]
        assert_nothing_is_lost(user, traffic, [*old, "ahead"], read_before)
        assert_two_replicas_must_have_a_message(cluster, user)
    record_testsuite_property("messages", len(traffic.acknowledged))
    record_testsuite_property("longest time without an acknowledgement, seconds", round(traffic.longest_silence, 1))


def test_from_zookeeper_to_kraft_and_on_to_the_newest_nothing_is_lost(
    installation: Installation,
    programs: Path,
    to_newest: Callable[..., None],
    tmp_path: Path,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    larger = {"brokerType": "kafka.m7g.large"}
    before, after = rendered("dev", kafkaVersion=_ZOOKEEPER, **larger), rendered("dev", kafkaVersion=_KRAFT, **larger)
    cluster = LeavingZooKeeper(tmp_path / "dev", installation.kafka, programs, before, metadata=MetadataMode.ZOOKEEPER)
    with with_old_data(cluster) as (user, traffic, old):
        read_before = list(traffic.read)
        cluster.add_controller()
        for broker in BROKERS:
            cluster.introduce(broker, before)
            traffic.await_progress()
        cluster.await_metadata()
        for node in (*BROKERS, FIRST_CONTROLLER):
            cluster.leave(node, after)
            traffic.await_progress()
        cluster.stop_metadata()
        traffic.await_progress()
        to_newest(cluster, FIRST_CONTROLLER, rendered("dev", kafkaVersion=_NEWEST.name, **larger), traffic)
        # The user's password was in the ZooKeeper, and so were the topics' configurations.
        assert cluster.config_of_topic("planned")["message.timestamp.after.max.ms"] == str(3 * _HOUR_MS)
        assert_nothing_is_lost(user, traffic, old, read_before)
        assert_two_replicas_must_have_a_message(cluster, user)
    record_testsuite_property("messages", len(traffic.acknowledged))
    record_testsuite_property("longest time without an acknowledgement, seconds", round(traffic.longest_silence, 1))


def test_a_topic_with_smaller_segments_stops_the_first_broker_and_is_refused_here_before(
    installation: Installation, programs: Path, newest_programs: Path, tmp_path: Path
) -> None:
    """Why the guard `small-segments` is there, and the way out for who made such a topic elsewhere."""
    topic = {"orders": {"partitions": 1, "configs": {"segment.bytes": 100_000}}}
    with pytest.raises(SettingsError, match=r"topics\.orders\.configs\.segment\.bytes"):
        plan_of("prod", kafkaVersion=_NEWEST.name, topics=json.dumps(topic))
    plan_of("prod", kafkaVersion=_KRAFT, topics=json.dumps(topic))
    cluster = MovingCluster(tmp_path / "prod", installation.kafka, programs, rendered("prod", kafkaVersion=_KRAFT))
    after = rendered("prod", kafkaVersion=_NEWEST.name)
    try:
        cluster.start()
        user = cluster.add_user("orders-api", _PASSWORD)
        cluster.create_topic("orders", config={"segment.bytes": "100000"})
        Producing(user).send("orders", ["before"])
        cluster.move(METADATA_NODE, installation.newest, newest_programs, after)
        with pytest.raises(AssertionError, match="node 1 ended"):
            cluster.move(1, installation.newest, newest_programs, after)
        assert "Invalid value 100000 for configuration segment.bytes" in cluster.log(1)
        # The other two serve, and take the change that mends it.
        change = ConfigResource(ConfigResource.Type.TOPIC, "orders")
        change.add_incremental_config(ConfigEntry("segment.bytes", "1048576", incremental_operation=AlterConfigOpType.SET))
        cluster.admin.incremental_alter_configs([change])[change].result()
        cluster.heal()
        assert consumed(user, "orders", 1) == ["before"]
    finally:
        cluster.end()
