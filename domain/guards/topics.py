"""Changes of a topic that only the old state can tell are wrong. Values that are not known yet are never a reason to refuse."""

from __future__ import annotations

import json

from domain.guards.refusal import Inputs, Refusal, at
from domain.guards.table import FEWER_PARTITIONS, PARTITIONS_AND_CONFIGS, SMALL_SEGMENTS
from domain.msk.versions import version_number
from domain.properties.definitions import SEGMENT_BYTES_RAISED
from domain.properties.values import is_whole

_SEGMENT = "segment.bytes"


def refusals_on_topic_update(old: Inputs, new: Inputs, *, version: str | None = None) -> list[Refusal]:
    """What an existing topic may not become.

    Args:
        old: The inputs of ``aws:msk/topic:Topic`` that it was deployed with, wire names.
        new: The inputs it would get.
        version: The Kafka version that its cluster would get; None where that is not known.
    """
    return [*_partitions(old, new), *_segments(old, new, version)]


def _partitions(old: Inputs, new: Inputs) -> list[Refusal]:
    name = new.get("name")
    before, after = at(old, "partitionCount"), at(new, "partitionCount")
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return []
    if after < before:
        # Apache Kafka documentation, "Modifying topics": the number of partitions is only ever increased.
        return [
            Refusal(
                FEWER_PARTITIONS,
                "partitionCount",
                f"topics.{name}.partitions would change from {int(before)} to {int(after)}, but Kafka cannot remove partitions. "
                "Create a topic with another name and move its clients there, or revert partitions.",
                ("topics", str(name), "partitions"),
            )
        ]
    configs = (at(old, "configs"), at(new, "configs"))
    if after > before and all(isinstance(config, str) for config in configs) and configs[0] != configs[1]:
        # MSK API reference, UpdateTopic: the number of partitions or the configuration, not both in one call.
        return [
            Refusal(
                PARTITIONS_AND_CONFIGS,
                "configs",
                f"topics.{name}: partitions and configuration would change in one update, but Amazon MSK changes only one "
                "of the two at a time. Change partitions, deploy, then change the rest.",
                ("topics", str(name), "partitions"),
            )
        ]
    return []


def _segments(old: Inputs, new: Inputs, version: str | None) -> list[Refusal]:
    return refusals_beside_upgrade({**old, "name": new.get("name")}, version, "Set kafkaVersion back and deploy, then raise it.")


def refusals_beside_upgrade(topic: Inputs, version: str | None, remedy: str) -> list[Refusal]:
    """A topic that has smaller segments than its cluster's new version takes, so that the version comes with this update.

    The cluster is updated before its topics: its brokers would meet the topic as it was, also one that is deleted after them.

    Args:
        topic: The inputs of ``aws:msk/topic:Topic`` that it was deployed with, wire names.
        version: The Kafka version that its cluster would get; None where that is not known.
        remedy: What to do instead: a sentence.
    """
    first, minimum = SEGMENT_BYTES_RAISED
    before = _config(topic, _SEGMENT)
    if version is None or version_number(version) < first or not is_whole(before) or int(before) >= minimum:
        return []
    name = topic.get("name")
    return [
        Refusal(
            SMALL_SEGMENTS,
            "configs",
            f"topics.{name}.configs.{_SEGMENT} was {before} and kafkaVersion would be {version} in the same update, but Amazon "
            f"MSK changes the version first, and brokers of Kafka {first[0]} do not start with a topic whose {_SEGMENT} is below "
            f"{minimum}. {remedy}",
            ("topics", str(name), "configs"),
        )
    ]


def _config(topic: Inputs, name: str) -> str:
    """A topic's configuration as its inputs have it, as JSON; empty where it has none, or none that can be read."""
    configs = at(topic, "configs")
    try:
        values = json.loads(configs) if isinstance(configs, str) else None
    except (ValueError, RecursionError):
        return ""
    return str(values.get(name, "")) if isinstance(values, dict) else ""
