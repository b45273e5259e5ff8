"""A serverless cluster that AWS takes.

AWS takes the same names as of any cluster, one to five VPC configurations, and two to six subnets in each. Complying costs a
name, or subnets: both replace a cluster that is there.

That clients authenticate by IAM is for `broker-kind-fields`. Unknown values: subnets that the same deployment makes count;
what else is not known yet is left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import counted, distinct_elements, elements, read, read_if_known
from msk_policies.kit.rule import SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.authentication import CLIENT_AUTHENTICATION
from msk_policies.msk.refusals import LONGEST_CLUSTER_NAME, answered, control, judge_of, what_is_wrong_with

_NAME = "clusterName"
_CONFIGURATIONS = "vpcConfigs"
_MOST_CONFIGURATIONS = 5
_FEWEST_SUBNETS, _MOST_SUBNETS = 2, 6
_GROUPS = ("securityGroupIds", "securityGroups")
"""Their names in the aws and the aws-native provider."""
_MOST_GROUPS = 5
"""MSK API reference, "VpcConfig", securityGroupIds."""


def _name(props: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, _NAME)
    wrong = what_is_wrong_with(name, LONGEST_CLUSTER_NAME) if isinstance(name, str) else None
    if wrong:
        yield (
            f"Give a serverless cluster a name that AWS accepts: {_NAME} {wrong}, {answered('serverless-name-pattern')}. Set "
            f"{_NAME} to at most {LONGEST_CLUSTER_NAME} letters, digits and hyphens, beginning with a letter or digit."
        )


def _configurations(props: Mapping[str, Any]) -> Iterator[str]:
    given = read(props, _CONFIGURATIONS)
    configurations = elements(given)
    if given is not None and not 0 < len(configurations) <= _MOST_CONFIGURATIONS:
        yield (
            f"Give a serverless cluster 1 to {_MOST_CONFIGURATIONS} VPC configurations: {_CONFIGURATIONS} has "
            f"{len(configurations)}, {answered('serverless-vpc-configs-max')}. "
            f"Set {_CONFIGURATIONS} to 1 to {_MOST_CONFIGURATIONS} of them."
        )
    for index, configuration in enumerate(configurations):
        subnets = read_if_known(configuration, "subnetIds") if isinstance(configuration, Mapping) else None
        # A subnet that is named twice is one: the provider sends each once.
        number = distinct_elements(subnets)
        if subnets is not None and not _FEWEST_SUBNETS <= number <= _MOST_SUBNETS:
            path = f"{_CONFIGURATIONS}[{index}].subnetIds"
            yield (
                f"Give a VPC configuration {_FEWEST_SUBNETS} to {_MOST_SUBNETS} subnets: {path} names "
                f"{counted(number, 'subnet')}, {answered('serverless-subnets-count')}. "
                f"Set {path} to {_FEWEST_SUBNETS} to {_MOST_SUBNETS} subnets."
            )


def _security_groups(props: Mapping[str, Any]) -> Iterator[str]:
    for index, configuration in enumerate(elements(read(props, _CONFIGURATIONS))):
        for name in _GROUPS:
            number = distinct_elements(read_if_known(configuration, name) if isinstance(configuration, Mapping) else None)
            if number > _MOST_GROUPS:
                path = f"{_CONFIGURATIONS}[{index}].{name}"
                yield (
                    f"Give a VPC configuration up to {_MOST_GROUPS} security groups: {path} names "
                    f"{counted(number, 'security group')}. Set {path} to {_MOST_GROUPS} security groups or fewer."
                )


def _authentication(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, CLIENT_AUTHENTICATION) is None:
        yield (
            f"Let clients of a serverless cluster authenticate with IAM: {CLIENT_AUTHENTICATION} is missing, "
            f"{answered('serverless-sasl-iam-enabled')}. Set {CLIENT_AUTHENTICATION}.sasl.iam.enabled to true."
        )


POLICY = resource_rule(
    "aws-refuses-serverless-clusters",
    display_name="Serverless clusters that AWS accepts",
    description="A serverless MSK cluster should have a name, VPC configurations and subnets that AWS accepts.",
    judges={SERVERLESS_CLUSTER: judge_of(_name, _configurations, _security_groups, _authentication)},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "serverless",
        control("serverless-name-pattern"),
        control("serverless-subnets-count"),
        control("serverless-vpc-configs-max"),
    ],
    remediation_steps="Name two to six subnets in different zones for each of one to five VPCs. Changing them, or the name, "
    "replaces an existing cluster.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/serverless.html",
)
