"""How far IAM permissions reach: what each action does to a cluster, and which of AWS's own policies and issuers reach everybody.

For the policy pack, which judges permissions by what they do, not by how they are written. Actions and the resources they sit
on: Service Authorization Reference, "Amazon Managed Streaming for Apache Kafka" and "Apache Kafka APIs for Amazon MSK clusters".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.access.statements import ACTIONS

REACH_AS_OF = dt.date(2026, 11, 29)
"""The day the tables below were last held against their sources."""


class DataEffect(StrEnum):
    """What an action of ``kafka-cluster`` does."""

    MESSAGES = "messages"
    """Reads, writes or deletes messages: for the topics that a client uses, by name."""
    CHANGES = "changes"
    """Changes topics, groups, transactions or the cluster: for a cluster that is named."""


class ControlEffect(StrEnum):
    """What an action of ``kafka``, Amazon MSK's own API, does to a cluster that is there."""

    OPENS = "opens"
    """Lets clients in that could not come in before."""
    DELETES = "deletes"
    """Deletes the cluster, its topics, or the messages on brokers that it takes away."""
    REPLACES = "replaces"
    """Replaces what the cluster runs on or with, for good."""


_READ_WRITE_DELETE = ("DeleteTopic", "ReadData", "WriteData")
_CHANGE = (
    "AlterCluster", "AlterClusterDynamicConfiguration", "AlterGroup", "AlterTopic", "AlterTopicDynamicConfiguration",
    "AlterTransactionalId", "CreateTopic", "DeleteGroup",
)  # fmt: skip

DATA_EFFECTS: Mapping[str, DataEffect | None] = {
    name: DataEffect.MESSAGES if name in _READ_WRITE_DELETE else DataEffect.CHANGES if name in _CHANGE else None
    for name in ACTIONS
}
"""Every action of ``kafka-cluster``; None for those that only connect, describe, or need another one to have any effect."""

CONTROL_EFFECTS: Mapping[str, ControlEffect | None] = {
    "BatchAssociateScramSecret": ControlEffect.OPENS,
    "PutClusterPolicy": ControlEffect.OPENS,
    "UpdateClusterConfiguration": ControlEffect.OPENS,
    "UpdateConnectivity": ControlEffect.OPENS,
    "UpdateSecurity": ControlEffect.OPENS,
    "DeleteCluster": ControlEffect.DELETES,
    "DeleteTopic": ControlEffect.DELETES,
    "UpdateBrokerCount": ControlEffect.DELETES,
    "UpdateBrokerType": ControlEffect.REPLACES,
    "UpdateClusterKafkaVersion": ControlEffect.REPLACES,
    **dict.fromkeys(
        (
            "BatchDisassociateScramSecret", "CreateChannel", "CreateCluster", "CreateClusterV2", "CreateConfiguration",
            "CreateReplicator", "CreateTopic", "CreateVpcConnection", "DeleteChannel", "DeleteClusterPolicy",
            "DeleteConfiguration", "DeleteReplicator", "DeleteVpcConnection", "DescribeChannel", "DescribeCluster",
            "DescribeClusterOperation", "DescribeClusterOperationV2", "DescribeClusterV2", "DescribeConfiguration",
            "DescribeConfigurationRevision", "DescribeReplicator", "DescribeTopic", "DescribeTopicPartitions",
            "DescribeVpcConnection", "GetBootstrapBrokers", "GetClusterPolicy", "GetCompatibleKafkaVersions", "ListChannels",
            "ListClientVpcConnections", "ListClusterOperations", "ListClusterOperationsV2", "ListClusters", "ListClustersV2",
            "ListConfigurationRevisions", "ListConfigurations", "ListKafkaVersions", "ListNodes", "ListReplicators",
            "ListScramSecrets", "ListTagsForResource", "ListTopics", "ListVpcConnections", "RebootBroker",
            "RejectClientVpcConnection", "TagResource", "UntagResource", "UpdateBrokerStorage", "UpdateChannel",
            "UpdateConfiguration", "UpdateMonitoring", "UpdateRebalancing", "UpdateReplicationInfo", "UpdateStorage",
            "UpdateTopic",
        )
    ),
}  # fmt: skip
"""Every action of ``kafka``; None for those that cannot open, delete or replace a cluster. A configuration opens one by
allow.everyone.if.no.acl.found."""

CONTROL_ON_TOPICS = frozenset({"CreateTopic", "DeleteTopic", "DescribeTopic", "DescribeTopicPartitions", "UpdateTopic"})
"""Actions of ``kafka`` that sit on topics; those with an effect else sit on clusters."""

