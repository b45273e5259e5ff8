"""What must hold between the network, its zones, its connectivity and who connects."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from domain.access.cluster_policy import cluster_policy
from domain.access.documents import as_json
from domain.checks.registry import checks, warns
from domain.checks.security import _denied_without_acl
from domain.msk.regions import EXCLUDED_ZONES, REGIONS, default_zones, partition
from domain.msk.versions import (
    KAFKA_VERSIONS,
    supports_dual_stack,
    supports_multi_vpc_connectivity,
)
from domain.network.subnets import check_cidr, cidr_warning
from domain.plan.platform import Plan
from domain.problems import Path, Problem
from domain.settings.network import MultiVpc, Network
from domain.settings.stack import StackSettings

FEWEST_ZONES, MOST_ZONES = 2, 3
"""Availability Zones of a cluster with Standard brokers. MSK API reference, ``BrokerNodeGroupInfo``, ``clientSubnets``."""

_IPV4_IN_IPV6 = ipaddress.IPv6Network("::ffff:0:0/96")
"""IPv4 addresses as IPv6 writes them, which no packet has. RFC 4291, "2.5.5.2. IPv4-Mapped IPv6 Address"."""

EXPRESS_ZONES = 3
"""Availability Zones of a cluster with Express brokers, exactly. MSK Developer Guide, "Create a provisioned cluster"."""


@checks("network")
def _network(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    network = settings.network
    if network.existing:
        given = sorted(network.model_fields_set - {"client_vpcs", "existing", "ipv6", "multi_vpc", "public_access"})
        for name in given:
            alias = Network.model_fields[name].alias or name
            yield Problem(
                ("network", alias),
                _as_given(network, name),
                "applies to a new VPC only. Remove it, or remove network.existing.",
            )
        if not settings.is_serverless and len(network.existing.subnet_ids) > MOST_ZONES:
            yield Problem(
                ("network", "existing", "subnetIds"),
                network.existing.subnet_ids,
                f"must name two or three subnets: brokers ({settings.broker_type}) stand in no more. Remove "
                f"{len(network.existing.subnet_ids) - MOST_ZONES}.",
            )
        if len(set(network.existing.subnet_ids)) < len(network.existing.subnet_ids):
            yield Problem(
                ("network", "existing", "subnetIds"),
                network.existing.subnet_ids,
                "must not name a subnet twice.",
            )
        return
    zones, path = network.zones, _zones_path(settings)
    if not FEWEST_ZONES <= len(zones) <= MOST_ZONES:
        yield Problem(path, zones, "must name two or three Availability Zone IDs.")
    if len(set(zones)) < len(zones):
        yield Problem(path, zones, "must not name a zone twice.")
    for index, zone in enumerate(zones):
        if zone in EXCLUDED_ZONES:
            yield Problem(
                (*path, index if path == ("network", "zones") else zone),
                zone,
                "does not support Amazon MSK. Choose another zone.",
            )
    if network.public_access and network.nat_gateways != "none":
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways,
            "conflicts with network.publicAccess, which routes the brokers' subnets to the internet directly. "
            "Set natGateways to none.",
        )


def _zones_path(settings: StackSettings) -> Path:
    """Where the stack file says in which zones the brokers stand."""
    if settings.network.existing:
        return ("network", "existing", "subnetIds")
    subnets = settings.imported.subnets
    return ("import", "subnets") if subnets and sorted(subnets) == settings.network.zones else ("network", "zones")


def _as_given(network: Network, name: str) -> object:
    value = getattr(network, name)
    return value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value


@checks("network.cidr", "network.existing")
def _address_range(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if settings.network.existing or settings.imported.vpc:
        return
    message = check_cidr(settings.network.cidr, settings.brokers_per_zone)
    if message:
        yield Problem(("network", "cidr"), settings.network.cidr, message)


@checks("network.zones", "network.existing")
def _express_zones(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    if not settings.broker.is_express or settings.number_of_zones == EXPRESS_ZONES:
        return
    existing = settings.network.existing
    value = existing.subnet_ids if existing else settings.network.zones
    suggestion = f" {plan.region} has only two: choose another region, or a kafka.* brokerType."
    instead = suggestion if _has_two_zones(plan.region) else ""
    yield Problem(_zones_path(settings), value, f"must be three for Express brokers ({settings.broker_type}).{instead}")


def _has_two_zones(region: str) -> bool:
    return region in REGIONS and len(default_zones(region)) == FEWEST_ZONES


@warns("network.zones", "network.existing", provisioned=True)
def _two_zones(plan: Plan) -> Iterator[str]:
    if plan.settings.number_of_zones == FEWEST_ZONES and _has_two_zones(plan.region):
        yield (
            f"{plan.region} has two Availability Zones for an account, so new messages have only one copy while a zone is down, "
            "and the policy pack refuses that. Deploy to a region with three, or accept it in policies/config/<stack>.json: "
            '{"multiple-availability-zones": {"availabilityZones": 2}, "durable-replication": {"minimumInSyncReplicas": 1}}.'
        )


@checks(
    "authentication",
    "brokerType",
    "encryption.clientBroker",
    "kafkaVersion",
    "network.multiVpc",
    "serverProperties",
    provisioned=True,
)
def _multi_vpc(plan: Plan) -> Iterator[Problem]:
    """MSK Developer Guide, "Amazon MSK multi-VPC private connectivity in a single Region": requirements and limitations."""
    settings = plan.settings
    wanted = settings.network.multi_vpc
    if wanted is not None and wanted.mechanisms:
        yield from _multi_vpc_mechanisms(settings, wanted)
        value = wanted.model_dump(by_alias=True, exclude_defaults=True)
        for message in _multi_vpc_refusals(settings, wanted):
            yield Problem(_MULTI_VPC, value, message)
    elif wanted is not None:
        for key, named in (("accounts", wanted.accounts), ("principals", wanted.principals)):
            if named:
                yield Problem(
                    (*_MULTI_VPC, key),
                    named,
                    "has no mechanism to connect with. Set iam, scram or tls beside it to true, or remove it.",
                )


_MULTI_VPC: Path = ("network", "multiVpc")


@checks("network.multiVpc")
def _principals_of_another_partition(plan: Plan) -> Iterator[Problem]:
    """A cluster policy names principals of its own partition: IAM knows no others."""
    wanted, here = plan.settings.network.multi_vpc, partition(plan.region)
    for index, arn in enumerate(wanted.principals if wanted else []):
        there = arn.split(":")[1]
        # The isolated partitions' regions are not told apart here.
        if there != here and not there.startswith("aws-iso"):
            yield Problem(
                (*_MULTI_VPC, "principals", index),
                arn,
                f"is in the partition {there}, but {plan.region} is in {here}: neither partition knows the other's roles. Name "
                f"one of {here}.",
            )


_LONGEST_CLUSTER_POLICY = 20 * 1024
"""Characters. MSK Developer Guide, "Amazon MSK resource-based policies": 20 KB."""


@checks("clients", "clusterName", "network.multiVpc", after_others=True)
def _size_of_the_cluster_policy(plan: Plan) -> Iterator[Problem]:
    named = plan.cluster_policy
    if named is None:
        return
    arn = f"arn:{partition(plan.region)}:kafka:{plan.region}:{'0' * 12}:cluster/{plan.settings.cluster_name}/{'0' * 36}-00"
    policy = cluster_policy(arn, accounts=named["accounts"], principals=named["principals"], clients=named["clients"])
    if (size := len(as_json(policy))) > _LONGEST_CLUSTER_POLICY:
        yield Problem(
            _MULTI_VPC,
            f"a policy of {size} characters",
            f"is too long for the cluster's policy, which has at most {_LONGEST_CLUSTER_POLICY}: it names all accounts, "
            "principals and what their clients may do. Name topics and groups by prefixes, or fewer accounts.",
        )


def _multi_vpc_mechanisms(settings: StackSettings, wanted: MultiVpc) -> Iterator[Problem]:
    for name in wanted.mechanisms:
        if getattr(settings.authentication, name) is None:
            yield Problem(
                (*_MULTI_VPC, name),
                True,
                f"needs authentication.{name}, which is off. Turn it on and deploy, then set this.",
            )


def _multi_vpc_refusals(settings: StackSettings, wanted: MultiVpc) -> Iterator[str]:
    if settings.authentication.unauthenticated:
        yield "is not allowed with authentication.unauthenticated: true. Turn one of them off."
    if settings.encryption.client_broker != "TLS":
        yield "needs encryption.clientBroker: TLS."
    if settings.broker.is_burstable:
        yield f"is not available with {settings.broker_type}. Set brokerType to kafka.m7g.large or larger."
    if settings.kafka_version in KAFKA_VERSIONS and not supports_multi_vpc_connectivity(settings.kafka_version):
        yield f"needs Kafka 2.7.1 or newer, not {settings.kafka_version}. Raise kafkaVersion."
    by_acl = [name for name in wanted.mechanisms if name != "iam"]
    if by_acl and not _denied_without_acl(settings):
        yield (f"with {' and '.join(by_acl)} needs serverProperties allow.everyone.if.no.acl.found: false. Apply the ACLs first.")


@checks("kafkaVersion", "network.ipv6", provisioned=True)
def _dual_stack(plan: Plan) -> Iterator[Problem]:
    """MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster"."""
    settings = plan.settings
    if settings.network.ipv6 and settings.kafka_version in KAFKA_VERSIONS and not supports_dual_stack(settings.kafka_version):
        yield Problem(("network", "ipv6"), True, f"needs Kafka 3.6.0 or newer, not {settings.kafka_version}. Raise kafkaVersion.")


