"""Keys that nobody outside of the account can take away.

Who owns the key of a cluster's data can disable or delete it, and the brokers stop for good. A grant lets its grantee use the key
whatever the key's policy says. Complying costs a key in the cluster's account, or a line that names the account that keeps the
organization's keys.

The rule compares the accounts in ARNs. Unknown values: the cluster's ARN is known only in deployment where it is new, so a key of
another account is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import read, read_if_known
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.settings import NamesSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.arns import account_of
from msk_policies.msk.keys import DATA_KEY, KEYS, encrypted

_GRANTEE = "granteePrincipal"
_KEY = "keyId"
_TRUSTED = NamesSetting("trustedAccounts", "Accounts whose keys clusters may use, and which keys may be granted to.")


def _cluster(cluster: PolicyResource, _stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    account = account_of(read_if_known(cluster.props, DATA_KEY))
    if not account or account in _TRUSTED.of(config):
        return
    own = account_of(read(cluster.props, "arn"))
    if own and own != account:
        yield (
            f"Keep the key of a cluster's data in its account: {DATA_KEY} of {cluster.name} is in account {account}, and the "
            f"cluster is in {own}. Set {DATA_KEY} to a key of account {own}, or name {account} in {_TRUSTED.name}."
        )


def _grant(grant: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    account = account_of(read_if_known(grant.props, _GRANTEE))
    if not account or account in _TRUSTED.of(config) or not _of_amazon_msk(grant, stack):
        return
    own = account_of(read_if_known(grant.props, _KEY)) or next(iter(_accounts_of_keys(grant, stack)), "")
    if own and own != account:
        yield (
            f"Grant the keys of Amazon MSK within the account: {_GRANTEE} of {grant.name} is in account {account}, and the key "
            f"is in {own}. Set {_GRANTEE} to a principal of account {own}, or name {account} in {_TRUSTED.name}."
        )


def _of_amazon_msk(grant: PolicyResource, stack: Stack) -> bool:
    """Whether a grant is on a key of Amazon MSK: one of the program's, or one that a cluster names."""
    key = read_if_known(grant.props, _KEY)
    named = {read_if_known(cluster.props, DATA_KEY) for cluster in stack.of_type(CLUSTER)}
    return (isinstance(key, str) and key in named) or any(encrypted(own, stack) for own in stack.referred(grant, _KEY, *KEYS))


def _accounts_of_keys(grant: PolicyResource, stack: Stack) -> Iterator[str]:
    yield from (account_of(read(key.props, "arn")) for key in stack.referred(grant, _KEY, *KEYS))


POLICY = stack_rule(
    "keys-of-this-account",
    display_name="Keys of this account",
    description="The keys of an MSK platform should belong to its account, and be granted within it.",
    judges={CLUSTER: _cluster, "aws:kms/grant:Grant": _grant},
    severity=Severity.HIGH,
    settings=[_TRUSTED],
    tags=["msk", "encryption", "kms"],
    remediation_steps="Create a key in the cluster's account. Changing the key of a cluster replaces the cluster. To trust an "
    "account that keeps the keys of the organization, name it in trustedAccounts.",
    url="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
)
