"""Producers and consumers of confluent-kafka that say what became of each message."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confluent_kafka import Message

    from support.kafka.connections import Connection

_PATIENCE = 60.0
_QUIET = {"log_level": 0}


class Producing:
    """A producer that waits for all replicas in sync.

    Args:
        connection: How it connects.
        settings: Settings of librdkafka besides.
    """

    def __init__(self, connection: Connection, settings: Mapping[str, Any] | None = None) -> None:
        self.acknowledged: list[str] = []
        self.refused: list[KafkaError] = []
        self.errors: list[KafkaError] = []
        """What befell the client, not a message: connections that failed."""
        everything = {**connection.librdkafka(), **_QUIET, "acks": "all", "linger.ms": 0, **(settings or {})}
        self._producer = Producer({**everything, "error_cb": self.errors.append})

    def send(self, topic: str, messages: Iterable[str]) -> None:
        """Hands messages over and waits until each is acknowledged or refused."""
        for message in messages:
            self._producer.produce(topic, message.encode(), on_delivery=self._report)
        assert self._producer.flush(_PATIENCE) == 0, f"neither acknowledged nor refused; the client says: {self.errors}"

    def send_to(self, topic: str, partition: int, messages: Iterable[str]) -> None:
        """Hands messages over for one partition, as `send` does."""
        for message in messages:
            self._producer.produce(topic, message.encode(), partition=partition, on_delivery=self._report)
        assert self._producer.flush(_PATIENCE) == 0, f"neither acknowledged nor refused; the client says: {self.errors}"

    def refusals(self) -> set[str]:
        """The names of the errors with which messages were refused."""
        return {error.name() for error in self.refused}

    def _report(self, error: KafkaError | None, message: Message) -> None:
        if error:
            self.refused.append(error)
        else:
            self.acknowledged.append((message.value() or b"").decode())


def consumed(connection: Connection, topic: str, number: int, *, group: str | None = None) -> list[str]:
    """Reads a topic from its beginning as a member of a group, until so many messages came; commits where it stopped.

    Raises:
        KafkaException: When the client is refused.
    """
    settings = {
        **connection.librdkafka(),
        **_QUIET,
        "group.id": group or f"group-{uuid.uuid4()}",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "allow.auto.create.topics": False,
    }
    messages: list[str] = []
    consumer = Consumer(settings)
    try:
        consumer.subscribe([topic])
        deadline = time.monotonic() + _PATIENCE
        while len(messages) < number:
            assert time.monotonic() < deadline, f"{len(messages)} of {number} messages came"
            message = consumer.poll(1)
            if message is None:
                continue
            if error := message.error():
                raise KafkaException(error)
            messages.append((message.value() or b"").decode())
        consumer.commit(asynchronous=False)
    finally:
        consumer.close()
    return messages


def connection_errors(connection: Connection, *, until: int) -> list[KafkaError]:
    """What a client is told that cannot connect, until it has seen an error of this kind."""
    errors: list[KafkaError] = []
    producer = Producer({**connection.librdkafka(), **_QUIET, "error_cb": errors.append})
    deadline = time.monotonic() + _PATIENCE
    while all(error.code() != until for error in errors):
        assert time.monotonic() < deadline, f"not {until}: {errors}"
        producer.poll(0.1)
    return errors
