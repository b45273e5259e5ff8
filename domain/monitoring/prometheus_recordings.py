"""Recording rules for a Prometheus that scrapes the exporters of a cluster: what alerts and dashboards share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.monitoring.alarms import NO_CHANGES, Change, limit
from domain.monitoring.prometheus_names import (
    DATA_MOUNT,
    INTERNAL_TOPICS,
    broker_topic,
    consumer_lag,
    selector,
)
from domain.monitoring.rules import RULES_BY_NAME
from domain.monitoring.terms import LagLimit, Watched
from domain.msk.metrics import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from domain.msk.brokers import BrokerType


ALARM_LIMIT = "cluster_alarm:kafka_alarm_limit:value"
"""The thresholds of the alarms, by the label `alarm`."""

LAG_LIMIT = "cluster_group_topic:kafka_consumer_lag_limit:seconds"
"""How far behind consumer groups may be, by `groupId` and `topic`."""

DRAWN = ("cpu", "heap", "disk-used", "disk-full", "request-handlers", "network-processors")
"""The alarms whose threshold a dashboard draws."""

_STANDARD_ONLY = ("heap", "disk-used", "disk-full")

PACE = "6h"
"""How far back the growth of a data volume is looked at, in Prometheus' notation."""

MOST_DAYS = 365
"""Days until a volume is full that are told apart: a year or more is as good as never."""

_NOT_METADATA = "!~__cluster_metadata"
"""KRaft's own log, which is no topic."""


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A series computed ahead: its name, by Prometheus' ``level:metric:operation``, and the expression."""

    name: str
    expression: str


def recording_rules(cluster: str, broker: BrokerType) -> tuple[RecordingRule, ...]:
    """The series that dashboards and alerts share."""
    topics = {"topic": f"!~|{INTERNAL_TOPICS}"}
    whole = {"topic": ""}
    rules = [
        _rate("cluster_topic:kafka_bytes_in:rate5m", "cluster, topic", broker_topic("BytesInPerSec", cluster, **topics)),
        _rate("cluster_topic:kafka_bytes_out:rate5m", "cluster, topic", broker_topic("BytesOutPerSec", cluster, **topics)),
        _rate("cluster_topic:kafka_messages_in:rate5m", "cluster, topic", broker_topic("MessagesInPerSec", cluster, **topics)),
        _rate("cluster_instance:kafka_bytes_in:rate5m", "cluster, instance", broker_topic("BytesInPerSec", cluster, **whole)),
        _rate("cluster_instance:kafka_bytes_out:rate5m", "cluster, instance", broker_topic("BytesOutPerSec", cluster, **whole)),
        RecordingRule(
            "cluster_instance:kafka_connections:sum",
            f"sum by (cluster, instance) ({selector('kafka_server_socket_server_metrics_connection_count', cluster)})",
        ),
        RecordingRule(
            "cluster_group_topic:kafka_consumer_lag_seconds:max",
            f"max by (cluster, groupId, topic) ({consumer_lag('EstimatedMaxTimeLag', cluster)})",
        ),
        RecordingRule(
            "cluster_group_topic:kafka_consumer_lag_messages:sum",
            f"max by (cluster, groupId, topic) ({consumer_lag('SumOffsetLag', cluster)})",
        ),
        RecordingRule(
            "cluster_instance:node_cpu_used:ratio5m",
            "sum by (cluster, instance) (rate("
            + selector("node_cpu_seconds_total", cluster, mode="=~user|system")
            + "[5m])) / sum by (cluster, instance) (rate("
            + selector("node_cpu_seconds_total", cluster)
            + "[5m]))",
        ),
    ]
    if not broker.is_express:
        data = {"mountpoint": DATA_MOUNT}
        size = selector("node_filesystem_size_bytes", cluster, **data)
        rules += [
            # Replicas count: what stands on the brokers' disks, not what clients wrote.
            RecordingRule(
                "cluster_topic:kafka_log_size_bytes:sum",
                f"sum by (cluster, topic) ({selector('kafka_log_Log_Value', cluster, name='Size', topic=_NOT_METADATA)})",
            ),
            RecordingRule(
                "cluster_instance:kafka_data_disk_used:ratio",
                f"max by (cluster, instance) (1 - {selector('node_filesystem_avail_bytes', cluster, **data)} / {size})",
            ),
            RecordingRule("cluster_instance:kafka_data_disk_until_full:days", until_full(cluster)),
        ]
    return tuple(rules)


def until_full(cluster: str) -> str:
    """In how many days a data volume is full, from what is used of it and the pace of `PACE`.

    Of a volume that does not grow, or is not full within `MOST_DAYS`, it is `MOST_DAYS`: never negative, infinite or missing.

    Args:
        cluster: The cluster's name.
    """
    used = f"cluster_instance:kafka_data_disk_used:ratio{{cluster={json.dumps(cluster)}}}"
    # A full volume has no days left; one that stands still would be divided by nothing.
    return f"clamp((1 - {used}) / clamp_min(deriv({used}[{PACE}]) * 86400, 1e-9), 0, {MOST_DAYS})"


def limit_rules(
    cluster: str, broker: BrokerType, lag_limits: Iterable[LagLimit] = (), changes: Mapping[str, Change] = NO_CHANGES
) -> tuple[RecordingRule, ...]:
    """The alarms' thresholds as series, which dashboards draw as lines: those of this stack, in the unit of what they limit.

    Args:
        cluster: The cluster's name.
        broker: The type of its brokers.
        lag_limits: The most that consumer groups may be behind.
        changes: What the stack wants otherwise of CloudWatch alarms, by their names.
    """
    watched = Watched(broker, 0, Level.PER_TOPIC_PER_BROKER)
    wanted = {name: limit(name, watched, changes) for name in DRAWN}
    alarms = [
        _constant(value / 100 if RULES_BY_NAME[name].unit == "%" else value, cluster=cluster, alarm=name)
        for name, value in wanted.items()
        # Express brokers have no volume of their own, and no page says that their heap is to be watched.
        if value is not None and not (broker.is_express and name in _STANDARD_ONLY)
    ]
    lag_changes = changes.get("consumer-lag", Change())
    lags = [
        _constant(lag.seconds, cluster=cluster, groupId=lag.group, topic=lag.topic) for lag in lag_limits if lag_changes.enabled
    ]
    rules = [RecordingRule(ALARM_LIMIT, " or ".join(alarms))] if alarms else []
    return (*rules, RecordingRule(LAG_LIMIT, " or ".join(lags))) if lags else tuple(rules)


def _constant(value: float, **labels: str) -> str:
    """A series that has one value always."""
    expression = f"vector({value:g})"
    for label, text in labels.items():
        # In a replacement, a dollar begins what a pattern found.
        expression = f'label_replace({expression}, "{label}", {json.dumps(text.replace("$", "$$"))}, "", "")'
    return expression


def _rate(name: str, by: str, counter: str) -> RecordingRule:
    return RecordingRule(name, f"sum by ({by}) (rate({counter}[5m]))")
