from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, PRICES_AS_OF, BrokerKind, ListedBrokerType, nearest_broker_types

ALL = list(BROKER_TYPES.values())
EXPRESS = [broker for broker in ALL if broker.is_express]
STANDARD = [broker for broker in ALL if not broker.is_express]


def _families() -> list[tuple[ListedBrokerType, ListedBrokerType]]:
    """Every pair of neighbouring sizes within a family and kind."""
    pairs: list[tuple[ListedBrokerType, ListedBrokerType]] = []
    for _, rows in itertools.groupby(ALL, key=lambda broker: (broker.kind, broker.family)):
        pairs += itertools.pairwise(rows)
    return pairs


def test_the_catalogue_has_every_size_of_amazon_msk_and_no_other_family() -> None:
    assert len(STANDARD) == 16
    assert len(EXPRESS) == 7
    assert {broker.family for broker in STANDARD} == {"t3", "m5", "m7g"}
    assert {broker.family for broker in EXPRESS} == {"m7g"}
    assert "kafka.m7g.24xlarge" not in BROKER_TYPES
    assert "kafka.r5.xlarge" not in BROKER_TYPES


@pytest.mark.parametrize("broker", ALL, ids=lambda broker: broker.name)
def test_each_row_is_complete_and_agrees_with_itself(broker: ListedBrokerType) -> None:
    assert BROKER_TYPES[broker.name] is broker
    assert broker.name.startswith("express." if broker.is_express else "kafka.")
    assert broker.name.split(".") == [broker.name.split(".")[0], broker.family, broker.size]
    assert 0 < broker.partitions_recommended <= broker.partitions_maximum
    assert broker.vcpu >= 2
    assert broker.memory_gib >= broker.vcpu
    assert broker.usd_per_hour > 0


@pytest.mark.parametrize("broker", EXPRESS, ids=lambda broker: broker.name)
def test_express_brokers_have_throughput_quotas_and_no_volumes(broker: ListedBrokerType) -> None:
    assert broker.ebs_mib_per_second is None
    assert broker.provisioned_throughput_maximum_mib_per_second is None
    sustained_in, most_in = broker.sustained_ingress_mb_per_second, broker.maximum_ingress_mb_per_second
    sustained_out, most_out = broker.sustained_egress_mb_per_second, broker.maximum_egress_mb_per_second
    assert sustained_in is not None
    assert most_in is not None
    assert sustained_out is not None
    assert most_out is not None
    # The quotas are published as one and a half times sustained ingress, and twice that for egress.
    assert most_in == pytest.approx(1.5 * sustained_in, rel=0.01)
    assert sustained_out == pytest.approx(2 * sustained_in, rel=0.01)
    assert most_out == pytest.approx(2.5 * most_in, rel=0.01)


@pytest.mark.parametrize("broker", STANDARD, ids=lambda broker: broker.name)
def test_standard_brokers_have_baselines_but_no_quotas(broker: ListedBrokerType) -> None:
    assert broker.sustained_ingress_mb_per_second is None
    assert broker.maximum_egress_mb_per_second is None
    assert (broker.ebs_mib_per_second is None) == broker.is_burstable
    assert (broker.network_mib_per_second is None) == broker.is_burstable


@pytest.mark.parametrize("broker", STANDARD, ids=lambda broker: broker.name)
def test_provisioned_throughput_is_for_large_sizes_and_never_more_than_the_instance_carries(
    broker: ListedBrokerType,
) -> None:
    maximum = broker.provisioned_throughput_maximum_mib_per_second
    smallest = {"m5": 16, "m7g": 8, "t3": 99}[broker.family]
    assert (maximum is not None) == (broker.vcpu >= smallest)
    if maximum is not None:
        assert broker.ebs_mib_per_second is not None
        assert 250 < maximum <= broker.ebs_mib_per_second
        assert broker.ebs_mib_per_second - maximum < 1


@pytest.mark.parametrize(("smaller", "larger"), _families(), ids=lambda broker: broker.name)
def test_a_larger_size_of_a_family_costs_more_and_carries_no_less(smaller: ListedBrokerType, larger: ListedBrokerType) -> None:
    assert larger.vcpu > smaller.vcpu
    assert larger.memory_gib > smaller.memory_gib
    assert larger.usd_per_hour > smaller.usd_per_hour
    assert larger.partitions_recommended >= smaller.partitions_recommended
    assert larger.partitions_maximum >= smaller.partitions_maximum
    assert (larger.ebs_mib_per_second or 0) >= (smaller.ebs_mib_per_second or 0)
    assert (larger.network_mib_per_second or 0) >= (smaller.network_mib_per_second or 0)
    assert (larger.sustained_ingress_mb_per_second or 0) >= (smaller.sustained_ingress_mb_per_second or 0)


