"""The server properties that an Amazon MSK configuration may set, with their types and ranges.

Sources: MSK Developer Guide, "Custom Amazon MSK configurations" (Standard brokers), "Custom MSK Express
broker configurations (Read/Write access)", "Express brokers read-only configurations"; where those give no
range, the valid values of the Apache Kafka documentation, "Broker Configs". Where a range is narrower than both,
``why`` says what Kafka does outside it: brokers stop, or take or serve nothing.
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
        unlimited: Whether -1 is allowed besides the range, meaning ``minus_one``.
        minus_one: What -1 means where it is allowed.
        choices: The words allowed; empty for any.
        why: Sentences on what becomes of a value outside, where that is more than a refusal of Kafka's own; empty otherwise.
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
    minus_one: str = "no limit"
    choices: tuple[str, ...] = ()
    why: str = ""
    zookeeper_only: bool = False
    since: tuple[int, ...] | None = None
    until: tuple[int, ...] | None = None
    instead: str = ""

    def minimum_of(self, version: tuple[int, ...]) -> float | None:
        """The smallest number that a Kafka version allows; None for no limit but the type's."""
        return self.raised[1] if self.raised and version >= self.raised[0] else self.minimum


SEGMENT_BYTES_RAISED = ((4,), 1_048_576)
"""Kafka 4.0 raised the smallest segment from 14 bytes to 1 MiB, of a broker's default and of a topic (KIP-1030)."""

RACK_AWARE_SELECTOR = "org.apache.kafka.common.replica.RackAwareReplicaSelector"
"""Lets a consumer read from a replica in its own zone once it sets ``client.rack`` to the zone's ID. Without
this class every consumer reads from leaders, and two thirds of what it reads crosses zones, which AWS bills.
Consumers that do not set ``client.rack`` notice nothing. Source: AWS Big Data Blog, "Reduce network traffic
costs of your Amazon MSK consumers with rack awareness". It is the only such class that Apache Kafka has
(kafka-clients, ``org.apache.kafka.common.replica``)."""

ADVERTISED_LISTENERS = "custom.advertised.listeners"
"""Amazon MSK's own property for domain names of a team's own; its values are judged in `domain.properties.advertised`."""

SMALLEST_SEGMENT_BYTES = 1_024
SMALLEST_SEGMENT_MS = 1_000
SEGMENT_WHY = (
    "A broker refuses every batch of messages that is larger than a segment (RecordBatchTooLargeException), so it would accept "
    "almost no messages, with three files for each segment."
)
ROLL_WHY = "Each segment is three open files, and a broker that has no more file handles stops."
SMALLEST_TIMESTAMP_MS = 1_000
TIMESTAMP_WHY = "Brokers would refuse every message that takes longer than that to reach them, above all retries."

