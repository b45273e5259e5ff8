"""The rules, run by Prometheus' own promtool on series that must fire and series that must not."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.clients.lag import lag_limits
from domain.monitoring.alarm_texts import Leads
from domain.monitoring.alarms import Change
from domain.monitoring.prometheus_documents import MOST_RULES, render_rules
from domain.monitoring.prometheus_recordings import ALARM_LIMIT, LAG_LIMIT, MOST_DAYS, PACE, limit_rules, recording_rules
from domain.monitoring.prometheus_rules import AlertRule, alert_rules
from domain.monitoring.prometheus_scraping import render_managed_scrape_configuration, render_scrape_configuration
from domain.monitoring.terms import LagLimit
from domain.msk.brokers import BROKER_TYPES
from domain.settings.clients import Client
from support.prometheus import prometheus_programs
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CLUSTER = "orders-prod"
LEADS = Leads("https://example.com/runbook.md", "https://example.com/dashboard")
STANDARD = BROKER_TYPES["kafka.m7g.xlarge"]
EXPRESS = BROKER_TYPES["express.m7g.large"]
LIMITS = (LagLimit("erp", "customers", 300), LagLimit("billing-*", "orders.v1", 60))
MINUTES = 600
AT = "540m"


@dataclass(frozen=True)
class Case:
    """One state of the cluster: what differs from the sound one, and which alerts it fires."""

    name: str
    differs: Mapping[str, str | None] = field(default_factory=dict)
    """Series with their values in promtool's notation; None takes the series away."""
    fires: Mapping[str, int] = field(default_factory=dict)
    """How many of each alert; no other may fire."""
    express: bool = False
    zookeeper: bool = True


def series(metric: str, **labels: str) -> str:
    return (
        f"{metric}{{{','.join(f'{key}={json.dumps(value)}' for key, value in sorted({'cluster': CLUSTER, **labels}.items()))}}}"
    )


def jmx(metric: str, broker: int, **labels: str) -> str:
    return series(metric, instance=f"b-{broker}:11001", job="jmx", **labels)


def node(metric: str, broker: int, **labels: str) -> str:
    return series(metric, instance=f"b-{broker}:11002", job="node", **labels)


def lag(group: str, topic: str, **labels: str) -> str:
    return jmx(
        "kafka_consumer_group_ConsumerLagMetrics_Value", 1, name="EstimatedMaxTimeLag", groupId=group, topic=topic, **labels
    )


def always(value: float) -> str:
    return f"{value}x{MINUTES}"


def grows(by: float) -> str:
    return f"0+{by}x{MINUTES}"


def manager(name: str, broker: int = 1) -> str:
    return jmx("kafka_server_ReplicaManager_Value", broker, name=name)


def controller(name: str, broker: int = 1) -> str:
    return jmx("kafka_controller_KafkaController_Value", broker, name=name)


def counter(name: str, broker: int = 1, **labels: str) -> str:
    return jmx("kafka_server_BrokerTopicMetrics_Count", broker, name=name, **labels)


def disk(what: str, broker: int = 1) -> str:
    return node(f"node_filesystem_{what}_bytes", broker, mountpoint="/kafka/datalogs", device="/dev/nvme1n1", fstype="ext4")


HANDLERS = jmx("kafka_server_KafkaRequestHandlerPool_OneMinuteRate", 1, name="RequestHandlerAvgIdlePercent")
PROCESSORS = jmx("kafka_network_SocketServer_Value", 1, name="NetworkProcessorAvgIdlePercent")
FAILED = jmx("kafka_server_socket_server_metrics_failed_authentication_rate", 1, listener="CLIENT_IAM", networkProcessor="0")
SHRINKS = jmx("kafka_server_ReplicaManager_Count", 1, name="IsrShrinksPerSec")


