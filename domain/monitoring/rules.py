"""What is worth an alarm on an Amazon MSK cluster: one row for each, with its source.

A row says what is looked at and when it is too much; which rows a cluster gets, and how often, follows in
`domain.monitoring.alarms`. Thresholds come from the broker type's row in `domain.msk.brokers` wherever they depend on it.

Sources: MSK Developer Guide, "Best practices for Standard brokers" and "Best practices for Express brokers"; the alarms that
AWS's public agent-toolkit for Amazon MSK recommends ("Monitor and Alarm MSK Clusters", August 2026), called the toolkit below.
What no source says is called this project's own choice.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.monitoring.terms import AlarmRule, Comparison, Missing, Query, Scope, Severity
from domain.msk.metrics import ClusterKind
from domain.msk.serverless import (
    EGRESS_MB_PER_SECOND,
    INGRESS_MB_PER_SECOND,
    PARTITION_EGRESS_MB_PER_SECOND,
    PARTITION_INGRESS_MB_PER_SECOND,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from domain.monitoring.terms import Watched

_STANDARD_PRACTICES = 'MSK Developer Guide, "Best practices for Standard brokers"'
_EXPRESS_PRACTICES = 'MSK Developer Guide, "Best practices for Express brokers"'
_STANDARD_METRICS = 'MSK Developer Guide, "Amazon MSK metrics for monitoring Standard brokers with CloudWatch"'
_QUOTA = 'MSK Developer Guide, "Amazon MSK quota"'
_TOOLKIT = "AWS's public agent-toolkit for Amazon MSK, recommended alarms"
_OWN = "this project's own choice"

SHARE_OF_LIMIT = 0.8
"""How much of a limit may be used before it is an alarm: the toolkit's share, for connections, throughput and volumes alike."""

IAM_CONNECTIONS = 3000
"""IAM connections of a broker at once, by default. MSK Developer Guide, "Amazon MSK quota"."""

IAM_CONNECTIONS_PER_SECOND = 100
IAM_CONNECTIONS_PER_SECOND_OF_BURSTABLE = 4
"""New IAM connections of a broker; same page. It cannot be raised."""

_BYTES_OF_MB = 1_000_000
"""The quota page speaks of MBps: the smaller reading, so that the alarm comes early rather than late."""

FROM_FIGURES: Mapping[ClusterKind, tuple[str, ...]] = MappingProxyType(
    {
        ClusterKind.STANDARD: ("partitions", "volume-throughput"),
        ClusterKind.EXPRESS: ("partitions", "ingress-quota", "egress-quota"),
        ClusterKind.SERVERLESS: (),
    }
)
"""The rules whose thresholds are figures of the broker type: of a type without figures only the stack can say them."""

_GAUGE = "A broker that reports nothing is not at its limit: the alarm broker-silent covers it."
_EVENTS = "Reported only when there is something to count."
_TAKEN_IN = "took in {amount} from clients for {time}"
_SENT = "sent {amount} to clients for {time}"


def _always(value: float) -> Callable[[Watched], float | None]:
    return lambda _: value


def _where_burstable(watched: Watched) -> float | None:
    return 100 if watched.broker and watched.broker.is_burstable else None


def _partitions(watched: Watched) -> float | None:
    return watched.broker.partitions_recommended if watched.broker else None


def _volumes(watched: Watched) -> float | None:
    throughput = watched.volume_mib_per_second
    return None if throughput is None else SHARE_OF_LIMIT * throughput


def _ingress(watched: Watched) -> float | None:
    quota = watched.broker.sustained_ingress_mb_per_second if watched.broker else None
    return None if quota is None else round(SHARE_OF_LIMIT * quota * _BYTES_OF_MB)


def _egress(watched: Watched) -> float | None:
    quota = watched.broker.sustained_egress_mb_per_second if watched.broker else None
    return None if quota is None else round(SHARE_OF_LIMIT * quota * _BYTES_OF_MB)


