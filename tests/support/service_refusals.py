"""What the services around the cluster refuse, and what keeps a stack file from it: one table.

The ids are the rules of badmintoncryer/cdk-preflight (``pf-<id>``), for the services whose resources this product makes, as
listed on 2026-11-28; most were measured there by real deployments in September 2026. The limits themselves are in the checks, in
botocore's models and in `support.aws_documented`, each with AWS's page.

What nothing in a stack file, nor the project's or the stack's name, leads to is `Unreachable`, with the reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.access.issuers import LONGEST_ISSUER
from domain.settings.test_client import LONGEST_PACKAGES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No stack file leads to it.

    Attributes:
        reason: Why not.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class BySettings:
    """A stack file could lead to it, and a setting or a check says so.

    Attributes:
        values: Settings that would.
        said: Words of the mistake, or of the warning.
    """

    values: Mapping[str, Any]
    said: str


@dataclass(frozen=True, slots=True)
class ByNet:
    """The program decides what is sent: every resource of many stacks is held against the limit.

    Attributes:
        type: The resource's type.
        change: Inputs that AWS refuses, for those of a sound resource; None takes an input out.
    """

    type: str
    change: Mapping[str, Any]


Answer = Unreachable | BySettings | ByNet

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_TARGET = "aws:appautoscaling/target:Target"
_POLICY = "aws:appautoscaling/policy:Policy"
_PARAMETER = "aws:ssm/parameter:Parameter"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_RULES = "aws:amp/ruleGroupNamespace:RuleGroupNamespace"
_MANAGER = "aws:amp/alertManagerDefinition:AlertManagerDefinition"

_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_QUEUE = "arn:aws:sqs:eu-west-1:111122223333:"
_ARN = "arn:aws:kafka:eu-west-1:111122223333:KIND/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
_TOPIC = "arn:aws:sns:eu-west-1:111122223333:pager"


def _subscriber(arn: str) -> dict[str, Any]:
    return {"monitoring": {"subscribers": {"critical": [arn]}}}


def _client(**more: Any) -> dict[str, Any]:
    return {"clients": {"erp": {"from": {"cidr": "10.90.0.0/24"}, **more}}}


def _irsa(issuer: str) -> dict[str, Any]:
    provider = f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    return _client(**{"as": {"role": {"irsa": {"oidcProvider": provider, "namespace": "n", "serviceAccount": "s"}}}})


def _host(**settings: Any) -> dict[str, Any]:
    return {"network": {"natGateways": "single"}, "testClient": settings}


def _bucket(name: str) -> BySettings:
    return BySettings({"logs": {"s3": {"bucket": name}}}, "logs.s3.bucket = ")


def _body(**widget: Any) -> dict[str, Any]:
    """A dashboard with one widget."""
    graph = {"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": {"metrics": [["AWS/Kafka", "x"]]}}
    return {"dashboardBody": json.dumps({"widgets": [{**graph, **widget}]})}


def _groups(*rules: dict[str, Any], **group: Any) -> dict[str, Any]:
    """Rules with one group."""
    return {"data": json.dumps({"groups": [{"name": "orders", "rules": list(rules), **group}]})}


def _manager(**changes: Any) -> dict[str, Any]:
    """An alert manager's definition."""
    manager = {"route": {"receiver": "pager"}, "receivers": [{"name": "pager", "sns_configs": []}], **changes}
    return {"definition": json.dumps({"alertmanager_config": json.dumps(manager)})}


