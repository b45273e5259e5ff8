"""The controls of other tools that rules of the policy pack cover: whose they are, what they are called, what they look at.

A rule names the ids of the controls that it covers among its tags; this table says what an id means. Titles are those of the
tools; AWS Config gives its rules none, and has a few words here instead. Sources: AWS Security Hub User Guide, "Security Hub CSPM
controls for Amazon MSK"; AWS Config Developer Guide, "List of AWS Config managed rules"; AWS Control Tower Controls Reference,
"Amazon MSK controls"; the sources of Checkov, Trivy, KICS, cdk-nag and Prowler; `domain.msk.refusals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.msk.refusals import AWS_REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CLUSTER: Final = "aws:msk/cluster:Cluster"
_SERVERLESS: Final = "aws:msk/serverlessCluster:ServerlessCluster"
_CONNECTOR: Final = "aws:mskconnect/connector:Connector"
_KEY: Final = "aws:kms/key:Key"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_ATTACHMENTS: Final = tuple(
    f"aws:iam/{name[0].lower()}{name[1:]}:{name}"
    for name in (
        "PolicyAttachment",
        "RolePolicyAttachment",
        "UserPolicyAttachment",
        "GroupPolicyAttachment",
    )
)


@dataclass(frozen=True, slots=True)
class Control:
    """A control of another tool.

    Attributes:
        id: Its id.
        of: Whose it is.
        title: What it is called there.
        types: The types of resources that it looks at; empty where it has none of its own.
        properties: What of them it looks at.
    """

    id: str
    of: str
    title: str
    types: tuple[str, ...]
    properties: tuple[str, ...] = ()


_IN_CLUSTER: Final = ((_CLUSTER,), ("encryptionInfo.encryptionInTransit.inCluster",))
_LEVEL: Final = ((_CLUSTER,), ("enhancedMonitoring",))
_PUBLIC: Final = ((_CLUSTER,), ("brokerNodeGroupInfo.connectivityInfo.publicAccess.type",))
_OPEN: Final = ((_CLUSTER,), ("clientAuthentication.unauthenticated",))
_TO_BROKERS: Final = ((_CLUSTER,), ("encryptionInfo.encryptionInTransit.clientBroker",))
_AT_REST: Final = ((_CLUSTER,), ("encryptionInfo.encryptionAtRestKmsKeyArn",))
_LOGS: Final = ((_CLUSTER,), ("loggingInfo.brokerLogs",))
_ENCRYPTED: Final = ((_CLUSTER,), (*_TO_BROKERS[1], *_IN_CLUSTER[1], *_AT_REST[1]))
_CONNECTOR_TLS: Final = ((_CONNECTOR,), ("kafkaClusterEncryptionInTransit.encryptionType",))
_CONNECTOR_LOGS: Final = ((_CONNECTOR,), ("logDelivery.workerLogDelivery",))
_ROTATED: Final = ((_KEY,), ("enableKeyRotation",))
_KEPT: Final = ((_LOG_GROUP,), ("retentionInDays",))

_HUB, _CONFIG, _TOWER = "AWS Security Hub", "AWS Config", "AWS Control Tower"
_CHECKOV, _TRIVY, _KICS, _NAG, _PROWLER = "Checkov", "Trivy", "KICS", "cdk-nag", "Prowler"
MEASURED: Final = "Amazon MSK's own refusals (cdk-preflight)"

_BY_BEGINNING: Final = {
    "replicator-": ("aws:msk/replicator:Replicator",),
    "serverless-": (_SERVERLESS,),
    "config-": ("aws:msk/configuration:Configuration",),
    "clusterpolicy-": ("aws:msk/clusterPolicy:ClusterPolicy",),
    "scram-": (
        "aws:msk/scramSecretAssociation:ScramSecretAssociation",
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation",
    ),
}


def _measured(name: str) -> tuple[str, ...]:
    """The types that a refusal is about: its name begins with them, but for the cluster's."""
    return next((types for beginning, types in _BY_BEGINNING.items() if name.startswith(beginning)), (_CLUSTER,))


