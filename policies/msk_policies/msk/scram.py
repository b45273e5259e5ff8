"""Secrets of SASL/SCRAM users: which secrets a stack associates with which clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a resource type
RANDOM_PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a resource type
SINGLE: Final = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
SEVERAL: Final = "aws:msk/scramSecretAssociation:ScramSecretAssociation"
SECRETS_OF: Final = {SINGLE: "secretArn", SEVERAL: "secretArnLists"}
"""By type of association, the property that holds its secrets."""


def associated(secret: PolicyResource, stack: Stack) -> Sequence[PolicyResource]:
    """The associations that give a secret to a cluster."""
    return [
        association
        for association_type, path in SECRETS_OF.items()
        for association in stack.referring(secret, path, association_type)
    ]
