"""Where replicas go: off brokers that are removed, over all racks, and to brokers that hold too little. As few as possible move.

Three steps, each of which only repairs what is not in order: a plan over its own result is empty.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tools.reassign.layout import (
    GOAL_PERCENT,
    Layout,
    PlanError,
    bytes_evenness,
    partitions_evenness,
    topics_by_broker,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        self._on: dict[int, set[Partition]] = {broker: set() for broker in layout.racks}
        for partition, replicas in layout.replicas.items():
            for broker in replicas:
                self._on[broker].add(partition)
        self._bytes = layout.bytes_by_broker
        self._topics = topics_by_broker(layout)
        self._share = Counter[str]()
        for replicas_of_topic in self._topics.values():
            self._share.update(replicas_of_topic)

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
        topic = self._topics[broker][partition.topic]
        return (-self._layout.spread([*others, broker]), self._bytes[broker], topic, len(self._on[broker]), broker)

    def _largest_first(self) -> list[Partition]:
        return sorted(self._replicas, key=lambda partition: (-self._sizes[partition], partition))

    def _even_out(self) -> bool:
        """Evens out bytes, then the number of partitions as far as bytes do not mind; returns whether anything moved."""
        moved = False
        now = self._layout.with_replicas(self.replicas).without(self._removed)
        if not bytes_evenness(now).is_even:
            moved |= self._evened(self._sizes.__getitem__, lambda *_: True)
            now = self._layout.with_replicas(self.replicas).without(self._removed)
        if not partitions_evenness(now).is_even:
            keeps_bytes = _Excess(sum(self._bytes.values()), len(self._kept))
            moved |= self._evened(lambda _: 1, self._keeping(keeps_bytes))
        return moved

    def _keeping(self, excess: _Excess) -> Callable[[Partition, int, int], bool]:
        def keeps(partition: Partition, giver: int, taker: int) -> bool:
            given, taken, size = self._bytes[giver], self._bytes[taker], self._sizes[partition]
            return excess.of(given - size) + excess.of(taken + size) <= excess.of(given) + excess.of(taken)

        return keeps

    def _evened(self, weight: Callable[[Partition], int], allowed: Callable[[Partition, int, int], bool]) -> bool:
        loads = {broker: sum(map(weight, self._on[broker])) for broker in self._kept}
        excess = _Excess(sum(loads.values()), len(loads))
        moved = False
        while step := self._step(loads, excess, weight, allowed):
            partition, giver, taker = step
            self._move(partition, giver, taker)
            loads[giver] -= weight(partition)
            loads[taker] += weight(partition)
            moved = True
        return moved

    def _step(
        self,
        loads: dict[int, int],
        excess: _Excess,
        weight: Callable[[Partition], int],
        allowed: Callable[[Partition, int, int], bool],
    ) -> tuple[Partition, int, int] | None:
        """The next replica to move, from whom and to whom; None when none would bring brokers nearer to the mean."""
        for giver, taker in _pairs(loads):
            before = excess.of(loads[giver]) + excess.of(loads[taker])
            if not before:
                continue
            candidates = [
                partition
                for partition in self._on[giver] - self._on[taker]
                if excess.of(loads[giver] - weight(partition)) + excess.of(loads[taker] + weight(partition)) < before
                and self._stays_spread(partition, giver, taker)
                and allowed(partition, giver, taker)
            ]
            if candidates:
                gap = loads[giver] - loads[taker]
                return min(candidates, key=lambda partition: self._reluctance(partition, giver, taker, gap, weight)), giver, taker
        return None

    def _stays_spread(self, partition: Partition, giver: int, taker: int) -> bool:
        if self._racks[giver] == self._racks[taker]:
            return True
        replicas = self._replicas[partition]
        return self._layout.spread(taker if broker == giver else broker for broker in replicas) >= self._layout.spread(replicas)

    def _reluctance(
        self, partition: Partition, giver: int, taker: int, gap: int, weight: Callable[[Partition], int]
    ) -> tuple[bool, float, bool, int, Partition]:
        """The lower, the rather a partition moves.

        First those that do not make the taker the fuller one; then topics of which the giver has most in proportion, so that no
        topic crowds on the new brokers; then leaders, which are lacking where replicas are; then the large ones, which are fewer.
        """
        topics = partition.topic
        surplus = (self._topics[giver][topics] - self._topics[taker][topics]) / self._share[topics]
        return (
            2 * weight(partition) > gap,
            -surplus,
            self._replicas[partition][0] != giver,
            -self._sizes[partition],
            partition,
        )

    def _move(self, partition: Partition, giver: int, taker: int) -> None:
        replicas = self._replicas[partition]
        replicas[replicas.index(giver)] = taker
        self._on[giver].remove(partition)
        self._on[taker].add(partition)
        self._bytes[giver] -= self._sizes[partition]
        self._bytes[taker] += self._sizes[partition]
        self._topics[giver][partition.topic] -= 1
        self._topics[taker][partition.topic] += 1


class _Excess:
    """How far outside of the goal a load is. Whole numbers, so that a step that brings nothing is not taken for one that does."""

    def __init__(self, total: int, brokers: int) -> None:
        self._brokers = brokers
        self._highest = total * (_WHOLE + GOAL_PERCENT)
        self._lowest = total * (_WHOLE - GOAL_PERCENT)

    def of(self, load: int) -> int:
        scaled = load * self._brokers * _WHOLE
        return max(0, scaled - self._highest, self._lowest - scaled)


def _pairs(loads: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Givers and takers, the widest gap first."""
    ordered = sorted(loads, key=lambda broker: (loads[broker], broker))
    gaps = [
        (loads[taker] - loads[giver], giver, taker)
        for position, taker in enumerate(ordered)
        for giver in ordered[position + 1 :]
        if loads[giver] > loads[taker]
    ]
    yield from ((giver, taker) for _, giver, taker in sorted(gaps))