@checks("clients", "network.ipv6")
def _clients(plan: Plan) -> Iterator[Problem]:
    for name, client in plan.settings.clients.items():
        yield from _range_problems(plan, ("clients", name, "from", "cidr"), client.source.cidr)


@checks("monitoring.prometheus", "network.ipv6")
def _collectors(plan: Plan) -> Iterator[Problem]:
    prometheus = plan.settings.monitoring.prometheus
    for index, source in enumerate(prometheus.scraped_by if prometheus else []):
        yield from _range_problems(plan, ("monitoring", "prometheus", "scrapedBy", index, "cidr"), source.cidr)


def _range_problems(plan: Plan, path: Path, cidr: str | None) -> Iterator[Problem]:
    message = None if cidr is None else _range_message(cidr, ipv6=plan.settings.network.ipv6)
    if message:
        yield Problem(path, cidr, message)


def _range_message(cidr: str, *, ipv6: bool) -> str | None:
    """Why nobody can connect from a range, or None when somebody can."""
    try:
        wide = ipaddress.IPv6Network(cidr, strict=False)
    except ValueError:
        pass
    else:
        if wide.subnet_of(_IPV4_IN_IPV6):
            # Terraform AWS provider 5.100, aws_vpc_security_group_ingress_rule: it reads the address as an IPv4 one.
            return f"is an IPv4 range in IPv6 notation, which the AWS provider refuses. Write it as {_as_ipv4(wide)}."
        if not ipv6:
            return (
                "is an IPv6 range, but the brokers have IPv4 addresses only. Set network.ipv6 to true (once the cluster "
                "exists), or give an IPv4 range."
            )
    try:
        ipaddress.ip_network(cidr)
    except ValueError:
        usable = False
    else:
        usable = "%" not in cidr
    if not usable:
        kind = "an IPv4 or IPv6 range" if ipv6 else "an IPv4 range"
        return f"must be {kind} such as {_nearest_range(cidr)}."
    return None


