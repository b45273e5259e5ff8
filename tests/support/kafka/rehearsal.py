"""A cluster that moves, node by node and with its data, to another Kafka or to KRaft, while clients are at work."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, KafkaException, Producer

from support.kafka.cluster import BROKERS, METADATA_NODE, Cluster, free_port
from support.kafka.server_files import ALL_LISTENERS, CONTROLLER, with_kraft, with_zookeeper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Self

    from confluent_kafka import KafkaError, Message

    from support.kafka.connections import Connection

FIRST_CONTROLLER = 3001
"""KRaft's controller beside a ZooKeeper, as Amazon MSK adds some for the move."""

_PATIENCE = 120.0
_BETWEEN_QUESTIONS = 0.1
_PAUSE = 0.005
"""Between two messages: some 150 a second, so that every moment of a restart has some."""


class MovingCluster(Cluster):
    """A cluster whose nodes can be restarted one by one as another Kafka, with other server properties, or with KRaft."""

    def move(self, node: int, kafka: Path, programs: Path, rendered: str) -> None:
        """Restarts a node on another Kafka with its own data, and waits until all replicas are in sync.

        Args:
            node: The node.
            kafka: The directory with that Kafka's jars.
            programs: The directory of `Node`, compiled for it.
            rendered: The server properties as the stack renders them for that version.
        """
        self._class_paths[node] = (programs, kafka)
        self._rendered = rendered
        self.restart(node)

    def restart(self, node: int) -> None:
        """Restarts a node in order, and waits until all replicas are in sync."""
        self.stop_broker(node)
        self._start(node)
        if node not in BROKERS:
            self._await_listening(node, CONTROLLER)
        self._await_brokers()


class LeavingZooKeeper(MovingCluster):
    """A cluster with a ZooKeeper, which Apache Kafka's own migration takes to KRaft.

    Apache Kafka documentation 3.9, "ZooKeeper to KRaft Migration".
    """

    _migrating: frozenset[int] = frozenset()
    _moved: frozenset[int] = frozenset()

    def add_controller(self) -> None:
        """Starts KRaft's first controller, which is to copy what the ZooKeeper has."""
        metadata = self.metadata()
        assert metadata
        assert metadata.cluster_id
        # It must be formatted with the ID that the brokers gave the cluster.
        self._cluster_id = metadata.cluster_id
        self._ports[FIRST_CONTROLLER] = {CONTROLLER: free_port()}
        self._class_paths[FIRST_CONTROLLER] = self._class_paths[METADATA_NODE]
        self._migrating |= {FIRST_CONTROLLER}
        self._start(FIRST_CONTROLLER)

    def introduce(self, broker: int, rendered: str) -> None:
        """Restarts a broker that knows of the controller as well."""
        self._rendered = rendered
        self._migrating |= {broker}
        self.restart(broker)

    def await_metadata(self) -> None:
        """Waits until the controller has all that the ZooKeeper has."""
        self._await_logged(FIRST_CONTROLLER, "Completed migration of metadata from ZooKeeper to KRaft")

    def leave(self, node: int, rendered: str) -> None:
        """Restarts a node without a ZooKeeper."""
        self._rendered = rendered
        self._moved |= {node}
        self.restart(node)

    def _who_keeps_metadata(self, node: int) -> Mapping[str, str]:
        if node not in self._migrating:
            return super()._who_keeps_metadata(node)
        kraft = with_kraft(node, FIRST_CONTROLLER, self._ports[FIRST_CONTROLLER][CONTROLLER])
        if node in self._moved:
            return kraft
        old = with_zookeeper(node, self._metadata_port)
        own = {"zookeeper.connect": old["zookeeper.connect"], "zookeeper.metadata.migration.enable": "true"}
        if node == FIRST_CONTROLLER:
            return {**kraft, **own}
        quorum = {name: value for name, value in kraft.items() if name.startswith("controller.")}
        return {**old, **own, **quorum, "listener.security.protocol.map": f"{CONTROLLER}:SSL,{ALL_LISTENERS}"}


class Traffic:
    """A producer that waits for all replicas in sync, and a group of two consumers that commits what it read.

    Args:
        connection: How they connect.
        topic: What they write and read.
        group: The group.
    """

    def __init__(self, connection: Connection, topic: str, group: str) -> None:
        self._connection = connection
        self._topic = topic
        self._group = group
        self._numbers = itertools.count()
        self._producing = threading.Event()
        self._consuming = threading.Event()
        self._threads: list[threading.Thread] = []
        self.acknowledged: list[str] = []
        self.refused: list[KafkaError] = []
        self.read: list[str] = []
        """What the group read, in the order in which it did, with what it read again."""
        self.failures: list[Exception] = []
        self.longest_silence = 0.0
        """The longest time between two acknowledgements, seconds."""
        self._last = 0.0

    def __enter__(self) -> Self:
        self._producing.set()
        self._consuming.set()
        for work in (self._produce, self._consume, self._consume):
            thread = threading.Thread(target=self._guarded, args=(work,), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._producing.clear()
        self._consuming.clear()
        for thread in self._threads:
            thread.join()

    def await_progress(self, more: int = 300) -> None:
        """Waits until so many more messages are acknowledged, and the group has read all that were acknowledged by now."""
        wanted = set(self.acknowledged)
        number = len(wanted) + more
        self._until(lambda: len(self.acknowledged) >= number and wanted <= set(self.read), f"{more} more messages")

    def finish(self) -> None:
        """Ends the producer, and waits until the group has read everything that was acknowledged."""
        self._producing.clear()
        self._threads[0].join()
        self._until(lambda: set(self.acknowledged) <= set(self.read), "the group has read everything")

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not holds():
            assert not self.failures, self.failures
            assert time.monotonic() < deadline, (
                f"not after {_PATIENCE:.0f} seconds: {what}; {len(self.acknowledged)} acknowledged, {len(self.read)} read"
            )
            time.sleep(_BETWEEN_QUESTIONS)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by whoever waits for it
            self.failures.append(error)

    def _produce(self) -> None:
        producer = Producer({**self._connection.librdkafka(), "log_level": 0, "acks": "all", "enable.idempotence": True})
        self._last = time.monotonic()
        while self._producing.is_set():
            number = next(self._numbers)
            producer.produce(self._topic, str(number).encode(), key=str(number).encode(), on_delivery=self._report)
            producer.poll(_PAUSE)
        assert producer.flush(_PATIENCE) == 0, "neither acknowledged nor refused"

    def _report(self, error: KafkaError | None, message: Message) -> None:
        if error:
            self.refused.append(error)
            return
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self._last)
        self._last = now
        self.acknowledged.append((message.value() or b"").decode())

    def _consume(self) -> None:
        consumer = Consumer(
            {
                **self._connection.librdkafka(),
                "log_level": 0,
                "group.id": self._group,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": True,
                "auto.commit.interval.ms": 200,
                "session.timeout.ms": 10_000,
            }
        )
        consumer.subscribe([self._topic])
        while self._consuming.is_set():
            message = consumer.poll(_BETWEEN_QUESTIONS)
            if message is None:
                continue
            if error := message.error():
                raise KafkaException(error)
            self.read.append((message.value() or b"").decode())
        consumer.close()
