"""What AWS computes for networks: VPCs and what is in them, addresses, gateways, security groups and their rules."""

from __future__ import annotations

import ipaddress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.facts import dns_suffix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created
    from offline.protocol import wire


def _ec2(prefix: str, kind: str, **more: wire.Value) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        identifier = created.identifier(prefix)
        arn = created.arn("ec2", f"{kind}/{identifier}")
        return {"id": identifier, "arn": arn, "ownerId": created.account, **more}

    return build


def _vpc(created: Created) -> dict[str, Any]:
    table = f"rtb-{created.digits(17, 'rtb')}"
    return {
        **_ec2("vpc", "vpc")(created),
        "defaultNetworkAclId": f"acl-{created.digits(17, 'acl')}",
        "defaultRouteTableId": table,
        "defaultSecurityGroupId": f"sg-{created.digits(17, 'sg')}",
        "dhcpOptionsId": f"dopt-{created.digits(17, 'dopt')}",
        "enableNetworkAddressUsageMetrics": False,
        "ipv6CidrBlock": _ipv6_block(created) if created.inputs.get("assignGeneratedIpv6CidrBlock") else "",
        "mainRouteTableId": table,
        # What nobody said of an existing VPC is the smallest that its subnets need.
        "cidrBlock": "10.0.0.0/16",
    }


def _ipv6_block(created: Created) -> str:
    # As from Amazon's pool, a /56; below 2001:db8::/32 (RFC 3849): addresses that are nobody's.
    digits = created.digits(6, "ipv6")
    return f"{ipaddress.IPv6Address(f'2001:db8:{digits[:4]}:{digits[4:]}00::')}/56"


def _subnet(created: Created) -> dict[str, Any]:
    name, identifier = created.zone()
    return {
        **_ec2("subnet", "subnet")(created),
        "availabilityZone": name,
        "availabilityZoneId": identifier,
        "privateDnsHostnameTypeOnLaunch": "ip-name",
    }


def _instance(created: Created) -> dict[str, Any]:
    unused = ("instanceLifecycle", "outpostArn", "passwordData", "publicDns", "publicIp", "spotInstanceRequestId")
    return {
        **_ec2("i", "instance")(created),
        **dict.fromkeys(unused, ""),
        "availabilityZone": created.zone()[0],
        "instanceState": "running",
        "primaryNetworkInterfaceId": f"eni-{created.digits(17, 'eni')}",
        "privateDns": f"ip-10-0-0-4.{created.region}.compute.internal",
        "privateIp": "10.0.0.4",
    }


def _route(created: Created) -> dict[str, Any]:
    table = created.inputs.get("routeTableId", "rtb")
    return {"id": f"r-{table}{created.digits(10)}", "origin": "CreateRoute", "state": "active"}


def _association(prefix: str) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        return {"id": created.identifier(prefix)}

    return build


def _eip(created: Created) -> dict[str, Any]:
    identifier = created.identifier("eipalloc")
    # TEST-NET-3 (RFC 5737): addresses that are nobody's.
    address = str(ipaddress.ip_address("203.0.113.0") + int(created.digits(2), 16))
    return {
        "id": identifier,
        "allocationId": identifier,
        "arn": created.arn("ec2", f"elastic-ip/{identifier}"),
        "domain": "vpc",
        "networkBorderGroup": created.region,
        "publicDns": f"ec2-{address.replace('.', '-')}.{created.region}.compute.{dns_suffix(created.region)}",
        "publicIp": address,
        "publicIpv4Pool": "amazon",
    }


def _nat_gateway(created: Created) -> dict[str, Any]:
    address = created.within.created.get(created.inputs.get("allocationId", ""))
    return {
        "id": created.identifier("nat"),
        "associationId": f"eipassoc-{created.digits(17, 'eipassoc')}",
        "networkInterfaceId": f"eni-{created.digits(17, 'eni')}",
        "privateIp": "10.0.0.10",
        "publicIp": address.outputs.get("publicIp", "") if address else "",
    }


def _vpc_endpoint(created: Created) -> dict[str, Any]:
    return {
        **_ec2("vpce", "vpc-endpoint")(created),
        "cidrBlocks": [],
        "networkInterfaceIds": [],
        "policy": '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}',
        "prefixListId": f"pl-{created.digits(8, 'pl')}",
        "requesterManaged": False,
        "routeTableIds": [],
        "state": "available",
    }


def _security_group(created: Created) -> dict[str, Any]:
    vpc = created.inputs.get("vpcId", f"vpc-{created.digits(17, 'vpc')}")
    outputs = {**_ec2("sg", "security-group")(created), "vpcId": vpc}
    if created.type.endswith("DefaultSecurityGroup"):
        return {**outputs, "name": "default", "description": "default VPC security group"}
    return {**outputs, "egress": [], "ingress": []}


def _security_group_rule(created: Created) -> dict[str, Any]:
    identifier = created.identifier("sgr")
    return {
        "id": identifier,
        "arn": created.arn("ec2", f"security-group-rule/{identifier}"),
        "securityGroupRuleId": identifier,
    }


def _flow_log(created: Created) -> dict[str, Any]:
    identifier = created.identifier("fl")
    return {
        "id": identifier,
        "arn": created.arn("ec2", f"vpc-flow-log/{identifier}"),
        "logFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
        "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
    }


NETWORK_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:ec2/vpc:Vpc": _vpc,
        "aws:ec2/subnet:Subnet": _subnet,
        "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table", propagatingVgws=[], routes=[]),
        "aws:ec2/route:Route": _route,
        "aws:ec2/routeTableAssociation:RouteTableAssociation": _association("rtbassoc"),
        "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
        "aws:ec2/eip:Eip": _eip,
        "aws:ec2/natGateway:NatGateway": _nat_gateway,
        "aws:ec2/instance:Instance": _instance,
        "aws:ec2/vpcEndpoint:VpcEndpoint": _vpc_endpoint,
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": _association("a-vpce"),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _security_group,
        "aws:ec2/securityGroup:SecurityGroup": _security_group,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _security_group_rule,
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _security_group_rule,
        "aws:ec2/flowLog:FlowLog": _flow_log,
    }
)
"""By type: the outputs that AWS makes."""
