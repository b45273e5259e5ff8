"""Values that Kafka takes and obeys, though they lose messages, cut clients off or wear brokers out: each deserves a warning.

Sources: Apache Kafka documentation, "Broker Configs" and "Topic Configs" (what a property does, and the defaults of brokers and
of clients that the bounds follow); MSK Developer Guide, "Best practices for Standard brokers" (threads). What Kafka or Amazon
MSK refuses is no caution: it is in the tables of definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.properties.definitions import TOPIC_LEVEL

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
_KIB, _MIB = 2**10, 2**20


@dataclass(frozen=True, slots=True)
class Caution:
    """A range in which a property does harm.

    Attributes:
        consequence: What happens there: a sentence without its full stop that follows "serverProperties.x is 1: ".
        below: Numbers under this one do the harm; None where small numbers do none.
        above: Numbers over this one do; likewise. A caution has one of the two.
    """

    consequence: str
    below: float | None = None
    above: float | None = None

    def concerns(self, number: float) -> bool:
        """Whether the number is in the range."""
        return (self.below is not None and number < self.below) or (self.above is not None and number > self.above)


_C = Caution
_SOON = (
    "brokers delete messages that soon after they were written, even if a consumer was down for that long and has not read them"
)
_SMALL_LOG = "each partition keeps almost nothing: brokers delete older messages, even those that no consumer has read"
_SYNC = "brokers flush to disk that often, which limits writes to what a volume can sync; replicas keep messages safe without it"
_SEGMENTS = (
    "each segment is three open files, and small ones use up a broker's file handles and memory maps, which stops it; Kafka 4 "
    "refuses segments of less than 1 MiB"
)
_LATE = (
    "brokers refuse a message that is older when it arrives, and a producer retries for two minutes (delivery.timeout.ms) with "
    "the timestamp of the first attempt"
)
_AHEAD = "brokers refuse messages of a producer whose clock is that far ahead of theirs"
_TOMBSTONES = (
    "brokers remove tombstones that soon: a consumer that takes longer to read a compacted topic from its beginning misses some, "
    "and keeps what was deleted"
)
_REFUSED_SESSIONS = "brokers refuse Kafka's Java consumers with their default session.timeout.ms, 45000"
_THREADS = "threads take memory and CPU time from requests; AWS's own numbers for its largest broker are 96 and 48"
_SMALL_BUFFER = "connections carry that little at a time, and throughput falls with network latency"
_SMALL_FETCH = "replicas fetch little at a time, fall behind when traffic is high, and then no longer count as in sync"

_SERVER: dict[str, tuple[Caution, ...]] = {
    "connections.max.idle.ms": (
        _C(
            "brokers close idle connections that soon: clients authenticate again and again, and cannot wait for a rebalance to "
            "end",
            below=_MINUTE,
        ),
    ),
    "group.initial.rebalance.delay.ms": (
        _C("the first consumers of a group wait that long, or for their max.poll.interval.ms, before they read", above=_MINUTE),
    ),
    "group.max.session.timeout.ms": (
        _C(_REFUSED_SESSIONS, below=45_000),
        _C("the partitions of a consumer that died may stay unread for that long", above=_DAY),
    ),
    "group.min.session.timeout.ms": (
        _C("a client may ask for a session timeout that any pause exceeds, and its group keeps rebalancing", below=_SECOND),
        _C(_REFUSED_SESSIONS, above=45_000),
    ),
    "log.cleaner.delete.retention.ms": (_C(_TOMBSTONES, below=_HOUR),),
    "log.cleaner.min.cleanable.ratio": (
        _C("brokers compact almost all the time, which takes CPU and disk from requests", below=0.01),
        _C("brokers almost never compact compacted topics, which keep growing", above=0.95),
    ),
    "log.flush.interval.messages": (_C(_SYNC, below=10_000),),
    "log.flush.interval.ms": (_C(_SYNC, below=_SECOND),),
    "log.message.timestamp.after.max.ms": (_C(_AHEAD, below=_MINUTE),),
    "log.message.timestamp.before.max.ms": (_C(_LATE, below=2 * _MINUTE),),
    "log.message.timestamp.difference.max.ms": (_C(_LATE, below=2 * _MINUTE),),
    "log.retention.bytes": (_C(_SMALL_LOG, below=_MIB),),
    "log.retention.minutes": (_C(_SOON, below=60),),
    "log.retention.ms": (_C(_SOON, below=_HOUR),),
    "log.roll.ms": (_C(_SEGMENTS, below=10 * _MINUTE),),
    "log.segment.bytes": (_C(_SEGMENTS, below=_MIB),),
    "max.connections.per.ip": (
        _C("a client needs several connections to each broker, and all clients behind one address share the limit", below=10),
    ),
    "max.incremental.fetch.session.cache.slots": (
        _C("brokers keep the sessions of consumers that are gone until all are taken, and may run out of memory", above=100_000),
    ),
    "message.max.bytes": (
        _C(
            "larger batches are refused, and so are Kafka's records of a consumer group with many members, which then cannot "
            "start",
            below=64 * _KIB,
        ),
    ),
    "num.io.threads": (
        _C("one thread serves all requests, and a slow one holds up the rest; Amazon MSK's default is 8", below=2),
        _C(_THREADS, above=256),
    ),
    "num.network.threads": (
        _C("one thread reads all connections of a listener; Amazon MSK's default is 5", below=2),
        _C(f"each listener has that many; {_THREADS}", above=128),
    ),
    "num.partitions": (
        _C("every topic that is created without a number of partitions gets that many, each with its replicas", above=1_000),
    ),
    "num.recovery.threads.per.data.dir": (_C(_THREADS, above=256),),
    "num.replica.fetchers": (_C("each broker runs that many for each other broker; AWS gives its largest brokers 16", above=64),),
    "offsets.retention.minutes": (
        _C(
            "a consumer group that is stopped for longer loses its offsets, and then skips messages or reads all of them again",
            below=1_440,
        ),
    ),
    "replica.fetch.max.bytes": (_C(_SMALL_FETCH, below=64 * _KIB),),
    "replica.fetch.response.max.bytes": (
        _C(_SMALL_FETCH, below=_MIB),
        _C("each fetcher may use that much memory at once, and a broker may run out of memory", above=100 * _MIB),
    ),
    "replica.socket.receive.buffer.bytes": (_C(_SMALL_BUFFER, below=8 * _KIB),),
    "socket.receive.buffer.bytes": (_C(_SMALL_BUFFER, below=8 * _KIB),),
    "socket.request.max.bytes": (
        _C(
            "anyone who can connect may make a broker use that much memory for one request, and run out of memory",
            above=512 * _MIB,
        ),
    ),
    "socket.send.buffer.bytes": (_C(_SMALL_BUFFER, below=8 * _KIB),),
    "transaction.max.timeout.ms": (
        _C("brokers refuse transactional producers with their default transaction.timeout.ms, 60000", below=_MINUTE),
        _C("a producer that died in a transaction may hold up consumers with read_committed for that long", above=_DAY),
    ),
    "transactional.id.expiration.ms": (
        _C(
            "a producer that pauses for longer loses its transactional ID and fails, and brokers no longer fence a second one "
            "with that ID",
            below=_HOUR,
        ),
    ),
}

_TOPIC: dict[str, tuple[Caution, ...]] = {
    "file.delete.delay.ms": (_C("deleted segments stay on the volumes for that long", above=7 * _DAY),),
    "index.interval.bytes": (_C("almost every batch is in the index, which fills up and ends its segment early", below=512),),
    "max.compaction.lag.ms": (
        _C("brokers compact that often, whether there is something to compact or not", below=10 * _MINUTE),
    ),
    "max.message.bytes": (_C("only a few small messages fit into a batch, and brokers refuse larger batches", below=_KIB),),
    "message.timestamp.difference.max.ms": (_C(_LATE, below=2 * _MINUTE),),
    "min.compaction.lag.ms": (_C("brokers do not compact the topic for that long, and it grows until then", above=365 * _DAY),),
    "segment.index.bytes": (
        _C(_SEGMENTS, below=64 * _KIB),
        _C("each new segment reserves two indexes of that size", above=100 * _MIB),
    ),
}

SERVER_CAUTIONS: Mapping[str, tuple[Caution, ...]] = MappingProxyType(_SERVER)
"""Ranges of server properties that do harm, by property."""

TOPIC_CAUTIONS: Mapping[str, tuple[Caution, ...]] = MappingProxyType(
    {name: _SERVER[server] for name, server in TOPIC_LEVEL.items() if server and server in _SERVER} | _TOPIC
)
"""Ranges of topics' configurations that do harm, by configuration: its own, or those of the server property behind it."""