def _as_ipv4(mapped: ipaddress.IPv6Network) -> ipaddress.IPv4Network:
    address = int(mapped.network_address) & 0xFFFFFFFF
    return ipaddress.IPv4Network((address, mapped.prefixlen - _IPV4_IN_IPV6.prefixlen))


def _nearest_range(cidr: str) -> str:
    try:
        # What follows a % is the interface of one host, which nothing but that host knows.
        return str(ipaddress.ip_network(re.sub("%[^/]*", "", cidr), strict=False))
    except ValueError:
        return "10.90.0.0/24"


@warns("network", "import", provisioned=True)
def _ipv6_in_an_imported_network(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.network.ipv6 and settings.imported.vpc:
        yield (
            "network.ipv6 needs an IPv6 range in each subnet, but this stack does not change import.subnets. Amazon MSK refuses "
            "the network type DUAL unless each has one."
        )


@warns("network", "import", provisioned=True)
def _public_access_in_somebody_elses_network(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.network.public_access and (settings.network.existing or settings.imported.vpc):
        yield (
            "network.publicAccess needs subnets with a route to an internet gateway, but this stack does not manage this VPC's "
            "routes. Amazon MSK refuses public access unless the route tables have such a route."
        )


@warns("network")
def _address_range_of_others(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    message = None if settings.network.existing or settings.imported.vpc else cidr_warning(settings.network.cidr)
    if message:
        yield f"network.cidr {settings.network.cidr} {message}"


@warns("clients")
def _nobody_may_connect(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if not settings.clients:
        yield "clients is empty: no client can reach the brokers yet. Add an entry with `from` for each client."