def _of_serverless(quota_mb_per_second: float) -> Callable[[Watched], float | None]:
    """The share of a quota of Serverless clusters, bytes a second; None for the other kinds."""
    limit = SHARE_OF_LIMIT * quota_mb_per_second * _BYTES_OF_MB
    return lambda watched: limit if watched.kind is ClusterKind.SERVERLESS else None


def _where_express(watched: Watched) -> float | None:
    return 0 if watched.kind is ClusterKind.EXPRESS else None


def _where_iam(watched: Watched) -> float | None:
    return 0 if watched.iam else None


def _iam_connection_rate(watched: Watched) -> float | None:
    if not watched.iam:
        return None
    burstable = watched.broker is not None and watched.broker.is_burstable
    return SHARE_OF_LIMIT * (IAM_CONNECTIONS_PER_SECOND_OF_BURSTABLE if burstable else IAM_CONNECTIONS_PER_SECOND)


def _connections(mechanism: str, authentication: str, clients: str, on: Callable[[Watched], bool], means: str) -> AlarmRule:
    """The toolkit takes one number for every mechanism, though Amazon MSK refuses connections of IAM clients only."""
    return AlarmRule(
        name=f"connections-{mechanism}",
        title=f"{authentication} connections",
        # A broker reports a data point for each network processor: only their sum of one minute is the number of connections.
        queries=(Query("connections", "ClientConnectionCount", "Sum", authentication),),
        threshold=lambda watched: SHARE_OF_LIMIT * IAM_CONNECTIONS if on(watched) else None,
        unit="connections",
        bounds=(1, 100_000),
        period=60,
        evaluated=15,
        breaching=15,
        missing_reason="No client is connected in this way.",
        happened=f"had {{amount}} of {clients} clients for {{time}}",
        means=means,
        first="Find the client that opens connections and does not close or share them.",
        source=f"{_TOOLKIT}; {_QUOTA}",
        shared_section="connections",
    )


