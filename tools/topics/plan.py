"""The difference between the topics of a stack file and those of its cluster, as steps. Nothing here asks or changes anything.

No step takes anything away that was not named: partitions only grow, and topics and settings that the stack file does not know
stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from domain.properties.definitions import PropertyType
from domain.properties.topic import TOPIC_CONFIGS
from domain.properties.values import number_of, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic as the stack file has it.

    Attributes:
        partitions: Its partitions.
        replication_factor: Copies of each; None where the cluster alone decides.
        configs: What it sets, by Kafka's names.
    """

    partitions: int
    replication_factor: int | None
    configs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Present:
    """A topic as the cluster has it.

    Attributes:
        partitions: Its partitions.
        replication_factor: Copies of each.
        own: What is set on the topic itself, by Kafka's names.
        effective: What holds for it, its own and what it has from the cluster.
    """

    partitions: int
    replication_factor: int
    own: Mapping[str, str] = field(default_factory=dict)
    effective: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Create:
    """Makes a topic."""

    topic: str
    partitions: int
    replication_factor: int | None
    configs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grow:
    """Gives a topic more partitions."""

    topic: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Configure:
    """Changes what is set on a topic.

    Attributes:
        topic: Its name.
        before: What holds now of what changes; nothing for a setting of which that is not known.
        after: What is set; None for a setting that is taken off, so that the cluster's holds.
    """

    topic: str
    before: Mapping[str, str]
    after: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes a topic that was named."""

    topic: str
    partitions: int


Step: TypeAlias = Create | Grow | Configure | Delete

REPLICATION_THROTTLES = frozenset({"leader.replication.throttled.replicas", "follower.replication.throttled.replicas"})
"""What Kafka's own tools set on topics while partitions are moved, and take off again: no settings of a topic."""

INTERNAL = "__"
"""What the names of Kafka's and Amazon MSK's own topics begin with: these are never deleted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes the cluster's topics those of the stack file.

    Attributes:
        steps: What is done, in order: topics are made, then grown, then configured, then deleted.
        kept: What is set on topics of the stack file that it does not name, by topic; it stays.
        others: Topics that the stack file does not name and that nobody wants deleted; they stay.
    """

    steps: tuple[Step, ...]
    kept: Mapping[str, Mapping[str, str]]
    others: tuple[str, ...]


def plan_of(
    wanted: Mapping[str, Wanted],
    present: Mapping[str, Present],
    *,
    reset: Collection[str] = (),
    delete: Collection[str] = (),
    by_effect: bool = False,
) -> Plan:
    """Compares the stack file with the cluster.

    What cannot be done, such as fewer partitions, is no step: `tools.topics.checks` says it.

    Args:
        wanted: The stack file's topics.
        present: The cluster's topics.
        reset: Topics from which settings are taken off that the stack file does not name.
        delete: Topics that are deleted: those alone that the stack file does not name.
        by_effect: Whether a setting that the cluster gives the topic anyway needs none of the topic's own.
    """
    creations: list[Step] = []
    growths: list[Step] = []
    configurations: list[Step] = []
    kept: dict[str, Mapping[str, str]] = {}
    for name, topic in sorted(wanted.items()):
        now = present.get(name)
        if now is None:
            creations.append(Create(name, topic.partitions, topic.replication_factor, dict(sorted(topic.configs.items()))))
            continue
        if topic.partitions > now.partitions:
            growths.append(Grow(name, now.partitions, topic.partitions))
        held = now.effective if by_effect else now.own
        after: dict[str, str | None] = {
            setting: value
            for setting, value in sorted(topic.configs.items())
            if setting not in held or not same_value(setting, held[setting], value)
        }
        unnamed = {
            setting: value
            for setting, value in sorted(now.own.items())
            if setting not in topic.configs and setting not in REPLICATION_THROTTLES
        }
        if name in reset:
            after |= dict.fromkeys(unnamed)
        elif unnamed:
            kept[name] = unnamed
        if after:
            all_held = {**now.effective, **now.own}
            configurations.append(Configure(name, {each: all_held[each] for each in after if each in all_held}, after))
    deletable = sorted(name for name in set(delete) & set(present) - set(wanted) if not name.startswith(INTERNAL))
    deletions: list[Step] = [Delete(name, present[name].partitions) for name in deletable]
    others = tuple(sorted(set(present) - set(wanted) - set(deletable)))
    return Plan((*creations, *growths, *configurations, *deletions), kept, others)


def same_value(setting: str, first: str, second: str) -> bool:
    """Whether Kafka takes two texts for the same value of a topic's setting."""
    if first.strip() == second.strip():
        return True
    definition = TOPIC_CONFIGS.get(setting)
    if definition is None:
        return False
    if definition.type is PropertyType.LIST:
        return set(words_of(first)) == set(words_of(second))
    if definition.type is PropertyType.BOOLEAN:
        return first.strip().lower() == second.strip().lower()
    if definition.type is PropertyType.STRING:
        return False
    whole = definition.type is not PropertyType.DOUBLE
    numbers = [number_of(text, whole=whole) for text in (first, second)]
    return numbers[0] is not None and numbers[0] == numbers[1]
