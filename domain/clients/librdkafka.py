"""A client's files for what is made of librdkafka: C, C++, Go, .NET, Node.js, Rust, and confluent-kafka for Python.

Names and units: librdkafka, CONFIGURATION.md. IAM is the OAUTHBEARER mechanism with a token of one of AWS's signers.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.access.mechanisms import Mechanism
from domain.clients.connection import (
    CERTIFICATE_VARIABLE,
    KEY_VARIABLE,
    PASSWORD_VARIABLE,
    ClientConnection,
    Settings,
    common,
    sides,
)
from domain.clients.java import properties_file
from domain.clients.notes import Library, notes

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Mapping[str, str | None] = MappingProxyType(
    {
        "buffer.memory": None,
        "fetch.max.wait.ms": "fetch.wait.max.ms",
        "max.poll.records": None,
        "max.request.size": "message.max.bytes",
        "receive.buffer.bytes": None,
        "send.buffer.bytes": None,
    }
)
"""Where librdkafka's name is another than that of the Java clients; None where it has no such setting."""

_OWN: Mapping[str, str] = MappingProxyType(
    {
        # What is idle for minutes goes through NAT and private links that forget it; Java's clients always ask for this.
        "socket.keepalive.enable": "true",
        # Java's request.timeout.ms, of everything but what a producer sends.
        "socket.timeout.ms": "30000",
    }
)
"""Where librdkafka differs from the Java clients under names of its own."""

_RESPONSE = 1024
"""Bytes. librdkafka wants at least 512 more of a response than of what is fetched (``receive.message.max.bytes``)."""

RESPONSES = 100_000_000
"""Bytes of a response that librdkafka and kafka-python take unless told otherwise (``receive.message.max.bytes``)."""

FROM_ENVIRONMENT: Mapping[Mechanism, Mapping[str, str]] = MappingProxyType(
    {
        Mechanism.SCRAM: {"sasl.password": PASSWORD_VARIABLE},
        Mechanism.MUTUAL_TLS: {"ssl.certificate.location": CERTIFICATE_VARIABLE, "ssl.key.location": KEY_VARIABLE},
    }
)
"""Settings that a program must take from its environment, with the variables."""


def as_librdkafka(settings: Settings) -> dict[str, str]:
    """Settings of the Java clients as librdkafka has them; those that it has not are left out."""
    named = {_NAMES.get(name, name): value for name, value in settings.items()}
    if "partition.assignment.strategy" in named:
        # A consumer; what it waits for a response is under a name of librdkafka's own.
        del named["request.timeout.ms"]
        named["partition.assignment.strategy"] = "cooperative-sticky"
        named.update(responses(settings))
    if "acks" in named:
        # As Java's clients and kafka-python do: a key is in one partition, whoever writes it.
        named["partitioner"] = "murmur2_random"
    return {name: value for name, value in named.items() if name is not None}


def responses(settings: Settings) -> dict[str, str]:
    """The largest response, where a consumer fetches more than libraries take otherwise."""
    needed = int(settings["fetch.max.bytes"]) + _RESPONSE
    return {"receive.message.max.bytes": str(needed)} if needed > RESPONSES else {}


def librdkafka_settings(connection: ClientConnection) -> dict[str, str]:
    """How a client reaches the cluster and proves who it is, without what its environment has."""
    security: dict[str, str]
    match connection.mechanism:
        case Mechanism.IAM:
            security = {"security.protocol": "sasl_ssl", "sasl.mechanisms": "OAUTHBEARER"}
        case Mechanism.SCRAM:
            security = {"security.protocol": "sasl_ssl", "sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": connection.user}
        case Mechanism.MUTUAL_TLS | Mechanism.UNAUTHENTICATED_TLS:
            security = {"security.protocol": "ssl"}
        case Mechanism.PLAINTEXT:
            security = {"security.protocol": "plaintext"}
    encrypted = {} if connection.mechanism is Mechanism.PLAINTEXT else {"ssl.endpoint.identification.algorithm": "https"}
    return {**as_librdkafka(common(connection)), **_OWN, **security, **encrypted}


def librdkafka_files(connection: ClientConnection) -> dict[str, str]:
    """One file for administration, and one each for a producer and a consumer: `name=value` lines."""
    base = librdkafka_settings(connection)
    taken = FROM_ENVIRONMENT.get(connection.mechanism, {})
    comments = [
        *notes(connection, Library.LIBRDKAFKA),
        *(f"The program sets {name} to the value of {variable}." for name, variable in taken.items()),
    ]
    return {
        "librdkafka.conf": properties_file(comments, base),
        **{
            f"librdkafka-{side}.conf": properties_file(comments, {**base, **as_librdkafka(settings)})
            for side, settings in sides(connection)
        },
    }
