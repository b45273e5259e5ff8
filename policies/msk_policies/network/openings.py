"""Security groups of brokers, and what the rules of a program's security groups let in, by any of the types that make rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msk_policies.kit.properties import UnknownValueError, elements, read, read_if_known
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.stack import names, references
from msk_policies.msk.brokers import BROKER_SECURITY_GROUPS
from msk_policies.network.networks import Network, network
from msk_policies.network.ports import opened

if TYPE_CHECKING:
    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
EXCLUSIVE: Final = "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive"
VPC_CONNECTION: Final = "aws:msk/vpcConnection:VpcConnection"
_DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_NATIVE_GROUP: Final = "aws-native:ec2:SecurityGroup"
_NATIVE_RULE: Final = "aws-native:ec2:SecurityGroupIngress"
_LIST: Final = "aws:ec2/managedPrefixList:ManagedPrefixList"
_LIST_ENTRY: Final = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"

RULES_OF_GROUPS: Final = (
    INGRESS_RULE,
    OLD_RULE,
    _NATIVE_RULE,
    EXCLUSIVE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws-native:ec2:SecurityGroupEgress",
)
"""Types of what belongs to a group and does not use it."""

_VPCS: Final = ("aws:ec2/vpc:Vpc", "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "aws-native:ec2:Vpc")

_WORDS: Final = re.compile(r"(?i)kafka|(?<![a-z])msk(?![a-z])")

_INLINE: Final = {SECURITY_GROUP: "ingress", _DEFAULT_GROUP: "ingress", _NATIVE_GROUP: "securityGroupIngress"}
"""By type of group, the property that holds rules."""
_GROUP_OF: Final = {INGRESS_RULE: "securityGroupId", OLD_RULE: "securityGroupId", _NATIVE_RULE: "groupId"}
"""By type of rule, the property that holds its group."""
_CIDRS: Final = ("cidrIpv4", "cidrIpv6", "cidrIp", "cidrBlocks", "ipv6CidrBlocks")
_PREFIX_LISTS: Final = ("prefixListId", "sourcePrefixListId", "prefixListIds")

OPENING_TYPES: Final = (*_INLINE, *_GROUP_OF)
"""Types of resources that open ports of groups."""


class Opening(NamedTuple):
    """What one rule lets in.

    Attributes:
        group: The group's URN, or its id where another program makes it; empty where it is not known.
        ports: The TCP ports that it opens; None where they are not known.
        sources: The networks that it opens them to, each with the property that names it.
        unknown: Why not all of that is known; None where it is.
    """

    group: str
    ports: range | None
    sources: list[tuple[str, Network]]
    unknown: UnknownValueError | None


class Groups(NamedTuple):
    """A stack's security groups and what opens them.

    Attributes:
        named: The URNs of the program's groups, by everything by which others refer to them.
        of_user: By URN of a cluster or VPC connection, its groups.
        openings: By URN of a rule or group, what it lets in.
        by_group: By group, all that its rules let in.
        used_by_others: Groups that something else in the program uses.
        named_for_brokers: Groups whose own words say that they are for Kafka.
    """

    named: Mapping[str, str]
    of_user: Mapping[str, frozenset[str]]
    openings: Mapping[str, list[Opening]]
    by_group: Mapping[str, list[Opening]]
    used_by_others: frozenset[str]
    named_for_brokers: frozenset[str]

    def of_reference(self, resource: PolicyResource, path: str) -> str:
        """The group that a property refers to: its URN, or what the property holds; empty where nothing is known."""
        return _group(references(resource, path), self.named)

    def of_brokers(self, group: str) -> bool:
        """Whether brokers, or an endpoint of theirs, are behind a group."""
        return any(group in groups for groups in self.of_user.values())


def groups(stack: Stack) -> Groups:
    """The groups of a stack: `stack.once(groups)`."""
    known = _known_groups(stack)
    of_user = {
        user.urn: frozenset(known.get(name, name) for name in _named_by(user, stack))
        for user in stack.of_type(CLUSTER, SERVERLESS_CLUSTER, VPC_CONNECTION)
    }
    openings: dict[str, list[Opening]] = defaultdict(list)
    by_group: dict[str, list[Opening]] = defaultdict(list)
    for resource in stack.of_type(*OPENING_TYPES):
        for opening in _openings(resource, stack, known):
            openings[resource.urn].append(opening)
            by_group[opening.group].append(opening)
    used_by_others = frozenset(known[urn] for urn in stack.once(used) if urn in known)
    named_for_brokers = frozenset(group.urn for group in stack.of_type(*_INLINE) if _WORDS.search(_words(group)))
    return Groups(known, of_user, openings, by_group, used_by_others, named_for_brokers)


def _words(group: PolicyResource) -> str:
    """What a group says of itself: its names, its description, its tag Name."""
    texts = [read_if_known(group.props, path) for path in ("name", "namePrefix", "groupName", "description", "tags.Name")]
    return " ".join([group.name, *(text for text in texts if isinstance(text, str))])


def own_networks(stack: Stack) -> tuple[Network, ...]:
    """The networks of the program's own VPCs."""
    found = [network(read_if_known(part.props, "cidrBlock")) for part in stack.of_type(*_VPCS)]
    return tuple(part for part in found if part is not None)


