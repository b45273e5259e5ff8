"""Topics as AWS is told of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from domain.msk.brokers import BrokerKind
from domain.properties.values import PropertyValue, text_of
from domain.settings.topics import EXPRESS_REPLICATION_FACTOR, Topic, Topics

MILLISECONDS_OF_AN_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic as AWS is told of it.

    Attributes:
        name: Its name.
        partitions: Partitions.
        replication_factor: Copies of each partition.
        configs: Kafka's configuration of it as JSON, sorted: the same topic is always the same text.
    """

    name: str
    partitions: int
    replication_factor: int
    configs: str


def configs_of(topic: Topic) -> dict[str, str]:
    """What the topic sets, by Kafka's names, sorted; what it leaves to the cluster is not in it."""
    named: dict[str, PropertyValue | None] = {
        "cleanup.policy": topic.cleanup_policy,
        "compression.type": topic.compression_type,
        "local.retention.ms": _milliseconds(topic.local_retention_hours),
        "max.message.bytes": topic.max_message_bytes,
        "min.insync.replicas": topic.min_insync_replicas,
        "remote.storage.enable": True if topic.remote_storage else None,
        "retention.ms": _milliseconds(topic.retention_hours),
    }
    given = {**topic.configs, **{name: value for name, value in named.items() if value is not None}}
    return {name: text_of(value) for name, value in sorted(given.items())}


def _milliseconds(hours: float | None) -> int | None:
    return None if hours is None else round(hours * MILLISECONDS_OF_AN_HOUR)


def plan_topics(topics: Topics, *, kind: BrokerKind, default_replication_factor: int) -> tuple[TopicPlan, ...]:
    """The topics as AWS is told of them, sorted by name.

    Args:
        topics: Valid topics.
        kind: The kind of cluster.
        default_replication_factor: The cluster's, for topics that say none.
    """
    usual = default_replication_factor if kind is BrokerKind.STANDARD else EXPRESS_REPLICATION_FACTOR
    return tuple(
        TopicPlan(
            name,
            topic.partitions,
            topic.replication_factor or usual,
            json.dumps(configs_of(topic), separators=(",", ":")),
        )
        for name, topic in sorted(topics.items())
    )
