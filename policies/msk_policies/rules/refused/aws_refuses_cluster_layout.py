"""Subnets and a name that AWS takes.

AWS refuses a cluster with more than three client subnets, with one that is named twice, or with characters in its name that
are none of its own. A list with a subnet twice may also lose one on the way there, and the cluster has fewer zones than the
program says. Complying costs a name or a subnet: both replace a cluster that is there.

Fewer than two subnets are for `multiple-availability-zones`, an uneven number of brokers for `even-broker-distribution`, what
Express brokers want for `broker-kind-fields`. Unknown values: subnets that the same deployment makes count as different ones;
what else is not known yet is left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import distinct_elements, elements, read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.msk.brokers import CLIENT_SUBNETS, INSTANCE_TYPE, is_express_type
from msk_policies.msk.facts import fact
from msk_policies.msk.refusals import (
    CREATE_CLUSTER_URL,
    LONGEST_CLUSTER_NAME,
    answered,
    control,
    judge_of,
    what_is_wrong_with,
)

_NAME = "clusterName"
_MOST_ZONES: int = fact("zones", "maximum").value


def _repeated_subnets(props: Mapping[str, Any]) -> Iterator[str]:
    subnets = read(props, CLIENT_SUBNETS)
    named, different = len(elements(subnets)), distinct_elements(subnets)
    if different < named:
        yield (
            f"Name each client subnet once: {CLIENT_SUBNETS} names {named}, of which {different} are different, "
            f"{answered('client-subnets-distinct')}. Set {CLIENT_SUBNETS} to subnets in different zones."
        )


def _number_of_subnets(props: Mapping[str, Any]) -> Iterator[str]:
    different = distinct_elements(read(props, CLIENT_SUBNETS))
    if different > _MOST_ZONES and not is_express_type(read(props, INSTANCE_TYPE)):
        yield (
            f"Give a cluster two or three client subnets: {CLIENT_SUBNETS} names {different}, "
            f"{answered('client-subnets-count')}. Set {CLIENT_SUBNETS} to {_MOST_ZONES} subnets in different zones."
        )


def _name(props: Mapping[str, Any]) -> Iterator[str]:
    name = read(props, _NAME)
    wrong = what_is_wrong_with(name, LONGEST_CLUSTER_NAME) if isinstance(name, str) else None
    if wrong:
        yield (
            f"Give a cluster a name that AWS accepts: {_NAME} {wrong}, {answered('cluster-name-pattern')}. Set {_NAME} to at "
            f"most {LONGEST_CLUSTER_NAME} letters, digits and hyphens, beginning with a letter or digit."
        )


POLICY = resource_rule(
    "aws-refuses-cluster-layout",
    display_name="Cluster layout that AWS accepts",
    description="An MSK cluster should have subnets and a name that AWS accepts.",
    judges={CLUSTER: judge_of(_repeated_subnets, _number_of_subnets, _name)},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "brokers",
        control("client-subnets-count"),
        control("client-subnets-distinct"),
        control("cluster-name-pattern"),
    ],
    remediation_steps="Name two or three different subnets, one in each zone, and choose a name of letters, digits and hyphens. "
    "Changing either replaces an existing cluster.",
    url=CREATE_CLUSTER_URL,
)
