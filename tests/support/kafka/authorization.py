"""What ACLs must let in and keep out, whoever keeps them: KRaft's authorizer and ZooKeeper's are programs of their own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from domain.access.acls import acls, commands
from domain.access.rights import Access, Names
from support.kafka.clients import Producing, consumed
from tools.acls.reading import acls_in, entries_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.access.acls import Acl
    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.tools import Tools

# Looked up when it is needed: its types leave out most of it.
kafka_admin: Any = importlib.import_module("confluent_kafka.admin")


def apply(wanted: Iterable[Acl], cluster: Cluster, tools: Tools) -> None:
    """Runs the commands that are written for ACLs, as they are written."""
    environment = {"BOOTSTRAP": cluster.administrator.bootstrap, "CONFIG": str(tools.client_file(cluster.administrator))}
    where = ["--bootstrap-server", '"$BOOTSTRAP"', "--command-config", '"$CONFIG"']
    for command in commands(wanted, connection=where):
        done = tools.shell(command, environment)
        assert done.code == 0, done.text


def withdraw(principal: str, cluster: Cluster) -> None:
    """Takes away every ACL of a principal: those on all topics would keep others out of theirs."""
    any_name = kafka_admin.ResourceType.ANY, None, kafka_admin.ResourcePatternType.ANY
    everything = kafka_admin.AclOperation.ANY, kafka_admin.AclPermissionType.ANY
    (future,) = cluster.admin.delete_acls([kafka_admin.AclBindingFilter(*any_name, principal, None, *everything)]).values()
    future.result(30)


def assert_acls_let_in_whom_they_name_and_nobody_else(
    cluster: Cluster,
    tools: Tools,
    *,
    writer: Connection,
    reader: Connection,
    strangers: Iterable[Connection],
    topic: str,
    group: str,
) -> None:
    """Gives a writer and a reader ACLs of a topic, and tries what they and others can do with it.

    Args:
        cluster: The brokers.
        tools: Kafka's tools.
        writer: May write to the topic, and no more.
        reader: May read it as the group, and no more.
        strangers: May neither.
        topic: A topic that has no ACL yet.
        group: A group that has no ACL yet.
    """
    writes = acls(writer.principal, Access(produce=Names((topic,))))
    reads = acls(reader.principal, Access(consume=Names((topic,)), groups=Names((group,))))
    apply([*writes, *reads], cluster, tools)

    # Idempotence needs no ACL of its own.
    allowed = Producing(writer, {"enable.idempotence": True})
    allowed.send(topic, ["kept"])
    assert allowed.acknowledged == ["kept"]
    assert consumed(reader, topic, 1, group=group) == ["kept"]

    for other in (reader, *strangers):
        refused = Producing(other)
        refused.send(topic, ["lost"])
        assert refused.acknowledged == []
        assert refused.refusals() == {"TOPIC_AUTHORIZATION_FAILED"}
    for stranger in strangers:
        with pytest.raises(KafkaException) as unread:
            consumed(stranger, topic, 1)
        assert unread.value.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    # The topic is the reader's, the group is not.
    with pytest.raises(KafkaException) as outside:
        consumed(writer, topic, 1, group=group)
    assert outside.value.args[0].code() in (KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED)

    everything = tools.run("kafka-acls.sh", cluster.administrator, "--list")
    assert {*writes, *reads} <= acls_in(entries_in(everything.output))
