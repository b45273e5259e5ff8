"""Topics, subscriptions and alarms: what AWS would receive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.monitoring.alarms import ClusterAlarms, ClusterAlarmsArgs
from domain.monitoring.alarms import alarms
from domain.monitoring.terms import Lag, Watched
from domain.msk.brokers import BROKER_TYPES
from domain.msk.metrics import Level
from offline.engine.run import Run
from offline.protocol.failures import UserError
from support.programs import inputs, of_type, run_inline, the

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PAGER = "arn:aws:lambda:eu-west-1:111122223333:function:pager"
TOPIC, POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ALARM, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"


def watched(broker: str = "kafka.m7g.large", brokers: int = 3, level: Level = Level.PER_BROKER) -> Watched:
    row = BROKER_TYPES[broker]
    return Watched(row, brokers, level, iam=True, volume_mib_per_second=row.ebs_mib_per_second)


def made(cluster: Watched | None = None, *lags: Lag, dry_run: bool = False, **more: Any) -> Run:
    args: ClusterAlarmsArgs = {
        "region": "eu-west-1",
        "title": "orders",
        "cluster_name": "orders",
        "alarms": alarms(cluster or watched(), lags),
        "key_arn": KEY,
        "runbook": "docs/runbook.md",
        "tags": {"team": "streaming"},
        **more,  # type: ignore[typeddict-item]  # whatever a test adds
    }
    return run_inline(lambda: ClusterAlarms("alarms", args), dry_run=dry_run)


def test_there_is_an_encrypted_topic_for_each_severity_that_cloudwatch_may_publish_to() -> None:
    run = made()
    assert {topic.name: topic.inputs["kmsMasterKeyId"] for topic in of_type(run, TOPIC)} == {
        "alarms-critical": KEY,
        "alarms-warning": KEY,
    }
    for policy in of_type(run, POLICY):
        statement = json.loads(policy.inputs["policy"])["Statement"][0]
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(":alarm:orders/*")
        assert statement["Resource"] == policy.inputs["arn"] == the(run, TOPIC, policy.name).outputs["arn"]


def test_an_address_hears_of_both_severities_and_what_has_an_arn_of_its_own() -> None:
    run = made(emails=["a@example.com"], critical=[PAGER])
    found = {
        (resource.inputs["protocol"], resource.inputs["endpoint"], resource.inputs["topic"])
        for resource in of_type(run, SUBSCRIPTION)
    }
    critical, warning = (the(run, TOPIC, f"alarms-{item}").outputs["arn"] for item in ("critical", "warning"))
    assert found == {("email", "a@example.com", critical), ("email", "a@example.com", warning), ("lambda", PAGER, critical)}


def test_a_subscription_more_moves_no_other() -> None:
    def of(*emails: str) -> set[str]:
        return {resource.name for resource in of_type(made(emails=emails), SUBSCRIPTION)}

    assert of("a@example.com") < of("b@example.com", "a@example.com")


def test_each_alarm_tells_the_topic_of_its_severity_and_tells_it_when_it_ends() -> None:
    run = made()
    arns = {name: the(run, TOPIC, f"alarms-{name}").outputs["arn"] for name in ("critical", "warning")}
    severities = {alarm.name("orders"): alarm.severity.value for alarm in alarms(watched())}
    assert len(of_type(run, ALARM)) == len(severities)
    for alarm in of_type(run, ALARM):
        expected = [arns[severities[alarm.inputs["name"]]]]
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == expected


def test_the_dimensions_are_spelled_as_amazon_msk_spells_them() -> None:
    run = made(watched(), Lag("billing", "orders.v1", 300))
    single = inputs(run, ALARM, "alarms-disk-full/2")
    assert (single["namespace"], single["metricName"], single["statistic"]) == ("AWS/Kafka", "KafkaDataLogsDiskUsed", "Maximum")
    assert single["dimensions"] == {"Cluster Name": "orders", "Broker ID": "2"}
    lag = inputs(run, ALARM, "alarms-consumer-lag/billing/orders.v1")
    assert lag["dimensions"] == {"Cluster Name": "orders", "Consumer Group": "billing", "Topic": "orders.v1"}
    assert (lag["threshold"], lag["treatMissingData"]) == (300, "notBreaching")
    clients = inputs(run, ALARM, "alarms-connections-iam/1")
    assert clients["dimensions"] == {"Cluster Name": "orders", "Broker ID": "1", "Client Authentication": "IAM"}


def test_metric_math_has_its_metrics_and_one_value() -> None:
    cpu = inputs(made(), ALARM, "alarms-cpu/1")
    *metrics, value = cpu["metricQueries"]
    assert [metric["metric"]["metricName"] for metric in metrics] == ["CpuUser", "CpuSystem"]
    assert all(metric["metric"]["dimensions"] == {"Cluster Name": "orders", "Broker ID": "1"} for metric in metrics)
    assert value["expression"] == "user + system"
    assert [query["id"] for query in cpu["metricQueries"] if query.get("returnData")] == [value["id"]]
    assert not {"metricName", "namespace", "dimensions", "statistic", "period"} & set(cpu)


def test_unusual_storage_is_judged_by_a_band_and_not_by_a_number() -> None:
    storage = inputs(made(watched("express.m7g.large")), ALARM, "alarms-storage-unusual")
    stored, band = storage["metricQueries"]
    assert band["expression"] == f"ANOMALY_DETECTION_BAND({stored['id']}, 2)"
    assert storage["thresholdMetricId"] == band["id"]
    assert "threshold" not in storage
    assert storage["comparisonOperator"] == "LessThanLowerOrGreaterThanUpperThreshold"


def test_one_alarm_says_that_the_cluster_is_unhealthy_and_tells_nobody() -> None:
    composite = inputs(made(), COMPOSITE)
    assert composite["alarmName"] == "orders/cluster-unhealthy"
    assert 'ALARM("orders/no-controller")' in composite["alarmRule"]
    assert "cpu" not in composite["alarmRule"]
    assert not {"alarmActions", "okActions"} & set(composite)


def test_the_largest_cluster_has_composite_alarms_in_between() -> None:
    run = made(watched(brokers=60))
    *parts, whole = of_type(run, COMPOSITE)
    assert len(parts) > 1
    terms = {f'ALARM("{part.inputs["alarmName"]}")' for part in parts}
    assert set(whole.inputs["alarmRule"].split(" OR ")) == terms
    names = {alarm.inputs["name"] for alarm in of_type(run, ALARM)}
    for part in parts:
        assert {term[len('ALARM("') : -len('")')] for term in part.inputs["alarmRule"].split(" OR ")} <= names


def test_a_broker_more_renames_no_alarm() -> None:
    def of(brokers: int) -> set[str]:
        return {resource.name for resource in of_type(made(watched(brokers=brokers)), ALARM)}

    assert of(3) < of(6)


def test_everything_is_known_at_preview_already_but_the_topics() -> None:
    assert inputs(made(dry_run=True), ALARM, "alarms-disk-full/1")["dimensions"]["Cluster Name"] == "orders"


def test_a_misspelt_argument_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match=r"email is not an argument\. Did you mean emails"):
        made(email=["a@example.com"])
