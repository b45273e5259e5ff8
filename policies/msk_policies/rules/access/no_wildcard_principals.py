"""Resource policies that name whom they let in.

The policy of a cluster lets other accounts and services in; that of a key lets them decrypt what brokers stored, that of a
secret lets them sign in as its user, that of a role lets them be it, and that of an SNS topic lets them read or send alarms.
A principal `*` is everybody in AWS, whatever their account. A condition may narrow it again, as one on the account or the
organization does; such statements pass. Complying costs a line for each account.

Unknown values: silent in a preview where the policy holds an ARN that only deployment makes known; the deployment judges it,
before it makes the policy.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.documents import Statement, allowing, texts
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.keys import KEY

_NARROWING = (
    "kms:calleraccount",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
)


def _judge(props: Mapping[str, Any], path: str) -> Iterator[str]:
    for place, statement in allowing(read_if_known(props, path)):
        if "NotPrincipal" in statement or (_everybody(statement.get("Principal")) and not _narrowed(statement)):
            yield (
                f"Allow only named principals: {path}, {place}, allows every AWS principal. "
                f"Set Principal in {path} to accounts, roles or services."
            )


def _policy(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _judge(props, "policy")


def _trust_policy(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _judge(props, "assumeRolePolicy")


def _everybody(principal: object) -> bool:
    if isinstance(principal, Mapping):
        return any(name == "*" for value in principal.values() for name in texts(value))
    return "*" in texts(principal)


def _narrowed(statement: Statement) -> bool:
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return False
    return any(
        isinstance(keys, Mapping)
        and "Not" not in str(operator)
        and any(str(key).lower() in _NARROWING and "*" not in texts(value) for key, value in keys.items())
        for operator, keys in condition.items()
    )


POLICY = resource_rule(
    "no-wildcard-principals",
    display_name="No wildcard principals",
    description="The policies of clusters, keys, secrets, roles and SNS topics should name the accounts, roles and services that "
    "they allow.",
    judges={
        "aws:msk/clusterPolicy:ClusterPolicy": _policy,
        KEY: _policy,
        "aws:kms/keyPolicy:KeyPolicy": _policy,
        "aws:secretsmanager/secretPolicy:SecretPolicy": _policy,
        "aws:iam/role:Role": _trust_policy,
        "aws:sns/topicPolicy:TopicPolicy": _policy,
    },
    severity=Severity.CRITICAL,
    tags=["msk", "access"],
    remediation_steps="Name accounts, roles or services as Principal, or narrow the statement by a condition on "
    "aws:PrincipalOrgID. The policy changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cross-account-permissions.html",
)
