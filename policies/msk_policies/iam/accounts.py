"""The accounts of a stack: those in the ARNs of what it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msk_policies.kit.properties import read_if_known
from msk_policies.msk.arns import account_of

if TYPE_CHECKING:
    from msk_policies.kit.stack import Stack


def own_accounts(stack: Stack) -> frozenset[str]:
    """The accounts in which a stack makes something, by the ARNs that AWS gave; empty before it gave any."""
    return frozenset(filter(None, (account_of(read_if_known(resource.props, "arn")) for resource in stack.resources)))
