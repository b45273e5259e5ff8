"""What the deploying role needs for each resource type of the network.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2". Amazon EC2 chooses the ids, so
resources are scoped by kind, region and account. What is read besides (a VPC's default route table, group and access list,
interfaces that keep a subnet or group from being deleted) follows the calls of the Terraform AWS provider, which pulumi-aws is
built from (``internal/service/ec2``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from inventory.deployer.grants import ANY, Grant, TypePermissions, listing
from inventory.rows import get

_WHY = "Describe actions of Amazon EC2 do not support resource-level permissions."


def _arns(*kinds: str) -> tuple[str, ...]:
    return tuple(f"arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/*" for kind in kinds)


def _reads(*actions: str) -> Grant:
    return listing(*(f"ec2:{action}" for action in actions), why=_WHY)


def _writes(actions: tuple[str, ...], *kinds: str) -> Grant:
    return Grant(tuple(f"ec2:{action}" for action in actions), _arns(*kinds))


def _tags(kind: str) -> Grant:
    return _writes(("CreateTags", "DeleteTags"), kind)


_OPENED = _writes(("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"), "security-group", "security-group-rule")
_REVOKED = _writes(("RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"), "security-group")
"""AWS adds a rule to everywhere to each new group, and rules among itself to the default one: the provider revokes them."""


VPC_ATTRIBUTES = Grant(("ec2:DescribeVpcAttribute",), ("arn:{partition}:ec2:{region}:*:vpc/*",), reads=True)
"""Whether a VPC resolves names; it may be another account's, which shares it."""


def _private_name(inputs: Mapping[str, object]) -> tuple[Grant, ...]:
    """An interface endpoint with a private name puts a hosted zone of AWS's into the VPC."""
    if get(inputs, "privateDnsEnabled") is not True:
        return ()
    why = "AWS creates the hosted zone with the endpoint: no ARN is known before, and the zone may be in another account."
    return (Grant(("route53:AssociateVPCWithHostedZone",), ANY, why=why, regional=False),)


def _rule(direction: str) -> TypePermissions:
    return TypePermissions(
        (
            _writes((f"AuthorizeSecurityGroup{direction}",), "security-group", "security-group-rule"),
            _writes((f"RevokeSecurityGroup{direction}",), "security-group"),
            _writes(("ModifySecurityGroupRules",), "security-group", "security-group-rule", "prefix-list"),
            _tags("security-group-rule"),
            _reads("DescribeSecurityGroupRules", "DescribeSecurityGroups"),
        )
    )


