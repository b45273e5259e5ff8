"""The AWS provider's functions, answered from the double: what exists in no account is assumed, deterministically.

An existing VPC with its subnets can't be looked up offline. What the program asks about it is answered so that a
sensible stack previews: the region's zones in turn for its subnets in the order in which they are asked about, one VPC
for all of them. `AwsDouble(existing=...)` says what is really there.
"""

from __future__ import annotations

import hashlib
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.facts import ZONES_WITHOUT_MSK, dns_suffix, partition, zone_id
from offline.protocol.failures import FunctionFailed, UnknownFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.double import AwsDouble, ProviderConfig

_ZONES: Final = "aws:index/getAvailabilityZones:getAvailabilityZones"
_BOOTSTRAP: Final = "aws:msk/getBootstrapBrokers:getBootstrapBrokers"
_NODES: Final = "aws:msk/getBrokerNodes:getBrokerNodes"
_PARAMETER: Final = "aws:ssm/getParameter:getParameter"
_DOCUMENT: Final = "aws:iam/getPolicyDocument:getPolicyDocument"

ASSUMED_VPC: Final = "vpc-0123456789abcdef0"
"""The VPC of every existing subnet of which nothing else is known, where no existing VPC was asked about before."""

ASSUMED_CIDR: Final = "10.0.0.0/16"
"""The CIDR of every existing VPC of which nothing else is known."""


def answer(double: AwsDouble, token: str, args: Mapping[str, Any], provider: ProviderConfig) -> dict[str, Any]:
    """Answers a provider function; see `AwsDouble.invoke`."""
    function = _FUNCTIONS.get(token)
    if function is None:
        raise UnknownFunction(token)
    return function(double, args, double.region_of(provider, args))