ALARM_RULES: tuple[AlarmRule, ...] = (
    AlarmRule(
        name="no-controller",
        title="No active controller",
        scope=Scope.CLUSTER,
        # One broker or controller reports 1 and the others 0: only the highest value says whether there is one.
        queries=(Query("controllers", "ActiveControllerCount", "Maximum"),),
        threshold=_always(1),
        unit="controllers",
        comparison=Comparison.BELOW,
        period=60,
        evaluated=5,
        breaching=5,
        severity=Severity.CRITICAL,
        missing=Missing.BREACHING,
        missing_reason="A cluster whose controller is gone reports no count of controllers.",
        happened="reported no active controller for {time}",
        means="Leaders cannot be elected, and topics cannot be changed.",
        first="Check whether an Amazon MSK operation runs on the cluster; if not, open a case with AWS Support.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="offline-partitions",
        title="Partitions without a leader",
        scope=Scope.CLUSTER,
        queries=(Query("offline", "OfflinePartitionsCount", "Maximum"),),
        threshold=_always(0),
        unit="partitions",
        period=60,
        evaluated=3,
        breaching=3,
        severity=Severity.CRITICAL,
        missing=Missing.IGNORE,
        missing_reason="Only the controller reports it; the alarm no-controller covers a missing one.",
        happened="had {amount} without a leader for {time}",
        means="Clients cannot write to them or read from them.",
        first="Find the brokers that hold the partitions' replicas, and why they are down.",
        source=f"{_TOOLKIT}; 3 minutes is {_OWN}",
    ),
    AlarmRule(
        name="under-min-isr",
        title="Fewer in-sync replicas than required",
        queries=(Query("partitions", "UnderMinIsrPartitionCount", "Average"),),
        threshold=_always(1),
        unit="partitions",
        comparison=Comparison.AT_LEAST,
        period=60,
        evaluated=1,
        breaching=1,
        severity=Severity.CRITICAL,
        missing=Missing.IGNORE,
        missing_reason="A leader that is down reports nothing, but its partitions have not recovered.",
        happened="led {amount} with fewer in-sync replicas than min.insync.replicas asks for, for {time}",
        means="Producers with acks=all cannot write to them.",
        first="Find the brokers that are down or behind, and restart no other broker.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="broker-silent",
        title="A broker reports nothing",
        queries=(Query("reports", "CpuIdle", "SampleCount"),),
        threshold=_always(1),
        unit="data points",
        comparison=Comparison.BELOW,
        period=300,
        # A restart in a rolling update takes ten to fifteen minutes; MSK Developer Guide, "Update the broker size".
        evaluated=6,
        breaching=6,
        severity=Severity.CRITICAL,
        missing=Missing.BREACHING,
        missing_reason="The alarm is about missing data.",
        happened="has reported nothing for {time}, longer than a restart takes",
        means="It may be down.",
        first="Check whether Amazon MSK is replacing the broker; if not, open a case with AWS Support.",
        source=_OWN,
    ),
    AlarmRule(
        name="disk-full",
        title="Disk nearly full",
        queries=(Query("used", "KafkaDataLogsDiskUsed", "Maximum"),),
        threshold=_always(90),
        unit="%",
        bounds=(50, 98),
        comparison=Comparison.AT_LEAST,
        period=60,
        evaluated=5,
        breaching=5,
        severity=Severity.CRITICAL,
        missing=Missing.IGNORE,
        missing_reason="A broker whose disk is full may stop reporting, but its disk is still full.",
        happened="used {amount} of its data volume for {time}",
        means="A broker with a full disk stops, and does not restart by itself.",
        first="Grow the volumes now, or shorten the retention of the largest topics.",
        source=f"{_STANDARD_PRACTICES}; critical from 90%: github.com/awslabs/mcp, AWS MSK server, April 2026",
    ),
    AlarmRule(
        name="disk-used",
        title="Disk filling",
        queries=(Query("used", "KafkaDataLogsDiskUsed", "Maximum"),),
        threshold=_always(85),
        unit="%",
        bounds=(10, 95),
        comparison=Comparison.AT_LEAST,
        period=300,
        evaluated=1,
        breaching=1,
        missing=Missing.IGNORE,
        missing_reason="A broker that reports nothing has no more free disk than before.",
        happened="used {amount} of its data volume for {time}",
        means="A broker with a full disk stops, and volumes can grow only once in six hours.",
        first="Grow the volumes, or shorten the retention of the largest topics.",
        source=_STANDARD_PRACTICES,
    ),
    AlarmRule(
        name="under-replicated",
        title="Replicas behind",
        queries=(Query("partitions", "UnderReplicatedPartitions", "Maximum"),),
        threshold=_always(0),
        unit="partitions",
        bounds=(0, 10_000),
        period=60,
        evaluated=15,
        breaching=15,
        missing=Missing.IGNORE,
        missing_reason="A leader that is down reports nothing; its replicas are not known to have caught up.",
        happened="led {amount} with out-of-sync replicas for {time}",
        means="If another broker stops, clients may be unable to write to them.",
        first="Check whether brokers are restarting; if not, find the broker with the replicas that are behind.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="cpu",
        title="CPU",
        queries=(Query("user", "CpuUser", "Average"), Query("system", "CpuSystem", "Average")),
        expression="user + system",
        threshold=_always(60),
        unit="%",
        bounds=(10, 95),
        period=300,
        evaluated=1,
        breaching=1,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="used {amount} of its CPU, user and system, for {time}",
        means="It may be unable to take over the load of a failed broker.",
        first="Look for small batches, conversions and unevenly spread leaders before adding brokers.",
        source=f"{_STANDARD_PRACTICES}; {_EXPRESS_PRACTICES}",
    ),
    AlarmRule(
        name="cpu-credits",
        title="CPU credits",
        queries=(Query("credits", "CPUCreditBalance", "Average"),),
        threshold=_where_burstable,
        unit="credits",
        bounds=(1, 576),
        comparison=Comparison.AT_MOST,
        period=300,
        evaluated=3,
        breaching=3,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="had {amount} for CPU bursts left for {time}",
        means="Without any, it gets only a fifth of its CPU.",
        first="Lower the load, or change to kafka.m7g.large.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="heap",
        title="Heap after garbage collection",
        queries=(Query("heap", "HeapMemoryAfterGC", "Average"),),
        threshold=_always(60),
        unit="%",
        bounds=(20, 95),
        period=300,
        evaluated=3,
        breaching=3,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="still used {amount} of its heap after garbage collection, for {time}",
        means="It may run out of memory.",
        first="Count transactional IDs, consumer groups, connections and partitions.",
        source=f"{_STANDARD_PRACTICES}; {_TOOLKIT}",
    ),
    AlarmRule(
        name="file-descriptors",
        title="File descriptors",
        queries=(Query("used", "KafkaFileDescriptorsUsagePercent", "Maximum"),),
        threshold=_always(80),
        unit="%",
        bounds=(10, 95),
        period=300,
        evaluated=3,
        breaching=3,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="used {amount} of the file descriptors that it may use, for {time}",
        means="With none left, it accepts no clients.",
        first="Count connections and log segments: many small segments need many files.",
        source=f"{_STANDARD_METRICS}; 15 minutes is {_OWN}",
    ),
    AlarmRule(
        name="partitions",
        title="Partitions of a broker",
        queries=(Query("partitions", "PartitionCount", "Maximum"),),
        threshold=_partitions,
        unit="partitions",
        bounds=(1, 32_000),
        period=300,
        evaluated=3,
        breaching=3,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="had {amount}, followers counted, for {time}",
        means="Far above what AWS recommends, Amazon MSK refuses updates.",
        first="Delete unused topics, add brokers, or choose larger ones.",
        source=f"{_STANDARD_PRACTICES}; {_EXPRESS_PRACTICES}",
    ),
    AlarmRule(
        name="traffic-shaping",
        title="Packets shaped",
        queries=(Query("packets", "TrafficShaping", "Maximum"),),
        threshold=_always(0),
        unit="packets",
        bounds=(0, 1_000_000),
        period=300,
        evaluated=3,
        breaching=3,
        missing_reason=_EVENTS,
        happened="had {amount} dropped or queued for {time}",
        means="Its network allowance is used up.",
        first="Check whether leaders are spread evenly, then choose larger brokers.",
        source=f"{_TOOLKIT}; 15 minutes is {_OWN}",
    ),
    AlarmRule(
        name="network-allowance",
        title="Network bandwidth used up",
        queries=(Query("inbound", "BwInAllowanceExceeded", "Sum"), Query("outbound", "BwOutAllowanceExceeded", "Sum")),
        expression="inbound + outbound",
        threshold=_always(0),
        unit="packets",
        bounds=(0, 1_000_000),
        period=300,
        evaluated=1,
        breaching=1,
        missing_reason=_EVENTS,
        happened="had {amount} dropped or queued within {time}: inbound or outbound bandwidth exceeded the limit of its size",
        means="Clients and replicas wait.",
        first="Check whether leaders and readers are spread evenly, then choose larger brokers.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="request-handlers",
        title="Request handlers busy",
        queries=(Query("idle", "RequestHandlerAvgIdlePercent", "Average"),),
        threshold=_always(0.3),
        unit="of 1",
        bounds=(0.05, 0.9),
        comparison=Comparison.BELOW,
        period=300,
        evaluated=1,
        breaching=1,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="had its request handler threads idle {amount} of the time for {time}",
        means="Requests wait for a thread.",
        first="Look at clients' batch sizes before adding brokers.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="network-processors",
        title="Network processors busy",
        queries=(Query("idle", "NetworkProcessorAvgIdlePercent", "Average"),),
        threshold=_always(0.3),
        unit="of 1",
        bounds=(0.05, 0.9),
        comparison=Comparison.BELOW,
        period=300,
        evaluated=1,
        breaching=1,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="had its network threads idle {amount} of the time for {time}",
        means="Connections wait for a thread.",
        first="Find clients that keep reconnecting.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="volume-throughput",
        title="Volume throughput",
        queries=(Query("reads", "VolumeReadBytes", "Sum"), Query("writes", "VolumeWriteBytes", "Sum")),
        expression="(reads + writes) / PERIOD(reads) / 1048576",
        threshold=_volumes,
        unit="MiB/s",
        bounds=(1, 1000),
        comparison=Comparison.AT_LEAST,
        period=300,
        evaluated=3,
        breaching=3,
        missing=Missing.MISSING,
        missing_reason=_GAUGE,
        happened="read and wrote {amount} on its data volume for {time}",
        means="At the volume's limit, all requests wait.",
        first="Provision throughput if the broker type supports it, or choose larger brokers.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="iam-throttled",
        title="IAM connections refused",
        queries=(Query("refused", "IAMTooManyConnections", "Sum"),),
        threshold=_where_iam,
        unit="connections",
        period=300,
        evaluated=1,
        breaching=1,
        missing_reason=_EVENTS,
        happened="refused {amount} of IAM clients within {time}",
        means="They opened connections faster than it accepts them.",
        first="Find the client that keeps reconnecting; share clients, and spread their starts over time.",
        source=f"{_TOOLKIT}; {_QUOTA}",
    ),
    AlarmRule(
        name="iam-connection-rate",
        title="New connections near the IAM limit",
        # A data point for each network processor: their average would be a fraction of the rate.
        queries=(Query("created", "ConnectionCreationRate", "Sum"),),
        threshold=_iam_connection_rate,
        unit="connections/s",
        bounds=(0.1, 100),
        comparison=Comparison.AT_LEAST,
        period=60,
        evaluated=3,
        breaching=3,
        missing_reason="No connection was opened.",
        happened="had {amount} opened for {time}",
        means="Beyond its limit of new IAM connections, it refuses some.",
        first="Find the client that keeps reconnecting, before it is refused.",
        source=f"{_TOOLKIT}; {_QUOTA}",
    ),
    _connections(
        "iam",
        "IAM",
        "IAM",
        lambda watched: watched.iam,
        "Beyond its limit of IAM connections, it refuses more.",
    ),
    _connections(
        "scram",
        "SASL_SCRAM",
        "SCRAM",
        lambda watched: watched.scram,
        "Each takes memory and network threads.",
    ),
    _connections(
        "tls",
        "SSL",
        "mutual TLS",
        lambda watched: watched.tls,
        "Each takes memory and network threads.",
    ),
    AlarmRule(
        name="ingress-quota",
        title="Ingress near the quota",
        # Right whether the broker reports one data point a minute or several.
        queries=(Query("ingress", "BytesInPerSec", "Sum"),),
        threshold=_ingress,
        unit="bytes/s",
        bounds=(1, 750_000_000),
        period=60,
        evaluated=15,
        breaching=15,
        missing_reason="Reported only once topics have been written to.",
        happened=_TAKEN_IN,
        means="Beyond what its size sustains, it throttles producers.",
        first="Check whether leaders are spread evenly, then add brokers or choose larger ones.",
        source=f"{_TOOLKIT}; {_QUOTA}; 15 minutes is {_OWN}",
    ),
    AlarmRule(
        name="egress-quota",
        title="Egress near the quota",
        queries=(Query("egress", "BytesOutPerSec", "Sum"),),
        threshold=_egress,
        unit="bytes/s",
        bounds=(1, 1_875_000_000),
        period=60,
        evaluated=15,
        breaching=15,
        missing_reason="Reported only once topics have been read from.",
        happened=_SENT,
        means="Beyond what its size sustains, it throttles consumers.",
        first="Count the consumer groups, then add brokers or choose larger ones.",
        source=f"{_TOOLKIT}; {_QUOTA}; 15 minutes is {_OWN}",
    ),
    AlarmRule(
        name="produce-throttled",
        title="Producers throttled",
        queries=(Query("throttled", "ProduceThrottleTime", "Average"),),
        threshold=_where_express,
        unit="ms",
        bounds=(0, 60_000),
        period=300,
        evaluated=1,
        breaching=1,
        missing_reason=_EVENTS,
        happened="delayed producers by {amount} on average over {time}",
        means="They write more than its size sustains.",
        first="Check whether leaders are spread evenly, then add brokers or choose larger ones.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="fetch-throttled",
        title="Consumers throttled",
        queries=(Query("throttled", "FetchThrottleTime", "Average"),),
        threshold=_where_express,
        unit="ms",
        bounds=(0, 60_000),
        period=300,
        evaluated=1,
        breaching=1,
        missing_reason=_EVENTS,
        happened="delayed consumers by {amount} on average over {time}",
        means="They read more than its size sustains.",
        first="Count the consumer groups, then add brokers or choose larger ones.",
        source=_TOOLKIT,
    ),
    *(
        AlarmRule(
            name=f"{subject}-{direction}",
            title=f"{'Egress' if direction == 'egress' else 'Ingress'} near the {subject}'s quota",
            scope=Scope.ALL_TOPICS if subject == "cluster" else Scope.TOPIC,
            queries=(Query(direction, metric, "Sum"),),
            threshold=_of_serverless(quota),
            unit="bytes/s" if subject == "cluster" else "bytes/s of each partition",
            bounds=(1, quota * _BYTES_OF_MB),
            period=60,
            evaluated=15,
            breaching=15,
            missing_reason=f"Reported only once topics have been {done}.",
            happened=happened,
            means="Beyond its Serverless quota, Amazon MSK slows clients.",
            first=first,
            source=f"{_QUOTA}, MSK Serverless quota; 15 minutes is {_OWN}",
            shared_section=f"serverless-{direction}",
        )
        for direction, metric, happened, done, of_cluster, of_partition in (
            ("ingress", "BytesInPerSec", _TAKEN_IN, "written to", INGRESS_MB_PER_SECOND, PARTITION_INGRESS_MB_PER_SECOND),
            ("egress", "BytesOutPerSec", _SENT, "read from", EGRESS_MB_PER_SECOND, PARTITION_EGRESS_MB_PER_SECOND),
        )
        for subject, quota, first in (
            ("cluster", of_cluster, "Find the topic with the most traffic; move it to a provisioned cluster."),
            ("topic", of_partition, "Check whether keys spread over the partitions evenly, then add partitions."),
        )
    ),
    AlarmRule(
        name="storage-unusual",
        title="Unusual storage",
        scope=Scope.CLUSTER,
        queries=(Query("stored", "StorageUsed", "Maximum"),),
        threshold=_always(2),
        unit="standard deviations",
        bounds=(1, 10),
        comparison=Comparison.OUTSIDE_BAND,
        period=300,
        evaluated=3,
        breaching=3,
        missing_reason="CloudWatch has no anomaly detection band until it has seen the metric for a while.",
        happened="stored unusually much or little data, {amount} from what is usual, for {time}",
        means="AWS charges by the byte; deleted topics show here, too.",
        first="Find the topics that grew or were deleted, and who changed their retention.",
        source=_TOOLKIT,
    ),
    AlarmRule(
        name="consumer-lag",
        title="Consumer group behind",
        scope=Scope.GROUP,
        queries=(Query("behind", "EstimatedMaxTimeLag", "Maximum"),),
        # Each client says how far behind its groups may be.
        threshold=lambda _: None,
        unit="s",
        period=60,
        evaluated=15,
        breaching=15,
        missing_reason="Reported only while a group is stable or empty and has committed offsets; a rebalance is no lag.",
        happened="was {amount} behind for {time}",
        means="The limit is its client's maxLagSeconds.",
        first="Check whether the group has members and what they do; then whether only one partition is behind.",
        source=f'MSK Developer Guide, "Monitor consumer lags"; {_TOOLKIT}; 15 minutes is {_OWN}',
    ),
)
"""Everything there is an alarm for: what stops clients first."""

RULES_BY_NAME = {rule.name: rule for rule in ALARM_RULES}
"""The rules by their names."""
