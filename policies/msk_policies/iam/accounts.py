"""The accounts of a stack: those in the ARNs of what it makes, and of the clusters that it makes something for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.properties import read_if_known
from msk_policies.msk.arns import account_of

if TYPE_CHECKING:
    from msk_policies.kit.stack import Stack


_ARNS: Final = ("arn", "clusterArn")
"""Properties that name something of the own account: a topic, a policy and the like of a cluster are where the cluster is."""


def own_accounts(stack: Stack) -> frozenset[str]:
    """The accounts in which a stack makes something; empty while none of the ARNs is known."""
    return frozenset(
        filter(None, (account_of(read_if_known(resource.props, name)) for resource in stack.resources for name in _ARNS))
    )
