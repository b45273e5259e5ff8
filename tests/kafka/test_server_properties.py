"""What a broker's own configuration definition says of the server properties that are rendered and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.msk.brokers import BrokerKind
from domain.msk.operations import DYNAMIC_PROPERTIES
from domain.properties.definitions import (
    DYNAMIC_ONLY,
    EXPRESS_FIXED,
    PROPERTY_DEFINITIONS,
    TOPIC_LEVEL,
    PropertyDefinition,
    PropertyType,
)
from domain.properties.new_defaults import NEW_DEFAULTS
from domain.properties.server import check
from domain.properties.topic import TOPIC_CONFIGS
from support.kafka.definitions import BrokerDefinition
from support.kafka.server_files import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.kafka.installation import Installation

_STACKS = ("dev", "prod")
_4 = (4,)

NOT_KAFKAS = {"allow.everyone.if.no.acl.found", "custom.advertised.listeners"}
"""The authorizer's, which is no part of the broker's definition (`test_access.py` sees what it does), and Amazon MSK's own."""

GONE: Mapping[str, tuple[int, ...]] = {
    # KRaft's controller never looked at it (it only has leader.imbalance.check.interval.seconds), and 4.0 took it out.
    "leader.imbalance.per.broker.percentage": _4,
    "log.message.timestamp.difference.max.ms": _4,
    "zookeeper.connection.timeout.ms": _4,
    "zookeeper.session.timeout.ms": _4,
    # Of what Express brokers fix:
    "inter.broker.protocol.version": _4,
    "log.message.format.version": _4,
}
"""What Kafka no longer has, with the first version that has it no more."""

OTHER_TYPES = {
    # A number of replicas can never come near the end of either type.
    "offsets.topic.replication.factor": "SHORT",
    "transaction.state.log.replication.factor": "SHORT",
}
"""Where Kafka's type is another than the one that is written down."""

STRICTER = {
    # Kafka checks these later, when it reads the whole file, or takes a meaningless number for nothing.
    *("default.replication.factor", "num.replica.fetchers"),
    *("group.initial.rebalance.delay.ms", "group.max.session.timeout.ms", "group.min.session.timeout.ms"),
    *("leader.imbalance.per.broker.percentage", "log.flush.interval.ms", "log.roll.ms", "max.connections.per.ip"),
    *("log.retention.bytes", "log.retention.hours", "log.retention.minutes", "log.retention.ms"),
    # Amazon MSK's own ranges.
    *("replica.lag.time.max.ms", "zookeeper.connection.timeout.ms", "zookeeper.session.timeout.ms"),
    # Kafka takes them, and then brokers stop, or take or serve nothing: `why` of their definitions.
    *(name for name, row in PROPERTY_DEFINITIONS.items() if row.why),
}
"""What is refused here a step outside the range though Kafka's definition takes it."""

STRICT_SINCE: Mapping[str, tuple[int, ...]] = {"log.segment.bytes": _4}
"""The first version whose definition refuses some of them as well."""


@pytest.fixture(scope="module", params=["kafka", "newest"])
def definition(request: pytest.FixtureRequest, installation: Installation, programs: Path) -> BrokerDefinition:
    return BrokerDefinition.of(getattr(installation, request.param), programs)


def keys(text: str) -> list[str]:
    return [line.partition("=")[0] for line in text.splitlines()]


def unknown(definition: BrokerDefinition, names: list[str]) -> set[str]:
    return {name for name in names if name not in definition.types} - NOT_KAFKAS


def rendered_for(definition: BrokerDefinition, stack: str) -> str:
    """What a stack renders for a version like this one: dev ends at 3.9 with its ZooKeeper, and goes on with KRaft."""
    changes = {"brokerType": "kafka.m7g.large"} if stack == "dev" and definition.numbers >= _4 else {}
    return plan_of(stack, **changes).configuration["server_properties"]


@pytest.mark.parametrize("stack", _STACKS)
def test_every_rendered_property_is_in_the_brokers_own_definition(definition: BrokerDefinition, stack: str) -> None:
    names = keys(rendered_for(definition, stack))
    assert "unclean.leader.election.enable" in names
    assert unknown(definition, names) == set()


def test_an_invented_property_is_not_in_the_definition_though_the_broker_would_start_with_it(
    definition: BrokerDefinition,
) -> None:
    text = _with_what_every_node_needs("min.insync.replica=2\n")
    assert unknown(definition, keys("min.insync.replica=2\n")) == {"min.insync.replica"}
    assert definition.refusals_of_files(text) == [None]


