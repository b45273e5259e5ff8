"""The ACLs of a cluster, through Kafka's own tools. The only way in which this command touches a cluster."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.acls.reading import cluster_id_in, entries_in

if TYPE_CHECKING:
    from tools.acls.batches import Batch
    from tools.acls.reading import Entry
    from tools.shared.kafka_tools import KafkaTools

NEEDED: Final = ("kafka-acls.sh", "kafka-cluster.sh")
"""Those of Kafka's tools that this command runs."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ACLs of a cluster at one moment.

    Attributes:
        cluster_id: The id that the cluster itself has.
        entries: All of its ACLs.
    """

    cluster_id: str
    entries: frozenset[Entry]


class Kafka:
    """A cluster, through Kafka's tools.

    Every method may raise `CommandError`: a tool failed, in its own words, or prints what cannot be read.

    Args:
        tools: The tools, for the cluster.
    """

    def __init__(self, tools: KafkaTools) -> None:
        self._run = tools.run

    def snapshot(self) -> Snapshot:
        """The ACLs as they are now."""
        # Each starts a Java program, which mostly waits.
        with ThreadPoolExecutor(2) as pool:
            cluster = pool.submit(self._run, "kafka-cluster.sh", "cluster-id")
            entries = pool.submit(self.entries)
            return Snapshot(cluster_id_in(cluster.result()), entries.result())

    def entries(self) -> frozenset[Entry]:
        """The ACLs as they are now, without asking again whose they are."""
        return frozenset(entries_in(self._run("kafka-acls.sh", "--list")))

    def add(self, batch: Batch) -> None:
        """Makes ACLs; those that are there already stay as they are."""
        self._run("kafka-acls.sh", "--add", *batch.options)

    def remove(self, batch: Batch) -> None:
        """Takes ACLs away: these alone, and none that is like them; those that are gone already are no error."""
        self._run("kafka-acls.sh", "--remove", "--force", *batch.options)
