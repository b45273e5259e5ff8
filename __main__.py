"""An Amazon MSK platform: network, keys, configuration, cluster."""

import datetime
import os
from collections.abc import Mapping
from pathlib import Path

import pulumi
from pulumi.runtime import config as pulumi_config

from components.broker_logs import BrokerLogs, broker_log_group_name
from components.broker_security_group import BrokerSecurityGroup, OtherSources, RuleImportArgs
from components.certificate_authority import CertificateAuthority
from components.cluster_alarms import ClusterAlarms
from components.cluster_dashboard import ClusterDashboard
from components.cluster_policy import ClusterPolicy
from components.encryption_keys import CREATE, EncryptionKeys, LogBucketKey
from components.existing_network import ExistingNetwork
from components.flow_logs import flow_log_group_name
from components.imported_network import ImportedNetwork
from components.imports import ImportArgs
from components.kafka_clients import KafkaClients
from components.kafka_cluster import ConnectivityArgs, KafkaCluster, MoreLogSinks
from components.kafka_configuration import KafkaConfiguration
from components.kafka_topics import KafkaTopics
from components.log_bucket import LogBucket
from components.log_watch import LogWatch
from components.network import DualStackArgs, Network
from components.prometheus_monitoring import PrometheusMonitoring, TellsArgs
from components.smoke_client import SmokeClient
from components.storage_autoscaling import StorageAutoscaling
from domain.clones import warn_of_project_region, warn_of_template_name
from domain.plan import plan_platform, without_internet
from domain.problems import SettingsError
from domain.settings_loading import load_settings


def all_config() -> Mapping[str, str]:
    """Every value of the configuration, by ``namespace:key``."""
    return {**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}


def stack_config() -> Mapping[str, str]:
    """Every value of this project's configuration: asked by name alone, a misspelt setting would never be noticed."""
    own = f"{pulumi.get_project()}:"
    return {key.removeprefix(own): value for key, value in all_config().items() if key.startswith(own)}


def encrypted_settings() -> list[str]:
    """What to say of settings that were encrypted: they take part in names and sizes, which are no secret in AWS or the state."""
    own = f"{pulumi.get_project()}:"
    return [
        f"{key.removeprefix(own)} is encrypted in the stack file, but stands in the state and in AWS in clear text."
        for key in sorted(pulumi_config.CONFIG.get())
        if key.startswith(own) and pulumi_config.is_config_secret(key)
    ]


def hints(cluster_name: str) -> list[str]:
    """What to say of a name and a region that come from the template; which files say a region is nothing that Pulumi tells."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    paths = sorted(Path(pulumi.get_root_directory()).glob("Pulumi*.y*ml"))
    files = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    return [
        *warn_of_template_name(all_config(), project=project, stack=stack, cluster_name=cluster_name),
        *warn_of_project_region(files, stack=stack, region=region),
    ]


def today() -> datetime.date:
    """The day on which support dates are judged; SOURCE_DATE_EPOCH pins it where a run must be repeatable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    return now.date()


def taken_over(part: str, import_id: str | None) -> ImportArgs:
    """The arguments of a component whose resource is there already, by its key in ``import``."""
    return {"import_id": import_id, "kept": imported.kept(part), "frozen": imported.frozen} if import_id else {}


def rules_taken_over() -> RuleImportArgs:
    """The arguments for security group rules that are there already."""
    return {"rule_import_ids": imported.rules, "kept_of_rules": imported.kept("rules")} if imported.rules else {}


region = pulumi.Config("aws").require("region")
try:
    loaded = load_settings(stack_config(), project=pulumi.get_project(), stack=pulumi.get_stack(), region=region)
except SettingsError as error:
    raise pulumi.RunError(str(error)) from error
settings = loaded.settings
for warning in (*loaded.warnings, *encrypted_settings(), *hints(settings.cluster_name)):
    pulumi.log.warn(warning)
plan = plan_platform(settings)
name = settings.cluster_name
if plan.more_alarms:
    pulumi.log.info(plan.more_alarms)

