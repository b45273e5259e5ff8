"""The VPC that the brokers live in, made for them."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2
from pulumi_aws.get_availability_zones import get_availability_zones

from components.component import Component, named, stack_file_error
from components.network.flow_logs import record_flows
from domain.network.subnets import plan_ipv6_subnets, plan_subnets
from domain.plan.network import NetworkIntent
from domain.problems import ABSENT, Problem

_INTERNET = "0.0.0.0/0"


class NetworkArgs(NetworkIntent):
    """Arguments of `Network`."""

    flow_log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the flow logs."""


class Network(Component):
    """A VPC with one private subnet for brokers in each zone and an S3 gateway endpoint.

    The VPC's default security group is emptied. There is a public subnet only where a NAT gateway stands, and an internet
    gateway only for NAT gateways or public access. Zones are given by ID, so that they are the same place in every account.

    Raises:
        pulumi.RunError: A zone is not available to the account.
    """

    args_type = NetworkArgs
    module = "network"

    vpc_id: pulumi.Output[str]
    """The VPC's id."""
    subnet_ids: list[pulumi.Output[str]]
    """The brokers' subnets, in the order of the zones."""
    ways_out: list[pulumi.Resource]
    """Routes from the brokers' subnets to the internet, which public access needs; empty without it."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._name, self._args = name, args
        self._check_zones()
        plan = plan_subnets(args["cidr"], args["zones"])
        self._vpc = ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args["cidr"],
            assign_generated_ipv6_cidr_block=True if args.get("ipv6") else None,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=named(args["tags"], args["title"]),
            opts=self.child(protect=args["protect"]),
        )
        ec2.DefaultSecurityGroup(
            f"{name}-default",
            vpc_id=self._vpc.id,
            ingress=[],
            egress=[],
            tags=named(args["tags"], f"{args['title']}-default-unused"),
            opts=self.child(),
        )
        self.vpc_id = self._vpc.id
        self.subnet_ids = []
        self.ways_out = []
        tables: dict[str, ec2.RouteTable] = {}
        for zone in args["zones"]:
            subnet = self._subnet("private", zone, plan.private[zone], protect=args["protect"], ipv6=self._ipv6_range(zone))
            self.subnet_ids.append(subnet.id)
            # One table a zone even where all lead to the same place: a NAT gateway a zone can come later in place.
            tables[zone] = self._route_table(f"private-{zone}")
            self._associate(f"private-{zone}", subnet, tables[zone])
        self._lead_out(tables, plan.public)
        ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=self._vpc.id,
            service_name=f"com.amazonaws.{args['region']}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables.values()],
            tags=named(args["tags"], f"{args['title']}-s3"),
            opts=self.child(),
        )
        record_flows(name, self, self._vpc.id, args, args["flow_log_key_arn"])
        self.register_outputs({"vpcId": self.vpc_id, "subnetIds": self.subnet_ids})

    def _check_zones(self) -> None:
        available = get_availability_zones(state="available", opts=pulumi.InvokeOptions(parent=self)).zone_ids
        missing = [zone for zone in self._args["zones"] if zone not in available]
        if missing:
            words = (
                f"not available to this account in {self._args['region']}: {', '.join(missing)}. Set network.zones to two or "
                f"three of {', '.join(sorted(available))}."
            )
            raise stack_file_error([Problem(("network", "zones"), ABSENT, words)])

    def _lead_out(self, private: Mapping[str, ec2.RouteTable], public_ranges: Mapping[str, str]) -> None:
        """Ways to the internet, as far as anything asks for them."""
        mode = self._args["nat_gateways"]
        if mode == "none" and not self._args["public_access"]:
            return
        gateway = ec2.InternetGateway(
            f"{self._name}-internet",
            vpc_id=self._vpc.id,
            tags=named(self._args["tags"], self._args["title"]),
            opts=self.child(),
        )
        if self._args["public_access"]:
            for zone, table in private.items():
                self.ways_out.append(self._route(f"private-{zone}", table, gateway_id=gateway.id))
            return
        public = self._route_table("public")
        self._route("public", public, gateway_id=gateway.id)
        zones = list(private)
        gateways = {
            zone: self._nat_gateway(zone, public_ranges[zone], public, gateway)
            for zone in (zones[:1] if mode == "single" else zones)
        }
        for zone, table in private.items():
            self._route(f"private-{zone}", table, nat_gateway_id=gateways.get(zone, gateways[zones[0]]).id)

    def _nat_gateway(self, zone: str, cidr: str, table: ec2.RouteTable, internet: ec2.InternetGateway) -> ec2.NatGateway:
        subnet = self._subnet("public", zone, cidr, protect=False)
        self._associate(f"public-{zone}", subnet, table)
        title = f"{self._args['title']}-nat-{zone}"
        address = ec2.Eip(f"{self._name}-nat-{zone}", domain="vpc", tags=named(self._args["tags"], title), opts=self.child())
        return ec2.NatGateway(
            f"{self._name}-nat-{zone}",
            allocation_id=address.allocation_id,
            subnet_id=subnet.id,
            tags=named(self._args["tags"], title),
            # A NAT gateway is of no use before its VPC leads to the internet, and AWS says so.
            opts=self.child(depends_on=[internet]),
        )

    def _ipv6_range(self, zone: str) -> pulumi.Output[str] | None:
        if not self._args.get("ipv6"):
            return None
        zones = self._args["zones"]
        return self._vpc.ipv6_cidr_block.apply(lambda block: plan_ipv6_subnets(block, zones)[zone])

    def _subnet(self, role: str, zone: str, cidr: str, *, protect: bool, ipv6: pulumi.Output[str] | None = None) -> ec2.Subnet:
        return ec2.Subnet(
            f"{self._name}-{role}-{zone}",
            vpc_id=self._vpc.id,
            availability_zone_id=zone,
            cidr_block=cidr,
            ipv6_cidr_block=ipv6,
            map_public_ip_on_launch=False,
            tags=named(self._args["tags"], f"{self._args['title']}-{role}-{zone}"),
            opts=self.child(protect=protect),
        )

    def _route_table(self, role: str) -> ec2.RouteTable:
        return ec2.RouteTable(
            f"{self._name}-{role}",
            vpc_id=self._vpc.id,
            tags=named(self._args["tags"], f"{self._args['title']}-{role}"),
            opts=self.child(),
        )

    def _associate(self, role: str, subnet: ec2.Subnet, table: ec2.RouteTable) -> None:
        ec2.RouteTableAssociation(f"{self._name}-{role}", subnet_id=subnet.id, route_table_id=table.id, opts=self.child())

    def _route(
        self,
        role: str,
        table: ec2.RouteTable,
        *,
        gateway_id: pulumi.Input[str] | None = None,
        nat_gateway_id: pulumi.Input[str] | None = None,
    ) -> ec2.Route:
        return ec2.Route(
            f"{self._name}-{role}-internet",
            route_table_id=table.id,
            destination_cidr_block=_INTERNET,
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
            opts=self.child(),
        )
