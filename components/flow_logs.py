"""VPC flow logs: who talked to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from components.component import Component
from components.place import place
from domain.iam_documents import as_json, flow_log_permissions, flow_log_trust_policy

_AGGREGATION_SECONDS = 60
"""The finer of the two that AWS has; the other is ten minutes, too coarse to follow an incident."""


class FlowLogArgs(TypedDict):
    """Arguments that every network has for its flow logs."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """What the Name tags begin with, and the log group's name ends with."""
    flow_log_retention_days: int
    """Days that flow logs are kept; 0: none are recorded."""
    flow_log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the flow logs."""
    tags: Mapping[str, str]
    """Tags of each resource."""


def flow_log_group_name(title: str) -> str:
    """The log group of a network's flow logs."""
    return f"/aws/vendedlogs/vpc-flow-logs/{title}"


def record_flows(name: str, parent: Component, vpc_id: pulumi.Input[str], args: FlowLogArgs) -> None:
    """Records all traffic of a VPC in an encrypted log group, through a role that can write there and nowhere else.

    Args:
        name: What the resources' logical names begin with.
        parent: The network.
        vpc_id: The VPC's id.
        args: The network's arguments.
    """
    if not args["flow_log_retention_days"]:
        return
    group = cloudwatch.LogGroup(
        f"{name}-flows",
        name=flow_log_group_name(args["title"]),
        retention_in_days=args["flow_log_retention_days"],
        kms_key_id=args["flow_log_key_arn"],
        tags=args["tags"],
        opts=parent.child(),
    )
    role = iam.Role(
        f"{name}-flows",
        description="Writes VPC flow logs",
        assume_role_policy=place(args["region"], parent).apply(lambda where: as_json(flow_log_trust_policy(where))),
        tags=args["tags"],
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
        tags=args["tags"],
        opts=parent.child(depends_on=[permissions]),
    )
