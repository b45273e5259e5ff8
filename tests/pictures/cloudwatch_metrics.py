"""Amazon MSK's metrics in CloudWatch, as queries of what the exporters of Apache Kafka's brokers say.

A metric that has no counterpart there is not in the table, and no picture shows it: the limits of AWS's network and the refusals
of IAM are AWS's own, and no client here has a quota that it could exceed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.msk.metrics import BROKER_ID, CLIENT_AUTHENTICATION, CONSUMER_GROUP, TOPIC
from support.kafka.server_files import Listener

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 60
"""Of a period of CloudWatch."""

MORE_SERIES = (
    "java_lang_Copy_LastGcInfo_memoryUsageAfterGc_used",
    "process_open_fds",
    "process_max_fds",
)
"""What is kept beside the series of rules and dashboards. `Copy` is the collector of a virtual machine with a small heap."""

AUTHENTICATIONS = {Listener.TLS.value: "SSL", Listener.SCRAM.value: "SASL_SCRAM", Listener.IAM.value: "IAM"}
"""Amazon MSK's names of what the listeners authenticate by."""


def _rate(name: str, by: str, topic: str = '=""') -> str:
    counter = f'kafka_server_BrokerTopicMetrics_Count{{name="{name}",topic{topic}}}'
    return f"sum by ({by}) (rate({counter}[30s]))"


def _cpu(mode: str) -> str:
    spent, whole = f'node_cpu_seconds_total{{mode="{mode}"}}', "node_cpu_seconds_total"
    return f"100 * sum by (instance) (rate({spent}[30s])) / sum by (instance) (rate({whole}[30s]))"


def _manager(name: str) -> str:
    return f'max by (instance) (kafka_server_ReplicaManager_Value{{name="{name}"}})'


def _controller(name: str) -> str:
    return f'max(kafka_controller_KafkaController_Value{{name="{name}"}})'


def _lag(name: str) -> str:
    return f'max by (groupId, topic) (kafka_consumer_group_ConsumerLagMetrics_Value{{name="{name}"}})'


_AFTER_COLLECTION = 'java_lang_Copy_LastGcInfo_memoryUsageAfterGc_used{key=~"Eden Space|Survivor Space|Tenured Gen"}'

QUERIES = {
    "ActiveControllerCount": _controller("ActiveControllerCount"),
    "OfflinePartitionsCount": _controller("OfflinePartitionsCount"),
    "GlobalTopicCount": _controller("GlobalTopicCount"),
    "GlobalPartitionCount": _controller("GlobalPartitionCount"),
    "UnderMinIsrPartitionCount": _manager("UnderMinIsrPartitionCount"),
    "UnderReplicatedPartitions": _manager("UnderReplicatedPartitions"),
    "LeaderCount": _manager("LeaderCount"),
    "PartitionCount": _manager("PartitionCount"),
    "HeapMemoryAfterGC": f"100 * sum by (instance) ({_AFTER_COLLECTION}) / on (instance) java_lang_Memory_HeapMemoryUsage_max",
    "BytesInPerSec": _rate("BytesInPerSec", "instance"),
    "BytesOutPerSec": _rate("BytesOutPerSec", "instance"),
    "MessagesInPerSec": _rate("MessagesInPerSec", "instance"),
    "KafkaDataLogsDiskUsed": "100 * cluster_instance:kafka_data_disk_used:ratio",
    "KafkaAppLogsDiskUsed": "measured_log_volume_percent",
    "VolumeReadBytes": f"{_SECONDS} * rate(node_disk_read_bytes_total[30s])",
    "VolumeWriteBytes": f"{_SECONDS} * rate(node_disk_written_bytes_total[30s])",
    "CpuUser": _cpu("user"),
    "CpuSystem": _cpu("system"),
    "RequestHandlerAvgIdlePercent": 'kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"}',
    "NetworkProcessorAvgIdlePercent": 'kafka_network_SocketServer_Value{name="NetworkProcessorAvgIdlePercent"}',
    "KafkaFileDescriptorsUsagePercent": '100 * process_open_fds{job="jmx"} / process_max_fds{job="jmx"}',
    "KafkaMemoryMappedFilesUsagePercent": "measured_memory_maps_percent",
    "ConnectionCount": "sum by (instance) (kafka_server_socket_server_metrics_connection_count)",
    "ConnectionCreationRate": "sum by (instance) (kafka_server_socket_server_metrics_connection_creation_rate)",
    "EstimatedMaxTimeLag": _lag("EstimatedMaxTimeLag"),
    "MaxOffsetLag": _lag("MaxOffsetLag"),
    "SumOffsetLag": _lag("SumOffsetLag"),
}
"""By metric, of the cluster, of each broker, or of each group and topic: the dimensions that an alarm on it would have."""

SEARCHED = {
    ("BytesInPerSec", TOPIC): _rate("BytesInPerSec", "instance, topic", '!~"|__.*"'),
    ("BytesOutPerSec", TOPIC): _rate("BytesOutPerSec", "instance, topic", '!~"|__.*"'),
    ("ClientConnectionCount", CLIENT_AUTHENTICATION): (
        'sum by (instance, listener) (kafka_server_socket_server_metrics_connection_count{listener=~"CLIENT_.*"}) > 0'
    ),
    ("EstimatedMaxTimeLag", CONSUMER_GROUP): _lag("EstimatedMaxTimeLag"),
    ("MaxOffsetLag", CONSUMER_GROUP): _lag("MaxOffsetLag"),
    ("SumOffsetLag", CONSUMER_GROUP): _lag("SumOffsetLag"),
}
"""By metric and the dimension that tells its series apart beside the broker: what a search finds."""


def as_cloudwatch(series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Prometheus' answer with Amazon MSK's dimensions in place of labels, but for the cluster's name."""

    def dimensions(labels: Mapping[str, str]) -> dict[str, str]:
        broker = labels.get("instance", "").partition(":")[0].removeprefix("b-")
        names = {
            BROKER_ID: broker,
            TOPIC: labels.get("topic", ""),
            CONSUMER_GROUP: labels.get("groupId", ""),
            CLIENT_AUTHENTICATION: AUTHENTICATIONS.get(labels.get("listener", ""), ""),
        }
        return {name: value for name, value in names.items() if value}

    return [{"dimensions": dimensions(one["metric"]), "values": one["values"]} for one in series]
