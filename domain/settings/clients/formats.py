"""For which libraries a client gets ready files."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, get_args


class Format(StrEnum):
    """Whose files they are."""

    JAVA = "java"
    LIBRDKAFKA = "librdkafka"
    CONFLUENT_KAFKA = "confluent-kafka"
    KAFKA_PYTHON = "kafka-python"
    SPRING = "spring"
    CONNECT = "connect"
    KAFKA_STREAMS = "kafka-streams"


FormatName = Literal[
    "java", "spring", "librdkafka", "confluent-kafka", "python", "kafka-python", "connect", "kafka-streams"
]  # fmt: skip
"""What a format may be called. Of the libraries for Python, `python` is the one that the sample clients use, confluent-kafka."""

FORMAT_NAMES: tuple[str, ...] = get_args(FormatName)


def format_named(name: str) -> Format:
    """The format of a name.

    Raises:
        ValueError: There is none.
    """
    return Format.CONFLUENT_KAFKA if name == "python" else Format(name)
