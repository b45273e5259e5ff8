"""Brokers' volumes under a key of one's own, whose policy and deletion one controls.

Amazon MSK always encrypts at rest. Without a key it takes the AWS managed one, which every principal of the
account that may use MSK uses too, and whose policy nobody can narrow. Complying costs a key: 1 USD a month
and a policy to write.

Unknown values: an unknown key passes, because it is a key that the same deployment makes, or the ARN of one;
a block that is unknown as a whole is only advised on in a preview. The ARN of an AWS managed key by its key
id looks like any other and cannot be told apart.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.facts import fact
from msk_policies.msk.keys import aws_managed

_KEY = "encryptionAtRestKmsKeyArn"
_PROPERTY = f"encryptionInfo.{_KEY}"
_MANAGED_BY_NAME = tuple(fact("encryption", "awsManagedKeyAliases").value)


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    try:
        key = read(props, _PROPERTY)
    except UnknownValueError as unknown:
        if unknown.props[-1] == _KEY:
            return
        raise
    if key is None or key == "":
        state = "is missing, so Amazon MSK uses an AWS managed key"
    elif not isinstance(key, str):
        state = "is not a string"
    else:
        alias = aws_managed(key)
        if alias is None:
            return
        state = f"is {alias if alias in _MANAGED_BY_NAME else 'alias/aws/...'}, an AWS managed key"
    yield (
        f"Encrypt the brokers' data with a key of your own: {_PROPERTY} {state}. "
        f"Set {_PROPERTY} to the ARN of a customer managed key."
    )


POLICY = resource_rule(
    "encryption-at-rest-customer-key",
    display_name="Encryption at rest with a customer managed key",
    description="An MSK cluster should encrypt its data with a customer managed KMS key.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has no setting for the key."},
    severity=Severity.MEDIUM,
    # Checkov's and KICS's controls of encryption fail a cluster without encryptionInfo, too; that is this rule's to find.
    tags=[
        "msk",
        "encryption",
        "AVD-AWS-0179",
        "CKV_AWS_81",
        "6db52fa6-d4da-4608-908a-89f0c59e743e",
        "a976d63f-af0e-46e8-b714-8c1a9c4bf768",
        "kafka_cluster_encryption_at_rest_uses_cmk",
    ],
    remediation_steps="Create a symmetric KMS key and name its ARN. Changing the key replaces the cluster, "
    "so decide before it holds data.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html",
)
