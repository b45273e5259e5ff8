"""From a resource property to the setting behind it, so that a message about a resource can name the stack file's line."""

from __future__ import annotations

import re

SettingPath = tuple[str, ...]

_CLUSTER: dict[str, SettingPath] = {
    "brokerNodeGroupInfo.clientSubnets": ("network", "zones"),
    "brokerNodeGroupInfo.connectivityInfo.networkType": ("network", "ipv6"),
    "brokerNodeGroupInfo.connectivityInfo.publicAccess.type": ("network", "publicAccess"),
    "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity": ("network", "multiVpc"),
    "brokerNodeGroupInfo.instanceType": ("brokerType",),
    "brokerNodeGroupInfo.storageInfo": ("storage",),
    "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput.enabled": (
        "storage",
        "provisionedThroughputMiBps",
    ),
    "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput.volumeThroughput": (
        "storage",
        "provisionedThroughputMiBps",
    ),
    "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize": ("storage", "initialGiB"),
    "clientAuthentication": ("authentication",),
    "clientAuthentication.sasl.iam": ("authentication", "iam"),
    "clientAuthentication.sasl.scram": ("authentication", "scram"),
    "clientAuthentication.tls.certificateAuthorityArns": (
        "authentication",
        "tls",
        "certificateAuthorityArns",
    ),
    "clientAuthentication.unauthenticated": ("authentication", "unauthenticated"),
    "clusterName": ("clusterName",),
    "configurationInfo": ("serverProperties",),
    "encryptionInfo.encryptionAtRestKmsKeyArn": ("encryption", "dataKey"),
    "encryptionInfo.encryptionInTransit.clientBroker": ("encryption", "clientBroker"),
    "enhancedMonitoring": ("monitoring", "level"),
    "openMonitoring": ("monitoring", "prometheus"),
    "kafkaVersion": ("kafkaVersion",),
    "loggingInfo.brokerLogs": ("logs",),
    "loggingInfo.brokerLogs.cloudwatchLogs": ("logs", "cloudwatch"),
    "loggingInfo.brokerLogs.firehose": ("logs", "firehose"),
    "loggingInfo.brokerLogs.s3": ("logs", "s3"),
    "numberOfBrokerNodes": ("brokersPerZone",),
    # A cluster is judged by the configuration it uses, and by its resource options.
    "protect": ("protect",),
    "serverProperties": ("serverProperties",),
    "storageMode": ("storage", "mode"),
    "tags": ("tags",),
}

_SERVERLESS: dict[str, SettingPath] = {
    "clusterName": ("clusterName",),
    "protect": ("protect",),
    "tags": ("tags",),
    "vpcConfigs": ("network", "clientVpcs"),
}

ORIGINS: dict[str, dict[str, SettingPath]] = {
    "aws:msk/cluster:Cluster": _CLUSTER,
    "aws:msk/serverlessCluster:ServerlessCluster": _SERVERLESS,
    "msk-platform:cluster:ServerlessCluster": {"topics": ("topics",)},
    "aws:msk/configuration:Configuration": {"serverProperties": ("serverProperties",)},
    "aws:acmpca/certificateAuthority:CertificateAuthority": {"usageMode": ("authentication", "tls", "certificateAuthorityMode")},
    "aws:appautoscaling/target:Target": {"maxCapacity": ("storage", "maximumGiB")},
    "aws:appautoscaling/policy:Policy": {
        "targetTrackingScalingPolicyConfiguration.targetValue": ("storage", "targetUtilization")
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"threshold": ("monitoring", "alarms")},
    "aws:sns/topicSubscription:TopicSubscription": {"endpoint": ("alarmEmail",)},
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays": ("logs", "cloudwatch", "retentionDays")},
    "aws:cloudwatch/logGroup:LogGroup kafka-network-flows": {"retentionInDays": ("network", "flowLogs", "retentionDays")},
    "aws:ec2/vpc:Vpc": {"assignGeneratedIpv6CidrBlock": ("network", "ipv6"), "cidrBlock": ("network", "cidr")},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "cidrIpv4": ("clients",),
        "cidrIpv6": ("clients",),
        "prefixListId": ("clients",),
        "referencedSecurityGroupId": ("clients",),
    },
}
"""Resource type, with the logical name where it matters -> property path (wire names) -> path in the stack file. What is not here
has no setting of its own."""


def setting_for(resource_type: str, property_path: str, name: str = "") -> SettingPath | None:
    """The setting behind a property, or behind the nearest block around it.

    Args:
        resource_type: The resource's type.
        property_path: The property, with dots.
        name: The resource's logical name, for types of which the program makes several.
    """
    paths = _paths(resource_type, name)
    parts = property_path.split(".")
    for length in range(len(parts), 0, -1):
        setting = paths.get(".".join(parts[:length]))
        if setting:
            return setting
    return None


def settings_named_in(resource_type: str, message: str, name: str = "") -> SettingPath | None:
    """The setting behind the first property that a message about a resource names.

    Rules name properties by their dotted path. Of several that begin at the same place the longest is meant.
    """
    paths = _paths(resource_type, name)
    if not paths:
        return None
    alternatives = "|".join(re.escape(path) for path in sorted(paths, key=len, reverse=True))
    match = re.search(rf"(?<![\w.])(?:{alternatives})(?![\w])", message)
    return paths[match.group()] if match else None


def _paths(resource_type: str, name: str) -> dict[str, SettingPath]:
    return ORIGINS.get(f"{resource_type} {name}") or ORIGINS.get(resource_type, {})
