"""Carries a plan out, step by step, so that it can be interrupted at any moment and run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from tools.shared.amounts import counted, duration
from tools.topics.limits import Pace, in_pieces
from tools.topics.plan import Configure, Create, Grow, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tools.topics.limits import Clock
    from tools.topics.plan import Plan, Step
    from tools.topics.reading import Snapshot
    from tools.topics.terms import Terms

_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
"""Seconds between two looks at the cluster: brokers hear of a change one after the other."""
_WORTH_SAYING: Final = 5.0
"""From how many seconds on a wait is told."""


class Cluster(Protocol):
    """The topics of a cluster: `tools.topics.kafka.Kafka`."""

    def snapshot(self, needed: Collection[str]) -> Snapshot:
        """The topics as they are now."""

    def carry_out(self, step: Step) -> None:
        """Does a step."""


def carry_out(cluster: Cluster, plan: Plan, terms: Terms, clock: Clock, *, done: list[Step], say: Callable[[str], None]) -> None:
    """Does the steps of a plan in their order, as fast as the cluster takes them.

    Args:
        cluster: The cluster.
        plan: The plan, against which nothing stands.
        terms: What the stack's settings say.
        clock: The clock.
        done: Takes each step when it is done, so that it is known whatever happens.
        say: Takes a line for people.

    Raises:
        CommandError: A tool failed.
    """
    pace = Pace(terms.limits, clock)
    steps = in_pieces(plan.steps, terms.limits)
    for number, step in enumerate(steps, 1):
        seconds = pace.wait(step)
        if terms.limits and seconds >= _WORTH_SAYING:
            limit = f"{terms.limits.changed_partitions} new and deleted partitions in {duration(terms.limits.period)}"
            say(f"Waiting {duration(seconds)}: MSK Serverless takes {limit}")
        clock.sleep(seconds)
        try:
            cluster.carry_out(step)
        finally:
            pace.took(step)
        done.append(step)
        say(f"{number} of {len(steps)}: {told(step)}")


def left_of(
    cluster: Cluster, terms: Terms, clock: Clock, *, reset: Collection[str], deleted: Collection[str]
) -> tuple[Step, ...]:
    """What still differs when all is done; nothing, unless somebody changed it meanwhile or brokers have not heard of it.

    Args:
        cluster: The cluster.
        terms: What the stack's settings say.
        clock: The clock.
        reset: Topics from which settings were taken off.
        deleted: Topics that were deleted.
    """
    left: tuple[Step, ...] = ()
    for pause in (0.0, *_PAUSES):
        clock.sleep(pause)
        now = cluster.snapshot(terms.wanted.keys())
        left = plan_of(terms.wanted, now.topics, reset=reset, delete=deleted, by_effect=terms.serverless).steps
        if not left:
            break
    return left


def told(step: Step) -> str:
    """A step that is done, in words."""
    if isinstance(step, Create):
        return f"created {step.topic} with {counted(step.partitions, 'partition')}"
    if isinstance(step, Grow):
        return f"gave {step.topic} {step.after} partitions, from {step.before}"
    if isinstance(step, Configure):
        values = ", ".join(f"{name} taken off" if value is None else f"{name}={value}" for name, value in step.after.items())
        return f"configured {step.topic}: {values}"
    return f"deleted {step.topic}"
