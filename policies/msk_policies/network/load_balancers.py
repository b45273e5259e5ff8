"""Load balancers that may stand before brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.properties import decimal, read_if_known
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.network.ports import PORTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_LISTENER: Final = "aws:lb/listener:Listener"


def has_cluster(stack: Stack) -> bool:
    """Whether a program has a cluster at all."""
    return any(True for _ in stack.of_type(CLUSTER, SERVERLESS_CLUSTER))


def listens_for_kafka(balancers: Sequence[PolicyResource], stack: Stack) -> bool:
    """Whether one of the load balancers listens on a port of Amazon MSK, or on one that is not known yet."""
    listeners = [found for balancer in balancers for found in stack.referring(balancer, "loadBalancerArn", _LISTENER)]
    return any(decimal(read_if_known(listener.props, "port")) in (None, *PORTS) for listener in listeners)
