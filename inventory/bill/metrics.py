"""What CloudWatch charges for the metrics of a cluster above the default monitoring level.

Source: MSK Developer Guide, "Amazon MSK metrics for monitoring ... with CloudWatch": those of DEFAULT are free, the others cost
what CloudWatch charges for a metric. How many there are follows from `domain.msk.metrics`; a metric is each of its series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.msk.metrics import BROKER_ID, CONSUMER_GROUP, METRICS, PARTITION, TOPIC, Level, Only, kind_of
from inventory import prices
from inventory.bill.lines import Basis, CostLine, counted
from inventory.rows import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.msk.brokers import BrokerType
    from domain.msk.metrics import Metric
    from inventory.clusters import ClusterRows, StatedWorkload
    from inventory.rows import ResourceRow

PARTITIONS_OF_A_TOPIC = 6
"""Partitions taken for each topic that is not in the stack: this project's own assumption."""


@dataclass(frozen=True, slots=True)
class Topics:
    """How many topics a cluster has, and how many leaders' brokers they are on.

    Attributes:
        count: Topics.
        assumed: Those of them that are not in the stack.
        on_brokers: For each topic the brokers that lead one of its partitions, added up.
    """

    count: int
    assumed: int
    on_brokers: int


def topics_of(inventory: ClusterRows, cluster: ResourceRow, brokers: int, partitions: int) -> Topics:
    """The topics of a cluster: those in the stack, and as many more as the other stated partitions make."""
    declared = [get(topic["inputs"], "partitionCount") for topic in inventory.topics(cluster)]
    sizes = [size if isinstance(size, int) else PARTITIONS_OF_A_TOPIC for size in declared]
    assumed = math.ceil(max(0, partitions - sum(sizes)) / PARTITIONS_OF_A_TOPIC)
    sizes += [PARTITIONS_OF_A_TOPIC] * assumed
    return Topics(len(sizes), assumed, sum(min(brokers, size) for size in sizes))


def metric_lines(
    inventory: ClusterRows, cluster: ResourceRow, broker: BrokerType, brokers: int, workload: StatedWorkload | None
) -> Iterator[CostLine]:
    """The lines of enhanced monitoring; none at the default level."""
    stated = get(cluster["inputs"], "enhancedMonitoring", Level.DEFAULT.value)
    if stated == Level.DEFAULT.value:
        return
    key, item = "enhanced monitoring", f"enhanced monitoring {stated}"
    if stated not in {level.value for level in Level}:
        note = "The level is not known, so its metrics cannot be counted."
        yield CostLine(key, item, Basis.NOT_PRICED, None, None, note)
        return
    level = Level(stated)
    charged = [row for row in METRICS if row.kind is kind_of(broker) and _is_charged(row, level, cluster, broker)]
    of_brokers = brokers * sum(set(row.dimensions[1:]) == {BROKER_ID} for row in charged)
    of_topics = sum(set(row.dimensions[1:]) == {BROKER_ID, TOPIC} for row in charged)
    of_partitions = sum(set(row.dimensions[1:]) == {CONSUMER_GROUP, TOPIC, PARTITION} for row in charged)
    notes = [
        "CloudWatch charges for each metric while it has values; all are assumed to have values, and to be the account's first."
    ]
    basis, count = Basis.FIXED, of_brokers
    if (of_topics or of_partitions) and workload is None:
        note = "Metrics of brokers only; no workload is stated, so those of topics and partitions are missing."
        yield from _tiers(key, item, Basis.FIXED, of_brokers, [notes[0], note])
        yield CostLine(f"{key} of topics", f"{item}, topics", Basis.USAGE, None, prices.CUSTOM_METRIC)
        return
    if workload and of_topics:
        topics = topics_of(inventory, cluster, brokers, workload.partitions)
        count += of_topics * topics.on_brokers
        basis = Basis.WORKLOAD
        more = f", {topics.assumed} of them assumed with {PARTITIONS_OF_A_TOPIC} partitions each" if topics.assumed else ""
        notes.append(f"Counted for {counted(topics.count, 'topic')}{more}, each on the brokers that lead its partitions.")
    if workload and of_partitions:
        groups = math.ceil(workload.fan_out)
        count += of_partitions * groups * workload.partitions
        basis = Basis.WORKLOAD
        partitions = counted(workload.partitions, "partition")
        notes.append(f"Each of {partitions} is assumed to be read by {counted(groups, 'consumer group')}, as fanOut says.")
    yield from _tiers(key, item, basis, count, notes)


def _is_charged(row: Metric, level: Level, cluster: ResourceRow, broker: BrokerType) -> bool:
    if row.level is Level.DEFAULT or row.level not in level.up_to:
        return False
    if row.only is Only.TIERED:
        return bool(get(cluster["inputs"], "storageMode") == "TIERED")
    return row.only is not Only.BURSTABLE or broker.is_burstable


def _tiers(key: str, item: str, basis: Basis, count: int, notes: list[str]) -> Iterator[CostLine]:
    """A line for each tier of prices that the metrics reach."""
    start = 0.0
    for end, price in prices.METRIC_TIERS:
        if count > start:
            words = item if start == 0 else f"{item}, above {start:,.0f} metrics"
            yield CostLine(key, words, basis, min(count, end) - start, price, " ".join(notes) if start == 0 else "")
        start = end
