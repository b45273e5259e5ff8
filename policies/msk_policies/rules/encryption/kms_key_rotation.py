"""Keys whose material AWS renews every year.

Old material stays usable for what it encrypted, so nothing has to be encrypted again. Complying costs about 1
USD a month for each of a key's first two rotations.

Only symmetric encryption keys whose material AWS KMS makes can be rotated by it. Asymmetric and HMAC keys,
imported material and custom key stores cannot (AWS KMS Developer Guide, "Rotate AWS KMS keys"). A replica
follows its primary key.

Unknown values: an unknown custom key store is a key store that the same deployment makes; others are only
advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyComplianceFramework, Severity

from msk_policies.kit.judges import NotApplicableError
from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.keys import KEY

_PROPERTY = "enableKeyRotation"
_OTHER_USAGES = ("SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")
_IMPORTED = "AWS KMS does not rotate imported key material."


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    if _is_given(props, "customKeyStoreId") or _is_given(props, "xksKeyId"):
        raise NotApplicableError("AWS KMS does not rotate keys in a custom key store.")
    if read(props, "keyUsage") in _OTHER_USAGES:
        raise NotApplicableError("AWS KMS rotates encryption keys only.")
    spec = read(props, "customerMasterKeySpec")
    if isinstance(spec, str) and spec not in ("", "SYMMETRIC_DEFAULT"):
        raise NotApplicableError("AWS KMS rotates symmetric keys only.")
    rotation = read(props, _PROPERTY)
    if rotation is not True:
        state = "false" if rotation is False else "missing" if rotation is None else "neither true nor false"
        yield f"Let AWS KMS rotate the key every year: {_PROPERTY} is {state}. Set {_PROPERTY} to true."


def _is_given(props: Mapping[str, Any], path: str) -> bool:
    try:
        return read(props, path) not in (None, "")
    except UnknownValueError:
        return True


POLICY = resource_rule(
    "kms-key-rotation",
    display_name="Rotation of KMS keys",
    description="A KMS key should be rotated by AWS KMS every year.",
    judges={KEY: _judge},
    fixes={KEY: {_PROPERTY: True}},
    not_applicable={
        "aws:kms/externalKey:ExternalKey": _IMPORTED,
        "aws:kms/replicaExternalKey:ReplicaExternalKey": _IMPORTED,
        "aws:kms/replicaKey:ReplicaKey": "A replica is rotated with its primary key.",
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
