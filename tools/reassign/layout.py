"""Which replicas are on which brokers, and how evenly: what a plan begins with and what it ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

BOUND_PERCENT: Final = 10
"""How far a broker may be from the mean before anything is moved, percent. Kafka's own leader balancer takes the same figure
(Apache Kafka, broker configuration, ``leader.imbalance.per.broker.percentage``)."""
GOAL_PERCENT: Final = 5
"""How near to the mean a plan brings a broker that is outside of the bound, percent. Half of the bound, so that a cluster under
load does not leave it again while the plan is carried out."""


class Partition(NamedTuple):
    """A partition of a topic."""

    topic: str
    number: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.number}"


Replicas = tuple[int, ...]
"""Brokers with a partition's replicas. The first one is preferred as its leader."""


class PlanError(Exception):
    """There is no such plan; the message says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Partitions on brokers.

    Attributes:
        racks: The rack, which is an Availability Zone, of every broker.
        replicas: The replicas of every partition that may be moved.
        sizes: The bytes of one replica of each of them.
    """

    racks: Mapping[int, str]
    replicas: Mapping[Partition, Replicas]
    sizes: Mapping[Partition, int]

    def with_replicas(self, changed: Mapping[Partition, Replicas]) -> Layout:
        """The same with other replicas of some partitions."""
        return Layout(self.racks, {**self.replicas, **changed}, self.sizes)

    def without(self, brokers: Iterable[int]) -> Layout:
        """The same as if some brokers were not counted."""
        gone = frozenset(brokers)
        return Layout({broker: rack for broker, rack in self.racks.items() if broker not in gone}, self.replicas, self.sizes)

    @property
    def bytes_by_broker(self) -> dict[int, int]:
        """The bytes on each broker."""
        return self._by_broker({partition: (replicas, self.sizes[partition]) for partition, replicas in self.replicas.items()})

    @property
    def partitions_by_broker(self) -> dict[int, int]:
        """The replicas on each broker, as Amazon MSK's limits count them."""
        return self._by_broker({partition: (replicas, 1) for partition, replicas in self.replicas.items()})

    @property
    def leaders_by_broker(self) -> dict[int, int]:
        """The partitions that prefer each broker as their leader."""
        return self._by_broker({partition: (replicas[:1], 1) for partition, replicas in self.replicas.items()})

    def _by_broker(self, weights: Mapping[Partition, tuple[Replicas, int]]) -> dict[int, int]:
        loads = dict.fromkeys(sorted(self.racks), 0)
        for replicas, weight in weights.values():
            for broker in replicas:
                if broker in loads:
                    loads[broker] += weight
        return loads

    def spread(self, replicas: Iterable[int]) -> int:
        """Over how many racks replicas are."""
        return len({self.racks[broker] for broker in replicas})


def removable_with(racks: Mapping[int, str | None], wanted: Collection[int]) -> frozenset[int]:
    """The brokers that Amazon MSK can remove where some are wanted away: of each rack equally many, the highest.

    Args:
        racks: The rack of every broker.
        wanted: Brokers that someone wants to remove.
    """
    in_rack: dict[str | None, list[int]] = {}
    for broker in sorted(racks):
        in_rack.setdefault(racks[broker], []).append(broker)
    most = max(len(set(wanted) & set(brokers)) for brokers in in_rack.values())
    return frozenset(broker for brokers in in_rack.values() for broker in brokers[len(brokers) - most :])


@dataclass(frozen=True, slots=True)
class Evenness:
    """How far brokers are from their mean.

    Attributes:
        mean: The mean.
        furthest: How far the broker is that is furthest from it.
        allowed: How far it may be.
    """

    mean: float
    furthest: float
    allowed: float

    @property
    def is_even(self) -> bool:
        """Whether no broker is further from the mean than it may be."""
        return self.furthest <= self.allowed

    @property
    def percent(self) -> float:
        """How far the furthest broker is from the mean, percent of the mean."""
        return 100 * self.furthest / self.mean if self.mean else 0.0


def evenness(loads: Mapping[int, int], largest: int) -> Evenness:
    """How evenly something is spread over brokers.

    Args:
        loads: How much of it each broker has.
        largest: The largest piece of it. Pieces are not cut, so a broker may be off by as much as one.
    """
    mean = sum(loads.values()) / len(loads)
    furthest = max(abs(load - mean) for load in loads.values())
    return Evenness(mean, furthest, max(mean * BOUND_PERCENT / 100, largest))


def bytes_evenness(layout: Layout) -> Evenness:
    """How evenly bytes are spread: within 10 % of the mean, or within the largest partition where that is more."""
    return evenness(layout.bytes_by_broker, max(layout.sizes.values(), default=0))


def leaders_evenness(layout: Layout) -> Evenness:
    """How evenly preferred leaders are spread: within 10 % of the mean, or within one."""
    return evenness(layout.leaders_by_broker, 1)


def partitions_evenness(layout: Layout) -> Evenness:
    """How evenly replicas are spread: within 10 % of the mean, or within one."""
    return evenness(layout.partitions_by_broker, 1)
