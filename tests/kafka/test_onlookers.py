"""Who observes and who operates a cluster: what each may do with every topic, and that neither reads a message."""

from __future__ import annotations

import importlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaError, KafkaException, TopicPartition

from domain.access.acls import acls
from domain.settings.clients import ClientAccess
from support.kafka.clients import Producing, consumed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from domain.access.acls import Acl
    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection

# Looked up when the tests run: its types leave out most of it.
kafka_admin: Any = importlib.import_module("confluent_kafka.admin")

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_PATIENCE = 30
_REFUSALS = {
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
}
_ANY = kafka_admin.ResourceType.ANY, None, kafka_admin.ResourcePatternType.ANY


@dataclass(frozen=True)
class Watched:
    """A cluster that is observed and operated, with a topic that has a message and a group that has read it.

    Attributes:
        connections: How each of `observer`, `operator`, `owner` and `stranger` connects.
        topic: The owner's topic.
        unclaimed: A topic that no ACL names, which the stranger wrote to before there was an observer.
        group: The owner's group, which has no member.
    """

    connections: Mapping[str, Connection]
    topic: str
    unclaimed: str
    group: str

    def admin(self, name: str) -> Any:
        """An administration client of one of them."""
        return kafka_admin.AdminClient({**self.connections[name].librdkafka(), "log_level": 0})


@pytest.fixture(scope="module")
def watched(running: Cluster) -> Iterator[Watched]:
    suffix = uuid.uuid4().hex[:8]
    there = Watched(
        {name: running.add_user(f"{name}-{suffix}", _PASSWORD) for name in ("observer", "operator", "owner", "stranger")},
        f"orders.{suffix}",
        f"unclaimed.{suffix}",
        f"billing-{suffix}",
    )
    running.create_topic(there.unclaimed)
    assert written_by(there.connections["stranger"], there.unclaimed) == set()
    running.create_topic(there.topic)
    uses: dict[str, Any] = {
        "observer": {"observe": {}},
        "operator": {"operate": {}},
        "owner": {"produce": {"topics": [there.topic]}, "consume": {"topics": [there.topic], "groups": [there.group]}},
    }
    for name, use in uses.items():
        connection = there.connections[name]
        access = ClientAccess.model_validate({"as": {"scramUser": connection.user}, **use}).access
        for done in running.admin.create_acls([binding(acl) for acl in acls(connection.principal, access)]).values():
            done.result(_PATIENCE)
    assert written_by(there.connections["owner"], there.topic) == set()
    assert consumed(there.connections["owner"], there.topic, 1, group=there.group) == ["a message"]
    try:
        yield there
    finally:
        # Their ACLs are on every topic, and other tests' topics have none.
        for name in uses:
            principal = there.connections[name].principal
            everything = kafka_admin.AclOperation.ANY, kafka_admin.AclPermissionType.ANY
            the(running.admin.delete_acls([kafka_admin.AclBindingFilter(*_ANY, principal, None, *everything)]))


def binding(acl: Acl) -> Any:
    """An ACL as the library has it."""
    operation = "".join(f"_{letter}" if letter.isupper() else letter for letter in acl.operation).lstrip("_").upper()
    return kafka_admin.AclBinding(
        kafka_admin.ResourceType["BROKER" if acl.resource == "CLUSTER" else acl.resource],
        acl.name,
        kafka_admin.ResourcePatternType.PREFIXED if acl.prefixed else kafka_admin.ResourcePatternType.LITERAL,
        acl.principal,
        "*",
        kafka_admin.AclOperation[operation],
        kafka_admin.AclPermissionType.ALLOW,
    )


def written_by(connection: Connection, topic: str) -> set[str]:
    """With which errors a message was refused; none where it was written."""
    producing = Producing(connection)
    producing.send(topic, ["a message"])
    return producing.refusals()


def the(futures: Mapping[Any, Any]) -> Any:
    """What became of the one thing that was asked for."""
    (future,) = futures.values()
    return future.result(_PATIENCE)


def moved_offsets(admin: Any, where: ConsumerGroupTopicPartitions) -> None:
    for partition in the(admin.alter_consumer_group_offsets([where])).topic_partitions:
        if partition.error:
            raise KafkaException(partition.error)


def is_refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except KafkaException as error:
        if error.args[0].code() not in _REFUSALS:
            raise
        return True
    return False