_GIVEN: Final[Mapping[str, BySettings | ByNet]] = {
    # AWS KMS.
    "kms-alias-name": ByNet("aws:kms/alias:Alias", {"name": "alias/aws/kafka"}),
    "kms-key-policy-charset": ByNet("aws:kms/key:Key", {"policy": '{"Statement": [{"Sid": "\N{ROCKET}"}]}'}),
    "kms-key-spec-usage": ByNet("aws:kms/key:Key", {"keyUsage": "ENCRYPT"}),
    # CloudWatch Logs.
    "logs-filter-name-charset": ByNet(_FILTER, {"name": "orders:errors"}),
    "logs-filter-pattern-bracket": ByNet(_FILTER, {"pattern": "[a, b"}),
    "logs-metric-dimensions-default-exclusive": ByNet(
        _FILTER,
        {"metricTransformation": {"name": "x", "namespace": "x", "value": "1", "dimensions": {"a": "$.b"}, "defaultValue": 0}},
    ),
    "logs-metric-namespace-reserved": ByNet(_FILTER, {"metricTransformation": {"name": "x", "namespace": "AWS/x", "value": "1"}}),
    "logs-infrequent-access-metric-filter": BySettings(
        {
            "import": {
                "cluster": _ARN.replace("KIND", "cluster"),
                "configuration": _ARN.replace("KIND", "configuration"),
                "securityGroup": "sg-0abc0123",
                "brokerLogGroup": "/msk/orders",
            },
            "network": {"existing": {"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-01234567", "subnet-11234567"]}},
            "clusterName": "orders",
            "encryption": {"dataKey": _KEY},
            "storage": {"initialGiB": 100},
        },
        "of the log class Infrequent Access",
    ),
    # Alarms.
    "cloudwatch-alarm-action-vendor": ByNet(_ALARM, {"alarmActions": ["arn:aws:s3:::orders"]}),
    "cloudwatch-alarm-actions-max": ByNet(_ALARM, {"alarmActions": [f"{_TOPIC}-{number}" for number in range(6)]}),
    "cloudwatch-alarm-evaluation-window": ByNet(_ALARM, {"period": 60, "evaluationPeriods": 1441, "datapointsToAlarm": 1}),
    "cloudwatch-alarm-period": ByNet(_ALARM, {"period": 45}),
    "cloudwatch-alarm-threshold": ByNet(_ALARM, {"threshold": None}),
    "cloudwatch-datapoints-evaluation": ByNet(_ALARM, {"datapointsToAlarm": 99}),
    "cloudwatch-metricstat-stat-syntax": ByNet(_ALARM, {"statistic": "average"}),
    "cloudwatch-metric-namespace-ascii": ByNet(_ALARM, {"namespace": "Ka\N{LATIN SMALL LETTER F WITH HOOK}ka"}),
    "cloudwatch-metric-query-exclusive": ByNet(_ALARM, {"metricQueries": [{"id": "m", "expression": "1", "returnData": True}]}),
    "cloudwatch-metric-query-returndata": ByNet(
        _ALARM,
        {
            "metricName": None,
            "namespace": None,
            "statistic": None,
            "dimensions": None,
            "period": None,
            "metricQueries": [
                {"id": "a", "expression": "1", "returnData": True},
                {"id": "b", "expression": "2", "returnData": True},
            ],
        },
    ),
    "cloudwatch-alarm-expressions-max": ByNet(
        _ALARM, {"metricQueries": [{"id": f"e{number}", "expression": "1"} for number in range(11)]}
    ),
    "cloudwatch-alarm-metrics-max": ByNet(
        _ALARM,
        {
            "metricQueries": [
                {"id": f"m{number}", "metric": {"metricName": "x", "namespace": "x", "period": 60, "stat": "Sum"}}
                for number in range(11)
            ]
        },
    ),
    "cloudwatch-alarm-search-expression": ByNet(
        _ALARM, {"metricQueries": [{"id": "s", "expression": "SEARCH('x', 'Sum')", "returnData": True}]}
    ),
    "cloudwatch-threshold-metric-id": ByNet(_ALARM, {"threshold": None, "thresholdMetricId": "none"}),
    "cloudwatch-composite-alarm-rule-syntax": ByNet(_COMPOSITE, {"alarmRule": "GARBAGE(x"}),
    "cloudwatch-composite-self-reference": ByNet(_COMPOSITE, {"alarmName": "orders", "alarmRule": 'ALARM("orders")'}),
    "cloudwatch-composite-suppressor-required": ByNet(_COMPOSITE, {"actionsSuppressorWaitPeriod": 60}),
    # Dashboards.
    "cloudwatch-dashboard-body-json": ByNet(_DASHBOARD, {"dashboardBody": "{"}),
    "cloudwatch-dashboard-name": ByNet(_DASHBOARD, {"dashboardName": "orders v1"}),
    "cloudwatch-dashboard-widgets": ByNet(_DASHBOARD, {"dashboardBody": "{}"}),
    "cloudwatch-dashboard-widgets-array": ByNet(_DASHBOARD, {"dashboardBody": '{"widgets": {}}'}),
    "cloudwatch-dashboard-widget-height-max": ByNet(_DASHBOARD, _body(height=1001)),
    "cloudwatch-dashboard-widget-period": ByNet(_DASHBOARD, _body(properties={"metrics": [["AWS/Kafka", "x"]], "period": 45})),
    "cloudwatch-dashboard-widget-position": ByNet(_DASHBOARD, _body(x=24)),
    "cloudwatch-dashboard-widget-position-min": ByNet(_DASHBOARD, _body(y=-1)),
    "cloudwatch-dashboard-widget-stat-syntax": ByNet(_DASHBOARD, _body(properties={"metrics": [["x", "y"]], "stat": "mean"})),
    "cloudwatch-dashboard-text-widget-markdown": ByNet(_DASHBOARD, _body(type="text", properties={})),
    "cloudwatch-dashboard-alarm-widget-alarms": ByNet(_DASHBOARD, _body(type="alarm", properties={})),
    "cloudwatch-dashboard-metric-widget-source": ByNet(_DASHBOARD, _body(properties={"region": "eu-west-1"})),
    "cloudwatch-dashboard-yaxis-range": ByNet(
        _DASHBOARD, _body(properties={"metrics": [["x", "y"]], "yAxis": {"left": {"min": 5, "max": 1}}})
    ),
    # Amazon SNS.
    "sns-topic-name-format": ByNet("aws:sns/topic:Topic", {"name": "orders.critical"}),
    "sns-topic-attribute-values": ByNet("aws:sns/topic:Topic", {"displayName": "x" * 101}),
    "sns-subscription-endpoint": BySettings(_subscriber(f"{_QUEUE}a:b"), "monitoring.subscribers.critical[0] = "),
    "sns-fifo-queue-on-standard-topic": BySettings(_subscriber(f"{_QUEUE}pager.fifo"), "is a FIFO queue"),
    # Secrets Manager.
    "secretsmanager-secret-name": ByNet("aws:secretsmanager/secret:Secret", {"name": "AmazonMSK_orders erp"}),
    "secretsmanager-kms-key": BySettings(
        {
            "authentication": {"iam": {}, "scram": {}},
            "serverProperties": {"allow.everyone.if.no.acl.found": False},
            "encryption": {"secretsKey": _KEY.replace("eu-west-1", "us-east-1")},
        },
        "encryption.secretsKey = ",
    ),
    # Amazon EC2 and Amazon VPC.
    "ec2-sg-cidr-valid": BySettings({"clients": {"a": {"from": {"cidr": "10.90.0.1/24"}}}}, "must be an IPv4 range"),
    "ec2-sg-group-name": ByNet(_GROUP, {"name": "sg-orders"}),
    "ec2-sg-group-name-default": ByNet(_GROUP, {"name": "default"}),
    "ec2-sg-port-range": ByNet(_INGRESS, {"toPort": 65_536}),
    "ec2-sg-rule-description": ByNet(_INGRESS, {"description": "orders <api>"}),
    "ec2-sg-source-exclusive": ByNet(_INGRESS, {"prefixListId": "pl-12345678"}),
    "ec2-subnet-cidr-size": BySettings({"network": {"cidr": "10.40.0.0/26"}}, "network.cidr = "),
    "ec2-vpc-cidr-block-size": BySettings({"network": {"cidr": "10.0.0.0/8"}}, "is too large for a VPC"),
    "ec2-vpc-cidr-reserved-range": BySettings({"network": {"cidr": "169.254.0.0/20"}}, "is not a range a VPC can have"),
    "ec2-vpce-gateway-service": ByNet(_ENDPOINT, {"serviceName": "com.amazonaws.eu-west-1.ssm"}),
    "ec2-vpce-subnet-az-unique": ByNet(
        _ENDPOINT, {"vpcEndpointType": "Interface", "routeTableIds": None, "subnetIds": ["a", "a"]}
    ),
    "ec2-vpce-type-config": ByNet(_ENDPOINT, {"subnetIds": ["subnet-1"]}),
    "ec2-flow-log-aggregation-interval": ByNet("aws:ec2/flowLog:FlowLog", {"maxAggregationInterval": 300}),
    "ec2-flow-log-destination-config": ByNet("aws:ec2/flowLog:FlowLog", {"iamRoleArn": None}),
    "ec2-instance-ami-arch": BySettings(_host(instanceType="t9z.small"), "is not among the types that this template lists"),
    "ec2-userdata-size": BySettings(_host(packages=f"s3://orders/{'w' * LONGEST_PACKAGES}"), "testClient.packages = "),
    "ec2-volume-size-minimum": ByNet("aws:ec2/instance:Instance", {"rootBlockDevice": {"volumeType": "gp3", "volumeSize": 0}}),
    "ec2-volume-throughput-type": ByNet(
        "aws:ec2/instance:Instance", {"rootBlockDevice": {"volumeType": "gp2", "volumeSize": 8, "throughput": 125}}
    ),
    # Application Auto Scaling.
    "appautoscaling-min-max-capacity": ByNet(_TARGET, {"minCapacity": 99_999}),
    "appautoscaling-min-capacity-zero-namespace": ByNet(_TARGET, {"minCapacity": 0}),
    "appautoscaling-namespace-dimension-match": ByNet(_TARGET, {"serviceNamespace": "ecs"}),
    "appautoscaling-resource-id-shape": ByNet(_TARGET, {"resourceId": "orders"}),
    "appautoscaling-predefined-metric-dimension": ByNet(
        _POLICY,
        {
            "targetTrackingScalingPolicyConfiguration": {
                "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
                "targetValue": 60,
            }
        },
    ),
    "appautoscaling-policy-type-config-required": ByNet(_POLICY, {"targetTrackingScalingPolicyConfiguration": None}),
    "appautoscaling-policy-type-config-mismatch": ByNet(_POLICY, {"policyType": "PredictiveScaling"}),
    "appautoscaling-step-scaling-unsupported-namespace": ByNet(_POLICY, {"policyType": "StepScaling"}),
    "appautoscaling-tt-metric-spec-missing": ByNet(_POLICY, {"targetTrackingScalingPolicyConfiguration": {"targetValue": 60}}),
    # Systems Manager.
    "ssm-parameter-name": ByNet(_PARAMETER, {"name": "/aws/orders"}),
    "ssm-parameter-tier": ByNet(_PARAMETER, {"insecureValue": "x" * 8193}),
    "ssm-parameter-value": ByNet(_PARAMETER, {"insecureValue": "{{ssm:x}}"}),
    # IAM: names and sizes. The grammar of every policy is linted, tests/tools/test_iam_policies_are_linted.py.
    "iam-inline-policy-size": ByNet("aws:iam/rolePolicy:RolePolicy", {"policy": f'"{"x" * 10_240}"'}),
    "iam-managed-policy-size": ByNet("aws:iam/policy:Policy", {"policy": f'"{"x" * 6_144}"'}),
    "iam-managed-policy-count": BySettings(
        _client(
            **{"as": {"role": {"ec2": {}}}},
            produce={"topics": [f"{'t' * 240}{number}" for number in range(300)]},
        ),
        "Managed policies per role",
    ),
    "iam-name-format": ByNet("aws:iam/role:Role", {"name": "x" * 65}),
    "iam-oidc-provider-url-https": BySettings(_irsa("x" * (LONGEST_ISSUER + 1)), "has an issuer of"),
    # Amazon S3.
    "s3-bucket-name-double-dot": _bucket("a..b"),
    "s3-bucket-name-ip-address": _bucket("192.168.5.4"),
    "s3-bucket-name-reserved-prefix": _bucket("xn--logs"),
    "s3-bucket-name-reserved-suffix": _bucket("logs-s3alias"),
    "s3-encryption-kms-key-with-aes256": ByNet(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": _KEY}}]},
    ),
    "s3-lifecycle-expiration-positive": BySettings({"logs": {"s3": {"retentionDays": 0}}}, "logs.s3.retentionDays = "),
    "s3-lifecycle-min-storage-duration-chain": ByNet(
        _LIFECYCLE, {"rules": [{"id": "a", "status": "Enabled", "transitions": [{"days": 7, "storageClass": "STANDARD_IA"}]}]}
    ),
    "s3-lifecycle-rule-id-duplicate": ByNet(
        _LIFECYCLE, {"rules": [{"id": "a", "status": "Enabled", "expiration": {"days": number}} for number in (1, 2)]}
    ),
    "s3-lifecycle-rule-no-action": ByNet(_LIFECYCLE, {"rules": [{"id": "a", "status": "Enabled"}]}),
    # Amazon Managed Service for Prometheus.
    "aps-ws-alias-not-empty": ByNet("aws:amp/workspace:Workspace", {"alias": ""}),
    "aps-ws-am-config-root-key": ByNet(_MANAGER, {"definition": "route: {}"}),
    "aps-ws-am-receiver-name-required": ByNet(_MANAGER, _manager(receivers=[{"sns_configs": []}])),
    "aps-ws-am-receiver-name-unique": ByNet(_MANAGER, _manager(receivers=[{"name": "pager"}, {"name": "pager"}])),
    "aps-ws-am-receiver-type": ByNet(_MANAGER, _manager(receivers=[{"name": "pager", "email_configs": []}])),
    "aps-ws-am-root-route-receiver": ByNet(_MANAGER, _manager(route={})),
    "aps-ws-am-route-receiver-defined": ByNet(_MANAGER, _manager(route={"receiver": "nobody"})),
    "aps-ws-am-route-required": ByNet(_MANAGER, _manager(route=None)),
    "aps-rgn-data-group-name-required": ByNet(_RULES, _groups(name="")),
    "aps-rgn-data-group-name-unique": ByNet(_RULES, {"data": "groups: [{name: a, rules: []}, {name: a, rules: []}]"}),
    "aps-rgn-data-recording-rule-alert-fields": ByNet(_RULES, _groups({"record": "a", "expr": "1", "for": "1m"})),
    "aps-rgn-data-rule-expr-required": ByNet(_RULES, _groups({"record": "a"})),
    "aps-rgn-data-rule-record-alert-exclusive": ByNet(_RULES, _groups({"record": "a", "alert": "b", "expr": "1"})),
    "aps-rgn-data-rule-record-or-alert-required": ByNet(_RULES, _groups({"expr": "1"})),
    "aps-rgn-name-ascii-alnum": ByNet(_RULES, {"name": "-"}),
    # Amazon Managed Grafana.
    "grafana-ws-current-account-requires-role-arn": ByNet("aws:grafana/workspace:Workspace", {"roleArn": None}),
    "grafana-ws-data-sources-enum": ByNet("aws:grafana/workspace:Workspace", {"dataSources": ["KAFKA"]}),
}

