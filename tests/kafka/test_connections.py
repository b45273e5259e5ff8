"""Who gets in: with which credentials topics are created, written and read, and what the others are told."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaError

from support.kafka.certificates import CertificateAuthority
from support.kafka.clients import Producing, connection_errors, consumed
from support.kafka.connections import Connection
from support.kafka.server_files import Listener

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.tools import Tools

_MESSAGES = [f"order {number}" for number in range(20)]
_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
# A tool that cannot connect tries again until this is over.
_IMPATIENT = {"default.api.timeout.ms": "5000", "request.timeout.ms": "5000"}


@pytest.fixture(params=["SCRAM", "mutual TLS"])
def connection(request: pytest.FixtureRequest, cluster: Cluster, new_name: Callable[[str], str]) -> Connection:
    """A client with the one or the other kind of credentials."""
    name = new_name("client")
    return cluster.add_user(name, _PASSWORD) if request.param == "SCRAM" else cluster.with_certificate(name)


def test_what_javas_tools_write_with_acks_all_a_group_reads(
    connection: Connection, tools: Tools, new_name: Callable[[str], str]
) -> None:
    topic, group = new_name("orders"), new_name("group")
    created = tools.run("kafka-topics.sh", connection, "--create", "--topic", topic)
    assert (created.code, created.output.strip()) == (0, f"Created topic {topic}.")

    written = tools.run(
        "kafka-console-producer.sh", connection, "--topic", topic, settings={"acks": "all"}, stdin="\n".join(_MESSAGES)
    )
    assert (written.code, written.text.strip(" >\n")) == (0, "")
    read = tools.run(
        "kafka-console-consumer.sh",
        connection,
        *("--topic", topic, "--group", group, "--from-beginning", "--max-messages", str(len(_MESSAGES))),
    )
    assert read.output.splitlines() == _MESSAGES


def test_what_confluent_kafka_writes_with_acks_all_a_group_reads_once(
    connection: Connection, topic: str, new_name: Callable[[str], str]
) -> None:
    group = new_name("group")
    producing = Producing(connection)
    producing.send(topic, _MESSAGES)
    assert producing.refused == []
    assert sorted(consumed(connection, topic, len(_MESSAGES), group=group)) == sorted(_MESSAGES)
    producing.send(topic, ["one more"])
    assert consumed(connection, topic, 1, group=group) == ["one more"]


# --- Who does not get in ----------------------------------------------------------------------------------


@pytest.fixture
def stranger(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path / "stranger", "somebody else")


def wrong_password(cluster: Cluster, _stranger: CertificateAuthority) -> Connection:
    return dataclasses.replace(cluster.add_user("careless", _PASSWORD), password="guessed")  # noqa: S106 - it is wrong


def unknown_user(cluster: Cluster, _stranger: CertificateAuthority) -> Connection:
    return cluster.with_password("nobody-knows", _PASSWORD)


def broker_of_unknown_ca(cluster: Cluster, stranger: CertificateAuthority) -> Connection:
    return dataclasses.replace(cluster.add_user("cautious", _PASSWORD), trusted=stranger.certificate)


def client_of_unknown_ca(cluster: Cluster, stranger: CertificateAuthority) -> Connection:
    return cluster.with_certificate("forged", authority=stranger)


def no_certificate(cluster: Cluster, _stranger: CertificateAuthority) -> Connection:
    return dataclasses.replace(cluster.with_certificate("lost"), certificate=None)


def plaintext_to_scram(cluster: Cluster, _stranger: CertificateAuthority) -> Connection:
    return Connection(cluster.bootstrap(Listener.SCRAM), None)


def plaintext_to_tls(cluster: Cluster, _stranger: CertificateAuthority) -> Connection:
    return Connection(cluster.bootstrap(Listener.TLS), None)


@pytest.mark.parametrize(
    ("refused", "error", "words"),
    [
        (wrong_password, KafkaError._AUTHENTICATION, "Authentication failed during authentication due to invalid credentials"),
        (unknown_user, KafkaError._AUTHENTICATION, "Authentication failed during authentication due to invalid credentials"),
        (broker_of_unknown_ca, KafkaError._SSL, "certificate verify failed"),
        (client_of_unknown_ca, KafkaError._TRANSPORT, "alert bad certificate"),
        (no_certificate, KafkaError._TRANSPORT, "alert bad certificate"),
        (plaintext_to_scram, KafkaError._ALL_BROKERS_DOWN, "brokers are down"),
        (plaintext_to_tls, KafkaError._ALL_BROKERS_DOWN, "brokers are down"),
    ],
)
def test_confluent_kafka_says_why_it_does_not_get_in(
    cluster: Cluster, stranger: CertificateAuthority, refused: Callable[..., Connection], error: int, words: str
) -> None:
    told = connection_errors(refused(cluster, stranger), until=error)
    assert [message.str() for message in told if words in message.str()], told


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (wrong_password, "SaslAuthenticationException: Authentication failed during authentication due to invalid credentials"),
        (broker_of_unknown_ca, "unable to find valid certification path to requested target"),
        (client_of_unknown_ca, "Received fatal alert: bad_certificate"),
        # It takes the TLS alert for a length, and asks for as much memory.
        (plaintext_to_scram, "OutOfMemoryError: Java heap space"),
    ],
)
def test_javas_tools_say_why_they_do_not_get_in(
    cluster: Cluster, stranger: CertificateAuthority, tools: Tools, refused: Callable[..., Connection], words: str
) -> None:
    listed = tools.run("kafka-topics.sh", refused(cluster, stranger), "--list", settings=_IMPATIENT)
    assert listed.code == 1
    assert words in listed.text
