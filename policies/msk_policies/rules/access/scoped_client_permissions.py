"""Permissions of Kafka clients for the topics they use, and no others.

With `kafka-cluster:*`, or with a topic `*`, every client reads and deletes everybody's messages, and IAM's access control for
single topics has no effect. Complying costs the names, or the common beginning of the names, of a client's topics, groups and
transactional ids.

Describing every topic passes: lag exporters and people on call need it, and no message is read. So does altering every topic of
one cluster, which is named: whoever operates it does so. Reading, writing or deleting every topic never passes.

The rule judges managed IAM policies, and those of roles, users and groups. The rule ignores statements about Amazon MSK's own
API (`kafka:*`). Unknown values: silent in a preview. Nearly every policy holds an ARN that only deployment makes known; the
deployment judges it, before it makes the policy.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.documents import allowing, texts
from msk_policies.kit.properties import read_if_known
from msk_policies.kit.rule import resource_rule

_PROPERTY = "policy"
_PREFIX = "kafka-cluster:"
_WHOLE = ("*", "kafka-cluster:*", "kafka-*", "kafka*")
_ALTERING = ("altertopic", "altertopicdynamicconfiguration", "createtopic")
_WITH_MESSAGES = ("deletetopic", "readdata", "writedata")
"""Actions on topics beside describing; what is neither, such as what is on the cluster or on groups, is not judged."""
_PLACE_OF_NAME = 3
"""arn:aws:kafka:region:account:topic/cluster/uuid/name: the steps before the topic's name."""


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    for place, statement in allowing(read_if_known(props, _PROPERTY)):
        actions = [action.lower() for action in texts(statement.get("Action"))]
        resources = texts(statement.get("Resource"))
        everything = [action for action in actions if action in _WHOLE]
        if everything:
            yield (
                f"Allow clients only the actions they need: {_PROPERTY}, {place}, allows {everything[0]}. "
                f"List the actions in {_PROPERTY}."
            )
        elif any(_every_topic(resource) for resource in resources if _too_much(actions, resource)):
            yield (
                f"Allow clients only the topics they use: {_PROPERTY}, {place}, allows actions on every topic. "
                f"Name topics, or prefixes of topic names, in {_PROPERTY}."
            )


def _too_much(actions: list[str], resource: str) -> bool:
    """Whether one of the actions is too much for every topic: with messages anywhere, altering unless one cluster is named."""
    return _allowed(actions, _WITH_MESSAGES) or (_allowed(actions, _ALTERING) and not _of_one_cluster(resource))


def _allowed(actions: list[str], known: tuple[str, ...]) -> bool:
    """Whether one of the actions, in which * stands for anything, takes in one of those known."""
    return any(fnmatchcase(f"{_PREFIX}{verb}", action) for action in actions for verb in known)


def _of_one_cluster(resource: str) -> bool:
    """Whether an ARN pattern is of the topics of a single cluster: none of its parts before the topic's name is a pattern."""
    head, *steps = resource.split("/")
    return len(steps) >= _PLACE_OF_NAME and not any("*" in part or "?" in part for part in (head, *steps[: _PLACE_OF_NAME - 1]))


def _every_topic(resource: str) -> bool:
    """Whether an ARN pattern takes in every topic of a cluster."""
    if resource == "*":
        return True
    kind, *steps = resource.rpartition(":")[2].split("/")
    if kind not in ("topic", "*"):
        return False
    name = "/".join(steps[_PLACE_OF_NAME - 1 :]) if len(steps) >= _PLACE_OF_NAME else (steps[-1] if steps else "*")
    return set(name) == {"*"}


POLICY = resource_rule(
    "scoped-client-permissions",
    display_name="Scoped permissions of clients",
    description="IAM policies should allow Kafka clients only the actions and topics they need.",
    judges={
        "aws:iam/policy:Policy": _judge,
        "aws:iam/rolePolicy:RolePolicy": _judge,
        "aws:iam/userPolicy:UserPolicy": _judge,
        "aws:iam/groupPolicy:GroupPolicy": _judge,
    },
    severity=Severity.HIGH,
    tags=["msk", "access", "iam"],
    remediation_steps="Name the actions, and the topics by their ARNs or the beginning of their names: "
    "arn:aws:kafka:region:account:topic/cluster/uuid/orders.*. The policy changes in place; clients that used more are refused.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control-use-cases.html",
)
