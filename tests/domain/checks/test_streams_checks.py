"""Kafka Streams applications on every kind of cluster, and on brokers that are too old for their file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.loading import Loaded, load_stack
from support.stacks import TODAY

READS = {"from": {"cidr": "10.40.0.0/20"}, "as": {"role": {"ec2": {}}}, "consume": {"topics": ["orders"], "groups": ["audit"]}}
STREAMS = {**READS, "streams": {"applicationId": "totals"}}


def load(client: dict[str, Any], **settings: Any) -> Loaded:
    config = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
    config["clients"] = json.dumps({"totals": client})
    return load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY)


@pytest.mark.parametrize(
    ("broker", "known"),
    [
        ("kafka.m7g.large", None),
        ("express.m7g.large", "AWS announced in June 2026 that Kafka Streams creates its internal topics"),
        ("serverless", "Serverless clusters refuse the internal topics that Kafka Streams creates"),
    ],
)
def test_what_is_known_of_internal_topics_on_a_kind_of_cluster_is_said_of_applications(broker: str, known: str | None) -> None:
    warnings = [text for text in load(STREAMS, brokerType=broker).warnings if "internal topics" in text]
    assert len(warnings) == (known is not None)
    assert all(text.startswith(f"clients.totals.streams with brokerType {broker}: {known}") for text in warnings)
    assert not any("Kafka Streams" in text for text in load(READS, brokerType=broker).warnings)
    # Whoever makes them in advance knows.
    changelog = {"totals-counts-changelog": {"partitions": 1, "cleanupPolicy": "compact"}}
    assert not any("internal topics" in text for text in load(STREAMS, brokerType=broker, topics=changelog).warnings)
    another = {"totals2-counts-changelog": {"partitions": 1}}
    assert any("internal topics" in text for text in load(STREAMS, brokerType=broker, topics=another).warnings) == bool(known)


@pytest.mark.parametrize(
    ("broker", "version", "told"),
    [
        ("kafka.m5.large", "2.4.1.1", True),
        ("kafka.m5.large", "2.5.1", False),
        ("kafka.m5.large", "3.9.x", False),
        ("serverless", "", False),
    ],
)
def test_brokers_that_do_not_have_exactly_once_v2_are_told(broker: str, version: str, told: bool) -> None:
    answered = {"kafka-end-of-support": {"reason": "taken over", "until": "2026-12-31"}}
    chosen = {"kafkaVersion": version, "acknowledge": answered} if version else {}
    assert any("exactly_once_v2" in text for text in load(STREAMS, brokerType=broker, **chosen).warnings) is told


@pytest.mark.parametrize(
    ("name", "topic", "told"),
    [
        ("totals-counts-changelog", {}, "nothing compacts it"),
        ("totals-counts-changelog", {"retentionHours": 24}, "nothing compacts it"),
        ("totals-counts-changelog", {"cleanupPolicy": "compact"}, ""),
        ("totals-counts-changelog", {"cleanupPolicy": "compact,delete"}, ""),
        ("totals-by-day-repartition", {}, "has a retention"),
        ("totals-by-day-repartition", {"configs": {"retention.ms": "-1"}}, ""),
        ("totals-by-day-repartition", {"cleanupPolicy": "compact", "configs": {"retention.ms": "-1"}}, "is compacted"),
        ("totals-join-subscription-registration-topic", {}, "has a retention"),
        ("totals2-counts-changelog", {}, ""),
    ],
)
@pytest.mark.parametrize("broker", ["kafka.m7g.large", "serverless"])
def test_internal_topics_made_in_advance_keep_what_the_application_needs(
    broker: str, name: str, topic: dict[str, Any], told: str
) -> None:
    warnings = load(STREAMS, brokerType=broker, topics={name: {"partitions": 6, **topic}}).warnings
    about = [text for text in warnings if text.startswith(f"topics.{name} is called like a ")]
    assert len(about) == bool(told)
    assert all(told in text for text in about)
