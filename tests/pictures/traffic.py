"""Clients that go on while a broker is away: producers that wait for nobody, and readers that are hardly faster than they."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import confluent_kafka

from support.kafka.observed import GROUP, PACE, TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from support.kafka.cluster import Cluster

READING: Mapping[str, list[str]] = {GROUP: [TOPIC], "analytics": list(PACE)}
"""The topics of each consumer group."""

_SPARE = 1.8
"""How many times what is written at most a group can read: more, and it would have caught up before anybody sees it."""


@contextmanager
def traffic(cluster: Cluster) -> Iterator[set[str]]:
    """Writes and reads in the background.

    Args:
        cluster: The brokers.

    Yields:
        The groups that are away: none, until one is put in.
    """
    away: set[str] = set()
    settings: dict[str, Any] = {**cluster.administrator.librdkafka(), "log_level": 0}
    stopped = threading.Event()
    works = [lambda topic=topic: _write(settings, topic, stopped) for topic in PACE] + [
        lambda group=group: _read(settings, group, stopped, away) for group in READING
    ]
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield away
    finally:
        stopped.set()
        for thread in threads:
            thread.join(timeout=30)


def _each_second(stopped: threading.Event, work: Callable[[int], None]) -> None:
    second = 0
    while not stopped.is_set():
        begun = time.monotonic()
        work(second)
        second += 1
        stopped.wait(max(0, 1 - (time.monotonic() - begun)))


def _write(settings: Mapping[str, Any], topic: str, stopped: threading.Event) -> None:
    producer = confluent_kafka.Producer({**settings, "acks": "all", "linger.ms": 20, "queue.buffering.max.messages": 500_000})
    messages, size, period = PACE[topic]

    def write(second: int) -> None:
        for number in range(round(messages * (1 + 0.6 * math.sin(2 * math.pi * second / period)))):
            producer.produce(topic, b"x" * size, key=str(number))
        producer.poll(0)

    _each_second(stopped, write)
    producer.flush(10)


def _read(settings: Mapping[str, Any], group: str, stopped: threading.Event, away: set[str]) -> None:
    most = round(_SPARE * sum(PACE[topic][0] for topic in READING[group]))
    reading: list[confluent_kafka.Consumer] = []

    def leave() -> None:
        while reading:
            with suppress(confluent_kafka.KafkaException):
                reading.pop().close()

    def read(_second: int) -> None:
        if group in away:
            leave()
            return
        if not reading:
            own = {"group.id": group, "auto.offset.reset": "earliest", "auto.commit.interval.ms": 1000}
            reading.append(confluent_kafka.Consumer({**settings, **own}))
            reading[0].subscribe(READING[group])
        with suppress(confluent_kafka.KafkaException):
            reading[0].consume(most, timeout=0.5)

    _each_second(stopped, read)
    leave()
