"""What an existing topic may not become, whatever is known of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guards.table import FEWER_PARTITIONS, PARTITIONS_AND_CONFIGS, SMALL_SEGMENTS
from domain.guards.topics import refusals_on_topic_update

counts = st.integers(1, 9)
configs = st.sampled_from(['{"retention.ms":"1"}', '{"retention.ms":"2"}', "{}"])
known = st.fixed_dictionaries({"name": st.just("orders"), "partitionCount": counts, "configs": configs})
# What a preview does not know yet is left out or is an object of the SDK's own.
strange = st.none() | st.booleans() | st.text(max_size=3) | st.lists(counts, max_size=2) | st.builds(object)
anything = st.dictionaries(st.sampled_from(["name", "partitionCount", "configs"]), strange | counts | configs)


def rules(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [entry.rule for entry in refusals_on_topic_update(old, new)]


@given(known, known)
def test_partitions_only_grow_and_grow_alone(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = old["partitionCount"], new["partitionCount"]
    found = rules(old, new)
    assert (FEWER_PARTITIONS in found) is (after < before)
    assert (PARTITIONS_AND_CONFIGS in found) is (after > before and old["configs"] != new["configs"])
    assert len(found) <= 1


@given(known, known)
def test_what_is_refused_at_once_passes_one_after_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    first = {**old, "partitionCount": max(old["partitionCount"], new["partitionCount"])}
    second = {**first, "configs": new["configs"]}
    assert rules(old, first) == []
    assert rules(first, second) == []


@given(known)
def test_a_topic_that_stays_as_it_is_is_never_refused(topic: dict[str, Any]) -> None:
    assert rules(topic, dict(topic)) == []


@given(anything, anything)
def test_anything_at_all_gets_an_answer_and_no_failure(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert set(rules(old, new)) <= {FEWER_PARTITIONS, PARTITIONS_AND_CONFIGS}


@pytest.mark.parametrize("unknown", [None, object(), "04da6b54-80e4-46f7-96ec-b56ff0331ba9"])
@pytest.mark.parametrize("side", ["old", "new"])
def test_partitions_that_are_not_known_are_no_reason_to_refuse(side: str, unknown: object) -> None:
    topics: dict[str, dict[str, Any]] = {
        "old": {"name": "orders", "partitionCount": 6, "configs": "{}"},
        "new": {"name": "orders", "partitionCount": 3, "configs": '{"retention.ms":"1"}'},
    }
    topics[side]["partitionCount"] = unknown
    assert rules(topics["old"], topics["new"]) == []


def test_configuration_that_is_not_known_is_no_reason_to_refuse_more_partitions() -> None:
    old, new = {"name": "orders", "partitionCount": 3, "configs": "{}"}, {"name": "orders", "partitionCount": 6}
    assert rules(old, new) == []
    assert rules({**old, "configs": object()}, {**new, "configs": "{}"}) == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (
            {"partitionCount": 3, "configs": "{}"},
            ["topics.orders.partitions", "from 6 to 3", "another name", "revert partitions"],
        ),
        ({"partitionCount": 9, "configs": '{"a":"b"}'}, ["topics.orders", "one update", "Change partitions, deploy, then"]),
    ],
)
def test_a_refusal_names_the_topic_its_setting_and_a_way_out(new: dict[str, Any], words: list[str]) -> None:
    old = {"name": "orders", "partitionCount": 6, "configs": "{}"}
    (refusal,) = refusals_on_topic_update(old, {"name": "orders", **new})
    assert refusal.property_path in new
    assert all(word in refusal.message for word in words), refusal.message


@pytest.mark.parametrize(
    ("configs", "version", "refused"),
    [
        ('{"segment.bytes":"1048575"}', "4.0.x.kraft", True),
        ('{"segment.bytes":100000}', "4.1.x.kraft", True),
        ('{"segment.bytes":"1048576"}', "4.1.x.kraft", False),
        ('{"segment.bytes":"100000"}', "3.9.x.kraft", False),
        ('{"segment.bytes":"100000"}', None, False),
        ("[" * 100_000, "4.0.x.kraft", False),
        ("{}", "4.1.x.kraft", False),
        ("[", "4.1.x.kraft", False),
        (None, "4.1.x.kraft", False),
    ],
)
def test_segments_that_kafka_4_does_not_start_with_are_raised_before_the_version(
    configs: str | None, version: str | None, refused: bool
) -> None:
    old = {"name": "orders", "partitionCount": 3, "configs": configs}
    new = {**old, "configs": '{"segment.bytes":"1048576"}'}
    refusals = refusals_on_topic_update(old, new, version=version)
    assert [refusal.rule for refusal in refusals] == [SMALL_SEGMENTS] * refused
    assert all("Set kafkaVersion back and deploy, then raise it." in refusal.message for refusal in refusals)
