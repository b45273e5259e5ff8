"""What Amazon MSK and Kafka refuse of topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.msk.brokers import BrokerKind
from domain.msk.versions import version_number
from domain.plan.topics import MILLISECONDS_OF_AN_HOUR, configs_of
from domain.problems import Problem, did_you_mean
from domain.properties.definitions import Brokers
from domain.properties.topic import (
    EXPRESS_FIXED_OF_TOPICS,
    EXPRESS_MINIMUM,
    TIERED_SEGMENT_BYTES,
    TIERED_SEGMENT_MS,
    TOPIC_CONFIGS,
)
from domain.properties.values import is_whole, number_of, value_message, version_message, words_of
from domain.settings.topics import EXPRESS_REPLICATION_FACTOR, Topic, Topics

OLDEST_VERSION_OF_TOPICS = (3, 6)
"""The first Kafka version whose topics AWS's own API manages."""


SHORTEST_TIERED_RETENTION_HOURS = 72
"""Least retention of a topic with tiered storage. MSK Developer Guide, "Amazon MSK default configuration for tiered storage"."""


@dataclass(frozen=True, slots=True)
class TopicPlace:
    """The cluster that topics are made on, as far as they depend on it.

    Attributes:
        kind: Standard or Express.
        version: Its Kafka version.
        brokers: How many brokers it has.
        tiered: Whether it has tiered storage.
        replication_factor: The replication factor of topics that say none.
        min_insync_replicas: The in-sync replicas of topics that say none.
    """

    kind: BrokerKind
    version: str
    brokers: int
    tiered: bool
    replication_factor: int
    min_insync_replicas: int


def check_topic(topic: Topic, place: TopicPlace) -> list[Problem]:
    """Everything that is wrong with a topic on a cluster."""
    configs = [*named_twice(topic), *_configs(topic, place)]
    return [*configs, *_replication(topic, place), *_tiered(topic, place), *([] if configs else _in_order(topic))]


NAMED = {
    "cleanup.policy": "cleanupPolicy",
    "compression.type": "compressionType",
    "local.retention.ms": "localRetentionHours",
    "max.message.bytes": "maxMessageBytes",
    "min.insync.replicas": "minInsyncReplicas",
    "remote.storage.enable": "remoteStorage",
    "retention.ms": "retentionHours",
}
"""Configurations with a setting of their own."""


def named_twice(topic: Topic) -> Iterator[Problem]:
    """Configurations that a topic sets by Kafka's name and by a setting of their own."""
    own = topic.model_copy(update={"configs": {}})
    for name in sorted(configs_of(own).keys() & topic.configs.keys()):
        yield Problem(("configs", name), topic.configs[name], f"sets the same as {NAMED[name]}. Remove one of the two.")


def _configs(topic: Topic, place: TopicPlace) -> Iterator[Problem]:
    express = place.kind is BrokerKind.EXPRESS
    for name, value in {**configs_of(topic), **topic.configs}.items():
        path = ("configs", name) if name in topic.configs else (NAMED[name],)
        shown = value if name in topic.configs else topic.model_dump(by_alias=True)[NAMED[name]]
        if express and name in EXPRESS_FIXED_OF_TOPICS:
            fixed = EXPRESS_FIXED_OF_TOPICS[name]
            yield Problem(path, shown, f"is fixed at {fixed} by Express brokers. Remove it.")
            continue
        definition = TOPIC_CONFIGS.get(name)
        if definition is None:
            yield Problem(path, shown, f"is not a topic configuration.{did_you_mean(name, TOPIC_CONFIGS)}")
        elif express and definition.brokers is Brokers.STANDARD:
            yield Problem(path, shown, "is not for topics on Express brokers. Remove it.")
        elif message := version_message(definition, place.version) or value_message(definition, value, place.version):
            yield Problem(path, shown, message)
        elif express and (number_of(value, whole=False) or 0) < EXPRESS_MINIMUM.get(name, float("-inf")):
            yield Problem(path, shown, f"must be {EXPRESS_MINIMUM[name]} or more on Express brokers.")


_IN_ORDER = (
    # Kafka refuses these (LogConfig.validate).
    ("min.compaction.lag.ms", "max.compaction.lag.ms"),
)


def _in_order(topic: Topic) -> Iterator[Problem]:
    """Configurations of which one must not be larger than the other."""
    configs = configs_of(topic)
    for lower, upper in _IN_ORDER:
        if lower in configs and upper in configs and int(configs[lower]) > int(configs[upper]):
            yield Problem(
                ("configs", lower),
                topic.configs[lower],
                f"must be at most {upper} ({configs[upper]}). Lower {lower}, or raise {upper}.",
            )


