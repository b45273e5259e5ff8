"""A client's access as IAM statements: the least that lets it do what it is for, on the resources it is for.

Actions, the resource type each sits on and what each needs beside it: Service Authorization Reference, "Actions, resources,
and condition keys for Apache Kafka APIs for Amazon MSK clusters", and MSK Developer Guide, "Semantics of IAM authorization
policy actions and resources".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.access.documents import Document, Statement, as_json
from domain.access.rights import EVERY, Access, Names


class ResourceType(StrEnum):
    """What an action of ``kafka-cluster`` sits on."""

    CLUSTER = "cluster"
    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional-id"


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the service prefix ``kafka-cluster``.

    Attributes:
        resource_type: What it sits on.
        needs: Actions without which it has no effect.
        serverless: Whether Serverless clusters have it.
    """

    resource_type: ResourceType
    needs: tuple[str, ...] = ()
    serverless: bool = True


_CLUSTER, _TOPIC, _GROUP, _TRANSACTION = ResourceType

ACTIONS: Mapping[str, Action] = {
    "Connect": Action(_CLUSTER),
    "DescribeCluster": Action(_CLUSTER, ("Connect",)),
    "AlterCluster": Action(_CLUSTER, ("Connect", "DescribeCluster"), serverless=False),
    "DescribeClusterDynamicConfiguration": Action(_CLUSTER, ("Connect",), serverless=False),
    "AlterClusterDynamicConfiguration": Action(_CLUSTER, ("Connect", "DescribeClusterDynamicConfiguration"), serverless=False),
    "WriteDataIdempotently": Action(_CLUSTER, ("Connect", "WriteData")),
    "CreateTopic": Action(_TOPIC, ("Connect",)),
    "DescribeTopic": Action(_TOPIC, ("Connect",)),
    "AlterTopic": Action(_TOPIC, ("Connect", "DescribeTopic")),
    "DeleteTopic": Action(_TOPIC, ("Connect", "DescribeTopic")),
    "DescribeTopicDynamicConfiguration": Action(_TOPIC, ("Connect",)),
    "AlterTopicDynamicConfiguration": Action(_TOPIC, ("Connect", "DescribeTopicDynamicConfiguration")),
    "ReadData": Action(_TOPIC, ("Connect", "DescribeTopic", "AlterGroup")),
    "WriteData": Action(_TOPIC, ("Connect", "DescribeTopic")),
    "DescribeGroup": Action(_GROUP, ("Connect",)),
    "AlterGroup": Action(_GROUP, ("Connect", "DescribeGroup")),
    "DeleteGroup": Action(_GROUP, ("Connect", "DescribeGroup")),
    "DescribeTransactionalId": Action(_TRANSACTION, ("Connect",)),
    "AlterTransactionalId": Action(_TRANSACTION, ("Connect", "DescribeTransactionalId", "WriteData")),
}

_PRODUCE = ("DescribeTopic", "WriteData")
_CONSUME = ("DescribeTopic", "ReadData")
_JOIN = ("AlterGroup", "DescribeGroup")
_TRANSACT = ("AlterTransactionalId", "DescribeTransactionalId")
_STREAMS = (
    "CreateTopic", "DeleteTopic", "DescribeTopic", "DescribeTopicDynamicConfiguration", "ReadData", "WriteData",
)  # fmt: skip
"""On internal topics of Kafka Streams. AWS names no action for DeleteRecords, with which Streams takes what it has read out of
repartition topics, which else keep messages for ever. Kafka asks DELETE on the topic for it, and ``DeleteTopic`` is
"equivalent to Apache Kafka's DELETE TOPIC ACL"."""
_CONNECT = ("CreateTopic", "DescribeTopic", "DescribeTopicDynamicConfiguration", "ReadData", "WriteData")
"""On the topics of Kafka Connect's workers, which look whether these are compacted (``TopicAdmin``)."""
_ADMINISTER = (
    "AlterTopic", "AlterTopicDynamicConfiguration", "CreateTopic", "DeleteTopic", "DescribeTopic",
    "DescribeTopicDynamicConfiguration",
)  # fmt: skip
_ADMINISTER_GROUPS = ("AlterGroup", "DeleteGroup", "DescribeGroup")
_ADMINISTER_CLUSTER = (
    "AlterCluster",
    "AlterClusterDynamicConfiguration",
    "DescribeCluster",
    "DescribeClusterDynamicConfiguration",
)
_OBSERVE_CLUSTER = ("DescribeCluster", "DescribeClusterDynamicConfiguration")
_OBSERVE = ("DescribeTopic", "DescribeTopicDynamicConfiguration")
_OBSERVE_GROUPS = ("DescribeGroup",)
_OPERATE = (
    "AlterTopic", "AlterTopicDynamicConfiguration", "CreateTopic", "DescribeTopic", "DescribeTopicDynamicConfiguration",
)  # fmt: skip
"""On every topic. Moving partitions and electing leaders are the cluster's (``AlterCluster``); their throttles are topics'
configuration."""
_OPERATE_GROUPS = ("DeleteGroup", "DescribeGroup")
"""Without ``AlterGroup``: moving a group's offsets takes ``ReadData`` on the topic beside it."""
_OPERATE_TRANSACTIONS = ("DescribeTransactionalId",)