@pytest.mark.parametrize("stack", _STACKS)
def test_a_broker_takes_every_rendered_value(definition: BrokerDefinition, stack: str) -> None:
    rendered = rendered_for(definition, stack)
    broken = rendered.replace("min.insync.replicas=2", "min.insync.replicas=0")
    assert broken != rendered
    files = [_with_what_every_node_needs(text) for text in (rendered, broken)]
    accepted, refused = definition.refusals_of_files(*files)
    assert accepted is None
    assert "min.insync.replicas" in (refused or "")


def _with_what_every_node_needs(text: str) -> str:
    own = {
        "process.roles": "broker",
        "node.id": "1",
        "controller.quorum.voters": "1001@127.0.0.1:19093",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "listeners": "PLAINTEXT://127.0.0.1:19092",
    }
    return "".join(f"{key}={value}\n" for key, value in own.items()) + text


# --- Every property that a configuration may set ----------------------------------------------------------


def test_a_property_is_there_unless_the_table_of_what_is_gone_says_since_when(definition: BrokerDefinition) -> None:
    missing = unknown(definition, [*PROPERTY_DEFINITIONS, *EXPRESS_FIXED, *DYNAMIC_ONLY])
    assert missing == {name for name, version in GONE.items() if definition.numbers >= version}


def test_what_is_gone_is_refused_since_then() -> None:
    # A broker of that version starts with it, says nothing, and does not do it.
    marked = {row.name: row.until or _4 for row in PROPERTY_DEFINITIONS.values() if row.until or row.zookeeper_only}
    assert marked == {name: version for name, version in GONE.items() if name in PROPERTY_DEFINITIONS}
    for name, version in marked.items():
        kraft = f"{version[0]}.0.x.kraft"
        (problem,) = check({name: 10_000}, kind=BrokerKind.STANDARD, version=kraft, zones=3)
        assert kraft in problem.message


def test_a_default_that_the_newest_kafka_has_otherwise_is_in_the_table(installation: Installation, programs: Path) -> None:
    old, new = (BrokerDefinition.of(kafka, programs) for kafka in (installation.kafka, installation.newest))
    both = [name for name in PROPERTY_DEFINITIONS if name in old.types and name in new.types]
    changed = {name: (old.defaults[name], new.defaults[name]) for name in both if old.defaults[name] != new.defaults[name]}
    assert changed == {row.name: (row.before, row.after) for row in NEW_DEFAULTS}
    topics = [name for name in TOPIC_CONFIGS if name in old.topic_types and name in new.topic_types]
    assert {name for name in topics if old.topic_defaults[name] != new.topic_defaults[name]} == {
        row.topic_level for row in NEW_DEFAULTS if row.topic_level
    }


def test_every_property_has_kafkas_type(definition: BrokerDefinition) -> None:
    there = {name: row.type.name for name, row in PROPERTY_DEFINITIONS.items() if name in definition.types}
    others = {name: definition.types[name] for name, ours in there.items() if definition.types[name] != ours}
    assert others == OTHER_TYPES


def test_every_allowed_value_is_one_that_kafka_takes(definition: BrokerDefinition) -> None:
    refused = _refused(definition, [(row, value) for row in _there(definition) for value in _allowed(row, definition.numbers)])
    assert refused == set()


def test_what_is_refused_here_kafka_refuses_too_but_for_a_known_few(definition: BrokerDefinition) -> None:
    cases = [(row, value) for row in _there(definition) for value in _refused_here(row, definition.numbers)]
    answers = definition.refusals((row.name, value) for row, value in cases)
    taken = {row.name for (row, _), answer in zip(cases, answers, strict=True) if answer is None}
    agreed = {name for name, version in STRICT_SINCE.items() if definition.numbers >= version}
    assert taken == (STRICTER - agreed) & {row.name for row in _there(definition)}


def _there(definition: BrokerDefinition) -> list[PropertyDefinition]:
    return [row for name, row in PROPERTY_DEFINITIONS.items() if name in definition.types]


def _refused(definition: BrokerDefinition, cases: list[tuple[PropertyDefinition, str]]) -> set[str]:
    answers = definition.refusals((row.name, value) for row, value in cases)
    return {row.name for (row, _), answer in zip(cases, answers, strict=True) if answer is not None}


