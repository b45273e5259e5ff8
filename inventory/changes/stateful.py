"""Which resources hold something, and what is gone when one of them is replaced or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from inventory.deployer.table import table
from inventory.rows import CLUSTER, SERVERLESS_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY: Final = "aws:kms/key:Key"
KEYS: Final = (
    KEY,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)


@dataclass(frozen=True, slots=True)
class Stateful:
    """A type of resource that is more than its definition.

    Attributes:
        noun: What people call it.
        lost: What is lost with it, as a headline says it: "all messages"; empty where nothing is.
        consequence: What its replacement or deletion means: one or two sentences.
        source: Where that is said.
    """

    noun: str
    lost: str
    consequence: str
    source: str

    @property
    def holds_data(self) -> bool:
        """Whether its replacement or deletion loses data."""
        return bool(self.lost)


STATEFUL: Final[Mapping[str, Stateful]] = MappingProxyType(
    {
        CLUSTER: Stateful(
            "cluster",
            "all messages",
            "Every message, topic and consumer offset in it is lost, and clients need new bootstrap brokers.",
            'MSK API reference, "DeleteCluster"',
        ),
        SERVERLESS_CLUSTER: Stateful(
            "serverless cluster",
            "all messages",
            "Every message, topic and consumer offset in it is lost, and clients need new bootstrap brokers.",
            'MSK API reference, "DeleteCluster"',
        ),
        "aws:msk/topic:Topic": Stateful(
            "topic",
            "all messages of the topic",
            "Every message in it is lost, and consumers lose their positions.",
            'Apache Kafka documentation, "Adding and removing topics"',
        ),
        KEY: Stateful(
            "key",
            "the data that it encrypts",
            "After its deletion window, nobody can read the data that it encrypts; until then its deletion can be cancelled.",
            'AWS KMS Developer Guide, "Delete an AWS KMS key"',
        ),
        "aws:secretsmanager/secret:Secret": Stateful(
            "secret",
            "the secret's value",
            "Its value cannot be restored after its recovery window; without a window it is lost at once.",
            'AWS Secrets Manager User Guide, "Delete an AWS Secrets Manager secret"',
        ),
        "aws:cloudwatch/logGroup:LogGroup": Stateful(
            "log group",
            "its logs",
            "All its logs are lost.",
            'CloudWatch Logs API reference, "DeleteLogGroup"',
        ),
        "aws:sns/topic:Topic": Stateful(
            "topic",
            "",
            "No data is lost, but its subscriptions are deleted with it: e-mail subscribers must confirm new ones.",
            'Amazon SNS Developer Guide, "Deleting an Amazon SNS topic and subscription"',
        ),
        "aws:amp/workspace:Workspace": Stateful(
            "Prometheus workspace",
            "its metrics",
            "Every metric in it is lost.",
            'Amazon Managed Service for Prometheus User Guide, "Delete an Amazon Managed Service for Prometheus workspace"',
        ),
        "aws:grafana/workspace:Workspace": Stateful(
            "Grafana workspace",
            "its dashboards and users",
            "Dashboards, alerts and API keys in it are lost.",
            'Amazon Managed Grafana User Guide, "Delete an Amazon Managed Grafana workspace"',
        ),
        "aws:s3/bucket:Bucket": Stateful(
            "bucket",
            "the bucket's objects",
            "With forceDestroy, its objects are lost; without it, AWS refuses to delete a bucket that is not empty.",
            'Amazon S3 User Guide, "Deleting a bucket"',
        ),
        "aws:glue/registry:Registry": Stateful(
            "schema registry",
            "all schemas",
            "Every schema and version in it is lost: data written with them may become unreadable.",
            'AWS Glue Developer Guide, "Deleting a schema or registry"',
        ),
        "aws:glue/schema:Schema": Stateful(
            "schema",
            "the schema's versions",
            "Every version of it is lost: data written with them may become unreadable.",
            'AWS Glue Developer Guide, "Deleting a schema or registry"',
        ),
        "aws:acmpca/certificateAuthority:CertificateAuthority": Stateful(
            "certificate authority",
            "its private key",
            "It no longer issues or renews certificates, and after its restoration period its private key is deleted.",
            'AWS Private CA User Guide, "Delete your private CA"',
        ),
        "aws:msk/configuration:Configuration": Stateful(
            "configuration",
            "",
            "No data is lost. AWS deletes a configuration only when no cluster uses it.",
            'MSK Developer Guide, "Delete a configuration"',
        ),
        "aws:msk/replicator:Replicator": Stateful(
            "replicator",
            "",
            "No data is lost, but replication stops, and resumes at the starting position of the new one.",
            'MSK Developer Guide, "What is Amazon MSK Replicator?"',
        ),
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": Stateful(
            "SCRAM user",
            "",
            "No data is lost, but its clients cannot sign in meanwhile.",
            'MSK Developer Guide, "Sign-in credentials"',
        ),
        "aws:ec2/vpc:Vpc": Stateful(
            "VPC",
            "",
            "A cluster cannot move to another VPC: everything in the VPC goes with it, including the cluster.",
            'MSK API reference, "BrokerNodeGroupInfo"',
        ),
        "aws:ec2/subnet:Subnet": Stateful(
            "subnet",
            "",
            "A cluster cannot change its subnets: a cluster in it must be replaced too.",
            'MSK API reference, "BrokerNodeGroupInfo", clientSubnets',
        ),
        "aws:ec2/securityGroup:SecurityGroup": Stateful(
            "security group",
            "",
            "It holds no data, but a cluster cannot change its security groups: a cluster that uses it must be replaced too.",
            "CloudFormation reference, AWS::MSK::Cluster BrokerNodeGroupInfo",
        ),
    }
)
"""By type. What is not here can be made again from the program at no loss."""

_ALIASES: Final = {"aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket", **dict.fromkeys(KEYS, KEY)}

_NOUNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ServerlessCluster": "topics of the Serverless cluster",
        "SecurityGroupIngressRule": "security group rule",
        "SecurityGroupRule": "security group rule",
        "Policy": "IAM policy",
        "RolePolicy": "IAM policy",
        "UserPolicy": "IAM policy",
        "GroupPolicy": "IAM policy",
        "RolePolicyAttachment": "policy attachment",
        "UserPolicyAttachment": "policy attachment",
        "GroupPolicyAttachment": "policy attachment",
        "Role": "IAM role",
        "User": "IAM user",
        "AccessKey": "access key",
        "InstanceProfile": "instance profile",
        "PodIdentityAssociation": "Pod Identity association",
        "ClusterPolicy": "cluster policy",
        "ScramSecretAssociation": "SCRAM users",
        "SecretVersion": "password",
        "VpcConnection": "VPC connection",
        "Acl": "ACL",
        "BucketLifecycleConfiguration": "lifecycle rules",
        "BucketLifecycleConfigurationV2": "lifecycle rules",
        "WorkspaceConfiguration": "Prometheus workspace's configuration",
    }
)


def holds_nothing(resource_type: str) -> Stateful:
    """What is told of a resource that holds no data, where its change takes something from people all the same."""
    last = resource_type.rpartition(":")[2]
    return Stateful(_NOUNS.get(last, last), "", "It holds no data.", "")


_OTHERS: Final = frozenset(
    {
        "aws:mskconnect/connector:Connector", "aws:mskconnect/customPlugin:CustomPlugin",
        "aws:mskconnect/workerConfiguration:WorkerConfiguration",
        "aws:kms/keyPolicy:KeyPolicy", "aws:kms/grant:Grant",
        "aws:ec2/securityGroupRule:SecurityGroupRule", "aws:ec2/instance:Instance",
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget", "aws:lambda/permission:Permission",
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "aws:s3/bucketVersioning:BucketVersioning",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucketLogging:BucketLogging",
        "kafka:index/acl:Acl",
    }
)  # fmt: skip
_FAMILIES: Final = ("aws:iam/", "aws:vpc/", "aws:appautoscaling/", "pulumi:", "msk-platform:", "random:")
"""Whose resources can all be made again from the program. A random value is in what uses it."""


def is_known_type(resource_type: str) -> bool:
    """Whether it is known of a type if it holds something: a type that is not may hold anything."""
    return (
        stateful(resource_type) is not None
        or resource_type in _OTHERS
        or resource_type.startswith(_FAMILIES)
        or resource_type in table()
    )


UNKNOWN_TYPE: Final = Stateful(
    "resource of an unknown type",
    "what it holds",
    "This tool does not know whether this type of resource holds data: look it up before you delete the resource.",
    "",
)


def stateful(resource_type: str) -> Stateful | None:
    """What a type of resource holds; None where it holds nothing."""
    return STATEFUL.get(_ALIASES.get(resource_type, resource_type))
