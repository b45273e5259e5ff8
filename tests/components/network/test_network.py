"""The network: private, empty where it can be, and the same tomorrow."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from components.network.existing import ExistingNetwork
from components.network.made import Network, NetworkArgs
from domain.msk.regions import REGIONS, default_zones
from offline.aws.double import AwsDouble
from offline.engine.inventory import rows
from offline.engine.run import Run
from offline.protocol.failures import UserError
from support.programs import inputs, of_type, run_inline, the

ZONES = ["euw1-az1", "euw1-az2", "euw1-az3"]


def network(name: str = "net", **changes: Any) -> Network:
    args: dict[str, Any] = {
        "region": "eu-west-1",
        "title": "orders",
        "cidr": "10.40.0.0/20",
        "zones": ZONES,
        "nat_gateways": "none",
        "public_access": False,
        "flow_log_retention_days": 0,
        "flow_log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
        "protect": True,
        "tags": {"team": "streaming"},
    }
    return Network(name, NetworkArgs(**{**args, **changes}))  # type: ignore[typeddict-item]  # a dictionary of anything


def run(**changes: Any) -> Run:
    return run_inline(lambda: network(**changes), dry_run=False)


def tokens(of: Run) -> set[str]:
    return {resource.type for resource in of.resources}


def test_brokers_get_one_private_subnet_in_each_zone_by_id() -> None:
    subnets = [resource.inputs for resource in of_type(run(), "aws:ec2/subnet:Subnet")]
    assert [subnet["availabilityZoneId"] for subnet in subnets] == ZONES
    assert not any(subnet["mapPublicIpOnLaunch"] for subnet in subnets)
    assert all(ipaddress.IPv4Network(subnet["cidrBlock"]).subnet_of(ipaddress.IPv4Network("10.40.0.0/20")) for subnet in subnets)


def test_nothing_leads_to_the_internet_unless_asked_for() -> None:
    assert not tokens(run()) & {
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/eip:Eip",
        "aws:ec2/route:Route",
    }


def test_the_default_security_group_is_emptied() -> None:
    group = inputs(run(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group["ingress"] == []
    assert group["egress"] == []


@pytest.mark.parametrize(("mode", "gateways"), [("single", 1), ("perZone", 3)])
def test_nat_gateways_stand_in_public_subnets_and_every_private_table_leads_to_one(mode: str, gateways: int) -> None:
    result = run(nat_gateways=mode)
    assert len(of_type(result, "aws:ec2/natGateway:NatGateway")) == gateways
    assert len(of_type(result, "aws:ec2/subnet:Subnet")) == 3 + gateways
    routes = of_type(result, "aws:ec2/route:Route")
    assert sum("natGatewayId" in route.inputs for route in routes) == 3
    assert sum("gatewayId" in route.inputs for route in routes) == 1


def test_turning_nat_gateways_on_moves_no_subnet_of_the_brokers() -> None:
    def private(mode: str) -> list[dict[str, Any]]:
        return [
            resource.inputs for resource in of_type(run(nat_gateways=mode), "aws:ec2/subnet:Subnet") if "private" in resource.name
        ]

    assert private("none") == private("single") == private("perZone")


def test_a_third_zone_moves_neither_of_the_first_two() -> None:
    two = {resource.name: resource.inputs["cidrBlock"] for resource in of_type(run(zones=ZONES[:2]), "aws:ec2/subnet:Subnet")}
    three = {resource.name: resource.inputs["cidrBlock"] for resource in of_type(run(), "aws:ec2/subnet:Subnet")}
    assert two.items() < three.items()


def test_public_access_leads_the_brokers_own_subnets_to_the_internet_in_place() -> None:
    result = run(public_access=True)
    assert len(of_type(result, "aws:ec2/subnet:Subnet")) == 3
    assert [route.inputs["destinationCidrBlock"] for route in of_type(result, "aws:ec2/route:Route")] == ["0.0.0.0/0"] * 3


def test_flow_logs_are_encrypted_kept_and_written_by_a_role_of_their_own() -> None:
    result = run(flow_log_retention_days=365)
    group = inputs(result, "aws:cloudwatch/logGroup:LogGroup")
    assert group["retentionInDays"] == 365
    assert group["kmsKeyId"].startswith("arn:aws:kms:")
    flow_log = the(result, "aws:ec2/flowLog:FlowLog")
    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["iamRoleArn"] == the(result, "aws:iam/role:Role").outputs["arn"]
    assert flow_log.inputs["logDestination"] == the(result, "aws:cloudwatch/logGroup:LogGroup").outputs["arn"]
    assert "aws:ec2/flowLog:FlowLog" not in tokens(run())


def test_s3_is_reached_without_the_internet() -> None:
    endpoint = inputs(run(), "aws:ec2/vpcEndpoint:VpcEndpoint")
    assert endpoint["vpcEndpointType"] == "Gateway"
    assert endpoint["serviceName"] == "com.amazonaws.eu-west-1.s3"
    assert len(endpoint["routeTableIds"]) == 3


def test_vpc_and_brokers_subnets_are_protected_and_public_ones_are_not() -> None:
    result = run(nat_gateways="perZone")
    protected = {row["name"] for row in rows(result) if row["options"].get("protect")}
    assert protected == {"net-vpc", *(f"net-private-{zone}" for zone in ZONES)}


def test_two_networks_live_in_one_program() -> None:
    def program() -> None:
        network("one")
        network("two", cidr="10.60.0.0/20", title="payments")

    assert len(of_type(run_inline(program), "aws:ec2/vpc:Vpc")) == 2


def test_a_zone_the_account_has_not_got_is_named_with_those_it_has() -> None:
    with pytest.raises(UserError, match=r"network\.zones: not available .*: euw1-az9\..*euw1-az1, euw1-az2, euw1-az3"):
        run(zones=["euw1-az1", "euw1-az9"])


@pytest.mark.parametrize("region", REGIONS)
def test_the_default_zones_of_every_region_exist_there(region: str) -> None:
    result = run_inline(lambda: network(region=region, zones=default_zones(region)), config={"aws:region": region})
    assert len(of_type(result, "aws:ec2/subnet:Subnet")) == len(default_zones(region))


def existing() -> ExistingNetwork:
    return ExistingNetwork(
        "net",
        {
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-00000003", "subnet-00000001", "subnet-00000002"],
            "brokers_per_zone": 2,
        },
    )


def subnet(zone: str, vpc: str = "vpc-0123456789abcdef0") -> dict[str, str]:
    return {"vpcId": vpc, "availabilityZoneId": zone}


def test_an_existing_network_creates_nothing_and_sorts_its_subnets() -> None:
    result = run_inline(existing, dry_run=False)
    assert [item.type for item in result.resources if item.custom] == []
    outputs = the(result, "msk-platform:network:ExistingNetwork").outputs
    assert outputs["subnetIds"] == ["subnet-00000001", "subnet-00000002", "subnet-00000003"]


def test_an_existing_network_that_amazon_msk_would_refuse_is_refused_at_once_with_every_reason() -> None:
    double = AwsDouble(
        existing={
            "subnet-00000001": subnet("euw1-az1"),
            "subnet-00000002": subnet("euw1-az1"),
            "subnet-00000003": subnet("use1-az3", "vpc-another"),
        }
    )
    with pytest.raises(UserError) as caught:
        run_inline(existing, double=double)
    text = str(caught.value)
    assert "subnetIds[2] = subnet-00000002: the subnet is in euw1-az1, as subnet-00000001 is." in text
    assert "subnetIds[0] = subnet-00000003: the subnet is in vpc-another, not in vpc-0123456789abcdef0." in text
    assert "subnetIds[0] = subnet-00000003: the subnet is in use1-az3, where Amazon MSK does not run." in text


def test_a_nearly_full_existing_subnet_is_worth_a_warning() -> None:
    double = AwsDouble(existing={"subnet-00000001": {**subnet("euw1-az1"), "availableIpAddressCount": 1}})
    messages = [diagnostic.message for diagnostic in run_inline(existing, double=double).diagnostics]
    assert any("subnet-00000001 has only 1 free addresses for 2 brokers" in message for message in messages)


def test_ipv6_gives_each_of_the_brokers_subnets_a_range_of_the_vpcs_block() -> None:
    made = run(ipv6=True, nat_gateways="single")
    vpc = the(made, "aws:ec2/vpc:Vpc")
    assert vpc.inputs["assignGeneratedIpv6CidrBlock"] is True
    block = ipaddress.IPv6Network(vpc.outputs["ipv6CidrBlock"])
    ranges = {resource.name: resource.inputs.get("ipv6CidrBlock") for resource in of_type(made, "aws:ec2/subnet:Subnet")}
    private = [ipaddress.IPv6Network(text) for name, text in ranges.items() if "private" in name]
    assert len(set(private)) == len(ZONES)
    assert all(value.prefixlen == 64 and value.subnet_of(block) for value in private)
    assert [text for name, text in ranges.items() if "public" in name] == [None]


def test_without_ipv6_nothing_of_it_is_sent() -> None:
    made = run()
    sent = [resource.inputs for kind in ("vpc:Vpc", "subnet:Subnet") for resource in of_type(made, f"aws:ec2/{kind}")]
    assert not [item for item in sent if item.keys() & {"assignGeneratedIpv6CidrBlock", "ipv6CidrBlock"}]


def test_an_existing_subnet_without_an_ipv6_range_is_refused_only_where_it_needs_one() -> None:
    def adopted(**ipv6: bool) -> None:
        ranges = {"subnet-00000001": "2001:db8::/64", "subnet-00000002": ""}
        zones = zip(ranges.items(), ZONES, strict=False)
        double = AwsDouble(existing={item: {**subnet(zone), "ipv6CidrBlock": text} for (item, text), zone in zones})
        args: Any = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": list(ranges), "brokers_per_zone": 2, **ipv6}
        run_inline(lambda: ExistingNetwork("net", args), double=double)

    adopted()
    with pytest.raises(UserError) as caught:
        adopted(ipv6=True)
    assert "subnet-00000002: the subnet has no IPv6 range" in str(caught.value)
    assert "subnet-00000001 has no" not in str(caught.value)
