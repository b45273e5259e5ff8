"""What the network and the brokers' security group are told."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from domain.guards.table import SHORTER_LOG_RETENTION
from domain.msk.listeners import MECHANISMS, Listener, Reach, enabled_listeners
from domain.msk.versions import MetadataMode, metadata_mode
from domain.network.openings import Source, source_identity
from domain.plan.takeover import ImportIntent, taken_over
from domain.settings.clients import ClientSource
from domain.settings.stack import StackSettings


class FlowLogIntent(TypedDict):
    """What every network that is managed here is told."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """What the Name tags begin with, and the name of the flow logs' group ends with."""
    flow_log_retention_days: int
    """Days that flow logs are kept; 0: none are recorded."""
    keep_retention: NotRequired[bool | None]
    """Refuse to keep flow logs for less long than before, which deletes those that are older. Default: no."""
    tags: Mapping[str, str]
    """Tags of each resource."""


class NetworkIntent(FlowLogIntent):
    """A VPC that is created for the brokers."""

    cidr: str
    """The VPC's IPv4 range. Changing it replaces the VPC and the cluster."""
    zones: Sequence[str]
    """Two or three Availability Zone IDs. A zone's subnet depends on its place in this list: append, do not insert."""
    nat_gateways: str
    """"none", "single" or "perZone"."""
    public_access: bool
    """Lead the brokers' subnets to the internet, as public access to the brokers needs."""
    ipv6: NotRequired[bool | None]
    """IPv6 beside IPv4: a block that Amazon provides, and a range of it for each of the brokers' subnets. Default: off."""
    protect: bool
    """Refuse to delete the VPC and the brokers' subnets."""


class ExistingNetworkIntent(TypedDict):
    """A VPC that is there and stays somebody else's."""

    vpc_id: str
    """The VPC's id. Changing it replaces the cluster."""
    subnet_ids: Sequence[str]
    """Two or three subnets in different zones. Changing them replaces the cluster."""
    brokers_per_zone: int
    """Brokers that each subnet must have addresses for."""
    ipv6: NotRequired[bool | None]
    """Whether each subnet must have an IPv6 range, as the network type DUAL needs. Default: off."""


class ImportedNetworkIntent(FlowLogIntent):
    """A VPC that is there and is managed from now on."""

    vpc_id: str
    """The VPC's id. Changing it replaces the cluster."""
    kept_of_vpc: Sequence[str]
    """Property paths of the VPC that are left as they are in AWS."""
    subnet_ids: Mapping[str, str]
    """The brokers' subnets by Availability Zone ID. Changing them replaces the cluster."""
    kept_of_subnets: Sequence[str]
    """Property paths of the subnets that are left as they are in AWS."""
    frozen: bool
    """Refuse to update the VPC and the subnets."""
    protect: bool
    """Refuse to delete the VPC and the brokers' subnets."""


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """The network that the brokers live in: exactly one of the three."""

    created: NetworkIntent | None = None
    existing: ExistingNetworkIntent | None = None
    imported: ImportedNetworkIntent | None = None


class SecurityGroupIntent(ImportIntent):
    """Who may reach the brokers, and on which ports."""

    title: str
    """The Name tag."""
    listeners: Sequence[Listener]
    """The listeners that are enabled: their ports are opened, and no other."""
    sources: Sequence[Source]
    """Who may connect. The same source given twice opens its ports once."""
    clients: NotRequired[Mapping[str, str] | None]
    """Where each client connects from, by its name: not sent to AWS, read by tools that say who is cut off."""
    administrators: NotRequired[Sequence[Source] | None]
    """Who reaches ZooKeeper, through TLS; only where there is one."""
    collectors: NotRequired[Sequence[Source] | None]
    """Who scrapes the Prometheus exporters; only where open monitoring is on."""
    rule_import_ids: NotRequired[Mapping[str, str] | None]
    """Ids of rules that are there already, by port and source, such as 9098-from-10.90.0.0/24. AWS refuses a second rule that
    says the same. Default: all are created."""
    kept_of_rules: NotRequired[Sequence[str] | None]
    """Property paths of those rules that are left as they are in AWS."""
    protect: bool
    """Refuse to delete the group."""
    tags: Mapping[str, str]
    """Tags of the group and its rules."""


