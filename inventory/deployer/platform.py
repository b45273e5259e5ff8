"""What the deploying role needs for each resource type but the network's: keys, logs, roles, secrets, Amazon MSK, autoscaling."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.access.parameters import PARAMETERS
from inventory.deployer.grants import ANY, Grant, TypePermissions, listing
from inventory.deployer.network import VPC_ATTRIBUTES
from inventory.rows import get, is_known

_KEY = ("arn:{partition}:kms:{region}:{account}:key/*",)
_CLUSTER = ("arn:{partition}:kafka:{region}:{account}:cluster/{cluster}/*",)
_TOPIC = ("arn:{partition}:kafka:{region}:{account}:topic/{cluster}/*",)
_ANY_CONFIGURATION = ("arn:{partition}:kafka:{region}:{account}:configuration/*",)
_CONFIGURATION = ("arn:{partition}:kafka:{region}:{account}:configuration/{name}/*",)
_LOG_GROUP = (
    "arn:{partition}:logs:{region}:{account}:log-group:{name}",
    "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
)
_ROLE = ("arn:{partition}:iam::{account}:role/{role}",)
_POLICY = ("arn:{partition}:iam::{account}:policy/{name}",)
_HOLDERS = ("arn:{partition}:iam::{account}:role/{own_role}", "arn:{partition}:iam::{account}:role/{other_role}")
"""The stack's roles, and those that are its clients and that it did not make."""
_USER = ("arn:{partition}:iam::{account}:user/{name}",)
_OWN_POLICIES = {"ArnLike": {"iam:PolicyARN": "arn:{partition}:iam::{account}:policy/kafka-*"}}
"""Only policies that the stack makes are attached: their names begin with their component's. Service Authorization Reference,
"Actions, resources, and condition keys for AWS Identity and Access Management (IAM)"."""
_PARAMETER = (f"arn:{{partition}}:ssm:{{region}}:{{account}}:parameter{PARAMETERS}/{{cluster}}/*",)
"""The files of the cluster's clients."""
_SECRET = ("arn:{partition}:secretsmanager:{region}:{account}:secret:{secret}-*",)
"""The stack's own secrets: AWS Secrets Manager adds six characters to a name (Secrets Manager User Guide, "Secrets")."""

_BUCKET = ("arn:{partition}:s3:::{name}",)


def _of_bucket(what: str) -> TypePermissions:
    """A part of a bucket: deleting it is putting nothing there (Service Authorization Reference, Amazon S3)."""
    return TypePermissions(
        (Grant((f"s3:Put{what}",), _BUCKET), Grant((f"s3:Get{what}", "s3:ListBucket"), _BUCKET, reads=True)),
        name_property="bucket",
    )


_MSK_LOOKUPS = listing(
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    why="Amazon MSK checks the network with the caller's permissions (managed policy AmazonMSKFullAccess); Amazon EC2's "
    "Describe actions do not support resource-level permissions.",
)

_LOG_DELIVERY = Grant(
    (
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ),
    ANY,
    why="Log deliveries and resource policies have no ARN (managed policy AmazonMSKFullAccess; CloudWatch Logs User Guide, "
    '"Enable logging from AWS services").',
)

_CHECKED_ON_ALL = (
    "The reference names an ARN, but AWS was seen to check all resources (github.com/aws-controllers-k8s/community issue 2464)."
)

_NO_RESOURCE_LEVEL = "These actions of Amazon MSK do not support resource-level permissions."

_GRANTS_FOR_MSK = Grant(
    ("kms:CreateGrant",),
    _KEY,
    condition={
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringEquals": {"kms:ViaService": "kafka.{region}.{dns}"},
    },
)
"""Amazon MSK makes its grants for the caller (AWS KMS Developer Guide, "kms:ViaService" and "kms:GrantIsForAWSResource")."""


def _service_linked_arn(service: str, name: str) -> tuple[str]:
    return (f"arn:{{partition}}:iam::{{account}}:role/aws-service-role/{service}/{name}",)


