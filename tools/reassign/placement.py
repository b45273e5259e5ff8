"""Where replicas go: off brokers that are removed, over all racks, and to brokers that hold too little. As few as possible move.

Three steps, each of which only repairs what is not in order: a plan over its own result is empty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tools.reassign.layout import (
    GOAL_PERCENT,
    Layout,
    PlanError,
    bytes_evenness,
    partitions_evenness,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.reassign.layout import Partition, Replicas

_WHOLE = 100


class Placement:
    """Replicas while they are moved in thought.

    Args:
        layout: Where they are.
        removed: Brokers that are to hold nothing.
    """

    def __init__(self, layout: Layout, removed: frozenset[int]) -> None:
        self._layout = layout
        self._racks = layout.racks
        self._removed = removed
        self._kept = sorted(set(layout.racks) - removed)
        self._replicas = {partition: list(replicas) for partition, replicas in layout.replicas.items()}
        self._sizes = layout.sizes
        self._on: dict[int, defaultdict[str, set[Partition]]] = {broker: defaultdict(set) for broker in layout.racks}
        for partition, replicas in layout.replicas.items():
            for broker in replicas:
                self._on[broker][partition.topic].add(partition)
        self._bytes = layout.bytes_by_broker
        self._partitions = layout.partitions_by_broker
        self._total = Counter(partition.topic for partition, replicas in layout.replicas.items() for _ in replicas)

    @property
    def replicas(self) -> dict[Partition, Replicas]:
        """The replicas of every partition as they are now."""
        return {partition: tuple(replicas) for partition, replicas in self._replicas.items()}

    def settle(self) -> None:
        """Takes all three steps.

        Raises:
            PlanError: Too few brokers stay for a partition's replicas.
        """
        self._empty_removed()
        self._spread_over_racks()
        while self._even_out():
            pass

    def _empty_removed(self) -> None:
        for partition in self._largest_first():
            for broker in [broker for broker in self._replicas[partition] if broker in self._removed]:
                others = [other for other in self._replicas[partition] if other != broker]
                free = [other for other in self._kept if other not in others]
                if not free:
                    raise PlanError(
                        f"{partition} has {len(others) + 1} replicas, and only {len(self._kept)} brokers stay. Keep more brokers."
                    )
                self._move(partition, broker, min(free, key=lambda other: self._rank(partition, others, other)))

    def _spread_over_racks(self) -> None:
        racks = {self._racks[broker] for broker in self._kept}
        for partition in self._largest_first():
            replicas = self._replicas[partition]
            while self._layout.spread(replicas) < min(len(replicas), len(racks)):
                crowded = Counter(self._racks[broker] for broker in replicas)
                # The last one of the most crowded rack: the preferred leader stays if it can.
                leaving = max(reversed(replicas), key=lambda broker: crowded[self._racks[broker]])
                others = [other for other in replicas if other != leaving]
                free = [broker for broker in self._kept if self._racks[broker] not in crowded]
                self._move(partition, leaving, min(free, key=lambda other: self._rank(partition, others, other)))

    def _rank(self, partition: Partition, others: list[int], broker: int) -> tuple[int, ...]:
        """The lower, the better a broker is for a replica."""
        topic = len(self._on[broker][partition.topic])
        return (-self._layout.spread([*others, broker]), self._bytes[broker], topic, self._partitions[broker], broker)

    def _largest_first(self) -> list[Partition]:
        return sorted(self._replicas, key=lambda partition: (-self._sizes[partition], partition))

    def _even_out(self) -> bool:
        """Evens out bytes, then the number of partitions as far as bytes do not mind; returns whether anything moved."""
        moved = False
        now = self._layout.with_replicas(self.replicas).without(self._removed)
        if not bytes_evenness(now).is_even:
            moved |= self._evened(self._bytes, self._sizes, None)
            now = self._layout.with_replicas(self.replicas).without(self._removed)
        if not partitions_evenness(now).is_even:
            moved |= self._evened(self._partitions, dict.fromkeys(self._sizes, 1), self._bytes)
        return moved

    def _evened(self, loads: Mapping[int, int], weights: Mapping[Partition, int], guarded: Mapping[int, int] | None) -> bool:
        """Moves until no step brings a broker nearer to the mean; returns whether anything moved.

        Args:
            loads: What is evened out, of each broker.
            weights: How much of it each partition has.
            guarded: The bytes of each broker where they must not get less even by it.
        """
        moved = False
        while step := self._step(loads, weights, guarded):
            self._move(*step)
            moved = True
        return moved

    def _step(
        self, loads: Mapping[int, int], weights: Mapping[Partition, int], guarded: Mapping[int, int] | None
    ) -> tuple[Partition, int, int] | None:
        """The next replica to move, from whom and to whom; None when none would bring brokers nearer to the mean."""
        for giver, taker in self._pairs(loads):
            change = self._gain(loads, giver, taker)
            if not change.before:
                continue
            guard = self._gain(guarded, giver, taker) if guarded else None
            gap = loads[giver] - loads[taker]
            topics = sorted(filter(self._on[giver].get, self._on[giver]), key=lambda topic: self._order(topic, giver, taker))
            # First those that do not make the taker the fuller one of the two.
            for overshoots in (False, True):
                for topic in topics:
                    candidates = [
                        partition
                        for partition in self._on[giver][topic]
                        if (2 * weights[partition] > gap) is overshoots
                        and change.after(weights[partition]) < change.before
                        and (guard is None or guard.after(self._sizes[partition]) <= guard.before)
                        and taker not in self._replicas[partition]
                        and self._stays_spread(partition, giver, taker)
                    ]
                    if candidates:
                        return min(candidates, key=lambda partition: self._reluctance(partition, giver)), giver, taker
        return None

    def _pairs(self, loads: Mapping[int, int]) -> list[tuple[int, int]]:
        """Givers and takers: those in one rack first, between which every replica can move, and the widest gap first."""
        pairs = [(giver, taker) for giver in self._kept for taker in self._kept if loads[giver] > loads[taker]]
        return sorted(
            pairs, key=lambda pair: (self._racks[pair[0]] != self._racks[pair[1]], loads[pair[1]] - loads[pair[0]], pair)
        )

    def _gain(self, loads: Mapping[int, int], giver: int, taker: int) -> _Gain:
        return _Gain(loads[giver], loads[taker], sum(loads[broker] for broker in self._kept), len(self._kept))

    def _order(self, topic: str, giver: int, taker: int) -> tuple[float, str]:
        """Topics of which the giver has most in proportion come first, so that no topic crowds on the new brokers."""
        return (len(self._on[taker][topic]) - len(self._on[giver][topic])) / self._total[topic], topic

    def _reluctance(self, partition: Partition, giver: int) -> tuple[bool, int, Partition]:
        """Leaders go first, which are lacking where replicas are; then the large ones, of which fewer have to."""
        return self._replicas[partition][0] != giver, -self._sizes[partition], partition

    def _stays_spread(self, partition: Partition, giver: int, taker: int) -> bool:
        if self._racks[giver] == self._racks[taker]:
            return True
        replicas = self._replicas[partition]
        return self._layout.spread(taker if broker == giver else broker for broker in replicas) >= self._layout.spread(replicas)

    def _move(self, partition: Partition, giver: int, taker: int) -> None:
        replicas = self._replicas[partition]
        replicas[replicas.index(giver)] = taker
        for broker, sign in ((giver, -1), (taker, 1)):
            self._bytes[broker] += sign * self._sizes[partition]
            self._partitions[broker] += sign
        self._on[giver][partition.topic].remove(partition)
        self._on[taker][partition.topic].add(partition)


class _Gain:
    """How far outside of the goal two brokers are, before and after one gives to the other.

    Whole numbers, so that a step that brings nothing is not taken for one that does.
    """

    def __init__(self, giver: int, taker: int, total: int, brokers: int) -> None:
        self._giver, self._taker, self._scale = giver, taker, brokers * _WHOLE
        self._highest, self._lowest = total * (_WHOLE + GOAL_PERCENT), total * (_WHOLE - GOAL_PERCENT)
        self.before = self.after(0)

    def after(self, weight: int) -> int:
        given, taken = (self._giver - weight) * self._scale, (self._taker + weight) * self._scale
        return max(0, given - self._highest, self._lowest - given) + max(0, taken - self._highest, self._lowest - taken)
