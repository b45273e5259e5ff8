"""Permissions of Kafka clients for the topics they use, and no others.

Who may read or write every topic reads and writes everybody's messages, and IAM's access control for single topics has no
effect. Complying costs the names, or the common beginning of the names, of a client's topics.

Reading, writing and deleting are for topics by name, whatever a policy looks like: known actions are held against its patterns,
and ARNs of topics that nobody named against those of its resources (`msk_policies.iam.permissions`). Changes, such as those of
a topic's partitions, a group's offsets or the cluster's settings, are for a cluster that is named, all of it: who operates a
cluster does so. Describing passes: lag exporters and people on call need it, and no message is read. So do statements that a
tag of the resource or a second factor narrows, and what MSK Replicator is granted, which `scoped-managed-permissions` looks at.

The rule judges the policies of single roles, users, groups and permission sets; `scoped-managed-permissions` judges managed
policies. Unknown values: silent in a preview. Nearly every policy holds an ARN that only deployment makes known; the deployment
judges it, before it makes the policy.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.iam.identities import INLINE, WITHIN, inline
from msk_policies.iam.permissions import is_of_a_replicator
from msk_policies.iam.verdicts import too_much_data
from msk_policies.kit.judges import Judge
from msk_policies.kit.rule import resource_rule


def _judge_of(resource_type: str) -> Judge:
    def judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
        for written in inline(resource_type, props):
            if not is_of_a_replicator(written.document):
                yield from too_much_data(written)

    return judge


POLICY = resource_rule(
    "scoped-client-permissions",
    display_name="Scoped permissions of clients",
    description="IAM policies should allow Kafka clients only the actions and topics they need.",
    judges={resource_type: _judge_of(resource_type) for resource_type in (*INLINE, *WITHIN)},
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Name the actions, and the topics by their ARNs or the beginning of their names: "
    "arn:aws:kafka:region:account:topic/cluster/uuid/orders.*. The policy changes in place; clients that used more are refused.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control-use-cases.html",
)