def sound() -> dict[str, str]:
    """A cluster of three brokers that nobody needs to look at."""
    found: dict[str, str] = {}
    for item in (1, 2, 3):
        found |= {
            jmx("up", item): always(1),
            node("up", item): always(1),
            controller("ActiveControllerCount", item): always(1 if item == 1 else 0),
            controller("OfflinePartitionsCount", item): always(0),
            manager("UnderMinIsrPartitionCount", item): always(0),
            manager("UnderReplicatedPartitions", item): always(0),
            manager("PartitionCount", item): always(1000),
            disk("size", item): always(1e12),
            disk("avail", item): always(2e11),
            node("node_cpu_seconds_total", item, cpu="0", mode="user"): grows(20),
            node("node_cpu_seconds_total", item, cpu="0", mode="system"): grows(10),
            node("node_cpu_seconds_total", item, cpu="0", mode="idle"): grows(30),
            counter("BytesInPerSec", item): grows(60e6),
            counter("BytesInPerSec", item, topic="orders.v1"): grows(60e6),
            counter("BytesOutPerSec", item): grows(60e6),
        }
    return found | {
        HANDLERS: always(0.4),
        PROCESSORS: always(0.4),
        FAILED: always(0.5),
        SHRINKS: always(7),
        lag("erp", "customers"): always(300),
        lag("billing-eu", "orders.v1"): always(60),
        lag("amazon.msk.canary.group.broker-1", "__amazon_msk_canary"): always(5000),
    }


CASES = (
    Case("a sound cluster"),
    Case("a sound Express cluster", express=True, zookeeper=False),
    Case(
        "a sound cluster on KRaft, whose controllers are not scraped",
        {controller("ActiveControllerCount", item): None for item in (1, 2, 3)},
        zookeeper=False,
    ),
    Case("a broker that does not answer", {jmx("up", 2): always(0)}, {"KafkaExporterDown": 1}),
    Case("no broker answers", {jmx("up", item): None for item in (1, 2, 3)}, {"KafkaExporterDown": 1}),
    Case(
        "a partition without a leader, known to three",
        {controller("OfflinePartitionsCount", item): always(2) for item in (1, 2, 3)},
        {"KafkaOfflinePartitions": 1},
    ),
    Case(
        "a partition without a leader, known to the controller only",
        {
            controller("OfflinePartitionsCount", 2): None,
            controller("OfflinePartitionsCount", 3): None,
            controller("OfflinePartitionsCount", 1): always(2),
        },
        {"KafkaOfflinePartitions": 1},
    ),
    Case("no controller", {controller("ActiveControllerCount", 1): always(0)}, {"KafkaNoActiveController": 1}),
    Case(
        "nobody says who the controller is",
        {controller("ActiveControllerCount", item): None for item in (1, 2, 3)},
        {"KafkaNoActiveController": 1},
    ),
    Case(
        "the controller moves",
        {controller("ActiveControllerCount", 1): "1x300 0x300", controller("ActiveControllerCount", 2): "0x302 1x300"},
    ),
    Case("too few replicas to write", {manager("UnderMinIsrPartitionCount", 2): always(1)}, {"KafkaUnderMinIsr": 1}),
    Case("a replica lacks", {manager("UnderReplicatedPartitions", 2): always(3)}, {"KafkaUnderReplicated": 1}),
    Case("a replica lacked while a broker started again", {manager("UnderReplicatedPartitions", 2): "0x527 3x10 0x60"}),
    Case("replicas keep falling out of sync", {SHRINKS: grows(1)}, {"KafkaReplicasFallBehind": 1}),
    Case("a disk at 85 %", {disk("avail"): always(1.5e11)}, {"KafkaDiskFilling": 1}),
    Case("a disk at 90 %", {disk("avail"): always(1e11)}, {"KafkaDiskFilling": 1, "KafkaDiskNearlyFull": 1}),
    Case("a disk that is full tomorrow", {disk("avail"): f"7e11-5e8x{MINUTES}"}, {"KafkaDiskFullTomorrow": 1}),
    Case("a disk that fills slowly", {disk("avail"): f"5e11-1e8x{MINUTES}"}),
    Case("a disk that fills fast but is nearly empty", {disk("avail"): f"9.9e11-6.9e8x{MINUTES}"}),
    Case("busy CPUs", {node("node_cpu_seconds_total", 3, cpu="0", mode="user"): grows(50)}, {"KafkaCpuHigh": 1}),
    Case("busy request handlers", {HANDLERS: always(0.29)}, {"KafkaRequestHandlersBusy": 1}),
    Case("busy network processors", {PROCESSORS: always(0.29)}, {"KafkaNetworkProcessorsBusy": 1}),
    Case("a partition too many", {manager("PartitionCount", 3): always(1001)}, {"KafkaTooManyPartitions": 1}),
    Case("clients that fail to authenticate", {FAILED: always(1.1)}, {"KafkaAuthenticationFails": 1}),
    Case("a group behind its limit", {lag("erp", "customers"): always(301)}, {"KafkaConsumerLag": 1}),
    Case("a group of a prefix behind its limit", {lag("billing-eu", "orders.v1"): always(61)}, {"KafkaConsumerLag": 1}),
    Case(
        "two groups behind their limits",
        {lag("billing-eu", "orders.v1"): always(61), lag("erp", "customers"): always(999)},
        {"KafkaConsumerLag": 2},
    ),
    Case("a group behind that has no limit", {lag("reports", "orders.v1"): always(9999)}),
    Case("a group that vanished", {lag("erp", "customers"): None}),
    Case(
        "Express: writes above 80 % of what is always carried",
        {counter("BytesInPerSec"): grows(60 * 12.5e6)},
        {"KafkaIngressNearLimit": 1},
        express=True,
        zookeeper=False,
    ),
    Case("Express: writes below", {counter("BytesInPerSec"): grows(60 * 12.4e6)}, express=True, zookeeper=False),
    Case(
        "Express: reads above 80 % of what is always carried",
        {counter("BytesOutPerSec"): grows(60 * 25e6)},
        {"KafkaEgressNearLimit": 1},
        express=True,
        zookeeper=False,
    ),
    Case("Express: what would be alarming on Standard brokers only", {disk("avail"): always(1)}, express=True, zookeeper=False),
)


