"""What Amazon MSK Serverless allows of topics, and the pace at which it takes changes of them."""

from __future__ import annotations

import itertools
import time
from collections import deque
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from domain.msk.serverless import (
    CHANGED_WITHIN_SECONDS,
    MIN_INSYNC_REPLICAS,
    MOST_CHANGED_PARTITIONS,
    MOST_COMPACTED_PARTITIONS,
    MOST_PARTITIONS,
    MOST_TOPIC_REQUESTS,
    TOPIC_CONFIGS,
)
from tools.topics.plan import Configure, Create, Grow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.topics.plan import Step


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cluster allows of topics.

    Attributes:
        leaders: Partitions of all topics together, not counting replicas.
        compacted_leaders: The same of compacted topics.
        changed_partitions: Partitions that are made and deleted in one period.
        period: The period, seconds.
        requests_per_second: Requests that manage topics.
        only_at_creation: Settings that a topic gets when it is made, or never.
        servers: What holds for topics that set nothing, by its name in server properties.
    """

    leaders: int
    compacted_leaders: int
    changed_partitions: int
    period: float
    requests_per_second: float
    only_at_creation: frozenset[str]
    servers: Mapping[str, str] = field(default_factory=dict)


_NAMES_OF_SERVERS: Final = {
    "cleanup.policy": "log.cleanup.policy",
    "max.message.bytes": "message.max.bytes",
    "retention.bytes": "log.retention.bytes",
    "retention.ms": "log.retention.ms",
}

SERVERLESS_LIMITS: Final = Limits(
    leaders=MOST_PARTITIONS,
    compacted_leaders=MOST_COMPACTED_PARTITIONS,
    changed_partitions=MOST_CHANGED_PARTITIONS,
    period=CHANGED_WITHIN_SECONDS,
    requests_per_second=MOST_TOPIC_REQUESTS,
    only_at_creation=frozenset({"cleanup.policy"}),
    servers=MappingProxyType(
        {
            **{server: TOPIC_CONFIGS[name] for name, server in _NAMES_OF_SERVERS.items()},
            "min.insync.replicas": str(MIN_INSYNC_REPLICAS),
        }
    ),
)
"""Those of Amazon MSK Serverless. `domain.msk.serverless` has the sources."""


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Waits."""


class SystemClock:
    """The clock of the host."""

    def now(self) -> float:
        """Seconds since some moment; a change of the host's time changes nothing."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)


class Pace:
    """Keeps changes within what a cluster takes in a period. What others changed meanwhile it does not know.

    Args:
        limits: What the cluster allows; None for one that sets no pace.
        clock: The clock.
    """

    def __init__(self, limits: Limits | None, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._changed: deque[tuple[float, int]] = deque()
        self._last_request: float | None = None

    def wait(self, step: Step) -> float:
        """How long to wait before a step, seconds. A step that is larger than the limit waits until nothing counts any more."""
        if self._limits is None:
            return 0.0
        now, ready = self._clock.now(), 0.0
        if self._last_request is not None:
            ready = max(ready, self._last_request + 1 / self._limits.requests_per_second - now)
        left = sum(number for _, number in self._changed) + changed_partitions(step) - self._limits.changed_partitions
        for moment, number in self._changed:
            if left <= 0:
                break
            ready = max(ready, moment + self._limits.period - now)
            left -= number
        return ready

    def took(self, step: Step) -> None:
        """Notes that a step was done just now, or tried: a step that failed may have changed partitions, too."""
        now = self._clock.now()
        self._last_request = now
        self._changed.append((now, changed_partitions(step)))
        while self._limits and self._changed and self._changed[0][0] + self._limits.period <= now:
            self._changed.popleft()


def changed_partitions(step: Step) -> int:
    """How many partitions a step makes or deletes."""
    if isinstance(step, Configure):
        return 0
    return step.after - step.before if isinstance(step, Grow) else step.partitions


def in_pieces(steps: Iterable[Step], limits: Limits | None) -> tuple[Step, ...]:
    """The same steps, of which none makes more partitions than the cluster takes in a period: a larger topic is made and grown.

    A topic is deleted as a whole, however many partitions it has.
    """
    if limits is None:
        return tuple(steps)
    most = limits.changed_partitions
    creations: list[Step] = []
    growths: list[Step] = []
    others: list[Step] = []
    for step in steps:
        if isinstance(step, Create):
            creations.append(replace(step, partitions=min(step.partitions, most)))
            growths += _grown(step.topic, min(step.partitions, most), step.partitions, most)
        elif isinstance(step, Grow):
            growths += _grown(step.topic, step.before, step.after, most)
        else:
            others.append(step)
    return (*creations, *growths, *others)


def _grown(topic: str, before: int, after: int, most: int) -> list[Step]:
    counts = [*range(before, after, most), after] if after > before else []
    return [Grow(topic, count, following) for count, following in itertools.pairwise(counts)]


class _Imagined:
    """A clock that waits no time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


def seconds_of(steps: Iterable[Step], limits: Limits | None) -> float:
    """How long steps take at least, because the cluster takes no more at a time; seconds."""
    clock = _Imagined()
    pace = Pace(limits, clock)
    for step in steps:
        clock.sleep(pace.wait(step))
        pace.took(step)
    return clock.now()