_TYPES_ENDS = {
    PropertyType.INT: (-(2**31), 2**31 - 1),
    PropertyType.LONG: (-(2**63), 2**63 - 1),
    PropertyType.DOUBLE: (None, None),
}


def _allowed(row: PropertyDefinition, version: tuple[int, ...]) -> Iterator[str]:
    """The ends of the range, and every word."""
    yield from row.choices
    if row.type is PropertyType.BOOLEAN:
        yield from ("true", "false")
    low, high = _TYPES_ENDS.get(row.type, (None, None))
    minimum = row.minimum_of(version)
    for end in (low if minimum is None else minimum, high if row.maximum is None else row.maximum):
        if end is not None:
            yield str(end)
    if row.unlimited:
        yield "-1"


def _refused_here(row: PropertyDefinition, version: tuple[int, ...]) -> Iterator[str]:
    """A step outside each end of the range, and a word of no choice."""
    if row.choices:
        yield "invented"
    if row.type is PropertyType.BOOLEAN:
        yield "maybe"
    low, high = _TYPES_ENDS.get(row.type, (None, None))
    minimum = row.minimum_of(version)
    if minimum is not None and minimum != low:
        below = minimum - 1
        yield str(below - 1 if row.unlimited and below == -1 else below)
    if row.maximum is not None and row.maximum != high:
        yield str(row.maximum + 1)


def test_what_changes_without_a_restart_is_what_kafka_changes_on_a_running_broker(definition: BrokerDefinition) -> None:
    there = {name for name in PROPERTY_DEFINITIONS if name in definition.types}
    assert DYNAMIC_PROPERTIES & there == definition.dynamic & there


def test_a_broker_that_is_to_have_no_connections_does_not_start(definition: BrokerDefinition) -> None:
    (answer,) = definition.refusals_of_files(_with_what_every_node_needs("max.connections.per.ip=0\n"))
    assert "max.connections.per.ip.overrides" in (answer or "")


# --- Properties of topics ---------------------------------------------------------------------------------


def test_every_topic_level_name_is_kafkas_and_its_server_property_is_the_default_behind_it(definition: BrokerDefinition) -> None:
    assert {name for name in TOPIC_LEVEL if name not in definition.topics} == set()
    paired = {name: server for name, server in TOPIC_LEVEL.items() if server}
    assert {name: server for name, server in paired.items() if server not in definition.topics[name]} == {}


TOPICS_STRICTER = {
    # Kafka takes any negative number for no limit.
    "retention.bytes",
    # As of brokers: Kafka takes them, and then the topic takes or serves nothing.
    *(name for name, row in TOPIC_CONFIGS.items() if row.why),
}
"""What a topic is refused here a step outside the range though Kafka's definition takes it."""


def _topics_there(definition: BrokerDefinition) -> list[PropertyDefinition]:
    return [row for name, row in TOPIC_CONFIGS.items() if name in definition.topic_types]


def test_every_configuration_of_topics_is_kafkas_with_its_type(definition: BrokerDefinition) -> None:
    missing = {name: row.until for name, row in TOPIC_CONFIGS.items() if name not in definition.topic_types}
    assert all(until and definition.numbers >= until for until in missing.values())
    ours = {row.name: row.type.name for row in _topics_there(definition)}
    assert ours == {name: definition.topic_types[name] for name in ours}


def test_every_value_that_a_topic_may_have_is_one_that_kafka_takes(definition: BrokerDefinition) -> None:
    cases = [(row.name, value) for row in _topics_there(definition) for value in _allowed(row, definition.numbers)]
    answers = definition.refusals_of_topics(cases)
    assert [(case, answer) for case, answer in zip(cases, answers, strict=True) if answer is not None] == []


def test_what_a_topic_is_refused_here_kafka_refuses_too_but_for_a_known_few(definition: BrokerDefinition) -> None:
    cases = [(row.name, value) for row in _topics_there(definition) for value in _refused_here(row, definition.numbers)]
    answers = definition.refusals_of_topics(cases)
    taken = {name for (name, _), answer in zip(cases, answers, strict=True) if answer is None}
    agreed = {"segment.bytes"} if definition.numbers >= _4 else set()
    assert taken == (TOPICS_STRICTER - agreed) & {row.name for row in _topics_there(definition)}
