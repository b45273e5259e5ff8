"""Who may publish alarms, and who may use the key that they are encrypted with."""

from __future__ import annotations

from typing import Any, cast

from domain.access.documents import Document, Place
from domain.access.key_policies import telemetry_key_policy
from domain.monitoring.notifications import topic_policy

HERE = Place("aws", "eu-west-1", "111122223333")
TOPIC = "arn:aws:sns:eu-west-1:111122223333:kafka-alarms-critical-1a2b3c4"
PUBLISHERS = {"cloudwatch.amazonaws.com", "events.amazonaws.com"}


def by_service(document: Document) -> dict[str, dict[str, Any]]:
    statements = cast("list[dict[str, Any]]", document["Statement"])
    return {statement["Principal"]["Service"]: statement for statement in statements if "Service" in statement["Principal"]}


def test_cloudwatch_publishes_for_alarms_of_this_cluster_in_this_account_only() -> None:
    statement = by_service(topic_policy(HERE, TOPIC, "orders/"))["cloudwatch.amazonaws.com"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders/*"},
    }


def test_eventbridge_publishes_only_where_it_is_asked_to_and_then_without_a_condition() -> None:
    assert set(by_service(topic_policy(HERE, TOPIC, "orders/"))) == {"cloudwatch.amazonaws.com"}
    statement = by_service(topic_policy(HERE, TOPIC, "orders/", events=True))["events.amazonaws.com"]
    assert "Condition" not in statement, "with one, events are dropped without a word"
    assert statement["Resource"] == TOPIC


def test_nobody_publishes_without_tls() -> None:
    denied = [
        statement
        for statement in cast("list[dict[str, Any]]", topic_policy(HERE, TOPIC, "o/")["Statement"])
        if statement["Effect"] == "Deny"
    ]
    assert [denial["Condition"] for denial in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_the_telemetry_key_lets_publishers_in_only_where_there_are_alarms() -> None:
    assert PUBLISHERS & set(by_service(telemetry_key_policy(HERE, ["a"]))) == set()
    assert set(by_service(telemetry_key_policy(HERE, ["a"], alarms=True))) >= PUBLISHERS


def test_publishers_use_the_telemetry_key_for_topics_of_this_account_only_and_for_nothing_more() -> None:
    statements = by_service(telemetry_key_policy(HERE, ["a"], alarms=True))
    for service in PUBLISHERS:
        assert statements[service]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        topics = statements[service]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:sns:topicArn"]
        assert topics == "arn:aws:sns:eu-west-1:111122223333:*"
    assert "StringEquals" not in statements["events.amazonaws.com"]["Condition"], "AWS does not support it, and drops the events"
