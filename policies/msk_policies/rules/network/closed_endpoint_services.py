"""Endpoint services for accounts that somebody named.

An endpoint service before the brokers lets other accounts reach them past every security group of theirs. With the principal `*`
and without acceptance, that is every account of AWS. Complying costs a line for each account, or somebody who accepts.

The rule judges endpoint services in a program with a cluster, unless the program shows that their load balancers listen on no
port of Amazon MSK. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import elements, read, read_if_known
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.network.load_balancers import BALANCER, has_cluster, listens_for_kafka

_SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"
_PERMISSIONS = {
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": ("principalArn", "vpcEndpointServiceId"),
    "aws-native:ec2:VpcEndpointServicePermissions": ("allowedPrincipals", "serviceId"),
}
"""By type that lets accounts in: the properties that hold who, and to which service."""
_BALANCERS = "networkLoadBalancerArns"
_PRINCIPALS = "allowedPrincipals"
_ACCEPTANCE = "acceptanceRequired"


def _service(service: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if _may_be_before_brokers(service, stack) and "*" in elements(read(service.props, _PRINCIPALS)):
        yield from _said(service, _PRINCIPALS, service.name)


def _permission(permission: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    path, of_service = _PERMISSIONS[permission.resource_type]
    principals = read(permission.props, path)
    if "*" not in (elements(principals) or [principals]):
        return
    for service in stack.referred(permission, of_service, _SERVICE):
        if _may_be_before_brokers(service, stack):
            yield from _said(service, path, permission.name)


def _said(service: PolicyResource, path: str, name: str) -> Iterator[str]:
    if read(service.props, _ACCEPTANCE) is not True:
        yield (
            f"Let named accounts reach the brokers: {path} of {name} is *, and {_ACCEPTANCE} of {service.name} is not true. "
            f"Set {path} to accounts or roles."
        )


def _may_be_before_brokers(service: PolicyResource, stack: Stack) -> bool:
    if not has_cluster(stack):
        return False
    balancers = stack.referred(service, _BALANCERS, BALANCER)
    # One that is not of this program may be before anything.
    return len(balancers) < len(elements(read_if_known(service.props, _BALANCERS))) or listens_for_kafka(balancers, stack)


POLICY = stack_rule(
    "closed-endpoint-services",
    display_name="Closed endpoint services",
    description="An endpoint service before an MSK cluster should name the accounts that may connect.",
    judges={_SERVICE: _service, **dict.fromkeys(_PERMISSIONS, _permission)},
    severity=Severity.HIGH,
    tags=["msk", "network", "privatelink"],
    remediation_steps="Name accounts or roles as allowed principals, or require acceptance. Amazon MSK's own multi-VPC private "
    "connectivity needs no endpoint service. Endpoints that are connected stay connected until they are rejected.",
    url="https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
)
