"""Ports of Amazon MSK that only clients reach.

A rule that opens Kafka's ports to the world leaves authentication as the only door; ZooKeeper's and the exporters' ports have
none at all. A network as wide as 10.0.0.0/8 is the whole company and its partners. Complying costs a rule for each network or
security group of clients.

The rule judges the rules of security groups that an MSK cluster of the stack uses, and, in any group, rules that open little more
than ports of Amazon MSK. Unknown values: a group that is not known yet is found by what it was made from. What a group's own
rules become is known only in deployment where it has none, so such rules are judged then; others are advised on in a preview.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import elements, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.brokers import BROKER_SECURITY_GROUPS
from msk_policies.msk.ports import INGRESS_RULE, OLD_RULE, SECURITY_GROUP, inline, opened, to_kafka

_IPV4 = WholeNumberSetting(
    "widestIpv4Prefix",
    "The shortest IPv4 prefix that a rule may open, such as 16 for 10.1.0.0/16.",
    default=16,
    minimum=0,
    maximum=32,
)
_IPV6 = WholeNumberSetting(
    "widestIpv6Prefix", "The shortest IPv6 prefix that a rule may open.", default=48, minimum=0, maximum=128
)
_GROUPS_OF = {CLUSTER: BROKER_SECURITY_GROUPS, SERVERLESS_CLUSTER: "vpcConfigs"}
_NARROW = 200
"""Ports: a rule that opens no more and takes in one of Amazon MSK is meant for it."""


def _group(group: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    for place, rule in inline(group.props):
        sources = [
            (f"{place}.{name}", source) for name in ("cidrBlocks", "ipv6CidrBlocks") for source in elements(read(rule, name))
        ]
        yield from _said(rule, sources, config, used=_used(group, stack))


def _ingress_rule(rule: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    sources = [(name, read(rule.props, name)) for name in ("cidrIpv4", "cidrIpv6")]
    yield from _said(rule.props, sources, config, used=_of_used_group(rule, stack))


def _old_rule(rule: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    if read(rule.props, "type") != "ingress":
        return
    sources = [(name, source) for name in ("cidrBlocks", "ipv6CidrBlocks") for source in elements(read(rule.props, name))]
    yield from _said(rule.props, sources, config, used=_of_used_group(rule, stack))


def _said(
    rule: Mapping[str, Any], sources: Sequence[tuple[str, object]], config: Mapping[str, Any], *, used: bool
) -> Iterator[str]:
    wide = [(path, prefix) for path, source in sources if (prefix := _too_wide(source, config)) is not None]
    if not wide:
        return
    ports = opened(rule)
    kafka_ports = to_kafka(ports)
    if not kafka_ports or (not used and len(ports) > _NARROW):
        return
    for path, prefix in wide:
        whom = "the whole world" if prefix == 0 else f"a network as wide as /{prefix}"
        yield (
            f"Open Amazon MSK's ports to clients only: {path} opens port {kafka_ports[0]} to {whom}. "
            f"Set {path} to the clients' network."
        )


def _too_wide(source: object, config: Mapping[str, Any]) -> int | None:
    """The prefix length of a network that is wider than it may be."""
    if not isinstance(source, str):
        return None
    try:
        network = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return None  # AWS refuses it
    limit = _IPV4 if isinstance(network, ipaddress.IPv4Network) else _IPV6
    return network.prefixlen if network.prefixlen < limit.of(config) else None


def _used(group: PolicyResource, stack: Stack) -> bool:
    return any(stack.referring(group, path, kind) for kind, path in _GROUPS_OF.items())


def _of_used_group(rule: PolicyResource, stack: Stack) -> bool:
    return any(_used(group, stack) for group in stack.referred(rule, "securityGroupId", SECURITY_GROUP))


POLICY = stack_rule(
    "closed-kafka-ports",
    display_name="Closed Kafka ports",
    description="Security groups should open the ports of Amazon MSK only to the networks of its clients.",
    judges={SECURITY_GROUP: _group, INGRESS_RULE: _ingress_rule, OLD_RULE: _old_rule},
    severity=Severity.CRITICAL,
    settings=[_IPV4, _IPV6],
    tags=["msk", "network"],
    remediation_steps="Open the ports to the clients' security groups, or to their networks. Rules change in place; "
    "open connections stay open for a while.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html",
)