NETWORK: Mapping[str, TypePermissions] = MappingProxyType(
    {
        # Components that look something up with the program's own calls.
        "msk-platform:network:Network": TypePermissions((_reads("DescribeAvailabilityZones"),)),
        "msk-platform:network:ExistingNetwork": TypePermissions(
            (_reads("DescribeVpcs", "DescribeSubnets", "DescribeRouteTables"), VPC_ATTRIBUTES)
        ),
        "msk-platform:access:KafkaTestClient": TypePermissions(
            (
                Grant(
                    ("ssm:GetParameter",),
                    ("arn:{partition}:ssm:{region}::parameter/aws/service/ami-amazon-linux-latest/*",),
                    reads=True,
                ),
            )
        ),
        "aws:ec2/instance:Instance": TypePermissions(
            (
                Grant(
                    ("ec2:RunInstances",),
                    (
                        *_arns("instance", "network-interface", "security-group", "subnet", "volume"),
                        # Public images are AWS's.
                        "arn:{partition}:ec2:{region}::image/*",
                    ),
                ),
                _writes(
                    (
                        "ModifyInstanceAttribute",
                        "ModifyInstanceMetadataOptions",
                        "StartInstances",
                        "StopInstances",
                        "TerminateInstances",
                    ),
                    "instance",
                ),
                _writes(("ModifyVolume",), "volume"),
                _tags("instance"),
                _tags("volume"),
                Grant(("ec2:DescribeInstanceAttribute",), _arns("instance"), reads=True),
                _reads(
                    "DescribeImages",
                    "DescribeInstanceCreditSpecifications",
                    "DescribeInstanceTypes",
                    "DescribeInstances",
                    "DescribeNetworkInterfaces",
                    "DescribeSecurityGroups",
                    "DescribeSubnets",
                    "DescribeTags",
                    "DescribeVolumes",
                ),
            )
        ),
        "aws:ec2/vpc:Vpc": TypePermissions(
            (
                _writes(("CreateVpc", "DeleteVpc", "ModifyVpcAttribute"), "vpc"),
                # IPv6 blocks come and go.
                _writes(("AssociateVpcCidrBlock", "DisassociateVpcCidrBlock"), "vpc"),
                _tags("vpc"),
                VPC_ATTRIBUTES,
                _reads("DescribeVpcs", "DescribeNetworkAcls", "DescribeRouteTables", "DescribeSecurityGroups"),
            )
        ),
        "aws:ec2/subnet:Subnet": TypePermissions(
            (
                _writes(("CreateSubnet",), "subnet", "vpc"),
                _writes(("DeleteSubnet", "ModifySubnetAttribute"), "subnet"),
                _writes(("AssociateSubnetCidrBlock", "DisassociateSubnetCidrBlock"), "subnet"),
                _tags("subnet"),
                _reads("DescribeSubnets", "DescribeNetworkInterfaces"),
            )
        ),
        "aws:ec2/routeTable:RouteTable": TypePermissions(
            (
                _writes(("CreateRouteTable",), "route-table", "vpc"),
                _writes(("DeleteRouteTable",), "route-table"),
                _writes(("DisassociateRouteTable",), "route-table", "subnet"),
                _tags("route-table"),
                _reads("DescribeRouteTables"),
            )
        ),
        "aws:ec2/route:Route": TypePermissions(
            (_writes(("CreateRoute", "DeleteRoute", "ReplaceRoute"), "route-table"), _reads("DescribeRouteTables"))
        ),
        "aws:ec2/routeTableAssociation:RouteTableAssociation": TypePermissions(
            (
                _writes(
                    ("AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"), "route-table", "subnet"
                ),
                _reads("DescribeRouteTables"),
            )
        ),
        "aws:ec2/internetGateway:InternetGateway": TypePermissions(
            (
                _writes(("CreateInternetGateway", "DeleteInternetGateway"), "internet-gateway"),
                _writes(("AttachInternetGateway", "DetachInternetGateway"), "internet-gateway", "vpc"),
                _tags("internet-gateway"),
                _reads("DescribeInternetGateways"),
            )
        ),
        "aws:ec2/eip:Eip": TypePermissions(
            (
                _writes(("AllocateAddress", "ReleaseAddress"), "elastic-ip"),
                _writes(("DisassociateAddress",), "elastic-ip", "network-interface"),
                _tags("elastic-ip"),
                _reads("DescribeAddresses", "DescribeAddressesAttribute"),
            )
        ),
        "aws:ec2/natGateway:NatGateway": TypePermissions(
            (
                _writes(("CreateNatGateway",), "natgateway", "elastic-ip", "subnet"),
                _writes(("DeleteNatGateway",), "natgateway"),
                _tags("natgateway"),
                _reads("DescribeNatGateways"),
            )
        ),
        "aws:ec2/vpcEndpoint:VpcEndpoint": TypePermissions(
            (
                _writes(("CreateVpcEndpoint",), "vpc-endpoint", "vpc", "route-table", "subnet", "security-group"),
                _writes(("ModifyVpcEndpoint",), "vpc-endpoint", "route-table", "subnet", "security-group"),
                _writes(("DeleteVpcEndpoints",), "vpc-endpoint"),
                _tags("vpc-endpoint"),
                _reads(
                    "DescribeVpcEndpoints",
                    "DescribePrefixLists",
                    "DescribeNetworkInterfaces",
                    # Amazon EC2 looks for what the endpoint is to be in (same reference, dependent actions of CreateVpcEndpoint).
                    "DescribeSecurityGroups",
                    "DescribeSubnets",
                    "DescribeVpcs",
                ),
            ),
            of_inputs=_private_name,
        ),
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": TypePermissions(
            (_writes(("ModifyVpcEndpoint",), "vpc-endpoint", "route-table"), _reads("DescribeVpcEndpoints"))
        ),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": TypePermissions(
            (_OPENED, _REVOKED, _tags("security-group"), _reads("DescribeSecurityGroups", "DescribeSecurityGroupRules"))
        ),
        "aws:ec2/securityGroup:SecurityGroup": TypePermissions(
            (
                _writes(("CreateSecurityGroup",), "security-group", "vpc"),
                _writes(("DeleteSecurityGroup",), "security-group"),
                _OPENED,
                _REVOKED,
                _tags("security-group"),
                _reads("DescribeSecurityGroups", "DescribeSecurityGroupRules", "DescribeNetworkInterfaces"),
            )
        ),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("Ingress"),
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("Egress"),
        "aws:ec2/flowLog:FlowLog": TypePermissions(
            (
                _writes(("CreateFlowLogs",), "vpc-flow-log", "vpc"),
                _writes(("DeleteFlowLogs",), "vpc-flow-log"),
                _tags("vpc-flow-log"),
                _reads("DescribeFlowLogs"),
                # Amazon VPC User Guide, "Create a flow log that publishes to CloudWatch Logs".
                Grant(
                    ("iam:PassRole",),
                    ("arn:{partition}:iam::{account}:role/{role}",),
                    condition={"StringEquals": {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}},
                ),
            )
        ),
    }
)
"""By resource type; components of the network stand for what the program looks up in them."""