def _caller_identity(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    del args
    return {
        "id": double.account,
        "accountId": double.account,
        "arn": f"arn:{partition(region)}:iam::{double.account}:user/offline",
        "userId": "AIDAOFFLINEPREVIEW000",
    }


def _region(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    del double, args
    return {
        "id": region,
        "name": region,
        "region": region,
        "description": region,
        "endpoint": f"ec2.{region}.{dns_suffix(region)}",
    }


def _partition(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    del double, args
    suffix = dns_suffix(region)
    return {
        "id": partition(region),
        "partition": partition(region),
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _public_parameter(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    """A parameter that AWS publishes, with the id of an image: no other is known to be there."""
    name = str(args.get("name", ""))
    if not name.startswith("/aws/service/ami-"):
        raise FunctionFailed(_PARAMETER, f"no parameter {name} is known offline")
    value = f"ami-{_digits({'name': name, 'region': region})}"
    arn = f"arn:{partition(region)}:ssm:{region}::parameter{name}"
    del double
    return {"id": name, "name": name, "arn": arn, "type": "String", "value": value, "insecureValue": value, "version": 1}


def _zones(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    if region not in double.zones:
        raise FunctionFailed(
            _ZONES,
            f"no Availability Zones are known offline for the region {region}",
        )
    pairs = [(name, zone_id(region, index)) for index, name in enumerate(double.zones[region])]
    hidden = {*args.get("excludeNames", ()), *args.get("excludeZoneIds", ())}
    kept = [(name, identifier) for name, identifier in pairs if not hidden & {name, identifier}]
    return {
        "id": region,
        "region": region,
        "groupNames": [region],
        "names": [name for name, _ in kept],
        "zoneIds": [identifier for _, identifier in kept],
        **args,
    }


def _subnet(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    identifier = args.get("id") or f"subnet-{_digits(args)}"
    created = double.created.get(identifier)
    if created:
        return {**created.outputs, "id": identifier}
    names = double.zones.get(region) or (f"{region}a",)
    index = double.ordinal("subnet", identifier)
    # What is assumed to be there is assumed to be of use: not in a zone where clusters cannot be.
    usable = [number for number in range(len(names)) if zone_id(region, number) not in ZONES_WITHOUT_MSK]
    zone = usable[index % len(usable)]
    assumed: dict[str, Any] = {
        "id": identifier,
        "arn": f"arn:{partition(region)}:ec2:{region}:{double.account}:subnet/{identifier}",
        "assignIpv6AddressOnCreation": False,
        "availabilityZone": names[zone],
        "availabilityZoneId": zone_id(region, zone),
        "availableIpAddressCount": 4091,
        "cidrBlock": f"10.0.{16 * (index % 16)}.0/20",
        "defaultForAz": False,
        "enableDns64": False,
        "mapPublicIpOnLaunch": False,
        "ownerId": double.account,
        "region": region,
        "state": "available",
        "tags": {},
        "vpcId": args.get("vpcId") or double.first_asked("vpc") or ASSUMED_VPC,
    }
    return {**assumed, **args, **double.existing.get(identifier, {})}


def _vpc(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    identifier = args.get("id") or ASSUMED_VPC
    created = double.created.get(identifier)
    if created:
        return {**created.outputs, "id": identifier}
    double.ordinal("vpc", identifier)
    assumed: dict[str, Any] = {
        "id": identifier,
        "arn": f"arn:{partition(region)}:ec2:{region}:{double.account}:vpc/{identifier}",
        "cidrBlock": ASSUMED_CIDR,
        "cidrBlockAssociations": [],
        "default": False,
        "dhcpOptionsId": f"dopt-{_digits({'vpc': identifier})}",
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "enableNetworkAddressUsageMetrics": False,
        "instanceTenancy": "default",
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "mainRouteTableId": f"rtb-{_digits({'vpc': identifier})}",
        "ownerId": double.account,
        "region": region,
        "state": "available",
        "tags": {},
    }
    return {**assumed, **args, **double.existing.get(identifier, {})}


def _bootstrap_brokers(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    cluster = double.created.get(args["clusterArn"])
    if cluster is None:
        raise FunctionFailed(_BOOTSTRAP, f"no cluster {args['clusterArn']} is known offline")
    strings = {key: value for key, value in cluster.outputs.items() if key.startswith("bootstrapBrokers")}
    return {"id": args["clusterArn"], "region": region, **args, **strings}


def _broker_nodes(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    cluster = double.created.get(args["clusterArn"])
    if cluster is None:
        raise FunctionFailed(_NODES, f"no cluster {args['clusterArn']} is known offline")
    subnets = cluster.inputs["brokerNodeGroupInfo"]["clientSubnets"]
    domain = f"{cluster.inputs['clusterName']}.{cluster.digits(6, 'dns')}.c2.kafka.{region}.{dns_suffix(region)}"
    nodes = [
        {
            "attachedEniId": f"eni-{cluster.digits(17, str(number))}",
            "brokerId": number,
            "clientSubnet": subnets[(number - 1) % len(subnets)],
            "clientVpcIpAddress": f"10.0.{(number - 1) % len(subnets)}.{10 + number}",
            "endpoints": [f"b-{number}.{domain}"],
            "nodeArn": cluster.arn("kafka", f"broker/{cluster.inputs['clusterName']}/{number}"),
        }
        for number in range(1, int(cluster.inputs["numberOfBrokerNodes"]) + 1)
    ]
    return {"id": args["clusterArn"], "region": region, "nodeInfoLists": nodes, **args}


def _service_principal(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    del double
    name = f"{args['serviceName']}.amazonaws.com"
    return {
        "id": f"{args['serviceName']}.{region}.amazonaws.com",
        "name": name,
        "region": region,
        "serviceName": args["serviceName"],
        "suffix": "amazonaws.com",
    }


def _policy_document(double: AwsDouble, args: Mapping[str, Any], region: str) -> dict[str, Any]:
    del double, region
    unsupported = {"sourcePolicyDocuments", "overridePolicyDocuments", "sourceJson", "overrideJson"} & set(args)
    if unsupported:
        raise FunctionFailed(_DOCUMENT, f"{', '.join(sorted(unsupported))} is not supported offline")
    document: dict[str, Any] = {"Version": args.get("version", "2012-10-17")}
    if "policyId" in args:
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(statement) for statement in args.get("statements", ())]
    text = json.dumps(document, indent=2)
    return {"id": str(int(_digits(document)[:8], 16)), "json": text, "minifiedJson": json.dumps(document), **args}


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if statement.get("sid"):
        result["Sid"] = statement["sid"]
    result["Effect"] = statement.get("effect", "Allow")
    for name in ("actions", "notActions", "resources", "notResources"):
        if values := statement.get(name):
            key = (name[0].upper() + name[1:]).removesuffix("s")
            result[key] = _one_or_all(values)
    for name in ("principals", "notPrincipals"):
        if principals := statement.get(name):
            key = (name[0].upper() + name[1:]).removesuffix("s")
            result[key] = _principals(principals)
    conditions: dict[str, dict[str, Any]] = {}
    for condition in statement.get("conditions", ()):
        conditions.setdefault(condition["test"], {})[condition["variable"]] = _one_or_all(condition["values"])
    if conditions:
        result["Condition"] = conditions
    return result


def _principals(principals: list[Mapping[str, Any]]) -> str | dict[str, str | list[str]]:
    if any(principal["type"] == "*" for principal in principals):
        return "*"
    merged: dict[str, list[str]] = {}
    for principal in principals:
        merged.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {kind: _one_or_all(identifiers) for kind, identifiers in merged.items()}


def _one_or_all(values: list[str]) -> str | list[str]:
    # The provider writes one value without its list, and several in reverse alphabetical order.
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def _digits(args: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()[:17]


_FUNCTIONS: Final[Mapping[str, Callable[[AwsDouble, Mapping[str, Any], str], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
        "aws:index/getRegion:getRegion": _region,
        "aws:index/getPartition:getPartition": _partition,
        _ZONES: _zones,
        "aws:index/getServicePrincipal:getServicePrincipal": _service_principal,
        "aws:ec2/getSubnet:getSubnet": _subnet,
        "aws:ec2/getVpc:getVpc": _vpc,
        _PARAMETER: _public_parameter,
        _BOOTSTRAP: _bootstrap_brokers,
        _NODES: _broker_nodes,
        _DOCUMENT: _policy_document,
    }
)