_NEVER: Final[Mapping[str, str]] = {
    "An alias is made for a key of the program's own alone.": "kms-alias-target",
    "Keys are symmetric keys that AWS KMS makes, rotated yearly, in one Region; no setting changes that.": (
        "kms-key-origin kms-key-rotation kms-key-spec-region kms-replica-primary-arn"
    ),
    "Key policies are whole documents of the program's own, with the account's root as administrator; they are linted.": (
        "kms-key-policy-lockout kms-key-policy-statement"
    ),
    "The program makes no resource policies, subscriptions, deliveries, index fields, data protection, transformers or anomaly "
    "detectors of log groups.": (
        "logs-resource-policy-json logs-field-index-fields-max logs-data-protection-policy-statements "
        "logs-data-protection-policy-version logs-data-protection-identifiers-match logs-data-protection-identifier-arn "
        "logs-data-protection-mask-config-empty logs-anomaly-detector-single-log-group logs-subscription-destination-vendor "
        "logs-subscription-firehose-role logs-subscription-kinesis-role logs-subscription-lambda-no-role "
        "logs-delivery-destination-output-format-enum logs-delivery-destination-output-format-target "
        "logs-delivery-destination-region logs-destination-policy-json logs-infrequent-access-subscription-filter "
        "logs-infrequent-access-anomaly-detector logs-infrequent-access-transformer"
    ),
    "Metric filters have no dimensions.": "logs-metric-dimension-selector",
    "A saved query names one log group.": "logs-query-definition-log-groups-max",
    "No alarm has a percentile, and none scales anything.": (
        "cloudwatch-alarm-low-sample-percentile cloudwatch-extended-statistic cloudwatch-alarm-anomaly-autoscaling-action"
    ),
    "The composite alarm has no suppressor and no actions.": (
        "cloudwatch-composite-suppressor-format cloudwatch-composite-suppressor-extension-period "
        "cloudwatch-composite-suppressor-wait-period"
    ),
    "A widget's fields are those of one function, whose output is compared with recorded dashboards.": (
        "cloudwatch-dashboard-widget-fields"
    ),
    "Topics are standard topics with one policy of their own; subscriptions have a protocol and an endpoint alone.": (
        "sns-topic-policy-topics sns-subscription-redrive sns-subscription-region sns-filter-policy sns-delivery-policy "
        "sns-raw-message-delivery sns-firehose-subscription-role sns-fifo-only-attributes sns-fifo-topic-name "
        "sns-fifo-topic-protocol"
    ),
    "Secrets have one string, which the program makes, no replicas and no rotation.": (
        "secretsmanager-secret-string-exclusive secretsmanager-generate-secret-string secretsmanager-replica-regions "
        "secretsmanager-rotation-lambda secretsmanager-rotation-rules secretsmanager-rotation-schedule-unique "
        "secretsmanager-hosted-rotation secretsmanager-target-attachment"
    ),
    "Every rule of a security group is TCP.": "ec2-sg-icmp-type-code",
    "Subnets are dual-stack or IPv4, in fixed parts of the VPC's one range; an internet gateway is made once.": (
        "ec2-subnet-dns64-ipv6 ec2-subnet-ipv6-native-cidr ec2-vpc-cidr-block-overlap ec2-vpc-single-igw"
    ),
    "Endpoints are of services of the stack's own Region, whose name the program writes.": "ec2-vpce-service-region",
    "Flow logs are of the VPC, in the default format.": "ec2-flow-log-format-fields ec2-flow-log-transit-gateway-traffic-type",
    "A NAT gateway has one address, and a route one target; the program makes no network ACLs and no prefix lists.": (
        "ec2-natgw-allocation ec2-natgw-secondary-ip-exclusive ec2-route-target-exactly-one ec2-nacl-rule-number-unique "
        "ec2-prefix-list-address-family ec2-prefix-list-max-entries ec2-prefix-list-name-reserved"
    ),
    "The test client's host has a subnet and groups, no network interface, no credit specification and no key of its own.": (
        "ec2-instance-eni-exclusive ec2-credit-specification-burstable ec2-volume-kms-encrypted"
    ),
    "One target and one policy of storage: a predefined metric, no role, no schedule.": (
        "appautoscaling-rolearn-required-no-slr appautoscaling-customized-metric-unsupported-dimension "
        "appautoscaling-tt-metric-spec-exclusive appautoscaling-customized-metric-exclusive "
        "appautoscaling-predictive-scaling-ecs-only appautoscaling-scalable-target-action-empty "
        "appautoscaling-scalable-target-action-min-max appautoscaling-scalable-target-action-required "
        "appautoscaling-schedule-at-format appautoscaling-schedule-cron-day-fields appautoscaling-schedule-expression-form "
        "appautoscaling-schedule-rate-unit appautoscaling-scheduled-action-name-chars "
        "appautoscaling-scheduled-action-start-end-order appautoscaling-scheduled-action-timezone-iana"
    ),
    "Parameters have neither a pattern nor policies; the program makes no associations and no documents.": (
        "ssm-parameter-allowed-pattern ssm-parameter-policies ssm-association-document ssm-association-schedule "
        "ssm-association-targets ssm-document-content ssm-document-name ssm-document-schema"
    ),
    "Roles have the path / and no boundary; a profile has one role; there are no service-linked roles and no providers.": (
        "iam-path-service-role-reserved iam-permissions-boundary-policy-arn iam-instance-profile-single-role "
        "iam-slr-service-name-format iam-oidc-provider-client-id-count"
    ),
    "Policies are whole documents of the program's own, in which settings fill names alone, and those have no character that a "
    "document knows; every kind is linted.": (
        "iam-identity-policy-no-principal iam-policy-action-format iam-policy-action-required iam-policy-action-single-colon "
        "iam-policy-action-vendor-wildcard iam-policy-arn-partition iam-policy-condition-operator "
        "iam-policy-condition-value-type iam-policy-condition-arn-value iam-policy-condition-binary-value "
        "iam-policy-condition-date-value iam-policy-condition-ip-value iam-policy-condition-numeric-value "
        "iam-policy-condition-null-ifexists iam-policy-duplicate-sid iam-policy-sid-format iam-policy-effect-case "
        "iam-policy-effect-required iam-policy-exclusive-fields iam-policy-resource-arn-segments iam-policy-resource-format "
        "iam-policy-resource-global-service-arn iam-policy-resource-partition iam-policy-resource-service-wildcard "
        "iam-policy-statement-required iam-policy-statement-resource-required iam-policy-statement-unknown-field "
        "iam-policy-unknown-toplevel-field iam-policy-version iam-trust-policy-action-sts-only "
        "iam-trust-policy-aws-principal-format iam-trust-policy-no-resource iam-trust-policy-principal-star-string "
        "iam-trust-policy-service-principal iam-trust-policy-service-wildcard"
    ),
    "The bucket is named by the program, private, and its policy a document of the program's own, which is linted.": (
        "s3-bucket-namespace-account-regional-name s3-bucket-policy-action-resource s3-bucket-policy-principal "
        "s3-bucket-policy-version s3-policy-public-with-block-public-policy s3-acl-public-blocked"
    ),
    "The bucket's one rule expires objects by their age: no dates, sizes, tags or transitions.": (
        "s3-lifecycle-abort-mpu-with-tag-filter s3-lifecycle-date-days-mix s3-lifecycle-date-midnight-utc "
        "s3-lifecycle-days-order "
        "s3-lifecycle-delete-marker-exclusive s3-lifecycle-object-size-order s3-lifecycle-tag-key-duplicate "
        "s3-lifecycle-transition-singular-plural-exclusive s3-lifecycle-transition-storage-class-duplicate "
        "s3-lifecycle-transition-waterfall-order"
    ),
    "The bucket has no versions, no lock, no replication and no notifications.": (
        "s3-objectlock-requires-versioning s3-objectlock-retention-days-years-exclusive s3-objectlock-versioning-suspended "
        "s3-replication-... s3-versioning-suspended-with-replication s3-notification-..."
    ),
    "Alerts are told to the program's own topics; the workspace has neither limits by labels nor logs.": (
        "aps-ws-am-sns-topic-account aps-ws-label-set-metric-name aps-ws-log-group-arn-format aps-ws-log-group-arn-region"
    ),
    "The rules are rendered by one function, and promtool checks them for every broker type.": (
        "aps-rgn-data-duration-format aps-rgn-data-group-unknown-field aps-rgn-data-groups-key"
    ),
    "The program makes no resource policies and no anomaly detectors of workspaces.": (
        "aps-rp-action-no-wildcard aps-rp-policy-document-json aps-rp-policy-principal-required aps-rp-policy-resource-workspace "
        "aps-rp-policy-statement-required aps-ad-..."
    ),
    "The Grafana workspace is of this account, with no description, network, notifications or SAML metadata.": (
        "grafana-ws-description-charset grafana-ws-nac-id-prefix grafana-ws-notification-destinations-enum "
        "grafana-ws-organization-access-requires-ous grafana-ws-saml-idp-metadata-source"
    ),
}

REFUSALS: Final[Mapping[str, Answer]] = {
    **_GIVEN,
    **{rule: Unreachable(reason) for reason, rules in _NEVER.items() for rule in rules.split()},
}
"""By the rule's id, without ``pf-``. An id that ends in dots stands for all that begin so."""
