"""The VPC and the subnets that brokers stand in already, taken over."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import ec2

from components.component import Component, named
from components.imports import import_name, import_options
from components.network.flow_logs import record_flows
from domain.plan.network import ImportedNetworkIntent
from domain.plan.takeover import ImportIntent


class ImportedNetworkArgs(ImportedNetworkIntent):
    """Arguments of `ImportedNetwork`."""

    flow_log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the flow logs."""


class ImportedNetwork(Component):
    """A VPC and its broker subnets, managed from now on; their ranges stay what they are.

    Its ways in and out stay whose they are: a subnet has a route table already, and AWS takes no second one; gateways, endpoints
    and the default security group may serve others in the VPC.
    """

    args_type = ImportedNetworkArgs
    module = "network"

    vpc_id: pulumi.Output[str]
    """The VPC's id."""
    subnet_ids: list[pulumi.Output[str]]
    """The brokers' subnets, in the order of the zones."""
    ways_out: Sequence[pulumi.Resource] = ()
    """Routes to the internet that public access needs: none that are this program's."""

    def __init__(self, name: str, args: ImportedNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        vpc_name = import_name(f"{name}-vpc", args["vpc_id"])
        vpc = ec2.Vpc(
            vpc_name,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=named(args["tags"], args["title"]),
            opts=self.child(
                protect=args["protect"],
                **import_options(vpc_name, {"import_id": args["vpc_id"], "kept": args["kept_of_vpc"], "frozen": args["frozen"]}),
            ),
        )
        self.vpc_id = vpc.id
        self.subnet_ids = [self._subnet(name, zone, vpc, args).id for zone in sorted(args["subnet_ids"])]
        record_flows(name, self, vpc.id, args, args["flow_log_key_arn"])
        self.register_outputs({"vpcId": self.vpc_id, "subnetIds": self.subnet_ids})

    def _subnet(self, name: str, zone: str, vpc: ec2.Vpc, args: ImportedNetworkArgs) -> ec2.Subnet:
        intent: ImportIntent = {
            "import_id": args["subnet_ids"][zone],
            "kept": args["kept_of_subnets"],
            "frozen": args["frozen"],
        }
        resource_name = import_name(f"{name}-private-{zone}", intent["import_id"])
        return ec2.Subnet(
            resource_name,
            vpc_id=vpc.id,
            availability_zone_id=zone,
            map_public_ip_on_launch=False,
            tags=named(args["tags"], f"{args['title']}-private-{zone}"),
            opts=self.child(protect=args["protect"], **import_options(resource_name, intent)),
        )
