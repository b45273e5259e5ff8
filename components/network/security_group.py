"""Who may reach the brokers, and on which ports."""

from __future__ import annotations

import pulumi
from pulumi_aws import ec2, vpc

from components.component import Component, named
from components.imports import import_name, import_options
from domain.guards.takeover import rule_key
from domain.network.openings import openings
from domain.plan.network import SecurityGroupIntent
from domain.plan.takeover import ImportIntent

_DELETE_TIMEOUT = "45m"
"""A deleted cluster's network interfaces go late, and the group cannot go before them."""


class BrokerSecurityGroupArgs(SecurityGroupIntent):
    """Arguments of `BrokerSecurityGroup`."""

    vpc_id: pulumi.Input[str]
    """The VPC. Changing it replaces the group and the cluster."""


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
        resource_name = import_name(f"{name}-group", args.get("import_id"))
        group = ec2.SecurityGroup(
            resource_name,
            description="Kafka brokers",
            vpc_id=args["vpc_id"],
            tags=named(args["tags"], args["title"]),
            opts=self.child(
                protect=args["protect"],
                custom_timeouts=pulumi.CustomTimeouts(delete=_DELETE_TIMEOUT),
                **import_options(resource_name, args),
            ),
        )
        self.security_group_id = group.id
        rules = openings(
            args["listeners"],
            args["sources"],
            administrators=args.get("administrators") or (),
            collectors=args.get("collectors") or (),
        )
        import_ids = args.get("rule_import_ids") or {}
        for rule in rules:
            # A rule's name is its content, so that it stays when a client is renamed or another one goes.
            key = rule_key(rule.port, rule.value)
            rule_name = import_name(f"{name}-{key}", import_ids.get(key))
            vpc.SecurityGroupIngressRule(
                rule_name,
                security_group_id=group.id,
                description=rule.description,
                ip_protocol="tcp",
                from_port=rule.port,
                to_port=rule.last_port,
                cidr_ipv4=rule.value if rule.kind == "cidr" and ":" not in rule.value else None,
                cidr_ipv6=rule.value if rule.kind == "cidr" and ":" in rule.value else None,
                prefix_list_id=rule.value if rule.kind == "prefix_list" else None,
                referenced_security_group_id=rule.value if rule.kind == "security_group" else None,
                tags=args["tags"],
                opts=self.child(**import_options(rule_name, _rule_import(args, key))),
            )
        self.register_outputs({"securityGroupId": self.security_group_id})


def _rule_import(args: BrokerSecurityGroupArgs, key: str) -> ImportIntent:
    import_ids = args.get("rule_import_ids") or {}
    return {"import_id": import_ids.get(key, ""), "kept": args.get("kept_of_rules") or (), "frozen": args.get("frozen") or False}
