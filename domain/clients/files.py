"""Ready files for a client: what its library must be told to reach the cluster, prove who it is, and lose nothing.

No file holds a secret. How each is written is in a module for each family of libraries.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.clients.java import connect_files, java_files, spring_files
from domain.clients.librdkafka import librdkafka_files
from domain.clients.python import confluent_kafka_files, kafka_python_files
from domain.clients.streams import streams_files
from domain.settings.clients import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from domain.clients.connection import ClientConnection


LARGEST_PARAMETER = 8 * 1024
"""Bytes of an advanced parameter. AWS Systems Manager User Guide, "Managing parameter tiers"."""

_RENDERERS: Mapping[Format, Callable[[ClientConnection], dict[str, str]]] = {
    Format.JAVA: java_files,
    Format.LIBRDKAFKA: librdkafka_files,
    Format.CONFLUENT_KAFKA: confluent_kafka_files,
    Format.KAFKA_PYTHON: kafka_python_files,
    Format.SPRING: spring_files,
    Format.CONNECT: connect_files,
    Format.KAFKA_STREAMS: streams_files,
}


def render(connection: ClientConnection, wanted: Format) -> dict[str, str]:
    """The client's files of a format by their names; none where it is nothing of that kind."""
    return _RENDERERS[wanted](connection)


def render_to_fit(connection: ClientConnection, wanted: Format, file: str) -> str:
    """One of the client's files as Parameter Store takes it: with all brokers, or else with the first that there is room for.

    A client asks any broker that it reaches for the others; the list is for when some are away.
    """
    brokers = connection.bootstrap.split(",")
    while True:
        text = render(replace(connection, bootstrap=",".join(brokers)), wanted)[file]
        if len(text.encode()) <= LARGEST_PARAMETER or len(brokers) == 1:
            return text
        brokers.pop()
