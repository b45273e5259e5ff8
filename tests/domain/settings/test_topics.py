"""Topics of the stack file: what AWS is told of them, and what is wrong with one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.checks.topics import TopicPlace, check_topic, colliding_names, replicas_of, topics_available
from domain.msk.brokers import BrokerKind
from domain.plan.topics import configs_of, plan_topics
from domain.properties.topic import EXPRESS_FIXED_OF_TOPICS, TOPIC_CONFIGS
from domain.properties.values import text_of
from domain.settings.topics import Topic, TopicName

if TYPE_CHECKING:
    from domain.problems import Problem

STANDARD = TopicPlace(
    kind=BrokerKind.STANDARD, version="3.9.x.kraft", brokers=6, tiered=False, replication_factor=3, min_insync_replicas=2
)
TIERED = replace(STANDARD, tiered=True)
EXPRESS = replace(STANDARD, kind=BrokerKind.EXPRESS)


def topic(**settings: Any) -> Topic:
    return Topic.model_validate({"partitions": 6, **settings})


def problems(place: TopicPlace = STANDARD, **settings: Any) -> list[Problem]:
    return check_topic(topic(**settings), place)


def test_segments_below_one_mebibyte_are_refused_from_kafka_4_on() -> None:
    newest = replace(STANDARD, version="4.1.x.kraft")
    small, smallest = {"segment.bytes": 1_048_575}, {"segment.bytes": 1_048_576}
    assert [problem.message for problem in problems(newest, configs=small)] == [
        "must be a whole number from 1048576 to 2147483647."
    ]
    assert problems(newest, configs=smallest) == problems(STANDARD, configs=small) == []


@pytest.mark.parametrize("owner", ["", "orders", "team-orders@example.com", "Team Zahlungen, Köln", "x" * 256])
def test_an_owner_is_a_line_that_people_can_read(owner: str) -> None:
    assert topic(owner=owner).owner == owner


@pytest.mark.parametrize("owner", ["x" * 257, "orders\npayments", "orders\x00", "orders\u202e"])
def test_an_owner_that_nobody_can_read_is_refused(owner: str) -> None:
    with pytest.raises(ValidationError, match="one line of at most 256 characters"):
        topic(owner=owner)


@pytest.mark.parametrize("name", ["retentionHours", "localRetentionHours"])
@pytest.mark.parametrize("hours", [0, -1, float("inf"), float("nan"), 2_562_047_788_016, 1e18])
def test_hours_that_kafka_cannot_count_are_refused(name: str, hours: float) -> None:
    with pytest.raises(ValidationError):
        topic(**{name: hours})


def test_the_most_hours_that_kafka_counts_are_taken() -> None:
    assert problems(retentionHours=2_562_047_788_015) == []


@pytest.mark.parametrize(
    ("configs", "place", "words"),
    [
        ({"max.message.bytes": 67}, STANDARD, "must be a whole number from 68 to"),
        ({"segment.ms": 999}, STANDARD, "from 1000 to"),
        ({"segment.index.bytes": 1_023}, STANDARD, "from 1024 to"),
        ({"message.timestamp.before.max.ms": 999}, STANDARD, "from 1000 to"),
        ({"retention.ms": -2}, STANDARD, "or -1 for no limit."),
        ({"min.insync.replicas": 0}, STANDARD, "from 1 to"),
        ({"retention.ms": "1\n"}, STANDARD, "has a line break in it."),
        ({"retention.ms": "1 "}, STANDARD, "has a space at its beginning or end."),
        ({"max.compaction.lag.ms": 86_399_999}, EXPRESS, "must be 86400000 or more on Express brokers."),
        ({"min.compaction.lag.ms": 2, "max.compaction.lag.ms": 1}, STANDARD, "must be at most max.compaction.lag.ms (1)."),
    ],
)
def test_what_empties_or_stops_a_topic_is_refused(configs: dict[str, Any], place: TopicPlace, words: str) -> None:
    (problem,) = problems(place, configs=configs)
    assert problem.path[0] == "configs"
    assert words in problem.message


@pytest.mark.parametrize(
    ("configs", "place"),
    [
        ({"max.message.bytes": 68}, STANDARD),
        ({"max.compaction.lag.ms": 86_400_000}, EXPRESS),
        ({"max.compaction.lag.ms": 1}, STANDARD),
        ({"min.compaction.lag.ms": 1, "max.compaction.lag.ms": 1}, STANDARD),
        ({"retention.ms": -1, "retention.bytes": -1}, STANDARD),
        ({"message.timestamp.difference.max.ms": 86_400_000, "message.downconversion.enable": False}, STANDARD),
    ],
)
def test_what_kafka_takes_at_the_bound_is_taken(configs: dict[str, Any], place: TopicPlace) -> None:
    assert problems(place, configs=configs) == []


@pytest.mark.parametrize(
    ("configs", "path"),
    [
        ({"segment.bytes": 50_331_647}, "segment.bytes"),
        ({"segment.ms": 599_999}, "segment.ms"),
        ({"local.retention.bytes": 2, "retention.bytes": 2}, "local.retention.bytes"),
        ({"local.retention.bytes": -1, "retention.bytes": 2}, "local.retention.bytes"),
        ({"local.retention.ms": -1}, "local.retention.ms"),
        ({"local.retention.ms": 604_800_000}, "local.retention.ms"),
    ],
)
def test_segments_of_a_tiered_topic_are_large_enough_to_be_moved(configs: dict[str, Any], path: str) -> None:
    tiered = {"remoteStorage": True, "retentionHours": 168}
    assert [problem.path for problem in problems(TIERED, **tiered, configs=configs)] == [("configs", path)]
    more = {"segment.bytes": 50_331_648, "segment.ms": 600_000, "local.retention.bytes": 1, "retention.bytes": 2}
    assert problems(TIERED, **tiered, configs=more) == []
    assert problems(STANDARD, configs={name: value for name, value in configs.items() if name.startswith("segment.")}) == []


def test_tiered_storage_is_on_however_the_word_is_written() -> None:
    found = problems(configs={"remote.storage.enable": "TRUE"})
    assert [problem.path for problem in found] == [("remoteStorage",), ("retentionHours",)]


def test_a_topic_says_only_what_it_was_told() -> None:
    assert configs_of(topic()) == {}
    assert configs_of(
        topic(
            retentionHours=168,
            cleanupPolicy="compact,delete",
            minInsyncReplicas=2,
            maxMessageBytes=1048588,
            compressionType="zstd",
            configs={"segment.ms": 3_600_000, "preallocate": True},
        )
    ) == {
        "cleanup.policy": "compact,delete",
        "compression.type": "zstd",
        "max.message.bytes": "1048588",
        "min.insync.replicas": "2",
        "preallocate": "true",
        "retention.ms": "604800000",
        "segment.ms": "3600000",
    }


def test_topics_are_planned_in_order_with_the_clusters_replication_unless_they_say_theirs() -> None:
    planned = plan_topics(
        {"b": topic(configs={"segment.ms": 1, "flush.ms": 2}), "a": topic(replicationFactor=2)},
        kind=BrokerKind.STANDARD,
        default_replication_factor=3,
    )
    assert [(entry.name, entry.partitions, entry.replication_factor) for entry in planned] == [("a", 6, 2), ("b", 6, 3)]
    assert planned[1].configs == '{"flush.ms":"2","segment.ms":"1"}'


def test_replication_on_express_brokers_is_three_whatever_the_cluster_says() -> None:
    (one,) = plan_topics({"a": topic()}, kind=BrokerKind.EXPRESS, default_replication_factor=2)
    assert one.replication_factor == 3
    assert [problem.path for problem in problems(EXPRESS, replicationFactor=2)] == [("replicationFactor",)]
    assert problems(EXPRESS, replicationFactor=3) == []


@given(st.dictionaries(st.sampled_from(sorted(TOPIC_CONFIGS)), st.integers(0, 9) | st.booleans()))
def test_the_same_topic_is_always_the_same_text(configs: dict[str, int | bool]) -> None:
    one = topic(configs=configs)
    other = topic(configs=dict(reversed(configs.items())))
    plans = [plan_topics({"t": each}, kind=BrokerKind.STANDARD, default_replication_factor=3)[0] for each in (one, other)]
    assert plans[0] == plans[1]
    assert json.loads(plans[0].configs) == {name: text_of(value) for name, value in configs.items()}


@pytest.mark.parametrize("name", ["orders.v1", "a", "A-b_c.9", "x" * 249])
def test_good_names_are_taken(name: str) -> None:
    assert TypeAdapter(TopicName).validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "orders v1", "ørders", "x" * 250, "a/b", "__consumer_offsets", "__amazon_msk_canary"]
)
def test_bad_names_are_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(ValidationError, match=r"must be 1 to 249|begins with two underscores"):
        TypeAdapter(TopicName).validate_python(name)


@pytest.mark.parametrize(
    ("settings", "path", "words"),
    [
        ({"configs": {"retention.mz": 1}}, ("configs", "retention.mz"), "Did you mean retention.ms?"),
        ({"configs": {"segment.bytes": 1}}, ("configs", "segment.bytes"), "from 1024 to"),
        ({"configs": {"min.cleanable.dirty.ratio": 2}}, ("configs", "min.cleanable.dirty.ratio"), "from 0 to 1"),
        ({"retentionHours": 24, "configs": {"retention.ms": 1}}, ("configs", "retention.ms"), "sets the same as retentionHours"),
        ({"replicationFactor": 7}, ("replicationFactor",), "at most 6, the number of brokers"),
        ({"replicationFactor": 2}, ("replicationFactor",), "Set replicationFactor to 3 or more"),
        ({"replicationFactor": 1}, ("replicationFactor",), "leaves no room"),
        ({"minInsyncReplicas": 3}, ("minInsyncReplicas",), "Set replicationFactor to 4 or more, or minInsyncReplicas to 2"),
        ({"localRetentionHours": 12}, ("localRetentionHours",), "has no effect without remoteStorage"),
        ({"remoteStorage": True, "retentionHours": 168}, ("remoteStorage",), "storage.mode: TIERED"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(settings: dict[str, Any], path: tuple[str, ...], words: str) -> None:
    found = problems(**settings)
    assert [problem.path for problem in found] == [path]
    assert words in found[0].message


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"retentionHours": 71}, ("retentionHours",)),
        ({}, ("retentionHours",)),
        ({"retentionHours": 168, "cleanupPolicy": "compact"}, ("cleanupPolicy",)),
        ({"retentionHours": 168, "localRetentionHours": 168}, ("localRetentionHours",)),
    ],
)
def test_a_tiered_topic_has_rules_of_its_own(settings: dict[str, Any], path: tuple[str, ...]) -> None:
    assert [problem.path for problem in problems(TIERED, remoteStorage=True, **settings)] == [path]
    assert problems(TIERED, remoteStorage=True, retentionHours=168, localRetentionHours=24) == []
    assert problems(TIERED, remoteStorage=True, configs={"retention.ms": -1}) == []


def test_one_copy_is_a_choice_where_the_cluster_makes_it_too() -> None:
    single = replace(STANDARD, brokers=2, replication_factor=1, min_insync_replicas=1)
    assert problems(single) == []
    assert problems(replace(single, replication_factor=2)) == []


@pytest.mark.parametrize("name", sorted(TOPIC_CONFIGS))
def test_express_brokers_take_what_their_guide_lists(name: str) -> None:
    # MSK Developer Guide, "Custom MSK Express broker configurations", topic level.
    taken = {
        "cleanup.policy", "compression.type", "delete.retention.ms", "max.message.bytes", "message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms", "message.timestamp.type", "min.compaction.lag.ms", "max.compaction.lag.ms",
        "retention.bytes", "retention.ms",
    }  # fmt: skip
    values: dict[str, object] = {"cleanup.policy": "delete", "compression.type": "lz4", "message.timestamp.type": "CreateTime"}
    values["max.compaction.lag.ms"] = 604_800_000
    found = problems(EXPRESS, configs={name: values.get(name, 1000)})
    assert bool(found) is (name not in taken)
    if name in EXPRESS_FIXED_OF_TOPICS:
        assert f"fixed at {EXPRESS_FIXED_OF_TOPICS[name]}" in found[0].message


def test_older_brokers_have_fewer_configurations() -> None:
    older = replace(STANDARD, version="3.5.1")
    assert [problem.path for problem in problems(older, configs={"message.timestamp.after.max.ms": 1})] == [
        ("configs", "message.timestamp.after.max.ms")
    ]
    assert [topics_available(version) for version in ("3.5.1", "3.6.0", "3.9.x.kraft", "4.0.x.kraft")] == [
        False,
        True,
        True,
        True,
    ]


@given(
    st.dictionaries(
        st.sampled_from(sorted(TOPIC_CONFIGS)) | st.text(max_size=12), st.text(max_size=8) | st.integers() | st.booleans()
    ),
    st.sampled_from([STANDARD, TIERED, EXPRESS]),
)
def test_anything_at_all_gets_a_sentence_and_no_failure(configs: dict[str, Any], place: TopicPlace) -> None:
    found = problems(place, configs=configs)
    assert {name for name in configs if name not in TOPIC_CONFIGS} <= {item.path[-1] for item in found}
    for problem in found:
        assert problem.message.endswith((".", "?"))


def test_names_that_are_one_in_metrics_are_found() -> None:
    assert colliding_names({"a.b": topic(), "a_b": topic(), "ab": topic()}) == [("a.b", "a_b")]


def test_replicas_count_each_topics_own_factor() -> None:
    assert replicas_of({"a": topic(), "b": topic(partitions=2, replicationFactor=2)}, 3) == 6 * 3 + 2 * 2
