"""The configuration that a topic may have, with types and ranges.

Sources: Apache Kafka documentation, "Topic Configs" (names, types, valid values); MSK Developer Guide, "Custom MSK Express broker
configurations", topic level (what Express brokers take).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.properties.definitions import SEGMENT_BYTES_RAISED, Brokers, PropertyDefinition, PropertyType

_BOOLEAN, _INT, _LONG, _DOUBLE = PropertyType.BOOLEAN, PropertyType.INT, PropertyType.LONG, PropertyType.DOUBLE
_STANDARD = Brokers.STANDARD
_P = PropertyDefinition

_ROWS = (
    _P("cleanup.policy", PropertyType.LIST, choices=("delete", "compact")),
    _P("compression.gzip.level", _INT, _STANDARD, minimum=1, maximum=9, unlimited=True, since=(3, 8)),
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
    _P("max.message.bytes", _INT, minimum=0),
    _P("message.timestamp.after.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P("message.timestamp.before.max.ms", _LONG, minimum=0, since=(3, 6)),
    _P("message.timestamp.type", PropertyType.STRING, choices=("CreateTime", "LogAppendTime")),
    _P("min.cleanable.dirty.ratio", _DOUBLE, _STANDARD, minimum=0, maximum=1),
    _P("min.compaction.lag.ms", _LONG, minimum=0),
    _P("min.insync.replicas", _INT, _STANDARD, minimum=1),
    _P("preallocate", _BOOLEAN, _STANDARD),
    _P("remote.storage.enable", _BOOLEAN, _STANDARD),
    _P("retention.bytes", _LONG, minimum=0, unlimited=True),
    _P("retention.ms", _LONG, minimum=0, unlimited=True),
    _P("segment.bytes", _INT, _STANDARD, minimum=14, raised=SEGMENT_BYTES_RAISED),
    _P("segment.index.bytes", _INT, _STANDARD, minimum=4),
    _P("segment.jitter.ms", _LONG, _STANDARD, minimum=0),
    _P("segment.ms", _LONG, _STANDARD, minimum=1),
    _P("unclean.leader.election.enable", _BOOLEAN, _STANDARD),
)

TOPIC_CONFIGS: Mapping[str, PropertyDefinition] = MappingProxyType({row.name: row for row in _ROWS})
"""Every configuration that a topic may have, by name."""

EXPRESS_FIXED_OF_TOPICS: Mapping[str, str] = MappingProxyType(
    {"min.insync.replicas": "2", "unclean.leader.election.enable": "false", "remote.storage.enable": "false"}
)
"""What Express brokers decide for every topic."""
