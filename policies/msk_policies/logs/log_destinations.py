"""Where Amazon MSK and MSK Connect can send logs: the same three kinds of destinations, each with a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.kit.properties import UnknownValueError, read

if TYPE_CHECKING:
    from collections.abc import Mapping

BROKER_LOGS: Final = "loggingInfo.brokerLogs"
WORKER_LOGS: Final = "logDelivery.workerLogDelivery"

_KINDS: Final = ("cloudwatchLogs", "firehose", "s3")


class Destinations(NamedTuple):
    """The destinations that a block declares.

    Attributes:
        on: The switches that are true.
        off: The switches of declared destinations that are not true.
        undecided: Why some are known only in deployment; None where all are known.
    """

    on: list[str]
    off: list[str]
    undecided: UnknownValueError | None


def destinations(props: Mapping[str, Any], block: str) -> Destinations:
    """The destinations declared in a block such as `BROKER_LOGS`."""
    declared = Destinations([], [], None)
    for kind in _KINDS:
        switch = f"{block}.{kind}.enabled"
        try:
            if read(props, f"{block}.{kind}") is None:
                continue
            (declared.on if read(props, switch) is True else declared.off).append(switch)
        except UnknownValueError as unknown:
            declared = declared._replace(undecided=declared.undecided or unknown)
    return declared


def without(props: Mapping[str, Any], block: str) -> str | None:
    """What is wrong with a block that sends logs nowhere; None where some destination is on.

    Raises:
        UnknownValueError: None is known to be on, and some are known only in deployment.
    """
    declared = destinations(props, block)
    if declared.on:
        return None
    if declared.undecided is not None:
        raise declared.undecided
    return f"{block} turns no destination on" if declared.off else f"{block} names no destination"


def switches(block: str) -> str:
    """The switches that a block can have, for a remedy to name."""
    *others, last = (f"{block}.{kind}.enabled" for kind in _KINDS)
    return f"{', '.join(others)} or {last}"
