"""What pulumi-aws does with each resource type: automatic names, defaults, tags, and what AWS computes.

Names are the provider's wire names. Defaults are those of the Terraform AWS provider's schema, which pulumi-aws fills
in when it checks inputs; automatic names are pulumi-aws's `<name>-<7 hex digits>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type of the provider."""

    computed: tuple[str, ...] = ("arn",)
    """What is unknown until AWS has created it, besides the id."""
    name_property: str = ""
    """The input that gets an automatic name when neither it nor its prefix is given; empty for none."""
    name_prefix: str = ""
    """What an automatic name starts with."""
    name_length: int = 255
    """The longest name AWS takes."""
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Inputs that the provider fills in; a nested dict applies where the program gives that block."""
    taggable: bool = False


BOOTSTRAP_OUTPUTS: Final = (
    "bootstrapBrokers",
    "bootstrapBrokersIpv6",
    "bootstrapBrokersPublicSaslIam",
    "bootstrapBrokersPublicSaslScram",
    "bootstrapBrokersPublicTls",
    "bootstrapBrokersSaslIam",
    "bootstrapBrokersSaslIamIpv6",
    "bootstrapBrokersSaslScram",
    "bootstrapBrokersSaslScramIpv6",
    "bootstrapBrokersTls",
    "bootstrapBrokersTlsIpv6",
    "bootstrapBrokersVpcConnectivitySaslIam",
    "bootstrapBrokersVpcConnectivitySaslScram",
    "bootstrapBrokersVpcConnectivityTls",
)
"""The bootstrap strings of a cluster, one for each listener it can have."""

_TRACKED: Final = ("arn", "ownerId")

TYPES: Final[Mapping[str, ResourceType]] = MappingProxyType(
    {
        "aws:ec2/vpc:Vpc": ResourceType(
            computed=(
                "arn",
                "defaultNetworkAclId",
                "defaultRouteTableId",
                "defaultSecurityGroupId",
                "dhcpOptionsId",
                "enableNetworkAddressUsageMetrics",
                "ipv6CidrBlock",
                "mainRouteTableId",
                "ownerId",
            ),
            defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
            taggable=True,
        ),
        "aws:ec2/subnet:Subnet": ResourceType(
            computed=(*_TRACKED, "availabilityZone", "availabilityZoneId", "privateDnsHostnameTypeOnLaunch"),
            defaults={
                "assignIpv6AddressOnCreation": False,
                "enableDns64": False,
                "enableResourceNameDnsARecordOnLaunch": False,
                "enableResourceNameDnsAaaaRecordOnLaunch": False,
                "ipv6Native": False,
                "mapPublicIpOnLaunch": False,
            },
            taggable=True,
        ),
        "aws:ec2/routeTable:RouteTable": ResourceType(computed=(*_TRACKED, "propagatingVgws", "routes"), taggable=True),
        "aws:ec2/route:Route": ResourceType(computed=("origin", "state")),
        "aws:ec2/routeTableAssociation:RouteTableAssociation": ResourceType(computed=()),
        "aws:ec2/internetGateway:InternetGateway": ResourceType(computed=_TRACKED, taggable=True),
        "aws:ec2/eip:Eip": ResourceType(
            computed=(
                "allocationId",
                "arn",
                "domain",
                "networkBorderGroup",
                "publicDns",
                "publicIp",
                "publicIpv4Pool",
            ),
            taggable=True,
        ),
        "aws:ec2/natGateway:NatGateway": ResourceType(
            computed=("associationId", "networkInterfaceId", "privateIp", "publicIp"),
            defaults={"connectivityType": "public"},
            taggable=True,
        ),
        "aws:ec2/instance:Instance": ResourceType(
            computed=(
                "arn",
                "availabilityZone",
                "instanceLifecycle",
                "instanceState",
                "outpostArn",
                "passwordData",
                "primaryNetworkInterfaceId",
                "privateDns",
                "privateIp",
                "publicDns",
                "publicIp",
                "spotInstanceRequestId",
            ),
            defaults={"getPasswordData": False, "sourceDestCheck": True},
            taggable=True,
        ),
        "aws:ec2/vpcEndpoint:VpcEndpoint": ResourceType(
            computed=(
                *_TRACKED,
                "cidrBlocks",
                "networkInterfaceIds",
                "policy",
                "prefixListId",
                "requesterManaged",
                "routeTableIds",
                "state",
            ),
            defaults={"vpcEndpointType": "Gateway"},
            taggable=True,
        ),
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": ResourceType(computed=()),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ResourceType(
            computed=(*_TRACKED, "description", "name", "vpcId"),
            defaults={"revokeRulesOnDelete": False},
            taggable=True,
        ),
        "aws:ec2/securityGroup:SecurityGroup": ResourceType(
            computed=(*_TRACKED, "egress", "ingress", "vpcId"),
            name_property="name",
            defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
            taggable=True,
        ),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ResourceType(
            computed=("arn", "securityGroupRuleId"), taggable=True
        ),
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ResourceType(
            computed=("arn", "securityGroupRuleId"), taggable=True
        ),
        "aws:ec2/flowLog:FlowLog": ResourceType(
            computed=("arn", "logFormat"),
            defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
            taggable=True,
        ),
        "aws:kms/key:Key": ResourceType(
            computed=("arn", "keyId", "description", "multiRegion", "policy", "rotationPeriodInDays"),
            defaults={
                "bypassPolicyLockoutSafetyCheck": False,
                "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
                "enableKeyRotation": False,
                "isEnabled": True,
                "keyUsage": "ENCRYPT_DECRYPT",
            },
            taggable=True,
        ),
        "aws:kms/alias:Alias": ResourceType(
            computed=("arn", "targetKeyArn"), name_property="name", name_prefix="alias/", name_length=256
        ),
        "aws:acmpca/certificateAuthority:CertificateAuthority": ResourceType(
            computed=(
                "arn",
                "certificate",
                "certificateChain",
                "certificateSigningRequest",
                "keyStorageSecurityStandard",
                "notAfter",
                "notBefore",
                "serial",
                "usageMode",
            ),
            defaults={"enabled": True, "permanentDeletionTimeInDays": 30, "type": "SUBORDINATE"},
            taggable=True,
        ),
        "aws:acmpca/certificate:Certificate": ResourceType(computed=("arn", "certificate", "certificateChain")),
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": ResourceType(computed=()),
        "aws:amp/alertManagerDefinition:AlertManagerDefinition": ResourceType(computed=()),
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace": ResourceType(taggable=True),
        "aws:amp/scraper:Scraper": ResourceType(computed=("arn", "roleArn"), taggable=True),
        "aws:amp/workspace:Workspace": ResourceType(computed=("arn", "prometheusEndpoint"), taggable=True),
        "aws:grafana/workspace:Workspace": ResourceType(
            computed=("arn", "endpoint", "grafanaVersion", "samlConfigurationStatus"), name_property="name", taggable=True
        ),
        "aws:cloudwatch/dashboard:Dashboard": ResourceType(computed=("dashboardArn",)),
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": ResourceType(
            computed=(), name_property="name", defaults={"applyOnTransformedLogs": False}
        ),
        "aws:cloudwatch/queryDefinition:QueryDefinition": ResourceType(
            computed=("arn", "queryDefinitionId"), name_property="name"
        ),
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": ResourceType(defaults={"actionsEnabled": True}, taggable=True),
        "aws:cloudwatch/metricAlarm:MetricAlarm": ResourceType(
            computed=("arn", "evaluateLowSampleCountPercentiles"),
            name_property="name",
            defaults={"actionsEnabled": True, "treatMissingData": "missing"},
            taggable=True,
        ),
        "aws:sns/topic:Topic": ResourceType(
            computed=(
                "arn",
                "beginningArchiveTime",
                "fifoThroughputScope",
                "owner",
                "policy",
                "signatureVersion",
                "tracingConfig",
            ),
            name_property="name",
            name_length=256,
            defaults={"contentBasedDeduplication": False, "fifoTopic": False},
            taggable=True,
        ),
        "aws:sns/topicPolicy:TopicPolicy": ResourceType(computed=("owner",)),
        "aws:sns/topicSubscription:TopicSubscription": ResourceType(
            computed=("arn", "confirmationWasAuthenticated", "filterPolicyScope", "ownerId", "pendingConfirmation"),
            defaults={"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False},
        ),
        "aws:cloudwatch/logGroup:LogGroup": ResourceType(
            computed=("arn", "logGroupClass"),
            name_property="name",
            name_length=512,
            defaults={"retentionInDays": 0, "skipDestroy": False},
            taggable=True,
        ),
        "aws:iam/role:Role": ResourceType(
            computed=("arn", "createDate", "managedPolicyArns", "uniqueId"),
            name_property="name",
            name_length=64,
            defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
            taggable=True,
        ),
        "aws:iam/instanceProfile:InstanceProfile": ResourceType(
            computed=("arn", "createDate", "uniqueId"),
            name_property="name",
            name_length=128,
            defaults={"path": "/"},
            taggable=True,
        ),
        "aws:iam/policy:Policy": ResourceType(
            computed=("arn", "attachmentCount", "policyId"),
            name_property="name",
            name_length=128,
            defaults={"path": "/"},
            taggable=True,
        ),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ResourceType(computed=()),
        "aws:iam/userPolicyAttachment:UserPolicyAttachment": ResourceType(computed=()),
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": ResourceType(
            computed=("associationArn", "associationId", "externalId"), taggable=True
        ),
        "aws:ssm/parameter:Parameter": ResourceType(
            computed=("arn", "dataType", "hasValueWo", "keyId", "value", "version"), name_property="name", taggable=True
        ),
        "aws:iam/rolePolicy:RolePolicy": ResourceType(computed=(), name_property="name", name_length=128),
        "aws:msk/topic:Topic": ResourceType(computed=("arn", "configsActual")),
        "aws:msk/configuration:Configuration": ResourceType(computed=("arn", "latestRevision"), name_property="name"),
        "aws:msk/cluster:Cluster": ResourceType(
            computed=(
                "arn",
                *BOOTSTRAP_OUTPUTS,
                "clusterUuid",
                "currentVersion",
                "customerActionStatus",
                "storageMode",
                "zookeeperConnectString",
                "zookeeperConnectStringTls",
            ),
            name_property="clusterName",
            name_length=64,
            defaults={
                "enhancedMonitoring": "DEFAULT",
                "brokerNodeGroupInfo": {"azDistribution": "DEFAULT"},
                "encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}},
            },
            taggable=True,
        ),
        "aws:msk/serverlessCluster:ServerlessCluster": ResourceType(
            computed=("arn", "bootstrapBrokersSaslIam", "clusterUuid"), name_property="clusterName", name_length=64, taggable=True
        ),
        "aws:s3/bucket:Bucket": ResourceType(
            computed=(
                "arn",
                "bucketDomainName",
                "bucketRegion",
                "bucketRegionalDomainName",
                "hostedZoneId",
                "requestPayer",
                "websiteDomain",
                "websiteEndpoint",
            ),
            name_property="bucket",
            name_length=63,
            defaults={"forceDestroy": False},
            taggable=True,
        ),
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ResourceType(
            computed=(), defaults={"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
        ),
        "aws:s3/bucketPolicy:BucketPolicy": ResourceType(computed=()),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ResourceType(computed=()),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ResourceType(computed=()),
        "aws:msk/clusterPolicy:ClusterPolicy": ResourceType(computed=("currentVersion",)),
        "aws:msk/vpcConnection:VpcConnection": ResourceType(taggable=True),
        "aws:secretsmanager/secret:Secret": ResourceType(
            computed=("arn", "policy", "replicas"),
            name_property="name",
            name_length=512,
            defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
            taggable=True,
        ),
        "aws:secretsmanager/secretPolicy:SecretPolicy": ResourceType(computed=()),
        "aws:secretsmanager/secretVersion:SecretVersion": ResourceType(
            computed=("arn", "hasSecretStringWo", "secretArn", "versionId", "versionStages")
        ),
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": ResourceType(computed=()),
        "aws:msk/scramSecretAssociation:ScramSecretAssociation": ResourceType(computed=()),
        "aws:appautoscaling/target:Target": ResourceType(computed=("arn", "roleArn"), taggable=True),
        "aws:appautoscaling/policy:Policy": ResourceType(
            computed=("alarmArns", "arn"),
            name_property="name",
            defaults={
                "policyType": "StepScaling",
                "targetTrackingScalingPolicyConfiguration": {"disableScaleIn": False},
            },
        ),
    }
)
"""The resource types this product uses. Any other AWS type is taken to have an ARN and nothing else."""

OTHER: Final = ResourceType()
"""What is assumed of an AWS resource type that is not in `TYPES`."""
