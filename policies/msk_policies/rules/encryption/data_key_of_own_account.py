"""The key of a cluster's data in the cluster's own account.

Whoever owns a key may disable it or schedule its deletion, and the brokers stop; after the deletion nobody reads the data again.
A key of another account puts that into other hands. Complying costs a key in the cluster's account; changing the key of a
cluster replaces it, so decide before it holds data. Where an organization keeps its keys in an account of their own, exempt
the cluster, or set the rule's level to advisory.

Unknown values: silent before AWS gave an ARN that tells the program's own account; the deployment judges it, at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.accounts import own_accounts
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.arns import account_of
from msk_policies.msk.keys import DATA_KEY


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    own = account_of(read_if_known(cluster.props, "arn"))
    owns = {own} if own else stack.once(own_accounts)
    account = account_of(read_if_known(cluster.props, DATA_KEY))
    if owns and account and account not in owns:
        yield (
            f"Keep the key of a cluster's data in the cluster's account: {DATA_KEY} of {cluster.name} is a key of another "
            f"account. Set {DATA_KEY} to the ARN of a key in the cluster's account."
        )


POLICY = stack_rule(
    "data-key-of-own-account",
    display_name="Data key in the cluster's account",
    description="An MSK cluster should encrypt its data with a key of its own account.",
    judges={CLUSTER: _judge},
    severity=Severity.HIGH,
    tags=["msk", "encryption", "kms"],
    remediation_steps="Create a key in the cluster's account. A new key replaces the cluster.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html",
)
