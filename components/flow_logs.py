"""VPC flow logs: who talked to whom."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from components.component import Component
from components.place import place
from domain.iam_documents import as_json, flow_log_permissions, flow_log_trust_policy

_AGGREGATION_SECONDS = 60
"""The finer of the two that AWS has; the other is ten minutes, too coarse to follow an incident."""


def record_flows(
    name: str,
    parent: Component,
    *,
    vpc_id: pulumi.Input[str],
    region: str,
    log_group_name: str,
    retention_days: int,
    key_arn: pulumi.Input[str],
    tags: Mapping[str, str],
) -> None:
    """Records all traffic of a VPC in an encrypted log group, through a role that can write there and nowhere else."""
    group = cloudwatch.LogGroup(
        f"{name}-flows",
        name=log_group_name,
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        tags=tags,
        opts=parent.child(),
    )
    role = iam.Role(
        f"{name}-flows",
        description="Writes VPC flow logs",
        assume_role_policy=place(region, parent).apply(lambda where: as_json(flow_log_trust_policy(where))),
        tags=tags,
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
        tags=tags,
        opts=parent.child(depends_on=[permissions]),
    )
