"""The CloudWatch metrics of Amazon MSK: which kind of cluster emits which, from what monitoring level on, with what dimensions.

An alarm or a graph on a metric that is never emitted shows nothing and never says so, and a dimension that is spelled in
another way makes another metric: the names here are CloudWatch's own, with their blanks.

Sources:

* Standard brokers: MSK Developer Guide, "Amazon MSK metrics for monitoring Standard brokers with CloudWatch"; for tiered storage
  and what newer versions added, the metric table of AWS's public MSK server of github.com/awslabs/mcp, April 2026;
* Express brokers: MSK Developer Guide, "Amazon MSK metrics for monitoring Express brokers with CloudWatch";
* Serverless: MSK Developer Guide, "Monitor MSK Serverless clusters";
* lag: the tables of both kinds of brokers leave `Cluster Name` out of its dimensions, the table of Serverless has it, and so has
  AWS's public agent-toolkit for Amazon MSK ("Monitor and Alarm MSK Clusters", August 2026): it is taken to be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from domain.msk.brokers import BrokerType

NAMESPACE = "AWS/Kafka"
"""The namespace of every metric here."""

CLUSTER_NAME = "Cluster Name"
BROKER_ID = "Broker ID"
TOPIC = "Topic"
CONSUMER_GROUP = "Consumer Group"
PARTITION = "Partition"
CLIENT_AUTHENTICATION = "Client Authentication"
"""The dimensions, as Amazon MSK spells them. Brokers are numbered from 1; the cluster's name is not its ARN."""


class ClusterKind(StrEnum):
    """The kinds of clusters whose metrics differ."""

    STANDARD = "Standard"
    EXPRESS = "Express"
    SERVERLESS = "Serverless"


class Level(StrEnum):
    """Enhanced monitoring, the least first: each level has the metrics of those before it. Serverless has the first only."""

    DEFAULT = "DEFAULT"
    PER_BROKER = "PER_BROKER"
    PER_TOPIC_PER_BROKER = "PER_TOPIC_PER_BROKER"
    PER_TOPIC_PER_PARTITION = "PER_TOPIC_PER_PARTITION"

    @property
    def up_to(self) -> tuple[Level, ...]:
        """This level and those before it."""
        every = tuple(Level)
        return every[: every.index(self) + 1]

    @property
    def above(self) -> tuple[Level, ...]:
        """The levels after it, the nearest first."""
        every = tuple(Level)
        return every[every.index(self) + 1 :]


class Only(StrEnum):
    """What a metric needs beside the kind and the level."""

    BURSTABLE = "burstable brokers (t3)"
    ZOOKEEPER = "a ZooKeeper"
    TIERED = "tiered storage"


_OF_CLUSTER = (CLUSTER_NAME,)
_OF_BROKER = (CLUSTER_NAME, BROKER_ID)
_OF_BROKERS_TOPIC = (CLUSTER_NAME, BROKER_ID, TOPIC)
_OF_TOPIC = (CLUSTER_NAME, TOPIC)
_OF_AUTHENTICATION = (CLUSTER_NAME, BROKER_ID, CLIENT_AUTHENTICATION)
_OF_GROUP = (CLUSTER_NAME, CONSUMER_GROUP, TOPIC)
_OF_PARTITION = (CLUSTER_NAME, CONSUMER_GROUP, TOPIC, PARTITION)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as a kind of cluster emits it.

    Attributes:
        kind: The kind of cluster.
        name: The metric's name.
        level: The lowest level that has it.
        dimensions: The dimensions it is emitted with, all of them. A metric that comes in several ways has several rows.
        only: What else it needs; None for nothing.
        source: The public page that lists it.
    """

    kind: ClusterKind
    name: str
    level: Level
    dimensions: tuple[str, ...]
    only: Only | None
    source: str


_STANDARD_PAGE = 'MSK Developer Guide, "Amazon MSK metrics for monitoring Standard brokers with CloudWatch"'
_EXPRESS_PAGE = 'MSK Developer Guide, "Amazon MSK metrics for monitoring Express brokers with CloudWatch"'
_SERVERLESS_PAGE = 'MSK Developer Guide, "Monitor MSK Serverless clusters"'
_MCP_TABLE = "github.com/awslabs/mcp, AWS MSK server, metric table, April 2026"

_EVERY_BROKER = """
    ConnectionCount CpuIdle CpuSystem CpuUser LeaderCount MemoryBuffered MemoryCached MemoryFree MemoryUsed MessagesInPerSec
    NetworkRxDropped NetworkRxErrors NetworkRxPackets NetworkTxDropped NetworkTxErrors NetworkTxPackets PartitionCount
    ProduceTotalTimeMsMean RequestBytesMean RequestTime UserPartitionExists