NEIGHBOURS: Mapping[str, Mapping[str, str]] = {
    "kms": {
        "CreateGrant": "key",
        "Decrypt": "key",
        "DisableKey": "key",
        "PutKeyPolicy": "key",
        "ScheduleKeyDeletion": "key",
    },
    "secretsmanager": {
        "BatchGetSecretValue": "secret",
        "DeleteSecret": "secret",
        "GetSecretValue": "secret",
        "PutResourcePolicy": "secret",
        "PutSecretValue": "secret",
    },
    "iam": {
        "AttachGroupPolicy": "group",
        "AttachRolePolicy": "role",
        "AttachUserPolicy": "user",
        "CreateAccessKey": "user",
        "CreatePolicyVersion": "policy",
        "PassRole": "role",
        "PutGroupPolicy": "group",
        "PutRolePolicy": "role",
        "PutUserPolicy": "user",
        "UpdateAssumeRolePolicy": "role",
    },
    "sts": {"AssumeRole": "role"},
    "ec2": {"AuthorizeSecurityGroupIngress": "security-group", "ModifySecurityGroupRules": "security-group"},
}
"""Actions of other services that reach what a cluster's data hangs on, with the kind of resource each sits on. Service
Authorization Reference of each service."""

REPLICATION: Mapping[str, tuple[str, ...]] = {
    "needed": (
        "AlterCluster", "AlterTopic", "AlterTopicDynamicConfiguration", "Connect", "CreateTopic", "DescribeCluster",
        "DescribeTopic", "DescribeTopicDynamicConfiguration", "ReadData", "WriteData",
    ),
    "more": ("AlterGroup", "DescribeClusterDynamicConfiguration", "DescribeGroup", "WriteDataIdempotently"),
}  # fmt: skip
"""What the role of MSK Replicator is granted on every topic, and what else it may be. MSK Developer Guide, "Create the service
execution role", and AWS's policy AWSMSKReplicatorExecutionRole."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer that signs tokens for everybody.

    Attributes:
        claims: Claims each of which says whose a token is.
        parts: Where the subject is made of claims with their values, those of its parts that say whose a token is; empty where
            the whole subject is somebody's.
    """

    claims: tuple[str, ...]
    parts: tuple[str, ...] = ()


SHARED_ISSUERS: Mapping[str, Issuer] = {
    "accounts.google.com": Issuer(("sub", "aud", "oaud")),
    "agent.buildkite.com": Issuer(("sub", "organization_id", "organization_slug"), ("organization",)),
    "api.pulumi.com/oidc": Issuer(("aud",)),
    "app.terraform.io": Issuer(("sub", "terraform_organization_id"), ("organization",)),
    "gitlab.com": Issuer(
        ("sub", "namespace_id", "namespace_path", "project_id", "project_path"), ("group_path", "namespace_path", "project_path")
    ),
    "graph.facebook.com": Issuer(("app_id", "id")),
    "oidc.vercel.com": Issuer(("sub", "owner_id"), ("owner",)),
    "token.actions.githubusercontent.com": Issuer(
        ("sub", "enterprise_id", "job_workflow_ref", "repository", "repository_id", "repository_owner", "repository_owner_id"),
        (
            "enterprise", "enterprise_id", "job_workflow_ref", "repo", "repository", "repository_id", "repository_owner",
            "repository_owner_id",
        ),
    ),
    "www.amazon.com": Issuer(("app_id", "user_id")),
}  # fmt: skip
"""IAM User Guide, "Identity-provider controls for shared OIDC providers" and "Available keys for AWS OIDC federation"; GitHub
Docs, "OpenID Connect reference", on customized subjects, which anybody gives any form; and the other vendors' own pages."""


class PolicyEffect(StrEnum):
    """What one of AWS's own policies lets whoever has it do in the whole account."""

    DATA = "data"
    """Everything with every cluster: its messages, and the cluster itself."""
    CONTROL = "control"
    """Opens, deletes or replaces clusters."""
    REPLICATION = "replication"
    """Reads and writes every topic, as MSK Replicator does: for a role that only MSK Replicator takes."""
    NEIGHBOURS = "neighbours"
    """Reads every secret, or passes or changes every role."""


AWS_POLICIES: Mapping[str, PolicyEffect] = {
    "AIDevOpsAgentActionsPolicy": PolicyEffect.DATA,
    "AWSMSKReplicatorExecutionRole": PolicyEffect.REPLICATION,
    "AWSSecretsManagerClientReadOnlyAccess": PolicyEffect.NEIGHBOURS,
    "AdministratorAccess": PolicyEffect.DATA,
    "AmazonMSKFullAccess": PolicyEffect.CONTROL,
    "IAMFullAccess": PolicyEffect.NEIGHBOURS,
    "PowerUserAccess": PolicyEffect.DATA,
    "SecretsManagerReadWrite": PolicyEffect.NEIGHBOURS,
}
"""AWS's own policies that reach every cluster, or what every cluster's data hangs on, by their names. AWS Managed Policy
Reference; found by asking the policy pack about each of its 1,582 policies."""
