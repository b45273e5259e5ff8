"""What a cluster's CloudWatch dashboard may show."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from domain.monitoring.alarms import Change
from domain.monitoring.dashboard import dashboard_body
from domain.monitoring.terms import Watched
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import BROKER_ID, NAMESPACE, Level, emits, kind_of

SIZES = [*BROKER_TYPES, "serverless"]
EVERY = [(size, level) for size in SIZES for level in Level]
MOST_METRICS_OF_A_WIDGET = 500
"""CloudWatch User Guide, "CloudWatch service quotas": metrics of one dashboard widget."""


def body(size: str, level: Level, brokers: int = 3, *, has_zookeeper: bool = False) -> dict[str, Any]:
    broker = BROKER_TYPES.get(size)
    watched = Watched(broker, brokers if broker else 0, level)
    return dashboard_body("orders-prod", "eu-west-1", watched, has_zookeeper=has_zookeeper)


def shown(widget: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The metrics of a widget with the names of their dimensions, those that an expression searches too."""
    for row in widget["properties"].get("metrics", []):
        if isinstance(row[0], str):
            dimensions = [item for item in row[2:] if isinstance(item, str)][::2]
            assert row[0] == NAMESPACE
            yield row[1], dimensions
        elif found := re.fullmatch(r"""SEARCH\('\{AWS/Kafka,(.*)\} .* MetricName="(\w+)"', '\w+', 60\)""", row[0]["expression"]):
            yield found[2], [text.strip('"') for text in found[1].split(",")]
        else:
            assert re.fullmatch(r"RATE\(m\d+\) \* 86400|a(\d+) \+ b\1", row[0]["expression"]), row


@pytest.mark.parametrize(("size", "level"), EVERY)
def test_nothing_is_shown_that_the_cluster_does_not_emit(size: str, level: Level) -> None:
    found = [metric for widget in body(size, level, has_zookeeper=True)["widgets"] for metric in shown(widget)]
    assert len(found) >= 5
    for name, dimensions in found:
        assert emits(kind_of(BROKER_TYPES.get(size)), level, name, dimensions), (name, dimensions)


@pytest.mark.parametrize(("size", "level"), EVERY)
def test_no_widget_lies_on_another_and_all_fit(size: str, level: Level) -> None:
    widgets = body(size, level)["widgets"]
    for item in widgets:
        assert item["x"] + item["width"] <= 24
        assert len(item["properties"].get("metrics", [])) <= MOST_METRICS_OF_A_WIDGET
    for combination, other in itertools.combinations(widgets, 2):
        beside = combination["x"] + combination["width"] <= other["x"] or other["x"] + other["width"] <= combination["x"]
        below = combination["y"] + combination["height"] <= other["y"] or other["y"] + other["height"] <= combination["y"]
        assert beside or below, (combination["properties"], other["properties"])


@pytest.mark.parametrize(("size", "level"), EVERY)
def test_every_section_has_something_to_show(size: str, level: Level) -> None:
    kinds = [widget["type"] for widget in body(size, level)["widgets"]]
    assert kinds[0] == "text"
    assert kinds[-1] == "metric"
    assert ("text", "text") not in itertools.pairwise(kinds)


def test_credits_are_shown_of_burstable_brokers_only() -> None:
    assert {size for size in BROKER_TYPES if "CPUCreditBalance" in json.dumps(body(size, Level.DEFAULT))} == {"kafka.t3.small"}


@pytest.mark.parametrize("there", [True, False])
def test_zookeeper_is_shown_where_there_is_one(*, there: bool) -> None:
    text = json.dumps(body("kafka.m7g.large", Level.DEFAULT, has_zookeeper=there))
    assert ("ZooKeeper" in text) is there
    assert ("ZooKeeperSessionState" in text) is there


@pytest.mark.parametrize("size", SIZES)
def test_a_higher_level_only_adds(size: str) -> None:
    levels = [{json.dumps(value["properties"], sort_keys=True) for value in body(size, level)["widgets"]} for level in Level]
    for lower, higher in itertools.pairwise(levels):
        assert lower <= higher


def test_a_large_cluster_fits_into_a_widget() -> None:
    for item in body("kafka.m7g.large", Level.PER_TOPIC_PER_PARTITION, 60)["widgets"]:
        assert len(item["properties"].get("metrics", [])) <= MOST_METRICS_OF_A_WIDGET


@pytest.mark.parametrize("brokers", [2, 6, 60])
def test_every_broker_is_shown_and_no_other(brokers: int) -> None:
    rows = [
        row
        for widget in body("kafka.m7g.large", Level.PER_BROKER, brokers)["widgets"]
        for row in widget["properties"].get("metrics", [])
    ]
    found = {row[row.index(BROKER_ID) + 1] for row in rows if BROKER_ID in row}
    assert found == {str(broker) for broker in range(1, brokers + 1)}


def test_a_limit_that_the_stack_changed_is_drawn_there_and_one_of_no_alarm_not_at_all() -> None:
    watched = Watched(BROKER_TYPES["kafka.m7g.large"], 3, Level.PER_BROKER)
    changes = {"cpu": Change(threshold=40), "disk-used": Change(enabled=False)}
    widgets = dashboard_body("c", "eu-west-1", watched, has_zookeeper=False, changes=changes)["widgets"]
    drawn = {
        value["label"]: value["value"] for w in widgets for value in w["properties"].get("annotations", {}).get("horizontal", [])
    }
    assert drawn["alarm cpu"] == 40
    assert "alarm disk-used" not in drawn
    assert "alarm heap" in drawn


def test_limits_are_drawn_where_alarms_begin() -> None:
    (widget,) = [
        item
        for item in body("kafka.m7g.large", Level.DEFAULT)["widgets"]
        if item["properties"].get("title") == "CPU, user and system"
    ]
    assert widget["properties"]["annotations"]["horizontal"] == [{"label": "alarm cpu", "value": 60}]
