"""Secrets encrypted with a key of one's own.

Amazon MSK associates no secret with a cluster that is encrypted with the key that Secrets Manager takes by itself (MSK
Developer Guide, "Sign-in credentials authentication with AWS Secrets Manager"), and finds that out in the middle of a
deployment. Complying costs a KMS key: about 1 USD a month.

Unknown values: a key that is not known yet is a key that the same deployment makes, and passes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.keys import aws_managed
from msk_policies.msk.scram import SECRET, associated

_PROPERTY = "kmsKeyId"


def _judge(secret: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if not associated(secret, stack):
        return
    try:
        key = read(secret.props, _PROPERTY)
    except UnknownValueError:
        return
    if key is None or key == "":
        state = "is missing, so Secrets Manager uses its own key"
    elif not isinstance(key, str):
        state = "is not a string"
    elif aws_managed(key):
        state = "is an AWS managed key"
    else:
        return
    yield (
        f"Encrypt the secret with a key of your own: {_PROPERTY} of {secret.name} {state}. "
        f"Set {_PROPERTY} to the ARN of a customer managed key."
    )


POLICY = stack_rule(
    "scram-secret-customer-key",
    display_name="Customer managed keys of SASL/SCRAM secrets",
    description="A secret that is associated with an MSK cluster should be encrypted with a customer managed key.",
    judges={SECRET: _judge},
    severity=Severity.MEDIUM,
    tags=["msk", "authentication", "scram", "encryption"],
    remediation_steps="Set kmsKeyId to the ARN of a customer managed key. The secret changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html",
)
