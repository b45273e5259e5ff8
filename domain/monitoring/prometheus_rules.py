"""Alert rules for a Prometheus that scrapes a cluster's exporters: what wakes somebody.

The rules are rendered for one cluster: thresholds follow its broker type, and every series has the label ``cluster`` that the
rendered scrape configuration gives it. Where a CloudWatch alarm tells the same, its threshold, its severity and its section of
the runbook are taken from there (`domain.monitoring.rules`), and what a stack wants otherwise of that alarm holds here too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.monitoring.alarm_texts import quantity
from domain.monitoring.alarms import NO_CHANGES, Change, unknown_limits
from domain.monitoring.prometheus_names import (
    consumer_lag,
    controller,
    replica_manager,
    selector,
)
from domain.monitoring.rules import RULES_BY_NAME
from domain.monitoring.terms import LagLimit, Severity, Watched
from domain.msk.metrics import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from domain.msk.brokers import BrokerType


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert.

    Attributes:
        name: As it is shown.
        section: Its section in the runbook; for what a CloudWatch alarm tells too, that alarm's.
        expression: True where it returns anything.
        hold: How long it must hold, in Prometheus' notation.
        severity: How soon somebody must look.
        summary: What is wrong, in a sentence that may use the series' labels.
        action: What to do first.
        labels: Labels besides severity and cluster, in their order. Two alerts of one name must differ in them: `promtool check`
            refuses two rules with the same name and labels.
    """

    name: str
    section: str
    expression: str
    hold: str
    severity: Severity
    summary: str
    action: str
    labels: tuple[tuple[str, str], ...] = ()


class _Limits:
    """Thresholds, severities and whether an alert is wanted, from the rules of the CloudWatch alarms."""

    def __init__(self, cluster: Watched, changes: Mapping[str, Change]) -> None:
        self._cluster = cluster
        self._changes = changes

    def threshold(self, alarm: str) -> float:
        """The threshold of a CloudWatch alarm for this cluster, or what the stack wants instead."""
        wanted = self._changes.get(alarm, Change()).threshold
        own = RULES_BY_NAME[alarm].threshold(self._cluster) if wanted is None else wanted
        if own is None:
            raise ValueError(f"The cluster needs no alarm {alarm}.")
        return own

    def share(self, alarm: str) -> str:
        """A threshold in per cent as Prometheus has it: of 1."""
        return f"{self.threshold(alarm) / 100:g}"

    def wants(self, section: str) -> bool:
        """Whether the stack has not turned the alarm off."""
        return self._changes.get(section, Change()).enabled

    def lacks(self, alarm: str) -> bool:
        """Whether nobody knows the threshold: it is a figure of the broker type, which has none, and the stack says none."""
        return alarm in unknown_limits(self._cluster) and self._changes.get(alarm, Change()).threshold is None


def alert_rules(
    cluster: str,
    broker: BrokerType,
    *,
    brokers: int,
    has_zookeeper: bool,
    lag_limits: Iterable[LagLimit] = (),
    changes: Mapping[str, Change] = NO_CHANGES,
) -> tuple[AlertRule, ...]:
    """The alerts of a cluster.

    Args:
        cluster: Its name.
        broker: The type of its brokers.
        brokers: How many there are.
        has_zookeeper: Whether brokers are controllers too. With KRaft the controllers are nodes of Amazon MSK's own, and they
            alone know the active controller and the partitions without a leader; no page says that their metrics are scraped, and
            an alert on what is not there never fires. Both are left to CloudWatch there.
        lag_limits: The most that consumer groups may be behind.
        changes: What the stack wants otherwise of CloudWatch alarms, by their names; it holds for the alerts that tell the same.
    """
    limits = _Limits(Watched(broker, brokers, Level.PER_TOPIC_PER_BROKER), changes)
    rules = [
        AlertRule(
            "KafkaExporterDown",
            "exporter-down",
            f'(count(up{{cluster={json.dumps(cluster)},job="jmx"}} == 1) or vector(0)) < {brokers}',
            "10m",
            Severity.CRITICAL,
            f"Only {{{{ $value }}}} of the {brokers} brokers of {cluster} answer the collector.",
            "Check whether the brokers run (alarm broker-silent), then whether the security group opens ports 11001 and 11002.",
        ),
        *_load_rules(cluster, limits),
    ]
    if broker.is_express:
        rules += _express_rules(cluster, broker, limits)
    else:
        rules += _standard_rules(cluster, limits, has_zookeeper=has_zookeeper)
    rules += [_lag_rule(cluster, limit) for limit in lag_limits]
    return tuple(rule for rule in rules if limits.wants(rule.section))


