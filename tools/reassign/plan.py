"""The plan: which partitions move, in which batches, and how long that takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.reassign.layout import Layout
from tools.reassign.leaders import with_even_leaders
from tools.reassign.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.reassign.layout import Partition, Replicas


@dataclass(frozen=True, slots=True)
class Move:
    """A partition that moves, or only changes the order in which its replicas are preferred as leaders.

    Attributes:
        partition: The partition.
        before: Its replicas.
        after: Its replicas when it has moved.
        size: The bytes of one replica.
    """

    partition: Partition
    before: Replicas
    after: Replicas
    size: int

    @property
    def takers(self) -> list[int]:
        """Brokers that get a replica which they had not."""
        return [broker for broker in self.after if broker not in self.before]

    @property
    def bytes(self) -> int:
        """What has to be copied."""
        return self.size * len(self.takers)


def moves(layout: Layout, removed: Iterable[int] = ()) -> list[Move]:
    """The moves that empty brokers, spread replicas over all racks, and make bytes and leaders even; none if all that is so.

    Args:
        layout: Where the replicas are.
        removed: Brokers that are to hold nothing.

    Raises:
        PlanError: Too few brokers stay for a partition's replicas.
    """
    gone = frozenset(removed)
    placement = Placement(layout, gone)
    placement.settle()
    placed = layout.with_replicas(placement.replicas).without(gone)
    moving = {partition for partition, replicas in placed.replicas.items() if set(replicas) != set(layout.replicas[partition])}
    after = with_even_leaders(placed, moving)
    return [
        Move(partition, before, after[partition], layout.sizes[partition])
        for partition, before in layout.replicas.items()
        if after[partition] != before
    ]


def batches(moved: Iterable[Move], most: int) -> list[list[Move]]:
    """The moves in batches, those with few bytes first: what is wrong shows early, and the small do not wait for the large.

    Args:
        moved: The moves.
        most: Partitions in a batch.
    """
    ordered = sorted(moved, key=lambda move: (move.bytes, move.partition))
    return [ordered[start : start + most] for start in range(0, len(ordered), most)]


def seconds(plan: Sequence[Sequence[Move]], throttle: int) -> float:
    """How long the copying takes at least: each batch as long as its busiest broker.

    Args:
        plan: The batches.
        throttle: Bytes a second that a broker may copy, out and in, each.
    """
    total = 0
    for batch in plan:
        taken, given = Counter[int](), Counter[int]()
        for move in batch:
            given[move.before[0]] += move.bytes
            for broker in move.takers:
                taken[broker] += move.size
        total += max([0, *taken.values(), *given.values()])
    return total / throttle
