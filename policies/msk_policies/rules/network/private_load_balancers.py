"""Load balancers before brokers that the internet does not reach.

A load balancer that faces the internet and listens on a port of Amazon MSK makes brokers public that no setting of the cluster
made so. Complying costs a private way in for clients outside of the VPC: multi-VPC connectivity, peering or a VPN.

The rule judges load balancers in a program with a cluster. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import read
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.network.load_balancers import BALANCER, has_cluster, listens_for_kafka

_PROPERTY = "internal"


def _judge(balancer: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if has_cluster(stack) and listens_for_kafka([balancer], stack) and read(balancer.props, _PROPERTY) is not True:
        yield (
            f"Keep the brokers off the internet: {_PROPERTY} of {balancer.name}, which listens on a port of Amazon MSK, is not "
            f"true. Set {_PROPERTY} to true."
        )


POLICY = stack_rule(
    "private-load-balancers",
    display_name="Private load balancers",
    description="A load balancer before an MSK cluster should not face the internet.",
    judges={BALANCER: _judge},
    severity=Severity.CRITICAL,
    tags=["msk", "network"],
    remediation_steps="Set internal to true, and let clients in by a private way. The load balancer is replaced.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/client-access.html",
)
