"""The server properties a cluster gets when the stack file says nothing: safe ones.

What a configuration leaves out gets Amazon MSK's defaults, and one of those, unclean leader election, loses
data. What keeps data safe is therefore written out, also where it is Amazon MSK's default today.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.msk.brokers import BrokerKind
from domain.msk.versions import MetadataMode
from domain.properties.definitions import RACK_AWARE_SELECTOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.msk.brokers import BrokerType

THREADS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "4xlarge": (16, 8),
        "8xlarge": (32, 16),
        "12xlarge": (48, 24),
        "16xlarge": (64, 32),
        "24xlarge": (96, 48),
    }
)
"""``num.io.threads`` and ``num.network.threads`` by size, for M5 and M7g alike; smaller sizes keep Amazon
MSK's own. Source: MSK Developer Guide, "Best practices for Standard brokers"."""

REPLICA_FETCHERS: Mapping[str, int] = MappingProxyType(
    {"4xlarge": 4, "8xlarge": 8, "12xlarge": 14, "16xlarge": 16, "24xlarge": 16}
)
"""``num.replica.fetchers`` by size where provisioned throughput is bought: without more fetchers, replication
cannot use it. Source: MSK Developer Guide, "Provision storage throughput for Standard brokers"; it names M5
sizes and gives them as a start for M7g as well. m7g.2xlarge is not named and keeps Amazon MSK's 2."""

_ZONES_FOR_THREE_REPLICAS = 3
_T3_ZOOKEEPER_TIMEOUT_MS = 10_000
_MILLISECONDS_PER_HOUR = 3_600_000


def replication_defaults(zones: int) -> dict[str, str]:
    """Replication factor and in-sync replicas for a number of zones: a replica in each, and one may be gone.

    RF 3 and minISR 2 on three zones, RF 2 and minISR 1 on two; the same for Kafka's own topics. Source: MSK
    Developer Guide, "Default Amazon MSK configuration" and "Best practices for Standard brokers".
    """
    factor, in_sync = ("3", "2") if zones >= _ZONES_FOR_THREE_REPLICAS else ("2", "1")
    return {
        "default.replication.factor": factor,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": factor,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.replication.factor": factor,
    }


def safe_defaults(
    kind: BrokerKind,
    zones: int,
    metadata: MetadataMode = MetadataMode.KRAFT,
    *,
    retention_hours: int | None = None,
    broker: BrokerType | None = None,
    provisioned_throughput: bool = False,
) -> dict[str, str]:
    """The properties a cluster gets unless the stack file says otherwise.

    Args:
        kind: Standard or Express. Express brokers fix what is about replication, and forbid setting it.
        zones: Availability Zones of the cluster.
        metadata: Who keeps the metadata.
        retention_hours: How long messages are kept, from the workload; None leaves Kafka's seven days.
            Standard brokers get ``log.retention.hours``, Express brokers, which forbid that,
            ``log.retention.ms``.
        broker: The broker type, for thread counts; None leaves Amazon MSK's.
        provisioned_throughput: Whether EBS throughput is bought; it needs more replica fetchers.

    Returns:
        Names and values as they stand in the properties file, sorted by name.
    """
    properties = {
        # A misspelt topic name must fail, not make a topic with one partition.
        "auto.create.topics.enable": "false",
        "replica.selector.class": RACK_AWARE_SELECTOR,
    }
    if kind is BrokerKind.EXPRESS:
        if retention_hours is not None:
            properties["log.retention.ms"] = str(retention_hours * _MILLISECONDS_PER_HOUR)
        return dict(sorted(properties.items()))
    properties |= replication_defaults(zones)
    # Amazon MSK's default configuration has true, which trades acknowledged messages for availability.
    properties["unclean.leader.election.enable"] = "false"
    if retention_hours is not None:
        properties["log.retention.hours"] = str(retention_hours)
    if broker is not None:
        properties |= _for_size(broker, metadata, provisioned_throughput=provisioned_throughput)
    return dict(sorted(properties.items()))


def _for_size(broker: BrokerType, metadata: MetadataMode, *, provisioned_throughput: bool) -> dict[str, str]:
    properties: dict[str, str] = {}
    threads = THREADS.get(broker.size)
    if threads:
        properties["num.io.threads"], properties["num.network.threads"] = map(str, threads)
    if provisioned_throughput and broker.size in REPLICA_FETCHERS:
        properties["num.replica.fetchers"] = str(REPLICA_FETCHERS[broker.size])
    if broker.is_burstable and metadata is MetadataMode.ZOOKEEPER:
        # MSK Developer Guide, "Custom Amazon MSK configurations": at least 10 seconds on T3.
        properties["zookeeper.connection.timeout.ms"] = str(_T3_ZOOKEEPER_TIMEOUT_MS)
    return properties
