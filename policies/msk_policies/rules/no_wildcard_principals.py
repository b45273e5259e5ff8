"""A cluster policy that names whom it lets in.

The policy of a cluster is what lets other accounts and services in. A principal `*` is everybody in AWS, whatever their
account. A condition may narrow it again, as one on the account or the organization does; such statements pass. Complying
costs a line for each account.

Unknown values: a policy that holds a value that is not known yet is only advised on in a preview; the deployment judges it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.documents import Statement, allowing, texts
from msk_policies.properties import read
from msk_policies.rule import resource_rule

_PROPERTY = "policy"
_NARROWING = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
)


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    for place, statement in allowing(read(props, _PROPERTY)):
        if "NotPrincipal" in statement or (_everybody(statement.get("Principal")) and not _narrowed(statement)):
            yield (
                f"Name whom the cluster's policy lets in: {_PROPERTY}, {place}, lets everybody in AWS in. "
                f"Set {_PROPERTY} to name accounts, roles or services as Principal."
            )


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
    description="The policy of an MSK cluster should name the accounts, roles and services that it lets in.",
    judges={"aws:msk/clusterPolicy:ClusterPolicy": _judge},
    severity=Severity.CRITICAL,
    tags=["msk", "access"],
    remediation_steps="Name accounts, roles or services as Principal, or narrow the statement by a condition on "
    "aws:PrincipalOrgID. The policy changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cross-account-permissions.html",
)