_ARN = re.compile(r"(?P<head>arn:[a-z-]+:kafka:[a-z0-9-]+:\d{12}):cluster/(?P<name>[^/]+)/(?P<uuid>[^/]+)")


def resource_arns(cluster_arn: str, resource_type: ResourceType, names: Names) -> list[str]:
    """The ARNs of names in a cluster, in order; a prefix ends in ``*``.

    Raises:
        ValueError: The ARN is not that of an Amazon MSK cluster.
    """
    arn_parts = _ARN.fullmatch(cluster_arn)
    if arn_parts is None:
        raise ValueError(f"{cluster_arn} is not the ARN of an Amazon MSK cluster.")
    base = f"{arn_parts['head']}:{resource_type}/{arn_parts['name']}/{arn_parts['uuid']}"
    return [*(f"{base}/{name}" for name in names.exact), *(f"{base}/{prefix}*" for prefix in names.prefixes)]


def statements(access: Access, cluster_arn: str, *, serverless: bool = False) -> list[Statement]:
    """What IAM must allow for the access: one statement for each set of actions, none where nothing is asked for.

    Who writes may write idempotently, since Kafka's own clients do so by default from 3.0 (KIP-679). Only who administers topics
    or the cluster, or operates it, changes dynamic configuration; Kafka Streams reads that of its own internal topics.

    Args:
        access: What is asked for.
        cluster_arn: The cluster's ARN.
        serverless: Whether it is a Serverless cluster, which lacks some actions: they are left out.
    """
    if not access:
        return []
    cluster = {"Connect"}
    if access.writes:
        cluster.add("WriteDataIdempotently")
    if access.administer or access.connect_topics:
        # MSK Developer Guide, "Understand service execution role": of Connect's workers.
        cluster.add("DescribeCluster")
    if access.observes:
        cluster.update(_OBSERVE_CLUSTER)
    if access.administer_cluster or access.operate:
        cluster.update(_ADMINISTER_CLUSTER)
    if serverless:
        cluster = {action for action in cluster if ACTIONS[action].serverless}
    everything = EVERY if access.operate else Names()
    parts: list[tuple[str, Sequence[str], ResourceType, Names]] = [
        ("Produce", _PRODUCE, _TOPIC, access.produce),
        ("Transact", _TRANSACT, _TRANSACTION, access.transactional_ids if access.writes else Names()),
        ("Consume", _CONSUME, _TOPIC, access.consume),
        ("JoinGroups", _JOIN, _GROUP, access.groups if access.reads else Names()),
        ("StreamsTopics", _STREAMS, _TOPIC, access.streams_topics),
        ("ConnectTopics", _CONNECT, _TOPIC, access.connect_topics),
        ("AdministerTopics", _ADMINISTER, _TOPIC, access.administer),
        ("AdministerGroups", _ADMINISTER_GROUPS, _GROUP, access.administer_groups),
        ("ObserveTopics", _OBSERVE, _TOPIC, access.observe_topics),
        ("ObserveGroups", _OBSERVE_GROUPS, _GROUP, access.observe_groups),
        ("OperateTopics", _OPERATE, _TOPIC, everything),
        ("OperateGroups", _OPERATE_GROUPS, _GROUP, everything),
        ("OperateTransactions", _OPERATE_TRANSACTIONS, _TRANSACTION, everything),
    ]
    return [
        _statement("Connect", sorted(cluster), [cluster_arn]),
        *(
            _statement(sid, actions, resource_arns(cluster_arn, resource_type, names))
            for sid, actions, resource_type, names in parts
            if names
        ),
    ]