imported = settings.imported
flow_logs = settings.network.flow_logs
prometheus = settings.monitoring.prometheus
log_group_name = imported.broker_log_group or broker_log_group_name(name)
key_of_bucket: LogBucketKey = {"log_bucket": True} if settings.logs.s3 and settings.logs.s3.bucket == CREATE else {}
keys = EncryptionKeys(
    "kafka-keys",
    {
        "region": region,
        "title": name,
        "data_key": settings.encryption.data_key,
        "secrets_key": settings.encryption.secrets_key if settings.authentication.scram else "",
        "telemetry_key": settings.encryption.telemetry_key,
        "log_group_patterns": [
            log_group_name,
            *([flow_log_group_name(name)] if flow_logs else []),
        ],
        **key_of_bucket,
        "alarms": True,
        "prometheus": bool(prometheus and prometheus.managed),
        "protect": settings.protect,
        "tags": settings.tags,
    },
)
dual_stack: DualStackArgs = {"ipv6": True} if settings.network.ipv6 else {}
if settings.network.existing:
    network: Network | ExistingNetwork | ImportedNetwork = ExistingNetwork(
        "kafka-network",
        {
            "vpc_id": settings.network.existing.vpc_id,
            "subnet_ids": settings.network.existing.subnet_ids,
            "brokers_per_zone": settings.brokers_per_zone,
            **dual_stack,
        },
    )
elif imported.vpc:
    network = ImportedNetwork(
        "kafka-network",
        {
            "region": region,
            "title": name,
            "vpc_id": imported.vpc,
            "kept_of_vpc": imported.kept("vpc"),
            "subnet_ids": imported.subnets,
            "kept_of_subnets": imported.kept("subnets"),
            "frozen": imported.frozen,
            "flow_log_retention_days": flow_logs.retention_days if flow_logs else 0,
            "flow_log_key_arn": keys.telemetry_key_arn,
            "protect": settings.protect,
            "tags": settings.tags,
        },
    )
else:
    network = Network(
        "kafka-network",
        {
            "region": region,
            "title": name,
            "cidr": settings.network.cidr,
            "zones": settings.network.zones,
            "nat_gateways": settings.network.nat_gateways,
            "public_access": settings.network.public_access,
            **dual_stack,
            "flow_log_retention_days": flow_logs.retention_days if flow_logs else 0,
            "flow_log_key_arn": keys.telemetry_key_arn,
            "protect": settings.protect,
            "tags": settings.tags,
        },
    )
others: OtherSources = {"administrators": plan.administrators} if plan.administrators else {}
if plan.collectors:
    others["collectors"] = plan.collectors
security_group = BrokerSecurityGroup(
    "kafka-brokers",
    {
        "vpc_id": network.vpc_id,
        "title": f"{name}-brokers",
        "listeners": plan.listeners,
        "sources": plan.sources,
        "protect": settings.protect,
        "tags": settings.tags,
        **taken_over("securityGroup", imported.security_group),
        **others,
        **rules_taken_over(),
    },
)
logs = BrokerLogs(
    "kafka-logs",
    {
        "log_group_name": log_group_name,
        "retention_days": settings.logs.cloudwatch.retention_days,
        "key_arn": keys.telemetry_key_arn,
        "tags": settings.tags,
        **taken_over("brokerLogGroup", imported.broker_log_group),
    },
)
more_sinks: MoreLogSinks = {"log_stream": settings.logs.firehose.delivery_stream} if settings.logs.firehose else {}
if settings.logs.s3:
    more_sinks["log_prefix"] = settings.logs.s3.prefix
    more_sinks["log_bucket"] = settings.logs.s3.bucket
    if settings.logs.s3.bucket == CREATE:
        more_sinks["log_bucket"] = LogBucket(
            "kafka-log-bucket",
            {
                "region": region,
                "title": f"{name}-broker-logs",
                "prefix": settings.logs.s3.prefix,
                "retention_days": settings.logs.s3.retention_days,
                "key_arn": keys.telemetry_key_arn,
                "protect": settings.protect,
                "tags": settings.tags,
            },
        ).bucket_name
multi_vpc = settings.network.multi_vpc
connectivity: ConnectivityArgs = {"multi_vpc": multi_vpc.mechanisms} if multi_vpc else {}
if settings.network.ipv6:
    connectivity["dual_stack"] = True
