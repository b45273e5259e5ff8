"""The client's side of multi-VPC private connectivity: a connection from a VPC to somebody's cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws import ec2, msk, vpc

from components.component import Component, named
from domain.msk.listeners import MULTI_VPC_PORTS
from domain.network.openings import Source, source_identity

AUTHENTICATIONS = ("SASL_IAM", "SASL_SCRAM", "TLS")
"""What a connection is for, one mechanism each. MSK API reference, ``CreateVpcConnection``, ``authentication``."""


class VpcConnectionArgs(TypedDict):
    """Arguments of `VpcConnection`."""

    cluster_arn: str
    """ARN of the cluster, which has multi-VPC connectivity on. Changing it replaces the connection."""
    authentication: str
    """"SASL_IAM", "SASL_SCRAM" or "TLS". Changing it replaces the connection."""
    vpc_id: str
    """The clients' VPC. Changing it replaces the connection."""
    subnet_ids: Sequence[str]
    """As many subnets as the cluster has, in zones of the same IDs. Changing them replaces the connection."""
    sources: Sequence[Source]
    """The clients in the VPC."""
    title: str
    """The Name tag."""
    tags: Mapping[str, str]
    """Tags of each resource."""


class VpcConnection(Component):
    """A connection, and a security group that lets the clients to it.

    Clients then use the cluster's bootstrap string for multi-VPC connectivity of the same mechanism: its names lead to the
    connection within this VPC. Nothing leaves the cluster's region.

    Raises:
        pulumi.RunError: The authentication is none that a connection can have.
    """

    args_type = VpcConnectionArgs
    module = "access"

    arn: pulumi.Output[str]
    """The connection's ARN."""
    security_group_id: pulumi.Output[str]
    """The security group of the connection."""

    def __init__(self, name: str, args: VpcConnectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        if args["authentication"] not in AUTHENTICATIONS:
            raise pulumi.RunError(f"authentication = {args['authentication']}: must be one of {', '.join(AUTHENTICATIONS)}.")
        group = ec2.SecurityGroup(
            f"{name}-group",
            description="Kafka clients to a cluster in another VPC",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], args["title"]),
            opts=self.child(),
        )
        for kind, value in sorted({source_identity(source) for source in args["sources"]}):
            vpc.SecurityGroupIngressRule(
                f"{name}-from-{value}",
                security_group_id=group.id,
                description=f"Kafka multi-VPC from {value}",
                ip_protocol="tcp",
                from_port=MULTI_VPC_PORTS[0],
                to_port=MULTI_VPC_PORTS[1],
                cidr_ipv4=value if kind == "cidr" else None,
                prefix_list_id=value if kind == "prefix_list" else None,
                referenced_security_group_id=value if kind == "security_group" else None,
                tags=args["tags"],
                opts=self.child(),
            )
        connection = msk.VpcConnection(
            f"{name}-connection",
            authentication=args["authentication"],
            client_subnets=args["subnet_ids"],
            security_groups=[group.id],
            target_cluster_arn=args["cluster_arn"],
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], args["title"]),
            opts=self.child(),
        )
        self.arn, self.security_group_id = connection.arn, group.id
        self.register_outputs({"arn": self.arn, "securityGroupId": self.security_group_id})
