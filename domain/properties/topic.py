"""The configuration that a topic may have, with types and ranges.

Sources: Apache Kafka documentation, "Topic Configs" (names, types, valid values); MSK Developer Guide, "Custom MSK Express broker
configurations", topic level (what Express brokers take).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.properties.definitions import (
    ROLL_WHY,
    SEGMENT_BYTES_RAISED,
    SEGMENT_WHY,
    SMALLEST_SEGMENT_BYTES,
    SMALLEST_SEGMENT_MS,
    SMALLEST_TIMESTAMP_MS,
    TIMESTAMP_WHY,
    Brokers,
    PropertyDefinition,
    PropertyType,
)

_BOOLEAN, _INT, _LONG, _DOUBLE = PropertyType.BOOLEAN, PropertyType.INT, PropertyType.LONG, PropertyType.DOUBLE
_STANDARD = Brokers.STANDARD
_P = PropertyDefinition

SMALLEST_BATCH_BYTES = 68
"""The smallest batch: 61 bytes of header (``DefaultRecordBatch.RECORD_BATCH_OVERHEAD``), and a record with nothing in it."""

_ROWS = (
    _P("cleanup.policy", PropertyType.LIST, choices=("delete", "compact")),
    _P(
        "compression.gzip.level",
        _INT,
        _STANDARD,
        minimum=1,
        maximum=9,
        unlimited=True,
        minus_one="gzip's default",
        since=(3, 8),
    ),
    _P("compression.lz4.level", _INT, _STANDARD, minimum=1, maximum=17, since=(3, 8)),
    _P(
        "compression.type",
        PropertyType.STRING,
        choices=("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
    ),
    _P("compression.zstd.level", _INT, _STANDARD, minimum=-131072, maximum=22, since=(3, 8)),
    _P("delete.retention.ms", _LONG, minimum=0),
    _P("file.delete.delay.ms", _LONG, _STANDARD, minimum=0),
    _P("flush.messages", _LONG, _STANDARD, minimum=1),
    _P("flush.ms", _LONG, _STANDARD, minimum=0),
    _P("index.interval.bytes", _INT, _STANDARD, minimum=0),
    _P("local.retention.bytes", _LONG, _STANDARD, minimum=-2, since=(3, 6)),
    _P("local.retention.ms", _LONG, _STANDARD, minimum=-2, since=(3, 6)),
    _P("max.compaction.lag.ms", _LONG, minimum=1),
    _P(
        "max.message.bytes",
        _INT,
        minimum=SMALLEST_BATCH_BYTES,
        why="No message fits into less, not even an empty one: the topic would accept nothing.",
    ),
    _P("message.timestamp.after.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P("message.timestamp.before.max.ms", _LONG, minimum=SMALLEST_TIMESTAMP_MS, since=(3, 6), why=TIMESTAMP_WHY),
    _P(
        "message.timestamp.difference.max.ms",
        _LONG,
        _STANDARD,
        minimum=SMALLEST_TIMESTAMP_MS,
        why=TIMESTAMP_WHY,
        # As the server property: deprecated since 3.6 and gone from 4.0 on (KIP-937).
        until=(4,),
        instead="message.timestamp.before.max.ms and message.timestamp.after.max.ms",
    ),
    _P("message.timestamp.type", PropertyType.STRING, choices=("CreateTime", "LogAppendTime")),
    _P("min.cleanable.dirty.ratio", _DOUBLE, _STANDARD, minimum=0, maximum=1),
    _P("min.compaction.lag.ms", _LONG, minimum=0),
    # Gone from 4.0 on (KIP-1030): brokers no longer answer in old formats.
    _P("message.downconversion.enable", _BOOLEAN, _STANDARD, until=(4,)),
    _P("min.insync.replicas", _INT, _STANDARD, minimum=1),
    _P("preallocate", _BOOLEAN, _STANDARD),
    _P("remote.storage.enable", _BOOLEAN, _STANDARD),
    _P("retention.bytes", _LONG, minimum=0, unlimited=True),
    _P("retention.ms", _LONG, minimum=0, unlimited=True),
    _P(
        "segment.bytes",
        _INT,
        _STANDARD,
        minimum=SMALLEST_SEGMENT_BYTES,
        raised=SEGMENT_BYTES_RAISED,
        why=SEGMENT_WHY,
    ),
    _P(
        "segment.index.bytes",
        _INT,
        _STANDARD,
        minimum=1_024,
        why="A segment ends where its index is full, with entries of 8 and 12 bytes: it would end after a few batches.",
    ),
    _P("segment.jitter.ms", _LONG, _STANDARD, minimum=0),
    _P("segment.ms", _LONG, _STANDARD, minimum=SMALLEST_SEGMENT_MS, why=ROLL_WHY),
    _P("unclean.leader.election.enable", _BOOLEAN, _STANDARD),
)

TOPIC_CONFIGS: Mapping[str, PropertyDefinition] = MappingProxyType({row.name: row for row in _ROWS})
"""Every configuration that a topic may have, by name."""

EXPRESS_FIXED_OF_TOPICS: Mapping[str, str] = MappingProxyType(
    {"min.insync.replicas": "2", "unclean.leader.election.enable": "false", "remote.storage.enable": "false"}
)
"""What Express brokers decide for every topic."""

EXPRESS_MINIMUM: Mapping[str, int] = MappingProxyType({"max.compaction.lag.ms": 86_400_000})
"""Least numbers on Express brokers where those are larger than Kafka's: a day, as AWS's own readiness check of topics has it
(agent-toolkit-for-aws, ``compatibility.py``). The guide says seven days, which is warned of."""

TIERED_SEGMENT_BYTES = 50_331_648
TIERED_SEGMENT_MS = 600_000
"""Least size and age of a segment of a topic with tiered storage. MSK Developer Guide, "Guidelines for Amazon MSK tiered storage
topic-level configuration"."""
