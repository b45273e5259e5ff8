"""What the Grafana dashboards show: their pages, panels, queries and limits, as data."""

from __future__ import annotations

from domain.monitoring.prometheus_names import replica_manager, selector
from domain.monitoring.prometheus_recordings import ALARM_LIMIT, LAG_LIMIT, MOST_DAYS
from domain.monitoring.rules import (
    IAM_CONNECTIONS,
    IAM_CONNECTIONS_PER_SECOND,
    IAM_CONNECTIONS_PER_SECOND_OF_BURSTABLE,
    RULES_BY_NAME,
)
from domain.monitoring.terms import Watched
from domain.msk.metrics import Level
from tools.generate.dashboard_panels import Page, Panel

_ANY_CLUSTER = Watched(None, 0, Level.DEFAULT)
_CLUSTER = "$cluster"
_TOPIC = "=~$topic"
_GROUP = "=~$group"
_FAILED = "Failed(Produce|Fetch)RequestsPerSec"
_STATES = "NumGroups(Stable|Empty|PreparingRebalance|CompletingRebalance|Dead)"
_FULL_WITHIN_DAYS = 1
_COLLECTED = "10m"
_REQUESTS = "=~Produce|FetchConsumer|FetchFollower|Metadata|OffsetCommit"


def pages() -> tuple[Page, ...]:
    """All dashboards."""
    return (_overview(), _topics(), _lag(), _storage(), _clients())


def _alarm_limit(alarm: str) -> float:
    """The threshold of an alarm that is the same for all clusters, in the unit of its metric; a stack may set another one."""
    limit = RULES_BY_NAME[alarm].threshold(_ANY_CLUSTER)
    if limit is None:
        raise ValueError(f"{alarm} has no threshold that holds for every cluster.")
    return limit


def _alarms(*names: str) -> tuple[tuple[str, str], ...]:
    """The thresholds of alarms as this stack has them."""
    matcher = names[0] if len(names) == 1 else f"=~{'|'.join(names)}"
    return ((recorded(ALARM_LIMIT, alarm=matcher), "alarm {{alarm}}"),)


def _named(expression: str, pattern: str, label: str) -> str:
    """Series that a JMX bean's name tells apart, with what the pattern's group finds in that name as a label of their own."""
    return f'label_replace({expression}, "{label}", "$1", "name", "{pattern}")'


def recorded(name: str, **labels: str) -> str:
    """A query of a recording rule for the cluster that is looked at.

    Args:
        name: The rule's name.
        labels: What else its series must have.
    """
    return selector(name, _CLUSTER, **labels)


def _latency(request: str, attribute: str) -> str:
    series = selector(f"kafka_network_RequestMetrics_{attribute}", _CLUSTER, name="TotalTimeMs", request=request)
    return f"max by (instance) ({series})"


def _sockets(attribute: str, by: str) -> str:
    return f"sum by ({by}) ({selector(f'kafka_server_socket_server_metrics_{attribute}', _CLUSTER)})"


