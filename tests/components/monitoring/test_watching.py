"""The dashboard, the watched logs and Prometheus as components of a program of one's own: what AWS would receive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.monitoring.dashboard import ClusterDashboard, ClusterDashboardArgs
from components.monitoring.log_watch import LogWatch, LogWatchArgs
from components.monitoring.prometheus import PrometheusMonitoring, PrometheusMonitoringArgs
from domain.monitoring.alarms import NO_CHANGES, Change
from domain.monitoring.terms import Watched
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import Level
from offline.protocol.failures import UserError
from support.programs import inputs, of_type, run_inline, the

if TYPE_CHECKING:
    from collections.abc import Mapping

    from offline.engine.run import Run

ACCOUNT = "eu-west-1:111122223333"
KEY = f"arn:aws:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPICS = {severity: f"arn:aws:sns:{ACCOUNT}:pager-{severity}" for severity in ("critical", "warning")}
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
ALARM, FILTER = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/logMetricFilter:LogMetricFilter"
WORKSPACE, SCRAPER = "aws:amp/workspace:Workspace", "aws:amp/scraper:Scraper"
MANAGER, GRAFANA = "aws:amp/alertManagerDefinition:AlertManagerDefinition", "aws:grafana/workspace:Workspace"


def dashboard(changes: Mapping[str, Change] = NO_CHANGES, *, dry_run: bool = False) -> Run:
    args: ClusterDashboardArgs = {
        "region": "eu-west-1",
        "title": "orders",
        "cluster_name": "orders",
        "watched": Watched(BROKER_TYPES["kafka.m7g.large"], 3, Level.PER_BROKER, iam=True),
        "changes": changes,
        "has_zookeeper": False,
    }
    return run_inline(lambda: ClusterDashboard("dashboard", args), dry_run=dry_run)


def log_watch(**more: Any) -> Run:
    args: LogWatchArgs = {
        "title": "orders",
        "log_group_name": "/aws/msk/orders",
        "topic_arns": TOPICS,
        "runbook": "docs/runbook.md",
        "tags": {"team": "streaming"},
        **more,  # type: ignore[typeddict-item]  # whatever a test adds
    }
    return run_inline(lambda: LogWatch("watch", args), dry_run=False)


def prometheus(**more: Any) -> Run:
    args: PrometheusMonitoringArgs = {
        "region": "eu-west-1",
        "cluster_name": "orders",
        "hosts": ["b-2.orders.example", "b-1.orders.example"],
        "vpc_id": "vpc-0abc",
        "subnet_ids": ["subnet-0abc", "subnet-0def"],
        "broker_security_group_id": "sg-0abc",
        "more_series": ["kafka_cluster_Partition_.*"],
        "rules": "groups: []",
        "key_arn": KEY,
        "protect": True,
        "tags": {"team": "streaming"},
        **more,  # type: ignore[typeddict-item]  # whatever a test adds
    }
    return run_inline(lambda: PrometheusMonitoring("prometheus", args), dry_run=False)


def limits(run: Run) -> set[float]:
    widgets = json.loads(inputs(run, DASHBOARD)["dashboardBody"])["widgets"]
    lines = [line for widget in widgets for line in widget["properties"].get("annotations", {}).get("horizontal", [])]
    return {line["value"] for line in lines}


def test_a_dashboard_is_whole_at_preview_already() -> None:
    assert inputs(dashboard(dry_run=True), DASHBOARD) == inputs(dashboard(), DASHBOARD)


def test_a_dashboard_draws_the_limit_that_an_alarm_was_given_and_none_of_one_turned_off() -> None:
    usual = limits(dashboard())
    assert 60 in usual
    assert 37 in limits(dashboard({"cpu": Change(threshold=37)})) - usual
    assert usual - limits(dashboard({name: Change(enabled=False) for name in ("request-handlers", "network-processors")}))


def test_watched_logs_tell_the_topic_of_their_severity_what_their_own_filter_counts() -> None:
    run = log_watch()
    counted = {
        (resource.inputs["metricTransformation"]["namespace"], resource.inputs["metricTransformation"]["name"])
        for resource in of_type(run, FILTER)
    }
    alarms = of_type(run, ALARM)
    assert alarms
    for alarm in alarms:
        assert (alarm.inputs["namespace"], alarm.inputs["metricName"]) in counted
        (told,) = alarm.inputs["alarmActions"]
        assert told in TOPICS.values()
        assert "docs/runbook.md#" in alarm.inputs["alarmDescription"]


def test_without_topics_and_grafana_there_is_neither_alert_manager_nor_grafana() -> None:
    run = prometheus()
    assert not of_type(run, MANAGER)
    assert not of_type(run, GRAFANA)


def test_alerts_are_told_and_grafana_is_made_when_asked_for() -> None:
    run = prometheus(topic_arns=TOPICS, grafana_authentication=["AWS_SSO"])
    for topic in TOPICS.values():
        assert topic in inputs(run, MANAGER)["definition"]
    assert inputs(run, GRAFANA)["authenticationProviders"] == ["AWS_SSO"]


def test_the_order_of_brokers_is_no_change_of_the_scraper() -> None:
    there = inputs(prometheus(), SCRAPER)["scrapeConfiguration"]
    assert there == inputs(prometheus(hosts=["b-1.orders.example", "b-2.orders.example"]), SCRAPER)["scrapeConfiguration"]


@pytest.mark.parametrize("protect", [True, False])
def test_the_metrics_of_the_past_are_protected_as_asked(protect: bool) -> None:
    assert the(prometheus(protect=protect), WORKSPACE).options.get("protect", False) is protect


@pytest.mark.parametrize(("made", "misspelt"), [(log_watch, "runbok"), (prometheus, "topic_arn")])
def test_a_misspelt_argument_is_the_users_mistake(made: Any, misspelt: str) -> None:
    with pytest.raises(UserError, match=f"{misspelt} is not an argument"):
        made(**{misspelt: "x"})
