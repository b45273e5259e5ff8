"""Where the stack is deployed, asked of AWS once for each component that needs it."""

from __future__ import annotations

import pulumi
from pulumi_aws.get_caller_identity import get_caller_identity_output

from domain.access.key_policies import Place
from domain.msk.regions import partition


def place(region: str, parent: pulumi.Resource) -> pulumi.Output[Place]:
    """The account that the credentials belong to, with the region and its partition."""
    identity = get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent))
    account_id: pulumi.Output[str] = identity.account_id
    return account_id.apply(lambda account: Place(partition(region), region, account))
