"""A cluster that somebody made by hand, with all that it stands in, for this template to take over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from offline.aws.double import AwsDouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.engine.cloud import Cloud

REGION = "us-east-1"
KEY = f"arn:aws:kms:{REGION}:123456789012:key/11111111-2222-3333-4444-555555555555"
PROPERTIES = "auto.create.topics.enable=true\n# by hand\nnum.partitions=1\n"
_PROVIDER = {"region": REGION}


def made_by_hand(cloud: Cloud, **cluster: Any) -> dict[str, Any]:
    """Puts a cluster and its surroundings into a cloud, and returns the settings that take it over.

    Args:
        cloud: The cloud.
        cluster: Inputs of the cluster that are to be others.
    """
    vpc = _made(cloud, "aws:ec2/vpc:Vpc", {"cidrBlock": "10.7.0.0/16", "enableDnsSupport": True, "tags": {"by": "hand"}})
    subnets = {
        f"use1-az{number}": _made(
            cloud,
            "aws:ec2/subnet:Subnet",
            {
                "vpcId": vpc,
                "cidrBlock": f"10.7.{number}.0/24",
                "availabilityZoneId": f"use1-az{number}",
                "mapPublicIpOnLaunch": True,
                "tags": {},
            },
        )
        for number in (1, 2, 4)
    }
    group = _made(
        cloud,
        "aws:ec2/securityGroup:SecurityGroup",
        {"name": "msk-orders", "description": "Kafka, ask Ann", "vpcId": vpc, "tags": {}},
    )
    rule = _made(
        cloud,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {
            "securityGroupId": group,
            "ipProtocol": "tcp",
            "fromPort": 9098,
            "toPort": 9098,
            "cidrIpv4": "10.7.0.0/16",
            "description": "all of us",
            "tags": {},
        },
    )
    logs = _made(
        cloud, "aws:cloudwatch/logGroup:LogGroup", {"name": "/msk/orders", "retentionInDays": 30, "kmsKeyId": KEY, "tags": {}}
    )
    configuration = _made(
        cloud,
        "aws:msk/configuration:Configuration",
        {"name": "orders", "description": "", "kafkaVersions": ["3.9.x.kraft"], "serverProperties": PROPERTIES},
    )
    made: dict[str, Any] = {
        "clusterName": "orders",
        "kafkaVersion": "3.9.x.kraft",
        "numberOfBrokerNodes": 3,
        "brokerNodeGroupInfo": {
            "instanceType": "kafka.m7g.large",
            "clientSubnets": sorted(subnets.values()),
            "securityGroups": [group],
            "connectivityInfo": {"publicAccess": {"type": "DISABLED"}},
            "storageInfo": {"ebsStorageInfo": {"volumeSize": 333}},
        },
        "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
        "configurationInfo": {"arn": configuration, "revision": 1},
        "encryptionInfo": {
            "encryptionAtRestKmsKeyArn": KEY,
            "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True},
        },
        "enhancedMonitoring": "PER_BROKER",
        "loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": logs}}},
        "openMonitoring": {"prometheus": {"jmxExporter": {"enabledInBroker": False}, "nodeExporter": {"enabledInBroker": False}}},
        "storageMode": "LOCAL",
        "tags": {"owner": "Ann"},
    }
    arn = _made(cloud, "aws:msk/cluster:Cluster", {**made, **cluster})
    return {
        "brokerType": "kafka.m7g.large",
        "brokersPerZone": 1,
        "clusterName": "orders",
        "protect": True,
        "monitoring": {"level": "PER_BROKER"},
        "storage": {"initialGiB": 333},
        "encryption": {"dataKey": KEY, "telemetryKey": KEY},
        # Nobody but those who were let in by hand.
        "clients": {"applications": {"from": {"cidr": "10.7.0.0/16"}}, "lag-exporter": None, "on-call": None},
        "import": {
            "vpc": vpc,
            "subnets": subnets,
            "securityGroup": group,
            "rules": {"9098-from-10.7.0.0/16": rule},
            "configuration": configuration,
            "cluster": arn,
            "brokerLogGroup": logs,
            "keep": {
                "vpc": ["enableDnsHostnames", "tags"],
                "subnets": ["mapPublicIpOnLaunch", "tags"],
                "securityGroup": ["tags"],
                "rules": ["description", "tags"],
                "configuration": ["serverProperties"],
                "cluster": ["tags"],
                "brokerLogGroup": ["retentionInDays", "tags"],
            },
        },
    }


def _made(cloud: Cloud, type_: str, inputs: Mapping[str, Any]) -> str:
    """Makes one thing; its URN only tells it from others."""
    double = AwsDouble()
    with cloud.open() as content:
        urn = f"hand:{type_}:{len(content['resources'])}"
        checked = double.check(type_, inputs, urn=urn, name="hand", provider=_PROVIDER)
        identifier, outputs = double.create(type_, checked, urn=urn, provider=_PROVIDER)
        content["resources"][f"{type_}|{identifier}"] = {
            "urn": urn,
            "seed": urn,
            "inputs": sorted(checked),
            "properties": outputs,
        }
    return identifier
