"""Kafka Streams applications on clusters of which it is not known, or known not to be so, that they simply run there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from domain.checks.registry import warns
from domain.msk.brokers import BrokerKind
from domain.msk.serverless import MOST_COMPACTED_PARTITIONS
from domain.msk.versions import version_number
from domain.plan.platform import Plan
from domain.plan.topics import configs_of
from domain.properties.values import words_of
from domain.settings.clients import CHANGELOG

EXACTLY_ONCE_V2_SINCE = (2, 5)
"""The first version of brokers with it. Apache Kafka documentation, "Kafka Streams Configs", ``processing.guarantee``."""

_NO_LIMIT = "-1"

INTERNAL_TOPICS: Mapping[BrokerKind, str] = MappingProxyType(
    {
        BrokerKind.EXPRESS: (
            "AWS announced in June 2026 that Kafka Streams creates its internal topics on Express brokers, but not what becomes "
            "of the segment.bytes that it sets on them, which the Developer Guide says those refuse. Run it on a disposable "
            "cluster first; if it fails, add the topics to topics (docs/access.md, Kafka Streams)."
        ),
        BrokerKind.SERVERLESS: (
            "Serverless clusters refuse the internal topics that Kafka Streams creates, because it sets segment.bytes on them. "
            "Add them to topics before it starts (docs/access.md, Kafka Streams); changelogs count among the "
            f"{MOST_COMPACTED_PARTITIONS} partitions of compacted topics."
        ),
    }
)
"""What is known of internal topics where it is not that Kafka Streams creates them. What's New of 2026-06-08; MSK Developer
Guide, "Using Kafka Streams with MSK Express brokers and MSK Serverless" and
"Configuration properties for MSK Serverless clusters"."""


@warns("clients", "brokerType", "kafkaVersion", "topics")
def _streams(plan: Plan) -> Iterator[str]:
    """Nothing of internal topics where the stack file has some: whoever adds one knows of the others."""
    settings = plan.settings
    known = INTERNAL_TOPICS.get(settings.broker.kind)
    # AWS tells no version of Serverless clusters, and runs none of that age.
    old = not settings.is_serverless and version_number(settings.kafka_version) < EXACTLY_ONCE_V2_SINCE
    for name, client in settings.clients.items():
        if client.streams is None:
            continue
        if known and not any(client.streams.has_internal(topic) for topic in settings.topics):
            yield f"clients.{name}.streams with brokerType {settings.broker_type}: {known}"
        if old:
            yield (
                f"clients.{name}.streams: its ready file sets processing.guarantee to exactly_once_v2, which brokers of Kafka "
                f"{settings.kafka_version} do not have. Raise kafkaVersion to 2.5 or newer, or set at_least_once."
            )


@warns("clients", "topics")
def _internal_topics_made_in_advance(plan: Plan) -> Iterator[str]:
    """Kafka Streams takes internal topics that are there as they are: what it would set itself, the stack file has to.

    Apache Kafka's ``UnwindowedUnversionedChangelogTopicConfig``, ``WindowedChangelogTopicConfig`` and ``RepartitionTopicConfig``.
    """
    settings = plan.settings
    for client in settings.clients.values():
        for name, topic in settings.topics.items():
            if client.streams is None or not client.streams.has_internal(name):
                continue
            configs, application = configs_of(topic), client.streams.application_id
            compacted = "compact" in words_of(configs.get("cleanup.policy", "delete"))
            if name.endswith(CHANGELOG):
                if not compacted:
                    yield (
                        f"topics.{name} is called like a changelog of the Kafka Streams application {application}, but nothing "
                        "compacts it: the application's state that is older than its retention is deleted, and lost to whoever "
                        "restores it. Set cleanupPolicy to compact, or to compact,delete for windows."
                    )
            elif compacted or configs.get("retention.ms") != _NO_LIMIT:
                how = "is compacted" if compacted else "has a retention"
                yield (
                    f"topics.{name} is called like a repartition topic of the Kafka Streams application {application}, but "
                    f"{how}: messages that the application has not read yet can be deleted. Set configs to "
                    "{retention.ms: -1}, without cleanupPolicy: it empties the topic itself."
                )
