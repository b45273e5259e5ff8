"""No policy of AWS's own that reaches every cluster.

AdministratorAccess and PowerUserAccess allow everything with every cluster and its messages, AmazonMSKFullAccess opens and
deletes every cluster. Complying costs a policy of one's own that names the clusters and topics that a role is for.

AWS's own role of MSK Replicator passes where MSK Replicator alone takes it. A boundary of the same program that keeps a role
from the clusters lets its policies pass; a boundary that another program holds is not judged. Which policies reach so far is in
the pack's facts. Unknown values: silent in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.aws_policies import effect_of, name_of
from msk_policies.iam.documents import Document
from msk_policies.iam.identities import (
    ATTACHED,
    BOUNDARY,
    MANAGED,
    attached_arns,
    grants_nothing,
    has_others,
    is_taken_by_replicators_alone,
    roles_with,
)
from msk_policies.iam.permissions import changes_of_all, control_of_all, messages_of_all
from msk_policies.kit.judges import NotJudgedError
from msk_policies.kit.properties import is_given, read_if_known
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule

_EFFECTS: Final = {
    "data": "allows everything with every cluster and its messages",
    "control": "allows opening and deleting every cluster",
}


def _judge(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    path = ATTACHED[resource.resource_type]
    for arn in attached_arns(resource):
        effect = effect_of(arn)
        alone = not has_others(resource, stack) and all(map(is_taken_by_replicators_alone, roles_with(resource, stack)))
        if effect == "replication" and not alone:
            yield (
                f"Give a replicator's permissions to MSK Replicator alone: {path} names {name_of(arn)}. "
                "Attach it to a role whose assumeRolePolicy trusts kafka.amazonaws.com, and nobody else."
            )
        if effect not in _EFFECTS or grants_nothing(resource, stack, _reaches):
            continue
        if _bounded_elsewhere(resource, stack):
            raise NotJudgedError(f"Another program holds the permissions boundary of what {resource.name} is for.")
        yield (
            f"Grant a policy of your own: {path} names {name_of(arn)}, which {_EFFECTS[effect]}. Set {path} to a policy that "
            "names clusters and topics."
        )


def _reaches(policy: Document) -> bool:
    return bool(messages_of_all(policy) or changes_of_all(policy) or control_of_all(policy))


def _bounded_elsewhere(resource: PolicyResource, stack: Stack) -> bool:
    """Whether each role has a boundary that the program does not hold, and that is none of AWS's own that reach as far."""
    roles = roles_with(resource, stack)
    return bool(roles) and all(
        is_given(role.props, BOUNDARY)
        and not stack.referred(role, BOUNDARY, *MANAGED)
        and effect_of(read_if_known(role.props, BOUNDARY)) not in _EFFECTS
        for role in roles
    )


POLICY = stack_rule(
    "no-broad-aws-policies",
    display_name="No broad policies of AWS's own",
    description="Roles, users, groups and permission sets should have no AWS managed policy that reaches every MSK cluster.",
    judges=dict.fromkeys(ATTACHED, _judge),
    severity=Severity.HIGH,
    tags=["msk", "access", "iam", "CKV_AWS_274"],
    remediation_steps="Attach a policy that names what the role is for. Whoever used more is refused.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/security-iam-awsmanpol.html",
)
