"""What a cluster's CloudWatch dashboard shows, as the body that CloudWatch takes.

Only metrics that the kind of broker emits at the monitoring level; what a higher level would add is left out, not shown empty.
Sources: Amazon CloudWatch User Guide, "Dashboard body structure and syntax" and "Using search expressions"; the metrics are those
of `domain.msk.metrics`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.monitoring.alarms import NO_CHANGES, Change, limit
from domain.monitoring.rules import RULES_BY_NAME
from domain.monitoring.terms import Watched
from domain.msk.metrics import (
    BROKER_ID,
    CLIENT_AUTHENTICATION,
    CLUSTER_NAME,
    CONSUMER_GROUP,
    NAMESPACE,
    TOPIC,
    Only,
    emits,
    requirement,
)

Widget = dict[str, Any]
_COLUMNS = 24
_WIDTH = 8
_HEIGHT = 6
_PERIOD = 60
_HOUR = 3600
_DAY = 86_400


def dashboard_body(
    cluster: str, region: str, watched: Watched, *, has_zookeeper: bool, changes: Mapping[str, Change] = NO_CHANGES
) -> dict[str, Any]:
    """The dashboard of a cluster.

    Args:
        cluster: Its name, which CloudWatch has as the dimension `Cluster Name`.
        region: The region of its metrics.
        watched: The cluster as its alarms see it: limits are drawn where alarms begin.
        has_zookeeper: Whether its metadata is in ZooKeeper.
        changes: What the stack wants otherwise of alarms, by their names.
    """
    make = _Widgets(cluster, region, watched, changes, has_zookeeper=has_zookeeper)
    sections = {
        "Health": _health(make),
        "Throughput": _throughput(make),
        "Consumer lag": _lag(make),
        "Storage": _storage(make),
        "Load and connections": _load(make),
        "Throttling": _throttling(make),
    }
    shown = {title: [widget for widget in widgets if widget] for title, widgets in sections.items()}
    return {
        "start": "-PT6H",
        "periodOverride": "inherit",
        "widgets": _laid_out({name: all_ for name, all_ in shown.items() if all_}),
    }


class _Widgets:
    """Makes widgets of one cluster; None where the cluster emits none of what a widget is to show."""

    def __init__(
        self, cluster: str, region: str, watched: Watched, changes: Mapping[str, Change], *, has_zookeeper: bool
    ) -> None:
        self._cluster = cluster
        self._region = region
        self._watched = watched
        self._changes = changes
        self._has_zookeeper = has_zookeeper

    def of_cluster(self, title: str, *names: str, stat: str = "Maximum", unit: str | None = None) -> Widget | None:
        rows: list[list[object]] = [
            [NAMESPACE, name, CLUSTER_NAME, self._cluster] for name in names if self._emits(name, CLUSTER_NAME)
        ]
        return self._widget(title, rows, stat, unit=unit) if rows else None

    def of_brokers(self, title: str, *names: str, stat: str, alarm: str = "", unit: str | None = None) -> Widget | None:
        rows: list[list[object]] = [
            [NAMESPACE, name, *self._of(broker)]
            for name in names
            if self._emits(name, CLUSTER_NAME, BROKER_ID)
            for broker in self._brokers
        ]
        return self._widget(title, rows, stat, alarm=alarm, unit=unit) if rows else None

    def sum_of_two(self, title: str, first: str, second: str, *, alarm: str) -> Widget | None:
        """The sum of two metrics for each broker."""
        if not (self._emits(first, CLUSTER_NAME, BROKER_ID) and self._emits(second, CLUSTER_NAME, BROKER_ID)):
            return None
        rows: list[list[object]] = []
        for broker in self._brokers:
            rows += [
                [NAMESPACE, first, *self._of(broker), {"id": f"a{broker}", "visible": False}],
                [NAMESPACE, second, *self._of(broker), {"id": f"b{broker}", "visible": False}],
                [{"expression": f"a{broker} + b{broker}", "label": f"broker {broker}", "id": f"s{broker}"}],
            ]
        return self._widget(title, rows, "Average", alarm=alarm)

    def growth(self, title: str, name: str, unit: str) -> Widget | None:
        """How much a metric changes in a day at the pace of each hour, for each broker or for the cluster."""
        subjects: list[tuple[str, list[str]]] = []
        if self._emits(name, CLUSTER_NAME, BROKER_ID):
            subjects = [(f"broker {broker}", self._of(broker)) for broker in self._brokers]
        elif self._emits(name, CLUSTER_NAME):
            subjects = [("cluster", [CLUSTER_NAME, self._cluster])]
        rows: list[list[object]] = []
        for number, (label, dimensions) in enumerate(subjects, start=1):
            rows += [
                [NAMESPACE, name, *dimensions, {"id": f"m{number}", "visible": False}],
                [{"expression": f"RATE(m{number}) * {_DAY}", "label": label, "id": f"g{number}"}],
            ]
        return self._widget(title, rows, "Maximum", unit=unit, period=_HOUR, least=None) if rows else None

    def search(self, title: str, metric: str, *dimensions: str, stat: str) -> Widget | None:
        """Every series of a metric, such as those of topics, which come and go."""
        if not self._emits(metric, CLUSTER_NAME, *dimensions):
            return None
        schema = ",".join(
            (
                NAMESPACE,
                *(f'"{dimension}"' if " " in dimension else dimension for dimension in sorted((CLUSTER_NAME, *dimensions))),
            )
        )
        find = f"""SEARCH('{{{schema}}} "{CLUSTER_NAME}"="{self._cluster}" MetricName="{metric}"', '{stat}', {_PERIOD})"""
        return self._widget(title, [[{"expression": find, "id": "found"}]], stat)

    @property
    def _brokers(self) -> range:
        return range(1, self._watched.brokers + 1)

    def _of(self, broker: int) -> list[str]:
        return [CLUSTER_NAME, self._cluster, BROKER_ID, str(broker)]

    def _emits(self, name: str, *dimensions: str) -> bool:
        fulfilled = {
            None: True,
            Only.BURSTABLE: self._watched.broker is not None and self._watched.broker.is_burstable,
            Only.ZOOKEEPER: self._has_zookeeper,
            Only.TIERED: False,
        }
        kind = self._watched.kind
        return emits(kind, self._watched.level, name, dimensions) and fulfilled[requirement(kind, name)]

    def _widget(
        self,
        title: str,
        metrics: Sequence[Sequence[object]],
        stat: str,
        *,
        alarm: str = "",
        unit: str | None = None,
        period: int = _PERIOD,
        least: float | None = 0,
    ) -> Widget:
        axis: dict[str, object] = {} if least is None else {"min": least}
        if unit:
            axis |= {"label": unit, "showUnits": False}
        properties: dict[str, object] = {
            "title": title,
            "region": self._region,
            "view": "timeSeries",
            # What is drawn is what its alarm looks at.
            "stat": RULES_BY_NAME[alarm].queries[0].statistic if alarm else stat,
            "period": period,
            "metrics": [list(row) for row in metrics],
            "yAxis": {"left": axis},
        }
        threshold = limit(alarm, self._watched, self._changes) if alarm else None
        if threshold is not None:
            properties["annotations"] = {"horizontal": [{"label": f"alarm {alarm}", "value": threshold}]}
        return {"type": "metric", "properties": properties}


def _health(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_cluster("Active controllers", "ActiveControllerCount"),
        make.of_cluster("Partitions without a leader", "OfflinePartitionsCount"),
        make.of_brokers("Partitions that refuse writes", "UnderMinIsrPartitionCount", stat="Maximum"),
        make.of_brokers("Partitions with replicas behind", "UnderReplicatedPartitions", stat="Maximum"),
        make.of_brokers("Heap after garbage collection", "HeapMemoryAfterGC", stat="Average", alarm="heap", unit="%"),
        # The controller counts as active also when it has lost ZooKeeper and can elect nobody: only the session tells.
        make.of_brokers("ZooKeeper session (1: connected)", "ZooKeeperSessionState", stat="Average"),
        make.of_brokers("ZooKeeper request latency", "ZooKeeperRequestLatencyMsMean", stat="Average", unit="ms"),
        make.of_cluster("Topics and partitions", "GlobalTopicCount", "GlobalPartitionCount"),
    ]


def _throughput(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_brokers("Bytes in per second", "BytesInPerSec", stat="Average", alarm="ingress-quota"),
        make.of_brokers("Bytes out per second", "BytesOutPerSec", stat="Average", alarm="egress-quota"),
        make.of_brokers("Messages in per second", "MessagesInPerSec", stat="Average"),
        make.search("Bytes in per second, by topic and broker", "BytesInPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.search("Bytes out per second, by topic and broker", "BytesOutPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.search("Messages in per second, by topic and broker", "MessagesInPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.search("Bytes in per second, by topic", "BytesInPerSec", TOPIC, stat="Average"),
        make.search("Bytes out per second, by topic", "BytesOutPerSec", TOPIC, stat="Average"),
    ]


def _lag(make: _Widgets) -> list[Widget | None]:
    return [
        make.search("Seconds behind", "EstimatedMaxTimeLag", CONSUMER_GROUP, TOPIC, stat="Maximum"),
        make.search("Messages behind, the worst partition", "MaxOffsetLag", CONSUMER_GROUP, TOPIC, stat="Maximum"),
        make.search("Messages behind, all partitions", "SumOffsetLag", CONSUMER_GROUP, TOPIC, stat="Maximum"),
    ]


def _storage(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_brokers("Data volume used", "KafkaDataLogsDiskUsed", stat="Maximum", alarm="disk-used", unit="%"),
        make.growth("Growth of the data volume", "KafkaDataLogsDiskUsed", "% of the volume per day")
        or make.growth("Growth of storage", "StorageUsed", "bytes per day"),
        make.of_brokers("Application log volume used", "KafkaAppLogsDiskUsed", stat="Maximum", unit="%"),
        make.of_cluster("Storage used, without replicas", "StorageUsed", unit="bytes"),
    ]


def _load(make: _Widgets) -> list[Widget | None]:
    return [
        make.sum_of_two("CPU, user and system", "CpuUser", "CpuSystem", alarm="cpu"),
        make.of_brokers("Partition replicas", "PartitionCount", stat="Maximum", alarm="partitions"),
        make.of_brokers("CPU credits left", "CPUCreditBalance", stat="Minimum", alarm="cpu-credits"),
        make.of_brokers("Request handlers idle", "RequestHandlerAvgIdlePercent", stat="Average", alarm="request-handlers"),
        make.of_brokers("Network processors idle", "NetworkProcessorAvgIdlePercent", stat="Average", alarm="network-processors"),
        make.of_brokers(
            "File descriptors used", "KafkaFileDescriptorsUsagePercent", stat="Maximum", alarm="file-descriptors", unit="%"
        ),
        make.of_brokers("Memory-mapped files used", "KafkaMemoryMappedFilesUsagePercent", stat="Maximum", unit="%"),
        make.of_brokers("Connections", "ConnectionCount", stat="Maximum"),
        make.search(
            "Client connections, by authentication", "ClientConnectionCount", BROKER_ID, CLIENT_AUTHENTICATION, stat="Sum"
        ),
        make.of_brokers("Connections created per second", "ConnectionCreationRate", stat="Average"),
    ]


def _throttling(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_brokers("Produce throttle time", "ProduceThrottleTime", stat="Average", unit="ms"),
        make.of_brokers("Fetch throttle time", "FetchThrottleTime", stat="Average", unit="ms"),
        make.of_brokers("Network allowance exceeded", "BwInAllowanceExceeded", "BwOutAllowanceExceeded", stat="Sum"),
        make.of_brokers("Traffic shaped", "TrafficShaping", stat="Maximum"),
        make.of_brokers("IAM connections refused", "IAMTooManyConnections", stat="Sum"),
    ]


def _laid_out(sections: Mapping[str, Sequence[Widget]]) -> list[Widget]:
    """The widgets in their places: a heading for each section, three widgets a row."""
    placed: list[Widget] = []
    y = 0
    for title, widgets in sections.items():
        placed.append({"type": "text", "x": 0, "y": y, "width": _COLUMNS, "height": 1, "properties": {"markdown": f"## {title}"}})
        y += 1
        for index, widget in enumerate(widgets):
            row, column = divmod(index, _COLUMNS // _WIDTH)
            placed.append({**widget, "x": column * _WIDTH, "y": y + row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT})
        y += -(-len(widgets) // (_COLUMNS // _WIDTH)) * _HEIGHT
    return placed
