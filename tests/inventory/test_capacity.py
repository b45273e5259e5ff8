"""Capacity: AWS's own sizing examples, limits that bind, and warnings that name a number that fits."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, BrokerType
from domain.msk.volumes import volume_throughput
from inventory.capacity import Capacity, capacities
from inventory.clusters import StatedWorkload
from inventory.rows import UNKNOWN, ResourceRow
from inventory.sizing import brokers_needed, safe_ingress_of_broker
from support.inventories import cluster, configuration, row, scaling_target

STANDARD = [broker for broker in BROKER_TYPES.values() if not broker.is_express and not broker.is_burstable]

MODERATE = StatedWorkload(10, 20, 2, 24, 300)
LARGE = StatedWorkload(100, 200, 2, 72, 1000)
TIERED = StatedWorkload(100, 500, 2, 720, 333)


@pytest.mark.parametrize(
    ("workload", "tiered", "broker", "brokers"),
    [
        (MODERATE, False, "kafka.m5.large", 6),
        (MODERATE, False, "kafka.m7g.large", 6),
        (MODERATE, False, "kafka.m7g.xlarge", 3),
        (MODERATE, False, "express.m7g.large", 3),
        (LARGE, False, "kafka.m7g.large", 36),
        (LARGE, False, "kafka.m7g.xlarge", 18),
        (LARGE, False, "kafka.m7g.2xlarge", 12),
        (LARGE, False, "express.m7g.large", 18),
        (LARGE, False, "express.m7g.2xlarge", 6),
        (LARGE, False, "express.m7g.4xlarge", 3),
        (TIERED, True, "kafka.m7g.large", 102),
        (TIERED, True, "kafka.m7g.xlarge", 54),
        (TIERED, True, "kafka.m7g.2xlarge", 27),
        (TIERED, True, "kafka.m7g.4xlarge", 15),
        (TIERED, True, "kafka.m7g.8xlarge", 9),
        (TIERED, False, "express.m7g.large", 45),
        (TIERED, False, "express.m7g.8xlarge", 3),
    ],
)
def test_the_examples_of_the_sizing_model_of_aws_are_reproduced(
    workload: StatedWorkload, tiered: bool, broker: str, brokers: int
) -> None:
    found = BROKER_TYPES[broker]
    bought = found.provisioned_throughput_maximum_mib_per_second
    needed = brokers_needed(found, workload, tiered=tiered, provisioned_mib_per_second=bought)
    assert needed.brokers == brokers


@pytest.mark.parametrize(
    ("broker", "fan_out", "tiered", "safe"),
    [
        ("kafka.m5.large", 1, False, 6.23),
        ("kafka.m5.large", 2, False, 5.52),
        ("kafka.m5.large", 4, False, 4.10),
        ("kafka.m5.large", 2, True, 4.71),
        ("kafka.m5.2xlarge", 1, False, 19.23),
        ("kafka.m7g.large", 4, False, 5.00),
        ("kafka.m7g.xlarge", 2, True, 9.77),
        ("kafka.m7g.4xlarge", 4, False, 40.04),
        ("kafka.m5.8xlarge", 4, False, 54.70),
        ("kafka.m7g.16xlarge", 4, False, 76.92),
    ],
)
def test_the_capacities_of_a_broker_are_those_of_the_sizing_model(broker: str, fan_out: float, tiered: bool, safe: float) -> None:
    found = BROKER_TYPES[broker]
    bought = found.ebs_mib_per_second
    result = safe_ingress_of_broker(found, fan_out, tiered=tiered, provisioned_mib_per_second=bought)
    assert result == pytest.approx(safe, abs=0.006)


def test_a_large_workload_on_m7g_2xlarge_is_bound_by_storage() -> None:
    needed = brokers_needed(BROKER_TYPES["kafka.m7g.2xlarge"], LARGE, provisioned_mib_per_second=312)
    assert needed.by_storage == 12
    assert needed.by_throughput is not None
    assert needed.by_throughput < 12


def test_throughput_that_was_not_bought_is_not_counted() -> None:
    broker = BROKER_TYPES["kafka.m7g.8xlarge"]
    assert volume_throughput(broker) == 250
    assert volume_throughput(broker, 800) == 800
    assert volume_throughput(broker, volume_gib=100) == 128
    assert volume_throughput(broker, volume_gib=200) == 150


@given(
    broker=st.sampled_from(STANDARD),
    fan_out=st.floats(0, 20),
    more=st.floats(0.1, 20),
    volume=st.integers(1, 16384),
)
def test_more_readers_tiering_or_a_smaller_volume_never_make_a_broker_safer(
    broker: BrokerType, fan_out: float, more: float, volume: int
) -> None:
    safe = safe_ingress_of_broker(broker, fan_out)
    assert safe is not None
    assert safe > 0
    for less in (
        safe_ingress_of_broker(broker, fan_out + more),
        safe_ingress_of_broker(broker, fan_out, tiered=True),
        safe_ingress_of_broker(broker, fan_out, volume_gib=volume),
    ):
        assert less is not None
        assert 0 < less <= safe


@given(
    broker=st.sampled_from(sorted(BROKER_TYPES)),
    workload=st.builds(
        StatedWorkload,
        ingress_mb_per_second=st.floats(0.1, 1000),
        peak_mb_per_second=st.floats(0.1, 2000),
        fan_out=st.floats(0, 10),
        retention_hours=st.floats(1, 2000),
        partitions=st.integers(1, 100_000),
    ),
    zones=st.sampled_from([2, 3]),
)
def test_the_brokers_needed_are_enough_and_one_zone_less_is_not(broker: str, workload: StatedWorkload, zones: int) -> None:
    found = BROKER_TYPES[broker]
    needed = brokers_needed(found, workload, zones=zones)
    assert needed.brokers % zones == 0
    assert needed.brokers >= zones

    def enough(brokers: int) -> bool:
        safe = safe_ingress_of_broker(found, workload.fan_out)
        gib = workload.ingress_mb_per_second * workload.retention_hours * 3600 * 3 / 1024 * 2
        return (
            (safe is None or brokers * safe >= workload.peak_mb_per_second * (1 - 1e-8))
            and brokers * found.partitions_recommended >= workload.partitions * 3
            and (found.is_express or brokers * 16384 >= gib * (1 - 1e-8))
        )

    assert enough(needed.brokers)
    assume(needed.brokers > zones)
    assert not enough(needed.brokers - zones)


def test_express_brokers_are_judged_by_their_documented_egress_as_well() -> None:
    broker = BROKER_TYPES["express.m7g.large"]
    assert safe_ingress_of_broker(broker, 1) == pytest.approx(0.75 * 15.6)
    assert safe_ingress_of_broker(broker, 5) == pytest.approx(31.2 / 5)
    assert safe_ingress_of_broker(broker, 0) == pytest.approx(0.75 * 15.6)


def only(rows: list[ResourceRow]) -> Capacity:
    (found,) = capacities(rows)
    return found


def test_a_cluster_that_fits_has_no_warnings() -> None:
    found = only(cluster("kafka.m7g.xlarge"))
    assert found.warnings == []
    assert found.safe_ingress == pytest.approx(6 * 12.019, abs=0.01)
    assert (found.vcpu, found.memory_gib) == (24, 96)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (cluster(brokers=3, workload={"peakMBps": 60}), ["peak of 60 MB/s", "Use 4 brokers per zone"]),
        # MSK Developer Guide, "Amazon MSK quota": 15 MB/s a partition on Express brokers.
        (
            cluster("express.m7g.4xlarge", workload={"peakMBps": 61, "partitions": 4}),
            ["the 15 MB/s that Express brokers take for each of 4 partitions", "Use 5 partitions or more"],
        ),
        (
            cluster(workload={"partitions": 2500}),
            ["7500 partition replicas", "recommends", "3 brokers per zone"],
        ),
        (
            cluster(workload={"partitions": 4000}),
            ["12000 partition replicas", "the maximum", "refuses updates", "4 brokers per zone"],
        ),
        (cluster(workload={"retentionHours": 240}), ["hold 2 days", "10 days", "Use 4970 GiB per broker"]),
        (
            cluster(workload={"retentionHours": 2400}, volume_gib=16384),
            ["100 days", "use 7 brokers per zone", "at most 16384 GiB"],
        ),
        (
            cluster("kafka.t3.small", workload={"partitions": 700, "retentionHours": 1}),
            ["2100 partition replicas", "3 brokers per zone"],
        ),
    ],
)
def test_what_is_too_small_is_a_warning_with_the_number_that_fits(rows: list[ResourceRow], words: list[str]) -> None:
    (warning,) = only(rows).warnings
    for word in words:
        assert word in warning


@given(
    broker=st.sampled_from(sorted(BROKER_TYPES)),
    workload=st.fixed_dictionaries(
        {
            "peakMBps": st.integers(1, 400),
            "partitions": st.integers(1, 9000),
            "fanOut": st.integers(0, 6),
            "retentionHours": st.integers(1, 400),
        }
    ),
)
def test_following_the_warnings_ends_them(broker: str, workload: dict[str, int]) -> None:
    brokers, volume = 3, 400
    for _ in range(8):
        found = only(cluster(broker, brokers=brokers, volume_gib=volume, workload=workload))
        advice = " ".join(found.warnings)
        if not advice:
            break
        brokers = max([brokers, *(3 * int(n) for n in re.findall(r"[Uu]se (\d+) brokers", advice))])
        volume = max([volume, *(int(n) for n in re.findall(r"Use (\d+) GiB", advice))])
        partitions = [workload["partitions"], *(int(n) for n in re.findall(r"Use (\d+) partitions", advice))]
        workload = {**workload, "partitions": max(partitions)}
    assert found.warnings == []


def test_autoscaling_holds_what_the_first_size_does_not() -> None:
    rows = cluster(workload={"retentionHours": 240})
    assert only([*rows, scaling_target(rows[1], 5000)]).warnings == []
    (warning,) = only([*rows, scaling_target(rows[1], 2000)]).warnings
    assert "at most 2000 GiB" in warning


def test_tiered_storage_is_not_asked_to_keep_everything_on_the_volumes() -> None:
    rows = cluster(workload={"retentionHours": 2400}, storageMode="TIERED")
    found = only(rows)
    assert found.warnings == []
    assert any("iered storage" in note for note in found.notes)


def tiered_topic(name: str, **configs: object) -> ResourceRow:
    named = {key.replace("_", "."): value for key, value in configs.items()}
    return row("aws:msk/topic:Topic", name, {"name": name, "configs": json.dumps({"remote.storage.enable": "true", **named})})


ASSUMED = "Tiered storage: the volumes are assumed to keep 24 hours."


def test_the_longest_local_retention_of_tiered_topics_is_what_volumes_must_hold() -> None:
    rows = cluster(workload={"retentionHours": 2400}, storageMode="TIERED")
    hours = {"orders": 168, "audit": 12}
    topics = [tiered_topic(name, local_retention_ms=str(hours[name] * 3_600_000)) for name in hours]
    local = row("aws:msk/topic:Topic", "state", {"name": "state", "configs": '{"cleanup.policy": "compact"}'})
    found = only([*rows, *topics, local])
    assert found.storage is not None
    assert found.storage.hours_needed == 168
    assert "Tiered storage: the volumes keep 168 hours, the longest local retention of the tiered topics." in found.notes
    assert ASSUMED not in found.notes
    shorter = only([*rows, topics[1]])
    assert shorter.storage is not None
    assert shorter.storage.hours_needed == 12
    # The topic keeps its messages on the volumes whatever the workload says.
    longer = only([*cluster(workload={"retentionHours": 72}, storageMode="TIERED"), topics[0]])
    assert longer.storage is not None
    assert longer.storage.hours_needed == 168


def test_a_local_retention_that_is_too_long_for_the_volumes_is_told() -> None:
    rows = cluster(workload={"ingressMBps": 100, "retentionHours": 2400}, storageMode="TIERED")
    found = only([*rows, tiered_topic("orders", local_retention_ms="2592000000")])
    assert found.needed is not None
    assert found.storage is not None
    assert found.storage.hours_needed == 720
    assert any("hold" in warning and "30 days" in warning for warning in found.warnings)
    assumed = only(rows)
    assert assumed.needed is not None
    assert (found.needed.by_storage or 0) > (assumed.needed.by_storage or 0)


@pytest.mark.parametrize(
    "other",
    [
        tiered_topic("x"),
        tiered_topic("x", local_retention_ms="-2"),
        tiered_topic("x", local_retention_ms="-1"),
        row("aws:msk/topic:Topic", "x", {"configs": UNKNOWN}),
    ],
    ids=["none", "as the topic", "no limit", "unknown"],
)
def test_a_local_retention_that_is_not_known_of_one_topic_is_assumed(other: ResourceRow) -> None:
    rows = cluster(workload={"retentionHours": 2400}, storageMode="TIERED")
    found = only([*rows, tiered_topic("orders", local_retention_ms="604800000"), other])
    assert ASSUMED in found.notes
    assert found.storage is not None
    assert found.storage.hours_needed == 24


def test_t3_is_not_sized_by_throughput_and_says_so() -> None:
    found = only(cluster("kafka.t3.small", workload={"peakMBps": 1000, "partitions": 10}))
    assert found.safe_ingress is None
    assert found.warnings == []
    assert any("no throughput" in note for note in found.notes)


def test_the_replication_factor_is_the_configurations() -> None:
    rows = cluster(configurationInfo={"arn": UNKNOWN, "revision": UNKNOWN})
    assert only(rows).replication_factor == 3
    assert any("assumed" in note for note in only(rows).notes)
    found = only([*rows, configuration("props", default__replication__factor=2)])
    assert found.replication_factor == 2
    assert found.notes == []


def test_of_several_configurations_the_one_the_cluster_depends_on_is_taken() -> None:
    one, other = (
        configuration("a", default__replication__factor=2),
        configuration("b", default__replication__factor=3),
    )
    rows = cluster(configurationInfo={"arn": UNKNOWN})
    rows[1]["options"]["propertyDependencies"] = {"configurationInfo": [one["urn"]]}
    assert only([other, one, *rows]).replication_factor == 2


def test_of_two_clusters_each_has_its_own_autoscaling() -> None:
    first, second = cluster(name="a"), cluster(name="b")
    found = capacities([*first, *second, scaling_target(second[1], 9000)])
    assert [item.storage and item.storage.maximum_gib for item in found] == [None, 9000]


def test_without_a_workload_there_is_nothing_to_hold_against() -> None:
    found = only(cluster(stated=False))
    assert found.workload is None
    assert found.warnings == []
    assert "No workload" in found.notes[0]


def test_a_peak_that_is_not_given_is_twice_the_average() -> None:
    rows = cluster()
    del rows[0]["inputs"]["workload"]["peakMBps"]
    found = only(rows)
    assert found.workload is not None
    assert found.workload.peak_mb_per_second == 2 * found.workload.ingress_mb_per_second


@pytest.mark.parametrize("missing", ["numberOfBrokerNodes", "brokerNodeGroupInfo"])
def test_a_cluster_whose_brokers_are_not_known_is_left_out(missing: str) -> None:
    rows = cluster()
    rows[1]["inputs"][missing] = UNKNOWN
    assert capacities(rows) == []


def test_a_workload_on_another_kind_of_component_is_not_taken() -> None:
    rows = cluster()
    other = row("msk-platform:other:Thing", "events", rows[0]["inputs"])
    rows[1]["parent"] = other["urn"]
    assert only([other, rows[1]]).workload is None


@pytest.mark.parametrize("broker", ["kafka.m8g.large", "express.m8g.2xlarge"])
def test_of_a_broker_type_that_is_not_listed_nothing_is_invented(broker: str) -> None:
    (found,) = capacities(cluster(broker, workload={"partitions": 900_000, "peakMBps": 90_000}))
    assert (found.vcpu, found.memory_gib, found.partitions_recommended, found.partitions_maximum) == (None,) * 4
    assert found.safe_ingress is None
    assert found.needed
    assert (found.needed.by_throughput, found.needed.by_partitions) == (None, None)
    assert any(note.startswith(f"{broker} is not in the list of") and "not known" in note for note in found.notes)
    assert found.partition_replicas == 2_700_000
    assert (found.storage is None) is broker.startswith("express.")
