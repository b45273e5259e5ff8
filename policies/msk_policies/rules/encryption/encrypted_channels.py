"""Channels that encrypt what they hold with a key of one's own.

A channel delivers topics to Amazon S3 or to Iceberg tables and keeps messages while it does. Without a customer managed key
they are under a key whose policy nobody can narrow. Complying costs a key, 1 USD a month, and a new channel where one runs
without: the key cannot be changed.

What a channel writes is under the bucket's own encryption, which is not judged here. Unknown values: an unknown key passes,
because it is a key that the same deployment makes, or the ARN of one; a block that is unknown as a whole is only advised on
in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import resource_rule
from msk_policies.logs.log_groups import CHANNEL
from msk_policies.msk.keys import aws_managed

_KEY = "kmsKeyArn"
_PROPERTY = f"encryptionConfiguration.{_KEY}"


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    try:
        key = read(props, _PROPERTY)
    except UnknownValueError as unknown:
        if unknown.props[-1] == _KEY:
            return
        raise
    if isinstance(key, str) and key and aws_managed(key) is None:
        return
    state = (
        "names an AWS managed key" if isinstance(key, str) and key else "is missing" if key in (None, "") else "is not a string"
    )
    yield (
        f"Encrypt a channel's data with a key of your own: {_PROPERTY} {state}. "
        f"Set {_PROPERTY} to the ARN of a customer managed key."
    )


POLICY = resource_rule(
    "encrypted-channels",
    display_name="Encrypted channels",
    description="A channel of Amazon MSK should encrypt its data with a customer managed KMS key.",
    judges={CHANNEL: _judge},
    severity=Severity.MEDIUM,
    tags=["msk", "encryption", "channels"],
    remediation_steps="Create a symmetric KMS key, let the channel's role use it, and name its ARN. Changing the key replaces "
    "the channel.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-data-delivery-security-rest.html",
)
