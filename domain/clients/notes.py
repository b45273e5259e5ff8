"""What a person must do beside using a client's file, as the comments at its head."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from domain.access.mechanisms import Mechanism
from domain.clients.connection import CERTIFICATE_VARIABLE, KEY_VARIABLE, KEYSTORE_VARIABLE, PASSWORD_VARIABLE, ClientConnection
from domain.clients.versions import (
    CONFLUENT_KAFKA,
    CONNECT_RUNTIME,
    IAM_AUTH,
    KAFKA_CLIENTS,
    KAFKA_PYTHON,
    KAFKA_STREAMS,
    LIBRDKAFKA,
    SIGNER,
    Jar,
    Wheel,
)


class Library(StrEnum):
    """What reads the file."""

    JAVA = "Java"
    STREAMS = "Kafka Streams"
    CONNECT = "Kafka Connect"
    SPRING = "Spring"
    LIBRDKAFKA = "librdkafka"
    CONFLUENT_KAFKA = "confluent-kafka"
    KAFKA_PYTHON = "kafka-python"


_JARS = {Library.JAVA: KAFKA_CLIENTS, Library.STREAMS: KAFKA_STREAMS, Library.CONNECT: CONNECT_RUNTIME}
_WHEELS = {Library.CONFLUENT_KAFKA: CONFLUENT_KAFKA, Library.KAFKA_PYTHON: KAFKA_PYTHON}

RACK = "Set client.rack to the ID of the client's Availability Zone, such as euw1-az1, so that it reads in its own zone."
"""For consumers: brokers choose a replica in the consumer's own zone (KIP-392), where nothing is charged for the traffic."""

_SHOWN = 3
"""Transactional ids that a comment names."""


def packages(mechanism: Mechanism, library: Library) -> list[Jar] | list[Wheel]:
    """What is to be installed for a file; Spring Boot itself brings the Kafka client that it manages."""
    iam = mechanism is Mechanism.IAM
    if library in _WHEELS:
        return [_WHEELS[library], *([SIGNER] if iam else [])]
    jars = [_JARS[library]] if library in _JARS else []
    return [*jars, *([IAM_AUTH] if iam and library is not Library.LIBRDKAFKA else [])]


def notes(connection: ClientConnection, library: Library) -> list[str]:
    """What the client needs, a sentence each; the first says whose file it is."""
    needed = packages(connection.mechanism, library)
    named = [str(package) for package in needed]
    match library:
        case Library.SPRING:
            named = ["Spring Boot 3.2 or newer", *named]
        case Library.LIBRDKAFKA:
            named = [LIBRDKAFKA]
        case _:
            pass
    return [
        f"Client {connection.name}: {connection.mechanism}.",
        *_identity(connection, library),
        f"Needs {' and '.join(named)}.",
        *_installed(needed),
        *_choices(connection, library),
    ]


def _identity(connection: ClientConnection, library: Library) -> Iterator[str]:
    jvm = library in (*_JARS, Library.SPRING)
    match connection.mechanism:
        case Mechanism.IAM if library is Library.LIBRDKAFKA:
            yield (
                "Needs AWS credentials, and a token refresh callback with an AWS MSK IAM SASL signer: librdkafka has no signer."
            )
        case Mechanism.IAM:
            yield "Needs AWS credentials, like every AWS client."
        case Mechanism.SCRAM:
            yield f"Needs {PASSWORD_VARIABLE}: the value of `password` in the secret {connection.secret}."
        case Mechanism.MUTUAL_TLS if jvm:
            yield f"Needs {KEYSTORE_VARIABLE}: the path of a PEM file with the certificate chain and the private key."
        case Mechanism.MUTUAL_TLS:
            yield f"Needs {CERTIFICATE_VARIABLE} and {KEY_VARIABLE}: paths of PEM files with the certificate chain and its key."
        case _:
            pass


def _installed(needed: list[Jar] | list[Wheel]) -> Iterator[str]:
    """How to install it, a line for each tool."""
    jars = [package for package in needed if isinstance(package, Jar)]
    wheels = [package for package in needed if isinstance(package, Wheel)]
    if jars:
        yield f"Gradle: {' '.join(jar.gradle for jar in jars)}."
        yield f"Maven: {''.join(jar.maven for jar in jars)}."
    if wheels:
        quoted = " ".join(f"'{wheel.requirement}'" for wheel in wheels)
        yield f"pip install {quoted}."


def _choices(connection: ClientConnection, library: Library) -> Iterator[str]:
    """What each running instance must say itself, since two of them must not say the same or nobody can say it for them."""
    if library in (Library.STREAMS, Library.CONNECT):
        return
    spring = library is Library.SPRING
    ids, prefix = connection.transactional_ids, connection.transactional_id_prefix
    name = "transaction-id-prefix" if spring else "transactional.id"
    if ids and spring and not prefix:
        yield (
            "Spring appends numbers to transaction-id-prefix, and this client has whole transactional ids: give it "
            "transactionalIdPrefixes for transactions."
        )
    elif len(ids) > 1:
        more = " and others" if len(ids) > _SHOWN else ""
        yield f"Each running instance sets a transactional.id of its own: {', '.join(ids[:_SHOWN])}{more}."
    elif prefix and not ids:
        yield f"For transactions, each running instance sets a {name} of its own that begins with {prefix}."
    if connection.consumes and not connection.group:
        yield f"Set {'group-id' if spring else 'group.id'} to one that begins with {connection.group_prefix}."