"""
_EVERY_BROKER_IN_DETAIL = """
    ConnectionCloseRate ConnectionCreationRate
    FetchConsumerLocalTimeMsMean FetchConsumerRequestQueueTimeMsMean FetchConsumerResponseQueueTimeMsMean
    FetchConsumerResponseSendTimeMsMean FetchConsumerTotalTimeMsMean
    FetchFollowerLocalTimeMsMean FetchFollowerRequestQueueTimeMsMean FetchFollowerResponseQueueTimeMsMean
    FetchFollowerResponseSendTimeMsMean FetchFollowerTotalTimeMsMean
    FetchThrottleByteRate FetchThrottleQueueSize FetchThrottleTime IAMNumberOfConnectionRequests IAMTooManyConnections
    NetworkProcessorAvgIdlePercent ProduceLocalTimeMsMean ProduceRequestQueueTimeMsMean ProduceResponseQueueTimeMsMean
    ProduceResponseSendTimeMsMean ProduceThrottleByteRate ProduceThrottleQueueSize ProduceThrottleTime
    ReplicationBytesInPerSec ReplicationBytesOutPerSec RequestExemptFromThrottleTime RequestHandlerAvgIdlePercent
    RequestThrottleQueueSize RequestThrottleTime TcpConnections TrafficBytes
