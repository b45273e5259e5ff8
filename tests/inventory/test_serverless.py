"""Serverless clusters in an inventory: quotas and cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import PRICES_AS_OF
from inventory.bill.lines import Basis
from inventory.cost import monthly_cost
from inventory.price_list import PriceList
from inventory.rows import ResourceRow
from inventory.serverless import ServerlessCapacity, serverless_capacities

COMPONENT = "urn:pulumi:s::p::msk-platform:cluster:ServerlessCluster::kafka-cluster"
CLUSTER = f"{COMPONENT}$aws:msk/serverlessCluster:ServerlessCluster::kafka-cluster-msk"


def inventory(workload: Mapping[str, float] | None, topics: dict[str, Any] | None = None) -> list[ResourceRow]:
    def row(urn: str, type_: str, *, custom: bool, parent: str, inputs: dict[str, Any]) -> ResourceRow:
        name = urn.rpartition("::")[2]
        return {
            "urn": urn, "type": type_, "name": name, "custom": custom, "parent": parent,
            "inputs": inputs, "outputs": {}, "options": {},
        }  # fmt: skip

    stated = {"topics": topics or {}, **({"workload": workload} if workload else {})}
    return [
        row(COMPONENT, "msk-platform:cluster:ServerlessCluster", custom=False, parent="", inputs=stated),
        row(
            CLUSTER,
            "aws:msk/serverlessCluster:ServerlessCluster",
            custom=True,
            parent=COMPONENT,
            inputs={"clusterName": "orders", "vpcConfigs": [{"subnetIds": ["subnet-1", "subnet-2"]}]},
        ),
    ]


def capacity(workload: Mapping[str, float] | None, topics: dict[str, Any] | None = None) -> ServerlessCapacity:
    (found,) = serverless_capacities(inventory(workload, topics))
    return found


WORKLOAD = {"ingressMBps": 10, "peakMBps": 20, "fanOut": 2, "retentionHours": 24, "partitions": 100}


def test_a_month_costs_what_it_costs_by_hand() -> None:
    cost = monthly_cost(inventory(WORKLOAD), "us-east-1")
    # 730 hours; 100 partitions; 10 MB/s in, twice out, in GB of 1024 MB; a day kept.
    written = 10 * 3600 * 730 / 1024
    by_hand = {
        "Serverless cluster": 730 * 0.75,
        "Serverless partitions": 100 * 730 * 0.0015,
        "Serverless data in": written * 0.10,
        "Serverless data out": 2 * written * 0.05,
        "Serverless storage": 10 * 86400 / 1024 * 0.10,
    }
    assert {line.item: line.usd for line in cost.lines} == pytest.approx(by_hand)
    assert cost.usd == pytest.approx(5874.19, abs=0.01)
    assert cost.usd_from_workload == pytest.approx(sum(by_hand.values()) - by_hand["Serverless cluster"])


def test_without_a_workload_only_the_hours_are_certain() -> None:
    lines = monthly_cost(inventory(None), "us-east-1").lines
    assert [line.item for line in lines if line.usd is not None] == ["Serverless cluster"]
    assert {line.basis for line in lines} == {Basis.FIXED, Basis.USAGE}
    assert capacity(None).uses == ()
    assert "not compared" in " ".join(capacity(None).notes)


def test_prices_of_the_region_are_taken_where_they_were_read() -> None:
    usd = {"KafkaServerless-ClusterHours": 0.9375, "KafkaServerless-PartitionHours": 0.001875}
    listed = PriceList("ap-southeast-1", PRICES_AS_OF, "AWS Price List", usd)
    lines = {line.item: line for line in monthly_cost(inventory(WORKLOAD), "ap-southeast-1", listed).lines}
    assert lines["Serverless cluster"].usd == pytest.approx(730 * 0.9375)
    assert lines["Serverless partitions"].usd == pytest.approx(73_000 * 0.001875)
    assert lines["Serverless data in"].price
    assert lines["Serverless data in"].price.region == "us-east-1"


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"peakMBps": 200}, []),
        ({"peakMBps": 200, "partitions": 40, "fanOut": 2}, []),
        ({"peakMBps": 201}, ["Ingress", "Egress"]),
        ({"peakMBps": 150, "fanOut": 3}, ["Egress"]),
        ({"peakMBps": 20, "partitions": 3}, ["Ingress of a partition", "Egress of a partition"]),
        ({"peakMBps": 20, "fanOut": 3, "partitions": 5}, ["Egress of a partition"]),
        ({"partitions": 2400}, []),
        ({"partitions": 2401}, ["Partitions"]),
    ],
)
def test_what_is_beyond_a_quota_is_told(changed: Mapping[str, float], warned: list[str]) -> None:
    warnings = capacity({**WORKLOAD, **changed}).warnings
    assert [warning.partition(":")[0] for warning in warnings] == warned


def test_partitions_of_topics_count_where_they_are_more_than_stated() -> None:
    topics = {f"t{number}": {"partitions": 25, "configs": {}} for number in range(100)}
    assert [warning.partition(":")[0] for warning in capacity(WORKLOAD, topics).warnings] == ["Partitions"]


def test_compacted_topics_have_a_quota_of_their_own() -> None:
    compacted = {"configs": {"cleanup.policy": "compact,delete"}}
    fits = {"state": {"partitions": 120, **compacted}}
    (use,) = [use for use in capacity(WORKLOAD, fits).uses if use.name == "Compacted partitions"]
    assert (use.used, use.warning) == (120, None)
    (warning,) = capacity(WORKLOAD, {**fits, "more": {"partitions": 1, **compacted}}).warnings
    assert warning.startswith("Compacted partitions: 121 leaders exceed a Serverless cluster's quota, 120")


@given(st.floats(0.001, 10_000), st.floats(0, 50), st.integers(1, 10_000))
def test_as_many_partitions_as_a_warning_asks_for_are_enough(peak: float, fan_out: float, partitions: int) -> None:
    workload = {**WORKLOAD, "peakMBps": peak, "fanOut": fan_out, "partitions": partitions}
    for warning in capacity(workload).warnings:
        if " of a partition:" in warning:
            name, _, rest = warning.partition(":")
            more = int(rest.rpartition("Use ")[2].split()[0])
            enough = capacity({**workload, "partitions": more}).warnings
            assert not [other for other in enough if other.startswith(f"{name}:")]
