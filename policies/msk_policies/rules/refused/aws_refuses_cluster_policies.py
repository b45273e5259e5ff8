"""A cluster policy about its own cluster.

AWS refuses a policy with a statement whose Resource is another cluster, before it looks whether either is there. Complying costs
nothing: a statement about another cluster belongs to that cluster's policy.

A Resource with a wildcard passes: nobody measured what AWS says to one. Where the cluster's ARN is not known yet, a cluster of
the same program is told by its name. Unknown values: left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.documents import parsed, texts
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.arns import arn
from msk_policies.msk.refusals import answered, control

_POLICY = "aws:msk/clusterPolicy:ClusterPolicy"
_CLUSTER_ARN = "clusterArn"
_DOCUMENT = "policy"
_KIND = "cluster"


def _judge(policy: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    statements = parsed(read_if_known(policy.props, _DOCUMENT)).get("Statement", [])
    for index, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        resources = texts(statement.get("Resource")) if isinstance(statement, Mapping) else []
        if any(_is_another(resource, policy, stack) for resource in resources):
            yield (
                f"Write a cluster policy about its own cluster: {_DOCUMENT}, statement {index + 1}, has another cluster as its "
                f"Resource, {answered('clusterpolicy-resource-matches-cluster')}. Set Resource to the value of {_CLUSTER_ARN}."
            )


def _is_another(resource: str, policy: PolicyResource, stack: Stack) -> bool:
    """Whether a Resource names a cluster, and not the one that the policy is for."""
    named = arn(resource)
    if named is None or any(wildcard in resource for wildcard in "*?$"):
        return False
    kind, _, rest = named.resource.partition("/")
    if named.service != "kafka" or kind != _KIND:
        return False
    own = read_if_known(policy.props, _CLUSTER_ARN)
    if isinstance(own, str) and arn(own):
        return resource != own
    names = {
        read_if_known(cluster.props, "clusterName")
        for cluster in stack.referred(policy, _CLUSTER_ARN, CLUSTER, SERVERLESS_CLUSTER)
    }
    return bool(names) and None not in names and rest.partition("/")[0] not in names


POLICY = stack_rule(
    "aws-refuses-cluster-policies",
    display_name="Cluster policies that AWS accepts",
    description="The policy of an MSK cluster should be about that cluster.",
    judges={_POLICY: _judge},
    severity=Severity.MEDIUM,
    tags=["msk", "refused", "policies", control("clusterpolicy-resource-matches-cluster")],
    remediation_steps="Set Resource to the ARN in clusterArn, and move statements about another cluster into that cluster's "
    "policy. The policy changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html",
)