def _load_rules(cluster: str, limits: _Limits) -> list[AlertRule]:
    handlers = selector("kafka_server_KafkaRequestHandlerPool_OneMinuteRate", cluster, name="RequestHandlerAvgIdlePercent")
    processors = selector("kafka_network_SocketServer_Value", cluster, name="NetworkProcessorAvgIdlePercent")
    failed = selector("kafka_server_socket_server_metrics_failed_authentication_rate", cluster)
    return [
        AlertRule(
            "KafkaCpuHigh",
            "cpu",
            f"cluster_instance:node_cpu_used:ratio5m{{cluster={json.dumps(cluster)}}} > {limits.share('cpu')}",
            "15m",
            Severity.WARNING,
            "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its CPU; the limit is "
            f"{limits.threshold('cpu'):g}%.",
            "Use a larger broker type, or add brokers and spread the partitions.",
        ),
        AlertRule(
            "KafkaRequestHandlersBusy",
            "request-handlers",
            f"max by (cluster, instance) ({handlers}) < {limits.threshold('request-handlers'):g}",
            "15m",
            Severity.WARNING,
            "The request handlers of {{ $labels.instance }} are idle only {{ $value | humanizePercentage }} of the time; "
            f"the limit is {100 * limits.threshold('request-handlers'):g}%.",
            "Look for clients with many small requests; then use a larger broker type.",
        ),
        AlertRule(
            "KafkaNetworkProcessorsBusy",
            "network-processors",
            f"max by (cluster, instance) ({processors}) < {limits.threshold('network-processors'):g}",
            "15m",
            Severity.WARNING,
            "The network processors of {{ $labels.instance }} are idle only {{ $value | humanizePercentage }} of the time; the "
            f"limit is {100 * limits.threshold('network-processors'):g}%.",
            "Look for connection storms and TLS handshakes; then use a larger broker type.",
        ),
        *([] if limits.lacks("partitions") else [_partition_rule(cluster, limits)]),
        AlertRule(
            "KafkaAuthenticationFails",
            "authentication-fails",
            f"sum by (cluster, instance) ({failed}) > 1",
            "15m",
            Severity.WARNING,
            "{{ $value | humanize }} connections a second fail to authenticate on {{ $labels.instance }}; the limit is 1.",
            "Find the client in the brokers' logs: a rotated password, an expired certificate, or someone guessing credentials.",
        ),
    ]


def _partition_rule(cluster: str, limits: _Limits) -> AlertRule:
    most = f"{limits.threshold('partitions'):g}"
    return AlertRule(
        "KafkaTooManyPartitions",
        "partitions",
        f"max by (cluster, instance) ({replica_manager('PartitionCount', cluster)}) > {most}",
        "30m",
        Severity.WARNING,
        f"{{{{ $labels.instance }}}} has {{{{ $value }}}} partition replicas; the limit is {most}.",
        "Delete unused topics, add brokers, or use a larger broker type.",
    )


