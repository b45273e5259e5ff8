"""Security groups that somebody chose for the brokers.

A cluster without security groups gets its VPC's default one, which lets everything in that has the same group: whatever was
made in the VPC without a thought (MSK API reference, "BrokerNodeGroupInfo"). Complying costs a group; changing the groups later
replaces the cluster.

Unknown values: groups that the same deployment makes are groups, and pass.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import UnknownValueError, elements, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.brokers import BROKER_SECURITY_GROUPS

_OF_SERVERLESS = ("securityGroupIds", "securityGroups")
"""Their names in the aws and the aws-native provider."""


def _cluster(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _judge(props, BROKER_SECURITY_GROUPS, BROKER_SECURITY_GROUPS)


def _serverless(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    for index, config in enumerate(elements(read(props, "vpcConfigs"))):
        if isinstance(config, Mapping):
            path = next((name for name in _OF_SERVERLESS if name in list(config)), _OF_SERVERLESS[0])
            yield from _judge(config, path, f"vpcConfigs[{index}].{path}")


def _judge(props: Mapping[str, Any], path: str, name: str) -> Iterator[str]:
    try:
        groups = read(props, path)
    except UnknownValueError:
        return
    if not [group for group in elements(groups) if group != ""]:
        yield f"Choose the brokers' security groups: {name} names none, so Amazon MSK uses the VPC's default group. Set {name}."


POLICY = resource_rule(
    "own-security-groups",
    display_name="Chosen security groups",
    description="An MSK cluster should have security groups that were made for it.",
    judges={CLUSTER: _cluster, SERVERLESS_CLUSTER: _serverless},
    severity=Severity.MEDIUM,
    tags=["msk", "network"],
    remediation_steps="Create a security group for the brokers and name it. On an existing cluster, this replaces the cluster.",
    url="https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html",
)
