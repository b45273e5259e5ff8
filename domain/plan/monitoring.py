"""What logs, alarms, the dashboard and Prometheus are told."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from domain.clients.lag import lag_limits, lags
from domain.git_remote import RUNBOOK
from domain.guards.table import SHORTER_LOG_RETENTION
from domain.monitoring.alarm_texts import Leads, dashboard_address
from domain.monitoring.alarms import Alarm, Change, alarms, higher_level_note
from domain.monitoring.prometheus_documents import render_rules
from domain.monitoring.prometheus_recordings import limit_rules, recording_rules
from domain.monitoring.prometheus_rules import alert_rules
from domain.monitoring.terms import Lag, Watched
from domain.msk.metrics import Level
from domain.msk.versions import MetadataMode, metadata_mode
from domain.msk.volumes import volume_throughput
from domain.plan.takeover import ImportIntent, taken_over
from domain.plan.volumes import storage_of
from domain.settings.monitoring import changes
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


class LogsIntent(ImportIntent):
    """The log group of the broker logs."""

    log_group_name: str
    """Name of the log group. Changing it starts a new one."""
    retention_days: int
    """Days the logs are kept; one of the periods CloudWatch Logs has."""
    keep_retention: NotRequired[bool | None]
    """Refuse to keep the logs for less long than before, which deletes those that are older. Default: no."""
    tags: Mapping[str, str]
    """Tags of the log group."""


class LogBucketIntent(TypedDict):
    """A bucket that broker logs are delivered to."""

    region: str
    """The region, such as eu-west-1. The bucket stands where the cluster does."""
    title: str
    """The Name tag."""
    prefix: str
    """What the objects' keys begin with; may be empty. Changing it leaves older logs where they are."""
    retention_days: int
    """Days the logs are kept."""
    keep_retention: NotRequired[bool | None]
    """Refuse to keep the logs for less long than before, which deletes those that are older. Default: no."""
    protect: bool
    """Refuse to delete the bucket."""
    tags: Mapping[str, str]
    """Tags of the bucket."""


class AlarmsIntent(TypedDict):
    """Alarms of a cluster, and who hears of them."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """The cluster's name, which the alarms' names begin with."""
    alarms: Sequence[Alarm]
    """The alarms."""
    emails: NotRequired[Sequence[str] | None]
    """Addresses that are told of both. AWS sends each a message with a link, and tells it nothing until that was followed."""
    critical: NotRequired[Sequence[str] | None]
    """ARNs of what is told of critical alarms: Lambda functions and SQS queues, whose policies let Amazon SNS in."""
    warning: NotRequired[Sequence[str] | None]
    """The same, of warnings."""
    prometheus: NotRequired[bool | None]
    """Whether alerts of Amazon Managed Service for Prometheus are published to the topics too. Default: no."""
    runbook: str
    """Where the runbook is: an address, or a path in the repository."""
    dashboard: NotRequired[str | None]
    """The address of the cluster's dashboard. Default: none, and alarms name none."""
    tags: Mapping[str, str]
    """Tags of topics and alarms."""


class LogWatchIntent(TypedDict):
    """What is counted in the brokers' logs, and who is told of the worst of it."""

    title: str
    """The cluster's name, which the names of alarms and queries begin with."""
    runbook: str
    """Where the runbook is: an address, or a path in the repository."""
    dashboard: NotRequired[str | None]
    """The address of the cluster's dashboard. Default: none, and alarms name none."""
    tags: Mapping[str, str]
    """Tags of the alarms."""


class DashboardIntent(TypedDict):
    """A dashboard of a cluster in CloudWatch."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """The dashboard's name."""
    watched: Watched
    """The cluster as its alarms see it."""
    changes: Mapping[str, Change]
    """What the stack wants otherwise of alarms, whose limits are drawn."""
    lags: NotRequired[Sequence[Lag] | None]
    """The consumer groups whose lag is watched, whose limits are drawn. Default: none."""
    has_zookeeper: bool
    """Whether its metadata is in ZooKeeper."""


class PrometheusIntent(TypedDict):
    """A workspace that has the metrics of the brokers' exporters, and the rules over them."""

    region: str
    """The region, such as eu-west-1."""
    cluster_name: str
    """The cluster's name: the label `cluster` of every series."""
    more_series: Sequence[str]
    """Patterns of names of metrics that are kept beside those that rules and dashboards read."""
    rules: str
    """Recording and alert rules, as Prometheus reads them."""
    grafana_authentication: NotRequired[Sequence[str] | None]
    """How people sign in to a workspace of Amazon Managed Grafana: AWS_SSO, SAML. Default: no workspace."""
    protect: bool
    """Refuse to delete the workspace: its metrics go with it."""
    tags: Mapping[str, str]
    """Tags of everything that can have them."""


def runbook_of(settings: StackSettings) -> str:
    """Where alarms say that the runbook is: an address, or the path in the project where none is known."""
    return settings.monitoring.runbook or RUNBOOK


def broker_log_group_name(settings: StackSettings) -> str:
    """The brokers' log group of a stack: the one that is taken over, or one of its own.

    Names under /aws/vendedlogs/ do not count against the size of the CloudWatch Logs resource policy, which fails the creation
    of clusters in busy accounts (CloudWatch Logs User Guide, "Enable logging from AWS services").
    """
    return settings.imported.broker_log_group or f"/aws/vendedlogs/msk/{settings.cluster_name}/broker"


def flow_log_group_name(title: str) -> str:
    """The log group of a network's flow logs."""
    return f"/aws/vendedlogs/vpc-flow-logs/{title}"


