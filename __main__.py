"""An Amazon MSK platform: the stack file becomes a plan, components create it, exports hand it on."""

import pulumi

from components.access import CertificateAuthority, ClusterPolicy, KafkaClients, KafkaTestClient
from components.cluster import (
    EncryptionKeys,
    KafkaCluster,
    KafkaConfiguration,
    KafkaTopics,
    ServerlessCluster,
    StorageAutoscaling,
)
from components.monitoring import BrokerLogs, ClusterAlarms, ClusterDashboard, LogBucket, LogWatch, PrometheusMonitoring
from components.network import BrokerSecurityGroup, choose_network
from components.stack import plan_of_stack

plan = plan_of_stack()

# What the brokers stand on.
keys = EncryptionKeys("kafka-keys", {**plan.keys})
network = choose_network("kafka-network", plan.network, flow_log_key_arn=keys.telemetry_key_arn)
security_group = BrokerSecurityGroup("kafka-brokers", {**plan.security_group, "vpc_id": network.vpc_id})
log_bucket = LogBucket("kafka-log-bucket", {**plan.log_bucket, "key_arn": keys.telemetry_key_arn}) if plan.log_bucket else None
authority = CertificateAuthority("kafka-certificates", {**plan.authority}) if plan.authority else None

# The cluster, its topics and its storage.
kafka: KafkaCluster | ServerlessCluster
logs = configuration = None
if plan.serverless:
    kafka = ServerlessCluster(
        "kafka-cluster",
        {**plan.serverless, "subnet_ids": network.subnet_ids, "security_group_id": security_group.security_group_id},
    )
else:
    logs = BrokerLogs("kafka-logs", {**plan.logs, "key_arn": keys.telemetry_key_arn})
    configuration = KafkaConfiguration("kafka-configuration", {**plan.configuration})
    kafka = KafkaCluster(
        "kafka-cluster",
        {
            **plan.cluster,
            "subnet_ids": network.subnet_ids,
            "ways_out": network.ways_out,
            "security_group_id": security_group.security_group_id,
            "data_key_arn": keys.data_key_arn or "",
            "configuration_arn": configuration.arn,
            "configuration_revision": configuration.latest_revision,
            "log_group_name": logs.log_group_name,
            "log_bucket": log_bucket.bucket_name if log_bucket else plan.existing_log_bucket,
            "certificate_authority_arns": [authority.arn] if authority else plan.certificate_authority_arns,
        },
    )
if plan.cluster_policy:
    ClusterPolicy("kafka-cluster-policy", {**plan.cluster_policy, "cluster_arn": kafka.arn})
if plan.topics:
    KafkaTopics("kafka-topics", {**plan.topics, "cluster_arn": kafka.arn})

# Who uses it.
clients = test_client = None
if plan.clients:
    clients = KafkaClients(
        "kafka-clients",
        {**plan.clients, "cluster_arn": kafka.arn, "brokers": kafka.brokers, "secrets_key_arn": keys.secrets_key_arn or ""},
    )
if plan.test_client:
    test_client = KafkaTestClient(
        "kafka-test-client",
        {
            **plan.test_client,
            "cluster_arn": kafka.arn,
            "brokers": kafka.brokers,
            "broker_security_group_id": security_group.security_group_id,
            "vpc_id": network.vpc_id,
            "subnet_id": network.subnet_ids[0],
            "secrets_key_arn": keys.secrets_key_arn or "",
        },
    )

# Who watches it.
alarms = ClusterAlarms("kafka-alarms", {**plan.alarms, "cluster_name": kafka.cluster_name, "key_arn": keys.telemetry_key_arn})
if plan.log_watch and logs:
    LogWatch("kafka-log-watch", {**plan.log_watch, "log_group_name": logs.log_group_name, "topic_arns": alarms.topic_arns})
dashboard = metrics = None
if plan.dashboard:
    dashboard = ClusterDashboard("kafka-dashboard", {**plan.dashboard, "cluster_name": kafka.cluster_name})
if plan.prometheus:
    metrics = PrometheusMonitoring(
        "kafka-prometheus",
        {
            **plan.prometheus,
            "hosts": kafka.hosts,
            "vpc_id": network.vpc_id,
            "subnet_ids": network.subnet_ids,
            "broker_security_group_id": security_group.security_group_id,
            "key_arn": keys.telemetry_key_arn,
            "topic_arns": alarms.topic_arns if plan.alarms["prometheus"] else None,
        },
    )
if plan.storage_autoscaling:
    StorageAutoscaling("kafka-storage", {**plan.storage_autoscaling, "cluster_arn": kafka.arn})

exports = {
    **kafka.exports,
    "certificateAuthorityArn": authority and authority.arn,
    "clients": clients and clients.known,
    "testClient": test_client and test_client.exports,
    "alarmTopics": alarms.topic_arns,
    "unhealthyAlarmArn": alarms.unhealthy_alarm_arn,
    "dashboard": dashboard and dashboard.address,
    "prometheus": metrics and {"workspaceId": metrics.workspace_id, "endpoint": metrics.endpoint},
    "grafana": metrics and metrics.grafana_endpoint,
    "vpcId": network.vpc_id,
    "subnetIds": network.subnet_ids,
    "securityGroupId": security_group.security_group_id,
    "keys": keys.arns,
    "configuration": configuration and {"arn": configuration.arn, "revision": configuration.latest_revision},
}
for name, value in exports.items():
    if value is not None:
        pulumi.export(name, value)
