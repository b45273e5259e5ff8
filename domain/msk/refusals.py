"""What Amazon MSK was measured to refuse: one table, which settings, guards and the policy pack answer to.

Each row is a real deployment, or a real call, that AWS answered with an error in us-east-1 in September 2026, as published by
the rules of badmintoncryer/cdk-preflight (``pf-msk-<name>``). They are third-party measurements, with AWS's own words.

All were measured while something was created; no update was. A row says `When.ALWAYS` where no update could make it valid
either, and `When.AT_CREATION` where AWS documents that an update may.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class When(StrEnum):
    """When AWS refuses."""

    ALWAYS = "always"
    AT_CREATION = "at creation"
    """A running cluster may have it: an update turns it on, or it was created when AWS still took it."""
    ON_UPDATE = "on update"


class Through(StrEnum):
    """Whom the refusal reaches."""

    API = "the API"
    """Everybody: each way to deploy ends in this call."""
    CLOUDFORMATION = "CloudFormation"
    """CloudFormation's own handler answers, before it calls Amazon MSK: aws-native meets it, the aws provider never."""
    NOT_AWS_PROVIDER = "all but the aws provider"
    """The aws provider works around it: it creates the cluster without, and updates it afterwards."""


@dataclass(frozen=True, slots=True)
class AwsRefusal:
    """One thing that AWS refuses.

    Attributes:
        name: A short name, for example ``client-subnets-count``.
        refuses: What AWS refuses.
        answer: What AWS answers, shortened; three dots stand for what is left out.
        measured: The day somebody got this answer.
        when: Whether an update is refused as well.
        through: Whom it reaches.
    """

    name: str
    refuses: str
    answer: str
    measured: dt.date
    when: When = When.ALWAYS
    through: Through = Through.API

    @property
    def source(self) -> str:
        """Where the measurement is published."""
        return f"badmintoncryer/cdk-preflight, pf-msk-{self.name}"


CLUSTERS_MEASURED = dt.date(2026, 9, 14)
"""The day provisioned clusters were measured: what their sizes and versions are refused with."""

OTHERS_MEASURED = dt.date(2026, 9, 13)
"""The day everything else was: configurations, policies, secrets, serverless clusters, replicators."""


def _cluster(name: str, refuses: str, answer: str, when: When = When.ALWAYS, through: Through = Through.API) -> AwsRefusal:
    return AwsRefusal(name, refuses, answer, CLUSTERS_MEASURED, when, through)


def _other(name: str, refuses: str, answer: str) -> AwsRefusal:
    return AwsRefusal(name, refuses, answer, OTHERS_MEASURED)


_INVALID_NAME = "The parameter value contains one or more characters that are not valid"
_DUPLICATES = "The list provided contains duplicate items"

