"""What a stack's settings say of its topics, and who makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.checks.topics import topics_available
from domain.plan.properties import replication_factor_of, server_properties_of
from domain.plan.serverless import plan_serverless
from domain.plan.topics import plan_topics
from domain.properties.values import text_of
from tools.topics.limits import SERVERLESS_LIMITS
from tools.topics.plan import Wanted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from domain.plan.serverless import ServerlessIntent
    from domain.settings.clients import Streams
    from domain.settings.stack import StackSettings
    from tools.topics.limits import Limits


@dataclass(frozen=True, slots=True)
class Terms:
    """How topics of a stack may be changed.

    Attributes:
        stack: The stack's name.
        wanted: Its topics, by name.
        by_pulumi: Whether Pulumi makes them, so that this command only compares.
        protect: Whether the stack is protected: what loses messages needs somebody who answers for it.
        acknowledged: The guards that somebody answers for today.
        limits: What its cluster allows beyond Kafka; None for nothing.
        servers: The server properties that the stack gives its cluster, or that AWS does.
        used_by: The settings of clients that name a topic, by the topic.
        streams: The clients that are Kafka Streams applications, by the client: their internal topics are theirs.
    """

    stack: str
    wanted: Mapping[str, Wanted]
    by_pulumi: bool
    protect: bool
    acknowledged: frozenset[str]
    limits: Limits | None
    servers: Mapping[str, str]
    used_by: Mapping[str, tuple[str, ...]]
    streams: Mapping[str, Streams]

    @property
    def serverless(self) -> bool:
        """Whether the cluster is one of Amazon MSK Serverless."""
        return self.limits is not None


def terms_of(stack: str, settings: StackSettings, *, today: datetime.date) -> Terms:
    """What a stack's settings say.

    Args:
        stack: The stack's name.
        settings: Its settings, valid.
        today: The day on which acknowledgements are judged.
    """
    serverless = plan_serverless(settings)
    limits = SERVERLESS_LIMITS if serverless else None
    return Terms(
        stack=stack,
        wanted=_topics_on_serverless(serverless) if serverless else _topics_on_brokers(settings),
        by_pulumi=not serverless and topics_available(settings.kafka_version),
        protect=settings.protect,
        acknowledged=settings.acknowledged(today),
        limits=limits,
        servers=limits.servers if limits else {name: text_of(value) for name, value in server_properties_of(settings).items()},
        used_by=_used_by(settings),
        streams={f"clients.{name}": client.streams for name, client in sorted(settings.clients.items()) if client.streams},
    )


def _topics_on_serverless(serverless: ServerlessIntent) -> dict[str, Wanted]:
    # AWS's own tutorial gives no replication factor: there is one only.
    return {name: Wanted(topic["partitions"], None, topic["configs"]) for name, topic in serverless["topics"].items()}


def _topics_on_brokers(settings: StackSettings) -> dict[str, Wanted]:
    planned = plan_topics(settings.topics, kind=settings.broker.kind, default_replication_factor=replication_factor_of(settings))
    return {topic.name: Wanted(topic.partitions, topic.replication_factor, json.loads(topic.configs)) for topic in planned}


def _used_by(settings: StackSettings) -> dict[str, tuple[str, ...]]:
    used: dict[str, list[str]] = {}
    for name, client in sorted(settings.clients.items()):
        for use, block in (("produce", client.produce), ("consume", client.consume), ("admin", client.admin)):
            for topic in block.topics if block else ():
                used.setdefault(topic, []).append(f"clients.{name}.{use}.topics")
    return {topic: tuple(places) for topic, places in used.items()}
