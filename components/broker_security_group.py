"""Who may reach the brokers, and on which ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws import ec2, vpc

from components.component import Component, named
from domain.listeners import Listener
from domain.sources import Source, source_identity

_DELETE_TIMEOUT = "45m"
"""A deleted cluster's network interfaces go late, and the group cannot go before them."""


class BrokerSecurityGroupArgs(TypedDict):
    """Arguments of `BrokerSecurityGroup`."""

    vpc_id: pulumi.Input[str]
    """The VPC. Changing it replaces the group and the cluster."""
    title: str
    """The Name tag."""
    listeners: Sequence[Listener]
    """The listeners that are enabled: their ports are opened, and no other."""
    sources: Sequence[Source]
    """Who may connect. The same source given twice opens its ports once."""
    protect: bool
    """Refuse to delete the group."""
    tags: Mapping[str, str]
    """Tags of the group and its rules."""


class BrokerSecurityGroup(Component):
    """The brokers' own security group, with one rule for each source and port.

    Its name and description never change: another group replaces the cluster. It has no egress: brokers answer, they do not call.
    """

    args_type = BrokerSecurityGroupArgs
    module = "network"

    security_group_id: pulumi.Output[str]
    """The group's id."""

    def __init__(self, name: str, args: BrokerSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, shown={**args, "listeners": [str(listener) for listener in args["listeners"]]})
        group = ec2.SecurityGroup(
            f"{name}-group",
            description="Kafka brokers",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], args["title"]),
            opts=self.child(protect=args["protect"], custom_timeouts=pulumi.CustomTimeouts(delete=_DELETE_TIMEOUT)),
        )
        self.security_group_id = group.id
        # A rule's name is its content, so that it stays when a client is renamed or another one goes.
        rules = {
            (listener.port, *source_identity(source)): (listener, source)
            for source in args["sources"]
            for listener in args["listeners"]
        }
        for port, kind, value in sorted(rules):
            listener, _ = rules[port, kind, value]
            vpc.SecurityGroupIngressRule(
                f"{name}-{port}-from-{value}",
                security_group_id=group.id,
                description=f"Kafka {listener.name} from {value}",
                ip_protocol="tcp",
                from_port=port,
                to_port=listener.last_port,
                cidr_ipv4=value if kind == "cidr" else None,
                prefix_list_id=value if kind == "prefix_list" else None,
                referenced_security_group_id=value if kind == "security_group" else None,
                tags=args["tags"],
                opts=self.child(),
            )
        self.register_outputs({"securityGroupId": self.security_group_id})
