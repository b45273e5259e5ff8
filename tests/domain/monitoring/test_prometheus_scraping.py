"""What is scraped: all that rules and dashboards read is kept, and nothing that nobody reads."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.monitoring.prometheus_recordings import recording_rules
from domain.monitoring.prometheus_rules import alert_rules
from domain.monitoring.prometheus_scraping import READ, render_managed_scrape_configuration
from domain.monitoring.terms import LagLimit
from domain.msk.brokers import BROKER_TYPES
from support.stacks import ROOT

CLUSTER = "orders-prod"
HOSTS = ["b-2.example.com", "b-1.example.com"]
# Prometheus adds it by itself, whatever is kept.
REPORTED = "up"


def expressions() -> set[str]:
    found = {
        target["expr"]
        for page in (ROOT / "docs" / "dashboards").glob("*.json")
        for panel in json.loads(page.read_text(encoding="utf-8"))["panels"]
        for target in panel.get("targets", ())
    }
    for broker in (BROKER_TYPES["kafka.m7g.large"], BROKER_TYPES["express.m7g.large"]):
        found |= {rule.expression for rule in recording_rules(CLUSTER, broker)}
        for zookeeper in (False, True):
            limits = [LagLimit("billing", "orders.v1", 30)]
            alerts = alert_rules(CLUSTER, broker, brokers=3, has_zookeeper=zookeeper, lag_limits=limits)
            found |= {alert.expression for alert in alerts}
    return found


def read() -> set[tuple[str, str]]:
    """The metrics that are read, each with the pattern of the MBean's name that is asked for; empty where none is."""
    selectors = re.findall(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[^{}\"]|\"[^\"]*\")*)\}", "\n".join(expressions()))
    found = set()
    for metric, matchers in selectors:
        name = re.search(r'(?:^|,)name(=~?)"([^"]*)"', matchers)
        pattern = "" if name is None else name[2] if name[1] == "=~" else re.escape(name[2])
        found.add((metric, pattern))
    # What a rule records has colons in its name, and is of no exporter.
    return {(metric, pattern) for metric, pattern in found if ":" not in metric and metric != REPORTED}


@pytest.mark.parametrize(("metric", "name"), sorted(read()))
def test_what_is_read_is_kept(metric: str, name: str) -> None:
    @given(st.from_regex(name, fullmatch=True))
    def kept(example: str) -> None:
        assert any(re.fullmatch(pattern, f"{metric};{example}") for pattern in chain.from_iterable(READ.values()))

    kept()


@pytest.mark.parametrize("pattern", sorted(chain.from_iterable(READ.values())))
def test_what_is_kept_is_read(pattern: str) -> None:
    @given(st.from_regex(pattern.replace(".+", "Stable"), fullmatch=True))
    def is_read(example: str) -> None:
        metric, _, name = example.partition(";")
        assert any(metric == asked and re.fullmatch(names, name) for asked, names in read())

    is_read()


def jobs(*more: str) -> dict[str, Any]:
    rendered = yaml.safe_load(render_managed_scrape_configuration(CLUSTER, HOSTS, more))
    return {job["job_name"]: job for job in rendered["scrape_configs"]}


@pytest.mark.parametrize(
    ("more", "series", "kept"),
    [
        ((), "kafka_cluster_Partition_Value;ReplicasCount", False),
        (("kafka_cluster_Partition_.*",), "kafka_cluster_Partition_Value;ReplicasCount", True),
        (("kafka_cluster_Partition_.*",), "java_lang_Threading_ThreadCount;", False),
        (("kafka_cluster_Partition_.*", "java_lang_Threading_ThreadCount"), "java_lang_Threading_ThreadCount;", True),
        ((".*",), "kafka_network_RequestMetrics_50thPercentile;LocalTimeMs", True),
        ((), "kafka_network_RequestMetrics_99thPercentile;LocalTimeMs", False),
        ((), "kafka_network_RequestMetrics_99thPercentile;TotalTimeMs", True),
    ],
)
def test_a_stack_says_what_is_kept_besides(more: tuple[str, ...], series: str, *, kept: bool) -> None:
    (rule,) = jobs(*more)["jmx"]["metric_relabel_configs"]
    assert (rule["action"], rule["source_labels"]) == ("keep", ["__name__", "name"])
    assert bool(re.fullmatch(rule["regex"], series)) is kept


def test_both_exporters_of_every_broker_are_found_by_name() -> None:
    found = {(name, config["port"]) for job in jobs().values() for config in job["dns_sd_configs"] for name in config["names"]}
    assert found == {(host, port) for host in HOSTS for port in (11001, 11002)}
