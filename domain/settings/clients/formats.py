"""For which libraries a client gets ready files."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from domain.problems import did_you_mean


class Format(StrEnum):
    """Whose files they are."""

    JAVA = "java"
    LIBRDKAFKA = "librdkafka"
    CONFLUENT_KAFKA = "confluent-kafka"
    KAFKA_PYTHON = "kafka-python"
    SPRING = "spring"
    CONNECT = "connect"
    KAFKA_STREAMS = "kafka-streams"


PYTHON = "python"
"""What confluent-kafka may be called too: of the libraries for Python, the one that the sample clients use."""

FORMAT_NAMES: tuple[str, ...] = (*(known.value for known in Format), PYTHON)
"""What a format may be called."""


def format_named(name: str) -> Format:
    """The format of a name.

    Raises:
        ValueError: There is none; the message says which there are.
    """
    if name == PYTHON:
        return Format.CONFLUENT_KAFKA
    if name not in FORMAT_NAMES:
        raise ValueError(f"must be one of {', '.join(FORMAT_NAMES)}.{did_you_mean(name, FORMAT_NAMES)}")
    return Format(name)


def _read(value: object) -> object:
    return format_named(value) if isinstance(value, str) else value


FormatName = Annotated[Format, BeforeValidator(_read)]