def used(stack: Stack) -> frozenset[str]:
    """The URNs of everything that anything but a rule of a group was made from."""
    users = [resource for resource in stack.resources if resource.resource_type not in RULES_OF_GROUPS]
    return frozenset(
        dependency.urn
        for resource in users
        for dependencies in (resource.dependencies, *resource.property_dependencies.values())
        for dependency in dependencies
    )


def _known_groups(stack: Stack) -> dict[str, str]:
    """The URNs of the program's groups, by everything by which others refer to them."""
    known: dict[str, str] = {}
    for group in stack.of_type(*_INLINE):
        own_id = read_if_known(group.props, "groupId")
        for name in (*names(group), *([own_id] if isinstance(own_id, str) else [])):
            known[name] = group.urn
        if group.resource_type == _DEFAULT_GROUP:
            # Who takes a VPC's default group by the VPC's own property was made from the VPC.
            known.update(dict.fromkeys((name for name in references(group, "vpcId") if name.startswith("urn:")), group.urn))
    return known


def _named_by(user: PolicyResource, stack: Stack) -> list[str]:
    """What brokers, or their endpoint, name as groups; the default groups of the program's VPCs where they name none."""
    if user.resource_type == SERVERLESS_CLUSTER:
        named = references(user, "vpcConfigs")
        for config in elements(read_if_known(user.props, "vpcConfigs")):
            for path in ("securityGroupIds", "securityGroups"):
                groups_of_config = read_if_known(config, path) if isinstance(config, Mapping) else None
                named += [text for text in elements(groups_of_config) if isinstance(text, str)]
    else:
        named = references(user, "securityGroups" if user.resource_type == VPC_CONNECTION else BROKER_SECURITY_GROUPS)
    return named or [group.urn for group in stack.of_type(_DEFAULT_GROUP)]


def _openings(resource: PolicyResource, stack: Stack, known: Mapping[str, str]) -> Iterator[Opening]:
    if resource.resource_type in _INLINE:
        path = _INLINE[resource.resource_type]
        for index, rule in enumerate(elements(read_if_known(resource.props, path))):
            if isinstance(rule, Mapping):
                yield _opening(resource, rule, f"{path}[{index}].", resource.urn, stack)
    elif resource.resource_type != OLD_RULE or read_if_known(resource.props, "type") == "ingress":
        group = _group(references(resource, _GROUP_OF[resource.resource_type]), known)
        yield _opening(resource, resource.props, "", group, stack)


def _group(named: list[str], known: Mapping[str, str]) -> str:
    return next((known[name] for name in named if name in known), named[0] if named else "")


def _opening(resource: PolicyResource, rule: Mapping[str, Any], place: str, group: str, stack: Stack) -> Opening:
    sources: list[tuple[str, Network]] = []
    unknown: UnknownValueError | None = None
    for name in (*_CIDRS, *_PREFIX_LISTS):
        try:
            value = read(rule, name)
            texts = [value] if isinstance(value, str) else elements(value)
            if name in _PREFIX_LISTS:
                texts = [cidr for text in texts for cidr in _entries(resource, place, name, text, stack)]
        except UnknownValueError as reason:
            if name not in _PREFIX_LISTS:
                unknown = reason
                continue
            texts = _entries(resource, place, name, None, stack)
        sources += [(place + name, found) for text in texts if (found := network(text)) is not None]
    try:
        ports = opened(rule)
    except UnknownValueError as reason:
        return Opening(group, None, sources, reason)
    return Opening(group, ports, sources, unknown)


def _entries(resource: PolicyResource, place: str, name: str, list_id: object, stack: Stack) -> list[object]:
    """The networks of a prefix list, where the same program makes it. A list whose id is not known yet is found by references."""
    if isinstance(list_id, str):
        found = [prefix_list for prefix_list in stack.of_type(_LIST) if list_id in names(prefix_list)]
    else:
        found = list(stack.referred(resource, place.partition("[")[0] or name, _LIST))
    cidrs: list[object] = []
    for prefix_list in found:
        entries = elements(read_if_known(prefix_list.props, "entries"))
        cidrs += [read_if_known(entry, "cidr") for entry in entries if isinstance(entry, Mapping)]
        cidrs += [read_if_known(entry.props, "cidr") for entry in stack.referring(prefix_list, "prefixListId", _LIST_ENTRY)]
    return cidrs
