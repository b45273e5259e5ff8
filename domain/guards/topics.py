"""Changes of a topic that only the old state can tell are wrong. Values that are not known yet are never a reason to refuse."""

from __future__ import annotations

from domain.guards.refusal import Inputs, Refusal, at
from domain.guards.table import FEWER_PARTITIONS, PARTITIONS_AND_CONFIGS


def refusals_on_topic_update(old: Inputs, new: Inputs) -> list[Refusal]:
    """What an existing topic may not become.

    Args:
        old: The inputs of ``aws:msk/topic:Topic`` that it was deployed with, wire names.
        new: The inputs it would get.
    """
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
                f"topics.{name}.partitions would go from {int(before)} to {int(after)}, but Kafka cannot remove "
                "partitions. Create a topic with another name and move its clients there, or revert partitions.",
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