def rules_of(*, express: bool, zookeeper: bool) -> tuple[AlertRule, ...]:
    return alert_rules(CLUSTER, EXPRESS if express else STANDARD, brokers=3, has_zookeeper=zookeeper, lag_limits=LIMITS)


def rendered(*, express: bool, zookeeper: bool) -> str:
    broker = EXPRESS if express else STANDARD
    recordings = (*recording_rules(CLUSTER, broker), *limit_rules(CLUSTER, broker, LIMITS))
    return render_rules(CLUSTER, recordings, rules_of(express=express, zookeeper=zookeeper), LEADS)


@pytest.fixture(scope="session")
def promtool() -> str:
    return str(prometheus_programs() / "promtool")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_state_of_the_cluster_fires_its_alerts_and_no_other(case: Case, promtool: str, tmp_path: Path) -> None:
    values = {**sound(), **case.differs}
    (tmp_path / "rules.yml").write_text(rendered(express=case.express, zookeeper=case.zookeeper), encoding="utf-8")
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": value} for name, value in values.items() if value is not None],
                "promql_expr_test": [
                    {
                        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                        "eval_time": AT,
                        "exp_samples": [
                            {"labels": f'{{alertname="{name}"}}', "value": count} for name, count in case.fires.items()
                        ],
                    }
                ],
            }
        ],
    }
    # JSON is YAML.
    (tmp_path / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    result = subprocess.run([promtool, "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


FILLING = {
    # Of a volume of 1e12 bytes, what is free at first and how much goes each minute; when it is full, seen nine hours later.
    1: (8e11, 5e8, (8e11 - 540 * 5e8) / 5e8 / 1440),
    2: (5e11, 1e8, (5e11 - 540 * 1e8) / 1e8 / 1440),
    3: (5e11, 0, MOST_DAYS),
    4: (1e11, -1e8, MOST_DAYS),
    5: (9e11, 1e5, MOST_DAYS),
    6: (0, 0, 0),
    7: (1e12, 0, MOST_DAYS),
}


def test_the_days_until_a_volume_is_full_are_those_at_the_pace_of_its_curve(promtool: str, tmp_path: Path) -> None:
    used, days = "cluster_instance:kafka_data_disk_used:ratio", "cluster_instance:kafka_data_disk_until_full:days"
    recordings = recording_rules(CLUSTER, STANDARD)
    (tmp_path / "rules.yml").write_text(render_rules(CLUSTER, recordings, (), LEADS), encoding="utf-8")
    expected = {number: until for number, (_, _, until) in FILLING.items()}
    # The curve that is shown beside it, drawn on at the pace of the same six hours, is full when they are over.
    at_the_end = f"{used} + deriv({used}[{PACE}]) * 86400 * {days}"
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    *({"series": disk("size", number), "values": always(1e12)} for number in FILLING),
                    *(
                        {"series": disk("avail", number), "values": f"{free:.0f}{-pace:+.0f}x{MINUTES}"}
                        for number, (free, pace, _) in FILLING.items()
                    ),
                ],
                "promql_expr_test": [
                    {
                        "expr": f'abs({days}{{instance="b-{number}:11002"}} - {until}) < bool 0.001',
                        "eval_time": AT,
                        "exp_samples": [{"labels": f'{{cluster="{CLUSTER}",instance="b-{number}:11002"}}', "value": 1}],
                    }
                    for number, until in expected.items()
                ]
                + [
                    {
                        "expr": f"abs(({at_the_end}) - 1) < bool 0.001 and on (instance) {days} < {MOST_DAYS}",
                        "eval_time": AT,
                        "exp_samples": [
                            {"labels": f'{{cluster="{CLUSTER}",instance="b-{number}:11002"}}', "value": 1}
                            for number, until in expected.items()
                            if until < MOST_DAYS
                        ],
                    },
                    # One minute after the first sample there is no pace yet; from the second on there is a number.
                    {
                        "expr": f"count({days} >= 0 and {days} <= {MOST_DAYS})",
                        "eval_time": "3m",
                        "exp_samples": [{"labels": "{}", "value": 7}],
                    },
                ],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    result = subprocess.run([promtool, "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_limits_that_dashboards_draw_are_the_stacks(promtool: str, tmp_path: Path) -> None:
    changes = {"cpu": Change(threshold=40), "heap": Change(enabled=False)}
    odd = LagLimit('team"a"\\$1', "orders.v1", 90)
    found = limit_rules(CLUSTER, STANDARD, (*LIMITS, odd), changes)
    (tmp_path / "rules.yml").write_text(render_rules(CLUSTER, found, (), LEADS), encoding="utf-8")
    alarm = {"cpu": 0.4, "disk-used": 0.85, "disk-full": 0.9, "request-handlers": 0.3, "network-processors": 0.3}
    lags = {("erp", "customers"): 300, ("billing-*", "orders.v1"): 60, (odd.group, odd.topic): 90}
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [],
                "promql_expr_test": [
                    {
                        "expr": ALARM_LIMIT,
                        "eval_time": "5m",
                        "exp_samples": [
                            {"labels": f'{ALARM_LIMIT}{{cluster="{CLUSTER}",alarm="{name}"}}', "value": value}
                            for name, value in alarm.items()
                        ],
                    },
                    {
                        "expr": LAG_LIMIT,
                        "eval_time": "5m",
                        "exp_samples": [
                            {
                                "labels": f'{LAG_LIMIT}{{cluster="{CLUSTER}",groupId={json.dumps(group)},topic="{topic}"}}',
                                "value": seconds,
                            }
                            for (group, topic), seconds in lags.items()
                        ],
                    },
                ],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    result = subprocess.run([promtool, "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("express", [False, True])
def test_every_alert_says_which_cluster_or_broker_with_its_limit_and_where_to_look(*, express: bool) -> None:
    groups = yaml.safe_load(rendered(express=express, zookeeper=not express))["groups"]
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    assert len(alerts) > 5
    for alert in alerts:
        told = alert["annotations"]
        assert CLUSTER in told["summary"] or "$labels.instance" in told["summary"], alert["alert"]
        assert told["summary"].endswith(".")
        assert told["action"].endswith(".")
        assert told["dashboard"] == LEADS.dashboard
        assert re.fullmatch(rf"{re.escape(LEADS.runbook)}#[a-z-]+", told["runbook"])


@pytest.mark.parametrize("express", [False, True])
@pytest.mark.parametrize("zookeeper", [False, True])
def test_promtool_finds_no_fault_in_what_is_rendered(*, express: bool, zookeeper: bool, promtool: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(rendered(express=express, zookeeper=zookeeper), encoding="utf-8")
    hosts = ["b-2.example.com", "b-1.example.com"]
    (tmp_path / "prometheus.yml").write_text(render_scrape_configuration(CLUSTER, hosts), encoding="utf-8")
    (tmp_path / "managed.yml").write_text(render_managed_scrape_configuration(CLUSTER, hosts), encoding="utf-8")
    for what in (["rules", "rules.yml"], ["config", "prometheus.yml"], ["config", "managed.yml"]):
        result = subprocess.run([promtool, "check", *what], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        assert "FAILED" not in result.stdout + result.stderr


def test_promtool_finds_no_fault_in_the_rules_of_any_broker_type(promtool: str, tmp_path: Path) -> None:
    for name, broker in BROKER_TYPES.items():
        for zookeeper in (False, True):
            alerts = alert_rules(CLUSTER, broker, brokers=3, has_zookeeper=zookeeper, lag_limits=LIMITS)
            text = render_rules(CLUSTER, recording_rules(CLUSTER, broker), alerts, LEADS)
            (tmp_path / f"{name}-{zookeeper}.yml").write_text(text, encoding="utf-8")
    files = sorted(path.name for path in tmp_path.glob("*.yml"))
    assert len(files) == 2 * len(BROKER_TYPES)
    result = subprocess.run([promtool, "check", "rules", *files], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "FAILED" not in result.stdout + result.stderr


@given(lags=st.integers(0, 70), express=st.booleans(), zookeeper=st.booleans())
def test_no_group_has_more_rules_than_amazon_takes_and_what_reads_a_series_comes_after_it(
    lags: int, express: bool, zookeeper: bool
) -> None:
    broker = EXPRESS if express else STANDARD
    limits = [LagLimit(f"group-{number}", "orders.v1", 60) for number in range(lags)]
    recordings = (*recording_rules(CLUSTER, broker), *limit_rules(CLUSTER, broker, limits))
    alerts = alert_rules(CLUSTER, broker, brokers=3, has_zookeeper=zookeeper, lag_limits=limits)
    text = render_rules(CLUSTER, recordings, alerts, LEADS)
    groups = yaml.safe_load(text)["groups"]
    assert len({group["name"] for group in groups}) == len(groups)
    assert max(len(group["rules"]) for group in groups) <= MOST_RULES
    assert sum(len(group["rules"]) for group in groups) == len(recordings) + len(alerts)
    for group in groups:
        computed = [rule["record"] for rule in group["rules"] if "record" in rule]
        read = {recording.name for rule in group["rules"] for recording in recordings if recording.name in rule["expr"]}
        assert read <= set(computed)
        assert all("record" in rule for rule in group["rules"][: len(computed)])


def test_every_alert_has_a_state_that_fires_it() -> None:
    every = {rule.name for express in (False, True) for rule in rules_of(express=express, zookeeper=not express)}
    assert every == {name for case in CASES for name in case.fires}


def test_every_alert_has_its_section_in_the_runbook() -> None:
    headings = set(re.findall(r"^#+ ([a-z-]+)$", RUNBOOK, re.MULTILINE))
    for express in (False, True):
        assert {rule.section for rule in rules_of(express=express, zookeeper=not express)} <= headings


def test_what_a_stack_wants_otherwise_of_an_alarm_holds_for_the_alert_too() -> None:
    wanted = {"cpu": Change(threshold=40), "disk-used": Change(enabled=False)}
    found = {rule.section: rule for rule in alert_rules(CLUSTER, STANDARD, brokers=3, has_zookeeper=False, changes=wanted)}
    assert found["cpu"].expression.endswith("> 0.4")
    assert "disk-used" not in found
    assert "disk-full" in found


def test_lags_are_those_of_the_alarms_and_of_groups_by_prefix() -> None:
    consume = {"topics": ["orders.v1"], "groups": ["erp"], "groupPrefixes": ["billing-"], "maxLagSeconds": 60}
    entry = {"from": {"cidr": "10.40.0.0/20"}, "as": {"role": {"ec2": {}}}, "consume": consume}
    found = lag_limits({"erp": Client.model_validate(entry)}, ["orders.v1"])
    assert found == (LagLimit("billing-*", "orders.v1", 60), LagLimit("erp", "orders.v1", 60))