if isinstance(network, Network) and network.ways_out:
    connectivity["ways_out"] = network.ways_out
mutual_tls = settings.authentication.tls
authority = (
    CertificateAuthority(
        "kafka-certificates",
        {
            "region": region,
            "title": name,
            "mode": mutual_tls.certificate_authority_mode,
            "protect": settings.protect,
            "tags": settings.tags,
        },
    )
    if mutual_tls and mutual_tls.certificate_authority == CREATE
    else None
)
configuration = KafkaConfiguration(
    "kafka-configuration",
    {
        "description": f"Server properties of {name}",
        "server_properties": plan.server_properties,
        **taken_over("configuration", imported.configuration),
    },
)
kafka = KafkaCluster(
    "kafka-cluster",
    {
        "cluster_name": name,
        "kafka_version": settings.kafka_version,
        "broker_type": settings.broker_type,
        "brokers_per_zone": settings.brokers_per_zone,
        "subnet_ids": network.subnet_ids,
        "security_group_id": security_group.security_group_id,
        "data_key_arn": keys.data_key_arn,
        "configuration_arn": configuration.arn,
        "configuration_revision": configuration.latest_revision,
        "log_group_name": logs.log_group_name,
        **more_sinks,
        **connectivity,
        "client_broker": settings.encryption.client_broker,
        "iam": settings.authentication.iam is not None,
        "scram": settings.authentication.scram is not None,
        "certificate_authority_arns": [authority.arn] if authority else plan.certificate_authority_arns,
        "unauthenticated": settings.authentication.unauthenticated,
        "listeners": plan.listeners,
        "storage_gib": plan.storage.initial_gib if plan.storage else 0,
        "storage_autoscaling": plan.autoscaling_maximum_gib is not None,
        "storage_mode": settings.storage.mode,
        "provisioned_throughput": settings.storage.provisioned_throughput or 0,
        "monitoring_level": settings.monitoring.level,
        "open_monitoring": prometheus is not None,
        "public_access": settings.network.public_access,
        "workload": settings.workload.model_dump(by_alias=True, exclude_none=True),
        "today": today().isoformat(),
        "acknowledged": sorted(settings.acknowledged(today())),
        "protect": settings.protect,
        "tags": settings.tags,
        **taken_over("cluster", imported.cluster),
    },
)
if multi_vpc and (multi_vpc.accounts or multi_vpc.principals):
    ClusterPolicy(
        "kafka-cluster-policy",
        {
            "cluster_arn": kafka.arn,
            "accounts": multi_vpc.accounts,
            "principals": multi_vpc.principals,
            "clients": plan.clients_elsewhere,
        },
    )
if plan.topics:
    KafkaTopics("kafka-topics", {"cluster_arn": kafka.arn, "topics": plan.topics, "protect": settings.protect})
clients = (
    KafkaClients(
        "kafka-clients",
        {
            "region": region,
            "cluster_arn": kafka.arn,
            "cluster_name": name,
            "clients": settings.clients,
            "listeners": plan.listeners,
            "brokers": kafka.brokers,
            "elsewhere": frozenset(plan.clients_elsewhere),
            "secrets_key_arn": keys.secrets_key_arn or "",
            "tags": settings.tags,
        },
    )
    if any(client.identity for client in settings.clients.values())
    else None
)
test_client = (
    SmokeClient(
        "kafka-test-client",
        {
            "region": region,
            "cluster_arn": kafka.arn,
            "cluster_name": name,
            "mechanism": settings.smoke_mechanism,
            "listeners": plan.listeners,
            "brokers": kafka.brokers,
            "broker_security_group_id": security_group.security_group_id,
            "vpc_id": network.vpc_id,
            "subnet_id": network.subnet_ids[0],
            "endpoints_for": settings.network.cidr if without_internet(settings) else "",
            "instance_type": settings.test_client.instance_type,
            "wheels": settings.test_client.wheels or "",
            "secrets_key_arn": keys.secrets_key_arn or "",
            "tags": settings.tags,
        },
    )
    if settings.test_client and settings.smoke_mechanism
    else None
)
subscribers = settings.monitoring.subscribers
cluster_alarms = ClusterAlarms(
    "kafka-alarms",
    {
        "region": region,
        "title": name,
        "cluster_name": kafka.cluster_name,
        "alarms": plan.alarms,
        "key_arn": keys.telemetry_key_arn,
        "emails": [settings.alarm_email] if settings.alarm_email else [],
        "critical": subscribers.critical,
        "warning": subscribers.warning,
        "prometheus": bool(prometheus and prometheus.notify),
        "runbook": settings.monitoring.runbook,
        "tags": settings.tags,
    },
)
if settings.monitoring.logs:
    LogWatch(
        "kafka-log-watch",
        {
            "title": name,
            "log_group_name": logs.log_group_name,
            "topic_arns": cluster_alarms.topic_arns,
            "runbook": settings.monitoring.runbook,
            "tags": settings.tags,
        },
    )
