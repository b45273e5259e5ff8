"""The server properties that an Amazon MSK configuration may set, with their types and ranges.

Sources: MSK Developer Guide, "Custom Amazon MSK configurations" (Standard brokers), "Custom MSK Express
broker configurations (Read/Write access)", "Express brokers read-only configurations"; where those give no
range, the valid values of the Apache Kafka documentation, "Broker Configs".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class PropertyType(StrEnum):
    """What a property's value is, in Apache Kafka's words."""

    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    STRING = "string"
    LIST = "list"


class Brokers(StrEnum):
    """Which brokers take a property in a configuration."""

    STANDARD = "Standard"
    EXPRESS = "Express"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """One server property.

    Attributes:
        name: Apache Kafka's name.
        type: What its value is.
        brokers: Which brokers take it.
        minimum: The smallest number allowed; None for no limit but the type's.
        raised: The first Kafka version with another smallest number, and that number; None where it is the same in all.
        maximum: The largest number allowed, likewise.
        unlimited: Whether -1 is allowed besides the range, meaning "no limit".
        choices: The words allowed; empty for any.
        zookeeper_only: Whether it means nothing without ZooKeeper.
        since: The first Kafka version that has it, as numbers; None for all.
        until: The first Kafka version that no longer has it, likewise.
        instead: What to use where ``since`` or ``until`` rules it out.
    """

    name: str
    type: PropertyType
    brokers: Brokers = Brokers.BOTH
    minimum: float | None = None
    raised: tuple[tuple[int, ...], float] | None = None
    maximum: float | None = None
    unlimited: bool = False
    choices: tuple[str, ...] = ()
    zookeeper_only: bool = False
    since: tuple[int, ...] | None = None
    until: tuple[int, ...] | None = None
    instead: str = ""

    def minimum_of(self, version: tuple[int, ...]) -> float | None:
        """The smallest number that a Kafka version allows; None for no limit but the type's."""
        return self.raised[1] if self.raised and version >= self.raised[0] else self.minimum


SEGMENT_BYTES_RAISED = ((4,), 1_048_576)
"""Kafka 4.0 raised the smallest segment from 14 bytes to 1 MiB, of a broker's default and of a topic (KIP-1030)."""

_BOOLEAN, _INT, _LONG, _DOUBLE = (
    PropertyType.BOOLEAN,
    PropertyType.INT,
    PropertyType.LONG,
    PropertyType.DOUBLE,
)
_STANDARD, _EXPRESS = Brokers.STANDARD, Brokers.EXPRESS
_CODECS = ("gzip", "snappy", "lz4", "zstd", "uncompressed", "producer")
_P = PropertyDefinition

