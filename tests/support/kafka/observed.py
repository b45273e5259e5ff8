"""Brokers under load that a real Prometheus scrapes, with the rules of a stack: what panels, rules and alerts are asked of."""

from __future__ import annotations

import json
import math
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import confluent_kafka

from domain.monitoring.alarm_texts import Leads
from domain.monitoring.prometheus_documents import render_rules
from domain.monitoring.prometheus_recordings import limit_rules, recording_rules
from domain.monitoring.prometheus_rules import alert_rules
from domain.monitoring.prometheus_scraping import READ, keep_rules, render_scrape_configuration
from domain.monitoring.terms import LagLimit
from domain.msk.brokers import BROKER_TYPES
from domain.msk.versions import MetadataMode, metadata_mode
from support.kafka.cluster import BROKERS, Cluster
from support.kafka.server_files import plan_of
from support.prometheus_server import Prometheus
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from domain.monitoring.prometheus_rules import AlertRule
    from support.kafka.installation import Installation

CLUSTER = "orders-prod"
GROUP, TOPIC = "billing", "orders.v1"
"""Also those of the simulated MBeans of consumer lag."""
LAG_LIMITS = (LagLimit(GROUP, TOPIC, 30),)
STACK_WITH = {MetadataMode.KRAFT: "prod", MetadataMode.ZOOKEEPER: "dev"}
"""The stack whose brokers have the one or the other keep their metadata."""
_BROKERS_OF = {MetadataMode.KRAFT: BROKER_TYPES["kafka.m7g.large"], MetadataMode.ZOOKEEPER: BROKER_TYPES["kafka.t3.small"]}
ALERTS = {
    mode: alert_rules(
        CLUSTER,
        broker,
        brokers=len(BROKERS),
        has_zookeeper=mode is MetadataMode.ZOOKEEPER,
        lag_limits=LAG_LIMITS,
    )
    for mode, broker in _BROKERS_OF.items()
}
RECORDED = (
    *recording_rules(CLUSTER, _BROKERS_OF[MetadataMode.KRAFT]),
    *limit_rules(CLUSTER, _BROKERS_OF[MetadataMode.KRAFT], LAG_LIMITS),
)
PANELS = [
    (page.stem, panel["title"], target["expr"])
    for page in sorted((ROOT / "docs" / "dashboards").glob("*.json"))
    for panel in json.loads(page.read_text(encoding="utf-8"))["panels"]
    for target in panel.get("targets", ())
]
"""Every panel of the dashboards: its page, its title and a query."""
_ENOUGH_SECONDS = 120
_VARIABLES = {"$cluster": CLUSTER, "$topic": ".*", "$group": ".*", "$__rate_interval": "5m"}
PACE = {TOPIC: (200, 500, 240), "clicks.v1": (500, 120, 400), "payments.v1": (40, 900, 150)}
"""By topic: messages a second, their bytes, and after how many seconds the pace is the same again."""


def as_asked(expression: str) -> str:
    """The query of a panel as Grafana asks it, with everything chosen."""
    for variable, value in _VARIABLES.items():
        expression = expression.replace(variable, value)
    return expression


def looked_at(alert: AlertRule) -> str:
    """What an alert compares, without its comparison: it must be there, else the alert never fires."""
    expression = alert.expression.rpartition(" and on ")[0] or alert.expression
    return expression.rpartition(" < " if " < " in expression else " >= " if " >= " in expression else " > ")[0]


def unsound(mode: MetadataMode) -> str:
    """Alerts that sound brokers do not fire: neither of the lag that is simulated, nor of this machine's disks and CPUs."""
    of_this_machine = "|".join(alert.name for alert in ALERTS[mode] if "node_" in alert.expression or "disk" in alert.expression)
    return f'ALERTS{{alertname!~"KafkaConsumerLag|{of_this_machine}"}}'


@contextmanager
def observed(
    directory: Path,
    installation: Installation,
    programs: Path,
    mode: MetadataMode = MetadataMode.KRAFT,
    *,
    measured: Callable[[Cluster], str] | None = None,
    more: Sequence[str] = (),
) -> Iterator[tuple[Cluster, Prometheus]]:
    """Three brokers with a shipped stack's properties and exporters, and a Prometheus that scrapes them.

    Args:
        directory: An empty directory.
        installation: Where Kafka and the exporter are.
        programs: The compiled programs.
        mode: Who keeps their metadata, which says whose properties they have: the production stack's or dev's.
        measured: Starts an exporter of what is measured of each broker by itself, not of this machine,
            with lags that are not simulated, and says where it answers; then the controller's exporter is scraped as well.
        more: Patterns of series that are kept beside those that rules and dashboards read.

    Yields:
        The brokers and Prometheus; both end afterwards.
    """
    plan = plan_of(STACK_WITH[mode])
    assert metadata_mode(plan.cluster["kafka_version"]) is mode
    properties = plan.configuration["server_properties"]
    cluster = Cluster(
        directory / "cluster",
        installation.kafka,
        programs,
        properties,
        exporter=installation.exporter,
        exported_controller=measured is not None,
        metadata=mode,
    )
    server = None
    try:
        cluster.start()
        for topic in PACE:
            cluster.create_topic(topic, partitions=3)
        rules = render_rules(CLUSTER, RECORDED, ALERTS[mode], Leads("docs/runbook.md"))
        (directory / "prometheus").mkdir()
        configuration = render_scrape_configuration(CLUSTER, ["b-1"])
        # What is not kept cannot be read: the managed scraper drops it, and here nobody else has it either.
        kept = {job: keep_rules(job, more) for job in READ}
        jobs = {".*": measured(cluster), "kafka_controller_.*": cluster.controllers_exporter()} if measured else {}
        server = Prometheus(directory / "prometheus", configuration, rules, cluster.exporters(), kept, measured=jobs)
        server.until("up == 1", enough=len(BROKERS) + (len(jobs) or len(BROKERS)))
        yield cluster, server
    finally:
        if server:
            server.end()
        cluster.end()


def load_until_read(cluster: Cluster, server: Prometheus) -> None:
    """Writes and reads until the rate of what is read is known, which Prometheus has last."""
    read = f'cluster_topic:kafka_bytes_out:rate5m{{topic="{TOPIC}"}} > 0'
    assert any(server.ask(read) for _, _ in zip(range(_ENOUGH_SECONDS), load(cluster), strict=False))


def load(cluster: Cluster) -> Iterator[None]:
    """Writes and reads, a second at a time, up and down, for as long as it is asked for more."""
    settings = cluster.administrator.librdkafka()
    producer = confluent_kafka.Producer({**settings, "acks": "all", "linger.ms": 20})
    consumers = [
        confluent_kafka.Consumer({**settings, "group.id": group, "auto.offset.reset": "earliest"})
        for group in (GROUP, "analytics")
    ]
    consumers[0].subscribe([TOPIC])
    consumers[1].subscribe(list(PACE))
    try:
        for second in range(10**9):
            begun = time.monotonic()
            for topic, (messages, size, period) in PACE.items():
                for number in range(round(messages * (1 + 0.6 * math.sin(2 * math.pi * second / period)))):
                    producer.produce(topic, b"x" * size, key=str(number))
            assert producer.flush(60) == 0
            for consumer in consumers:
                consumer.consume(2000, timeout=0.2)
            time.sleep(max(0, 1 - (time.monotonic() - begun)))
            yield
    finally:
        for consumer in consumers:
            with suppress(confluent_kafka.KafkaException):
                consumer.close()