def _service_linked_role(service: str, name: str) -> Grant:
    """Source: IAM User Guide, "Service-linked role permissions"."""
    return Grant(
        ("iam:CreateServiceLinkedRole",),
        _service_linked_arn(service, name),
        condition={"StringEquals": {"iam:AWSServiceName": service}},
    )


_MSK_ROLE = ("kafka.amazonaws.com", "AWSServiceRoleForKafka*")
_POLICIES_OF_MSK_ROLE = Grant(("iam:AttachRolePolicy", "iam:PutRolePolicy"), _service_linked_arn(*_MSK_ROLE))
"""Amazon MSK gives its role what it needs as the caller (managed policy AmazonMSKFullAccess)."""


_ENDPOINTS_OF_MSK = (
    Grant(
        ("ec2:CreateVpcEndpoint",),
        (
            "arn:{partition}:ec2:{region}:{account}:security-group/*",
            "arn:{partition}:ec2:{region}:{account}:subnet/*",
            "arn:{partition}:ec2:{region}:{account}:vpc/*",
            "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*",
        ),
    ),
    Grant(
        ("ec2:CreateTags",),
        ("arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*",),
        condition={"StringEquals": {"ec2:CreateAction": "CreateVpcEndpoint"}},
    ),
    Grant(
        ("ec2:DeleteVpcEndpoints",),
        ("arn:{partition}:ec2:{region}:{account}:vpc-endpoint/*",),
        condition={"StringEquals": {"aws:ResourceTag/AWSMSKManaged": "true"}},
    ),
)
"""Amazon MSK makes interface endpoints for its caller, and marks them (managed policy AmazonMSKFullAccess)."""


def _passed_role(service: str) -> Grant:
    """Handing one of the stack's roles to a service, and to no other."""
    return Grant(("iam:PassRole",), _ROLE, condition={"StringEquals": {"iam:PassedToService": service}})


def _log_sinks(inputs: Mapping[str, object]) -> tuple[Grant, ...]:
    """What CloudWatch Logs does at the sinks of broker logs as whoever turns them on.

    Sources: managed policy AmazonMSKFullAccess; CloudWatch Logs User Guide, "Logs sent to Amazon S3" and "Logs sent to Firehose".
    """
    grants: list[Grant] = []
    bucket = get(inputs, "loggingInfo.brokerLogs.s3.bucket")
    # A bucket that the stack makes has both actions of its own, under the name that Pulumi gives it.
    if get(inputs, "loggingInfo.brokerLogs.s3.enabled") is True and isinstance(bucket, str) and is_known(bucket):
        arn = (f"arn:{{partition}}:s3:::{bucket}",)
        # AWS lets itself into the bucket, where its policy does not yet.
        grants += [Grant(("s3:PutBucketPolicy",), arn), Grant(("s3:GetBucketPolicy",), arn, reads=True)]
    if get(inputs, "loggingInfo.brokerLogs.firehose.enabled") is True:
        stream = get(inputs, "loggingInfo.brokerLogs.firehose.deliveryStream")
        name = stream if isinstance(stream, str) and is_known(stream) else "*"
        # AWS marks the stream with LogDeliveryEnabled.
        arn = (f"arn:{{partition}}:firehose:{{region}}:{{account}}:deliverystream/{name}",)
        grants.append(Grant(("firehose:TagDeliveryStream",), arn))
    return tuple(grants)


def _identity_center(inputs: Mapping[str, object]) -> tuple[Grant, ...]:
    """What Amazon Managed Grafana does in IAM Identity Center for its caller, where people sign in with that.

    Source: Service Authorization Reference, dependent actions of grafana:CreateWorkspace and grafana:DeleteWorkspace.
    """
    providers = get(inputs, "authenticationProviders")
    if not isinstance(providers, list) or "AWS_SSO" not in providers:
        return ()
    why = (
        "IAM Identity Center and AWS Organizations answer in one region for all; these actions do not support resource-level "
        "permissions."
    )
    return (
        Grant(("sso:CreateManagedApplicationInstance", "sso:DeleteManagedApplicationInstance"), ANY, why=why, regional=False),
        Grant(
            ("organizations:DescribeOrganization", "sso:DescribeRegisteredRegions", "sso:GetSharedSsoConfiguration"),
            ANY,
            reads=True,
            why=why,
            regional=False,
        ),
    )


