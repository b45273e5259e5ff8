"""Clients that write and read all the while, and know what they were promised."""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING, Self

from confluent_kafka import Consumer, KafkaException

from support.kafka.clients import Producing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from support.kafka.connections import Connection

_AT_A_TIME = 20
_PAUSE = 0.1
_PATIENCE = 120.0


class Load:
    """A producer with acks=all and a consumer of the same topics, each in a thread of its own, while it is entered.

    Args:
        connection: How both connect.
        topics: The topics, by turns.
        size: Bytes of each message.
    """

    def __init__(self, connection: Connection, topics: list[str], *, size: int = 200) -> None:
        self._connection = connection
        self._topics = topics
        self._padding = "." * size
        self.producing = Producing(connection)
        self.read: set[str] = set()
        self.failures: list[Exception] = []
        self._ends = threading.Event()
        self._all_written = threading.Event()
        self._threads = [threading.Thread(target=self._guarded, args=(work,)) for work in (self._write, self._consume)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> set[str]:
        """What the brokers promised to keep."""
        return set(self.producing.acknowledged)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (AssertionError, KafkaException) as error:
            # A thread has nobody to raise it to: the test reads it.
            self.failures.append(error)

    def _write(self) -> None:
        number = 0
        try:
            while not self._ends.is_set():
                topic = self._topics[number % len(self._topics)]
                self.producing.send(topic, [f"{number}-{each}-{self._padding}" for each in range(_AT_A_TIME)])
                number += 1
                time.sleep(_PAUSE)
        finally:
            self._all_written.set()

    def _consume(self) -> None:
        settings = {**self._connection.librdkafka(), "log_level": 0, "group.id": f"orders-{uuid.uuid4()}"}
        consumer = Consumer({**settings, "auto.offset.reset": "earliest"})
        consumer.subscribe(self._topics)
        deadline = None
        try:
            # What the last call sends is acknowledged after the end was asked for.
            while not self._all_written.is_set() or not self.acknowledged <= self.read:
                if self._all_written.is_set():
                    deadline = deadline or time.monotonic() + _PATIENCE
                    missing = self.acknowledged - self.read
                    assert time.monotonic() < deadline, f"{len(missing)} acknowledged messages never came"
                message = consumer.poll(1)
                if message is None:
                    continue
                if error := message.error():
                    raise KafkaException(error)
                self.read.add((message.value() or b"").decode())
        finally:
            consumer.close()
