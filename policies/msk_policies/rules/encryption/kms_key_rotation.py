"""Keys whose material AWS renews every year.

Old material stays usable for what it encrypted, so nothing has to be encrypted again. Complying costs about 1
USD a month for each of a key's first two rotations.

Only symmetric encryption keys whose material AWS KMS makes can be rotated by it. Asymmetric and HMAC keys,
imported material and custom key stores cannot (AWS KMS Developer Guide, "Rotate AWS KMS keys"). A replica
follows its primary key.

The rule refuses for the keys of Amazon MSK: those of a cluster's data, of its users' secrets and of its logs. Of other keys it
advises. Unknown values: an unknown custom key store is a key store that the same deployment makes; others are only
advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyComplianceFramework, PolicyResource, Severity

from msk_policies.kit.judges import Advice, NotApplicableError
from msk_policies.kit.properties import is_given, read, read_if_known, whole
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import StackJudge, stack_rule
from msk_policies.msk.keys import EXTERNAL_KEY, EXTERNAL_REPLICA_KEY, KEY, REPLICA_KEY, encrypted

_PROPERTY = "enableKeyRotation"
_PERIOD = "rotationPeriodInDays"
_YEAR = 365
_OTHER_USAGES = ("SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")
_IMPORTED = "AWS KMS does not rotate imported key material."
_OTHER_ORIGINS = {
    "EXTERNAL": _IMPORTED,
    "AWS_CLOUDHSM": "AWS KMS does not rotate keys in a custom key store.",
    "EXTERNAL_KEY_STORE": "AWS KMS does not rotate keys in a custom key store.",
}
"""Where the aws-native provider says that the material comes from: AWS CloudFormation, "AWS::KMS::Key", Origin."""


def _judge(key: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    props = key.props
    if is_given(props, "customKeyStoreId") or is_given(props, "xksKeyId"):
        raise NotApplicableError("AWS KMS does not rotate keys in a custom key store.")
    origin = read(props, "origin")
    if isinstance(origin, str) and origin in _OTHER_ORIGINS:
        raise NotApplicableError(_OTHER_ORIGINS[origin])
    if read(props, "keyUsage") in _OTHER_USAGES:
        raise NotApplicableError("AWS KMS rotates encryption keys only.")
    spec = read(props, "customerMasterKeySpec")
    if isinstance(spec, str) and spec not in ("", "SYMMETRIC_DEFAULT"):
        raise NotApplicableError("AWS KMS rotates symmetric keys only.")
    # A period that the program leaves out is known only in deployment: it is a year.
    rotation, days = read(props, _PROPERTY), whole(read_if_known(props, _PERIOD))
    if rotation is not True:
        state = "false" if rotation is False else "missing" if rotation is None else "neither true nor false"
        sentence = f"Let AWS KMS rotate the key every year: {_PROPERTY} of {key.name} is {state}. Set {_PROPERTY} to true."
    elif days is not None and days > _YEAR:
        sentence = f"Let AWS KMS rotate the key every year: {_PERIOD} of {key.name} is {days}. Set {_PERIOD} to {_YEAR} or less."
    else:
        return
    yield sentence if encrypted(key, stack) else Advice(sentence)


def _excused(reason: str) -> StackJudge:
    def judge(_key: PolicyResource, _stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
        raise NotApplicableError(reason)

    return judge


POLICY = stack_rule(
    "kms-key-rotation",
    display_name="Rotation of KMS keys",
    description="A KMS key should be rotated by AWS KMS every year.",
    judges={
        KEY: _judge,
        EXTERNAL_KEY: _excused(_IMPORTED),
        EXTERNAL_REPLICA_KEY: _excused(_IMPORTED),
        REPLICA_KEY: _excused("A replica is rotated with its primary key."),
    },
    severity=Severity.MEDIUM,
    framework=PolicyComplianceFramework(
        "CIS AWS Foundations Benchmark",
        "3.0.0",
        "3.6",
        "Ensure rotation for customer-created symmetric CMKs is enabled",
    ),
    tags=[
        "kms",
        "encryption",
        "KMS.4",
        "cmk-backing-key-rotation-enabled",
        "CKV_AWS_7",
        "AVD-AWS-0065",
        "AwsSolutions-KMS5",
        "kms_cmk_rotation_enabled",
    ],
    remediation_steps="Set enableKeyRotation to true. The key changes in place; nothing is encrypted again.",
    url="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
)
