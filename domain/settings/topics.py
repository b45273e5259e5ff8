"""Topics of the stack file: what they are made of, and what is wrong with one.

Limits: MSK Developer Guide, "Topic operations" (Kafka 3.6.0 or newer, provisioned clusters),
"Amazon MSK Express brokers" (replication is always 3) and "Tiered storage" (what a tiered topic may be); Apache Kafka (names).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.access.rights import TOPIC_NAME
from domain.msk.brokers import BrokerKind
from domain.msk.versions import version_number
from domain.properties.definitions import Brokers
from domain.properties.topic import EXPRESS_FIXED_OF_TOPICS, TOPIC_CONFIGS
from domain.properties.values import PropertyValue, text_of, value_message, version_message, words_of
from domain.settings.types import Block, KafkaProperties

MILLISECONDS_OF_AN_HOUR = 3_600_000

OLDEST_VERSION_OF_TOPICS = (3, 6)
"""The first Kafka version whose topics AWS's own API manages."""

SHORTEST_TIERED_RETENTION_HOURS = 72
"""Least retention of a topic with tiered storage. MSK Developer Guide, "Amazon MSK default configuration for tiered storage"."""

EXPRESS_REPLICATION_FACTOR = 3
"""Of every topic on Express brokers, whatever is asked for."""


def _topic_name(name: str) -> str:
    if not TOPIC_NAME.fullmatch(name) or name in (".", ".."):
        raise ValueError("must be 1 to 249 letters, digits, dots, underscores and hyphens, and not only dots.")
    if name.startswith("__"):
        raise ValueError("begins with two underscores, which Kafka and Amazon MSK keep for topics of their own.")
    return name


TopicName = Annotated[str, AfterValidator(_topic_name)]


class Topic(Block):
    """A topic. The key is its name, and a renamed topic is another topic: the old one's messages go with it."""

    partitions: int = Field(ge=1, description="How many parts it is read in parallel. It can only grow.")
    replication_factor: int | None = Field(
        None,
        alias="replicationFactor",
        ge=1,
        description="Copies of each partition. Default: the cluster's. Changing it replaces the topic.",
    )
    retention_hours: float | None = Field(
        None, alias="retentionHours", gt=0, description="How long messages are kept, hours. Default: the cluster's."
    )
    cleanup_policy: Literal["delete", "compact", "compact,delete"] | None = Field(
        None,
        alias="cleanupPolicy",
        description="What becomes of old messages: compact keeps the newest of each key. Default: the cluster's.",
    )
    min_insync_replicas: int | None = Field(
        None,
        alias="minInsyncReplicas",
        ge=1,
        description="Copies that must have a message before it is acknowledged. Default: the cluster's.",
    )
    max_message_bytes: int | None = Field(
        None, alias="maxMessageBytes", ge=1, description="Largest batch of messages, bytes. Default: the cluster's."
    )
    compression_type: Literal["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"] | None = Field(
        None, alias="compressionType", description="How brokers keep messages. Default: as producers sent them."
    )
    remote_storage: bool = Field(
        False,
        alias="remoteStorage",
        description="Move older segments to tiered storage; needs storage.mode TIERED. Once on, it cannot be turned on again.",
    )
    local_retention_hours: float | None = Field(
        None,
        alias="localRetentionHours",
        gt=0,
        description="With remoteStorage: how long messages stay on the brokers' volumes, hours.",
    )
    configs: KafkaProperties = Field(default_factory=dict, description="Any other configuration of the topic, by Kafka's name.")
    owner: str = Field("", description="Who answers for it, for people who read the stack file.")


