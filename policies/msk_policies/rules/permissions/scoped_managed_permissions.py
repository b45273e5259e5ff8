"""Managed policies for the topics that clients use, and no others; and a replicator's permissions for MSK Replicator alone.

What `scoped-client-permissions` says of the policies of single identities holds of managed ones. This rule looks at the program
around them: a policy that is nothing but a permissions boundary grants nothing, and a boundary of the same program may keep a
role from what its policy allows.

Complying costs the names, or the common beginning of the names, of a client's topics; a policy that several clients share is
one for each.

MSK Replicator copies every topic, so AWS's own permissions for it reach every topic. They pass for a role that trusts
kafka.amazonaws.com alone; where the program gives them to no role, the rule only advises.

Unknown values: not judged in a preview, which says so. The deployment judges what it made known, at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.documents import Document
from msk_policies.iam.identities import (
    INLINE,
    MANAGED,
    WITHIN,
    grants_nothing,
    has_others,
    is_taken_by_replicators_alone,
    roles_with,
    written,
)
from msk_policies.iam.permissions import changes_of_all, is_of_a_replicator, messages_of_all
from msk_policies.iam.verdicts import too_much_data
from msk_policies.kit.judges import Advice
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule


def _judge(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for one in written(resource):
        if not _reaches(one.document) or grants_nothing(resource, stack, _reaches):
            continue
        if not is_of_a_replicator(one.document):
            # The policies of single identities are another rule's.
            yield from too_much_data(one) if resource.resource_type in MANAGED else ()
            continue
        said = (
            f"Give a replicator's permissions to MSK Replicator alone: {one.path} allows reading and writing every topic. "
            f"Give {one.path} to a role whose assumeRolePolicy trusts kafka.amazonaws.com, and nobody else."
        )
        roles = roles_with(resource, stack)
        if has_others(resource, stack):
            yield said
        elif not roles:
            yield Advice(said)
        elif not all(map(is_taken_by_replicators_alone, roles)):
            yield said


def _reaches(policy: Document) -> bool:
    return bool(messages_of_all(policy) or changes_of_all(policy))


POLICY = stack_rule(
    "scoped-managed-permissions",
    display_name="Scoped permissions of managed policies",
    description="Managed policies should allow Kafka clients only the actions and topics they need.",
    judges=dict.fromkeys((*MANAGED, *INLINE, *WITHIN), _judge),
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Name the actions, and the topics by their ARNs or the beginning of their names: "
    "arn:aws:kafka:region:account:topic/cluster/uuid/orders.*. The policy changes in place; clients that used more are refused.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control-use-cases.html",
)
