"""Resource policies that name whom they let in.

The policy of a cluster lets other accounts and services in; that of a key lets them decrypt what brokers stored, that of a
secret lets them sign in as its user, that of a role lets them be it, that of a topic or queue lets them read or send alarms, and
that of a schema registry lets them change what messages mean. A principal `*` is everybody in AWS, whatever their account.

A condition may narrow it again: one that fixes an account, an organization, a VPC endpoint or a service, by an operator that
fails where the request has no such key, in values without wildcards in what they fix (`msk_policies.iam.conditions`). So may
a Deny of everybody else. Complying costs a line for each account.

Unknown values: silent in a preview where the policy holds an ARN that only deployment makes known; the deployment judges it,
before it makes the policy.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import Severity

from msk_policies.iam.documents import document
from msk_policies.iam.principals import lets_everybody_in
from msk_policies.kit.judges import Judge
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import resource_rule
from msk_policies.msk.keys import KEY

_HOLDERS: Final[Mapping[str, str]] = {
    "aws:msk/clusterPolicy:ClusterPolicy": "policy",
    KEY: "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:glue/resourcePolicy:ResourcePolicy": "policy",
    "aws-native:msk:ClusterPolicy": "policy",
    "aws-native:kms:ReplicaKey": "keyPolicy",
    "aws-native:secretsmanager:ResourcePolicy": "resourcePolicy",
    "aws-native:iam:Role": "assumeRolePolicyDocument",
    "aws-native:sns:TopicPolicy": "policyDocument",
    "aws-native:sns:TopicInlinePolicy": "policyDocument",
    "aws-native:sqs:QueuePolicy": "policyDocument",
    "aws-native:sqs:QueueInlinePolicy": "policyDocument",
}
"""By type of what has a resource policy, the property that holds it."""


def _judge_of(path: str) -> Judge:
    def judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
        policy = document(read_if_known(props, path))
        for statement in policy.allowing:
            if lets_everybody_in(statement, policy):
                yield (
                    f"Allow only named principals: {path}, {statement.place}, allows every AWS principal. "
                    f"Set Principal in {path} to accounts, roles or services."
                )

    return judge


POLICY = resource_rule(
    "no-wildcard-principals",
    display_name="No wildcard principals",
    description="The policies of clusters, keys, secrets, roles, topics, queues and schema registries should name the accounts, "
    "roles and services that they allow.",
    judges={resource_type: _judge_of(path) for resource_type, path in _HOLDERS.items()},
    severity=Severity.CRITICAL,
    tags=["msk", "access"],
    remediation_steps="Name accounts, roles or services as Principal, or narrow the statement by a condition on "
    "aws:PrincipalOrgID. The policy changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cross-account-permissions.html",
)
