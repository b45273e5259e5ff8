"""No access key that lives until somebody deletes it.

An access key of an IAM user has no end, its secret is in the stack's state, and whoever copies it is the client from anywhere.
Roles give keys that end after hours: an instance, a container, a function and a workload outside of AWS (IAM Roles Anywhere) can
all be a role. Complying costs a role for the client.

The rule judges keys in a program with a cluster. Of a user whose policies in the program do not speak of Kafka, and of users in
other programs, it advises. Unknown values: a policy that is not known yet may speak of Kafka.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.judges import Advice
from msk_policies.kit.properties import UnknownValueError, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.stack import Stack, references
from msk_policies.kit.stack_rule import stack_rule

_USER_OF = {"aws:iam/accessKey:AccessKey": "user", "aws-native:iam:AccessKey": "userName"}
"""By type of key, the property that holds its user."""
_POLICY = "aws:iam/userPolicy:UserPolicy"
_ATTACHMENTS = ("aws:iam/userPolicyAttachment:UserPolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment")


def _judge(key: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    path = _USER_OF[key.resource_type]
    sentence = (
        f"Let clients be roles: {key.name} is a key of {path} that lives until it is deleted, and its secret is in the state. "
        f"Remove the key and {path}, and let the client be a role."
    )
    has_cluster = any(True for _ in stack.of_type(CLUSTER, SERVERLESS_CLUSTER))
    yield sentence if has_cluster and _may_be_a_client(references(key, path), stack) else Advice(sentence)


def _may_be_a_client(user: list[str], stack: Stack) -> bool:
    """Whether a user may be Kafka's: its policies speak of it, or not all of them are known here."""
    policies = [policy for policy in stack.of_type(_POLICY) if not set(references(policy, "user")).isdisjoint(user)]
    attached = [other for other in stack.of_type(*_ATTACHMENTS) if _attaches_to(other, user)]
    return not policies or bool(attached) or any(_speaks_of_kafka(policy) for policy in policies)


def _attaches_to(attachment: PolicyResource, user: list[str]) -> bool:
    return any(not set(references(attachment, path)).isdisjoint(user) for path in ("user", "users"))


def _speaks_of_kafka(policy: PolicyResource) -> bool:
    try:
        text = str(read(policy.props, "policy")).lower()
    except UnknownValueError:
        return True
    return "kafka" in text or '"*"' in text


POLICY = stack_rule(
    "no-access-keys",
    display_name="No access keys",
    description="Kafka clients should use roles rather than access keys of IAM users.",
    judges=dict.fromkeys(_USER_OF, _judge),
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Create a role that the client's compute, or IAM Roles Anywhere, may be, give it the user's permissions, "
    "and remove the key.",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
