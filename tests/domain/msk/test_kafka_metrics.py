"""The tables of metrics: against what the pages say in words, and against misspelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import METRICS, ClusterKind, Level, Metric, emits, kind_of, lowest_level

DIMENSIONS = {"Cluster Name", "Broker ID", "Topic", "Consumer Group", "Partition", "Client Authentication"}

# What AWS's agent-toolkit and the page of Express brokers say that Express clusters have not got.
NOT_WITH_EXPRESS = [
    "UnderReplicatedPartitions",
    "UnderMinIsrPartitionCount",
    "OfflinePartitionsCount",
    "KafkaDataLogsDiskUsed",
    "KafkaAppLogsDiskUsed",
    "HeapMemoryAfterGC",
    "BurstBalance",
    "CPUCreditBalance",
    "CpuIoWait",
    "VolumeQueueLength",
    "VolumeReadBytes",
    "VolumeWriteBytes",
    "BwInAllowanceExceeded",
    "BwOutAllowanceExceeded",
    "PpsAllowanceExceeded",
    "ConntrackAllowanceExceeded",
    "TrafficShaping",
    "RemoteCopyLagBytes",
    "ZooKeeperSessionState",
    "RootDiskUsed",
    "SwapUsed",
]

# Names that are seen in other people's alarms and that Amazon MSK does not emit.
NOWHERE = ["ConsumerLag", "RecordLag", "DiskUsed", "CPUUtilization", "UnderReplicatedPartitionCount"]


@given(st.sampled_from(METRICS))
def test_every_metric_is_of_a_cluster_and_its_dimensions_are_amazon_msks(row: Metric) -> None:
    assert row.dimensions[0] == "Cluster Name"
    assert set(row.dimensions) <= DIMENSIONS
    assert len(set(row.dimensions)) == len(row.dimensions)
    assert row.name.isalnum()
    assert row.source


def test_no_metric_has_two_levels_for_the_same_dimensions() -> None:
    rows = [(row.kind, row.name, frozenset(row.dimensions)) for row in METRICS]
    assert len(set(rows)) == len(rows)


@given(st.sampled_from(METRICS), st.sampled_from(Level))
def test_a_level_has_the_metrics_of_those_before_it(row: Metric, level: Level) -> None:
    reached = list(Level).index(level) >= list(Level).index(row.level)
    assert emits(row.kind, level, row.name, row.dimensions) is reached


@given(st.sampled_from(METRICS), st.sampled_from(sorted(DIMENSIONS)))
def test_a_metric_is_not_emitted_without_one_of_its_dimensions(row: Metric, dimension: str) -> None:
    rest = [item for item in row.dimensions if item != dimension]
    others = {frozenset(metric.dimensions) for metric in METRICS if (metric.kind, metric.name) == (row.kind, row.name)}
    assert (lowest_level(row.kind, row.name, rest) is not None) is (frozenset(rest) in others)


@pytest.mark.parametrize("name", NOT_WITH_EXPRESS)
def test_express_clusters_have_not_what_they_are_said_not_to_have(name: str) -> None:
    assert [row for row in METRICS if row.kind is ClusterKind.EXPRESS and row.name == name] == []
    assert [row for row in METRICS if row.kind is ClusterKind.STANDARD and row.name == name] != []


@pytest.mark.parametrize("name", NOWHERE)
def test_what_amazon_msk_does_not_emit_is_in_no_table(name: str) -> None:
    assert name not in {row.name for row in METRICS}


def test_storage_is_of_express_clusters_only() -> None:
    assert {row.kind for row in METRICS if row.name == "StorageUsed"} == {ClusterKind.EXPRESS}


@pytest.mark.parametrize(
    ("name", "level"),
    [("RollingEstimatedTimeLagMax", Level.DEFAULT), ("RollingEstimatedTimeLag", Level.PER_TOPIC_PER_PARTITION)],
)
def test_the_rolling_estimates_are_of_clusters_with_brokers(name: str, level: Level) -> None:
    rows = [row for row in METRICS if row.name == name]
    assert {row.kind for row in rows} == {ClusterKind.STANDARD, ClusterKind.EXPRESS}
    assert {row.level for row in rows} == {level}


@pytest.mark.parametrize("name", ["KafkaFileDescriptorsUsagePercent", "KafkaMemoryMappedFilesUsagePercent"])
def test_open_and_mapped_files_are_of_standard_brokers_in_detail(name: str) -> None:
    (row,) = [row for row in METRICS if row.name == name]
    assert (row.kind, row.level) == (ClusterKind.STANDARD, Level.PER_BROKER)


def test_serverless_clusters_have_no_brokers_and_no_levels() -> None:
    rows = [row for row in METRICS if row.kind is ClusterKind.SERVERLESS]
    assert rows
    assert all("Broker ID" not in row.dimensions and row.level is Level.DEFAULT for row in rows)


def test_a_metric_may_come_by_broker_and_by_topic_from_different_levels_on() -> None:
    of_broker, of_topic = {"Cluster Name", "Broker ID"}, {"Cluster Name", "Broker ID", "Topic"}
    assert lowest_level(ClusterKind.STANDARD, "MessagesInPerSec", of_broker) is Level.DEFAULT
    assert lowest_level(ClusterKind.STANDARD, "MessagesInPerSec", of_topic) is Level.PER_TOPIC_PER_BROKER
    assert lowest_level(ClusterKind.STANDARD, "BytesInPerSec", of_topic) is Level.DEFAULT


def test_every_broker_type_makes_a_kind_of_cluster() -> None:
    assert {kind_of(row) for row in BROKER_TYPES.values()} == {ClusterKind.STANDARD, ClusterKind.EXPRESS}
    assert kind_of(None) is ClusterKind.SERVERLESS