def choose_network(settings: StackSettings, *, region: str, today: datetime.date) -> NetworkChoice:
    """The network of a stack."""
    network, imported = settings.network, settings.imported
    if network.existing:
        return NetworkChoice(
            existing={
                "vpc_id": network.existing.vpc_id,
                "subnet_ids": network.existing.subnet_ids,
                "brokers_per_zone": settings.brokers_per_zone,
                "ipv6": network.ipv6 or None,
            }
        )
    common: FlowLogIntent = {
        "region": region,
        "title": settings.cluster_name,
        "flow_log_retention_days": network.flow_logs.retention_days if network.flow_logs else 0,
        "keep_retention": settings.guards(SHORTER_LOG_RETENTION, today),
        "tags": settings.tags,
    }
    if imported.vpc:
        return NetworkChoice(
            imported={
                **common,
                "vpc_id": imported.vpc,
                "kept_of_vpc": imported.kept("vpc"),
                "subnet_ids": imported.subnets,
                "kept_of_subnets": imported.kept("subnets"),
                "frozen": imported.frozen,
                "protect": settings.protect,
            }
        )
    return NetworkChoice(
        created={
            **common,
            "cidr": network.cidr,
            "zones": network.zones,
            "nat_gateways": network.nat_gateways,
            "public_access": network.public_access,
            "ipv6": network.ipv6 or None,
            "protect": settings.protect,
        }
    )


def plan_security_group(settings: StackSettings) -> SecurityGroupIntent:
    """The brokers' security group of a stack."""
    imported, prometheus = settings.imported, settings.monitoring.prometheus
    collectors = prometheus.scraped_by if prometheus else []
    return {
        "title": f"{settings.cluster_name}-brokers",
        "listeners": listeners_of(settings),
        "sources": [_source(client.source) for client in settings.clients.values()],
        "clients": {name: source_identity(_source(client.source))[1] for name, client in settings.clients.items()} or None,
        "protect": settings.protect,
        "tags": settings.tags,
        "administrators": _administrators(settings) or None,
        "collectors": [_source(source) for source in collectors] or None,
        "rule_import_ids": imported.rules or None,
        "kept_of_rules": imported.kept("rules") if imported.rules else None,
        **taken_over(settings, "securityGroup", imported.security_group),
    }


def listeners_of(settings: StackSettings) -> tuple[Listener, ...]:
    """The brokers' listeners that are enabled."""
    authentication, multi_vpc = settings.authentication, settings.network.multi_vpc
    connected = {MECHANISMS[name] for name in multi_vpc.mechanisms} if multi_vpc else set()
    enabled = enabled_listeners(
        client_broker=settings.encryption.client_broker,
        iam=authentication.iam is not None,
        scram=authentication.scram is not None,
        tls=authentication.tls is not None,
        unauthenticated=authentication.unauthenticated,
        public=settings.network.public_access,
        multi_vpc=bool(connected),
        ipv6=settings.network.ipv6,
    )
    return tuple(listener for listener in enabled if listener.reach is not Reach.MULTI_VPC or listener.name in connected)


def without_internet(settings: StackSettings) -> bool:
    """Whether hosts in the brokers' subnets have no way to the internet, in a VPC that is made for them.

    Public access leads the subnets to an internet gateway, but only those hosts that have a public address. The ways out of a VPC
    that is there already are not this program's, and may be any.
    """
    network = settings.network
    return network.existing is None and settings.imported.vpc is None and network.nat_gateways == "none"


def _administrators(settings: StackSettings) -> list[Source]:
    """Where those connect from who administer the cluster, if it has a ZooKeeper; else nobody."""
    if settings.is_serverless or metadata_mode(settings.kafka_version) is not MetadataMode.ZOOKEEPER:
        return []
    return [_source(client.source) for client in settings.clients.values() if client.admin and client.admin.cluster]


def _source(source: ClientSource) -> Source:
    if source.security_group is not None:
        return {"security_group": source.security_group}
    if source.prefix_list is not None:
        return {"prefix_list": source.prefix_list}
    return {"cidr": source.cidr or ""}
