"""Domain names of a team's own for brokers, and what a person should know of valid properties."""

from __future__ import annotations

from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.checks.topics import NAMED
from domain.plan.network import listeners_of
from domain.plan.platform import Plan
from domain.plan.properties import server_properties_of
from domain.plan.topics import configs_of
from domain.problems import Problem
from domain.properties.advertised import advertised_message, advertised_names
from domain.properties.definitions import ADVERTISED_LISTENERS
from domain.properties.warnings import PropertyPlace, server_warnings, topic_warnings
from domain.settings.stack import StackSettings


@checks(
    "authentication", "brokerType", "brokersPerZone", "encryption.clientBroker", "network", after_others=True, provisioned=True
)
def _advertised_listeners(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if ADVERTISED_LISTENERS in settings.server_properties:
        value = settings.server_properties[ADVERTISED_LISTENERS]
        enabled = advertised_names(listeners_of(settings))
        if message := advertised_message(value, enabled=enabled, brokers=settings.number_of_brokers):
            yield Problem(("serverProperties", ADVERTISED_LISTENERS), value, message)


@warns("serverProperties", provisioned=True)
def _server_properties(plan: Plan) -> Iterator[str]:
    yield from server_warnings(plan.settings.server_properties, _place(plan.settings))


@warns("topics", "serverProperties", provisioned=True)
def _configs_of_topics(plan: Plan) -> Iterator[str]:
    place = _place(plan.settings)
    for name, topic in sorted(plan.settings.topics.items()):
        own = topic.model_copy(update={"configs": {}})
        names = {config: NAMED[config] for config in configs_of(own)}
        yield from topic_warnings(name, configs_of(topic), names, place)


def _place(settings: StackSettings) -> PropertyPlace:
    return PropertyPlace(
        kind=settings.broker.kind,
        version=settings.kafka_version,
        zones=settings.number_of_zones,
        tiered=settings.storage.mode == "TIERED",
        properties=server_properties_of(settings),
    )
