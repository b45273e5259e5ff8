"""Who leads: the replica that stands first is preferred. Another order moves no bytes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tools.reassign.layout import GOAL_PERCENT, leaders_evenness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tools.reassign.layout import Layout, Partition, Replicas


def with_even_leaders(layout: Layout, moving: Collection[Partition]) -> dict[Partition, Replicas]:
    """The replicas of every partition, in an order that spreads the preferred leaders evenly if they are not.

    A leadership goes from a broker with many to one with few, over others in between where the two share no partition. That finds
    the most even order that the replicas' places allow.

    Args:
        layout: Where the replicas are.
        moving: Partitions that move anyhow, whose order is changed first.
    """
    replicas = dict(layout.replicas)
    if leaders_evenness(layout).is_even:
        return replicas
    counts = layout.leaders_by_broker
    # Kept in order, which a set is not: the same cluster gets the same plan.
    led: dict[int, dict[Partition, None]] = {broker: {} for broker in counts}
    for partition in sorted(replicas, key=lambda partition: (partition not in moving, partition)):
        led[replicas[partition][0]][partition] = None
    while path := _path(counts, led, replicas):
        for partition, leader in path:
            former = replicas[partition][0]
            counts[former] -= 1
            counts[leader] += 1
            del led[former][partition]
            led[leader][partition] = None
            replicas[partition] = _led_by(leader, replicas[partition])
    return replicas


def _led_by(leader: int, replicas: Replicas) -> Replicas:
    """The two change places; the others stay where they are."""
    return tuple(leader if broker == replicas[0] else replicas[0] if broker == leader else broker for broker in replicas)


def _path(
    counts: Mapping[int, int], led: Mapping[int, Iterable[Partition]], replicas: Mapping[Partition, Replicas]
) -> list[tuple[Partition, int]]:
    """The shortest way to even two brokers out: partitions with their new leaders; none where there is no way."""
    mean = sum(counts.values()) / len(counts)
    near = mean * GOAL_PERCENT / 100
    for giver in sorted(counts, key=lambda broker: (-counts[broker], broker)):
        takers = {
            broker
            for broker, count in counts.items()
            if counts[giver] - count > 1 and (counts[giver] - mean > near or mean - count > near)
        }
        if takers and (path := _search(giver, takers, led, replicas)):
            return path
    return []


def _search(
    giver: int, takers: Collection[int], led: Mapping[int, Iterable[Partition]], replicas: Mapping[Partition, Replicas]
) -> list[tuple[Partition, int]]:
    came_by: dict[int, tuple[int, Partition]] = {}
    waiting = deque([giver])
    while waiting:
        broker = waiting.popleft()
        for partition in led[broker]:
            for other in replicas[partition][1:]:
                if other == giver or other in came_by:
                    continue
                came_by[other] = (broker, partition)
                if other in takers:
                    return _walked(other, giver, came_by)
                waiting.append(other)
    return []


def _walked(taker: int, giver: int, came_by: Mapping[int, tuple[int, Partition]]) -> list[tuple[Partition, int]]:
    path = []
    while taker != giver:
        broker, partition = came_by[taker]
        path.append((partition, taker))
        taker = broker
    return path
