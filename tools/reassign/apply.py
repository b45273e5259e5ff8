"""Carries a plan out, batch by batch, so that it can be interrupted at any moment and gone on with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tools.reassign.plan import seconds
from tools.reassign.reading import listed
from tools.shared.amounts import duration, size

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tools.reassign.kafka import Kafka
    from tools.reassign.plan import Move
    from tools.reassign.progress import Progress
    from tools.reassign.reading import Snapshot

_SHORTEST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
"""Seconds between two questions. Each starts a Java program, so they become fewer."""
_SLOW: Final = 3
"""From how many times the expected time on a batch is called slow."""


def wait_for_others(kafka: Kafka, say: Callable[[str], None]) -> None:
    """Waits until nothing is being moved: Kafka's tool takes the throttle off for everyone."""
    pause = _SHORTEST_PAUSE
    while moving := kafka.moving():
        if pause == _SHORTEST_PAUSE:
            say(f"Another reassignment is in progress ({len(moving)} partitions: {listed(moving)}). Waiting until it ends.")
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def carry_out(
    kafka: Kafka, progress: Progress, file: Path, throttle: int, *, moving: bool, say: Callable[[str], None]
) -> Progress:
    """Moves what is not moved yet.

    Args:
        kafka: The cluster.
        progress: The plan, and how far it is carried out.
        file: Where it is written after each batch.
        throttle: Bytes a second that a broker may copy, out and in, each.
        moving: Whether partitions of the next batch are being moved already.
        say: Takes a line for people.

    Returns:
        The plan, done.

    Raises:
        CommandError: A tool failed; what is done is in the file.
    """
    progress.save(file)
    for number, batch in enumerate(progress.rest, progress.done + 1):
        copied = sum(move.bytes for move in batch)
        say(f"Batch {number} of {len(progress.batches)}: {len(batch)} partitions, {size(copied)} to copy")
        if batch:
            _move(kafka, batch, throttle, moving=moving, say=say)
        progress, moving = progress.with_one_more(), False
        progress.save(file)
    return progress


def _move(kafka: Kafka, batch: list[Move], throttle: int, *, moving: bool, say: Callable[[str], None]) -> None:
    targets = {move.partition: move.after for move in batch}
    started = time.monotonic()
    kafka.start(targets, throttle, moving=moving)
    expected = seconds([batch], throttle)
    pause, slow_from = _SHORTEST_PAUSE, max(_SLOW * expected, _SLOW * _LONGEST_PAUSE)
    while lasting := kafka.still_moving(targets):
        elapsed = time.monotonic() - started
        if elapsed > slow_from:
            say(
                f"  {len(lasting)} partitions still move after {duration(elapsed)}. If producers write to them faster than the "
                "throttle, that never ends: interrupt, and go on with a higher --throttle."
            )
            slow_from *= 2
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    say(f"  done and verified, throttle off, {duration(time.monotonic() - started)}")


def elect(kafka: Kafka, progress: Progress, snapshot: Snapshot) -> int:
    """Gives the partitions of a plan their preferred leaders; returns how many had others."""
    led_by = snapshot.topics.leaders
    others = [
        move.partition
        for batch in progress.batches
        for move in batch
        if move.partition in led_by and led_by[move.partition] != snapshot.topics.replicas[move.partition][0]
    ]
    if others:
        kafka.elect_preferred(others)
    return len(others)


def cancel(kafka: Kafka, progress: Progress) -> None:
    """Puts the partitions back that are being moved, and takes the throttle off."""
    batch = progress.rest[0] if progress.rest else progress.batches[-1]
    kafka.cancel({move.partition: move.after for move in batch})
