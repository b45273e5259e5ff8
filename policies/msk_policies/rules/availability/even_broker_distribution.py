"""The same number of brokers in each Availability Zone.

Amazon MSK puts the same number of brokers into each client subnet and refuses any other number, minutes into a deployment (MSK
API reference, "CreateCluster", numberOfBrokerNodes). Complying costs up to two brokers more, or fewer.

A number that is missing or none is for `minimum-brokers`. Unknown values: subnets that the same deployment makes count as
different ones; otherwise only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import counted, distinct_elements, read, whole
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.brokers import BROKERS, CLIENT_SUBNETS
from msk_policies.msk.refusals import control


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    brokers = whole(read(props, BROKERS))
    zones = distinct_elements(read(props, CLIENT_SUBNETS))
    if brokers is None or zones == 0 or brokers % zones == 0:
        return
    below = brokers - brokers % zones
    remedy = f"{below} or {below + zones}" if below > 0 else str(zones)
    yield (
        f"Run the same number of brokers in each Availability Zone: {BROKERS} is {brokers}, which is not a multiple of "
        f"{counted(zones, 'client subnet')}. Set {BROKERS} to {remedy}."
    )


POLICY = resource_rule(
    "even-broker-distribution",
    display_name="Even distribution of brokers",
    description="The brokers of an MSK cluster should be spread evenly over its Availability Zones.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has no brokers to count."},
    severity=Severity.MEDIUM,
    tags=["msk", "availability", control("broker-count-multiple-of-az")],
    remediation_steps="Set numberOfBrokerNodes to a multiple of the number of client subnets. Brokers are added in place.",
    url="https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html",
)
