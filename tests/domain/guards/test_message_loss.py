"""Which messages a change of retention or cleanup deletes."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guards.messages import amount_in_words, losses_of_servers, losses_of_topic, notes_on_local_retention
from inventory.rows import SECRET, UNKNOWN

HOUR = 3_600_000


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    return [(server.property, server.old, server.new, server.certain) for server in losses_of_servers(old, new)]


def of_topic(old: dict[str, Any], new: dict[str, Any], servers: dict[str, Any] | None = None) -> list[tuple[str, str, str, bool]]:
    found = losses_of_topic(old, new, servers, servers)
    return [(item.property, item.old, item.new, item.certain) for item in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"log.retention.hours": "168"}, {"log.retention.hours": "1"}, ("log.retention.hours", "168 h", "1 h")),
        ({}, {"log.retention.hours": "24"}, ("log.retention.hours", "168 h, Kafka's default", "24 h")),
        ({"log.retention.hours": "720"}, {}, ("log.retention.hours", "720 h", "168 h, Kafka's default")),
        ({"log.retention.hours": "-1"}, {}, ("log.retention.hours", "no limit", "168 h, Kafka's default")),
        # The shorter unit decides, whatever the longer ones say.
        (
            {"log.retention.hours": "168"},
            {"log.retention.hours": "168", "log.retention.ms": "3600000"},
            ("log.retention.ms", "168 h by log.retention.hours", "1 h"),
        ),
        (
            {"log.retention.hours": "1", "log.retention.minutes": "6000"},
            {"log.retention.hours": "1"},
            ("log.retention.hours", "100 h by log.retention.minutes", "1 h"),
        ),
        ({"log.retention.ms": "-1"}, {"log.retention.ms": "5400000"}, ("log.retention.ms", "no limit", "90 min")),
        ({}, {"log.retention.bytes": "1073741824"}, ("log.retention.bytes", "no limit, Kafka's default", "1 GiB")),
        ({"log.retention.bytes": 2048}, {"log.retention.bytes": 1500}, ("log.retention.bytes", "2 KiB", "1500 bytes")),
        ({}, {"log.cleanup.policy": "compact"}, ("log.cleanup.policy", "delete, Kafka's default", "compact")),
        (
            {"log.cleanup.policy": "delete"},
            {"log.cleanup.policy": "delete,compact"},
            ("log.cleanup.policy", "delete", "delete,compact"),
        ),
        ({"log.cleanup.policy": "compact"}, {}, ("log.cleanup.policy", "compact", "delete, Kafka's default")),
        (
            {"log.cleanup.policy": "compact"},
            {"log.cleanup.policy": "compact, delete"},
            ("log.cleanup.policy", "compact", "compact, delete"),
        ),
        ({"log.cleanup.policy": ""}, {"log.cleanup.policy": "delete"}, ("log.cleanup.policy", "empty", "delete")),
    ],
)  # fmt: skip
def test_a_shorter_life_of_messages_is_a_loss(old: dict[str, Any], new: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert told(old, new) == [(*expected, True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({}, {"log.retention.hours": "168"}),
        ({"log.retention.hours": "24"}, {"log.retention.ms": "86400000"}),
        ({"log.retention.ms": "1000", "log.retention.hours": "168"}, {"log.retention.ms": "1000", "log.retention.hours": "1"}),
        ({}, {"log.retention.ms": "-1"}),
        ({"log.retention.bytes": "1000"}, {}),
        ({"log.cleanup.policy": "delete,compact"}, {"log.cleanup.policy": "compact"}),
        ({"log.cleanup.policy": "compact,delete"}, {"log.cleanup.policy": "delete"}),
        ({"log.cleanup.policy": "compact", "log.retention.ms": "-1"}, {"log.retention.ms": "-1"}),
        ({"message.max.bytes": "1"}, {"message.max.bytes": "2"}),
    ],
)  # fmt: skip
def test_what_keeps_messages_as_long_is_none(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert told(old, new) == []


def test_the_sentence_says_what_becomes_of_messages() -> None:
    (older,) = losses_of_servers({}, {"log.retention.minutes": "60"})
    assert older.sentence.startswith("messages older than 1 h are deleted within minutes in every topic without its own setting")
    (larger,) = losses_of_topic({}, {"retention.bytes": 2**30}, {}, {})
    assert larger.sentence == "each partition keeps its newest 1 GiB, and older messages are deleted within minutes"
    (compacted,) = losses_of_topic({}, {"cleanup.policy": "compact"}, {}, {})
    assert "of those with the same key only the newest stays" in compacted.sentence


@pytest.mark.parametrize("value", [UNKNOWN, SECRET, "soon", "", "1e3", None])
@pytest.mark.parametrize("name", ["log.retention.ms", "log.retention.bytes", "log.cleanup.policy"])
def test_a_value_that_nobody_knows_is_never_harmless(name: str, value: str | None) -> None:
    if value is None:
        assert [server.certain for server in losses_of_servers({}, None)] == [False]
        assert [server.certain for server in losses_of_servers(None, {})] == [False]
        assert [item.certain for item in losses_of_topic({}, None, {}, {})] == [False]
    elif not (name == "log.cleanup.policy" and value == ""):
        found = told({}, {name: value})
        assert [(item[0], item[3]) for item in found] == [(name, False)]


TIMES = {"log.retention.ms": 1, "log.retention.minutes": 60_000, "log.retention.hours": HOUR}
times = st.dictionaries(st.sampled_from(list(TIMES)), st.integers(-1, 10_000_000), max_size=3)


def milliseconds(properties: dict[str, int]) -> float:
    """What the broker makes of them: its own code reads the finest unit first."""
    for name, factor in TIMES.items():
        if name in properties:
            return math.inf if properties[name] < 0 else properties[name] * factor
    return 168 * HOUR


@given(times, times)
def test_time_is_compared_in_whatever_units_it_is_given(old: dict[str, int], new: dict[str, int]) -> None:
    found = losses_of_servers(old, {name: str(value) for name, value in new.items()})
    assert bool(found) is (milliseconds(new) < milliseconds(old))
    assert all(item.certain for item in found)


@given(times, times)
def test_one_of_two_directions_deletes_messages(old: dict[str, int], new: dict[str, int]) -> None:
    assert bool(told(old, new)) + bool(told(new, old)) == (milliseconds(old) != milliseconds(new))


configs = st.fixed_dictionaries(
    {},
    optional={
        "retention.ms": st.integers(-1, 10**12) | st.integers(-1, 10**12).map(str),
        "retention.bytes": st.integers(-1, 10**12) | st.integers(-1, 10**12).map(str),
        "cleanup.policy": st.sampled_from(["delete", "compact", "compact,delete"]),
    },
)


@given(configs, st.dictionaries(st.sampled_from(["max.message.bytes", "min.insync.replicas"]), st.integers(1, 9)))
def test_a_topic_that_changes_otherwise_loses_nothing(kept: dict[str, Any], changed: dict[str, int]) -> None:
    # Not even where nobody knows the cluster's properties.
    assert of_topic(kept, {**kept, **changed}) == []


@given(configs, configs)
def test_a_topic_keeps_what_it_kept_or_it_is_told(old: dict[str, Any], new: dict[str, Any]) -> None:
    def kept(values: dict[str, Any]) -> tuple[float, float, bool]:
        policy = values.get("cleanup.policy", "delete")
        limits = [int(values.get(name, default)) for name, default in (("retention.ms", 168 * HOUR), ("retention.bytes", -1))]
        time, size = (math.inf if limit < 0 or "delete" not in policy else limit for limit in limits)
        return time, size, "compact" not in policy

    before, after = kept(old), kept(new)
    assert bool(of_topic(old, new, {})) is any(item < other for item, other in zip(after, before, strict=True))


def test_a_topic_without_a_setting_of_its_own_has_the_cluster_s() -> None:
    servers = {"log.retention.hours": "24"}
    assert of_topic({"retention.ms": "604800000"}, {}, servers) == [
        ("log.retention.hours", "168 h by retention.ms", "24 h", True)
    ]
    assert of_topic({"retention.ms": 3600000}, {}, servers) == []
    assert of_topic({}, {"retention.ms": 3600000.0}, servers) == [("retention.ms", "24 h by log.retention.hours", "1 h", True)]
    # Where the cluster is not in the preview, what it says is not known.
    assert [item[3] for item in of_topic({"retention.ms": "604800000"}, {})] == [False]
    assert [item[3] for item in of_topic({}, {"retention.ms": "3600000"})] == [False]
    assert of_topic({"retention.ms": "1"}, {"retention.ms": "-1"}) == []


def test_retention_of_a_compacted_topic_deletes_nothing_until_its_policy_does() -> None:
    compacted = {"cleanup.policy": "compact", "retention.ms": "604800000"}
    assert of_topic(compacted, {**compacted, "retention.ms": "1"}, {}) == []
    found = of_topic(compacted, {"cleanup.policy": "delete", "retention.ms": "3600000"}, {})
    assert found == [("cleanup.policy", "compact", "delete", True)]


def test_local_retention_deletes_no_message_and_says_what_it_does() -> None:
    tiered = {"remote.storage.enable": True, "local.retention.ms": "86400000", "retention.ms": "604800000"}
    shorter = {**tiered, "local.retention.ms": 3600000}
    assert of_topic(tiered, shorter) == []
    (note,) = notes_on_local_retention(tiered, shorter)
    assert note.startswith("local.retention.ms: 86400000 → 3600000. No message is deleted")
    assert "read from tiered storage" in note
    (note,) = notes_on_local_retention({}, {"local.retention.bytes": 1})
    assert "has no effect on a topic without remote.storage.enable=true" in note
    (note,) = notes_on_local_retention({}, {"log.local.retention.ms": 1})
    assert "tiered storage" in note
    assert notes_on_local_retention(tiered, tiered) == []
    assert told({}, {"log.local.retention.ms": "1"}) == []


def test_tiered_storage_that_a_topic_gives_up_deletes_what_only_it_holds() -> None:
    tiered = {"remote.storage.enable": "true"}
    assert of_topic(tiered, {"remote.storage.enable": "false"}) == [("remote.storage.enable", "true", "false", True)]
    assert of_topic(tiered, {}) == [("remote.storage.enable", "true", "not set", True)]
    assert of_topic({}, tiered) == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0 ms"),
        (1, "1 ms"),
        (1500, "1500 ms"),
        (60_000, "1 min"),
        (5_400_000, "90 min"),
        (HOUR, "1 h"),
        (math.inf, "no limit"),
    ],
)
def test_amounts_are_told_in_the_largest_whole_unit(amount: float, expected: str) -> None:
    assert amount_in_words(amount) == expected
