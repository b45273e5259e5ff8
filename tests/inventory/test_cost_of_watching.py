"""The cost of metrics above the default level, and of the brokers' own log, from the stated workload."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import PRICE_REGION
from domain.msk.metrics import METRICS, ClusterKind, Level
from inventory import prices
from inventory.bill.lines import Basis, CostLine
from inventory.cost import monthly_cost
from inventory.rows import UNKNOWN, ResourceRow
from support.inventories import cluster, configuration, row

GROUP = "aws:cloudwatch/logGroup:LogGroup"
BROKERS_LOG = "/aws/vendedlogs/msk/events/broker"


def lines(rows: list[ResourceRow], key: str) -> list[CostLine]:
    return [line for line in monthly_cost(rows, PRICE_REGION).lines if line.key.startswith(key)]


def metrics_of(rows: list[ResourceRow]) -> float:
    return sum(line.quantity or 0 for line in lines(rows, "enhanced monitoring"))


def names_at(kind: ClusterKind, level: Level) -> int:
    return sum(row.kind is kind and row.level is level and row.only is None for row in METRICS)


def topic(name: str, partitions: int | str) -> ResourceRow:
    return row("aws:msk/topic:Topic", name, {"name": name, "partitionCount": partitions})


def test_the_default_level_is_free() -> None:
    assert lines(cluster(enhancedMonitoring="DEFAULT"), "enhanced monitoring") == []
    assert lines(cluster(), "enhanced monitoring") == []


@pytest.mark.parametrize(
    ("broker", "kind"), [("kafka.m7g.large", ClusterKind.STANDARD), ("express.m7g.large", ClusterKind.EXPRESS)]
)
def test_each_broker_is_charged_its_metrics(broker: str, kind: ClusterKind) -> None:
    (line,) = lines(cluster(broker, enhancedMonitoring="PER_BROKER"), "enhanced monitoring")
    assert line.quantity == 6 * names_at(kind, Level.PER_BROKER)
    assert line.usd == pytest.approx(line.quantity * 0.30)
    assert line.basis is Basis.FIXED


def test_tiered_and_burstable_brokers_have_more() -> None:
    usual = metrics_of(cluster(enhancedMonitoring="PER_BROKER"))
    assert metrics_of(cluster(enhancedMonitoring="PER_BROKER", storageMode="TIERED")) > usual
    assert metrics_of(cluster("kafka.t3.small", enhancedMonitoring="PER_BROKER")) == usual + 6


def test_topics_are_charged_on_each_broker_that_leads_one_of_their_partitions() -> None:
    of_brokers = metrics_of(cluster(enhancedMonitoring="PER_BROKER", workload={"partitions": 27}))
    rows = [
        *cluster(enhancedMonitoring="PER_TOPIC_PER_BROKER", workload={"partitions": 27}),
        topic("orders", 24),
        topic("letters", 3),
    ]
    of_topics = names_at(ClusterKind.STANDARD, Level.PER_TOPIC_PER_BROKER)
    assert metrics_of(rows) - of_brokers == of_topics * (6 + 3)
    (line,) = lines(rows, "enhanced monitoring")
    assert line.basis is Basis.WORKLOAD
    assert "2 topics, each on" in line.note


def test_partitions_of_no_topic_in_the_stack_make_topics_of_six_and_the_note_says_so() -> None:
    rows = [*cluster(enhancedMonitoring="PER_TOPIC_PER_BROKER", workload={"partitions": 40}), topic("orders", 24)]
    (line,) = lines(rows, "enhanced monitoring")
    assert "4 topics, 3 of them assumed with 6 partitions each" in line.note


def test_each_partition_is_charged_for_each_group_that_reads_it() -> None:
    def count(**workload: Any) -> float:
        return metrics_of(cluster(enhancedMonitoring="PER_TOPIC_PER_PARTITION", workload={"partitions": 60, **workload}))

    of_partitions = names_at(ClusterKind.STANDARD, Level.PER_TOPIC_PER_PARTITION)
    assert count(fanOut=3) - count(fanOut=2) == of_partitions * 60
    assert count(fanOut=2.5) == count(fanOut=3)


@given(st.sampled_from([level for level in Level if level is not Level.DEFAULT]), st.integers(1, 20_000), st.floats(0, 20))
def test_a_higher_level_never_costs_less(level: Level, partitions: int, fan_out: float) -> None:
    workload = {"partitions": partitions, "fanOut": fan_out}
    costs = [metrics_of(cluster(enhancedMonitoring=lower.value, workload=workload)) for lower in level.up_to]
    assert costs == sorted(costs)


def test_what_is_above_a_tier_costs_less_and_the_lines_add_up() -> None:
    rows = cluster(enhancedMonitoring="PER_TOPIC_PER_PARTITION", workload={"partitions": 50_000, "fanOut": 10})
    tiers = lines(rows, "enhanced monitoring")
    assert [line.price.usd for line in tiers if line.price] == [0.30, 0.10, 0.05, 0.02]
    assert [line.quantity for line in tiers[:3]] == [10_000, 240_000, 750_000]
    assert len({line.key for line in tiers}) == 1


def test_without_a_workload_topics_are_by_usage_and_the_sum_says_at_least() -> None:
    cost = monthly_cost(cluster(enhancedMonitoring="PER_TOPIC_PER_BROKER", stated=False), PRICE_REGION)
    brokers, topics = [line for line in cost.lines if "enhanced" in line.key]
    assert brokers.usd
    assert (topics.basis, topics.usd) == (Basis.USAGE, None)
    assert not cost.is_whole


def test_a_level_nobody_knows_is_not_counted_as_nothing() -> None:
    (line,) = lines(cluster(enhancedMonitoring=UNKNOWN), "enhanced monitoring")
    assert line.basis is Basis.NOT_PRICED


def with_log(**more: Any) -> list[ResourceRow]:
    sink = {"brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": BROKERS_LOG}}}
    group = row(GROUP, "brokers", {"name": BROKERS_LOG, "retentionInDays": more.pop("days", 365)})
    return [*cluster(loggingInfo=sink, **more), group]


def test_the_brokers_log_is_estimated_and_says_what_is_assumed() -> None:
    written, kept = lines(with_log(), "broker logs")
    assert written.basis is kept.basis is Basis.WORKLOAD
    assert "Assumed" in written.note
    # 6 brokers with 10 MB a day, and 3 KB for each GiB of 10 MB/s and its three copies.
    by_hand = (6 * 10 * 730 / 24 + 3 * 10 * 730 * 3600 / 1024 * 3 / 1024) / 1024
    assert written.quantity == pytest.approx(by_hand)
    assert kept.quantity == pytest.approx(by_hand * 365 / (730 / 24) * 0.15)
    assert written.price == prices.LOG_INGESTION


def test_the_brokers_log_group_is_not_charged_twice_and_others_stay_by_usage() -> None:
    rows = with_log()
    assert lines(rows, "logs written") == []
    (others,) = lines([*rows, row(GROUP, "flows", {"name": "/vpc/flows"})], "logs written")
    assert others.item == "logs written, 1 log group"


@pytest.mark.parametrize("changes", [{"stated": False}, {"broker_type": "kafka.unheard.of"}])
def test_a_log_that_cannot_be_estimated_is_still_on_the_bill(changes: dict[str, Any]) -> None:
    rows = with_log(**changes)
    assert lines(rows, "broker logs written") == []
    assert [line.basis for line in lines(rows, "logs written")] == [Basis.USAGE]


def test_a_log_that_is_kept_for_ever_grows() -> None:
    assert [line.basis for line in lines(with_log(days=0), "broker logs")] == [Basis.WORKLOAD, Basis.USAGE]


@given(st.floats(0.1, 500), st.integers(1, 5000))
def test_more_partitions_and_smaller_segments_never_write_less(ingress: float, partitions: int) -> None:
    def written(count: int, *more: ResourceRow) -> float:
        arn = {"configurationInfo": {"arn": UNKNOWN}} if more else {}
        rows = with_log(workload={"ingressMBps": ingress, "partitions": count}, **arn)
        return lines([*rows, *more], "broker logs written")[0].quantity or 0

    usual = written(partitions)
    assert written(partitions * 2) >= usual
    assert written(partitions, configuration("p", log__segment__bytes=str(64 * 1024**2))) >= usual
