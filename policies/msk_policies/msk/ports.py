"""The ports of Amazon MSK, and the security group rules that open them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msk_policies.kit.properties import elements, read, read_if_known, whole
from msk_policies.msk.facts import fact

if TYPE_CHECKING:
    pass

SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"

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
        rule: A security group rule's properties: protocol or ipProtocol, fromPort, toPort.

    Raises:
        UnknownValueError: They are known only in deployment.
    """
    protocol = read(rule, "ipProtocol")
    protocol = str(read(rule, "protocol") if protocol is None else protocol).lower()
    if protocol not in _PROTOCOLS:
        return range(0)
    first, last = whole(read(rule, "fromPort")), whole(read(rule, "toPort"))
    if protocol in ("-1", "all") or first is None or last is None or first < 0:
        return _ALL
    return range(first, last + 1)


def to_kafka(ports: range) -> list[int]:
    """Those of the ports on which a part of Amazon MSK listens, sorted."""
    return sorted(port for port in PORTS if port in ports)


def inline(group: Mapping[str, Any], path: str = "ingress") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rules that stand in a security group itself and are known, each with its path."""
    for index, rule in enumerate(elements(read_if_known(group, path))):
        if isinstance(rule, Mapping):
            yield f"{path}[{index}]", rule
