"""Cost: AWS's own worked totals, no silent zero, and honest words about what is not priced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, HOURS_PER_MONTH, PRICE_REGION
from inventory import prices
from inventory.bill.clusters import cross_zone_gb
from inventory.bill.free import FREE
from inventory.bill.lines import Basis
from inventory.bill.resources import PRICED
from inventory.clusters import StatedWorkload
from inventory.cost import monthly_cost
from inventory.price_list import PriceList
from inventory.rows import UNKNOWN, ResourceRow
from support.inventories import cluster, configuration, row, scaling_target


def usd(rows: list[ResourceRow], item: str, basis: Basis | None = None) -> float | None:
    lines = monthly_cost(rows, PRICE_REGION).lines
    (line,) = [one for one in lines if item in one.item and basis in (None, one.basis)]
    return line.usd


NEAREST = configuration("p", replica__selector__class="org.apache.kafka.common.replica.RackAwareReplicaSelector")


@pytest.mark.parametrize(
    ("broker", "brokers", "volume", "total"),
    [
        # 5062.5 GiB in the model: half full volumes for 24 hours of 10 MB/s, three copies.
        ("kafka.m7g.large", 6, 5062.5 / 6, 1741.96),
        ("express.m7g.large", 3, None, 1576.72),
    ],
)
def test_the_totals_of_the_sizing_model_of_aws_are_reproduced(
    broker: str, brokers: int, volume: float | None, total: float
) -> None:
    rows = cluster(broker, brokers=brokers, volume_gib=1, configurationInfo={"arn": UNKNOWN})
    if volume is not None:
        rows[1]["inputs"]["brokerNodeGroupInfo"]["storageInfo"]["ebsStorageInfo"]["volumeSize"] = volume
    # The model's volumes have no whole number of GiB; ours do, which makes the difference of a few cents.
    assert monthly_cost([*rows, NEAREST], PRICE_REGION).usd == pytest.approx(total, abs=0.5)


def test_brokers_cost_their_hours() -> None:
    assert usd(cluster("kafka.t3.small"), "brokers") == pytest.approx(6 * 730 * 0.0456)


def test_volumes_cost_their_size_and_say_how_far_they_may_grow() -> None:
    rows = cluster(volume_gib=1500)
    assert usd(rows, "volumes") == pytest.approx(6 * 1500 * 0.10)
    (line,) = [item for item in monthly_cost([*rows, scaling_target(rows[1], 6000)], "x").lines if "volumes" in item.item]
    assert "3,600.00" in line.note


def test_throughput_that_was_bought_is_charged() -> None:
    assert usd(cluster("kafka.m5.4xlarge", throughput=500), "throughput") == pytest.approx(6 * 500 * 0.08)
    assert not [item for item in monthly_cost(cluster("kafka.m5.4xlarge"), "x").lines if "throughput" in item.item]


def test_tiered_storage_is_charged_for_what_is_older_than_a_day() -> None:
    rows = cluster(storageMode="TIERED", workload={"retentionHours": 34})
    # Amazon MSK's own price, which is not Amazon S3's.
    assert usd(rows, "tiered storage", Basis.WORKLOAD) == pytest.approx(10 * 10 * 3600 / 1024 * 0.06)
    assert usd(cluster(storageMode="TIERED"), "tiered storage", Basis.WORKLOAD) == 0


def test_the_price_of_the_tier_is_said_to_be_about_right_and_reading_it_back_is_by_usage() -> None:
    kept, back = [item for item in monthly_cost(cluster(storageMode="TIERED"), PRICE_REGION).lines if "tiered" in item.item]
    assert kept.price
    assert kept.price.about
    assert "approximate" in kept.note
    assert "not from AWS's list" in kept.price.source
    assert (back.basis, back.usd) == (Basis.USAGE, None)
    assert back.price == prices.TIERED_RETRIEVAL


@given(
    ingress=st.floats(0.1, 500),
    fan_out=st.floats(0, 20),
    zones=st.sampled_from([2, 3]),
    nearest=st.booleans(),
)
def test_traffic_between_zones_is_less_than_all_traffic_and_less_with_the_nearest_replica(
    ingress: float, fan_out: float, zones: int, nearest: bool
) -> None:
    workload = StatedWorkload(ingress, ingress, fan_out, 1, 1)
    found = cross_zone_gb(workload, zones, nearest_replica=nearest)
    everything = ingress * (1 + fan_out) * 730 * 3600 / 1024
    assert 0 < found < everything
    assert cross_zone_gb(workload, zones, nearest_replica=True) <= found


def test_what_comes_from_the_workload_is_told_apart() -> None:
    cost = monthly_cost(cluster("express.m7g.large"), PRICE_REGION)
    estimated = {line.item for line in cost.lines if line.basis is Basis.WORKLOAD}
    assert estimated == {"Express data in", "Express storage", "client traffic between zones"}
    assert 0 < cost.usd_from_workload < cost.usd


def test_without_a_workload_nothing_is_estimated() -> None:
    cost = monthly_cost(cluster("express.m7g.large", stated=False), PRICE_REGION)
    assert cost.usd_from_workload == 0
    assert cost.usd == pytest.approx(6 * 730 * BROKER_TYPES["express.m7g.large"].usd_per_hour)
    assert {line.item for line in cost.lines if line.basis is Basis.USAGE} >= {
        "Express data in",
        "Express storage",
    }


@pytest.mark.parametrize(
    ("resource_type", "monthly"),
    [
        ("aws:kms/key:Key", 1.00),
        ("aws:ec2/natGateway:NatGateway", 32.85),
        ("aws:ec2/eip:Eip", 3.65),
        ("aws:secretsmanager/secret:Secret", 0.40),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", 0.10),
        ("aws:amp/scraper:Scraper", 29.20),
        ("aws:grafana/workspace:Workspace", 9.00),
        ("aws:cloudwatch/logGroup:LogGroup", 0.0),
    ],
)
def test_what_stands_around_the_cluster_is_charged_by_piece(resource_type: str, monthly: float) -> None:
    rows = [row(resource_type, f"one-{number}") for number in range(3)]
    assert monthly_cost(rows, PRICE_REGION).usd == pytest.approx(3 * monthly)


def test_logs_are_by_usage_with_a_price_for_each_gb() -> None:
    lines = monthly_cost([row("aws:cloudwatch/logGroup:LogGroup", "logs")], PRICE_REGION).lines
    assert {line.price for line in lines} == {prices.LOG_INGESTION, prices.LOG_STORAGE}
    assert all(line.basis is Basis.USAGE and line.usd is None for line in lines)


def test_samples_are_by_usage_and_the_note_says_what_a_thousand_series_come_to() -> None:
    (line,) = monthly_cost([row("aws:amp/workspace:Workspace", "one")], PRICE_REGION).lines
    assert (line.basis, line.usd, line.price) == (Basis.USAGE, None, prices.PROMETHEUS_SAMPLES)
    # 43.8 million samples in a month's 730 hours, 0.90 for ten million taken in and 0.03 for as many collected.
    assert " 4.07 a month" in line.note


@given(kinds=st.lists(st.sampled_from([*sorted(FREE), "aws:elb/loadBalancer:LoadBalancer", "aws:kms/key:Key"])))
def test_every_aws_resource_is_priced_free_or_named_as_not_priced(kinds: list[str]) -> None:
    rows = [row(kind, f"r{number}") for number, kind in enumerate(kinds)]
    cost = monthly_cost(rows, PRICE_REGION)
    named = {kind for kind, _ in cost.free}
    for kind in kinds:
        in_words = {"aws:kms/key:Key": "KMS key"}.get(kind, kind)
        assert (kind in named) != any(in_words in line.item for line in cost.lines)
    assert sum(count for _, count in cost.free) == sum(kind in FREE for kind in kinds)


def test_a_type_nobody_has_heard_of_is_not_priced_by_name() -> None:
    cost = monthly_cost([row("aws:thing/new:New", "x"), row("aws:thing/new:New", "y")], PRICE_REGION)
    (line,) = cost.lines
    assert (line.item, line.basis, line.usd) == ("2 aws:thing/new:New", Basis.NOT_PRICED, None)
    assert "2 aws:thing/new:New" in " ".join(cost.notes)


def test_gateway_endpoints_are_free_and_interface_endpoints_are_paid_for_in_each_zone() -> None:
    kind = "aws:ec2/vpcEndpoint:VpcEndpoint"
    rows = [
        row(kind, "s3", {"vpcEndpointType": "Gateway"}),
        row(kind, "kms", {"vpcEndpointType": "Interface"}),
        row(kind, "ssm", {"vpcEndpointType": "Interface", "subnetIds": ["subnet-1", "subnet-2"]}),
    ]
    cost = monthly_cost(rows, PRICE_REGION)
    assert cost.free == ((kind, 1),)
    assert [line.basis for line in cost.lines] == [Basis.FIXED, Basis.USAGE]
    assert cost.usd == pytest.approx(3 * prices.INTERFACE_ENDPOINT_HOUR.usd * HOURS_PER_MONTH)


def test_an_instance_is_named_with_its_type_and_not_counted_as_nothing() -> None:
    cost = monthly_cost([row("aws:ec2/instance:Instance", "host", {"instanceType": "t4g.small"})], PRICE_REGION)
    (line,) = cost.lines
    assert (line.item, line.basis) == ("1 EC2 instance", Basis.NOT_PRICED)
    assert "t4g.small" in line.note


def test_another_region_says_whose_prices_it_takes() -> None:
    assert any("us-east-1" in note for note in monthly_cost(cluster(), "eu-west-1").notes)
    assert monthly_cost(cluster(), "us-east-1").notes == []
    assert monthly_cost(cluster(), "eu-west-1").price_regions == ("us-east-1",)


def test_a_sum_that_lacks_an_amount_is_the_least_that_is_paid() -> None:
    whole = [row("aws:kms/key:Key", "key"), row("aws:iam/role:Role", "role")]
    assert monthly_cost([], PRICE_REGION).is_whole
    assert monthly_cost(whole, PRICE_REGION).is_whole
    for kind in (
        "aws:thing/new:New",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:s3/bucket:Bucket",
        "aws:ec2/natGateway:NatGateway",
    ):
        assert not monthly_cost([*whole, row(kind, "one")], PRICE_REGION).is_whole


@given(kinds=st.lists(st.sampled_from([*sorted(FREE), "aws:elb/loadBalancer:LoadBalancer", *sorted(PRICED)]), max_size=6))
def test_a_sum_is_whole_only_where_every_line_has_an_amount(kinds: list[str]) -> None:
    cost = monthly_cost([row(kind, f"r{number}") for number, kind in enumerate(kinds)], PRICE_REGION)
    assert cost.is_whole is (None not in [line.usd for line in cost.lines])


def test_alarms_are_counted_as_alarms_and_charged_as_metrics() -> None:
    two = [{"metric": {"metricName": "CpuUser"}}, {"metric": {"metricName": "CpuSystem"}}]
    alarms = [row("aws:cloudwatch/metricAlarm:MetricAlarm", f"a{n}", {"metricQueries": two} if n else {}) for n in range(3)]
    (line,) = monthly_cost(alarms, PRICE_REGION).lines
    assert (line.item, line.quantity) == ("3 CloudWatch alarms", 5)
    assert line.price
    assert line.price.unit == "alarm metric-month"


@pytest.mark.parametrize("metrics", [1, 2])
def test_the_notes_of_alarms_are_sentences_one_blank_apart(metrics: int) -> None:
    counted = [{"metric": {"metricName": "CpuUser"}}] * metrics
    queried = {"metricQueries": [{"expression": 'SELECT SUM(BytesInPerSec) FROM SCHEMA("AWS/Kafka", "Cluster Name", Topic)'}]}
    alarms = [row("aws:cloudwatch/metricAlarm:MetricAlarm", "a", {"metricQueries": counted})]
    alarms += [row("aws:cloudwatch/metricAlarm:MetricAlarm", f"q{number}", queried) for number in range(2)]
    (line,) = monthly_cost(alarms, PRICE_REGION).lines
    of_queries = "2 alarms on all topics together: CloudWatch charges for each topic that there is."
    of_metrics = "CloudWatch charges for each metric that an alarm watches, and for three with an anomaly detection band."
    assert line.note == (of_queries if metrics == 1 else f"{of_metrics} {of_queries}")


def test_components_and_other_providers_cost_nothing_and_are_not_listed() -> None:
    rows = [row("msk-platform:network:Network", "n"), row("random:index/randomId:RandomId", "r")]
    cost = monthly_cost(rows, PRICE_REGION)
    assert (cost.lines, cost.free, cost.prices_read) == ((), (), None)


def test_every_price_has_a_source_and_a_date() -> None:
    found = [value for value in vars(prices).values() if isinstance(value, prices.Price)]
    assert len(found) > 10
    for price in found:
        assert price.usd > 0
        assert price.source
        assert price.unit


def test_a_cluster_with_brokers_nobody_knows_is_not_priced_by_name() -> None:
    rows = cluster()
    rows[1]["inputs"]["numberOfBrokerNodes"] = UNKNOWN
    (line,) = monthly_cost(rows, PRICE_REGION).lines
    assert (line.item, line.basis) == ("cluster events", Basis.NOT_PRICED)


@pytest.mark.parametrize("broker", ["kafka.m8g.large", "express.m8g.2xlarge"])
def test_brokers_without_a_price_are_named_and_the_rest_is_the_least_that_is_paid(broker: str) -> None:
    cost = monthly_cost(cluster(broker), PRICE_REGION)
    (brokers,) = [line for line in cost.lines if line.key == "brokers"]
    assert (brokers.basis, brokers.usd) == (Basis.NOT_PRICED, None)
    assert not cost.is_whole
    assert any(f"6 brokers {broker}" in note for note in cost.notes)
    assert any(line.usd for line in cost.lines)


def test_a_price_list_that_has_the_broker_type_prices_it() -> None:
    listed = PriceList(PRICE_REGION, dt.date(2026, 11, 1), "AWS Price List", {"Kafka.m8g.large": 0.25})
    (brokers,) = [line for line in monthly_cost(cluster("kafka.m8g.large"), PRICE_REGION, listed).lines if line.key == "brokers"]
    assert brokers.usd == pytest.approx(6 * HOURS_PER_MONTH * 0.25)
