"""A VPC that is already there, looked at before the brokers move in."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_aws import ec2

from components.component import Component, stack_file_error
from domain.msk.regions import EXCLUDED_ZONES
from domain.plan.network import ExistingNetworkIntent
from domain.problems import Problem


class ExistingNetworkArgs(ExistingNetworkIntent):
    """Arguments of `ExistingNetwork`."""


class ExistingNetwork(Component):
    """Adopts a VPC and its subnets: creates nothing, and checks what Amazon MSK would refuse half an hour later.

    Raises:
        pulumi.RunError: A subnet is in another VPC, two are in one zone, a zone has no Amazon MSK, or a subnet
            has no IPv6 range where it needs one.
    """

    args_type = ExistingNetworkArgs
    module = "network"

    vpc_id: pulumi.Output[str]
    """The VPC's id."""
    subnet_ids: list[pulumi.Output[str]]
    """The brokers' subnets, sorted: their order means nothing, and a reordered list shall show no change."""
    ways_out: Sequence[pulumi.Resource] = ()
    """Routes to the internet that public access needs: none that are this program's."""

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        invoke = pulumi.InvokeOptions(parent=self)
        vpc = ec2.get_vpc(id=args["vpc_id"], opts=invoke)
        if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            pulumi.log.warn(
                f"{vpc.id} has DNS support or DNS hostnames turned off, so clients in it cannot resolve the brokers' names. Turn "
                "both on.",
                self,
            )
        subnets = [ec2.get_subnet(id=subnet_id, opts=invoke) for subnet_id in sorted(args["subnet_ids"])]
        mistakes: list[Problem] = []
        zones: dict[str, str] = {}
        for subnet in subnets:
            wrong = []
            if subnet.vpc_id != args["vpc_id"]:
                wrong.append(f"is in {subnet.vpc_id}, not in {args['vpc_id']}")
            if subnet.availability_zone_id in EXCLUDED_ZONES:
                wrong.append(f"is in {subnet.availability_zone_id}, where Amazon MSK does not run")
            other = zones.setdefault(subnet.availability_zone_id, subnet.id)
            if other != subnet.id:
                wrong.append(f"is in {subnet.availability_zone_id}, as {other} is")
            if args.get("ipv6") and not subnet.ipv6_cidr_block:
                wrong.append("has no IPv6 range, which network.ipv6 needs in each subnet")
            place = ("network", "existing", "subnetIds", args["subnet_ids"].index(subnet.id))
            mistakes += [
                Problem(place, subnet.id, f"the subnet {reason}. Name subnets of one VPC, each in another zone.")
                for reason in wrong
            ]
            if subnet.available_ip_address_count < args["brokers_per_zone"]:
                pulumi.log.warn(
                    f"{subnet.id} has only {subnet.available_ip_address_count} free addresses for {args['brokers_per_zone']} "
                    "brokers. Free some, or name a larger subnet.",
                    self,
                )
        if mistakes:
            raise stack_file_error(mistakes)
        self.vpc_id = pulumi.Output.from_input(args["vpc_id"])
        self.subnet_ids = [pulumi.Output.from_input(subnet.id) for subnet in subnets]
        self.register_outputs({"vpcId": self.vpc_id, "subnetIds": self.subnet_ids})
