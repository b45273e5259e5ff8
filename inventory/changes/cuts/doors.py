"""Which sources a change of security groups' rules cuts off from the brokers."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.msk.listeners import EXPORTER_PORTS, LISTENERS, MULTI_VPC_PORTS, ZOOKEEPER_PORTS
from inventory.changes.loss import Loss, LossKind, listed
from inventory.rows import ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from inventory.changes.stack import StepsOfStack
    from inventory.changes.steps import Step

RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS: Final = "ingress"
"""The property of a loss by a security group's rules; its old value is the source."""
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"

_PORTS: Final[dict[int, str]] = {
    **{door.port: door.name + ("" if door.reach.name == "VPC" else f" {door.reach}") for door in LISTENERS},
    **{port: name for name, port in EXPORTER_PORTS.items()},
    **{port: f"ZooKeeper {name}" for name, port in ZOOKEEPER_PORTS.items()},
    MULTI_VPC_PORTS[0]: "multi-VPC",
}
"""What listens on the ports of brokers; multi-VPC connectivity stands with its first one."""
_EVERY_PROTOCOL: Final = ("-1", "all", -1)


@dataclass(frozen=True, slots=True)
class _Opening:
    """One port of brokers that one source may reach."""

    group: str
    port: int
    source: str


def doors_cut(stack: StepsOfStack, is_open: Callable[[int], bool]) -> Iterator[Loss]:
    """The sources that no longer reach a port of the brokers.

    Args:
        stack: All steps of the preview.
        is_open: Whether the cluster listens on a port before and after: what it closes itself is told as its own change, and a
            rule for a port that was closed let nobody in.
    """
    remaining: dict[tuple[str, int], list[str]] = {}
    unknown = False
    for step in stack.steps:
        if step.new is None or step.op == "delete":
            continue
        for opening in _openings(step.new, stack):
            remaining.setdefault((opening.group, opening.port), []).append(opening.source)
            unknown = unknown or not is_known(opening.source)
    for step in stack.steps:
        if step.old is None or step.op in ("same", "create", "import") or step.row["type"] not in (RULE, OLD_RULE, GROUP):
            continue
        lost: dict[str, list[int]] = {}
        for opening in _openings(step.old, stack):
            if is_open(opening.port) and not _covers(remaining.get((opening.group, opening.port), []), opening.source):
                lost.setdefault(opening.source, []).append(opening.port)
        for source, ports in lost.items():
            yield _loss(step, stack, source, sorted(set(ports)), certain=not unknown)


def _loss(step: Step, stack: StepsOfStack, source: str, ports: list[int], *, certain: bool) -> Loss:
    doors = ", ".join(f"{port} ({_PORTS[port]})" for port in ports)
    who = stack.clients_from(source)
    named = who != (f"clients from {source}",)
    what = f"reach port{'' if len(ports) == 1 else 's'} {doors}{f' from {source}' if named else ''}"
    may = "can no longer" if certain else "may no longer be able to"
    return Loss(
        step.row["urn"], LossKind.ACCESS, INGRESS, source, "closed" if certain else "not known before the update",
        f"{listed(who)} {may} {what}", certain, stack.is_protected(step), who, what,
    )  # fmt: skip


def _openings(row: ResourceRow, stack: StepsOfStack) -> Iterator[_Opening]:
    inputs = row["inputs"]
    if row["type"] == RULE:
        sources = [inputs.get(name) for name in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")]
        yield from _opened(_group(row, stack), inputs, inputs.get("ipProtocol"), sources)
    elif row["type"] == OLD_RULE and inputs.get("type") == "ingress":
        yield from _opened(_group(row, stack), inputs, inputs.get("protocol"), _sources(inputs))
    elif row["type"] == GROUP:
        rules = inputs.get("ingress")
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict):
                yield from _opened(row["urn"], rule, rule.get("protocol"), _sources(rule))


def _sources(rule: dict[str, object]) -> list[object]:
    sources: list[object] = ["the group itself"] if rule.get("self") is True else []
    for name in ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups", "sourceSecurityGroupId"):
        value = rule.get(name)
        sources += value if isinstance(value, list) else [value]
    return sources


def _group(row: ResourceRow, stack: StepsOfStack) -> str:
    """The security group of a rule: the resource it comes from, else its ID."""
    urns = get(row["options"], ("propertyDependencies", "securityGroupId"), [])
    groups = [urn for urn in urns if f"{GROUP}::" in urn]
    if groups:
        return str(groups[0])
    identity = row["inputs"].get("securityGroupId")
    for step in stack.steps:
        if step.row["type"] == GROUP and step.old and identity in (step.old["outputs"].get("id"), step.old["outputs"].get("arn")):
            return step.row["urn"]
    return str(identity)


def _opened(group: str, rule: dict[str, object], protocol: object, sources: Iterable[object]) -> Iterator[_Opening]:
    first, last = rule.get("fromPort"), rule.get("toPort")
    if protocol in _EVERY_PROTOCOL:
        first, last = 0, 65535
    if (
        not isinstance(first, int | float)
        or not isinstance(last, int | float)
        or protocol not in ("tcp", "6", 6, *_EVERY_PROTOCOL)
    ):
        return
    for source in sources:
        if isinstance(source, str) and source:
            yield from (_Opening(group, port, source) for port in _PORTS if first <= port <= last)


def _covers(sources: Iterable[str], wanted: str) -> bool:
    given = list(sources)
    if wanted in given:
        return True
    network = _network(wanted)
    if network is None:
        return False
    others = [other for source in given if (other := _network(source)) is not None and other.version == network.version]
    # Two halves are a whole.
    merged = ipaddress.collapse_addresses(others)  # type: ignore[type-var]  # of one version
    return any(network.subnet_of(other) for other in merged)  # type: ignore[arg-type]  # of one version


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
