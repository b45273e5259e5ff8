"""What the AWS provider replaces, and what it sees no difference in, for the resource types of this product.

From the schemas of the Terraform AWS provider, which pulumi-aws is made of: an argument with `ForceNew` (or
`RequiresReplace`, or "Forces new resource" in its documentation) replaces, a `TypeSet` has no order. What is not in a table
is updated in place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from offline import wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPLACING: Mapping[str, tuple[str, ...]] = {
    # internal/service/kafka/cluster.go and CloudFormation, AWS::MSK::Cluster ("Update requires: Replacement").
    "aws:msk/cluster:Cluster": (
        "clusterName",
        "brokerNodeGroupInfo.azDistribution",
        "brokerNodeGroupInfo.clientSubnets",
        "brokerNodeGroupInfo.securityGroups",
        "encryptionInfo.encryptionAtRestKmsKeyArn",
        "encryptionInfo.encryptionInTransit.inCluster",
    ),
    # internal/service/kafka/configuration.go.
    "aws:msk/configuration:Configuration": ("name", "kafkaVersions"),
    # internal/service/ec2/vpc_.go: the IPv4 range is ForceNew; tenancy only from default to dedicated.
    "aws:ec2/vpc:Vpc": ("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    # internal/service/ec2/vpc_subnet.go.
    "aws:ec2/subnet:Subnet": ("availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"),
    # internal/service/ec2/vpc_route_table.go and vpc_route.go: a route is its table and its destination.
    "aws:ec2/routeTable:RouteTable": ("vpcId",),
    "aws:ec2/route:Route": ("routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
    # internal/service/ec2/vpc_route_table_association.go: only the table can be another.
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("subnetId", "gatewayId"),
    # internal/service/ec2/vpc_endpoint.go.
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "vpcEndpointType", "vpcId"),
    # internal/service/ec2/vpc_security_group.go.
    "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "namePrefix", "vpcId"),
    # internal/service/ec2/vpc_security_group_ingress_rule.go: all but the group is modified in place.
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("securityGroupId",),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("securityGroupId",),
    # internal/service/ec2/vpc_nat_gateway.go and vpc_flow_log.go: nearly all of a flow log.
    "aws:ec2/natGateway:NatGateway": ("allocationId", "connectivityType", "subnetId"),
    "aws:ec2/flowLog:FlowLog": (
        "iamRoleArn", "logDestination", "logDestinationType", "logFormat", "maxAggregationInterval", "trafficType", "vpcId",
    ),
    # internal/service/kms/key.go and alias.go.
    "aws:kms/key:Key": ("customerMasterKeySpec", "customKeyStoreId", "keyUsage", "multiRegion", "xksKeyId"),
    "aws:kms/alias:Alias": ("name", "namePrefix"),
    # internal/service/logs/group.go.
    "aws:cloudwatch/logGroup:LogGroup": ("logGroupClass", "name", "namePrefix"),
    # internal/service/iam/role.go and role_policy.go.
    "aws:iam/role:Role": ("name", "namePrefix", "path"),
    "aws:iam/rolePolicy:RolePolicy": ("name", "namePrefix", "role"),
    # internal/service/appautoscaling/target.go and policy.go.
    "aws:appautoscaling/target:Target": ("resourceId", "scalableDimension", "serviceNamespace"),
    "aws:appautoscaling/policy:Policy": ("name", "resourceId", "scalableDimension", "serviceNamespace"),
}  # fmt: skip
"""Dotted property paths by type; a path covers all that is under it. `region` replaces everything that has one."""

WITHOUT_ORDER: Mapping[str, tuple[str, ...]] = {
    # internal/service/kafka/cluster.go: client_subnets and certificate_authority_arns are TypeSet.
    "aws:msk/cluster:Cluster": (
        "brokerNodeGroupInfo.clientSubnets",
        "clientAuthentication.tls.certificateAuthorityArns",
    ),
    "aws:msk/configuration:Configuration": ("kafkaVersions",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("routeTableIds", "securityGroupIds", "subnetIds"),
}
"""Lists that are sets to the provider."""

_CLUSTER = "aws:msk/cluster:Cluster"
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def differences(type_: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The dotted paths at which the provider sees a difference between two sets of inputs, in order."""
    return sorted(_differences(WITHOUT_ORDER.get(type_, ()), "", old, new))


def _differences(sets: tuple[str, ...], path: str, old: Any, new: Any) -> Iterator[str]:
    old, new = wire.reveal(old), wire.reveal(new)
    if isinstance(old, dict | None) and isinstance(new, dict | None) and (old or new):
        before, after = old or {}, new or {}
        for key in before.keys() | after.keys():
            yield from _differences(sets, f"{path}.{key}" if path else key, before.get(key), after.get(key))
    elif path in sets and isinstance(old, list) and isinstance(new, list):
        if sorted(map(str, old)) != sorted(map(str, new)):
            yield path
    elif old != new:
        yield path


def replacing(type_: str, paths: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Those of the differing paths that replace the resource."""
    covers = (*REPLACING.get(type_, ()), "region")
    found = [path for path in paths if any(path == one or path.startswith(f"{one}.") for one in covers)]
    if type_ == _CLUSTER:
        # internal/service/kafka/cluster.go, CustomizeDiff. A version that has an x in it is no version to its comparison.
        if "kafkaVersion" in paths and _is_older(str(new.get("kafkaVersion")), str(old.get("kafkaVersion"))):
            found.append("kafkaVersion")
        if "storageMode" in paths and (old.get("storageMode"), new.get("storageMode")) == ("TIERED", "LOCAL"):
            found.append("storageMode")
    return found


def _is_older(one: str, other: str) -> bool:
    before, after = _NUMBERS.fullmatch(other), _NUMBERS.fullmatch(one)
    if before is None or after is None:
        return False
    return [int(part) for part in after.groups()] < [int(part) for part in before.groups()]
