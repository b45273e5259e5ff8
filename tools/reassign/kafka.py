"""A cluster whose partitions are moved, through Kafka's own tools. The only way in which this command touches a cluster."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from tools.reassign.reading import (
    Snapshot,
    brokers_in,
    moving_in,
    sizes_in,
    still_moving_in,
    throttled_brokers_in,
    topics_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.reassign.layout import Partition, Replicas
    from tools.shared.kafka_tools import KafkaTools

NEEDED: Final = (
    "kafka-broker-api-versions.sh",
    "kafka-configs.sh",
    "kafka-leader-election.sh",
    "kafka-log-dirs.sh",
    "kafka-reassign-partitions.sh",
    "kafka-topics.sh",
)
"""Those of Kafka's tools that this command runs."""


class Kafka:
    """A cluster, through Kafka's tools.

    Every method may raise `CommandError`: a tool failed, in its own words, or prints what cannot be read.

    Args:
        tools: The tools, for the cluster.
    """

    def __init__(self, tools: KafkaTools) -> None:
        self._run = tools.run
        self._run_with_file = tools.run_with_file

    def snapshot(self) -> Snapshot:
        """The cluster as it is now."""
        questions = (
            ("kafka-broker-api-versions.sh",),
            ("kafka-topics.sh", "--describe"),
            ("kafka-log-dirs.sh", "--describe"),
            ("kafka-configs.sh", "--describe", "--entity-type", "brokers"),
        )
        # Each starts a Java program, which mostly waits.
        with ThreadPoolExecutor(len(questions)) as pool:
            brokers, topics, sizes, configs = pool.map(lambda question: self._run(*question), questions)
        described = topics_in(topics)
        throttles = [*throttled_brokers_in(configs), *(f"topic {topic}" for topic in described.throttled)]
        return Snapshot(brokers_in(brokers), described, sizes_in(sizes), throttles)

    def moving(self) -> set[Partition]:
        """The partitions that are being moved, whoever moves them."""
        return moving_in(self._run("kafka-reassign-partitions.sh", "--list"))

    def start(self, targets: Mapping[Partition, Replicas], throttle: int, *, moving: bool) -> None:
        """Starts to move partitions. Kafka's tool refuses while others are being moved.

        Args:
            targets: The replicas that each is to have.
            throttle: Bytes a second that a broker may copy, out and in, each.
            moving: Whether these are being moved already: they go on, with this throttle.
        """
        self._reassign(targets, "--execute", *(["--additional"] if moving else []), "--throttle", str(throttle))

    def still_moving(self, targets: Mapping[Partition, Replicas]) -> set[Partition]:
        """Which of them are not where they are to be yet. Once nothing moves, Kafka's tool takes the throttle off here."""
        return still_moving_in(self._reassign(targets, "--verify"), targets)

    def cancel(self, targets: Mapping[Partition, Replicas]) -> None:
        """Puts back those that are being moved, and takes the throttle off."""
        self._reassign(targets, "--cancel")

    def elect_preferred(self, partitions: Iterable[Partition]) -> None:
        """Makes the first replica of each the leader."""
        entries = [{"topic": partition.topic, "partition": partition.number} for partition in partitions]
        self._with_file(entries, "kafka-leader-election.sh", "--path-to-json-file", "--election-type", "preferred")

    def _reassign(self, targets: Mapping[Partition, Replicas], *arguments: str) -> str:
        entries = [
            {"topic": partition.topic, "partition": partition.number, "replicas": list(replicas)}
            for partition, replicas in targets.items()
        ]
        return self._with_file(entries, "kafka-reassign-partitions.sh", "--reassignment-json-file", *arguments)

    def _with_file(self, partitions: list[dict[str, object]], tool: str, option: str, *arguments: str) -> str:
        return self._run_with_file(tool, *arguments, option=option, text=json.dumps({"version": 1, "partitions": partitions}))
