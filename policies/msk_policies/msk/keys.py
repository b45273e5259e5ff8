"""KMS keys: what of Amazon MSK a stack's keys encrypt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.rule import CLUSTER
from msk_policies.logs.log_groups import LOG_GROUP, written
from msk_policies.msk.scram import SECRET, associated

if TYPE_CHECKING:
    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

KEY: Final = "aws:kms/key:Key"
EXTERNAL_KEY: Final = "aws:kms/externalKey:ExternalKey"
REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
EXTERNAL_REPLICA_KEY: Final = "aws:kms/replicaExternalKey:ReplicaExternalKey"
KEYS: Final = (KEY, EXTERNAL_KEY, REPLICA_KEY, EXTERNAL_REPLICA_KEY)
"""Types of keys."""
_ALIAS: Final = "aws:kms/alias:Alias"
_MANAGED: Final = "alias/aws/"
"""How the aliases of the keys begin that AWS manages."""
DATA_KEY: Final = "encryptionInfo.encryptionAtRestKmsKeyArn"
"""The property that holds the key of a cluster's data."""


def aws_managed(key: str) -> str | None:
    """The alias of a key that AWS manages, None of another key: an alias follows the last colon of its ARN."""
    alias = key.rpartition(":")[2]
    return alias if alias.startswith(_MANAGED) else None


def encrypted(key: PolicyResource, stack: Stack) -> list[PolicyResource]:
    """What a key encrypts, by its own name or by an alias: clusters' data, the secrets of their users, and logs."""
    aliases = [alias for path in ("targetKeyId", "targetKeyArn") for alias in stack.referring(key, path, _ALIAS)]
    users = [user for name in (key, *aliases) for user in _using(name, stack)]
    return list({user.urn: user for user in users}.values())


def _using(name: PolicyResource, stack: Stack) -> list[PolicyResource]:
    return [
        *stack.referring(name, DATA_KEY, CLUSTER),
        *(secret for secret in stack.referring(name, "kmsKeyId", SECRET) if associated(secret, stack)),
        *(group for group in stack.referring(name, "kmsKeyId", LOG_GROUP) if written(group, stack)),
    ]
