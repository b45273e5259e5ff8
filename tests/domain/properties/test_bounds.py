"""Every bound on both of its sides, and that what production clusters run with is neither refused nor warned of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES, PROVISIONED_KINDS, BrokerKind
from domain.properties.cautions import SERVER_CAUTIONS, TOPIC_CAUTIONS, Caution
from domain.properties.defaults import safe_defaults
from domain.properties.definitions import ADVERTISED_LISTENERS, PROPERTY_DEFINITIONS, PropertyDefinition, PropertyType
from domain.properties.server import check
from domain.properties.topic import TOPIC_CONFIGS
from domain.properties.values import PropertyValue, value_message
from domain.properties.warnings import PropertyPlace, server_warnings, topic_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STANDARD, EXPRESS = BrokerKind.STANDARD, BrokerKind.EXPRESS
VERSION = "3.9.x.kraft"
NUMBERS = (PropertyType.INT, PropertyType.LONG, PropertyType.DOUBLE)
TYPES_LARGEST = {PropertyType.INT: 2**31 - 1, PropertyType.LONG: 2**63 - 1}


def place(
    kind: BrokerKind = STANDARD, version: str = VERSION, *, tiered: bool = False, **properties: PropertyValue
) -> PropertyPlace:
    given = {name.replace("_", "."): value for name, value in properties.items()}
    return PropertyPlace(kind, version, 3, tiered, {**safe_defaults(kind, 3), **given})


def warned(properties: Mapping[str, PropertyValue], kind: BrokerKind = STANDARD, version: str = VERSION) -> list[str]:
    merged = {**safe_defaults(kind, 3), **properties}
    return list(server_warnings(properties, PropertyPlace(kind, version, 3, False, merged)))


def refused(properties: Mapping[str, PropertyValue], kind: BrokerKind = STANDARD, version: str = VERSION) -> list[str]:
    return [problem.setting for problem in check(properties, kind=kind, version=version, zones=3, brokers=3)]


def rows() -> Iterator[PropertyDefinition]:
    yield from PROPERTY_DEFINITIONS.values()
    yield from TOPIC_CONFIGS.values()


BOUNDED = [row for row in rows() if row.type in NUMBERS and not row.zookeeper_only]


@pytest.mark.parametrize("row", BOUNDED, ids=lambda row: row.name)
def test_a_number_is_taken_at_each_end_and_refused_a_step_beyond(row: PropertyDefinition) -> None:
    lowest = row.minimum if row.minimum is not None else -TYPES_LARGEST[row.type] - 1
    highest = row.maximum if row.maximum is not None else TYPES_LARGEST[row.type]
    assert value_message(row, lowest, VERSION) is value_message(row, highest, VERSION) is None
    below = lowest - 1 if not (row.unlimited and lowest - 1 == -1) else lowest - 2
    assert value_message(row, below, VERSION)
    assert value_message(row, highest + 1, VERSION)
    assert (value_message(row, -1, VERSION) is None) is (row.unlimited or lowest <= -1)


@pytest.mark.parametrize("row", [row for row in BOUNDED if row.why], ids=lambda row: row.name)
def test_a_bound_that_is_not_kafkas_says_what_lies_beyond(row: PropertyDefinition) -> None:
    beyond = 0 if row.minimum is not None and row.minimum > 0 else TYPES_LARGEST[row.type]
    message = value_message(row, beyond, VERSION) or ""
    assert message.endswith(row.why)
    assert str(int(row.minimum or 0)) in message
    assert row.why not in (value_message(row, "much", VERSION) or "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connections.max.idle.ms", 1),
        ("connections.max.idle.ms", 2**63 - 1),
        ("group.max.session.timeout.ms", 1),
        ("log.message.timestamp.before.max.ms", 0),
        ("log.message.timestamp.difference.max.ms", 0),
        ("log.roll.ms", 1),
        ("log.segment.bytes", 14),
        ("message.max.bytes", 0),
        ("num.io.threads", 2_147_483_647),
        ("num.network.threads", 100_000),
        ("num.partitions", 10**18),
        ("num.recovery.threads.per.data.dir", 100_000),
        ("num.replica.fetchers", 100_000),
        ("replica.fetch.max.bytes", 0),
        ("replica.fetch.response.max.bytes", 0),
        ("replica.selector.class", "com.evil.Class"),
        ("replica.socket.receive.buffer.bytes", -2),
        ("socket.receive.buffer.bytes", 0),
        ("socket.request.max.bytes", 1),
        ("socket.send.buffer.bytes", 0),
    ],
)
def test_what_stops_a_cluster_or_lets_it_take_nothing_is_refused(name: str, value: PropertyValue) -> None:
    assert refused({name: value}) == [name]


def test_no_connection_at_all_is_refused_on_express_brokers() -> None:
    assert refused({"max.connections.per.ip": 0}, EXPRESS) == ["max.connections.per.ip"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connections.max.idle.ms", -1),
        ("connections.max.idle.ms", 5_000),
        ("delete.topic.enable", False),
        ("group.initial.rebalance.delay.ms", 2**31 - 1),
        ("group.max.session.timeout.ms", 30_000),
        ("group.min.session.timeout.ms", 60_000),
        ("leader.imbalance.per.broker.percentage", 10),
        ("log.cleaner.delete.retention.ms", 0),
        ("log.cleaner.min.cleanable.ratio", 0),
        ("log.cleaner.min.cleanable.ratio", 1),
        ("log.cleanup.policy", "compact"),
        ("log.flush.interval.messages", 1),
        ("log.flush.interval.ms", 0),
        ("log.message.timestamp.after.max.ms", 86_400_000),
        ("log.retention.bytes", 0),
        ("log.retention.hours", -1),
        ("log.retention.minutes", 1),
        ("log.retention.ms", 1),
        ("log.retention.ms", -1),
        ("log.roll.ms", 1_000),
        ("log.segment.bytes", 1_024),
        ("max.incremental.fetch.session.cache.slots", 2**31 - 1),
        ("message.max.bytes", 1_024),
        ("message.max.bytes", 2**31 - 1),
        ("num.io.threads", 1),
        ("num.io.threads", 32_767),
        ("num.partitions", 10_000),
        ("offsets.retention.minutes", 1),
        ("replica.fetch.response.max.bytes", 2**31 - 1),
        ("socket.request.max.bytes", 2**31 - 1),
        ("socket.request.max.bytes", 65_536),
        ("socket.send.buffer.bytes", 1),
        ("transaction.max.timeout.ms", 1),
        ("transaction.max.timeout.ms", 2**31 - 1),
        ("transaction.state.log.min.isr", 1),
        ("transactional.id.expiration.ms", 1),
    ],
)
def test_what_loses_or_endangers_is_taken_with_a_warning_that_names_it(name: str, value: PropertyValue) -> None:
    assert refused({name: value}) == []
    warnings = warned({name: value})
    assert warnings
    for warning in warnings:
        assert warning.startswith(f"serverProperties.{name} is ")
        assert warning.endswith(".")


SOUND: list[dict[str, PropertyValue]] = [
    # Apache Kafka's own defaults, and Amazon MSK's.
    {
        "connections.max.idle.ms": 600_000,
        "group.initial.rebalance.delay.ms": 3_000,
        "group.max.session.timeout.ms": 1_800_000,
        "group.min.session.timeout.ms": 6_000,
        "log.cleaner.delete.retention.ms": 86_400_000,
        "log.cleaner.min.cleanable.ratio": 0.5,
        "log.flush.interval.messages": 2**63 - 1,
        "log.message.timestamp.difference.max.ms": 2**63 - 1,
        "log.retention.bytes": -1,
        "log.retention.hours": 168,
        "log.roll.ms": 604_800_000,
        "log.segment.bytes": 1_073_741_824,
        "max.incremental.fetch.session.cache.slots": 1_000,
        "message.max.bytes": 1_048_588,
        "num.io.threads": 8,
        "num.network.threads": 5,
        "num.partitions": 1,
        "num.recovery.threads.per.data.dir": 1,
        "num.replica.fetchers": 2,
        "offsets.retention.minutes": 10_080,
        "replica.fetch.max.bytes": 1_048_576,
        "replica.fetch.response.max.bytes": 10_485_760,
        "replica.lag.time.max.ms": 30_000,
        "replica.socket.receive.buffer.bytes": 65_536,
        "socket.receive.buffer.bytes": 102_400,
        "socket.request.max.bytes": 104_857_600,
        "socket.send.buffer.bytes": 102_400,
        "transaction.max.timeout.ms": 900_000,
        "transaction.state.log.min.isr": 2,
        "transactional.id.expiration.ms": 604_800_000,
    },
    # A busy cluster: large messages, short retention, many small transactions; buffers of the operating system.
    {
        "log.retention.hours": 1,
        "log.retention.bytes": 107_374_182_400,
        "log.segment.bytes": 134_217_728,
        "message.max.bytes": 10_485_760,
        "num.io.threads": 96,
        "num.network.threads": 48,
        "num.partitions": 50,
        "num.replica.fetchers": 16,
        "replica.fetch.max.bytes": 10_485_760,
        "socket.receive.buffer.bytes": -1,
        "socket.send.buffer.bytes": -1,
        "transaction.max.timeout.ms": 3_600_000,
        "transactional.id.expiration.ms": 86_400_000,
    },
    # One that keeps everything, up to a size.
    {"log.retention.ms": -1, "log.retention.bytes": 1_099_511_627_776},
    {"log.flush.interval.messages": 10_000, "log.flush.interval.ms": 1_000, "log.cleaner.min.cleanable.ratio": 0.01},
]


@pytest.mark.parametrize("properties", SOUND)
def test_what_production_clusters_run_with_is_neither_refused_nor_warned_of(properties: dict[str, PropertyValue]) -> None:
    assert refused(properties) == []
    assert warned(properties) == []


def test_what_express_brokers_have_by_default_is_sound() -> None:
    properties: dict[str, PropertyValue] = {
        "log.message.timestamp.after.max.ms": 86_400_000,
        "log.message.timestamp.before.max.ms": 86_400_000,
        "log.retention.ms": 604_800_000,
        "max.connections.per.ip": 100,
    }
    assert refused(properties, EXPRESS) == warned(properties, EXPRESS) == []


@pytest.mark.parametrize("name", sorted(BROKER_TYPES))
def test_the_safe_defaults_are_never_warned_of(name: str) -> None:
    broker = BROKER_TYPES[name]
    defaults = safe_defaults(broker.kind, 3, retention_hours=1, broker=broker, provisioned_throughput=True)
    assert warned(dict(defaults), broker.kind) == []


def test_two_zones_have_one_in_sync_replica_by_default_and_are_not_warned_of_it() -> None:
    properties = safe_defaults(STANDARD, 2)
    assert (
        list(server_warnings({"transaction.state.log.min.isr": 1}, PropertyPlace(STANDARD, VERSION, 2, False, dict(properties))))
        == []
    )


ALL_CAUTIONS = [
    pytest.param(table, name, caution, id=f"{name}-{'below' if caution.below is not None else 'above'}")
    for table, cautions in (("server", SERVER_CAUTIONS), ("topic", TOPIC_CAUTIONS))
    for name, several in cautions.items()
    for caution in several
]


@pytest.mark.parametrize(("table", "name", "caution"), ALL_CAUTIONS)
def test_a_caution_begins_where_it_says_and_within_what_is_allowed(table: str, name: str, caution: Caution) -> None:
    row = (PROPERTY_DEFINITIONS if table == "server" else TOPIC_CONFIGS)[name]
    bound = caution.below if caution.below is not None else caution.above
    assert bound is not None
    assert (caution.below is None) is not (caution.above is None)
    outside = math.nextafter(bound, -math.inf if caution.below is not None else math.inf)
    outside = outside if row.type is PropertyType.DOUBLE else bound + (-1 if caution.below is not None else 1)
    assert not caution.concerns(bound)
    assert caution.concerns(outside)
    # The remedy is taken, and what the caution is about is not refused anyway.
    as_given = bound if row.type is PropertyType.DOUBLE else int(bound)
    assert value_message(row, as_given, VERSION) is None
    assert value_message(row, outside, VERSION) is None


def test_a_warning_names_value_bound_and_consequence() -> None:
    assert warned({"transaction.max.timeout.ms": 1}) == [
        "serverProperties.transaction.max.timeout.ms is 1: brokers refuse transactional producers with their default "
        "transaction.timeout.ms, 60000. Set 60000 or more, unless you intend this."
    ]


@given(
    st.dictionaries(
        st.sampled_from(sorted(set(PROPERTY_DEFINITIONS) - {ADVERTISED_LISTENERS})),
        st.integers(-2, 2**63) | st.floats() | st.text(max_size=5) | st.booleans(),
        max_size=4,
    ),
    st.sampled_from(PROVISIONED_KINDS),
)
def test_whatever_is_valid_is_judged_with_sentences(properties: dict[str, PropertyValue], kind: BrokerKind) -> None:
    wrong = set(refused(properties, kind))
    valid = {name: value for name, value in properties.items() if name not in wrong}
    for warning in warned(valid, kind):
        assert warning.startswith("serverProperties.")
        assert warning.endswith(".")


@given(st.integers(1_024, 2**31 - 1), st.integers(16_384, 2**31 - 1))
def test_a_message_that_no_request_can_carry_is_warned_of(largest: int, request: int) -> None:
    properties: dict[str, PropertyValue] = {"message.max.bytes": largest, "socket.request.max.bytes": request}
    assert any("close the connection" in warning for warning in warned(properties)) is (largest > request)


def test_a_message_that_no_segment_can_hold_is_warned_of() -> None:
    properties: dict[str, PropertyValue] = {"message.max.bytes": 8_388_608, "log.segment.bytes": 8_388_607}
    assert any("larger than its segment (8388607 bytes)" in warning for warning in warned(properties))
    assert warned({**properties, "log.segment.bytes": 8_388_608}) == []


@pytest.mark.parametrize(
    ("properties", "forever"),
    [
        ({"log.retention.hours": -1}, True),
        ({"log.retention.ms": -1}, True),
        ({"log.retention.hours": 2**31 - 1}, True),
        ({"log.retention.hours": 876_000}, True),
        ({"log.retention.hours": 875_999}, False),
        ({"log.retention.ms": 2**63 - 1}, True),
        ({"log.retention.hours": -1, "log.retention.minutes": 60}, False),
        ({"log.retention.hours": 24, "log.retention.ms": "-1"}, True),
        ({"log.retention.hours": -1, "log.retention.bytes": 10**9}, False),
        ({"log.retention.hours": -1, "log.retention.bytes": -1}, True),
    ],
)
def test_a_cluster_that_deletes_nothing_is_warned_of(properties: dict[str, PropertyValue], forever: bool) -> None:
    assert any("keep everything forever" in warning for warning in warned(properties)) is forever


def test_standard_brokers_may_refuse_timestamp_limits_that_express_brokers_take() -> None:
    properties: dict[str, PropertyValue] = {"log.message.timestamp.after.max.ms": 86_400_000}
    assert "set message.timestamp.after.max.ms on each topic" in warned(properties)[0]
    assert warned(properties, EXPRESS) == []


def test_leader_imbalance_means_nothing_with_kraft_and_something_with_zookeeper() -> None:
    properties: dict[str, PropertyValue] = {"leader.imbalance.per.broker.percentage": 10}
    assert refused(properties, version="4.1.x.kraft") == ["leader.imbalance.per.broker.percentage"]
    assert refused(properties) == []
    assert "takes no notice of it, and Kafka 4 no longer has it" in warned(properties)[0]
    assert warned(properties, version="3.9.x") == []


# --- Topics -----------------------------------------------------------------------------------------------


def of_topic(place: PropertyPlace, configs: dict[str, PropertyValue], names: dict[str, str] | None = None) -> list[str]:
    return list(topic_warnings("orders", configs, names or {}, place))


@pytest.mark.parametrize(
    "configs",
    [
        {"delete.retention.ms": 0},
        {"flush.messages": 1},
        {"flush.ms": 0},
        {"max.compaction.lag.ms": 1},
        {"max.message.bytes": 68},
        {"max.message.bytes": 2**31 - 1},
        {"message.timestamp.after.max.ms": 0},
        {"message.timestamp.before.max.ms": 1_000},
        {"message.timestamp.difference.max.ms": 1_000},
        {"min.cleanable.dirty.ratio": 1},
        {"min.compaction.lag.ms": 2**63 - 1},
        {"preallocate": True},
        {"retention.bytes": 0},
        {"retention.ms": 0},
        {"retention.ms": 1},
        {"segment.bytes": 1_024},
        {"segment.index.bytes": 1_024},
        {"segment.index.bytes": 2**31 - 1},
        {"segment.ms": 1_000},
        {"file.delete.delay.ms": 2**63 - 1},
        {"index.interval.bytes": 0},
    ],
)
def test_what_empties_or_wears_out_a_topic_is_warned_of_by_its_setting(configs: dict[str, PropertyValue]) -> None:
    (name,) = configs
    warnings = of_topic(place(), configs)
    assert warnings
    assert all(warning.startswith(f"topics.orders.configs.{name} is ") for warning in warnings)


def test_hours_are_warned_of_in_hours() -> None:
    (warning,) = of_topic(place(), {"retention.ms": "36000"}, {"retention.ms": "retentionHours"})
    assert warning.startswith("topics.orders.retentionHours is 0.01: brokers delete messages")
    assert "Set 1 or more" in warning


@pytest.mark.parametrize("policy", ["compact", "compact,delete"])
def test_retention_matters_where_something_is_deleted(policy: str) -> None:
    warnings = of_topic(place(), {"cleanup.policy": policy, "retention.ms": 1})
    assert bool(warnings) is ("delete" in policy)


def test_a_sound_topic_is_not_warned_of() -> None:
    configs: dict[str, PropertyValue] = {
        "cleanup.policy": "compact,delete",
        "max.message.bytes": 8_388_608,
        "min.cleanable.dirty.ratio": 0.1,
        "min.compaction.lag.ms": 3_600_000,
        "retention.bytes": -1,
        "retention.ms": -1,
        "segment.bytes": 52_428_800,
        "segment.ms": 3_600_000,
    }
    assert of_topic(place(), configs) == []


def test_compaction_on_express_brokers_waits_a_week_by_the_guide() -> None:
    assert "7 days" in of_topic(place(EXPRESS), {"max.compaction.lag.ms": 604_799_999})[0]
    assert of_topic(place(EXPRESS), {"max.compaction.lag.ms": 604_800_000}) == []
    assert of_topic(place(), {"max.compaction.lag.ms": 604_799_999}) == []


def test_every_property_of_both_kinds_has_been_thought_of() -> None:
    # What has neither a bound of its own nor a caution: words, and numbers that do nothing worse than another of theirs.
    harmless = {
        "compression.gzip.level", "compression.lz4.level", "compression.zstd.level", "default.replication.factor",
        "local.retention.bytes", "local.retention.ms", "log.retention.hours", "min.insync.replicas",
        "offsets.topic.replication.factor", "replica.lag.time.max.ms", "segment.jitter.ms", "transaction.state.log.min.isr",
        "transaction.state.log.replication.factor", "leader.imbalance.per.broker.percentage",
    }  # fmt: skip
    assert {row.name for row in BOUNDED} - set(SERVER_CAUTIONS) - set(TOPIC_CAUTIONS) == harmless
