"""What clients' rights open beyond their names: topics of Kafka's own, short prefixes, shared transactions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.loading import load_stack
from domain.problems import SettingsError
from support.stacks import TODAY

Rights = dict[str, Any]


def warnings(rights: Rights, *others: Rights, topics: Rights | None = None) -> list[str]:
    clients = {
        f"c{number}": {"from": {"cidr": "10.40.0.0/20"}, "as": {"role": {"ec2": {}}}, **entry}
        for number, entry in enumerate((rights, *others))
    }
    config = {"clients": json.dumps(clients), "topics": json.dumps(topics or {})}
    loaded = load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY)
    return [warning for warning in loaded.warnings if warning.startswith("clients.")]


def mistakes(rights: Rights) -> list[str]:
    with pytest.raises(SettingsError) as error:
        warnings(rights)
    return [str(problem) for problem in error.value.problems]


SOUND: list[Rights] = [
    {"produce": {"topics": ["orders", "_schemas"], "prefixes": ["orders.", "_s"], "transactionalIdPrefixes": ["orders-"]}},
    {"consume": {"topics": ["_schemas"], "prefixes": ["or"], "groups": ["g"], "groupPrefixes": ["or"]}},
    {"admin": {"topics": ["a"], "prefixes": ["x_"], "groupPrefixes": ["or"]}},
    {
        "produce": {"prefixes": ["__amazon_msk_connect_"]},
        "consume": {"prefixes": ["__amazon_msk_connect_"], "groupPrefixes": ["__amazon_msk_connect-"]},
    },
]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("totals", "totals2", []),
        ("totals", "totals.eu", []),
        ("totals-eu", "totals", ["clients.c1.streams.applicationId: totals gives it the topics and transactions that begin"]),
        ("totals", "totals-eu", ["clients.c0.streams.applicationId: totals gives it the topics and transactions that begin"]),
        ("totals", "totals", ["clients.c1.streams.applicationId: totals is client c0's too"]),
        ("__totals", "totals", ["clients.c0.streams.applicationId: __totals- begins with two underscores"]),
    ],
)
def test_applications_that_share_names_are_told(first: str, second: str, expected: list[str]) -> None:
    told = warnings(streams(first), streams(second))
    assert len(told) == len(expected)
    assert all(text.startswith(start) for text, start in zip(told, expected, strict=True))


def streams(application_id: str, **consume: Any) -> Rights:
    return {"streams": {"applicationId": application_id}, "consume": {"topics": ["orders"], **consume}}


def test_topics_that_an_application_may_delete_are_told_but_for_its_internal_ones() -> None:
    internal = [
        "totals-counts-changelog",
        "totals-words-repartition",
        "totals-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000012-topic",
    ]
    sound = {"orders": {"partitions": 1}, "totals.v1": {"partitions": 1}, **{name: {"partitions": 1} for name in internal}}
    assert warnings(streams("totals"), topics=sound) == []
    (warning,) = warnings(streams("totals"), topics={**sound, "totals-out": {"partitions": 1}})
    assert "so also totals-out: it may write, empty and delete them" in warning
    (warning,) = warnings(streams("totals"), topics={**sound, **{f"totals-{letter}": {"partitions": 1} for letter in "abcde"}})
    assert "so also totals-a, totals-b, totals-c and 2 more: it" in warning


def test_a_consumer_in_the_group_of_an_application_is_told() -> None:
    reader = {"consume": {"topics": ["orders"], "groups": ["audit", "totals"]}}
    for rights in ([streams("totals"), reader], [reader, streams("totals")]):
        (warning,) = warnings(*rights)
        assert "consume.groups: totals is the group of client c" in warning
    (own,) = warnings(streams("totals", groups=["totals"]))
    assert own.startswith("clients.c0.consume.groups: totals is the group of client c0's Kafka Streams application")
    assert warnings(streams("totals", groups=["audit"])) == []


@pytest.mark.parametrize("rights", SOUND)
def test_rights_to_ones_own_are_not_remarked_on(rights: Rights) -> None:
    assert warnings(rights) == []


@pytest.mark.parametrize("topic", ["__consumer_offsets", "__transaction_state", "__share_group_state"])
def test_nobody_writes_to_what_brokers_write_alone(topic: str) -> None:
    (message,) = mistakes({"produce": {"topics": ["orders", topic]}})
    assert message.startswith(f"clients.c0.produce.topics[1] = {topic}: is an internal topic of Kafka")
    (warning,) = warnings({"consume": {"topics": [topic], "groups": ["lag-exporter"]}})
    assert "it reads" in warning


@pytest.mark.parametrize("prefix", ["_", "__", "__c", "__consumer_offsets"])
def test_a_prefix_that_takes_in_kafkas_own_topics_says_what_it_opens(prefix: str) -> None:
    (deletes,) = [text for text in warnings({"admin": {"prefixes": [prefix]}}) if "__consumer_offsets" in text]
    assert "it may delete them, and lose the offsets of every consumer group" in deletes
    (reads,) = [text for text in warnings({"consume": {"prefixes": [prefix], "groups": ["g"]}}) if "(__consumer_offsets" in text]
    assert "it reads the offsets of every consumer group" in reads
    assert any("what Kafka and Amazon MSK rely on" in text for text in warnings({"produce": {"prefixes": [prefix]}}))


def test_topics_with_two_underscores_are_somebody_elses_most_likely() -> None:
    (warning,) = warnings({"produce": {"topics": ["__remote_log_metadata"]}})
    assert "begins with two underscores" in warning


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ({"produce": {"prefixes": ["o"]}}, "writes to every topic"),
        ({"consume": {"prefixes": ["o"], "groups": ["g"]}}, "reads every topic"),
        ({"admin": {"prefixes": ["o"]}}, "deletes every topic"),
        ({"consume": {"topics": ["a"], "groupPrefixes": ["o"]}}, "joins every group"),
        ({"admin": {"groupPrefixes": ["o"]}}, "resets and deletes every group"),
        ({"produce": {"topics": ["a"], "transactionalIdPrefixes": ["o"]}}, "fences every other producer"),
    ],
)
def test_a_prefix_of_one_character_says_whom_it_takes_in(rights: Rights, words: str) -> None:
    (warning,) = warnings(rights)
    assert "o is one character" in warning
    assert words in warning


@pytest.mark.parametrize("name", [".", ".."])
def test_names_that_kafka_refuses_are_refused(name: str) -> None:
    (message,) = mistakes({"produce": {"topics": [name]}})
    assert "Kafka refuses the names . and .." in message
    # As the beginning of names a dot is one like any other.
    assert all("one character" in text for text in warnings({"produce": {"prefixes": [name]}}))


def test_one_transactional_id_of_two_clients_is_told() -> None:
    shared = {"produce": {"topics": ["a"], "transactionalIds": ["tx"]}}
    (warning,) = warnings(shared, shared)
    assert warning.startswith("clients.c1.produce.transactionalIds: tx is client c0's too")
    assert warnings(shared, {"produce": {"topics": ["a"], "transactionalIds": ["tx-2"]}}) == []


def test_topics_that_are_one_to_kafka_are_told() -> None:
    reads = {"consume": {"topics": ["orders_v1"], "groups": ["g"]}}
    (warning,) = warnings({"produce": {"topics": ["orders.v1"]}}, reads)
    assert "orders_v1 and orders.v1 are one name" in warning
    assert any("are one name" in text for text in warnings(reads, topics={"orders.v1": {"partitions": 1}}))
    assert warnings({"produce": {"topics": ["orders_v1"]}}, reads) == []


WORKERS: Rights = {"connect": {"groupId": "orders-connect"}}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"connect": {"groupId": "crm-connect"}}, []),
        (
            {"connect": {"groupId": "orders-connect"}},
            ["is client c0's too: Kafka takes the workers of both for one"],
        ),
        (
            {"connect": {"groupId": "crm", "configTopic": "orders-connect-configs"}},
            ["c1.connect keeps its state in orders-connect-configs, and client c0 too"],
        ),
        ({"consume": {"topics": ["a"], "groups": ["orders-connect"]}}, ["is the group of client c0's Connect workers"]),
        ({"consume": {"topics": ["a"], "groups": ["connect-orders"]}}, []),
    ],
)
def test_workers_of_connect_that_share_a_group_or_a_topic_are_told(other: Rights, expected: list[str]) -> None:
    found = warnings(WORKERS, other)
    assert len(found) == len(expected)
    assert all(words in warning for words, warning in zip(expected, found, strict=True))


def test_workers_that_keep_their_state_in_kafkas_own_topics_are_told() -> None:
    (warning,) = warnings({"connect": {"groupId": "c", "offsetTopic": "__consumer_offsets"}})
    assert "its workers take them for their own" in warning


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ({"formats": ["java", "connect"]}, "clients.c0.formats[1] = connect: needs connect. Add connect, or remove connect from"),
        ({"formats": ["kafka-streams"]}, "clients.c0.formats[0] = kafka-streams: needs streams."),
        ({"connect": {"groupId": "a/b"}}, "clients.c0.connect.groupId = a/b: has characters that no topic's name has"),
        ({"connect": {"groupId": "a", "configTopic": "a-status"}}, "clients.c0.connect.groupId = a: has one topic for two of"),
        (
            {**WORKERS, "consume": {"topics": ["a"], "groups": ["connect-a", "orders-connect"]}},
            "clients.c0.consume.groups[1] = orders-connect: is connect.groupId: Kafka refuses consumers in the workers' group.",
        ),
    ],
)
def test_what_a_clients_blocks_do_not_agree_on_is_refused(rights: Rights, expected: str) -> None:
    (mistake,) = mistakes(rights)
    assert mistake.startswith(expected)


def test_a_file_of_each_kind_of_client_may_be_asked_for() -> None:
    rights = {**WORKERS, "streams": {"applicationId": "a"}, "consume": {"topics": ["a"]}}
    assert warnings({**rights, "formats": ["connect", "kafka-streams", "python", "java"]}) == []
