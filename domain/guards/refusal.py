"""A guard's refusal, and how guards read a cluster's inputs: wire names, and a value that is not known yet is never a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Inputs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a guard says no to.

    Attributes:
        rule: The guard's name; `domain.guards.table` has its row.
        property_path: The property of the resource that is at fault.
        message: What was found, why it is refused, and what to do instead.
        setting: The setting behind it, where the property alone does not lead there (`origins`).
    """

    rule: str
    property_path: str
    message: str
    setting: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.message} [{self.rule}]"


VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
THROUGHPUT = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput"
BROKER_TYPE = "brokerNodeGroupInfo.instanceType"
PUBLIC_ACCESS = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
NETWORK_TYPE = "brokerNodeGroupInfo.connectivityInfo.networkType"
CONNECTIVITY = "brokerNodeGroupInfo.connectivityInfo"
MULTI_VPC = f"{CONNECTIVITY}.vpcConnectivity"


def at(inputs: Inputs, path: str) -> object:
    """The value at a dotted path, or None where any part of it is missing or not known."""
    value: object = inputs
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def text_at(inputs: Inputs, path: str) -> str | None:
    """The text at a dotted path, or None where there is none."""
    value = at(inputs, path)
    return value if isinstance(value, str) else None


def number_at(inputs: Inputs, path: str) -> int | None:
    """The whole number at a dotted path, or None where there is none."""
    value = at(inputs, path)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def how_to_acknowledge(rule: str) -> str:
    """How a person answers for passing a guard."""
    return f"set acknowledge.{rule}: {{reason, until}}"


def any_true(value: object) -> bool:
    """Whether anything in a value is true."""
    return value is True or (isinstance(value, Mapping) and any(any_true(inner) for inner in value.values()))
