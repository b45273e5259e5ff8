"""Hand-built inventories: small, and the same rows that an offline preview gives."""

from __future__ import annotations

from typing import Any

from inventory.rows import CLUSTER, CLUSTER_COMPONENT, UNKNOWN, ResourceRow

WORKLOAD = {"ingressMBps": 10, "peakMBps": 20, "fanOut": 2, "retentionHours": 24, "partitions": 300}

TURNED_ON: dict[str, dict[str, Any]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcEndpointType": "Interface", "privateDnsEnabled": True},
    "aws:grafana/workspace:Workspace": {"authenticationProviders": ["AWS_SSO"]},
    "aws:msk/cluster:Cluster": {
        "loggingInfo": {
            "brokerLogs": {
                "s3": {"enabled": True, "bucket": "acme-logs"},
                "firehose": {"enabled": True, "deliveryStream": "acme-logs"},
            }
        }
    },
}
"""Inputs, by resource type, with all that asks the deploying role for more."""


def row(
    resource_type: str,
    name: str,
    inputs: dict[str, Any] | None = None,
    *,
    parent: str = "",
    outputs: dict[str, Any] | None = None,
    **options: Any,
) -> ResourceRow:
    """One resource; a component when its type is this project's."""
    chain = f"{parent.split('::')[2]}$" if parent else ""
    return {
        "urn": f"urn:pulumi:dev::msk-platform::{chain}{resource_type}::{name}",
        "type": resource_type,
        "name": name,
        "custom": not resource_type.startswith("msk-platform:"),
        "parent": parent,
        "inputs": inputs or {},
        "outputs": outputs or {},
        "options": options,
    }


def cluster(
    broker_type: str = "kafka.m7g.large",
    *,
    name: str = "events",
    brokers: int = 6,
    zones: int = 3,
    volume_gib: int | None = 1000,
    workload: dict[str, Any] | None = None,
    throughput: int | None = None,
    stated: bool = True,
    **inputs: Any,
) -> list[ResourceRow]:
    """A cluster component and the cluster in it; `inputs` are more inputs of the cluster."""
    component_inputs: dict[str, Any] = {"clusterName": name}
    if stated:
        component_inputs["workload"] = WORKLOAD | (workload or {})
    component = row(CLUSTER_COMPONENT, name, component_inputs)
    nodes: dict[str, Any] = {
        "instanceType": broker_type,
        "clientSubnets": [UNKNOWN] * zones,
        "securityGroups": [UNKNOWN],
    }
    if not broker_type.startswith("express.") and volume_gib is not None:
        ebs: dict[str, Any] = {"volumeSize": volume_gib}
        if throughput is not None:
            ebs["provisionedThroughput"] = {"enabled": True, "volumeThroughput": throughput}
        nodes["storageInfo"] = {"ebsStorageInfo": ebs}
    made = row(
        CLUSTER,
        f"{name}-msk",
        {"clusterName": name, "numberOfBrokerNodes": brokers, "brokerNodeGroupInfo": nodes, **inputs},
        parent=component["urn"],
        outputs={"arn": UNKNOWN},
    )
    return [component, made]


def scaling_target(made: ResourceRow, maximum_gib: int) -> ResourceRow:
    """Storage autoscaling of a cluster."""
    return row(
        "aws:appautoscaling/target:Target",
        f"{made['name']}-storage",
        {"scalableDimension": "kafka:broker-storage:VolumeSize", "maxCapacity": maximum_gib, "resourceId": UNKNOWN},
        propertyDependencies={"resourceId": [made["urn"]]},
    )


def configuration(name: str, **properties: object) -> ResourceRow:
    """An MSK configuration; two underscores in a property's name stand for a dot."""
    text = "".join(f"{key.replace('__', '.')}={value}\n" for key, value in properties.items())
    return row("aws:msk/configuration:Configuration", name, {"serverProperties": text})
