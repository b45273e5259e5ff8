"""The plan for people: what moves, how long it takes, and how even the brokers are before and after."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from tools.reassign.layout import BOUND_PERCENT, bytes_evenness, leaders_evenness
from tools.reassign.plan import seconds
from tools.reassign.terms import MEGABYTE
from tools.report.sections import Column, Line, Mark, Section, Table
from tools.shared.amounts import counted, duration, size

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from tools.reassign.layout import Evenness, Layout
    from tools.reassign.plan import Move
    from tools.report.sections import Block

_TOPICS: Final = 10
"""Topics that are shown one by one."""


def plan_section(batches: Sequence[Sequence[Move]], throttle: int, reason: str, notes: Iterable[Line]) -> Section:
    """What moves, and how long it takes."""
    moved = [move for batch in batches for move in batch]
    copying = [move for move in moved if move.takers]
    ordered = len(moved) - len(copying)
    lines: list[Block] = []
    if copying:
        replicas = counted(sum(len(move.takers) for move in copying), "replica")
        copied = size(sum(move.bytes for move in copying))
        lines.append(
            Line(f"{counted(len(copying), 'partition')} {'move' if len(copying) > 1 else 'moves'}: {replicas}, {copied} to copy")
        )
    if ordered:
        lines.append(Line(f"{counted(ordered, 'partition')} only {'get' if ordered > 1 else 'gets'} another preferred leader"))
    most = max(map(len, batches))
    lines.append(Line(f"{counted(len(batches), 'batch', 'batches')} of at most {counted(most, 'partition')}"))
    at_least, rate = duration(math.ceil(seconds(batches, throttle)) or 1), f"{throttle / MEGABYTE:.3g} MB/s"
    lines.append(Line(f"At least {at_least} with a throttle of {rate} in and out of each broker ({reason})"))
    lines.extend(notes)
    return Section("Plan", tuple(lines))


def topics_section(batches: Sequence[Sequence[Move]]) -> Section:
    """The topics of which partitions move, those with most bytes first; the rest in one row."""
    partitions, copied = Counter[str](), Counter[str]()
    for batch in batches:
        for move in batch:
            partitions[move.partition.topic] += 1
            copied[move.partition.topic] += move.bytes
    names = sorted(partitions, key=lambda topic: (-copied[topic], topic))
    rows = [(topic, f"{partitions[topic]}", size(copied[topic])) for topic in names[:_TOPICS]]
    if more := names[_TOPICS:]:
        rows.append(
            (
                f"{counted(len(more), 'more topic')}",
                f"{sum(partitions[topic] for topic in more)}",
                size(sum(copied[topic] for topic in more)),
            )
        )
    columns = (Column("Topic", wraps=True), Column("Partitions", right=True), Column("To copy", right=True))
    return Section("Topics", (Table(columns, tuple(rows)),), counted(len(names), "topic"))


def brokers_section(now: Layout, after: Layout, removed: Collection[int] = ()) -> Section:
    """Each broker before and after, and whether that is even.

    Args:
        now: Where the replicas are.
        after: Where they will be; the same if nothing moves.
        removed: Brokers that are emptied.
    """
    changes = now.replicas != after.replicas
    columns = (
        Column("Broker", right=True),
        Column("Zone"),
        *(Column(title, right=True) for title in ("Leaders", "Partitions", "Size")),
    )

    def cell(before: int, then: int, shown: Callable[[int], str]) -> str:
        return f"{shown(before)} \N{RIGHTWARDS ARROW} {shown(then)}" if changes else shown(before)

    pairs = (
        (now.leaders_by_broker, after.leaders_by_broker, str),
        (now.partitions_by_broker, after.partitions_by_broker, str),
        (now.bytes_by_broker, after.bytes_by_broker, size),
    )
    rows = [
        (
            f"{broker}",
            now.racks[broker],
            *(cell(before[broker], then[broker], shown) for before, then, shown in pairs),
        )
        for broker in sorted(now.racks)
    ]
    kept = after.without(removed)
    verb = "will be" if changes else "are"
    return Section(
        "Brokers",
        (
            Table(columns, tuple(rows)),
            _even_line(f"Leaders {verb}", leaders_evenness(kept)),
            _even_line(f"Bytes {verb}", bytes_evenness(kept)),
        ),
        "now \N{RIGHTWARDS ARROW} then" if changes else "",
    )


def _even_line(what: str, evenness: Evenness) -> Line:
    how = f"{evenness.percent:.0f} % off the mean at most (bound: {BOUND_PERCENT} % or a partition)"
    return Line(f"{what} {'even' if evenness.is_even else 'uneven'}: {how}", Mark.PASSED if evenness.is_even else Mark.FAIL)
