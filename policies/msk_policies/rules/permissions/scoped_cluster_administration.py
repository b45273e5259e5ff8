"""Amazon MSK's own API for the clusters that somebody administers, and no others.

Who may call UpdateSecurity, PutClusterPolicy or DeleteCluster on every cluster of the account opens, deletes or replaces
everybody's: kafka:* on every resource does, as does everything but some other service. Complying costs the names of clusters:
`arn:aws:kafka:region:account:cluster/orders/*` needs no UUID, and can be granted before the cluster is there.

Whoever may create connectors and pass every role to them has what any role of MSK Connect has, and is refused as well.

Statements that a tag of the resource or a second factor narrows pass: an administrator for emergencies is a person. So does a
permissions boundary, and what a boundary of the same program keeps from its roles. Unknown values: silent in a preview; the
deployment judges what it made known, at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.iam.identities import INLINE, MANAGED, WITHIN, grants_nothing, written
from msk_policies.iam.permissions import CONNECTS, TAKES_ROLES, connects_as_anybody, control_of_all
from msk_policies.iam.verdicts import named
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule


def _judge(resource: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for one in written(resource):
        reaches = control_of_all(one.document)
        if reaches and not grants_nothing(resource, stack, control_of_all):
            for reach in reaches:
                yield (
                    f"Allow the administration only of clusters that you name: {one.path}, {reach.place}, allows {named(reach)} "
                    f"on every cluster. Name clusters in {one.path}."
                )
        connecting = connects_as_anybody(one.document)
        if connecting and not reaches and not grants_nothing(resource, stack, connects_as_anybody):
            yield (
                f"Allow connectors only roles that you name: {one.path}, {connecting.place}, allows {TAKES_ROLES} on every role, "
                f"beside {CONNECTS}. Name roles in {one.path}."
            )


POLICY = stack_rule(
    "scoped-cluster-administration",
    display_name="Scoped administration of clusters",
    description="IAM policies should allow opening, deleting and replacing only clusters that they name.",
    judges=dict.fromkeys((*MANAGED, *INLINE, *WITHIN), _judge),
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Name the clusters: arn:aws:kafka:region:account:cluster/orders/*. The policy changes in place; who "
    "administered other clusters is refused.",
    url="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html",
)
