"""Other accounts that get what they need of a cluster and its keys, and no more.

A cluster policy lets other accounts connect: that is what it is for. One that lets them open or delete the cluster, or read and
write every topic, gives the cluster away. So does the policy of a key that another account may administer, or a grant on the
key of a cluster's data; and a role that the whole of another account may take is whoever's that account trusts next.

Other accounts are those of no resource that the program makes. A condition narrows a statement as in
`no-wildcard-principals`; for a role an external id does, too. Complying costs the actions, topics and roles by name.

Unknown values: silent before AWS gave an ARN that tells the program's own account; cluster policies are judged all the same,
for accounts name no principals of their own there. The deployment judges what it made known, at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.accounts import own_accounts
from msk_policies.iam.conditions import EXTERNAL, WITHIN_ACCOUNTS, narrowed
from msk_policies.iam.documents import Document, document
from msk_policies.iam.identities import TRUST
from msk_policies.iam.permissions import administers_keys, changes_of_any, control_of_any, messages_of_all
from msk_policies.iam.principals import accounts
from msk_policies.iam.verdicts import named
from msk_policies.kit.documents import read_document
from msk_policies.kit.properties import elements, read_if_known
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import StackJudge, stack_rule
from msk_policies.msk.arns import account_of
from msk_policies.msk.keys import DATA_KEY, KEY

_CLUSTER_POLICY: Final = "aws:msk/clusterPolicy:ClusterPolicy"
_GRANT: Final = "aws:kms/grant:Grant"
_KEYS: Final[Mapping[str, str]] = {
    KEY: "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey": "policy",
}


def _cluster_policy(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    policy = document(read_document(resource.props, "policy"))
    own = stack.once(own_accounts)
    for statement in policy.allowing:
        foreign = any(account not in own for account, _ in accounts(statement))
        if not foreign or narrowed(statement.condition, WITHIN_ACCOUNTS):
            continue
        alone = Document([statement, *policy.denying])
        for reach in (*control_of_any(alone), *changes_of_any(alone), *messages_of_all(alone)):
            yield (
                f"Give other accounts only what they need: policy, {reach.place}, allows another account {named(reach)} on the "
                "whole cluster. Name actions that connect, and topics, in policy."
            )


def _key_policy_of(path: str) -> StackJudge:
    def judge(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
        policy = document(read_document(resource.props, path))
        own = stack.once(own_accounts)
        for statement in policy.allowing if own else ():
            foreign = any(account not in own for account, _ in accounts(statement))
            if foreign and not narrowed(statement.condition, WITHIN_ACCOUNTS):
                for reach in administers_keys(Document([statement, *policy.denying])):
                    yield (
                        f"Let no other account administer a key: {path}, {reach.place}, allows another account {named(reach)}. "
                        f"List the actions that it needs in {path}."
                    )

    return judge


def _grant(grant: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    own, account = stack.once(own_accounts), account_of(read_if_known(grant.props, "granteePrincipal"))
    if not own or not account or account in own:
        return
    operations = elements(read_if_known(grant.props, "operations"))
    if "CreateGrant" in operations or _is_a_clusters(grant, stack):
        yield (
            "Keep the key of a cluster's data to its own account: granteePrincipal is of another account. Set granteePrincipal "
            "to a role of the account that the cluster is in."
        )


def _is_a_clusters(grant: PolicyResource, stack: Stack) -> bool:
    """Whether a grant is on the key of a cluster's data."""
    keys = {key.urn for key in stack.referred(grant, "keyId", KEY)}
    key_id = read_if_known(grant.props, "keyId")
    return any(
        (isinstance(key_id, str) and read_if_known(cluster.props, DATA_KEY) == key_id)
        or any(key.urn in keys for key in stack.referred(cluster, DATA_KEY, KEY))
        for cluster in stack.of_type(CLUSTER)
    )


def _trust_of(path: str) -> StackJudge:
    def judge(role: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
        own = stack.once(own_accounts)
        for statement in document(read_document(role.props, path)).allowing if own else ():
            whole = any(account not in own and is_whole for account, is_whole in accounts(statement))
            if whole and not narrowed(statement.condition, EXTERNAL):
                yield (
                    f"Say who of another account takes a role: {path}, {statement.place}, trusts the whole account. Name a role "
                    f"in {path}, or set a condition on sts:ExternalId."
                )

    return judge


POLICY = stack_rule(
    "narrowed-foreign-accounts",
    display_name="Narrowed access of other accounts",
    description="Policies of clusters, keys and roles should give other accounts only what they need.",
    judges={
        _CLUSTER_POLICY: _cluster_policy,
        **{resource_type: _key_policy_of(path) for resource_type, path in _KEYS.items()},
        _GRANT: _grant,
        **{resource_type: _trust_of(path) for resource_type, path in TRUST.items()},
    },
    severity=Severity.HIGH,
    tags=["msk", "access", "iam", "kms"],
    remediation_steps="Name the actions that connect (kafka:CreateVpcConnection, kafka:GetBootstrapBrokers) and the topics, and "
    "roles in place of accounts. The policy changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html",
)