MOST_THREADS = 32_767
"""A Linux process has at most ``kernel.pid_max`` threads, 32768 by default (proc_sys_kernel(5))."""
_THREADS_WHY = "Linux gives a process at most 32768 threads by default: a broker that gets no more threads stops."
_NO_GROUP = "no consumer could send its heartbeats in time, and no consumer group would ever have a member."
_FETCH_WHY = "Replicas would fetch one batch at a time, fall behind, and no longer count as in sync."
_BUFFER_WHY = "The operating system refuses a buffer of 0 bytes or less, and no client can connect."
_SMALLEST_FETCH = 1_024

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
    _P(
        "connections.max.idle.ms",
        _LONG,
        minimum=1_000,
        # Kafka counts it in nanoseconds (Selector.IdleExpiryManager): a larger number overflows, and every connection is idle.
        maximum=(2**63 - 1) // 10**6,
        unlimited=True,
        minus_one="never",
        why="Brokers would cut off each other's and all consumers' connections while they wait for an answer.",
    ),
    _P(ADVERTISED_LISTENERS, PropertyType.STRING),
    _P("default.replication.factor", _INT, _STANDARD, minimum=1),
    _P("delete.topic.enable", _BOOLEAN),
    _P("group.initial.rebalance.delay.ms", _INT, minimum=0),
    _P("group.max.session.timeout.ms", _INT, minimum=1_000, why=f"With less {_NO_GROUP}"),
    _P("group.min.session.timeout.ms", _INT, _STANDARD, minimum=1),
    # Not among the definitions of Kafka 4's brokers, which take no notice of it. Amazon MSK takes it for any version.
    _P("leader.imbalance.per.broker.percentage", _INT, minimum=0, until=(4,)),
    _P("log.cleaner.delete.retention.ms", _LONG, _STANDARD, minimum=0),
    _P("log.cleaner.min.cleanable.ratio", _DOUBLE, _STANDARD, minimum=0, maximum=1),
    _P("log.cleanup.policy", PropertyType.LIST, choices=("delete", "compact")),
    _P("log.flush.interval.messages", _LONG, _STANDARD, minimum=1),
    _P("log.flush.interval.ms", _LONG, _STANDARD, minimum=0),
    _P("log.message.timestamp.after.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P("log.message.timestamp.before.max.ms", _LONG, minimum=SMALLEST_TIMESTAMP_MS, since=(3, 6), why=TIMESTAMP_WHY),
    _P(
        "log.message.timestamp.difference.max.ms",
        _LONG,
        _STANDARD,
        minimum=SMALLEST_TIMESTAMP_MS,
        why=TIMESTAMP_WHY,
        # Deprecated since 3.6 and gone from 4.0 on (KIP-937).
        until=(4,),
        instead="log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms",
    ),
    _P("log.message.timestamp.type", PropertyType.STRING, choices=("CreateTime", "LogAppendTime")),
    _P("log.retention.bytes", _LONG, minimum=0, unlimited=True),
    _P("log.retention.hours", _INT, _STANDARD, minimum=1, unlimited=True),
    _P("log.retention.minutes", _INT, _STANDARD, minimum=1, unlimited=True),
    _P("log.retention.ms", _LONG, minimum=1, unlimited=True),
    _P("log.roll.ms", _LONG, _STANDARD, minimum=SMALLEST_SEGMENT_MS, why=ROLL_WHY),
    _P(
        "log.segment.bytes",
        _INT,
        _STANDARD,
        minimum=SMALLEST_SEGMENT_BYTES,
        raised=SEGMENT_BYTES_RAISED,
        why=SEGMENT_WHY,
    ),
    _P(
        "max.connections.per.ip",
        _INT,
        _EXPRESS,
        minimum=1,
        why="Kafka takes 0 only together with max.connections.per.ip.overrides, which no configuration can have.",
    ),
    _P("max.incremental.fetch.session.cache.slots", _INT, minimum=0),
    _P(
        "message.max.bytes",
        _INT,
        minimum=1_024,
        why="With less, the cluster accepts almost no messages, not even Kafka's own records of consumer groups.",
    ),
    _P("min.insync.replicas", _INT, _STANDARD, minimum=1),
    _P("num.io.threads", _INT, _STANDARD, minimum=1, maximum=MOST_THREADS, why=_THREADS_WHY),
    _P("num.network.threads", _INT, _STANDARD, minimum=1, maximum=MOST_THREADS, why=_THREADS_WHY),
    _P(
        "num.partitions",
        _INT,
        minimum=1,
        maximum=10_000,
        why="Kafka's controller creates at most 10000 partitions at once (ReplicationControlManager, MAX_PARTITIONS_PER_BATCH).",
    ),
    _P("num.recovery.threads.per.data.dir", _INT, _STANDARD, minimum=1, maximum=MOST_THREADS, why=_THREADS_WHY),
    _P("num.replica.fetchers", _INT, _STANDARD, minimum=1, maximum=MOST_THREADS, why=_THREADS_WHY),
    _P("offsets.retention.minutes", _INT, minimum=1),
    # Kafka counts replicas in 16 bits.
    _P("offsets.topic.replication.factor", _INT, _STANDARD, minimum=1, maximum=32_767),
    _P("replica.fetch.max.bytes", _INT, minimum=_SMALLEST_FETCH, why=_FETCH_WHY),
    _P("replica.fetch.response.max.bytes", _INT, _STANDARD, minimum=_SMALLEST_FETCH, why=_FETCH_WHY),
    _P("replica.lag.time.max.ms", _LONG, _STANDARD, minimum=10_000, maximum=30_000),
    _P(
        "replica.selector.class",
        PropertyType.STRING,
        choices=(RACK_AWARE_SELECTOR,),
        why="Amazon MSK's brokers have no other such class, and a broker that does not find its class does not start.",
    ),
    _P(
        "replica.socket.receive.buffer.bytes",
        _INT,
        _STANDARD,
        minimum=1,
        unlimited=True,
        minus_one="the operating system's default",
        why=_BUFFER_WHY,
    ),
    _P(
        "socket.receive.buffer.bytes",
        _INT,
        minimum=1,
        unlimited=True,
        minus_one="the operating system's default",
        why=_BUFFER_WHY,
    ),
    _P(
        "socket.request.max.bytes",
        _INT,
        minimum=16_384,
        why="Brokers close a connection whose request is larger, even a connection between brokers.",
    ),
    _P(
        "socket.send.buffer.bytes",
        _INT,
        minimum=1,
        unlimited=True,
        minus_one="the operating system's default",
        why=_BUFFER_WHY,
    ),
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
