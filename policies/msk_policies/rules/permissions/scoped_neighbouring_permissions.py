"""Keys, secrets and roles that a client needs, and no others.

A Kafka client that may decrypt with every key, read every secret or pass every role has what the other clients of the cluster
sign in with, whatever topics its own policy names. Complying costs the ARNs of the keys, secrets and roles that it uses, or a
condition on a tag, on the service that uses the key (kms:ViaService), or on the service that a role is passed to.

Policies that have nothing to do with Kafka are none of this pack's business: of those the rule only advises. It refuses where
the same policy names actions of kafka-cluster, or where the program gives the policy to a role that has such a policy.

Unknown values: silent in a preview; the deployment judges what it made known, at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.aws_policies import effect_of, name_of
from msk_policies.iam.identities import ATTACHED, INLINE, MANAGED, WITHIN, attached_arns, grants_nothing, roles_with, written
from msk_policies.iam.permissions import control_of_all, is_of_a_client, messages_of_all, neighbours_of_all
from msk_policies.iam.verdicts import named
from msk_policies.kit.judges import Advice
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule

_WANT = "Allow clients only the keys, secrets and roles they use"


def _judge(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for one in written(resource):
        reaches = neighbours_of_all(one.document)
        if not reaches or grants_nothing(resource, stack, neighbours_of_all):
            continue
        for_client = is_of_a_client(one.document) or _is_for_a_client(resource, stack)
        if not for_client and (messages_of_all(one.document) or control_of_all(one.document)):
            continue  # refused, all of it
        for reach in reaches:
            said = (
                f"{_WANT}: {one.path}, {reach.place}, allows {named(reach)} on every resource. Name resources in {one.path}, "
                "or narrow the statement by a condition."
            )
            yield said if for_client else Advice(said)
    for arn in attached_arns(resource) if resource.resource_type in ATTACHED else ():
        if effect_of(arn) == "neighbours":
            path = ATTACHED[resource.resource_type]
            said = (
                f"{_WANT}: {path} names {name_of(arn)}, which is about all of them. Set {path} to a policy of your own that "
                "names resources."
            )
            yield said if _is_for_a_client(resource, stack) else Advice(said)


def _is_for_a_client(resource: PolicyResource, stack: Stack) -> bool:
    clients = stack.once(_roles_of_clients)
    return any(role.urn in clients for role in roles_with(resource, stack))


def _roles_of_clients(stack: Stack) -> set[str]:
    """The URNs of the roles that have a policy of a Kafka client."""
    return {
        role.urn
        for resource in stack.of_type(*MANAGED, *INLINE, *WITHIN)
        if any(is_of_a_client(one.document) for one in written(resource))
        for role in roles_with(resource, stack)
    }


POLICY = stack_rule(
    "scoped-neighbouring-permissions",
    display_name="Scoped permissions beside Kafka",
    description="IAM policies should allow Kafka clients only the keys, secrets and roles they need.",
    judges=dict.fromkeys((*MANAGED, *INLINE, *WITHIN, *ATTACHED), _judge),
    severity=Severity.MEDIUM,
    tags=["msk", "access", "iam", "kms"],
    remediation_steps="Name keys, secrets and roles by their ARNs. The policy changes in place; clients that used more are "
    "refused.",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
)
