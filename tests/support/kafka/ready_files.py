"""A client's ready files, used as they are."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

import confluent_kafka

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PATIENCE = 60


def module_of(files: Mapping[str, str]) -> types.ModuleType:
    """Runs the one module of a Python client, with the environment that there is."""
    (text,) = files.values()
    module = types.ModuleType("kafka_client")
    exec(compile(text, "kafka_client.py", "exec"), module.__dict__)  # noqa: S102 - the file is there to be run
    return module


def settings_in(text: str) -> dict[str, str]:
    """The settings of a file of `name=value` lines."""
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def written(directory: Path, files: Mapping[str, str]) -> dict[str, Path]:
    """Writes files into a directory, and returns where each is."""
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return {name: directory / name for name in files}


def read_by_confluent_kafka(settings: Mapping[str, Any], topic: str, *wanted: bytes) -> list[bytes]:
    """Reads a topic until some messages have come.

    Args:
        settings: Settings of the consumer.
        topic: What it subscribes to.
        wanted: The messages that it waits for.

    Returns:
        All messages up to the last of those.
    """
    consumer = confluent_kafka.Consumer(dict(settings))
    found: list[bytes] = []
    try:
        consumer.subscribe([topic])
        for _ in range(_PATIENCE):
            message = consumer.poll(1)
            if message is None:
                continue
            assert message.error() is None, message.error()
            found.append(message.value() or b"")
            if set(wanted) <= set(found):
                return found
    finally:
        consumer.close()
    raise AssertionError(f"{wanted} did not all come in {_PATIENCE} seconds, but {found}")
