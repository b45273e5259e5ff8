"""What the keys, the configuration, the cluster, its topics and its storage autoscaling are told."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from domain.msk.listeners import Listener
from domain.plan.monitoring import broker_log_group_name, flow_log_group_name
from domain.plan.network import listeners_of
from domain.plan.properties import replication_factor_of, server_properties_of
from domain.plan.takeover import ImportIntent, taken_over
from domain.plan.topics import TopicPlan, plan_topics
from domain.plan.volumes import storage_of
from domain.properties.server import render
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


class KeysIntent(TypedDict):
    """Customer keys: one for the brokers' data, one for users' secrets, one for logs and alarms."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """What the keys are for, in their descriptions and Name tags: the cluster's name."""
    data_key: str
    """"create", or the ARN of a key for the brokers' volumes; empty: there is none."""
    secrets_key: str
    """"create", or the ARN of a key for SCRAM users' secrets; empty: there is none."""
    telemetry_key: str
    """"create", or the ARN of a key for log groups."""
    log_group_patterns: Sequence[str]
    """Names of the log groups that may use the telemetry key; * stands for anything."""
    log_bucket: NotRequired[bool | None]
    """Whether logs are delivered to a bucket that is encrypted with the telemetry key. Default: no."""
    alarms: NotRequired[bool | None]
    """Whether alarms are published to topics that are encrypted with the telemetry key. Default: no."""
    prometheus: NotRequired[bool | None]
    """Whether a workspace of Amazon Managed Service for Prometheus is encrypted with the telemetry key. Default: no."""
    protect: bool
    """Refuse to delete the keys."""
    tags: Mapping[str, str]
    """Tags of each key."""


class ConfigurationIntent(ImportIntent):
    """The Kafka server properties of a cluster."""

    description: str
    """What the configuration is for. Changing it makes a new revision."""
    server_properties: str
    """The properties as the broker reads them: key=value lines."""
    protect: NotRequired[bool | None]
    """Refuse changes that take messages, safety or access from people, unless they are acknowledged. Default: no."""
    express: NotRequired[bool | None]
    """Whether they are for Express brokers, of which Amazon MSK fixes some. Default: no."""
    acknowledged: NotRequired[Sequence[str] | None]
    """Guards somebody answers for having passed. Default: none."""


class ClusterIntent(ImportIntent):
    """The cluster: Standard or Express brokers."""

    cluster_name: str
    """The cluster's name. Changing it replaces the cluster."""
    kafka_version: str
    """Apache Kafka version as Amazon MSK writes it. Newer ones are upgrades in place."""
    broker_type: str
    """Broker instance type; express.* makes an Express cluster."""
    brokers_per_zone: int
    """Brokers in each zone. Their total is a multiple of the zones."""
    client_broker: str
    """Encryption between clients and brokers: TLS, TLS_PLAINTEXT or PLAINTEXT."""
    iam: bool
    """IAM access control."""
    scram: bool
    """SASL/SCRAM users."""
    unauthenticated: bool
    """Clients without an identity."""
    listeners: Sequence[Listener]
    """The listeners that follow from the above."""
    log_prefix: NotRequired[str | None]
    """What the objects' keys in the bucket for broker logs begin with; may be empty."""
    log_stream: NotRequired[str | None]
    """Name of an Amazon Data Firehose stream for broker logs. Default: none."""
    multi_vpc: NotRequired[Sequence[str] | None]
    """Mechanisms with multi-VPC private connectivity: iam, scram, tls. Empty turns it off; absent, it stays what it is."""
    dual_stack: NotRequired[bool | None]
    """IPv6 beside IPv4; refused for a cluster that is not there yet. Absent, it stays what it is."""
    storage_gib: int
    """Each broker's volume, GiB; 0 for Express brokers, which have none."""
    storage_autoscaling: bool
    """Whether something else grows the volumes, so that their size is this program's only at first."""
    storage_mode: str
    """LOCAL or TIERED; Standard brokers only."""
    provisioned_throughput: int
    """EBS throughput bought for each broker, MiB/s; 0: none."""
    monitoring_level: str
    """Enhanced monitoring of CloudWatch metrics."""
    open_monitoring: NotRequired[bool | None]
    """The JMX exporter and the node exporter for Prometheus, on ports 11001 and 11002. Default: off."""
    public_access: bool
    """Public endpoints; refused for a cluster that is not there yet."""
    rebalancing: NotRequired[str | None]
    """ACTIVE or PAUSED: intelligent rebalancing of Express brokers. Absent for Standard brokers, which have none."""
    workload: Mapping[str, object]
    """What the cluster must carry, as the stack file states it: not sent to AWS, read by tools that judge capacity."""
    today: str
    """The day, as YYYY-MM-DD, on which the end of a Kafka version's support is judged."""
    acknowledged: Sequence[str]
    """Guards somebody answers for having passed."""
    protect: bool
    """Refuse to delete or replace the cluster."""
    tags: Mapping[str, str]
    """Tags of the cluster."""