def _replication(topic: Topic, place: TopicPlace) -> Iterator[Problem]:
    factor = topic.replication_factor
    if place.kind is BrokerKind.EXPRESS:
        if factor not in (None, EXPRESS_REPLICATION_FACTOR):
            yield Problem(("replicationFactor",), factor, "is always 3 on Express brokers. Remove it.")
        return
    if factor is not None and factor > place.brokers:
        yield Problem(
            ("replicationFactor",),
            factor,
            f"must be at most {place.brokers}, the number of brokers: each replica needs a broker of its own.",
        )
        return
    copies = factor or place.replication_factor
    given = configs_of(topic).get("min.insync.replicas")
    needed = int(given) if given is not None and is_whole(given) else place.min_insync_replicas
    # A factor of one is a choice of its own: nothing is kept twice, and nothing can be out of sync.
    if needed >= copies and not (copies == 1 and given is None and place.min_insync_replicas == 1):
        setting = ("minInsyncReplicas",) if topic.min_insync_replicas is not None else ("replicationFactor",)
        yield Problem(
            setting,
            topic.min_insync_replicas if topic.min_insync_replicas is not None else factor,
            f"leaves no room for a broker that is down: replicationFactor is {copies} and minInsyncReplicas is {needed}, so "
            f"producers with acks=all stop whenever a broker restarts. Set replicationFactor to {needed + 1} or more"
            f"{f', or minInsyncReplicas to {copies - 1}' if copies > 1 else ''}.",
        )


def _tiered(topic: Topic, place: TopicPlace) -> Iterator[Problem]:
    configs = configs_of(topic)
    if configs.get("remote.storage.enable", "").lower() != "true":
        if topic.local_retention_hours is not None:
            yield Problem(("localRetentionHours",), topic.local_retention_hours, "has no effect without remoteStorage: true.")
        return
    if not place.tiered:
        yield Problem(("remoteStorage",), True, "needs a cluster with storage.mode: TIERED.")
    if "compact" in words_of(configs.get("cleanup.policy", "delete")):
        yield Problem(("cleanupPolicy",), configs["cleanup.policy"], "must be delete on a topic with remoteStorage.")
    retention = configs.get("retention.ms")
    shortest = SHORTEST_TIERED_RETENTION_HOURS * MILLISECONDS_OF_AN_HOUR
    if retention is None or (retention != "-1" and is_whole(retention) and int(retention) < shortest):
        yield Problem(
            ("retentionHours",),
            topic.retention_hours,
            f"must be set, to {SHORTEST_TIERED_RETENTION_HOURS} or more, on a topic with remoteStorage.",
        )
    yield from _tiers(topic, configs)


def _tiers(topic: Topic, configs: Mapping[str, str]) -> Iterator[Problem]:
    """What stays on the volumes must be less than the whole, and segments large enough to be moved."""
    for unit in ("ms", "bytes"):
        local, whole = configs.get(f"local.retention.{unit}", ""), configs.get(f"retention.{unit}", "")
        # -1 is no limit, which is more than any; -2, the default, is as much as the whole.
        if is_whole(whole) and (local == "-1" or (is_whole(local) and int(local) >= int(whole))):
            if unit == "ms" and topic.local_retention_hours is not None:
                yield Problem(("localRetentionHours",), topic.local_retention_hours, "must be less than retentionHours.")
            else:
                message = f"must be less than retention.{unit} ({whole})."
                yield Problem(("configs", f"local.retention.{unit}"), local, message)
    for name, least in (("segment.bytes", TIERED_SEGMENT_BYTES), ("segment.ms", TIERED_SEGMENT_MS)):
        given = configs.get(name, "")
        if is_whole(given) and int(given) < least:
            yield Problem(("configs", name), topic.configs[name], f"must be {least} or more on a topic with remoteStorage.")


def topics_available(version: str) -> bool:
    """Whether AWS's API manages topics of a cluster with this Kafka version."""
    return version_number(version) >= OLDEST_VERSION_OF_TOPICS


def replicas_of(topics: Topics, usual_factor: int) -> int:
    """Partition replicas of all topics together, as brokers' limits count them."""
    return sum(topic.partitions * (topic.replication_factor or usual_factor) for topic in topics.values())


def colliding_names(topics: Topics) -> list[tuple[str, ...]]:
    """Names that are one and the same in Kafka's metrics, where a dot becomes an underscore. Kafka refuses the second one."""
    alike: dict[str, list[str]] = {}
    for name in topics:
        alike.setdefault(name.replace(".", "_"), []).append(name)
    return [tuple(sorted(those)) for those in alike.values() if len(those) > 1]
