"""What a cluster's CloudWatch dashboard shows, as the body that CloudWatch takes.

Only metrics that the kind of broker emits at the monitoring level; what a higher level would add is left out, not shown empty.
Each widget has a line where an alarm on what it shows begins.
Sources: Amazon CloudWatch User Guide, "Dashboard body structure and syntax", "Using search expressions" and "Using math
expressions"; the metrics are those of `domain.msk.metrics`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.monitoring.alarms import NO_CHANGES, Alarm, Change, alarms, has_band
from domain.monitoring.rules import RULES_BY_NAME
from domain.monitoring.terms import Comparison, Lag, Missing, Query, Watched
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
_MOST_DAYS = 365
"""Days until a volume is full that are told apart: a year or more is as good as never."""
MOST_METRICS = 2500
"""Of a dashboard. Amazon CloudWatch User Guide, "CloudWatch service quotas"."""
_RED = "#d13212"
_SIGNS = {Comparison.ABOVE: ">", Comparison.AT_LEAST: ">=", Comparison.BELOW: "<", Comparison.AT_MOST: "<="}


def dashboard_body(
    cluster: str,
    region: str,
    watched: Watched,
    *,
    has_zookeeper: bool,
    lags: Sequence[Lag] = (),
    changes: Mapping[str, Change] = NO_CHANGES,
) -> dict[str, Any]:
    """The dashboard of a cluster.

    Args:
        cluster: Its name, which CloudWatch has as the dimension `Cluster Name`.
        region: The region of its metrics.
        watched: The cluster as its alarms see it: limits are drawn where alarms begin.
        has_zookeeper: Whether its metadata is in ZooKeeper.
        lags: The consumer groups whose lag is watched.
        changes: What the stack wants otherwise of alarms, by their names.
    """
    make = _Widgets(cluster, region, watched, alarms(watched, lags, changes), has_zookeeper=has_zookeeper)
    sections = {
        "Health": _health(make),
        "Throughput": _throughput(make),
        "Consumer lag": _lag(make),
        "Storage": _storage(make),
        "Load and connections": _load(make),
        "Throttling": _throttling(make),
    }
    shown = _within_limit({title: [widget for widget in widgets if widget] for title, widgets in sections.items()})
    return {
        "start": "-PT6H",
        "periodOverride": "inherit",
        "widgets": _laid_out({name: all_ for name, all_ in shown.items() if all_}),
    }


def _within_limit(sections: dict[str, list[Widget]]) -> dict[str, list[Widget]]:
    """The sections without the widgets that are too many for a dashboard: of very many brokers, and first those of no alarm."""
    left = {title: list(widgets) for title, widgets in sections.items()}
    while sum(_metrics_of(widget) for widgets in left.values() for widget in widgets) > MOST_METRICS:
        every = [(title, widget) for title, widgets in left.items() for widget in widgets]
        title, largest = max(every, key=lambda row: ("annotations" not in row[1]["properties"], _metrics_of(row[1])))
        left[title].remove(largest)
    return left


def _metrics_of(widget: Widget) -> int:
    return len(widget["properties"].get("metrics", ()))


class _Widgets:
    """Makes widgets of one cluster; None where the cluster emits none of what a widget is to show."""

    def __init__(self, cluster: str, region: str, watched: Watched, wanted: Sequence[Alarm], *, has_zookeeper: bool) -> None:
        self._cluster = cluster
        self._region = region
        self._watched = watched
        self._alarms = wanted
        self._has_zookeeper = has_zookeeper

    def of_cluster(
        self, title: str, *names: str, alarms: Sequence[str] = (), stat: str = "Maximum", unit: str | None = None
    ) -> Widget | None:
        rows: list[list[object]] = [
            [NAMESPACE, name, CLUSTER_NAME, self._cluster] for name in names if self._emits(name, CLUSTER_NAME)
        ]
        return self._widget(title, rows, stat, alarms=alarms, unit=unit) if rows else None

    def of_brokers(
        self, title: str, *names: str, stat: str, alarms: Sequence[str] = (), unit: str | None = None
    ) -> Widget | None:
        rows: list[list[object]] = [
            [NAMESPACE, name, *self._of(broker), {"label": f"broker {broker}"}]
            for name in names
            if self._emits(name, CLUSTER_NAME, BROKER_ID)
            for broker in self._brokers
        ]
        return self._widget(title, rows, stat, alarms=alarms, unit=unit) if rows else None

    def of_alarm(self, title: str, alarm: str, *, unit: str | None = None) -> Widget | None:
        """What an alarm looks at, for each broker: its expression over its metrics."""
        rule = RULES_BY_NAME[alarm]
        expression = rule.expression
        if rule.missing is Missing.NOT_BREACHING:
            expression = re.sub(rf"\b({'|'.join(query.id for query in rule.queries)})\b", r"FILL(\1, 0)", expression)
        return self._computed(title, rule.queries, expression, [alarm], unit=unit)

    def events(self, title: str, name: str, stat: str, alarm: str, *, unit: str | None = None) -> Widget | None:
        """What is reported only when it happens: where nothing is reported, nothing happened."""
        return self._computed(title, [Query("events", name, stat)], "FILL(events, 0)", [alarm], unit=unit)

    def growth(self, title: str, name: str, unit: str) -> Widget | None:
        """How much a metric changes in a day at the pace of each hour, for each broker or for the cluster."""
        return self._computed(
            title, [Query("used", name, "Maximum")], f"RATE(used) * {_DAY}", unit=unit, period=_HOUR, least=None
        )

    def until_full(self, title: str, name: str) -> Widget | None:
        """In how many days a volume is full, at the pace that `growth` shows; `_MOST_DAYS` where it is not full by then."""
        days = f"(100 - used) / (RATE(used) * {_DAY})"
        soon = f"RATE(used) * {_DAY} * {_MOST_DAYS} > 100 - used"
        return self._computed(
            title, [Query("used", name, "Maximum")], f"IF({soon}, {days}, {_MOST_DAYS})", unit="days", period=_HOUR
        )

    def banded(self, title: str, alarm: str, *, unit: str) -> Widget | None:
        """What an alarm of the cluster looks at, with the band of what is usual."""
        (query,) = RULES_BY_NAME[alarm].queries
        if not self._emits(query.metric, CLUSTER_NAME):
            return None
        rows: list[list[object]] = [[NAMESPACE, query.metric, CLUSTER_NAME, self._cluster, {"id": query.id}]]
        rows += [
            [{"expression": f"ANOMALY_DETECTION_BAND({query.id}, {one.threshold:g})", "label": "usual", "id": "band"}]
            for one in self._alarms
            if one.rule.name == alarm
        ]
        return self._widget(title, rows, query.statistic, unit=unit)

    def all_topics(self, title: str, alarm: str) -> Widget | None:
        """The sum of a metric over all topics, as the alarm asks for it."""
        of_cluster = [one for one in self._alarms if one.rule.name == alarm]
        rows: list[list[object]] = [
            [{"expression": one.sum_of_topics(self._cluster), "label": "all topics", "id": "all", "period": _PERIOD}]
            for one in of_cluster
        ]
        return self._widget(title, rows, "Sum", alarms=[alarm]) if rows else None

    def search(self, title: str, metric: str, *dimensions: str, stat: str, alarms: Sequence[str] = ()) -> Widget | None:
        """Every series of a metric, such as those of topics, which come and go."""
        if not self._emits(metric, CLUSTER_NAME, *dimensions):
            return None
        schema = ",".join(
            (
                NAMESPACE,
                *(f'"{dimension}"' if " " in dimension else dimension for dimension in sorted((CLUSTER_NAME, *dimensions))),
            )
        )
        stat = RULES_BY_NAME[alarms[0]].queries[0].statistic if alarms else stat
        find = f"""SEARCH('{{{schema}}} "{CLUSTER_NAME}"="{self._cluster}" MetricName="{metric}"', '{stat}', {_PERIOD})"""
        return self._widget(title, [[{"expression": find, "id": "found"}]], stat, alarms=alarms)

    def refused_iam_connections(self) -> Widget | None:
        """Connections that IAM clients were refused; None where there are no such clients."""
        return (
            self.events("IAM connections refused", "IAMTooManyConnections", "Sum", "iam-throttled") if self._watched.iam else None
        )

    def _computed(
        self,
        title: str,
        queries: Sequence[Query],
        expression: str,
        alarms: Sequence[str] = (),
        *,
        unit: str | None = None,
        period: int = _PERIOD,
        least: float | None = 0,
    ) -> Widget | None:
        """An expression over metrics of each broker, or of the cluster where it has them and its brokers have not."""
        subjects: list[tuple[str, str, list[str]]] = []
        if all(self._emits(query.metric, CLUSTER_NAME, BROKER_ID) for query in queries):
            subjects = [(str(broker), f"broker {broker}", self._of(broker)) for broker in self._brokers]
        elif all(self._emits(query.metric, CLUSTER_NAME) for query in queries):
            subjects = [("", "cluster", [CLUSTER_NAME, self._cluster])]
        rows: list[list[object]] = []
        for suffix, label, dimensions in subjects:
            rows += [[NAMESPACE, query.metric, *dimensions, {"id": f"{query.id}{suffix}", "visible": False}] for query in queries]
            # Ids of one widget must differ: each broker has its own.
            own = re.sub(rf"\b({'|'.join(query.id for query in queries)})\b", rf"\g<1>{suffix}", expression)
            rows.append([{"expression": own, "label": label, "id": f"shown{suffix}"}])
        stat = queries[0].statistic
        return self._widget(title, rows, stat, alarms=alarms, unit=unit, period=period, least=least) if rows else None

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
        alarms: Sequence[str] = (),
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
            "stat": RULES_BY_NAME[alarms[0]].queries[0].statistic if alarms else stat,
            "period": period,
            "metrics": [list(row) for row in metrics],
            "yAxis": {"left": axis},
        }
        lines = list(self._lines(alarms))
        if lines:
            properties["annotations"] = {"horizontal": lines}
        return {"type": "metric", "properties": properties}

    def _lines(self, names: Sequence[str]) -> Iterator[dict[str, object]]:
        """Where alarms begin: a line for each threshold. Brokers share theirs; topics and groups have their own."""
        subjects: dict[tuple[float, str], dict[str, list[str]]] = {}
        for alarm in self._alarms:
            if alarm.rule.name in names and not has_band(alarm):
                rules = subjects.setdefault((alarm.threshold, _SIGNS[alarm.rule.comparison]), {})
                whose = [value for dimension, value in alarm.subject[:1] if dimension != BROKER_ID]
                rules.setdefault(alarm.rule.name, []).extend(whose)
        for (threshold, sign), rules in sorted(subjects.items()):
            whose = sorted({subject for subjects_of_rule in rules.values() for subject in subjects_of_rule})
            which = "" if not whose else f" ({whose[0]})" if len(whose) == 1 else f" ({len(whose)} of them)"
            label = f"alarm {', '.join(rules)} {sign} {threshold:.10g}{which}"
            yield {"label": label, "value": threshold, "color": _RED}


def _health(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_cluster("Active controllers", "ActiveControllerCount", alarms=["no-controller"]),
        make.of_cluster("Offline partitions", "OfflinePartitionsCount", alarms=["offline-partitions"]),
        make.of_brokers("Partitions under min ISR", "UnderMinIsrPartitionCount", stat="Average", alarms=["under-min-isr"]),
        make.of_brokers("Under-replicated partitions", "UnderReplicatedPartitions", stat="Maximum", alarms=["under-replicated"]),
        make.of_brokers("Heap after garbage collection", "HeapMemoryAfterGC", stat="Average", alarms=["heap"], unit="%"),
        make.of_brokers("Leaders", "LeaderCount", stat="Maximum"),
        # The controller counts as active also when it has lost ZooKeeper and can elect nobody: only the session tells.
        make.of_brokers("ZooKeeper session (1: connected)", "ZooKeeperSessionState", stat="Average"),
        make.of_brokers("ZooKeeper request latency", "ZooKeeperRequestLatencyMsMean", stat="Average", unit="ms"),
        make.of_cluster("Topics and partitions", "GlobalTopicCount", "GlobalPartitionCount"),
    ]


def _throughput(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_brokers("Bytes in per second", "BytesInPerSec", stat="Sum", alarms=["ingress-quota"]),
        make.of_brokers("Bytes out per second", "BytesOutPerSec", stat="Sum", alarms=["egress-quota"]),
        make.of_brokers("Messages in per second", "MessagesInPerSec", stat="Average"),
        make.search("Bytes in per second, by topic and broker", "BytesInPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.search("Bytes out per second, by topic and broker", "BytesOutPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.search("Messages in per second, by topic and broker", "MessagesInPerSec", BROKER_ID, TOPIC, stat="Average"),
        make.all_topics("Bytes in per second, all topics", "cluster-ingress"),
        make.all_topics("Bytes out per second, all topics", "cluster-egress"),
        make.search("Bytes in per second, by topic", "BytesInPerSec", TOPIC, stat="Sum", alarms=["topic-ingress"]),
        make.search("Bytes out per second, by topic", "BytesOutPerSec", TOPIC, stat="Sum", alarms=["topic-egress"]),
        make.search("Messages in per second, by topic", "MessagesInPerSec", TOPIC, stat="Average"),
    ]


def _lag(make: _Widgets) -> list[Widget | None]:
    return [
        make.search("Seconds behind", "EstimatedMaxTimeLag", CONSUMER_GROUP, TOPIC, stat="Maximum", alarms=["consumer-lag"]),
        make.search("Messages behind, the worst partition", "MaxOffsetLag", CONSUMER_GROUP, TOPIC, stat="Maximum"),
        make.search("Messages behind, all partitions", "SumOffsetLag", CONSUMER_GROUP, TOPIC, stat="Maximum"),
    ]


def _storage(make: _Widgets) -> list[Widget | None]:
    disk = "KafkaDataLogsDiskUsed"
    return [
        make.of_brokers("Data volume used", disk, stat="Maximum", alarms=["disk-used", "disk-full"], unit="%"),
        make.growth("Growth of the data volume", disk, "% of the volume per day")
        or make.growth("Growth of storage", "StorageUsed", "bytes per day"),
        make.until_full(f"Days until the data volume is full (at most {_MOST_DAYS})", disk),
        make.of_brokers("Application log volume used", "KafkaAppLogsDiskUsed", stat="Maximum", unit="%"),
        make.of_alarm("Data volume, read and written", "volume-throughput", unit="MiB/s"),
        make.banded("Storage used, without replicas", "storage-unusual", unit="bytes"),
    ]


def _load(make: _Widgets) -> list[Widget | None]:
    return [
        make.of_alarm("CPU, user and system", "cpu", unit="%"),
        make.of_brokers("Partition replicas", "PartitionCount", stat="Maximum", alarms=["partitions"]),
        make.of_brokers("CPU credits left", "CPUCreditBalance", stat="Minimum", alarms=["cpu-credits"]),
        make.of_brokers("Request handlers idle", "RequestHandlerAvgIdlePercent", stat="Average", alarms=["request-handlers"]),
        make.of_brokers(
            "Network processors idle", "NetworkProcessorAvgIdlePercent", stat="Average", alarms=["network-processors"]
        ),
        make.of_brokers(
            "File descriptors used", "KafkaFileDescriptorsUsagePercent", stat="Maximum", alarms=["file-descriptors"], unit="%"
        ),
        make.of_brokers("Memory-mapped files used", "KafkaMemoryMappedFilesUsagePercent", stat="Maximum", unit="%"),
        make.of_brokers("Connections", "ConnectionCount", stat="Maximum"),
        make.search(
            "Client connections, by authentication",
            "ClientConnectionCount",
            BROKER_ID,
            CLIENT_AUTHENTICATION,
            stat="Sum",
            alarms=["connections-iam", "connections-scram", "connections-tls"],
        ),
        make.of_brokers("Connections created per second", "ConnectionCreationRate", stat="Sum", alarms=["iam-connection-rate"]),
    ]


def _throttling(make: _Widgets) -> list[Widget | None]:
    return [
        make.events("Produce throttle time", "ProduceThrottleTime", "Average", "produce-throttled", unit="ms"),
        make.events("Fetch throttle time", "FetchThrottleTime", "Average", "fetch-throttled", unit="ms"),
        make.of_alarm("Packets beyond the bandwidth allowance", "network-allowance"),
        make.events("Packets shaped", "TrafficShaping", "Maximum", "traffic-shaping"),
        make.refused_iam_connections(),
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