def changed(kind: Any, name: str, setting: str, value: str) -> Any:
    """A resource with a change of its configuration."""
    entry = kafka_admin.ConfigEntry(setting, value, incremental_operation=kafka_admin.AlterConfigOpType.SET)
    return kafka_admin.ConfigResource(kind, name, incremental_configs=[entry])


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["observer", "operator"])
def test_both_see_topics_groups_and_the_cluster(name: str, watched: Watched) -> None:
    admin = watched.admin(name)
    assert {watched.topic, watched.unclaimed} <= set(admin.list_topics(timeout=_PATIENCE).topics)
    for kind, of, setting in (
        (kafka_admin.ResourceType.TOPIC, watched.topic, "retention.ms"),
        (kafka_admin.ResourceType.BROKER, "1", "num.io.threads"),
    ):
        assert the(admin.describe_configs([kafka_admin.ConfigResource(kind, of)]))[setting].value
    assert watched.group in {group.group_id for group in admin.list_consumer_groups().result(_PATIENCE).valid}
    offsets = the(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(watched.group)]))
    assert [(partition.topic, partition.offset) for partition in offsets.topic_partitions] == [(watched.topic, 1)]
    assert the(admin.list_offsets({TopicPartition(watched.topic, 0): kafka_admin.OffsetSpec.latest()})).offset == 1
    everything = kafka_admin.AclOperation.ANY, kafka_admin.AclPermissionType.ANY
    assert admin.describe_acls(kafka_admin.AclBindingFilter(*_ANY, None, None, *everything)).result(_PATIENCE)


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["observer", "operator"])
def test_neither_reads_writes_or_deletes_a_message_or_moves_a_groups_offsets(name: str, watched: Watched) -> None:
    connection, admin = watched.connections[name], watched.admin(name)
    moved = ConsumerGroupTopicPartitions(watched.group, [TopicPartition(watched.topic, 0, 0)])
    tries: dict[str, Callable[[], object]] = {
        "reads": lambda: consumed(connection, watched.topic, 1),
        "reads as the owner's group": lambda: consumed(connection, watched.topic, 1, group=watched.group),
        "empties": lambda: the(admin.delete_records([TopicPartition(watched.topic, 0, 1)])),
        "deletes": lambda: the(admin.delete_topics([watched.topic])),
        "moves offsets": lambda: moved_offsets(admin, moved),
    }
    assert {what for what, call in tries.items() if not is_refused(call)} == set()
    assert written_by(connection, watched.topic) == {"TOPIC_AUTHORIZATION_FAILED"}


@pytest.mark.usefixtures("cluster")
def test_only_who_operates_changes_the_cluster(watched: Watched, new_name: Callable[[str], str]) -> None:
    added = new_name("added")
    granted = kafka_admin.AclBinding(
        kafka_admin.ResourceType.TOPIC, added, kafka_admin.ResourcePatternType.LITERAL,
        watched.connections["owner"].principal, "*", kafka_admin.AclOperation.READ, kafka_admin.AclPermissionType.ALLOW,
    )  # fmt: skip
    of_topic = changed(kafka_admin.ResourceType.TOPIC, watched.topic, "retention.ms", "3600000")
    of_broker = changed(kafka_admin.ResourceType.BROKER, "1", "log.cleaner.threads", "1")

    def refused(admin: Any) -> set[str]:
        changes: dict[str, Callable[[], object]] = {
            "creates a topic": lambda: the(admin.create_topics([kafka_admin.NewTopic(added, 1, 3)])),
            "adds a partition": lambda: the(admin.create_partitions([kafka_admin.NewPartitions(watched.topic, 2)])),
            "configures a topic": lambda: the(admin.incremental_alter_configs([of_topic])),
            "configures a broker": lambda: the(admin.incremental_alter_configs([of_broker])),
            "adds an ACL": lambda: the(admin.create_acls([granted])),
            "deletes a group": lambda: the(admin.delete_consumer_groups([watched.group])),
        }
        return {what for what, call in changes.items() if is_refused(call)}

    assert len(refused(watched.admin("observer"))) == 6
    assert refused(watched.admin("operator")) == set()


@pytest.mark.usefixtures("cluster")
def test_an_acl_on_every_topic_closes_those_that_had_none(watched: Watched) -> None:
    assert written_by(watched.connections["stranger"], watched.unclaimed) == {"TOPIC_AUTHORIZATION_FAILED"}