_AUTHORITY = ("arn:{partition}:acm-pca:{region}:{account}:certificate-authority/*",)

_SIGNING_ITSELF = {"StringEquals": {"acm-pca:TemplateArn": "arn:{partition}:acm-pca:::template/RootCACertificate/V1"}}

_SNS_TOPIC = ("arn:{partition}:sns:{region}:{account}:kafka-*",)
"""Topics of alarms, whose names begin with their component's; subscriptions have the topic's ARN before their own id."""

_DASHBOARD = ("arn:{partition}:cloudwatch::{account}:dashboard/{name}",)
_LOG_GROUP_OF_FILTER = ("arn:{partition}:logs:{region}:{account}:log-group:{name}:*",)
_PROMETHEUS = ("arn:{partition}:aps:{region}:{account}:workspace/*",)
_RULE_GROUPS = ("arn:{partition}:aps:{region}:{account}:rulegroupsnamespace/*/*",)
_SCRAPER = ("arn:{partition}:aps:{region}:{account}:scraper/*",)
_GRAFANA = ("arn:{partition}:grafana:{region}:{account}:/workspaces/*",)

_ALARM = ("arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",)


def _alarms(put: str, name_property: str) -> TypePermissions:
    """Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch"."""
    return TypePermissions(
        (
            Grant(("cloudwatch:DeleteAlarms", put, "cloudwatch:TagResource", "cloudwatch:UntagResource"), _ALARM),
            Grant(("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"), _ALARM, reads=True),
        ),
        name_property=name_property,
        by_folder=True,
    )


_KAFKA_VOLUMES = {"StringEquals": {"application-autoscaling:service-namespace": "kafka"}}

_SCRAM = TypePermissions(
    (
        Grant(("kafka:BatchAssociateScramSecret", "kafka:BatchDisassociateScramSecret"), _CLUSTER),
        Grant(("kafka:ListScramSecrets",), _CLUSTER, reads=True),
        _GRANTS_FOR_MSK,
        Grant(("kms:RetireGrant",), _KEY),
        Grant(("kms:DescribeKey",), _KEY, reads=True),
        Grant(("secretsmanager:DescribeSecret",), _SECRET, reads=True),
    )
)

