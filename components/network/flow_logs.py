"""VPC flow logs: who talked to whom."""

from __future__ import annotations

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from components.cluster.guards import log_guard
from components.component import Component, place
from domain.access.documents import as_json
from domain.monitoring.log_retention import LOGS
from domain.network.flow_logs import flow_log_permissions, flow_log_trust_policy
from domain.plan.monitoring import flow_log_group_name
from domain.plan.network import FlowLogIntent

_AGGREGATION_SECONDS = 60
"""The finer of the two that AWS has; the other is ten minutes, too coarse to follow an incident."""


def record_flows(
    name: str, parent: Component, vpc_id: pulumi.Input[str], intent: FlowLogIntent, key_arn: pulumi.Input[str]
) -> None:
    """Records all traffic of a VPC in an encrypted log group, through a role that can write there and nowhere else.

    Args:
        name: What the resources' logical names begin with.
        parent: The network.
        vpc_id: The VPC's id.
        intent: What the network is told of its flow logs.
        key_arn: ARN of the key that encrypts them.
    """
    if not intent["flow_log_retention_days"]:
        return
    guard = log_guard(f"{name}-flows", LOGS, ("network", "flowLogs", "retentionDays")) if intent.get("keep_retention") else None
    group = cloudwatch.LogGroup(
        f"{name}-flows",
        name=flow_log_group_name(intent["title"]),
        retention_in_days=intent["flow_log_retention_days"],
        kms_key_id=key_arn,
        tags=intent["tags"],
        opts=parent.child(hooks=guard),
    )
    role = iam.Role(
        f"{name}-flows",
        description="Writes VPC flow logs",
        assume_role_policy=place(intent["region"], parent).apply(lambda where: as_json(flow_log_trust_policy(where))),
        tags=intent["tags"],
        opts=parent.child(),
    )
    permissions = iam.RolePolicy(
        f"{name}-flows",
        role=role.name,
        policy=group.arn.apply(lambda arn: as_json(flow_log_permissions(arn))),
        opts=parent.child(),
    )
    ec2.FlowLog(
        f"{name}-flows",
        vpc_id=vpc_id,
        traffic_type="ALL",
        iam_role_arn=role.arn,
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        max_aggregation_interval=_AGGREGATION_SECONDS,
        tags=intent["tags"],
        opts=parent.child(depends_on=[permissions]),
    )