"""


def _rows(
    kind: ClusterKind,
    level: Level,
    dimensions: tuple[str, ...],
    source: str,
    names: str,
    *,
    only: Only | None = None,
) -> Iterator[Metric]:
    for name in names.split():
        yield Metric(kind, name, level, dimensions, only, source)


def _standard() -> Iterator[Metric]:
    kind, page = ClusterKind.STANDARD, _STANDARD_PAGE
    default, detail = Level.DEFAULT, Level.PER_BROKER
    yield from _rows(
        kind,
        default,
        _OF_CLUSTER,
        page,
        "ActiveControllerCount GlobalPartitionCount GlobalTopicCount KafkaDataLogsDiskUsed OfflinePartitionsCount",
    )
    yield from _rows(kind, default, _OF_BROKER, page, _EVERY_BROKER)
    yield from _rows(
        kind,
        default,
        _OF_BROKER,
        page,
        """BurstBalance BytesInPerSec BytesOutPerSec CpuIoWait HeapMemoryAfterGC KafkaAppLogsDiskUsed KafkaDataLogsDiskUsed
        RootDiskUsed SwapFree SwapUsed TrafficShaping UnderMinIsrPartitionCount UnderReplicatedPartitions""",
    )
    yield from _rows(kind, default, _OF_BROKER, _MCP_TABLE, "NetworkRxThroughput NetworkTxThroughput")
    yield from _rows(kind, default, _OF_BROKER, page, "CPUCreditBalance", only=Only.BURSTABLE)
    yield from _rows(kind, default, _OF_BROKER, page, "ZooKeeperRequestLatencyMsMean ZooKeeperSessionState", only=Only.ZOOKEEPER)
    yield from _rows(kind, default, _OF_BROKERS_TOPIC, page, "BytesInPerSec BytesOutPerSec")
    yield from _rows(kind, default, _OF_AUTHENTICATION, page, "ClientConnectionCount")
    yield from _rows(kind, default, _OF_GROUP, page, "EstimatedMaxTimeLag MaxOffsetLag RollingEstimatedTimeLagMax SumOffsetLag")
    yield from _rows(kind, detail, _OF_BROKER, page, _EVERY_BROKER_IN_DETAIL)
    yield from _rows(
        kind,
        detail,
        _OF_BROKER,
        page,
        """BwInAllowanceExceeded BwOutAllowanceExceeded ConntrackAllowanceExceeded FetchMessageConversionsPerSec
        KafkaFileDescriptorsUsagePercent KafkaMemoryMappedFilesUsagePercent PpsAllowanceExceeded
        ProduceMessageConversionsPerSec ProduceMessageConversionsTimeMsMean VolumeQueueLength VolumeReadBytes VolumeReadOps
        VolumeTotalReadTime VolumeTotalWriteTime VolumeWriteBytes VolumeWriteOps""",
    )
    yield from _rows(kind, detail, _OF_BROKER, page, "CpuCreditUsage", only=Only.BURSTABLE)
    yield from _rows(
        kind,
        detail,
        _OF_BROKER,
        _MCP_TABLE,
        """RemoteCopyBytesPerSec RemoteCopyErrorsPerSec RemoteCopyLagBytes RemoteFetchBytesPerSec RemoteFetchErrorsPerSec
        RemoteFetchRequestsPerSec RemoteLogManagerTasksAvgIdlePercent RemoteLogReaderAvgIdlePercent
        RemoteLogReaderTaskQueueSize RemoteLogSizeBytes""",
        only=Only.TIERED,
    )
    yield from _rows(
        kind,
        Level.PER_TOPIC_PER_BROKER,
        _OF_BROKERS_TOPIC,
        page,
        "FetchMessageConversionsPerSec MessagesInPerSec ProduceMessageConversionsPerSec",
    )
    yield from _rows(
        kind, Level.PER_TOPIC_PER_PARTITION, _OF_PARTITION, page, "EstimatedTimeLag OffsetLag RollingEstimatedTimeLag"
    )


def _express() -> Iterator[Metric]:
    kind, page = ClusterKind.EXPRESS, _EXPRESS_PAGE
    default = Level.DEFAULT
    yield from _rows(kind, default, _OF_CLUSTER, page, "ActiveControllerCount GlobalPartitionCount GlobalTopicCount StorageUsed")
    yield from _rows(kind, default, _OF_BROKER, page, _EVERY_BROKER)
    yield from _rows(kind, default, _OF_BROKER, page, "BytesInPerSec BytesOutPerSec")
    yield from _rows(kind, default, _OF_BROKERS_TOPIC, page, "BytesInPerSec BytesOutPerSec")
    yield from _rows(kind, default, _OF_AUTHENTICATION, page, "ClientConnectionCount")
    yield from _rows(kind, default, _OF_GROUP, page, "EstimatedMaxTimeLag MaxOffsetLag RollingEstimatedTimeLagMax SumOffsetLag")
    yield from _rows(kind, Level.PER_BROKER, _OF_BROKER, page, _EVERY_BROKER_IN_DETAIL)
    yield from _rows(kind, Level.PER_TOPIC_PER_BROKER, _OF_BROKERS_TOPIC, page, "MessagesInPerSec")
    yield from _rows(
        kind, Level.PER_TOPIC_PER_PARTITION, _OF_PARTITION, page, "EstimatedTimeLag OffsetLag RollingEstimatedTimeLag"
    )


def _serverless() -> Iterator[Metric]:
    kind, page = ClusterKind.SERVERLESS, _SERVERLESS_PAGE
    yield from _rows(
        kind,
        Level.DEFAULT,
        _OF_TOPIC,
        page,
        "BytesInPerSec BytesOutPerSec FetchMessageConversionsPerSec MessagesInPerSec ProduceMessageConversionsPerSec",
    )
    yield from _rows(kind, Level.DEFAULT, _OF_GROUP, page, "EstimatedMaxTimeLag MaxOffsetLag SumOffsetLag")


METRICS: tuple[Metric, ...] = (*_standard(), *_express(), *_serverless())
"""Every metric, a row for each kind and each way it comes in."""

_NEEDS = {(row.kind, row.name): row.only for row in METRICS}
_LOWEST = {(row.kind, row.name, frozenset(row.dimensions)): row.level for row in METRICS}


def requirement(kind: ClusterKind, name: str) -> Only | None:
    """What a metric needs beside the kind and the level; None for nothing, and for a metric that the kind has not got."""
    return _NEEDS.get((kind, name))


def kind_of(broker: BrokerType | None) -> ClusterKind:
    """The kind of cluster that brokers of a type make; None stands for Serverless."""
    if broker is None or broker.is_serverless:
        return ClusterKind.SERVERLESS
    return ClusterKind.EXPRESS if broker.is_express else ClusterKind.STANDARD


def lowest_level(kind: ClusterKind, name: str, dimensions: Collection[str]) -> Level | None:
    """The lowest level at which a kind of cluster emits a metric with just these dimensions; None where no level does.

    Args:
        kind: The kind of cluster.
        name: The metric's name.
        dimensions: The names of all dimensions, in any order.
    """
    return _LOWEST.get((kind, name, frozenset(dimensions)))


def emits(kind: ClusterKind, level: Level, name: str, dimensions: Collection[str]) -> bool:
    """Whether a kind of cluster emits a metric with just these dimensions at a level."""
    lowest = lowest_level(kind, name, dimensions)
    return lowest is not None and lowest in level.up_to