PLATFORM: Mapping[str, TypePermissions] = MappingProxyType(
    {
        "aws:kms/key:Key": TypePermissions(
            (
                Grant(("kms:CreateKey",), ANY, why="AWS KMS chooses the key's ID, and CreateKey does not support resource-level "
                "permissions."),
                Grant(
                    (
                        "kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:PutKeyPolicy",
                        "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
                    ),
                    _KEY,
                ),
                Grant(
                    ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"), _KEY, reads=True
                ),
            )
        ),
        "aws:kms/alias:Alias": TypePermissions(
            (
                # AWS KMS Developer Guide, "Controlling access to aliases": both the alias and its key.
                Grant(
                    ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
                    (*_KEY, "arn:{partition}:kms:{region}:{account}:{name}"),
                ),
                listing("kms:ListAliases", why="AWS KMS lists all aliases or none."),
            ),
            name_property="name",
            any_name="alias/*",
        ),
        "aws:acmpca/certificateAuthority:CertificateAuthority": TypePermissions(
            (
                Grant(
                    ("acm-pca:CreateCertificateAuthority",), ANY, why="AWS Private CA chooses the CA's ID: it has no ARN yet."
                ),
                # A CA is disabled before it is deleted (internal/service/acmpca/certificate_authority.go).
                Grant(
                    (
                        "acm-pca:DeleteCertificateAuthority", "acm-pca:TagCertificateAuthority",
                        "acm-pca:UntagCertificateAuthority", "acm-pca:UpdateCertificateAuthority",
                    ),
                    _AUTHORITY,
                ),
                Grant(
                    (
                        "acm-pca:DescribeCertificateAuthority", "acm-pca:GetCertificateAuthorityCertificate",
                        "acm-pca:GetCertificateAuthorityCsr", "acm-pca:ListTags",
                    ),
                    _AUTHORITY,
                    reads=True,
                ),
            )
        ),
        "aws:acmpca/certificate:Certificate": TypePermissions(
            (
                # The CA's own certificate and no client's: whoever signs clients decides who reads and writes.
                Grant(
                    ("acm-pca:IssueCertificate",),
                    _AUTHORITY,
                    condition=_SIGNING_ITSELF,
                ),
                Grant(("acm-pca:RevokeCertificate",), _AUTHORITY),
                Grant(("acm-pca:GetCertificate",), _AUTHORITY, reads=True),
            )
        ),
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": TypePermissions(
            (
                Grant(("acm-pca:ImportCertificateAuthorityCertificate",), _AUTHORITY),
                Grant(("acm-pca:GetCertificateAuthorityCertificate",), _AUTHORITY, reads=True),
            )
        ),
        "aws:cloudwatch/logGroup:LogGroup": TypePermissions(
            (
                Grant(
                    (
                        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy",
                        "logs:DisassociateKmsKey", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
                    ),
                    _LOG_GROUP,
                ),
                Grant(("logs:ListTagsForResource",), _LOG_GROUP, reads=True),
                listing("logs:DescribeLogGroups", why="CloudWatch Logs lists all log groups or none."),
            ),
            name_property="name",
        ),
        "aws:cloudwatch/metricAlarm:MetricAlarm": _alarms("cloudwatch:PutMetricAlarm", "name"),
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": _alarms("cloudwatch:PutCompositeAlarm", "alarmName"),
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": TypePermissions(
            (
                Grant(("logs:DeleteMetricFilter", "logs:PutMetricFilter"), _LOG_GROUP_OF_FILTER),
                Grant(("logs:DescribeMetricFilters",), _LOG_GROUP_OF_FILTER, reads=True),
            ),
            name_property="logGroupName",
        ),
        "aws:cloudwatch/queryDefinition:QueryDefinition": TypePermissions(
            (
                Grant(
                    ("logs:DeleteQueryDefinition", "logs:PutQueryDefinition"), ANY, why="Saved queries have no ARN."
                ),
                listing("logs:DescribeQueryDefinitions", why="CloudWatch Logs lists all saved queries or none."),
            )
        ),
        "aws:cloudwatch/dashboard:Dashboard": TypePermissions(
            (
                Grant(("cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"), _DASHBOARD),
                Grant(("cloudwatch:GetDashboard",), _DASHBOARD, reads=True),
            ),
            name_property="dashboardName",
        ),
        "aws:amp/workspace:Workspace": TypePermissions(
            (
                Grant(("aps:CreateWorkspace",), ANY, why="Amazon Managed Service for Prometheus chooses the workspace's ID."),
                Grant(
                    ("aps:DeleteWorkspace", "aps:TagResource", "aps:UntagResource", "aps:UpdateWorkspaceAlias"), _PROMETHEUS
                ),
                Grant(
                    ("aps:DescribeLoggingConfiguration", "aps:DescribeWorkspace", "aps:ListTagsForResource"),
                    _PROMETHEUS,
                    reads=True,
                ),
            )
        ),
        "aws:amp/scraper:Scraper": TypePermissions(
            (
                Grant(
                    ("aps:CreateScraper",),
                    ANY,
                    why=(
                        "The reference requires an Amazon EKS cluster beside the workspace, but a scraper of Amazon MSK has none."
                    ),
                ),
                Grant(("aps:DeleteScraper", "aps:TagResource", "aps:UntagResource"), _SCRAPER),
                Grant(("aps:UpdateScraper",), (*_SCRAPER, *_PROMETHEUS)),
                Grant(("aps:DescribeScraper", "aps:ListTagsForResource"), _SCRAPER, reads=True),
                _service_linked_role("scraper.aps.amazonaws.com", "AWSServiceRoleForAmazonPrometheusScraper*"),
                listing("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", why="Amazon EC2 lists all or none."),
            )
        ),
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace": TypePermissions(
            (
                Grant(
                    (
                        "aps:CreateRuleGroupsNamespace", "aps:DeleteRuleGroupsNamespace", "aps:PutRuleGroupsNamespace",
                        "aps:TagResource", "aps:UntagResource",
                    ),
                    _RULE_GROUPS,
                ),
                Grant(("aps:DescribeRuleGroupsNamespace", "aps:ListTagsForResource"), _RULE_GROUPS, reads=True),
            )
        ),
        "aws:amp/alertManagerDefinition:AlertManagerDefinition": TypePermissions(
            (
                Grant(
                    (
                        "aps:CreateAlertManagerDefinition", "aps:DeleteAlertManagerDefinition", "aps:PutAlertManagerDefinition",
                    ),
                    _PROMETHEUS,
                ),
                Grant(("aps:DescribeAlertManagerDefinition",), _PROMETHEUS, reads=True),
            )
        ),
        "aws:grafana/workspace:Workspace": TypePermissions(
            (
                Grant(
                    ("grafana:CreateWorkspace",), ANY, why="Amazon Managed Grafana chooses the workspace's ID."
                ),
                Grant(
                    (
                        "grafana:DeleteWorkspace", "grafana:TagResource", "grafana:UntagResource",
                        "grafana:UpdateWorkspace", "grafana:UpdateWorkspaceAuthentication",
                        "grafana:UpdateWorkspaceConfiguration",
                    ),
                    _GRAFANA,
                ),
                Grant(
                    (
                        "grafana:DescribeWorkspace", "grafana:DescribeWorkspaceAuthentication",
                        "grafana:DescribeWorkspaceConfiguration", "grafana:ListTagsForResource",
                    ),
                    _GRAFANA,
                    reads=True,
                ),
                # Managed policy AWSGrafanaAccountAdministrator.
                _passed_role("grafana.amazonaws.com"),
                # The account's first workspace makes it (Amazon Managed Grafana User Guide, "Using service-linked roles").
                _service_linked_role("grafana.amazonaws.com", "AWSServiceRoleForAmazonGrafana"),
            ),
            of_inputs=_identity_center,
        ),
        "aws:sns/topic:Topic": TypePermissions(
            (
                Grant(
                    ("sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:TagResource", "sns:UntagResource"),
                    _SNS_TOPIC,
                ),
                Grant(("sns:GetTopicAttributes", "sns:ListTagsForResource"), _SNS_TOPIC, reads=True),
            )
        ),
        "aws:sns/topicPolicy:TopicPolicy": TypePermissions(
            (
                Grant(("sns:SetTopicAttributes",), _SNS_TOPIC),
                Grant(("sns:GetTopicAttributes",), _SNS_TOPIC, reads=True),
            )
        ),
        "aws:sns/topicSubscription:TopicSubscription": TypePermissions(
            (
                Grant(("sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"), _SNS_TOPIC),
                Grant(("sns:GetSubscriptionAttributes",), _SNS_TOPIC, reads=True),
            )
        ),
        "aws:iam/role:Role": TypePermissions(
            (
                Grant(
                    (
                        "iam:CreateRole", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy",
                        "iam:UpdateRole", "iam:UpdateRoleDescription",
                    ),
                    _ROLE,
                ),
                Grant(
                    (
                        "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
                        "iam:ListRoleTags",
                    ),
                    _ROLE,
                    reads=True,
                ),
            ),
            name_property="name",
        ),
        "aws:iam/rolePolicy:RolePolicy": TypePermissions(
            (
                Grant(("iam:DeleteRolePolicy", "iam:PutRolePolicy"), _ROLE),
                Grant(("iam:GetRolePolicy",), _ROLE, reads=True),
            )
        ),
        "aws:iam/policy:Policy": TypePermissions(
            (
                Grant(
                    (
                        "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
                        "iam:TagPolicy", "iam:UntagPolicy",
                    ),
                    _POLICY,
                ),
                Grant(
                    ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyTags", "iam:ListPolicyVersions"),
                    _POLICY,
                    reads=True,
                ),
            ),
            name_property="name",
        ),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": TypePermissions(
            (
                Grant(("iam:AttachRolePolicy", "iam:DetachRolePolicy"), _HOLDERS, condition=_OWN_POLICIES),
                Grant(("iam:ListAttachedRolePolicies",), _HOLDERS, reads=True),
            ),
            name_property="role",
            any_name="*",
        ),
        "aws:iam/userPolicyAttachment:UserPolicyAttachment": TypePermissions(
            (
                Grant(("iam:AttachUserPolicy", "iam:DetachUserPolicy"), _USER, condition=_OWN_POLICIES),
                Grant(("iam:ListAttachedUserPolicies",), _USER, reads=True),
            ),
            name_property="user",
            any_name="*",
        ),
        "aws:iam/instanceProfile:InstanceProfile": TypePermissions(
            (
                Grant(
                    (
                        "iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile",
                        "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:UntagInstanceProfile",
                    ),
                    ("arn:{partition}:iam::{account}:instance-profile/{name}",),
                ),
                Grant(("iam:GetInstanceProfile",), ("arn:{partition}:iam::{account}:instance-profile/{name}",), reads=True),
                _passed_role("ec2.{dns}"),
            ),
            name_property="name",
        ),
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": TypePermissions(
            (
                Grant(("eks:CreatePodIdentityAssociation",), ("arn:{partition}:eks:{region}:{account}:cluster/*",)),
                Grant(
                    (
                        "eks:DeletePodIdentityAssociation", "eks:TagResource", "eks:UntagResource",
                        "eks:UpdatePodIdentityAssociation",
                    ),
                    ("arn:{partition}:eks:{region}:{account}:podidentityassociation/*",),
                ),
                Grant(
                    ("eks:DescribePodIdentityAssociation",),
                    ("arn:{partition}:eks:{region}:{account}:podidentityassociation/*",),
                    reads=True,
                ),
                _passed_role("pods.eks.{dns}"),
            )
        ),
        "aws:ssm/parameter:Parameter": TypePermissions(
            (
                Grant(
                    ("ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource"),
                    _PARAMETER,
                ),
                Grant(("ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"), _PARAMETER, reads=True),
                listing("ssm:DescribeParameters"),
            )
        ),
        "aws:msk/configuration:Configuration": TypePermissions(
            (
                Grant(("kafka:CreateConfiguration",), ANY, why=_CHECKED_ON_ALL),
                Grant(("kafka:DeleteConfiguration", "kafka:UpdateConfiguration"), _CONFIGURATION),
                Grant(("kafka:DescribeConfiguration", "kafka:DescribeConfigurationRevision"), _CONFIGURATION, reads=True),
            ),
            name_property="name",
        ),
        "aws:msk/cluster:Cluster": TypePermissions(
            (
                Grant(("kafka:CreateCluster", "kafka:CreateClusterV2"), ANY, why=_CHECKED_ON_ALL),
                Grant(
                    (
                        "kafka:DeleteCluster", "kafka:TagResource", "kafka:UntagResource", "kafka:UpdateBrokerCount",
                        "kafka:UpdateBrokerStorage", "kafka:UpdateBrokerType", "kafka:UpdateClusterKafkaVersion",
                        "kafka:UpdateConnectivity", "kafka:UpdateMonitoring", "kafka:UpdateRebalancing",
                        "kafka:UpdateSecurity", "kafka:UpdateStorage",
                    ),
                    _CLUSTER,
                ),
                # Both, or AWS denies a change of server properties; the configuration may be any revision of any.
                Grant(("kafka:UpdateClusterConfiguration",), (*_CLUSTER, *_ANY_CONFIGURATION)),
                Grant(
                    ("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:ListNodes", "kafka:ListTagsForResource"),
                    _CLUSTER,
                    reads=True,
                ),
                listing(
                    "kafka:DescribeClusterOperation",
                    "kafka:DescribeClusterOperationV2",
                    "kafka:GetBootstrapBrokers",
                    why=_NO_RESOURCE_LEVEL,
                ),
                _MSK_LOOKUPS,
                VPC_ATTRIBUTES,
                _LOG_DELIVERY,
                _GRANTS_FOR_MSK,
                # Turning SCRAM off gives grants back, when no association is left in the stack that would name this.
                Grant(("kms:RetireGrant",), _KEY),
                Grant(("kms:DescribeKey",), _KEY, reads=True),
                # MSK Developer Guide, "Service-linked roles for Amazon MSK".
                _service_linked_role(*_MSK_ROLE),
                _POLICIES_OF_MSK_ROLE,
                # Broker logs make a role of their own (CloudWatch Logs User Guide, "Enable logging from AWS services").
                _service_linked_role("delivery.logs.amazonaws.com", "AWSServiceRoleForLogDelivery*"),
            ),
            name_property="clusterName",
            of_inputs=_log_sinks,
        ),
        # The handlers of AWS::MSK::ServerlessCluster, and what the provider asks besides: the bootstrap string and tags.
        "aws:msk/serverlessCluster:ServerlessCluster": TypePermissions(
            (
                Grant(("kafka:CreateClusterV2",), ANY, why=_CHECKED_ON_ALL),
                Grant(("kafka:DeleteCluster", "kafka:TagResource", "kafka:UntagResource"), _CLUSTER),
                Grant(("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:ListTagsForResource"), _CLUSTER, reads=True),
                listing("kafka:GetBootstrapBrokers", why=_NO_RESOURCE_LEVEL),
                *_ENDPOINTS_OF_MSK,
                _MSK_LOOKUPS,
                VPC_ATTRIBUTES,
                _service_linked_role(*_MSK_ROLE),
                _POLICIES_OF_MSK_ROLE,
            ),
            name_property="clusterName",
        ),
        "aws:msk/clusterPolicy:ClusterPolicy": TypePermissions(
            (
                Grant(("kafka:DeleteClusterPolicy", "kafka:PutClusterPolicy"), _CLUSTER),
                Grant(("kafka:GetClusterPolicy",), _CLUSTER, reads=True),
            )
        ),
        "aws:msk/vpcConnection:VpcConnection": TypePermissions(
            (
                # The cluster may be another account's: its policy has to allow it as well.
                Grant(
                    ("kafka:CreateVpcConnection",),
                    (
                        "arn:{partition}:kafka:{region}:*:cluster/*",
                        "arn:{partition}:kafka:{region}:{account}:vpc-connection/*",
                    ),
                ),
                Grant(
                    ("kafka:DeleteVpcConnection", "kafka:TagResource", "kafka:UntagResource"),
                    ("arn:{partition}:kafka:{region}:{account}:vpc-connection/*",),
                ),
                Grant(
                    ("kafka:DescribeVpcConnection",), ("arn:{partition}:kafka:{region}:{account}:vpc-connection/*",), reads=True
                ),
                *_ENDPOINTS_OF_MSK,
                _MSK_LOOKUPS,
                VPC_ATTRIBUTES,
                _service_linked_role(*_MSK_ROLE),
                _POLICIES_OF_MSK_ROLE,
            )
        ),
        "aws:msk/topic:Topic": TypePermissions(
            (
                # MSK Developer Guide, "Topic operations", names the permissions of a Kafka client, the reference those of AWS's
                # own API with the client's as their dependents: whichever AWS checks is granted.
                Grant(("kafka:CreateTopic", "kafka:DeleteTopic", "kafka:UpdateTopic"), _TOPIC),
                Grant(("kafka:DescribeTopic", "kafka:DescribeTopicPartitions"), _TOPIC, reads=True),
                Grant(("kafka:ListTopics",), _CLUSTER, reads=True),
                Grant(
                    (
                        "kafka-cluster:AlterTopic", "kafka-cluster:AlterTopicDynamicConfiguration", "kafka-cluster:CreateTopic",
                        "kafka-cluster:DeleteTopic",
                    ),
                    _TOPIC,
                ),
                Grant(("kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration"), _TOPIC, reads=True),
                Grant(("kafka-cluster:Connect",), _CLUSTER, reads=True),
            )
        ),
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": _SCRAM,
        "aws:msk/scramSecretAssociation:ScramSecretAssociation": _SCRAM,
        "aws:secretsmanager/secret:Secret": TypePermissions(
            (
                Grant(
                    (
                        "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource",
                        "secretsmanager:UntagResource", "secretsmanager:UpdateSecret",
                    ),
                    _SECRET,
                ),
                Grant(("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"), _SECRET, reads=True),
                Grant(("kms:DescribeKey",), _KEY, reads=True),
            ),
            name_property="name",
        ),
        "aws:secretsmanager/secretPolicy:SecretPolicy": TypePermissions(
            (
                Grant(("secretsmanager:DeleteResourcePolicy", "secretsmanager:PutResourcePolicy"), _SECRET),
                Grant(("secretsmanager:GetResourcePolicy",), _SECRET, reads=True),
            )
        ),
        "aws:secretsmanager/secretVersion:SecretVersion": TypePermissions(
            (
                Grant(("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"), _SECRET),
                # A refresh reads the value: whoever previews may read it.
                Grant(("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"), _SECRET, reads=True),
                Grant(
                    ("kms:GenerateDataKey",),
                    _KEY,
                    condition={"StringEquals": {"kms:ViaService": "secretsmanager.{region}.{dns}"}},
                ),
                Grant(
                    ("kms:Decrypt",),
                    _KEY,
                    reads=True,
                    condition={"StringEquals": {"kms:ViaService": "secretsmanager.{region}.{dns}"}},
                ),
            )
        ),
        "aws:s3/bucket:Bucket": TypePermissions(
            (
                Grant(
                    ("s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucketTagging"),
                    _BUCKET,
                ),
                # The provider reads all there is of a bucket (internal/service/s3/bucket.go).
                Grant(
                    (
                        "s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLocation",
                        "s3:GetBucketLogging", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketPolicy",
                        "s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite",
                        "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration",
                        "s3:ListBucket", "s3:ListTagsForResource",
                    ),
                    _BUCKET,
                    reads=True,
                ),
            ),
            name_property="bucket",
        ),
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket("LifecycleConfiguration"),
        "aws:s3/bucketPolicy:BucketPolicy": TypePermissions(
            (
                Grant(("s3:DeleteBucketPolicy", "s3:PutBucketPolicy"), _BUCKET),
                Grant(("s3:GetBucketPolicy", "s3:ListBucket"), _BUCKET, reads=True),
            ),
            name_property="bucket",
        ),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket("BucketPublicAccessBlock"),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _of_bucket(
            "EncryptionConfiguration"
        ),
        # Application Auto Scaling User Guide, "Identity-based policy examples": what it does to target and alarms, it does with
        # the permissions of whoever registers the target.
        "aws:appautoscaling/target:Target": TypePermissions(
            (
                Grant(
                    ("application-autoscaling:DeregisterScalableTarget", "application-autoscaling:RegisterScalableTarget"),
                    ("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
                    condition=_KAFKA_VOLUMES,
                ),
                Grant(
                    ("application-autoscaling:TagResource", "application-autoscaling:UntagResource"),
                    ("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
                ),
                Grant(
                    ("application-autoscaling:ListTagsForResource",),
                    ("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
                    reads=True,
                ),
                listing("application-autoscaling:DescribeScalableTargets"),
                Grant(("kafka:UpdateBrokerStorage",), _CLUSTER),
                Grant(("kafka:DescribeCluster",), _CLUSTER, reads=True),
                _service_linked_role(
                    "kafka.application-autoscaling.amazonaws.com", "AWSServiceRoleForApplicationAutoScaling_KafkaCluster"
                ),
            )
        ),
        "aws:appautoscaling/policy:Policy": TypePermissions(
            (
                Grant(
                    ("application-autoscaling:DeleteScalingPolicy", "application-autoscaling:PutScalingPolicy"),
                    ("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
                    condition=_KAFKA_VOLUMES,
                ),
                listing("application-autoscaling:DescribeScalingPolicies"),
                Grant(
                    ("cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"),
                    ("arn:{partition}:cloudwatch:{region}:{account}:alarm:TargetTracking-*",),
                ),
                Grant(
                    ("cloudwatch:DescribeAlarms",),
                    ("arn:{partition}:cloudwatch:{region}:{account}:alarm:*",),
                    reads=True,
                ),
            )
        ),
    }
)  # fmt: skip
"""By resource type. The managed policy AmazonMSKFullAccess says what Amazon MSK does in other services for its caller."""
