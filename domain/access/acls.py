"""A client's access as Kafka ACLs, which are what enforces it for SCRAM users and client certificates.

Amazon MSK has no API for ACLs and ignores them for IAM identities (MSK Developer Guide, "Apache Kafka ACLs" and "IAM access
control"), so they are written as commands of Kafka's own tool. Operations and what they imply: Apache Kafka documentation,
"Authorization and ACLs".
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.access.rights import EVERY, Access, Names


class AclResource(StrEnum):
    """What an ACL is on, in the words of ``kafka-acls.sh --list``."""

    CLUSTER = "CLUSTER"
    TOPIC = "TOPIC"
    GROUP = "GROUP"
    TRANSACTIONAL_ID = "TRANSACTIONAL_ID"


CLUSTER_NAME = "kafka-cluster"
"""The name that the cluster itself has as a resource."""

ANY_NAME = "*"
"""Every resource of a kind. Kafka takes it with the pattern type of whole names, and no prefix without a character."""


@dataclass(frozen=True, slots=True, order=True)
class Acl:
    """One thing that one principal is allowed.

    Attributes:
        principal: Such as ``User:orders`` for a SCRAM user or ``User:CN=orders`` for a certificate.
        resource: What it is on.
        name: The resource's name, or the beginning of names; `ANY_NAME` for all.
        prefixed: Whether the name is the beginning of names.
        operation: Kafka's operation, such as ``Write``.
    """

    principal: str
    resource: AclResource
    name: str
    prefixed: bool
    operation: str


_PRODUCE = ("Describe", "Write")
_TRANSACT = ("Describe", "Write")
_CONSUME = ("Describe", "Read")
_JOIN = ("Describe", "Read")
_STREAMS = ("Create", "Delete", "Describe", "DescribeConfigs", "Read", "Write")
"""On internal topics of Kafka Streams. Apache Kafka documentation, "Streams Security"; ``Delete`` is what DeleteRecords asks,
with which it empties repartition topics. It never changes a topic's partitions or configuration (``InternalTopicManager``)."""
_CONNECT = ("Create", "Describe", "DescribeConfigs", "Read", "Write")
"""On the topics of Kafka Connect's workers. Apache Kafka documentation, "Kafka Connect", "Security"; ``TopicAdmin``."""
_ADMINISTER = ("Alter", "AlterConfigs", "Create", "Delete", "Describe", "DescribeConfigs")
_ADMINISTER_GROUPS = ("Delete", "Describe", "Read")
_ADMINISTER_CLUSTER = ("Alter", "AlterConfigs", "Describe", "DescribeConfigs")
_OBSERVE_CLUSTER = ("Describe", "DescribeConfigs")
"""``Describe`` on the cluster is what listing groups, log directories and reassignments asks, ``DescribeConfigs`` what the
brokers' configuration and quotas do (``KafkaApis``)."""
_OBSERVE = ("Describe", "DescribeConfigs")
_OBSERVE_GROUPS = ("Describe",)
_OPERATE = ("Alter", "AlterConfigs", "Create", "Describe", "DescribeConfigs")
_OPERATE_GROUPS = ("Delete", "Describe")
"""Without ``Read``: moving a group's offsets takes ``Read`` on the topic beside it (``KafkaApis``)."""
_OPERATE_TRANSACTIONS = ("Describe",)


def principal_of_user(name: str) -> str:
    """The principal of a SCRAM user."""
    return f"User:{name}"


def principal_of_certificate(distinguished_name: str) -> str:
    """The principal of a client certificate: its subject, as Kafka writes it without ``ssl.principal.mapping.rules``."""
    return f"User:{distinguished_name}"


def acls(principal: str, access: Access) -> list[Acl]:
    """What Kafka must allow the principal for the access, in order.

    Writing idempotently needs nothing more: from Kafka 2.8 whoever may write to a topic may (KIP-679), and where it would be
    needed, on older brokers, ``IdempotentWrite`` would have to be given on the whole cluster.
    """
    cluster, everything = Names((CLUSTER_NAME,)), EVERY if access.operate else Names()
    administers = access.administer_cluster or access.operate
    parts: list[tuple[AclResource, Names, Sequence[str]]] = [
        (AclResource.TOPIC, access.produce, _PRODUCE),
        (AclResource.TRANSACTIONAL_ID, access.transactional_ids if access.writes else Names(), _TRANSACT),
        (AclResource.TOPIC, access.consume, _CONSUME),
        (AclResource.GROUP, access.groups if access.reads else Names(), _JOIN),
        (AclResource.TOPIC, access.streams_topics, _STREAMS),
        (AclResource.TOPIC, access.connect_topics, _CONNECT),
        (AclResource.TOPIC, access.administer, _ADMINISTER),
        (AclResource.GROUP, access.administer_groups, _ADMINISTER_GROUPS),
        (AclResource.CLUSTER, cluster if administers else Names(), _ADMINISTER_CLUSTER),
        (AclResource.CLUSTER, cluster if access.observes else Names(), _OBSERVE_CLUSTER),
        (AclResource.TOPIC, access.observe_topics, _OBSERVE),
        (AclResource.GROUP, access.observe_groups, _OBSERVE_GROUPS),
        (AclResource.TOPIC, everything, _OPERATE),
        (AclResource.GROUP, everything, _OPERATE_GROUPS),
        (AclResource.TRANSACTIONAL_ID, everything, _OPERATE_TRANSACTIONS),
    ]
    return sorted(
        {
            Acl(principal, resource, name or ANY_NAME, prefixed and bool(name), operation)
            for resource, names, operations in parts
            for prefixed, those in ((False, names.exact), (True, names.prefixes))
            for name in those
            for operation in operations
        }
    )


def commands(
    wanted: Iterable[Acl], *, remove: bool = False, tool: str = "kafka-acls.sh", connection: Sequence[str] = ()
) -> list[str]:
    """The ACLs as commands of Kafka's tool: one for each principal and resource, in order.

    Adding what is there already changes nothing, so the commands may be run again.

    Args:
        wanted: The ACLs.
        remove: Take them away instead of adding them.
        tool: How the tool is called.
        connection: Words that say where the brokers are, not quoted: ``--bootstrap-server "$BOOTSTRAP"`` as two words.
    """
    together: dict[tuple[str, AclResource, str, bool], list[str]] = {}
    for acl in sorted(wanted):
        together.setdefault((acl.principal, acl.resource, acl.name, acl.prefixed), []).append(acl.operation)
    action = ["--remove", "--force"] if remove else ["--add"]
    return [
        " ".join(
            [
                tool,
                *connection,
                *action,
                "--allow-principal",
                shlex.quote(principal),
                *(word for operation in operations for word in ("--operation", operation)),
                *_resource_words(resource, name),
                *(["--resource-pattern-type", "prefixed"] if prefixed else []),
            ]
        )
        for (principal, resource, name, prefixed), operations in together.items()
    ]


def _resource_words(resource: AclResource, name: str) -> list[str]:
    if resource is AclResource.CLUSTER:
        return ["--cluster"]
    return [f"--{resource.lower().replace('_', '-')}", shlex.quote(name)]