class TopicsIntent(TypedDict):
    """The topics of a cluster."""

    topics: Sequence[TopicPlan]
    """The topics."""
    kafka_version: str
    """The cluster's Kafka version, by which a guard judges what topics have."""
    protect: bool
    """Refuse to delete or replace a topic, and changes that take messages or safety: its messages would go with it."""
    server_properties: str
    """The cluster's server properties: what holds for topics that say nothing else."""
    acknowledged: Sequence[str]
    """Guards somebody answers for having passed."""


class StorageAutoscalingIntent(TypedDict):
    """Volumes that grow before they are full (Standard brokers)."""

    maximum_gib: int
    """How far each broker's volume may grow, GiB; at most 16384."""
    target_utilization: int
    """Disk use in percent at which storage is added; 10 to 80."""
    tags: Mapping[str, str]
    """Tags of the scalable target."""


def plan_keys(settings: StackSettings, *, region: str) -> KeysIntent:
    """The keys of a stack."""
    prometheus, bucket = settings.monitoring.prometheus, settings.logs.s3
    flow_logs = [flow_log_group_name(settings.cluster_name)] if settings.network.flow_logs else []
    return {
        "region": region,
        "title": settings.cluster_name,
        # AWS encrypts a Serverless cluster with a key that nobody chooses.
        "data_key": "" if settings.is_serverless else settings.encryption.data_key,
        "secrets_key": settings.encryption.secrets_key if settings.authentication.scram else "",
        "telemetry_key": settings.encryption.telemetry_key,
        "log_group_patterns": [*([] if settings.is_serverless else [broker_log_group_name(settings)]), *flow_logs],
        "log_bucket": True if bucket and bucket.bucket == CREATE else None,
        "alarms": True,
        "prometheus": bool(prometheus and prometheus.managed),
        "protect": settings.protect,
        "tags": settings.tags,
    }


def plan_configuration(settings: StackSettings, *, today: datetime.date) -> ConfigurationIntent:
    """The MSK configuration of a stack.

    Args:
        settings: The stack's settings.
        today: The day on which acknowledgements are judged.
    """
    return {
        "description": f"Server properties of {settings.cluster_name}",
        "server_properties": render(server_properties_of(settings)),
        "protect": settings.protect,
        "express": settings.broker.is_express,
        "acknowledged": sorted(settings.acknowledged(today)),
        **taken_over(settings, "configuration", settings.imported.configuration),
    }


def plan_cluster(settings: StackSettings, *, today: datetime.date) -> ClusterIntent:
    """The cluster of a stack.

    Args:
        settings: The stack's settings.
        today: The day on which support and acknowledgements are judged.
    """
    authentication, network, logs, storage = settings.authentication, settings.network, settings.logs, storage_of(settings)
    return {
        "cluster_name": settings.cluster_name,
        "kafka_version": settings.kafka_version,
        "broker_type": settings.broker_type,
        "brokers_per_zone": settings.brokers_per_zone,
        "client_broker": settings.encryption.client_broker,
        "iam": authentication.iam is not None,
        "scram": authentication.scram is not None,
        "unauthenticated": authentication.unauthenticated,
        "listeners": listeners_of(settings),
        "log_prefix": logs.s3.prefix if logs.s3 else None,
        "log_stream": logs.firehose.delivery_stream if logs.firehose else None,
        "multi_vpc": network.multi_vpc.mechanisms if network.multi_vpc else None,
        "dual_stack": network.ipv6 or None,
        "storage_gib": storage.initial_gib if storage else 0,
        "storage_autoscaling": bool(storage and storage.maximum_gib is not None),
        "storage_mode": settings.storage.mode,
        "provisioned_throughput": settings.storage.provisioned_throughput or 0,
        "monitoring_level": settings.monitoring.level,
        "open_monitoring": settings.monitoring.prometheus is not None,
        "public_access": network.public_access,
        "rebalancing": settings.rebalancing or "ACTIVE" if settings.broker.is_express else None,
        "workload": settings.workload.model_dump(by_alias=True, exclude_none=True),
        "today": today.isoformat(),
        "acknowledged": sorted(settings.acknowledged(today)),
        "protect": settings.protect,
        "tags": settings.tags,
        **taken_over(settings, "cluster", settings.imported.cluster),
    }


def plan_topics_of(settings: StackSettings, *, today: datetime.date) -> TopicsIntent | None:
    """The topics of a stack; None without any, and on a Serverless cluster, whose topics AWS's API does not make.

    Args:
        settings: The stack's settings.
        today: The day on which acknowledgements are judged.
    """
    topics = plan_topics(settings.topics, kind=settings.broker.kind, default_replication_factor=replication_factor_of(settings))
    if not topics or settings.is_serverless:
        return None
    return {
        "topics": topics,
        "kafka_version": settings.kafka_version,
        "protect": settings.protect,
        "server_properties": render(server_properties_of(settings)),
        "acknowledged": sorted(settings.acknowledged(today)),
    }


def plan_storage_autoscaling(settings: StackSettings) -> StorageAutoscalingIntent | None:
    """The storage autoscaling of a stack; None where it is off."""
    storage = storage_of(settings)
    if storage is None or storage.maximum_gib is None:
        return None
    return {
        "maximum_gib": storage.maximum_gib,
        "target_utilization": settings.storage.target_utilization,
        "tags": settings.tags,
    }
