"""What the brokers' exporters really say: a real Prometheus scrapes brokers under load, and asks what panels and rules ask.

Simulated: the MBeans of consumer lag, which Amazon MSK alone has (`support/kafka/java/LagBeans.java`). There is no node exporter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest

from domain.brokers import BROKER_TYPES
from domain.prometheus_rules import LagLimit, alert_rules, recording_rules, render_rules, render_scrape_configuration
from support.kafka.cluster import BROKERS, Cluster
from support.kafka.server_files import plan_of
from support.prometheus_server import Prometheus
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.kafka.installation import Installation

CLUSTER = "orders-prod"
BROKER = BROKER_TYPES["kafka.m7g.large"]
# What the simulated MBeans are of.
GROUP, TOPIC = "billing", "orders.v1"
LIMITS = [LagLimit(GROUP, TOPIC, 30)]
ALERTS = alert_rules(CLUSTER, BROKER, brokers=len(BROKERS), has_zookeeper=False, lag_limits=LIMITS)
PANELS = [
    (page.stem, panel["title"], target["expr"])
    for page in sorted((ROOT / "docs" / "dashboards").glob("*.json"))
    for panel in json.loads(page.read_text(encoding="utf-8"))["panels"]
    for target in panel.get("targets", ())
]


EMPTY = {
    "Partitions without a leader": "With KRaft the controllers alone know it; here as on Amazon MSK they are nodes of their own.",
    "Seconds to catch up": "There is something to show only while a group catches up, and the simulated lag stays what it is.",
}
"""Panels that show nothing here, and why."""


@pytest.fixture(scope="module")
def prometheus(installation: Installation, programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    directory = tmp_path_factory.mktemp("metrics")
    cluster = Cluster(
        directory / "cluster", installation.kafka, programs, plan_of("prod").server_properties, exporter=installation.exporter
    )
    server = None
    try:
        cluster.start()
        cluster.create_topic(TOPIC, partitions=3)
        rules = render_rules(CLUSTER, recording_rules(CLUSTER, BROKER), ALERTS, runbook="docs/runbook.md")
        (directory / "prometheus").mkdir()
        configuration = render_scrape_configuration(CLUSTER, ["b-1"])
        server = Prometheus(directory / "prometheus", configuration, rules, cluster.exporters())
        under_load(cluster, server)
        yield server
    finally:
        if server:
            server.end()
        cluster.end()


def under_load(cluster: Cluster, server: Prometheus) -> None:
    """Writes and reads until the rates of what is written and read are known."""
    settings = {**cluster.administrator.librdkafka()}
    producer = confluent_kafka.Producer({**settings, "acks": "all"})
    consumer = confluent_kafka.Consumer({**settings, "group.id": GROUP, "auto.offset.reset": "earliest"})
    consumer.subscribe([TOPIC])
    read = f'cluster_topic:kafka_bytes_out:rate5m{{topic="{TOPIC}"}} > 0'
    try:
        server.until("up == 1", enough=len(BROKERS))
        for _ in range(60):
            for number in range(200):
                producer.produce(TOPIC, b"x" * 500, key=str(number))
            assert producer.flush(60) == 0
            consumer.consume(500, timeout=1)
            if server.ask(read):
                return
        raise AssertionError("nothing was read")
    finally:
        consumer.close()


@pytest.mark.parametrize(("page", "title", "query"), PANELS, ids=[f"{page}: {title}" for page, title, _ in PANELS])
def test_every_panel_has_something_to_show(page: str, title: str, query: str, prometheus: Prometheus) -> None:
    asked = query
    for variable, value in {"$cluster": CLUSTER, "$topic": ".*", "$group": ".*", "$__rate_interval": "5m"}.items():
        asked = asked.replace(variable, value)
    found = prometheus.ask(asked)
    of_node_exporter = "node_" in query or "disk" in query
    assert bool(found) is not (of_node_exporter or title in EMPTY), f"{page}, {title}: {asked}"


def test_every_recorded_series_is_there(prometheus: Prometheus) -> None:
    for rule in recording_rules(CLUSTER, BROKER):
        found = prometheus.ask(f'{rule.name}{{cluster="{CLUSTER}"}}')
        assert bool(found) is ("node_" not in rule.expression), rule.name


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_what_an_alert_looks_at_is_there(alert: Any, prometheus: Prometheus) -> None:
    # Without its comparison: what it compares must be there, else it never fires.
    looked_at = alert.expression.rpartition(" and on ")[0] or alert.expression
    looked_at = looked_at.rpartition(" < " if " < " in looked_at else " >= " if " >= " in looked_at else " > ")[0]
    of_node_exporter = "node_" in alert.expression or "disk" in alert.expression
    assert bool(prometheus.ask(looked_at)) is not of_node_exporter, looked_at


def test_sound_brokers_fire_nothing_but_the_lag_that_is_simulated(prometheus: Prometheus) -> None:
    # Brokers that have just started are not sound at once; they have longer to become it than a test waits.
    prometheus.until('ALERTS{alertname="KafkaConsumerLag"} unless on() ALERTS{alertname!="KafkaConsumerLag"}')