def _standard_rules(cluster: str, limits: _Limits, *, has_zookeeper: bool) -> list[AlertRule]:
    shrinks = selector("kafka_server_ReplicaManager_Count", cluster, name="IsrShrinksPerSec")
    used = f"cluster_instance:kafka_data_disk_used:ratio{{cluster={json.dumps(cluster)}}}"
    no_controller = AlertRule(
        "KafkaNoActiveController",
        "no-controller",
        # One broker says 1, the others 0: an average would be a fraction.
        f"(max(max_over_time({controller('ActiveControllerCount', cluster)}[3m])) or vector(0)) < 1",
        "5m",
        Severity.CRITICAL,
        f"No broker of {cluster} is the controller: no leader can be elected.",
        "Open a case with AWS Support; meanwhile start no maintenance.",
    )
    offline = AlertRule(
        "KafkaOfflinePartitions",
        "offline-partitions",
        # Nodes that know the number all know the same one: a sum would multiply it.
        f"max by (cluster) ({controller('OfflinePartitionsCount', cluster)}) > 0",
        "1m",
        Severity.CRITICAL,
        f"{{{{ $value }}}} partitions of {cluster} have no leader: clients cannot write to them or read from them.",
        "Check which brokers are down; never enable unclean leader election without the data owners' consent.",
    )
    rules = [
        AlertRule(
            "KafkaUnderMinIsr",
            "under-min-isr",
            f"max by (cluster, instance) ({replica_manager('UnderMinIsrPartitionCount', cluster)}) > 0",
            "1m",
            Severity.CRITICAL,
            "{{ $value }} partitions led by {{ $labels.instance }} refuse writes with acks=all.",
            "Check which brokers are down or slow: fewer replicas are in sync than min.insync.replicas.",
        ),
        AlertRule(
            "KafkaUnderReplicated",
            "under-replicated",
            f"max by (cluster, instance) ({replica_manager('UnderReplicatedPartitions', cluster)}) > 0",
            "15m",
            Severity.WARNING,
            "{{ $value }} partitions led by {{ $labels.instance }} have out-of-sync replicas.",
            "After a broker restart this recovers by itself; otherwise check CPU, disk and network of the other brokers.",
        ),
        AlertRule(
            "KafkaReplicasFallBehind",
            "replicas-fall-behind",
            f"sum by (cluster, instance) (rate({shrinks}[15m])) > 0.01",
            "30m",
            Severity.WARNING,
            "Replicas keep falling out of sync on {{ $labels.instance }}: {{ $value | humanize }} times a second.",
            "Check CPU, disk and network of the brokers: a follower is too slow.",
        ),
        AlertRule(
            "KafkaDiskNearlyFull",
            "disk-full",
            f"{used} >= {limits.share('disk-full')}",
            "5m",
            Severity.CRITICAL,
            "The data volume of {{ $labels.instance }} is {{ $value | humanizePercentage }} full; the limit is "
            f"{limits.threshold('disk-full'):g}%.",
            "Shorten the retention of the largest topics at once, then grow storage.initialGiB.",
        ),
        AlertRule(
            "KafkaDiskFilling",
            "disk-used",
            f"{used} >= {limits.share('disk-used')}",
            "15m",
            Severity.WARNING,
            "The data volume of {{ $labels.instance }} is {{ $value | humanizePercentage }} full; the limit is "
            f"{limits.threshold('disk-used'):g}%.",
            "Grow storage.maximumGiB or storage.initialGiB; a volume can grow only once in six hours.",
        ),
        AlertRule(
            "KafkaDiskFullTomorrow",
            "disk-full-tomorrow",
            f"cluster_instance:kafka_data_disk_until_full:days{{cluster={json.dumps(cluster)}}} < 1 and on (cluster, instance) "
            f"{used} > 0.50",
            "1h",
            Severity.WARNING,
            "At the pace of the last six hours, the data volume of {{ $labels.instance }} is full in "
            '{{ printf "%.1f" $value }} days.',
            "Find the topic that grows (dashboard Storage), and shorten its retention or grow the volumes.",
        ),
    ]
    return [no_controller, offline, *rules] if has_zookeeper else rules


def _express_rules(cluster: str, broker: BrokerType, limits: _Limits) -> list[AlertRule]:
    quotas = (
        ("KafkaIngressNearLimit", "ingress-quota", "kafka_bytes_in", broker.sustained_ingress_mb_per_second, "writes"),
        ("KafkaEgressNearLimit", "egress-quota", "kafka_bytes_out", broker.sustained_egress_mb_per_second, "reads"),
    )
    return [
        AlertRule(
            name,
            section,
            f"cluster_instance:{series}:rate5m{{cluster={json.dumps(cluster)}}} > {limits.threshold(section):.0f}",
            "15m",
            Severity.WARNING,
            f"Clients' {what} on {{{{ $labels.instance }}}} are {{{{ $value | humanize }}}}B/s; the limit is "
            + quantity("bytes/s", limits.threshold(section))
            + (f", and {broker.name} sustains {sustained} MB/s." if sustained else "."),
            "Add brokers or use a larger broker type: beyond its limit the broker throttles clients.",
        )
        for name, section, series, sustained, what in quotas
        if not limits.lacks(section)
    ]


def _lag_rule(cluster: str, limit: LagLimit) -> AlertRule:
    group = f"=~{re.escape(limit.group[:-1])}.*" if limit.group.endswith("*") else limit.group
    lag = consumer_lag("EstimatedMaxTimeLag", cluster, groupId=group, topic=limit.topic)
    return AlertRule(
        "KafkaConsumerLag",
        "consumer-lag",
        f"max by (cluster, groupId, topic) ({lag}) > {limit.seconds}",
        "15m",
        Severity.WARNING,
        "Consumer group {{ $labels.groupId }} is {{ $value | humanizeDuration }} behind on topic {{ $labels.topic }} of "
        f"{cluster}; the limit is {limit.seconds} seconds.",
        "Check whether the consumers run and rebalance; then add members, at most as many as the topic has partitions.",
        labels=(("limit", f"{limit.group} on {limit.topic}"),),
    )
