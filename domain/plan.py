"""What follows from a stack's settings: the values that components are given and nobody writes down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.access import Access
from domain.alarm_settings import changes
from domain.alarm_terms import Watched
from domain.alarms import Alarm, Change, alarms, higher_level_note
from domain.capacity import volume_throughput
from domain.clients import ClientSource
from domain.cluster_policy import elsewhere
from domain.consumer_lag import lags
from domain.kafka_metrics import Level
from domain.kafka_versions import MetadataMode, metadata_mode
from domain.listeners import MECHANISMS, Listener, Reach, enabled_listeners
from domain.prometheus_rules import alert_rules, lag_limits, recording_rules, render_rules
from domain.property_defaults import safe_defaults
from domain.property_values import PropertyValue
from domain.server_properties import render
from domain.settings import StackSettings
from domain.sources import Source
from domain.storage_plan import StoragePlan, plan_storage
from domain.topics import TopicPlan, plan_topics


@dataclass(frozen=True, slots=True)
class PlatformPlan:
    """The derived side of a stack.

    Attributes:
        listeners: The brokers' listeners that are enabled.
        sources: Where clients connect from.
        administrators: Where those connect from who administer the cluster, if it has a ZooKeeper; else nobody.
        server_properties: The Kafka server properties as the broker reads them.
        certificate_authority_arns: The private CAs for mutual TLS that are there; none when it is off or has a CA of its own.
        storage: The brokers' volumes; None for Express brokers.
        topics: The topics.
        clients_elsewhere: What clients of the other accounts that multi-VPC connectivity names may do, by their principals: the
            cluster's policy says it, for policies of this account cannot be attached to them.
        watched: The cluster as its alarms and its dashboard see it.
        has_zookeeper: Whether its metadata is in ZooKeeper.
        alarm_changes: What the stack wants otherwise of alarms.
        alarms: The alarms.
        collectors: Where a Prometheus of the stack's own connects from.
        prometheus_rules: Recording and alert rules as Prometheus reads them; None where open monitoring is off.
        more_alarms: What a higher monitoring level would add, a sentence; None where none adds any.
    """

    listeners: tuple[Listener, ...]
    sources: tuple[Source, ...]
    administrators: tuple[Source, ...]
    server_properties: str
    certificate_authority_arns: tuple[str, ...]
    storage: StoragePlan | None
    topics: tuple[TopicPlan, ...]
    clients_elsewhere: Mapping[str, Access]
    watched: Watched
    has_zookeeper: bool
    alarm_changes: Mapping[str, Change]
    alarms: tuple[Alarm, ...]
    collectors: tuple[Source, ...]
    prometheus_rules: str | None
    more_alarms: str | None

    @property
    def autoscaling_maximum_gib(self) -> int | None:
        """How far volumes may grow, GiB; None without autoscaling."""
        return self.storage.maximum_gib if self.storage else None


def server_properties_of(settings: StackSettings) -> dict[str, PropertyValue]:
    """The cluster's server properties: the stack's over safe defaults."""
    return {
        **safe_defaults(
            settings.broker.kind,
            settings.number_of_zones,
            metadata_mode(settings.kafka_version),
            retention_hours=settings.workload.retention_hours,
            broker=settings.broker,
            provisioned_throughput=settings.storage.provisioned_throughput is not None,
        ),
        **settings.server_properties,
    }


def without_internet(settings: StackSettings) -> bool:
    """Whether hosts in the brokers' subnets have no way to the internet, in a VPC that is made for them.

    Public access leads the subnets to an internet gateway, but only those hosts that have a public address. The ways out of a VPC
    that is there already are not this program's, and may be any.
    """
    network = settings.network
    return network.existing is None and settings.imported.vpc is None and network.nat_gateways == "none"


def _watched(settings: StackSettings, storage: StoragePlan | None) -> Watched:
    """The cluster as its alarms see it. A volume that has grown since can do more than they know of: they come early."""
    authentication, provisioned = settings.authentication, settings.storage.provisioned_throughput
    return Watched(
        broker=settings.broker,
        brokers=settings.number_of_brokers,
        level=Level(settings.monitoring.level),
        iam=authentication.iam is not None,
        scram=authentication.scram is not None,
        tls=authentication.tls is not None,
        volume_mib_per_second=volume_throughput(settings.broker, provisioned, storage.initial_gib) if storage else None,
    )


def has_zookeeper(settings: StackSettings) -> bool:
    """Whether the cluster's metadata is in ZooKeeper."""
    return metadata_mode(settings.kafka_version) is MetadataMode.ZOOKEEPER


def prometheus_rules(settings: StackSettings) -> str:
    """Recording and alert rules for a Prometheus that scrapes the stack's cluster."""
    name, broker = settings.cluster_name, settings.broker
    alerts = alert_rules(
        name,
        broker,
        brokers=settings.number_of_brokers,
        has_zookeeper=has_zookeeper(settings),
        lag_limits=lag_limits(settings.clients, settings.topics),
        changes=changes(settings.monitoring.alarms),
    )
    return render_rules(name, recording_rules(name, broker), alerts, runbook=settings.monitoring.runbook)


def plan_platform(settings: StackSettings) -> PlatformPlan:
    """Works out what a stack's valid settings lead to."""
    authentication = settings.authentication
    properties = server_properties_of(settings)
    replication_factor = int(properties.get("default.replication.factor", 3))
    storage = (
        None
        if settings.broker.is_express
        else plan_storage(
            settings.storage,
            settings.workload,
            replication_factor,
            zones=settings.number_of_zones,
            brokers_per_zone=settings.brokers_per_zone,
        )
    )
    watched, changed = _watched(settings, storage), changes(settings.monitoring.alarms)
    return PlatformPlan(
        listeners=_listeners(settings),
        sources=tuple(_source(client.source) for client in settings.clients.values()),
        administrators=tuple(
            _source(client.source)
            for client in settings.clients.values()
            if client.admin and client.admin.cluster and metadata_mode(settings.kafka_version) is MetadataMode.ZOOKEEPER
        ),
        server_properties=render(properties),
        certificate_authority_arns=tuple((authentication.tls.certificate_authority_arns if authentication.tls else None) or ()),
        topics=plan_topics(settings.topics, kind=settings.broker.kind, default_replication_factor=replication_factor),
        clients_elsewhere=_clients_elsewhere(settings),
        storage=storage,
        watched=watched,
        has_zookeeper=has_zookeeper(settings),
        alarm_changes=changed,
        alarms=alarms(watched, lags(settings.clients, settings.topics)[0], changed),
        collectors=tuple(_source(source) for source in settings.monitoring.prometheus.scraped_by)
        if settings.monitoring.prometheus
        else (),
        prometheus_rules=prometheus_rules(settings) if settings.monitoring.prometheus else None,
        more_alarms=higher_level_note(watched, changed),
    )


def _listeners(settings: StackSettings) -> tuple[Listener, ...]:
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
    return tuple(one for one in enabled if one.reach is not Reach.MULTI_VPC or one.name in connected)


def _clients_elsewhere(settings: StackSettings) -> dict[str, Access]:
    multi_vpc = settings.network.multi_vpc
    if multi_vpc is None:
        return {}
    named = [(client.identity.principal, client.access) for client in settings.clients.values() if client.identity]
    return {arn: access for arn, access in named if arn and elsewhere(arn, multi_vpc.accounts, multi_vpc.principals)}


def _source(source: ClientSource) -> Source:
    if source.security_group is not None:
        return {"security_group": source.security_group}
    if source.prefix_list is not None:
        return {"prefix_list": source.prefix_list}
    return {"cidr": source.cidr or ""}
