"""What the brokers' exporters really say: a real Prometheus scrapes brokers under load, and asks what panels and rules ask.

Simulated: the MBeans of consumer lag, which Amazon MSK alone has (`support/kafka/java/LagBeans.java`). The node exporters are
real ones of this machine; the volume that holds the brokers' data stands for their data volumes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from domain.msk.versions import MetadataMode
from support.kafka.observed import (
    ALERTS,
    CLUSTER,
    PANELS,
    RECORDED,
    as_asked,
    load_until_read,
    looked_at,
    observed,
    unsound,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.kafka.installation import Installation
    from support.prometheus_server import Prometheus


@pytest.fixture(scope="module")
def prometheus(installation: Installation, programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with observed(tmp_path_factory.mktemp("metrics"), installation, programs) as (cluster, server):
        load_until_read(cluster, server)
        yield server


@pytest.mark.parametrize(("page", "title", "query"), PANELS, ids=[f"{page}: {title}" for page, title, _ in PANELS])
def test_every_panel_has_something_to_show(page: str, title: str, query: str, prometheus: Prometheus) -> None:
    asked = as_asked(query)
    assert prometheus.ask(asked), f"{page}, {title}: {asked}"


def test_every_recorded_series_is_there(prometheus: Prometheus) -> None:
    for rule in RECORDED:
        assert prometheus.ask(f'{rule.name}{{cluster="{CLUSTER}"}}'), rule.name


def test_most_of_what_the_exporters_say_is_dropped_before_it_is_paid_for(prometheus: Prometheus) -> None:
    asked = "sum(scrape_samples_post_metric_relabeling) / sum(scrape_samples_scraped)"
    (kept,) = prometheus.ask(asked)
    assert float(kept["value"][1]) < 1 / 10


@pytest.mark.parametrize("alert", ALERTS[MetadataMode.KRAFT], ids=lambda alert: alert.name)
def test_what_an_alert_looks_at_is_there(alert: Any, prometheus: Prometheus) -> None:
    assert prometheus.ask(looked_at(alert)), alert.expression


def test_sound_brokers_fire_nothing_but_the_lag_that_is_simulated(prometheus: Prometheus) -> None:
    # Brokers that have just started are not sound at once; they have longer to become it than a test waits.
    prometheus.until(f'ALERTS{{alertname="KafkaConsumerLag"}} unless on() {unsound(MetadataMode.KRAFT)}')
