"""How long messages are kept: what a cluster's configuration, or a topic's own, results in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msk_policies.kit.properties import decimal, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE: Final = 60_000
_SMALLEST: Final = 1 << 20
"""Bytes: a partition that keeps less has lost a message before its consumer asks."""


class Names(NamedTuple):
    """What properties are called, in a configuration or in a topic.

    Attributes:
        times: Those of time, each with its milliseconds; the first that is set counts.
        size: That of bytes.
        cleanup: That of how old messages are cleaned up.
    """

    times: Mapping[str, int]
    size: str
    cleanup: str


OF_CLUSTERS: Final = Names(
    {"log.retention.ms": 1, "log.retention.minutes": _MINUTE, "log.retention.hours": 60 * _MINUTE},
    "log.retention.bytes",
    "log.cleanup.policy",
)
"""Apache Kafka documentation, "Broker Configs": milliseconds before minutes before hours."""
OF_TOPICS: Final = Names({"retention.ms": 1}, "retention.bytes", "cleanup.policy")


def too_short(properties: Mapping[str, object], names: Names, minutes: int) -> tuple[str, str] | None:
    """The property by which messages go too soon, and how a message says so; None where they are kept.

    A number below zero keeps them for ever, and a topic that is only compacted keeps the last of each key. What is no number
    passes: Kafka refuses it.

    Args:
        properties: What is set.
        names: What the properties are called.
        minutes: How long messages must be kept at least.
    """
    cleanup = properties.get(names.cleanup)
    if isinstance(cleanup, str) and cleanup.strip() and "delete" not in cleanup.lower():
        return None
    for name, milliseconds in names.times.items():
        if name in properties:
            kept = _number(properties[name])
            if kept is not None and 0 <= kept * milliseconds < minutes * _MINUTE:
                return name, f"is {kept}, less than {minutes} minutes"
            break
    size = _number(properties.get(names.size))
    if size is not None and 0 <= size < _SMALLEST:
        return names.size, f"is {size}, less than 1 MiB"
    return None


def _number(value: object) -> int | None:
    return decimal(value.strip()) if isinstance(value, str) else whole(value)