def _overview() -> Page:
    handlers = selector("kafka_server_KafkaRequestHandlerPool_OneMinuteRate", _CLUSTER, name="RequestHandlerAvgIdlePercent")
    processors = selector("kafka_network_SocketServer_Value", _CLUSTER, name="NetworkProcessorAvgIdlePercent")
    used, most = (selector(f"java_lang_Memory_HeapMemoryUsage_{part}", _CLUSTER) for part in ("used", "max"))
    heap = f"max by (instance) ({used} / {most})"
    shrinks = selector("kafka_server_ReplicaManager_Count", _CLUSTER, name="IsrShrinksPerSec")
    expands = selector("kafka_server_ReplicaManager_Count", _CLUSTER, name="IsrExpandsPerSec")
    return Page(
        "msk-cluster-overview",
        "MSK: cluster overview",
        (
            Panel(
                "Brokers up",
                ((f"count({selector('up', _CLUSTER, job='jmx')} == 1)", ""),),
                "short",
                "Should be all brokers.",
                single=True,
            ),
            # With KRaft, only the controllers count partitions without a leader, and nobody scrapes them.
            Panel(
                "Partitions with a leader",
                ((f"sum({replica_manager('LeaderCount', _CLUSTER)})", ""),),
                "short",
                "All partitions. It falls when topics are deleted or partitions lose their leader; CloudWatch tells which.",
                single=True,
            ),
            Panel(
                "Partitions under min ISR",
                ((f"sum({replica_manager('UnderMinIsrPartitionCount', _CLUSTER)})", ""),),
                "short",
                "Fewer replicas are in sync than min.insync.replicas: producers with acks=all are refused. Should be zero.",
                limit=1,
                single=True,
            ),
            Panel(
                "Under-replicated partitions",
                ((f"sum({replica_manager('UnderReplicatedPartitions', _CLUSTER)})", ""),),
                "short",
                "Should be zero, except for minutes after a broker restarts.",
                limit=1,
                single=True,
            ),
            Panel(
                "Bytes in",
                ((recorded("cluster_instance:kafka_bytes_in:rate5m"), "{{instance}}"),),
                "Bps",
                "What clients write, by broker, without replication.",
            ),
            Panel(
                "Bytes out",
                ((recorded("cluster_instance:kafka_bytes_out:rate5m"), "{{instance}}"),),
                "Bps",
                "What clients read, by broker, without replication.",
            ),
            Panel(
                "CPU, user and system",
                ((recorded("cluster_instance:node_cpu_used:ratio5m"), "{{instance}}"),),
                "percentunit",
                f"Below {_alarm_limit('cpu'):g}% leaves room for the load of a failed broker.",
                alarms=_alarms("cpu"),
            ),
            Panel(
                "Request handlers idle",
                ((f"max by (instance) ({handlers})", "{{instance}}"),),
                "percentunit",
                f"Above {_alarm_limit('request-handlers'):.0%}.",
                alarms=_alarms("request-handlers"),
            ),
            Panel(
                "Network processors idle",
                ((f"max by (instance) ({processors})", "{{instance}}"),),
                "percentunit",
                f"Above {_alarm_limit('network-processors'):.0%}.",
                alarms=_alarms("network-processors"),
            ),
            Panel(
                "Heap after garbage collection",
                ((f"min_over_time(({heap})[{_COLLECTED}:])", "{{instance}}"),),
                "percentunit",
                "The least that was in use within ten minutes: what a garbage collection leaves. Should stay below "
                f"{_alarm_limit('heap'):g}%.",
                alarms=_alarms("heap"),
            ),
            Panel(
                "ISR shrinks and expands",
                (
                    (f"sum by (instance) (rate({shrinks}[5m]))", "shrinks {{instance}}"),
                    (f"sum by (instance) (rate({expands}[5m]))", "expands {{instance}}"),
                ),
                "ops",
                "Replicas that leave the in-sync replicas, and replicas that join them. Each that leaves should join again.",
            ),
            Panel(
                "Leaders by broker",
                ((f"max by (instance) ({replica_manager('LeaderCount', _CLUSTER)})", "{{instance}}"),),
                "short",
                "Should be similar on all brokers; if not, elect the preferred leaders.",
            ),
        ),
    )


def _topics() -> Page:
    queries = [
        ("Bytes in", "cluster_topic:kafka_bytes_in:rate5m", "Bps", "What clients write."),
        (
            "Bytes out",
            "cluster_topic:kafka_bytes_out:rate5m",
            "Bps",
            "What clients read: the bytes in, times the number of groups that read them.",
        ),
        ("Messages in", "cluster_topic:kafka_messages_in:rate5m", "cps", "Messages, not batches."),
    ]
    panels = [
        Panel(title, ((f"topk(15, {recorded(name, topic=_TOPIC)})", "{{topic}}"),), unit, text)
        for title, name, unit, text in queries
    ]
    size = f"{recorded(queries[0][1], topic=_TOPIC)} / {recorded(queries[2][1], topic=_TOPIC)}"
    panels.append(
        Panel("Average message size", ((size, "{{topic}}"),), "bytes", "As stored: compressed, with its share of the batch.")
    )
    failed, rejected = (
        f"sum by (name) (rate({selector('kafka_server_BrokerTopicMetrics_Count', _CLUSTER, name=name, topic='')}[5m]))"
        for name in (f"=~{_FAILED}", "BytesRejectedPerSec")
    )
    panels += [
        Panel(
            "Failed requests",
            ((_named(failed, _FAILED, "request"), "{{request}}"),),
            "reqps",
            "Requests that failed in the brokers; clients' mistakes are not counted. Should be zero.",
        ),
        Panel(
            "Bytes rejected",
            ((rejected, "rejected"),),
            "Bps",
            "Batches above the topic's max.message.bytes. Their producers get an error, so nothing is lost silently.",
        ),
    ]
    return Page("msk-topic-throughput", "MSK: topic throughput", tuple(panels), ("topic",))


def _lag() -> Page:
    seconds = recorded("cluster_group_topic:kafka_consumer_lag_seconds:max", groupId=_GROUP)
    messages = recorded("cluster_group_topic:kafka_consumer_lag_messages:sum", groupId=_GROUP)
    groups = "kafka_coordinator_group_GroupMetadataManager_Value"
    states = _named(f"sum by (name) ({selector(groups, _CLUSTER, name=f'=~{_STATES}')})", _STATES, "state")
    legend = "{{groupId}} on {{topic}}"
    return Page(
        "msk-consumer-lag",
        "MSK: consumer lag",
        (
            Panel("Longest lag", ((f"max({seconds})", ""),), "s", "The slowest group, by Amazon MSK's estimate.", single=True),
            Panel("Largest lag", ((f"max({messages})", ""),), "short", "Messages of one group on one topic.", single=True),
            Panel(
                "Groups with known lag",
                ((f"count(count by (groupId) ({messages}))", ""),),
                "short",
                "Amazon MSK reports lag only for groups that are stable or empty.",
                single=True,
            ),
            Panel(
                "Time behind",
                ((seconds, legend),),
                "s",
                "Amazon MSK's estimate for the worst partition; the lines are the clients' maxLagSeconds.",
                alarms=((selector(LAG_LIMIT, _CLUSTER), f"alarm {legend}"),),
            ),
            Panel("Messages behind", ((messages, legend),), "short", "Sum over all partitions."),
            Panel(
                "Change of lag",
                ((f"deriv({messages}[5m])", legend),),
                "cps",
                "Messages a second, over five minutes; below zero while the group catches up.",
                signed=True,
            ),
            Panel(
                "Groups by state",
                ((states, "{{state}}"),),
                "short",
                "A group reads nothing while it rebalances.",
            ),
        ),
        ("group",),
    )