def plan_logs(settings: StackSettings, *, today: datetime.date) -> LogsIntent:
    """The log group of a stack's brokers; acknowledgements are judged on a day."""
    return {
        "log_group_name": broker_log_group_name(settings),
        "retention_days": settings.logs.cloudwatch.retention_days,
        "keep_retention": settings.guards(SHORTER_LOG_RETENTION, today),
        "tags": settings.tags,
        **taken_over(settings, "brokerLogGroup", settings.imported.broker_log_group),
    }


def plan_log_bucket(settings: StackSettings, *, region: str, today: datetime.date) -> LogBucketIntent | None:
    """The bucket that is created for a stack's broker logs; None where they go to another, or to none."""
    bucket = settings.logs.s3
    if bucket is None or bucket.bucket != CREATE:
        return None
    return {
        "region": region,
        "title": f"{settings.cluster_name}-broker-logs",
        "prefix": bucket.prefix,
        "retention_days": bucket.retention_days,
        "keep_retention": settings.guards(SHORTER_LOG_RETENTION, today),
        "protect": settings.protect,
        "tags": settings.tags,
    }


def plan_alarms(settings: StackSettings, *, region: str) -> AlarmsIntent:
    """The alarms of a stack."""
    monitoring = settings.monitoring
    wanted = alarms(watched_of(settings), lags(settings.clients, settings.topics)[0], changes(monitoring.alarms))
    return {
        "region": region,
        "title": settings.cluster_name,
        "alarms": wanted,
        "emails": [settings.alarm_email] if settings.alarm_email else [],
        "critical": monitoring.subscribers.critical,
        "warning": monitoring.subscribers.warning,
        "prometheus": bool(monitoring.prometheus and monitoring.prometheus.notify),
        "runbook": runbook_of(settings),
        "dashboard": _dashboard_address(settings, region),
        "tags": settings.tags,
    }


def plan_log_watch(settings: StackSettings, *, region: str) -> LogWatchIntent | None:
    """What is watched in a stack's broker logs; None where nothing is, and with Serverless, which has no broker logs."""
    if settings.is_serverless or not settings.monitoring.logs:
        return None
    return {
        "title": settings.cluster_name,
        "runbook": runbook_of(settings),
        "dashboard": _dashboard_address(settings, region),
        "tags": settings.tags,
    }


def plan_dashboard(settings: StackSettings, *, region: str) -> DashboardIntent | None:
    """The dashboard of a stack; None without one."""
    if not settings.monitoring.dashboard:
        return None
    return {
        "region": region,
        "title": settings.cluster_name,
        "watched": watched_of(settings),
        "changes": changes(settings.monitoring.alarms),
        "lags": lags(settings.clients, settings.topics)[0],
        "has_zookeeper": _has_zookeeper(settings),
    }


def plan_prometheus(settings: StackSettings, *, region: str) -> PrometheusIntent | None:
    """The managed Prometheus of a stack; None without one."""
    prometheus = settings.monitoring.prometheus
    if prometheus is None or not prometheus.managed:
        return None
    return {
        "region": region,
        "cluster_name": settings.cluster_name,
        "more_series": prometheus.more_series,
        "rules": prometheus_rules(settings, region=region),
        "grafana_authentication": prometheus.grafana.authentication if prometheus.grafana else None,
        "protect": settings.protect,
        "tags": settings.tags,
    }


def prometheus_rules(settings: StackSettings, *, region: str) -> str:
    """Recording and alert rules for a Prometheus that scrapes the stack's cluster."""
    name, broker = settings.cluster_name, settings.broker
    limits, wanted = lag_limits(settings.clients, settings.topics), changes(settings.monitoring.alarms)
    alerts = alert_rules(
        name,
        broker,
        brokers=settings.number_of_brokers,
        has_zookeeper=_has_zookeeper(settings),
        lag_limits=limits,
        changes=wanted,
    )
    recordings = (*recording_rules(name, broker), *limit_rules(name, broker, limits, wanted))
    leads = Leads(runbook_of(settings), _dashboard_address(settings, region))
    return render_rules(name, recordings, alerts, leads)


def more_alarms_note(settings: StackSettings) -> str | None:
    """What a higher monitoring level would add, a sentence; None where none adds any."""
    return higher_level_note(watched_of(settings), changes(settings.monitoring.alarms))


def _dashboard_address(settings: StackSettings, region: str) -> str | None:
    return dashboard_address(region, settings.cluster_name) if settings.monitoring.dashboard else None


def _has_zookeeper(settings: StackSettings) -> bool:
    return not settings.is_serverless and metadata_mode(settings.kafka_version) is MetadataMode.ZOOKEEPER


def watched_of(settings: StackSettings) -> Watched:
    """The cluster as its alarms see it. A volume that has grown since can do more than they know of: they come early."""
    if settings.is_serverless:
        partitions = {name: topic.partitions for name, topic in sorted(settings.topics.items())}
        return Watched(broker=None, brokers=0, level=Level.DEFAULT, iam=True, partitions_of_topics=partitions)
    authentication, provisioned = settings.authentication, settings.storage.provisioned_throughput
    storage = storage_of(settings)
    return Watched(
        broker=settings.broker,
        brokers=settings.number_of_brokers,
        level=Level(settings.monitoring.level),
        iam=authentication.iam is not None,
        scram=authentication.scram is not None,
        tls=authentication.tls is not None,
        volume_mib_per_second=volume_throughput(settings.broker, provisioned, storage.initial_gib) if storage else None,
    )