def _statement(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": [f"kafka-cluster:{action}" for action in actions],
        "Resource": list(resources),
    }


MAXIMUM_POLICY_SIZE = 6144
"""Characters of a managed policy, white space not counted. IAM User Guide, "IAM and AWS STS quotas"."""


def policies(wanted: Sequence[Statement], maximum_size: int = MAXIMUM_POLICY_SIZE) -> list[Document]:
    """As many policy documents as the statements need, none above the size that IAM takes.

    A statement that is too long alone is divided by its resources.

    Args:
        wanted: Statements, each with lists of actions and resources.
        maximum_size: Characters of one document as JSON without white space.

    Raises:
        ValueError: A statement with a single resource is above the size.
    """
    documents: list[list[Statement]] = []
    for statement in wanted:
        for part in _divided(statement, maximum_size):
            if documents and _size([*documents[-1], part]) <= maximum_size:
                documents[-1].append(part)
            else:
                documents.append([part])
    return [_document(parts) for parts in documents]


def _document(parts: Sequence[Statement]) -> Document:
    # A Sid stands once in a document: parts of one statement that meet again are told apart.
    count: dict[object, int] = {}
    told_apart = []
    for part in parts:
        sid = part["Sid"]
        count[sid] = count.get(sid, 0) + 1
        told_apart.append({**part, "Sid": f"{sid}{count[sid]}"} if count[sid] > 1 else part)
    return {"Version": "2012-10-17", "Statement": told_apart}


def _size(parts: Sequence[Statement]) -> int:
    return len(as_json(_document(parts)))


def _divided(statement: Statement, maximum_size: int) -> Iterator[Statement]:
    if _size([statement]) <= maximum_size:
        yield statement
        return
    resources = statement["Resource"]
    if not isinstance(resources, list) or len(resources) == 1:
        raise ValueError(f"Statement {statement['Sid']} is above the {maximum_size} characters of a policy.")
    half = len(resources) // 2
    yield from _divided({**statement, "Resource": resources[:half]}, maximum_size)
    yield from _divided({**statement, "Resource": resources[half:]}, maximum_size)


_LONGEST_PARTITION = "aws-us-gov"
_NO_ACCOUNT = "0" * 12
_NO_UUID = "~" * 40
"""Longer than what follows the name in a cluster's ARN: a UUID, a hyphen and a short number. No name has its character."""


def policy_templates(access: Access, cluster_name: str, region: str, *, serverless: bool = False) -> list[str]:
    """The policies of a client for a cluster that is not there yet; `with_cluster` fills in what AWS decides.

    How many policies there are must not depend on a value that a preview does not know: they are divided with an ARN that is at
    least as long as the real one.

    Args:
        access: What is asked for.
        cluster_name: The cluster's name.
        region: Its region.
        serverless: Whether it is a Serverless cluster.
    """
    arn = f"arn:{_LONGEST_PARTITION}:kafka:{region}:{_NO_ACCOUNT}:cluster/{cluster_name}/{_NO_UUID}"
    return [as_json(document) for document in policies(statements(access, arn, serverless=serverless))]


def with_cluster(template: str, cluster_arn: str) -> str:
    """A policy of `policy_templates` for the cluster that it is for.

    Raises:
        ValueError: The ARN is not that of an Amazon MSK cluster.
    """
    arn_parts = _ARN.fullmatch(cluster_arn)
    if arn_parts is None:
        raise ValueError(f"{cluster_arn} is not the ARN of an Amazon MSK cluster.")
    region = cluster_arn.split(":")[3]
    # With its quotation mark: a group may be called like the rest of it.
    placeholder = f'"arn:{_LONGEST_PARTITION}:kafka:{region}:{_NO_ACCOUNT}'
    return template.replace(placeholder, f'"{arn_parts["head"]}').replace(_NO_UUID, arn_parts["uuid"])