Topics = Mapping[str, Topic]


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
        kind: Standard or Express.
        default_replication_factor: The cluster's, for topics that say none.
    """
    usual = EXPRESS_REPLICATION_FACTOR if kind is BrokerKind.EXPRESS else default_replication_factor
    return tuple(
        TopicPlan(
            name,
            topic.partitions,
            topic.replication_factor or usual,
            json.dumps(configs_of(topic), separators=(",", ":")),
        )
        for name, topic in sorted(topics.items())
    )


@dataclass(frozen=True, slots=True)
class TopicProblem:
    """What is wrong with a topic.

    Attributes:
        path: The setting within the topic; empty for the topic as a whole.
        value: What was given.
        message: What is allowed, or what to do: follows "path = value: ".
    """

    path: tuple[str, ...]
    value: object
    message: str


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


def check_topic(topic: Topic, place: TopicPlace) -> list[TopicProblem]:
    """Everything that is wrong with a topic on a cluster."""
    return [*_named_twice(topic), *_configs(topic, place), *_replication(topic, place), *_tiered(topic, place)]


_NAMED = {
    "cleanup.policy": "cleanupPolicy",
    "compression.type": "compressionType",
    "local.retention.ms": "localRetentionHours",
    "max.message.bytes": "maxMessageBytes",
    "min.insync.replicas": "minInsyncReplicas",
    "remote.storage.enable": "remoteStorage",
    "retention.ms": "retentionHours",
}
"""Configurations with a setting of their own."""


def _named_twice(topic: Topic) -> Iterator[TopicProblem]:
    own = topic.model_copy(update={"configs": {}})
    for name in sorted(configs_of(own).keys() & topic.configs.keys()):
        yield TopicProblem(("configs", name), topic.configs[name], f"is what {_NAMED[name]} sets. Take one of the two out.")


def _configs(topic: Topic, place: TopicPlace) -> Iterator[TopicProblem]:
    express = place.kind is BrokerKind.EXPRESS
    for name, value in {**configs_of(topic), **topic.configs}.items():
        path = ("configs", name) if name in topic.configs else (_NAMED[name],)
        shown = value if name in topic.configs else topic.model_dump(by_alias=True)[_NAMED[name]]
        if express and name in EXPRESS_FIXED_OF_TOPICS:
            fixed = EXPRESS_FIXED_OF_TOPICS[name]
            yield TopicProblem(path, shown, f"is fixed at {fixed} by Express brokers. Take it out.")
            continue
        definition = TOPIC_CONFIGS.get(name)
        if definition is None:
            near = difflib.get_close_matches(name.lower(), TOPIC_CONFIGS, n=1)
            yield TopicProblem(path, shown, f"is not a configuration of topics.{f' Did you mean {near[0]}?' if near else ''}")
        elif express and definition.brokers is Brokers.STANDARD:
            yield TopicProblem(path, shown, "is not for topics on Express brokers. Take it out.")
        elif message := version_message(definition, place.version) or value_message(definition, value, place.version):
            yield TopicProblem(path, shown, message)


def _replication(topic: Topic, place: TopicPlace) -> Iterator[TopicProblem]:
    factor = topic.replication_factor
    if place.kind is BrokerKind.EXPRESS:
        if factor not in (None, EXPRESS_REPLICATION_FACTOR):
            yield TopicProblem(
                ("replicationFactor",), factor, "is always 3 on Express brokers, whatever is asked for. Take it out."
            )
        return
    if factor is not None and factor > place.brokers:
        yield TopicProblem(
            ("replicationFactor",),
            factor,
            f"must be at most {place.brokers}, the number of brokers: each replica needs a broker of its own.",
        )
        return
    copies = factor or place.replication_factor
    given = configs_of(topic).get("min.insync.replicas")
    needed = int(given) if given is not None and given.isdecimal() else place.min_insync_replicas
    # A factor of one is a choice of its own: nothing is kept twice, and nothing can be out of sync.
    if needed >= copies and not (copies == 1 and given is None and place.min_insync_replicas == 1):
        setting = ("minInsyncReplicas",) if topic.min_insync_replicas is not None else ("replicationFactor",)
        yield TopicProblem(
            setting,
            topic.min_insync_replicas if topic.min_insync_replicas is not None else factor,
            f"leaves no room for a broker that is down: replicationFactor is {copies} and minInsyncReplicas is {needed}, so "
            f"producers with acks=all stop whenever a broker restarts. Set replicationFactor to {needed + 1} or more"
            f"{f', or minInsyncReplicas to {copies - 1}' if copies > 1 else ''}.",
        )


def _tiered(topic: Topic, place: TopicPlace) -> Iterator[TopicProblem]:
    configs = configs_of(topic)
    if configs.get("remote.storage.enable") != "true":
        if topic.local_retention_hours is not None:
            yield TopicProblem(
                ("localRetentionHours",), topic.local_retention_hours, "means nothing without remoteStorage: true."
            )
        return
    if not place.tiered:
        yield TopicProblem(("remoteStorage",), True, "needs a cluster with storage.mode: TIERED.")
    if "compact" in words_of(configs.get("cleanup.policy", "delete")):
        yield TopicProblem(("cleanupPolicy",), configs["cleanup.policy"], "must be delete on a topic with remoteStorage.")
    retention = configs.get("retention.ms")
    shortest = SHORTEST_TIERED_RETENTION_HOURS * MILLISECONDS_OF_AN_HOUR
    if retention is None or (retention != "-1" and retention.isdecimal() and int(retention) < shortest):
        yield TopicProblem(
            ("retentionHours",),
            topic.retention_hours,
            f"must be given and at least {SHORTEST_TIERED_RETENTION_HOURS} on a topic with remoteStorage.",
        )
    local = configs.get("local.retention.ms")
    if local and retention and retention.isdecimal() and local.isdecimal() and int(local) >= int(retention):
        yield TopicProblem(("localRetentionHours",), topic.local_retention_hours, "must be less than retentionHours.")


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