_ROWS: tuple[AwsRefusal, ...] = (
    # Layout of a cluster.
    _cluster(
        "broker-count-multiple-of-az",
        "brokers that cannot be spread evenly over the client subnets",
        "The target number of broker nodes must be a multiple of the number of Availability Zones in the Client subnets "
        "parameter",
    ),
    _cluster(
        "client-subnets-count", "fewer than two or more than three client subnets", "Specify either two or three client subnets"
    ),
    _cluster("client-subnets-distinct", "a client subnet that is named twice", _DUPLICATES),
    _cluster(
        "cluster-name-pattern",
        "a cluster's name with anything but letters, digits and hyphens, or with a hyphen first",
        _INVALID_NAME,
    ),
    _cluster(
        "express-requires-three-subnets",
        "Express brokers with more or fewer than three client subnets",
        "Clusters with Express instance types require 3 subnets",
    ),
    # Versions.
    _cluster(
        "express-kafka-version",
        "Express brokers with a version that is not one of theirs",
        "Express instance types are not supported for Kafka version ... Valid values: [3.8.x, 3.9.x.kraft, 4.2.x.kraft]",
    ),
    _cluster(
        "kafka-version-deprecated",
        "a new cluster with a version that Amazon MSK lists as DEPRECATED",
        "Standard instance types are not supported for Kafka version ...",
        When.AT_CREATION,
    ),
    _cluster(
        "t3-small-not-kraft",
        "kafka.t3.small with a KRaft version",
        "Unsupported InstanceType specified. Valid values: ...",
    ),
    # Storage.
    _cluster(
        "express-no-ebs-storage",
        "storageInfo with Express brokers",
        "The storageInfo parameter is not supported for Express instance types",
    ),
    _cluster(
        "express-no-storage-mode",
        "storageMode with Express brokers",
        "The storageMode parameter is not supported for Express instance types",
    ),
    _cluster(
        "provisioned-throughput-instance-type",
        "provisioned throughput on brokers smaller than kafka.m5.4xlarge or kafka.m7g.2xlarge",
        "Provisioned throughput is not supported for the specified broker type",
    ),
    # The API takes whole numbers: 593 is the most that 593.75 leaves.
    _cluster(
        "provisioned-throughput-max-per-instance",
        "more provisioned throughput than the broker's size has",
        "For brokers of type kafka.m5.4xlarge, the maximum value for VolumeThroughput cannot exceed 593.75 MiB/s",
    ),
    _cluster(
        "provisioned-throughput-min",
        "provisioned throughput below 250 MiB/s",
        "EBS volume throughput should be between 250 and 1000 MiB/s",
    ),
    _cluster(
        "provisioned-throughput-volume-size",
        "provisioned throughput on volumes below 10 GiB",
        "To enable ProvisionedThroughput, you must set volume size to a value that is greater than or equal to 10",
    ),
    _cluster(
        "provisioned-throughput-without-enabled",
        "a volumeThroughput where provisioned throughput is not enabled",
        "To specify a value for VolumeThroughput, you must enable ProvisionedThroughput",
    ),
    _cluster(
        "tiered-storage-instance-type",
        "tiered storage on kafka.t3.small",
        "Tiered storage is not supported for the specified broker type",
    ),
    # Authentication and encryption.
    _cluster(
        "sasl-requires-in-cluster-encryption",
        "client authentication without encryption between brokers",
        "To turn on client authentication, you must also turn on in-cluster encryption",
    ),
    _cluster(
        "sasl-requires-tls-client-broker",
        "client authentication over PLAINTEXT alone",
        "Client-broker encryption in transit must be set to either TLS or TLS_PLAINTEXT to enable client authentication",
    ),
    _cluster(
        "tls-cert-authority-arn-format",
        "a certificate authority whose ARN is not one of AWS Private CA",
        "One or more of the certificate authority ARNs provided in the request are invalid",
    ),
    _cluster(
        "tls-enabled-requires-ca-list",
        "a tls block with only one of its switch and its list of certificate authorities",
        "Enabled and CertificateAuthorityArnList fields must both be defined for TLS",
        through=Through.CLOUDFORMATION,
    ),
    _cluster(
        "tls-plaintext-requires-unauthenticated",
        "client authentication over TLS_PLAINTEXT where unauthenticated access is not turned on explicitly",
        "You must enable unauthenticated traffic explicitly to use client-authentication using SASL over TLS_PLAINTEXT",
    ),
    _cluster(
        "unauthenticated-only-requires-no-tls-only",
        "unauthenticated access turned off where no mechanism is on",
        "Unauthenticated cannot be set to false without enabling any authentication mechanisms",
    ),
    # Logs and metrics.
    _cluster(
        "broker-logs-any-required",
        "a block of broker logs that names no destination",
        "You must define one or more of the following broker log types: CloudWatch Logs, Kinesis Data Firehose, Amazon S3",
    ),
    _cluster(
        "broker-logs-cloudwatch-loggroup-required",
        "broker logs to CloudWatch Logs without a log group",
        "To use CloudWatch Logs as a destination for broker logs, you must specify a CloudWatch log group",
    ),
    _cluster(
        "broker-logs-firehose-stream-required",
        "broker logs to Firehose without a delivery stream",
        "To use Kinesis Data Firehose as a destination for broker logs, you must specify a delivery stream",
    ),
    _cluster(
        "broker-logs-s3-bucket-required",
        "broker logs to Amazon S3 without a bucket",
        "To use Amazon S3 as a destination for broker logs, you must specify an S3 bucket",
    ),
    _cluster(
        "open-monitoring-requires-exporter",
        "open monitoring with neither exporter's block",
        "You must specify at least one type of exporter, either nodeExporter or jmxExporter",
    ),
    # Connectivity: an update turns it on.
    _cluster(
        "network-type-ipv4-at-create",
        "a new cluster with another network type than IPV4",
        "When creating a cluster, only IPV4 is supported",
        When.AT_CREATION,
    ),
    _cluster(
        "public-access-not-at-create",
        "a new cluster with public access",
        "When creating a cluster, the only valid value for the Type parameter in PublicAccess is DISABLED",
        When.AT_CREATION,
    ),
    _cluster(
        "vpc-connectivity-auth-not-at-create",
        "a new cluster with a mechanism of multi-VPC private connectivity",
        "When creating a cluster, all vpcConnectivity auth schemes must be disabled",
        When.AT_CREATION,
        Through.NOT_AWS_PROVIDER,
    ),
    _cluster(
        "zookeeper-access-not-at-create",
        "a new cluster with a zookeeperAccess block",
        "Zookeeper Access cannot be configured during cluster creation",
        When.AT_CREATION,
        Through.CLOUDFORMATION,
    ),
    # Cluster policies: PutClusterPolicy creates and updates alike.
    _other(
        "clusterpolicy-resource-matches-cluster",
        "a cluster policy whose Resource is another cluster; wildcards were not measured",
        "The cluster policy is not valid. Invalid cluster arn: ...",
    ),
    # Configurations.
    _other(
        "config-custom-advertised-listeners-format",
        "a custom.advertised.listeners with an entry that does not end in :port+{broker_id}",
        "Invalid custom.advertised.listeners format. Expected: LISTENER_NAME://host:port+{broker_id}",
    ),
    _other(
        "config-kafka-versions-unknown",
        "a configuration for a version that Amazon MSK does not list; those it lists as DEPRECATED are taken",
        "Unsupported KafkaVersion ... Valid values: ...",
    ),
    _other("config-name-pattern", "a configuration's name with anything but letters, digits and hyphens", _INVALID_NAME),
    _other(
        "config-server-properties-allowed-keys",
        "a server property outside Amazon MSK's list, whatever version the configuration is for",
        "Key ... is not supported by at least one Apache Kafka version",
    ),
    # Secrets of SASL/SCRAM users.
    _other("scram-secret-account", "a secret of another account than the cluster's", "The provided secret ARN is invalid"),
    _other("scram-secret-list-unique", "a secret that is named twice", _DUPLICATES),
    # Serverless clusters.
    _other("serverless-name-pattern", "a serverless cluster's name, as any cluster's", _INVALID_NAME),
    _other(
        "serverless-sasl-iam-enabled",
        "a serverless cluster without IAM authentication",
        "A serverless cluster must use SASL/IAM authentication",
    ),
    _other(
        "serverless-subnets-count",
        "a VPC configuration with fewer than two or more than six subnets",
        "The size of list should be between 2 and 6",
    ),
    _other("serverless-vpc-configs-max", "more than five VPC configurations", "The size of list should be between 1 and 5"),
    # Replicators: nothing of these changes in place.
    _other(
        "replicator-apache-kafka-cluster-requires-auth",
        "a self-managed cluster that the replicator does not authenticate to",
        "Apache Kafka clusters require authentication configuration. Specify the clientAuthentication parameter",
    ),
    _other(
        "replicator-arns-match-kafka-clusters",
        "a source or target that is not among the replicator's clusters",
        "Source and target Kafka cluster ARNs must be present in kafkaClusters",
    ),
    # The answer names a missing permission alone. MSK Developer Guide, "Supported cluster types and versions for MSK Replicator":
    # both clusters are in one account.
    _other(
        "replicator-clusters-same-account",
        "clusters of two accounts",
        "... is not authorized to perform: kafka:GetBootstrapBrokers on resource: ...",
    ),
    _other(
        "replicator-enhanced-sync-requires-identical",
        "ENHANCED synchronization of offsets with topic names that are not IDENTICAL; without a setting for the names, it was "
        "not measured",
        "The consumerGroupOffsetSyncMode value ENHANCED is only supported when topicNameConfiguration type is IDENTICAL",
    ),
    _other(
        "replicator-kafka-cluster-exactly-one-kind",
        "one entry with both kinds of cluster",
        "Cannot specify both AmazonMskCluster and ApacheKafkaCluster in a kafkaCluster object. Choose one cluster type",
    ),
    _other(
        "replicator-service-role-account",
        "a role of another account",
        "Cross-account pass role is not allowed",
    ),
    _other(
        "replicator-source-arn-xor-id",
        "a source by its ARN and by its ID at once",
        "Cannot specify both sourceKafkaClusterArn and sourceKafkaClusterId",
    ),
    _other(
        "replicator-source-target-differ",
        "one cluster as both source and target",
        "Kafka cluster list contains duplicate cluster ARNs. Please ensure all the cluster ARNs are unique",
    ),
    _other(
        "replicator-target-cluster-region",
        "a target in another region than the replicator; the source may be in another",
        "The target cluster must be from region ...",
    ),
    _other(
        "replicator-vpc-config-only-for-msk-cluster",
        "a vpcConfig for a self-managed cluster",
        "The vpcConfig parameter is only supported for AmazonMskCluster",
    ),
)

AWS_REFUSALS: Mapping[str, AwsRefusal] = MappingProxyType({row.name: row for row in _ROWS})
"""Everything that Amazon MSK was measured to refuse, by its short name."""
