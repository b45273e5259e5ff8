"""What a Prometheus scrapes of a cluster, and how often: the configurations of one's own and of AWS's scraper."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.msk.listeners import EXPORTER_PORTS

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRAPE_SECONDS: Final = 60
"""Seconds between two samples of a series, and between two looks at the rules. MSK Developer Guide, on open monitoring with
Prometheus: not more often than once a minute.
"""

INTERVAL: Final = f"{SCRAPE_SECONDS}s"
"""The same as Prometheus writes it."""

_TIMEOUT: Final = "30s"
"""A broker with thousands of partitions takes longer to answer than Prometheus' ten seconds."""

READ: Final = {
    "jmx": (
        "java_lang_Memory_HeapMemoryUsage_(used|max);",
        "kafka_consumer_group_ConsumerLagMetrics_Value;(EstimatedMaxTimeLag|SumOffsetLag)",
        "kafka_controller_KafkaController_Value;(ActiveControllerCount|OfflinePartitionsCount)",
        "kafka_coordinator_group_GroupMetadataManager_Value;NumGroups.+",
        "kafka_log_Log_Value;Size",
        "kafka_network_RequestMetrics_99thPercentile;TotalTimeMs",
        "kafka_network_RequestMetrics_Count;RequestsPerSec",
        "kafka_network_SocketServer_Value;NetworkProcessorAvgIdlePercent",
        "kafka_server_BrokerTopicMetrics_Count;(Bytes(In|Out|Rejected)|MessagesIn|Failed(Produce|Fetch)Requests)PerSec",
        "kafka_server_KafkaRequestHandlerPool_OneMinuteRate;RequestHandlerAvgIdlePercent",
        "kafka_server_ReplicaManager_Count;Isr(Shrinks|Expands)PerSec",
        "kafka_server_ReplicaManager_Value;(Leader|Partition|UnderMinIsrPartition)Count",
        "kafka_server_ReplicaManager_Value;UnderReplicatedPartitions",
        "kafka_server_socket_server_metrics_(connection_count|connection_creation_rate|failed_authentication_rate);",
    ),
    "node": (
        "node_cpu_seconds_total;",
        "node_disk_(read|written)_bytes_total;",
        "node_filesystem_(avail|size)_bytes;",
    ),
}
"""What rules and dashboards read of each exporter: patterns of a metric's name, a semicolon, and the MBean's name if it has one.

An exporter without rules gives some 9,500 series of a broker that has hardly a topic, nearly all of them quantiles of requests.
"""

JOBS: Final = {"jmx": EXPORTER_PORTS["JMX exporter"], "node": EXPORTER_PORTS["node exporter"]}
"""The label `job` of each exporter, and its port."""


def targets(cluster: str, hosts: Sequence[str]) -> list[dict[str, object]]:
    """The brokers' exporters as Prometheus reads them from a file (``file_sd_configs``).

    Args:
        cluster: The cluster's name, which becomes the label ``cluster``.
        hosts: The brokers' host names, without ports.
    """
    return [
        {"targets": [f"{host}:{port}" for host in sorted(hosts)], "labels": {"job": job, "cluster": cluster}}
        for job, port in JOBS.items()
    ]


def render_scrape_configuration(cluster: str, hosts: Sequence[str], *, rule_file: str = "") -> str:
    """A ``prometheus.yml`` that scrapes all brokers of a cluster.

    Args:
        cluster: The cluster's name, which becomes the label ``cluster``.
        hosts: The brokers' host names, without ports.
        rule_file: The file with the rules, beside it; empty for none.
    """
    rules = [f"rule_files: [{json.dumps(rule_file)}]"] if rule_file else []
    lines = ["global:", f"  scrape_interval: {INTERVAL}", *rules, "scrape_configs:"]
    for job, port in JOBS.items():
        exporters = ", ".join(json.dumps(f"{host}:{port}") for host in sorted(hosts))
        lines += [
            f"  - job_name: {job}",
            f"    scrape_timeout: {_TIMEOUT}",
            "    static_configs:",
            f"      - targets: [{exporters}]",
            f"        labels: {{cluster: {json.dumps(cluster)}}}",
        ]
    return "\n".join(lines) + "\n"


def keep_rules(job: str, more: Sequence[str] = ()) -> list[dict[str, object]]:
    """The `metric_relabel_configs` that keep what is read and drop the rest, before anybody pays for it.

    Amazon Managed Service for Prometheus User Guide, "Understand and optimize costs".

    Args:
        job: The exporter, by its job's name.
        more: Patterns of names of metrics to keep besides.
    """
    kept = "|".join([*READ[job], *(f"({pattern});.*" for pattern in more)])
    return [{"source_labels": ["__name__", "name"], "regex": kept, "action": "keep"}]


def render_managed_scrape_configuration(cluster: str, hosts: Sequence[str], more: Sequence[str] = ()) -> str:
    """The configuration of a scraper of Amazon Managed Service for Prometheus, which finds brokers by DNS.

    Amazon Managed Service for Prometheus User Guide, "Set up managed Prometheus collectors for Amazon MSK". The series of a
    broker keep its name when its address changes.

    Args:
        cluster: The cluster's name, which becomes the label ``cluster``.
        hosts: The brokers' host names, without ports.
        more: Patterns of names of metrics that are kept beside those that rules and dashboards read.
    """
    names = json.dumps(sorted(hosts))
    lines = ["global:", f"  scrape_interval: {INTERVAL}", "scrape_configs:"]
    for job, port in JOBS.items():
        lines += [
            f"  - job_name: {job}",
            f"    scrape_timeout: {_TIMEOUT}",
            "    dns_sd_configs:",
            f"      - {{names: {names}, type: A, port: {port}}}",
            "    relabel_configs:",
            "      - source_labels: [__meta_dns_name]",
            "        target_label: instance",
            f'        replacement: "$1:{port}"',
            "      - target_label: cluster",
            f"        replacement: {json.dumps(cluster)}",
            # JSON is YAML.
            f"    metric_relabel_configs: {json.dumps(keep_rules(job, more))}",
        ]
    return "\n".join(lines) + "\n"
