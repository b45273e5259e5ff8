"""The TCP ports of Amazon MSK, and which of them a rule of a security group opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msk_policies.kit.properties import decimal, read, whole
from msk_policies.msk.facts import fact

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROTOCOLS: Final = ("tcp", "6", "-1", "all")
_ALL: Final = range(65536)
_MULTI_VPC: Final = fact("ports", "multiVpc").value

PORTS: Final[frozenset[int]] = frozenset(
    [
        *(listener["port"] for listener in fact("ports", "listeners").value),
        *fact("ports", "zookeeper").value.values(),
        *fact("ports", "exporters").value.values(),
        *range(_MULTI_VPC[0], _MULTI_VPC[1] + 1),
    ]
)
"""Ports on which brokers, their ZooKeeper nodes and their exporters listen."""


def opened(rule: Mapping[str, Any]) -> range:
    """The TCP ports that a rule opens; all of them where it says nothing that makes sense, as AWS has it for `-1`.

    Args:
        rule: A security group rule's properties: protocol or ipProtocol, fromPort, toPort; numbers may be texts.

    Raises:
        UnknownValueError: They are known only in deployment.
    """
    given = read(rule, "ipProtocol")
    given = read(rule, "protocol") if given is None else given
    number = whole(given)
    protocol = str(given if number is None else number).lower()
    if protocol not in _PROTOCOLS:
        return range(0)
    first, last = decimal(read(rule, "fromPort")), decimal(read(rule, "toPort"))
    if protocol in ("-1", "all") or first is None or last is None or first < 0:
        return _ALL
    return range(first, last + 1)


def to_kafka(ports: range) -> list[int]:
    """Those of the ports on which a part of Amazon MSK listens, sorted."""
    return sorted(port for port in PORTS if port in ports)


def meant_for_kafka(ports: range) -> bool:
    """Whether whoever chose these ports had Amazon MSK in mind: they begin or end at one of its ports."""
    return len(ports) > 0 and (ports[0] in PORTS or ports[-1] in PORTS)
