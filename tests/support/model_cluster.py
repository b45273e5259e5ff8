"""A cluster's topics without a cluster: does a step as Kafka does, and refuses what Kafka refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tools.shared.commands import FAILED, CommandError
from tools.topics.plan import Configure, Create, Grow, Present
from tools.topics.reading import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tools.topics.plan import Step

USUAL_FACTOR = 3


class Clock:
    """A clock that is always as late as it was told to wait."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class ModelCluster:
    """Topics that steps change.

    Args:
        topics: The topics that it begins with.
        defaults: What holds for topics that set nothing, by the names that topics have for it.
        fails_at: At which step, counted from 1, it fails; 0 for never.
    """

    def __init__(self, topics: Mapping[str, Present], defaults: Mapping[str, str] | None = None, *, fails_at: int = 0) -> None:
        self.defaults = dict(defaults or {})
        self.topics = {name: self._with(topic, topic.own) for name, topic in topics.items()}
        self.steps: list[Step] = []
        self._fails_at = fails_at

    def snapshot(self, needed: Collection[str] = ()) -> Snapshot:
        del needed  # it knows all
        return Snapshot(dict(self.topics), {})

    def carry_out(self, step: Step) -> None:
        self.steps.append(step)
        if len(self.steps) == self._fails_at:
            raise CommandError("kafka-topics.sh --create failed (exit code 1):\n  TimeoutException", FAILED)
        if isinstance(step, Create):
            assert step.topic not in self.topics, f"Topic '{step.topic}' already exists."
            factor = step.replication_factor or USUAL_FACTOR
            self.topics[step.topic] = self._with(Present(step.partitions, factor), step.configs)
        elif isinstance(step, Grow):
            assert step.after > self.topics[step.topic].partitions, f"{step.topic} already has {step.after} partition(s)."
            self.topics[step.topic] = replace(self.topics[step.topic], partitions=step.after)
        elif isinstance(step, Configure):
            own = {**self.topics[step.topic].own, **step.after}
            assert all(name in self.topics[step.topic].own for name, value in step.after.items() if value is None)
            kept = {name: value for name, value in own.items() if value is not None}
            self.topics[step.topic] = self._with(self.topics[step.topic], kept)
        else:
            del self.topics[step.topic]

    def _with(self, topic: Present, own: Mapping[str, str]) -> Present:
        return replace(topic, own=dict(own), effective={**self.defaults, **own})