def _storage() -> Page:
    used = recorded("cluster_instance:kafka_data_disk_used:ratio")
    read, written = (selector(f"node_disk_{way}_bytes_total", _CLUSTER) for way in ("read", "written"))
    return Page(
        "msk-storage",
        "MSK: storage (Standard brokers)",
        (
            Panel(
                "Data volume used",
                ((used, "{{instance}}"),),
                "percentunit",
                f"Unless the stack says otherwise, the alarms are at {_alarm_limit('disk-used'):g}% and "
                f"{_alarm_limit('disk-full'):g}%.",
                alarms=_alarms("disk-used", "disk-full"),
            ),
            Panel(
                "Days until full",
                ((recorded("cluster_instance:kafka_data_disk_until_full:days"), "{{instance}}"),),
                "d",
                f"At the pace of the last six hours of the graph beside; {MOST_DAYS} if the volume does not grow.",
                limit=_FULL_WITHIN_DAYS,
                below=True,
            ),
            Panel(
                "Size of topics, with replicas",
                ((f"topk(15, {recorded('cluster_topic:kafka_log_size_bytes:sum')})", "{{topic}}"),),
                "bytes",
                "Data on the brokers' volumes.",
            ),
            Panel(
                "Growth of topics in a day",
                ((f"topk(15, delta({recorded('cluster_topic:kafka_log_size_bytes:sum')}[1d]))", "{{topic}}"),),
                "bytes",
                "Negative where retention deletes more than producers write.",
                signed=True,
            ),
            Panel(
                "Disk reads",
                ((f"sum by (instance) (rate({read}[5m]))", "{{instance}}"),),
                "Bps",
                "Consumers far behind, and compaction.",
            ),
            Panel(
                "Disk writes",
                ((f"sum by (instance) (rate({written}[5m]))", "{{instance}}"),),
                "Bps",
                "Clients' writes and replication.",
            ),
        ),
    )


def _clients() -> Page:
    errors = f"sum by (instance) ({selector('kafka_server_socket_server_metrics_failed_authentication_rate', _CLUSTER)})"
    return Page(
        "msk-clients",
        "MSK: clients",
        (
            Panel(
                "Connections, by listener",
                ((_sockets("connection_count", "listener"), "{{listener}}"),),
                "short",
                "Includes the brokers' own connections.",
            ),
            Panel(
                "Connections, by broker",
                ((recorded("cluster_instance:kafka_connections:sum"), "{{instance}}"),),
                "short",
                f"With IAM, a broker accepts at most {IAM_CONNECTIONS:,}, unless its configuration says otherwise.",
            ),
            Panel(
                "New connections per second",
                ((_sockets("connection_creation_rate", "instance"), "{{instance}}"),),
                "ops",
                f"With IAM, a broker accepts at most {IAM_CONNECTIONS_PER_SECOND} per second, kafka.t3.small "
                f"{IAM_CONNECTIONS_PER_SECOND_OF_BURSTABLE}.",
            ),
            Panel(
                "Failed authentications per second",
                ((errors, "{{instance}}"),),
                "ops",
                "A rotated password, an expired certificate, or someone guessing credentials.",
                limit=1,
            ),
            Panel(
                "Produce requests, 99th percentile",
                ((_latency("Produce", "99thPercentile"), "{{instance}}"),),
                "ms",
                "From the request's arrival to its response; with acks=all, this includes replication.",
            ),
            Panel(
                "Consumer fetch requests, 99th percentile",
                ((_latency("FetchConsumer", "99thPercentile"), "{{instance}}"),),
                "ms",
                "Consumers wait for data: times up to fetch.max.wait.ms are normal.",
            ),
            Panel(
                "Requests per second",
                ((f"sum by (request) (rate({_request_count()}[5m]))", "{{request}}"),),
                "reqps",
                "A jump in Metadata requests means that clients keep restarting.",
            ),
        ),
    )


def _request_count() -> str:
    return selector("kafka_network_RequestMetrics_Count", _CLUSTER, name="RequestsPerSec", request=_REQUESTS)
