"""Secrets that Amazon MSK takes: those whose names begin with AmazonMSK_.

Amazon MSK associates no other secret with a cluster, and finds that out in the middle of a deployment (MSK Developer Guide,
"Sign-in credentials authentication with AWS Secrets Manager"). Complying costs a name.

Unknown values: a name, or the ARN of a secret made elsewhere, that is not known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import elements, read
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.facts import fact
from msk_policies.msk.scram import SECRET, SECRETS_OF, associated

_PREFIX = fact("scram", "secretPrefix").value
_WANT = "Name the secret as Amazon MSK requires"
_REMEDY = f"to a name that begins with {_PREFIX}"


def _secret(secret: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if not associated(secret, stack):
        return
    name = read(secret.props, "name")
    prefix = read(secret.props, "namePrefix") if name in (None, "") else None
    given = prefix if isinstance(prefix, str) and prefix else name
    if not isinstance(given, str) or not given.startswith(_PREFIX):
        yield f"{_WANT}: name of {secret.name} does not begin with {_PREFIX}. Set name {_REMEDY}."


def _association(association: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    path = SECRETS_OF[association.resource_type]
    if stack.referred(association, path, SECRET):
        return  # judged itself
    value = read(association.props, path)
    arns = [value] if isinstance(value, str) else elements(value)
    if any(isinstance(arn, str) and not arn.rpartition(":")[2].startswith(_PREFIX) for arn in arns):
        yield f"{_WANT}: {path} holds a secret whose name does not begin with {_PREFIX}. Set {path} {_REMEDY}."


POLICY = stack_rule(
    "scram-secret-name",
    display_name="Names of SASL/SCRAM secrets",
    description="A secret that is associated with an MSK cluster should have a name that Amazon MSK accepts.",
    judges={SECRET: _secret, **dict.fromkeys(SECRETS_OF, _association)},
    severity=Severity.MEDIUM,
    tags=["msk", "authentication", "scram"],
    remediation_steps="Create a new secret whose name begins with AmazonMSK_: AWS cannot rename a secret.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html",
)
