"""What a cluster's CloudWatch dashboard may show."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from domain.monitoring.alarms import Change, alarms
from domain.monitoring.dashboard import dashboard_body
from domain.monitoring.terms import AlarmRule, Comparison, Lag, Scope, Watched
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import BROKER_ID, NAMESPACE, Level, emits, kind_of
from domain.msk.volumes import volume_throughput

SIZES = [*BROKER_TYPES, "serverless"]
EVERY = [(size, level) for size in SIZES for level in Level]
LAGS = (Lag("billing", "orders.v1", 300), Lag("search", "orders.v1", 600), Lag("reports", "orders.v1", 600))
MOST_METRICS_OF_A_WIDGET = 500
"""CloudWatch User Guide, "CloudWatch service quotas": metrics of one dashboard widget."""


def body(size: str, level: Level, brokers: int = 3, *, has_zookeeper: bool = False) -> dict[str, Any]:
    return dashboard_body("orders-prod", "eu-west-1", cluster(size, level, brokers), has_zookeeper=has_zookeeper, lags=LAGS)


def cluster(size: str, level: Level, brokers: int = 3) -> Watched:
    broker = BROKER_TYPES.get(size)
    volumes = volume_throughput(broker, volume_gib=1000) if broker and not broker.is_express else None
    return Watched(
        broker,
        brokers if broker else 0,
        level,
        iam=True,
        scram=broker is not None,
        tls=broker is not None,
        volume_mib_per_second=volumes,
        partitions_of_topics={} if broker else {"orders.v1": 12, "state": 1, "clicks.v1": 12},
    )


WITHOUT_A_WIDGET = {"broker-silent"}
"""Alarms on what no graph shows: that there is nothing to show."""


@pytest.mark.parametrize(("size", "level"), EVERY)
def test_each_alarm_has_its_limit_on_the_widgets_that_show_its_metrics(size: str, level: Level) -> None:
    signs = {Comparison.ABOVE: ">", Comparison.AT_LEAST: ">=", Comparison.BELOW: "<", Comparison.AT_MOST: "<="}
    widgets = [
        ({metric for metric, _ in shown(widget)}, {row for _, row in tops(widget)}, widget["properties"])
        for widget in body(size, level)["widgets"]
        if widget["type"] == "metric"
    ]
    for alarm in alarms(cluster(size, level), LAGS):
        rule = alarm.rule
        dimensions = {
            frozenset({"Cluster Name", *({"Topic"} if rule.scope is Scope.ALL_TOPICS else ()), *alarm.dimensions(query)})
            for query in rule.queries
        }
        on = [
            properties
            for metrics, rows, properties in widgets
            if {query.metric for query in rule.queries} <= metrics
            and dimensions <= rows
            and is_of_what_it_watches(rule, properties)
        ]
        assert on or rule.name in WITHOUT_A_WIDGET, alarm.key
        for properties in on:
            if rule.comparison is Comparison.OUTSIDE_BAND:
                assert f"ANOMALY_DETECTION_BAND({rule.queries[0].id}, {alarm.threshold:g})" in json.dumps(properties["metrics"])
                continue
            lines = {line["value"]: line["label"] for line in properties["annotations"]["horizontal"]}
            which, _, limit = lines[alarm.threshold].removeprefix("alarm ").partition(f" {signs[rule.comparison]} ")
            assert rule.name in which.split(", "), alarm.key
            assert float(limit.split(" ")[0]) == pytest.approx(alarm.threshold), alarm.key


def tops(widget: dict[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for metric, dimensions in shown(widget):
        yield metric, frozenset(dimensions)


def is_of_what_it_watches(rule: AlarmRule, properties: dict[str, Any]) -> bool:
    """Whether a widget shows what an alarm compares, rather than its growth or another sum of it."""
    text = json.dumps(properties["metrics"])
    return "RATE(" not in text and ("SELECT" in text) is (rule.scope is Scope.ALL_TOPICS)


def test_groups_and_topics_share_a_line_where_they_share_a_limit() -> None:
    labels = [
        line["label"]
        for widget in body("serverless", Level.DEFAULT)["widgets"]
        for line in widget["properties"].get("annotations", {}).get("horizontal", [])
    ]
    assert "alarm consumer-lag > 300 (billing)" in labels
    assert "alarm consumer-lag > 600 (2 of them)" in labels
    assert "alarm topic-ingress > 4000000 (state)" in labels
    assert "alarm topic-ingress > 48000000 (2 of them)" in labels


@pytest.mark.parametrize("iam", [True, False])
def test_connections_that_iam_refuses_are_shown_where_there_is_iam(*, iam: bool) -> None:
    watched = Watched(BROKER_TYPES["kafka.m7g.large"], 3, Level.PER_BROKER, iam=iam)
    found = json.dumps(dashboard_body("c", "eu-west-1", watched, has_zookeeper=False))
    assert ("IAMTooManyConnections" in found) is iam


def test_days_until_full_are_of_the_growth_that_is_shown_beside() -> None:
    widgets = {
        widget["properties"].get("title"): widget["properties"] for widget in body("kafka.m7g.large", Level.DEFAULT)["widgets"]
    }
    growth, days = widgets["Growth of the data volume"], widgets["Days until the data volume is full (at most 365)"]
    for number in (1, 2, 3):
        (pace,) = [row[0]["expression"] for row in growth["metrics"] if row[0] != NAMESPACE and row[0]["id"] == f"shown{number}"]
        (text,) = [row[0]["expression"] for row in days["metrics"] if row[0] != NAMESPACE and row[0]["id"] == f"shown{number}"]
        assert text == f"IF({pace} * 365 > 100 - used{number}, (100 - used{number}) / ({pace}), 365)"
    assert (growth["period"], growth["stat"]) == (days["period"], days["stat"]) == (3600, "Maximum")


def shown(widget: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The metrics of a widget with the names of their dimensions, those that an expression searches too."""
    for row in widget["properties"].get("metrics", []):
        if isinstance(row[0], str):
            dimensions = [item for item in row[2:] if isinstance(item, str)][::2]
            assert row[0] == NAMESPACE
            yield row[1], dimensions
        elif found := re.fullmatch(r"""SEARCH\('\{AWS/Kafka,(.*)\} .* MetricName="(\w+)"', '\w+', 60\)""", row[0]["expression"]):
            yield found[2], [text.strip('"') for text in found[1].split(",")]
        elif insights := re.search(r'SUM\((\w+)\) FROM SCHEMA\("AWS/Kafka", "Cluster Name", Topic\)', row[0]["expression"]):
            yield insights[1], ["Cluster Name", "Topic"]
        else:
            # It computes of what the other rows of the widget have.
            ids = {item[-1]["id"] for item in widget["properties"]["metrics"] if isinstance(item[0], str)}
            assert set(re.findall(r"\b[a-z]+\d*\b", row[0]["expression"])) <= ids, row


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
    assert drawn["alarm cpu > 40"] == 40
    assert not any("disk-used" in label for label in drawn)
    assert drawn["alarm disk-full >= 90"] == 90
    assert drawn["alarm heap > 60"] == 60


def test_limits_are_drawn_where_alarms_begin() -> None:
    (widget,) = [
        item
        for item in body("kafka.m7g.large", Level.DEFAULT)["widgets"]
        if item["properties"].get("title") == "CPU, user and system"
    ]
    assert widget["properties"]["annotations"]["horizontal"] == [{"label": "alarm cpu > 60", "value": 60, "color": "#d13212"}]
