"""No access key that lives until somebody deletes it.

An access key of an IAM user has no end, its secret is in the stack's state, and whoever copies it is the client from anywhere.
Roles give keys that end after hours: an instance, a container, a function and a workload outside of AWS (IAM Roles Anywhere) can
all be a role. Complying costs a role for the client.

Unknown values: none; the type alone is judged.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.rule import resource_rule


def _judge(_props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield "Let clients be roles: an access key of user lives until it is deleted, and its secret is in the state. Use a role."


POLICY = resource_rule(
    "no-access-keys",
    display_name="No access keys",
    description="Kafka clients should use roles rather than access keys of IAM users.",
    judges={"aws:iam/accessKey:AccessKey": _judge, "aws-native:iam:AccessKey": _judge},
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Create a role that the client's compute, or IAM Roles Anywhere, may be, give it the user's permissions, "
    "and remove the key.",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
