"""Who may reach the brokers, and on which ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws import ec2, vpc

from components.component import Component, named
from components.imports import ImportArgs, import_name, import_options
from domain.listeners import Listener
from domain.openings import openings
from domain.sources import Source
from domain.takeover import rule_key

_DELETE_TIMEOUT = "45m"
"""A deleted cluster's network interfaces go late, and the group cannot go before them."""


class RuleImportArgs(TypedDict, total=False):
    """Arguments for rules that are there already; left out where all are to be created."""

    rule_import_ids: Mapping[str, str]
    """Their ids by port and source, such as 9098-from-10.90.0.0/24. AWS refuses a second rule that says the same."""
    kept_of_rules: Sequence[str]
    """Property paths of those rules that are left as they are in AWS."""


class OtherSources(TypedDict, total=False):
    """Who reaches what is no listener; left out where nobody does."""

    administrators: Sequence[Source]
    """Who reaches ZooKeeper, through TLS; only where there is one."""
    collectors: Sequence[Source]
    """Who scrapes the Prometheus exporters; only where open monitoring is on."""


class BrokerSecurityGroupArgs(ImportArgs, RuleImportArgs, OtherSources):
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
            administrators=args.get("administrators", ()),
            collectors=args.get("collectors", ()),
        )
        there = args.get("rule_import_ids", {})
        for rule in rules:
            # A rule's name is its content, so that it stays when a client is renamed or another one goes.
            key = rule_key(rule.port, rule.value)
            rule_name = import_name(f"{name}-{key}", there.get(key))
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


def _rule_import(args: BrokerSecurityGroupArgs, key: str) -> ImportArgs:
    there = args.get("rule_import_ids", {})
    return {"import_id": there.get(key, ""), "kept": args.get("kept_of_rules", ()), "frozen": args.get("frozen", False)}