_TABLE: Final = (
    Control("MSK.1", _HUB, "MSK clusters should be encrypted in transit among broker nodes", *_IN_CLUSTER),
    Control("MSK.2", _HUB, "MSK clusters should have enhanced monitoring configured", *_LEVEL),
    Control("MSK.3", _HUB, "MSK Connect connectors should be encrypted in transit", *_CONNECTOR_TLS),
    Control("MSK.4", _HUB, "MSK clusters should have public access disabled", *_PUBLIC),
    Control("MSK.5", _HUB, "MSK connectors should have logging enabled", *_CONNECTOR_LOGS),
    Control("MSK.6", _HUB, "MSK clusters should disable unauthenticated access", *_OPEN),
    Control("KMS.4", _HUB, "AWS KMS key rotation should be enabled", *_ROTATED),
    Control("msk-in-cluster-node-require-tls", _CONFIG, "Brokers encrypt what they send each other", *_IN_CLUSTER),
    Control("msk-enhanced-monitoring-enabled", _CONFIG, "Enhanced monitoring is set to a level of topics", *_LEVEL),
    Control("msk-connect-connector-encrypted", _CONFIG, "Connectors encrypt what they send to brokers", *_CONNECTOR_TLS),
    Control("msk-cluster-public-access-disabled", _CONFIG, "Public access to the cluster is off", *_PUBLIC),
    Control("msk-connect-connector-logging-enabled", _CONFIG, "Connectors send their logs somewhere", *_CONNECTOR_LOGS),
    Control("msk-unrestricted-access-check", _CONFIG, "The cluster asks every client who it is", *_OPEN),
    Control("msk-cluster-tagged", _CONFIG, "The cluster has tags", (_CLUSTER, _SERVERLESS), ("tags",)),
    Control("cmk-backing-key-rotation-enabled", _CONFIG, "Customer managed keys are rotated by themselves", *_ROTATED),
    Control(
        "CT.MSK.PR.1",
        _TOWER,
        "Require an Amazon Managed Streaming for Apache Kafka (Amazon MSK) cluster to enforce encryption in transit between "
        "cluster broker nodes",
        *_IN_CLUSTER,
    ),
    Control(
        "CT.MSK.PR.2",
        _TOWER,
        "Require an Amazon Managed Streaming for Apache Kafka (Amazon MSK) cluster to be configured with PublicAccess disabled",
        *_PUBLIC,
    ),
    Control("CKV_AWS_7", _CHECKOV, "Ensure rotation for customer created CMKs is enabled", *_ROTATED),
    Control("CKV_AWS_66", _CHECKOV, "Ensure that CloudWatch Log Group specifies retention days", *_KEPT),
    Control("CKV_AWS_80", _CHECKOV, "Ensure MSK Cluster logging is enabled", *_LOGS),
    Control("CKV_AWS_81", _CHECKOV, "Ensure MSK Cluster encryption in rest and transit is enabled", *_ENCRYPTED),
    Control(
        "CKV_AWS_274",
        _CHECKOV,
        "Disallow IAM roles, users, and groups from using the AWS AdministratorAccess policy",
        _ATTACHMENTS,
        ("policyArn",),
    ),
    Control("CKV_AWS_291", _CHECKOV, "Ensure MSK nodes are private", *_PUBLIC),
    Control("CKV_AWS_338", _CHECKOV, "Ensure CloudWatch log groups retains logs for at least 1 year", *_KEPT),
    Control(
        "CKV2_AWS_5",
        _CHECKOV,
        "Ensure that Security Groups are attached to another resource",
        ("aws:ec2/securityGroup:SecurityGroup",),
    ),
    Control("AVD-AWS-0065", _TRIVY, "A KMS key is not configured to auto-rotate", *_ROTATED),
    Control("AVD-AWS-0073", _TRIVY, "A MSK cluster allows unencrypted data in transit", *_TO_BROKERS),
    Control("AVD-AWS-0074", _TRIVY, "Ensure MSK Cluster logging is enabled", *_LOGS),
    Control("AVD-AWS-0179", _TRIVY, "A MSK cluster allows unencrypted data at rest", *_AT_REST),
    Control("6db52fa6-d4da-4608-908a-89f0c59e743e", _KICS, "MSK Cluster Encryption Disabled (Terraform)", *_ENCRYPTED),
    Control("a976d63f-af0e-46e8-b714-8c1a9c4bf768", _KICS, "MSK Cluster Encryption Disabled (CloudFormation)", *_ENCRYPTED),
    Control("2f56b7ab-7fba-4e93-82f0-247e5ddeb239", _KICS, "MSK Cluster Logging Disabled (Terraform)", *_LOGS),
    Control("54378d69-dd7c-4b08-a43e-80d563396857", _KICS, "MSK Broker Is Publicly Accessible (Terraform)", *_PUBLIC),
    Control("AwsSolutions-MSK2", _NAG, "The MSK cluster uses plaintext communication between clients and brokers", *_TO_BROKERS),
    Control("AwsSolutions-MSK3", _NAG, "The MSK cluster uses plaintext communication between brokers", *_IN_CLUSTER),
    Control("AwsSolutions-MSK6", _NAG, "The MSK cluster does not send broker logs to a supported destination", *_LOGS),
    Control("AwsSolutions-KMS5", _NAG, "The KMS Symmetric key does not have automatic key rotation enabled", *_ROTATED),
    Control(
        "kafka_cluster_encryption_at_rest_uses_cmk",
        _PROWLER,
        "Kafka cluster has encryption at rest enabled with a customer managed key (CMK) or is serverless",
        *_AT_REST,
    ),
    Control("kafka_cluster_enhanced_monitoring_enabled", _PROWLER, "Amazon MSK cluster has enhanced monitoring enabled", *_LEVEL),
    Control(
        "kafka_cluster_in_transit_encryption_enabled",
        _PROWLER,
        "Kafka cluster has encryption in transit enabled",
        (_CLUSTER,),
        (*_TO_BROKERS[1], *_IN_CLUSTER[1]),
    ),
    Control("kafka_cluster_is_public", _PROWLER, "Kafka cluster is not publicly accessible", *_PUBLIC),
    Control(
        "kafka_cluster_mutual_tls_authentication_enabled",
        _PROWLER,
        "Kafka cluster has TLS authentication enabled",
        (_CLUSTER,),
        ("clientAuthentication.tls.certificateAuthorityArns",),
    ),
    Control("kafka_cluster_unrestricted_access_disabled", _PROWLER, "Kafka cluster requires authentication", *_OPEN),
    Control(
        "kafka_cluster_uses_latest_version",
        _PROWLER,
        "MSK cluster uses the latest Kafka version or is serverless with AWS-managed version",
        (_CLUSTER,),
        ("kafkaVersion",),
    ),
    Control(
        "kafka_connector_in_transit_encryption_enabled",
        _PROWLER,
        "MSK Connect connector has encryption in transit enabled",
        *_CONNECTOR_TLS,
    ),
    Control("kms_cmk_rotation_enabled", _PROWLER, "Ensure rotation for customer created KMS CMKs is enabled", *_ROTATED),
    *(Control(f"pf-msk-{refusal.name}", MEASURED, f"AWS refuses {refusal.refuses}", ()) for refusal in AWS_REFUSALS.values()),
)

CONTROLS: Final[Mapping[str, Control]] = {control.id: control for control in _TABLE}
"""Every control that a rule covers, by its id, in the order in which reports have them."""


def controls_in(tags: Iterable[str]) -> list[str]:
    """The ids of controls among the tags of a rule; the others are topics."""
    return [tag for tag in tags if tag in CONTROLS]
