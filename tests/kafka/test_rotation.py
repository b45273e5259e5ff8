"""A SCRAM user changes over to the next one as docs/operations.md says, and its program loses no message meanwhile."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import KafkaError

from domain.settings.clients import Format
from support.kafka.clients import connection_errors
from support.kafka.deployed import EVERYWHERE, Client
from support.kafka.ready_files import module_of, read_by_confluent_kafka

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import Message

    from support.kafka.cluster import Cluster
    from support.kafka.deployed import Deploy

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_NEXT_PASSWORD = "battery staple"  # noqa: S105 - the same
_PARTITIONS = range(3)
_PATIENCE = 60


class Program:
    """What a team runs with its ready file: it writes to a partition on each broker, and waits for each answer."""

    def __init__(self, client: Client, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in client.environment.items():
            monkeypatch.setenv(name, value)
        module = module_of(client.files(Format.CONFLUENT_KAFKA))
        self.consumer = module.CONSUMER
        self.acknowledged: list[str] = []
        self._topic = topic
        self._producer = confluent_kafka.Producer(module.PRODUCER)

    def refusals(self, message: str) -> set[str]:
        """Writes a message to every partition; the names of the errors with which it was refused."""
        errors: list[KafkaError] = []

        def report(error: KafkaError | None, written: Message) -> None:
            if error:
                errors.append(error)
            else:
                self.acknowledged.append(f"{message} to {written.partition()}")

        for partition in _PARTITIONS:
            self._producer.produce(self._topic, f"{message} to {partition}".encode(), partition=partition, on_delivery=report)
        assert self._producer.flush(_PATIENCE) == 0
        return {error.name() for error in errors}


@pytest.fixture
def stack(new_name: Callable[[str], str]) -> Callable[[str, str | None], dict[str, Any]]:
    """Writes the stack file's client: its user, and the next one."""
    topic, group = new_name("orders"), new_name("erp")

    def client(user: str, following: str | None = None) -> dict[str, Any]:
        identity = {"scramUser": user} | ({"nextScramUser": following} if following else {})
        access = {"produce": {"topics": [topic]}, "consume": {"topics": [topic], "groups": [group]}}
        return {"topics": {topic: {"partitions": len(_PARTITIONS)}}, "clients": {"erp": {**EVERYWHERE, "as": identity, **access}}}

    return client


def test_the_old_user_goes_on_while_the_next_one_is_taken_up_and_is_refused_once_it_is_removed(
    cluster: Cluster,
    deploy: Deploy,
    new_name: Callable[[str], str],
    stack: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = cluster.add_user(new_name("erp"), _PASSWORD), cluster.with_password(new_name("erp-b"), _NEXT_PASSWORD)
    deployed = deploy(**stack(old.user))
    (topic,) = deployed.settings.topics
    client = deployed.client("erp", old)
    as_old = Program(client, topic, monkeypatch)
    assert as_old.refusals("alone") == set()

    # What a person gives the client in the meantime: the second user's name and password.
    changed = Client(
        dataclasses.replace(client.connection, user=new.user), {**client.environment, "KAFKA_PASSWORD": _NEXT_PASSWORD}, new
    )
    cluster.add_user(new.user, new.password)
    assert Program(changed, topic, monkeypatch).refusals("before its ACLs") == {"TOPIC_AUTHORIZATION_FAILED"}
    deployed.write(**stack(old.user, new.user))
    as_new = Program(changed, topic, monkeypatch)
    assert as_old.refusals("beside the next one") == set()
    assert as_new.refusals("beside the old one") == set()
    # A program that starts meanwhile with the file it has is let in as before.
    assert Program(client, topic, monkeypatch).refusals("started anew") == set()

    deployed.write(**stack(new.user))
    cluster.remove_user(old.user)
    told = connection_errors(old, until=KafkaError._AUTHENTICATION)
    assert [item.str() for item in told if "invalid credentials" in item.str()], told
    # The ready file names the second user by itself now; connections that are open as the first one stay.
    client = deployed.client("erp", new)
    assert client.connection == changed.connection
    assert as_old.refusals("on a connection that is open") == set()
    after = Program(client, topic, monkeypatch)
    assert after.refusals("alone again") == set()

    everything = as_old.acknowledged + as_new.acknowledged + after.acknowledged
    assert len(everything) == 5 * len(_PARTITIONS)
    read = read_by_confluent_kafka(
        {**after.consumer, "auto.offset.reset": "earliest"}, topic, *(text.encode() for text in everything)
    )
    assert "before its ACLs to 0" not in {item.decode() for item in read}