dashboard = (
    ClusterDashboard(
        "kafka-dashboard",
        {
            "region": region,
            "title": name,
            "cluster_name": kafka.cluster_name,
            "watched": plan.watched,
            "changes": plan.alarm_changes,
            "has_zookeeper": plan.has_zookeeper,
        },
    )
    if settings.monitoring.dashboard
    else None
)
tells: TellsArgs = {"topic_arns": cluster_alarms.topic_arns} if prometheus and prometheus.notify else {}
if prometheus and prometheus.grafana:
    tells["grafana_authentication"] = prometheus.grafana.authentication
metrics = (
    PrometheusMonitoring(
        "kafka-prometheus",
        {
            "region": region,
            "cluster_name": name,
            "hosts": kafka.hosts,
            "vpc_id": network.vpc_id,
            "subnet_ids": network.subnet_ids,
            "broker_security_group_id": security_group.security_group_id,
            "more_series": prometheus.more_series,
            "rules": plan.prometheus_rules or "",
            "key_arn": keys.telemetry_key_arn,
            "protect": settings.protect,
            "tags": settings.tags,
            **tells,
        },
    )
    if prometheus and prometheus.managed
    else None
)
if plan.autoscaling_maximum_gib is not None:
    StorageAutoscaling(
        "kafka-storage",
        {
            "cluster_arn": kafka.arn,
            "maximum_gib": plan.autoscaling_maximum_gib,
            "target_utilization": settings.storage.target_utilization,
            "tags": settings.tags,
        },
    )

pulumi.export("clusterArn", kafka.arn)
pulumi.export("clusterName", kafka.cluster_name)
pulumi.export("kafkaVersion", kafka.kafka_version)
pulumi.export("customerActionStatus", kafka.customer_action_status)
pulumi.export("bootstrap", kafka.bootstrap)
pulumi.export("brokers", kafka.brokers)
if kafka.zookeeper is not None:
    pulumi.export("zookeeper", kafka.zookeeper)
if authority is not None:
    pulumi.export("certificateAuthorityArn", authority.arn)
if clients is not None:
    pulumi.export("clients", clients.known)
if test_client is not None:
    session = pulumi.Output.concat("aws ssm start-session --region ", region, " --target ", test_client.instance_id)
    pulumi.export("testClient", {"instanceId": test_client.instance_id, "session": session, **test_client.known})
pulumi.export("alarmTopics", cluster_alarms.topic_arns)
if cluster_alarms.unhealthy_alarm_arn is not None:
    pulumi.export("unhealthyAlarmArn", cluster_alarms.unhealthy_alarm_arn)
if dashboard is not None:
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards:name="
    pulumi.export("dashboard", pulumi.Output.concat(console, dashboard.dashboard_name))
if metrics is not None:
    pulumi.export("prometheus", {"workspaceId": metrics.workspace_id, "endpoint": metrics.endpoint})
if metrics is not None and metrics.grafana_endpoint is not None:
    pulumi.export("grafana", metrics.grafana_endpoint)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("subnetIds", network.subnet_ids)
pulumi.export("securityGroupId", security_group.security_group_id)
pulumi.export(
    "keys",
    {
        "data": keys.data_key_arn,
        "telemetry": keys.telemetry_key_arn,
        **({"secrets": keys.secrets_key_arn} if keys.secrets_key_arn is not None else {}),
    },
)
pulumi.export("configuration", {"arn": configuration.arn, "revision": configuration.latest_revision})