@pytest.mark.parametrize(("smaller", "larger"), _families(), ids=lambda broker: broker.name)
def test_the_price_of_a_size_goes_with_its_processors(smaller: ListedBrokerType, larger: ListedBrokerType) -> None:
    assert larger.usd_per_hour / larger.vcpu == pytest.approx(smaller.usd_per_hour / smaller.vcpu)


@pytest.mark.parametrize("broker", EXPRESS, ids=lambda broker: broker.name)
def test_an_express_broker_costs_twice_its_standard_sibling(broker: ListedBrokerType) -> None:
    sibling = BROKER_TYPES[broker.name.replace("express.", "kafka.")]
    assert broker.usd_per_hour == pytest.approx(2 * sibling.usd_per_hour)
    assert (broker.vcpu, broker.memory_gib) == (sibling.vcpu, sibling.memory_gib)


def test_m7g_is_cheaper_than_m5_of_the_same_size() -> None:
    for broker in STANDARD:
        sibling = BROKER_TYPES.get(broker.name.replace(".m7g.", ".m5."))
        if broker.family == "m7g" and sibling:
            assert broker.usd_per_hour < sibling.usd_per_hour


def test_only_t3_is_burstable() -> None:
    assert [broker.name for broker in ALL if broker.is_burstable] == ["kafka.t3.small"]


def test_the_prices_are_dated() -> None:
    assert dt.date(2026, 1, 1) < PRICES_AS_OF < dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("wrong", "first_two"),
    [
        ("kafka.r5.xlarge", ["kafka.m7g.xlarge", "kafka.m5.xlarge"]),
        ("kafka.c5.2xlarge", ["kafka.m7g.2xlarge", "kafka.m5.2xlarge"]),
        ("kafka.m8g.large", ["kafka.m7g.large", "kafka.m5.large"]),
        ("m5.large", ["kafka.m5.large", "kafka.m7g.large"]),
        ("kafka.M7g.Large", ["kafka.m7g.large", "kafka.m5.large"]),
        ("express.m5.4xlarge", ["express.m7g.4xlarge", "kafka.m5.4xlarge"]),
    ],
)
def test_the_same_size_in_the_families_there_are_is_nearest(wrong: str, first_two: list[str]) -> None:
    found = nearest_broker_types(wrong, 23)
    assert [name for name in found if name.split(".")[2] == first_two[0].split(".")[2]][:2] == first_two
    assert found[0] == first_two[0]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("kafka.m7g.xlage", "kafka.m7g.xlarge"),
        ("kafka.m5.lrge", "kafka.m5.large"),
        ("kafak.m7g.4xlarge", "kafka.m7g.4xlarge"),
        ("expres.m7g.large", "express.m7g.large"),
        ("express.m7g.16xlrge", "express.m7g.16xlarge"),
        ("kafka.t3.smal", "kafka.t3.small"),
        ("kafka.t3.medium", "kafka.t3.small"),
        ("kafka.m7g.24xlarge", "kafka.m5.24xlarge"),
    ],
)
def test_a_misspelt_name_finds_the_one_that_was_meant(wrong: str, meant: str) -> None:
    assert nearest_broker_types(wrong)[0] == meant


@given(st.text(max_size=40), st.integers(1, 30))
def test_whatever_is_asked_for_there_are_suggestions_and_all_exist(name: str, count: int) -> None:
    found = nearest_broker_types(name, count)
    assert len(found) == min(count, len(BROKER_TYPES))
    assert len(set(found)) == len(found)
    assert set(found) <= set(BROKER_TYPES)


@given(st.sampled_from(sorted(BROKER_TYPES)))
def test_a_name_that_exists_is_its_own_nearest(name: str) -> None:
    assert nearest_broker_types(name)[0] == name


@given(st.sampled_from(sorted(BROKER_TYPES)), st.data())
def test_one_lost_letter_of_the_size_does_not_hide_the_kind(name: str, data: st.DataObject) -> None:
    start = name.rindex(".") + 1
    lost = data.draw(st.integers(start, len(name) - 1))
    nearest = nearest_broker_types(name[:lost] + name[lost + 1 :])[0]
    assert BROKER_TYPES[nearest].kind is BROKER_TYPES[name].kind


def test_the_kinds_are_written_as_people_write_them() -> None:
    assert [kind.value for kind in BrokerKind] == ["standard", "express", "serverless"]
