"""What a client may do once it is in: Kafka's authorizer with `allow.everyone.if.no.acl.found` as Amazon MSK has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaError, KafkaException

from domain.access.acls import acls, commands, listed
from domain.access.rights import Access, Names
from support.kafka.clients import Producing, consumed

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute


@pytest.fixture
def user(cluster: Cluster, new_name: Callable[[str], str]) -> Callable[[str], Connection]:
    """Makes a user of its own: `user("orders-api")`."""
    return lambda name: cluster.add_user(new_name(name), _PASSWORD)


def test_everyone_who_gets_in_may_write_a_topic_that_has_no_acl(user: Callable[[str], Connection], topic: str) -> None:
    producing = Producing(user("anyone"))
    producing.send(topic, ["hello"])
    assert producing.acknowledged == ["hello"]


def test_the_acl_commands_run_as_they_are_written_and_let_in_whom_they_name_and_nobody_else(
    cluster: Cluster, tools: Tools, user: Callable[[str], Connection], topic: str, new_name: Callable[[str], str]
) -> None:
    writer, reader, stranger, group = user("writer"), user("reader"), user("stranger"), new_name("group")
    writes = acls(writer.principal, Access(produce=Names((topic,))))
    reads = acls(reader.principal, Access(consume=Names((topic,)), groups=Names((group,))))
    settings = tools.client_file(cluster.administrator)
    environment = {"BOOTSTRAP": cluster.administrator.bootstrap, "CONFIG": str(settings)}
    where = ["--bootstrap-server", '"$BOOTSTRAP"', "--command-config", '"$CONFIG"']
    for command in commands([*writes, *reads], connection=where):
        done = tools.shell(command, environment)
        assert done.code == 0, done.text

    allowed = Producing(writer)
    allowed.send(topic, ["kept"])
    assert allowed.acknowledged == ["kept"]
    assert consumed(reader, topic, 1, group=group) == ["kept"]

    for other in (stranger, reader):
        refused = Producing(other)
        refused.send(topic, ["lost"])
        assert refused.acknowledged == []
        assert refused.refusals() == {"TOPIC_AUTHORIZATION_FAILED"}
    with pytest.raises(KafkaException) as unread:
        consumed(stranger, topic, 1)
    assert unread.value.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    # The topic is the reader's, the group is not.
    with pytest.raises(KafkaException) as outside:
        consumed(writer, topic, 1, group=group)
    assert outside.value.args[0].code() in (KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED)

    everything = tools.run("kafka-acls.sh", cluster.administrator, "--list")
    assert {*writes, *reads} <= set(listed(everything.text))
