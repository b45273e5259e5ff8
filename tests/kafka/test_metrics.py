"""What the brokers' exporters really say: a real Prometheus scrapes brokers under load, and asks what panels and rules ask.

Simulated: the MBeans of consumer lag, which Amazon MSK alone has (`support/kafka/java/LagBeans.java`). The node exporters are
real ones of this machine; the volume that holds the brokers' data stands for their data volumes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.kafka.observed import ALERTS, CLUSTER, RECORDED, TOPIC, as_asked, load, observed
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.kafka.installation import Installation
    from support.prometheus_server import Prometheus

ENOUGH_SECONDS = 120
PANELS = [
    (page.stem, panel["title"], target["expr"])
    for page in sorted((ROOT / "docs" / "dashboards").glob("*.json"))
    for panel in json.loads(page.read_text(encoding="utf-8"))["panels"]
    for target in panel.get("targets", ())
]
EMPTY = {
    "Partitions without a leader": "With KRaft the controllers alone know it; here as on Amazon MSK they are nodes of their own.",
}
"""Panels that show nothing here, and why."""

AS_IT_COMES = {
    "Days until full": "Only of a volume that grows, and what this machine's does is not the brokers' doing alone.",
}
"""Panels that may show something here or not, and why."""


@pytest.fixture(scope="module")
def prometheus(installation: Installation, programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with observed(tmp_path_factory.mktemp("metrics"), installation, programs) as (cluster, server):
        # Until the rate of what is read is known, which Prometheus has last.
        read = f'cluster_topic:kafka_bytes_out:rate5m{{topic="{TOPIC}"}} > 0'
        assert any(server.ask(read) for _, _ in zip(range(ENOUGH_SECONDS), load(cluster), strict=False))
        yield server


@pytest.mark.parametrize(("page", "title", "query"), PANELS, ids=[f"{page}: {title}" for page, title, _ in PANELS])
def test_every_panel_has_something_to_show(page: str, title: str, query: str, prometheus: Prometheus) -> None:
    asked = as_asked(query)
    found = prometheus.ask(asked)
    if title not in AS_IT_COMES:
        assert bool(found) is (title not in EMPTY), f"{page}, {title}: {asked}"


def test_every_recorded_series_is_there(prometheus: Prometheus) -> None:
    for rule in RECORDED:
        assert prometheus.ask(f'{rule.name}{{cluster="{CLUSTER}"}}'), rule.name


def test_most_of_what_the_exporters_say_is_dropped_before_it_is_paid_for(prometheus: Prometheus) -> None:
    asked = "sum(scrape_samples_post_metric_relabeling) / sum(scrape_samples_scraped)"
    (kept,) = prometheus.ask(asked)
    assert float(kept["value"][1]) < 1 / 10


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_what_an_alert_looks_at_is_there(alert: Any, prometheus: Prometheus) -> None:
    # Without its comparison: what it compares must be there, else it never fires.
    looked_at = alert.expression.rpartition(" and on ")[0] or alert.expression
    looked_at = looked_at.rpartition(" < " if " < " in looked_at else " >= " if " >= " in looked_at else " > ")[0]
    assert prometheus.ask(looked_at), looked_at


def test_sound_brokers_fire_nothing_but_the_lag_that_is_simulated(prometheus: Prometheus) -> None:
    # Brokers that have just started are not sound at once; they have longer to become it than a test waits.
    of_this_machine = "|".join(alert.name for alert in ALERTS if "node_" in alert.expression or "disk" in alert.expression)
    others = f'ALERTS{{alertname!~"KafkaConsumerLag|{of_this_machine}"}}'
    prometheus.until(f'ALERTS{{alertname="KafkaConsumerLag"}} unless on() {others}')
