"""Ports of Amazon MSK that only clients reach.

A rule that opens Kafka's ports to the world leaves authentication as the only door; ZooKeeper's and the exporters' ports have
none at all. A network as wide as 10.0.0.0/8 is the whole company and its partners, a public one as wide as /16 is a cloud
provider's other customers, and many small ones may be as much together. Complying costs a rule for each network or security
group of clients.

The rule judges what opens the security groups of clusters, serverless clusters and VPC connections: rules of their own, rules
of every type beside them, and prefix lists that the same program makes. It finds groups by reference and by id, and takes a
VPC's default group for a cluster that names none. A group that another program may give to brokers, because nothing here uses
it, is judged where a rule begins or ends at a port of Amazon MSK, or the group's own words name Kafka; a group of something
else is not judged. Networks are private by RFC 1918 and RFC 6598, or as part of a VPC of the program.

Unknown values: a group that is not known yet is found by what it was made from. What a group's own rules become is known only in
deployment where it has none, so such rules are judged then; others are advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.judges import NotJudgedError
from msk_policies.kit.properties import UnknownValueError, elements, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack, names
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.brokers import BROKER_SECURITY_GROUPS
from msk_policies.network.networks import Limits, Network, too_many, too_wide
from msk_policies.network.openings import (
    EXCLUSIVE,
    INGRESS_RULE,
    OPENING_TYPES,
    VPC_CONNECTION,
    Groups,
    Opening,
    groups,
    own_networks,
)
from msk_policies.network.ports import PORTS, meant_for_kafka, to_kafka

_IPV4 = WholeNumberSetting(
    "widestIpv4Prefix",
    "The shortest IPv4 prefix that a rule may open, such as 16 for 10.1.0.0/16.",
    default=16,
    minimum=0,
    maximum=32,
)
_PUBLIC = WholeNumberSetting(
    "widestPublicIpv4Prefix",
    "The shortest IPv4 prefix that a rule may open of networks that are not private, such as 24 for 203.0.114.0/24.",
    default=24,
    minimum=0,
    maximum=32,
)
_IPV6 = WholeNumberSetting(
    "widestIpv6Prefix", "The shortest IPv6 prefix that a rule may open.", default=48, minimum=0, maximum=128
)
_TOGETHER = WholeNumberSetting(
    "networksTogether",
    "How many networks of the widest size may reach a port of a cluster together: 16 of /16 are a /12.",
    default=16,
    minimum=1,
)
_GROUPS_OF = {CLUSTER: BROKER_SECURITY_GROUPS, SERVERLESS_CLUSTER: "vpcConfigs", VPC_CONNECTION: "securityGroups"}


def _rule(rule: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    known = stack.once(groups)
    undecided: UnknownValueError | None = None
    for opening in known.openings.get(rule.urn, ()):
        if not _concerns(opening, known):
            continue
        if opening.unknown is not None and (opening.ports is None or to_kafka(opening.ports)):
            undecided = opening.unknown
        yield from _wide(opening, _limits(stack, config))
    if undecided is not None:
        raise undecided


def _concerns(opening: Opening, known: Groups) -> bool:
    """Whether brokers are behind what a rule opens, or may be put there by another program."""
    if known.of_brokers(opening.group):
        return True
    if opening.group in known.used_by_others or opening.ports is None:
        return False
    return opening.group in known.named_for_brokers or meant_for_kafka(opening.ports)


def _wide(opening: Opening, limits: Limits) -> Iterator[str]:
    ports = to_kafka(opening.ports or range(0))
    for path, network in opening.sources if ports else ():
        if too_wide(network, limits):
            yield (
                f"Open Amazon MSK's ports to clients only: {path} opens port {ports[0]} to {_whom(network, limits)}. "
                f"Set {path} to the clients' network."
            )


def _whom(network: Network, limits: Limits) -> str:
    if network.prefixlen == 0:
        return "the whole world"
    kind = "a public network" if limits.public_and_narrower(network) else "a network"
    return f"{kind} as wide as /{network.prefixlen}"


def _together(user: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    known, limits = stack.once(groups), _limits(stack, config)
    openings = [opening for group in known.of_user.get(user.urn, ()) for opening in known.by_group.get(group, ())]
    narrow = [(opening, [network for _, network in opening.sources if not too_wide(network, limits)]) for opening in openings]
    for port in sorted(PORTS) if openings else ():
        if too_many((network for opening, networks in narrow if port in (opening.ports or ()) for network in networks), limits):
            path = _GROUPS_OF[user.resource_type]
            yield (
                f"Open Amazon MSK's ports to clients only: the rules of {path} of {user.name} open port {port} to more than "
                f"{limits.together} networks of the widest size together. Set fewer or smaller networks in the rules of {path}."
            )
            return


def _exclusive(exclusive: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    """A list of all rules of a group says nothing of those that another program makes."""
    known = stack.once(groups)
    if not known.of_brokers(known.of_reference(exclusive, "securityGroupId")):
        return
    made_here = {name for rule in stack.of_type(INGRESS_RULE) for name in names(rule)}
    rules = read(exclusive.props, "ingressRuleIds")
    if any(isinstance(rule, str) and rule not in made_here for rule in elements(rules)):
        message = f"Another program creates rules that {exclusive.name} lists."
        raise NotJudgedError(message)
    yield from ()


def _limits(stack: Stack, config: Mapping[str, Any]) -> Limits:
    return Limits(_IPV4.of(config), _PUBLIC.of(config), _IPV6.of(config), _TOGETHER.of(config), stack.once(own_networks))


POLICY = stack_rule(
    "closed-kafka-ports",
    display_name="Closed Kafka ports",
    description="Security groups should open the ports of Amazon MSK only to the networks of its clients.",
    judges={**dict.fromkeys(OPENING_TYPES, _rule), **dict.fromkeys(_GROUPS_OF, _together), EXCLUSIVE: _exclusive},
    severity=Severity.CRITICAL,
    settings=[_IPV4, _PUBLIC, _IPV6, _TOGETHER],
    tags=["msk", "network"],
    remediation_steps="Open the ports to the clients' security groups, or to their networks. Rules change in place; "
    "open connections stay open for a while.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html",
)