_ROWS: tuple[PropertyDefinition, ...] = (
    _P("allow.everyone.if.no.acl.found", _BOOLEAN),
    _P("auto.create.topics.enable", _BOOLEAN),
    _P("compression.type", PropertyType.STRING, choices=_CODECS),
    _P("connections.max.idle.ms", _LONG),
    _P("default.replication.factor", _INT, _STANDARD, minimum=1),
    _P("delete.topic.enable", _BOOLEAN),
    _P("group.initial.rebalance.delay.ms", _INT, minimum=0),
    _P("group.max.session.timeout.ms", _INT, minimum=1),
    _P("group.min.session.timeout.ms", _INT, _STANDARD, minimum=1),
    # Not among the definitions of Kafka 4's brokers.
    _P("leader.imbalance.per.broker.percentage", _INT, minimum=0, until=(4,)),
    _P("log.cleaner.delete.retention.ms", _LONG, _STANDARD, minimum=0),
    _P("log.cleaner.min.cleanable.ratio", _DOUBLE, _STANDARD, minimum=0, maximum=1),
    _P("log.cleanup.policy", PropertyType.LIST, choices=("delete", "compact")),
    _P("log.flush.interval.messages", _LONG, _STANDARD, minimum=1),
    _P("log.flush.interval.ms", _LONG, _STANDARD, minimum=0),
    _P("log.message.timestamp.after.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P("log.message.timestamp.before.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P(
        "log.message.timestamp.difference.max.ms",
        _LONG,
        _STANDARD,
        minimum=0,
        # Deprecated since 3.6 and gone from 4.0 on (KIP-937).
        until=(4,),
        instead="log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms",
    ),
    _P("log.message.timestamp.type", PropertyType.STRING, choices=("CreateTime", "LogAppendTime")),
    _P("log.retention.bytes", _LONG, minimum=0, unlimited=True),
    _P("log.retention.hours", _INT, _STANDARD, minimum=1, unlimited=True),
    _P("log.retention.minutes", _INT, _STANDARD, minimum=1, unlimited=True),
    _P("log.retention.ms", _LONG, minimum=1, unlimited=True),
    _P("log.roll.ms", _LONG, _STANDARD, minimum=1),
    _P("log.segment.bytes", _INT, _STANDARD, minimum=14, raised=SEGMENT_BYTES_RAISED),
    _P("max.connections.per.ip", _INT, _EXPRESS, minimum=0),
    _P("max.incremental.fetch.session.cache.slots", _INT, minimum=0),
    _P("message.max.bytes", _INT, minimum=0),
    _P("min.insync.replicas", _INT, _STANDARD, minimum=1),
    _P("num.io.threads", _INT, _STANDARD, minimum=1),
    _P("num.network.threads", _INT, _STANDARD, minimum=1),
    _P("num.partitions", _INT, minimum=1),
    _P("num.recovery.threads.per.data.dir", _INT, _STANDARD, minimum=1),
    _P("num.replica.fetchers", _INT, _STANDARD, minimum=1),
    _P("offsets.retention.minutes", _INT, minimum=1),
    # Kafka counts replicas in 16 bits.
    _P("offsets.topic.replication.factor", _INT, _STANDARD, minimum=1, maximum=32_767),
    _P("replica.fetch.max.bytes", _INT, minimum=0),
    _P("replica.fetch.response.max.bytes", _INT, _STANDARD, minimum=0),
    _P("replica.lag.time.max.ms", _LONG, _STANDARD, minimum=10_000, maximum=30_000),
    _P("replica.selector.class", PropertyType.STRING),
    _P("replica.socket.receive.buffer.bytes", _INT, _STANDARD),
    _P("socket.receive.buffer.bytes", _INT, minimum=-1),
    _P("socket.request.max.bytes", _INT, minimum=1),
    _P("socket.send.buffer.bytes", _INT, minimum=-1),
    _P("transaction.max.timeout.ms", _INT, minimum=1),
    _P("transaction.state.log.min.isr", _INT, _STANDARD, minimum=1),
    _P("transaction.state.log.replication.factor", _INT, _STANDARD, minimum=1, maximum=32_767),
    _P("transactional.id.expiration.ms", _INT, minimum=1),
    _P("unclean.leader.election.enable", _BOOLEAN, _STANDARD),
    _P(
        "zookeeper.connection.timeout.ms",
        _INT,
        _STANDARD,
        minimum=6_000,
        maximum=18_000,
        zookeeper_only=True,
    ),
    _P("zookeeper.session.timeout.ms", _INT, _STANDARD, minimum=6_000, maximum=18_000, zookeeper_only=True),
)

PROPERTY_DEFINITIONS: Mapping[str, PropertyDefinition] = MappingProxyType({row.name: row for row in _ROWS})
"""Every property that a configuration may set, by name."""

EXPRESS_FIXED: Mapping[str, str | None] = MappingProxyType(
    {
        "broker.id": None,
        "broker.rack": None,
        "default.replication.factor": "3",
        "fetch.max.bytes": None,
        "group.max.size": None,
        "inter.broker.listener.name": None,
        "inter.broker.protocol.version": None,
        "listeners": None,
        "log.message.format.version": None,
        "min.insync.replicas": "2",
        "num.io.threads": None,
        "num.network.threads": None,
        "offsets.topic.replication.factor": "3",
        "replica.fetch.response.max.bytes": None,
        "request.timeout.ms": None,
        "transaction.state.log.min.isr": "2",
        "transaction.state.log.replication.factor": "3",
        "unclean.leader.election.enable": "false",
    }
)
"""What Express brokers fix, with the value where it is the same everywhere. The replication factor of the
offsets topic is not in the guide's list; like that of every topic on Express brokers it is 3."""

DYNAMIC_ONLY: frozenset[str] = frozenset(
    {
        "advertised.listeners",
        "log.cleaner.max.compaction.lag.ms",
        "log.cleaner.min.compaction.lag.ms",
        "max.connection.creation.rate",
        "max.connections",
        "max.connections.per.ip.overrides",
        "producer.id.expiration.ms",
    }
)
"""What a running broker takes from ``kafka-configs.sh --alter`` though no configuration may have it."""

TOPIC_LEVEL: Mapping[str, str | None] = MappingProxyType(
    {
        "cleanup.policy": "log.cleanup.policy",
        "delete.retention.ms": "log.cleaner.delete.retention.ms",
        "flush.messages": "log.flush.interval.messages",
        "flush.ms": "log.flush.interval.ms",
        "local.retention.bytes": None,
        "local.retention.ms": None,
        "max.compaction.lag.ms": None,
        "max.message.bytes": "message.max.bytes",
        "message.timestamp.after.max.ms": "log.message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms": "log.message.timestamp.before.max.ms",
        "message.timestamp.type": "log.message.timestamp.type",
        "min.cleanable.dirty.ratio": "log.cleaner.min.cleanable.ratio",
        "min.compaction.lag.ms": None,
        "remote.storage.enable": None,
        "retention.bytes": "log.retention.bytes",
        "retention.ms": "log.retention.ms",
        "segment.bytes": "log.segment.bytes",
        "segment.ms": "log.roll.ms",
    }
)
"""Names that belong to topics, with the server property that is the default for all topics where there is
one. Source: Apache Kafka documentation, "Topic Configs"."""
