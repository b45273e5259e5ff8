"""What AWS's pages say of the resources that this product makes, and no API model does.

Sources are API references and user guides of each service; where a rule was measured, the rules of badmintoncryer/cdk-preflight
(``pf-...``), read 2026-11-28.
"""

from __future__ import annotations

import ipaddress
import json
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Rule = Callable[[Mapping[str, Any]], Iterator[str]]

MOST_OF_A_GRAPH, MOST_OF_A_DASHBOARD, MOST_WIDGETS = 500, 2_500, 500
"""CloudWatch User Guide, "CloudWatch service quotas"."""
RETENTIONS: Final = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""CloudWatch Logs API reference, ``PutRetentionPolicy``; 0 is the provider's for no end."""
_DAY, _HOUR = 86_400, 3_600
_STATISTIC = re.compile(r"SampleCount|Average|Sum|Minimum|Maximum|IQM|(p|tm|wm|tc|ts)\d{1,2}(\.\d{1,10})?|(PR|TM|WM|TC|TS)\(.*\)")
_OF_GROUPS = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
"""Amazon EC2 API reference, ``CreateSecurityGroup``, ``Description``, and ``IpRange``; pf-ec2-sg-rule-description."""


def refusals(resource_type: str, inputs: Mapping[str, Any]) -> list[str]:
    """What AWS's pages do not allow of a resource, a sentence each; nothing where they say no more than the model."""
    return list(RULES[resource_type](inputs)) if resource_type in RULES else []


def _metric_alarm(alarm: Mapping[str, Any]) -> Iterator[str]:
    """CloudWatch API reference, ``PutMetricAlarm``; pf-cloudwatch-alarm-..., -datapoints-..., -metric-query-..., -threshold-...

    Whom an alarm tells is in its page's list of ARNs.
    """
    queries = alarm.get("metricQueries") or []
    if alarm.get("datapointsToAlarm", 1) > alarm["evaluationPeriods"]:
        yield "datapointsToAlarm is above evaluationPeriods"
    if ("metricName" in alarm) == bool(queries):
        yield "an alarm has metricName or metricQueries, and not both"
    if ("threshold" in alarm) == ("thresholdMetricId" in alarm):
        yield "an alarm has threshold or thresholdMetricId, and not both"
    metrics = [query["metric"] for query in queries if query.get("metric")]
    for metric in metrics or [{**alarm, "stat": alarm.get("statistic") or alarm.get("extendedStatistic") or ""}]:
        yield from _alarm_metric(metric, alarm["evaluationPeriods"])
    yield from _alarm_queries(alarm, queries, metrics)
    for action in (*(alarm.get("alarmActions") or ()), *(alarm.get("okActions") or ())):
        if not re.fullmatch(r"arn:aws[a-z-]*:(sns|lambda|ssm|autoscaling|automate|swf|ssm-incidents):.+", action):
            yield f"{action} is no ARN of what an alarm tells"


def _alarm_metric(metric: Mapping[str, Any], periods: int) -> Iterator[str]:
    period = metric.get("period") or 0
    if period not in (10, 20, 30) and (period <= 0 or period % 60):
        yield f"the period {period} is not 10, 20, 30 or a multiple of 60"
    if period * periods > (_DAY if period < _HOUR else 7 * _DAY):
        yield "more than a day is looked at, or a week with periods of an hour or more"
    if not _STATISTIC.fullmatch(metric["stat"]):
        yield "the statistic has no form of CloudWatch's"
    for text in (metric.get("namespace", ""), metric.get("metricName", ""), *(metric.get("dimensions") or {}).values()):
        if not text.isascii() or not text.strip():
            yield f"{text!r} is not in ASCII, or blank"


def _alarm_queries(alarm: Mapping[str, Any], queries: list[Any], metrics: list[Any]) -> Iterator[str]:
    if alarm.get("thresholdMetricId") not in {None, *(query["id"] for query in queries)}:
        yield "thresholdMetricId names no query"
    returned = [query for query in queries if query.get("returnData")]
    if queries and len(returned) != (2 if "thresholdMetricId" in alarm else 1):
        yield "one query is returned, and with a band its metric too"
    if len(metrics) > 10 or len(queries) - len(metrics) > 10:
        yield "an alarm has at most ten metrics and ten expressions"
    if any("SEARCH(" in (query.get("expression") or "") for query in queries):
        yield "an alarm searches for no metrics"


def _composite_alarm(alarm: Mapping[str, Any]) -> Iterator[str]:
    """CloudWatch API reference, ``PutCompositeAlarm``; pf-cloudwatch-composite-..."""
    terms = alarm["alarmRule"].split(" OR ")
    children = [match[1] for term in terms if (match := re.fullmatch(r'ALARM\("([^"]{1,255})"\)', term))]
    if len(children) < len(terms):
        yield "alarmRule is not ALARM(name) OR ALARM(name)"
    if len(set(children)) > 100:
        yield "a composite alarm looks at 100 alarms at most"
    if alarm["alarmName"] in children:
        yield "the alarm looks at itself"
    suppressor = {name for name in alarm if name.startswith("actionsSuppressor")}
    if len(suppressor) not in (0, 3):
        yield "a suppressor has an alarm and both periods"


def _dashboard(dashboard: Mapping[str, Any]) -> Iterator[str]:
    """CloudWatch API reference, ``PutDashboard`` and "Dashboard Body Structure and Syntax"; pf-cloudwatch-dashboard-..."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", dashboard["dashboardName"]):
        yield "dashboardName is not 1 to 255 letters, digits, hyphens and underscores"
    try:
        widgets = json.loads(dashboard["dashboardBody"])["widgets"]
    except (ValueError, KeyError, TypeError):
        yield "dashboardBody is no JSON with a list of widgets"
        return
    if not isinstance(widgets, list) or len(widgets) > MOST_WIDGETS:
        yield "widgets is no list of 500 at most"
        return
    for widget in widgets:
        yield from _widget(widget)
    if sum(len(widget["properties"].get("metrics") or ()) for widget in widgets) > MOST_OF_A_DASHBOARD:
        yield f"a dashboard has at most {MOST_OF_A_DASHBOARD} metrics"


def _widget(widget: Mapping[str, Any]) -> Iterator[str]:
    properties = widget.get("properties") or {}
    if not (1 <= widget["width"] <= 24 and 1 <= widget["height"] <= 1000 and 0 <= widget["x"] <= 23 and widget["y"] >= 0):
        yield "a widget is outside the grid"
    if widget["type"] == "text" and not properties.get("markdown"):
        yield "a text widget has no markdown"
    if widget["type"] == "alarm" and not 1 <= len(properties.get("alarms") or ()) <= 100:
        yield "an alarm widget has 1 to 100 alarms"
    if widget["type"] == "metric":
        yield from _graph(properties)


def _graph(properties: Mapping[str, Any]) -> Iterator[str]:
    metrics = properties.get("metrics") or []
    if not metrics and not (properties.get("annotations") or {}).get("alarms"):
        yield "a metric widget has no metrics"
    if len(metrics) > MOST_OF_A_GRAPH:
        yield f"a graph has at most {MOST_OF_A_GRAPH} metrics"
    options = [item for metric in metrics for item in metric if isinstance(item, dict)]
    for part in (properties, *options):
        if "stat" in part and not _STATISTIC.fullmatch(part["stat"]):
            yield "a widget's statistic has no form of CloudWatch's"
        if "period" in part and part["period"] not in (1, 5, 10, 20, 30) and (part["period"] <= 0 or part["period"] % 60):
            yield "a widget's period is not 1, 5, 10, 20, 30 or a multiple of 60"
    for axis in (properties.get("yAxis") or {}).values():
        if axis.get("min", float("-inf")) >= axis.get("max", float("inf")):
            yield "an axis ends where it begins or before"


def _log_group(group: Mapping[str, Any]) -> Iterator[str]:
    if group.get("retentionInDays", 0) not in RETENTIONS:
        yield "retentionInDays is none that CloudWatch Logs has"
    if group["name"].startswith("aws/"):
        yield "log groups that begin with aws/ are AWS's own"


def _metric_filter(metric_filter: Mapping[str, Any]) -> Iterator[str]:
    """CloudWatch Logs API reference, ``MetricTransformation``, and User Guide, "Filter pattern syntax"; pf-logs-..."""
    pattern, transformation = metric_filter["pattern"], metric_filter["metricTransformation"]
    if transformation["namespace"].startswith("AWS/"):
        yield "namespaces that begin with AWS/ are AWS's own"
    if transformation.get("dimensions") and "defaultValue" in transformation:
        yield "a metric with dimensions has no default value"
    if pattern.count('"') % 2 or any(pattern.count(opens) != pattern.count(closes) for opens, closes in ("[]", "{}", "()")):
        yield "the pattern has a bracket or a quotation mark without its other half"


def _security_group(group: Mapping[str, Any]) -> Iterator[str]:
    if not len(group["description"]) >= 1 or not _OF_GROUPS.fullmatch(group["description"]):
        yield "description is not 1 to 255 of the characters that EC2 takes"
    if not _OF_GROUPS.fullmatch(group["name"]) or group["name"].startswith("sg-") or group["name"] == "default":
        yield "name is default, begins with sg-, or has other characters than EC2 takes"


_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


def _security_group_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    """Amazon VPC User Guide, "Security group rules"; pf-ec2-sg-cidr-valid, -port-range, -source-exclusive, -rule-description."""
    if not _OF_GROUPS.fullmatch(rule.get("description", "")):
        yield "description is not at most 255 of the characters that EC2 takes"
    if len([name for name in _SOURCES if rule.get(name)]) != 1:
        yield "a rule has exactly one source"
    if not 0 <= rule["fromPort"] <= rule["toPort"] <= 65_535:
        yield "the ports are no range"
    for name in ("cidrIpv4", "cidrIpv6"):
        if rule.get(name):
            yield from _whole_range(rule[name])


def _whole_range(cidr: str) -> Iterator[str]:
    try:
        ipaddress.ip_network(cidr)
    except ValueError as error:
        yield str(error)


_RESERVED = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")
"""pf-ec2-vpc-cidr-reserved-range."""


def _vpc(vpc: Mapping[str, Any]) -> Iterator[str]:
    """Amazon VPC User Guide, "VPC CIDR blocks"; pf-ec2-vpc-cidr-block-size, -reserved-range, -subnet-cidr-size."""
    cidr = vpc.get("cidrBlock")
    if cidr is None:
        return
    problems = list(_whole_range(cidr))
    yield from problems
    if problems:
        return
    network = ipaddress.IPv4Network(cidr)
    if not 16 <= network.prefixlen <= 28:
        yield f"{cidr} is not between /16 and /28"
    if any(network.overlaps(ipaddress.IPv4Network(reserved)) for reserved in _RESERVED):
        yield f"{cidr} is in a range that EC2 keeps"


def _endpoint(endpoint: Mapping[str, Any]) -> Iterator[str]:
    """Amazon EC2 API reference, ``CreateVpcEndpoint``; pf-ec2-vpce-..."""
    gateway = endpoint["vpcEndpointType"] == "Gateway"
    if gateway and (endpoint.get("subnetIds") or endpoint.get("securityGroupIds") or endpoint.get("privateDnsEnabled")):
        yield "a gateway endpoint has route tables alone"
    if not gateway and endpoint.get("routeTableIds"):
        yield "an interface endpoint has no route tables"
    if gateway and not endpoint["serviceName"].endswith((".s3", ".dynamodb")):
        yield "there are gateway endpoints of Amazon S3 and DynamoDB alone"
    subnets = endpoint.get("subnetIds") or []
    if len(set(subnets)) < len(subnets):
        yield "an endpoint has one subnet in a zone"


def _flow_log(flow_log: Mapping[str, Any]) -> Iterator[str]:
    if flow_log.get("maxAggregationInterval", 600) not in (60, 600):
        yield "maxAggregationInterval is 60 or 600"
    if flow_log["logDestinationType"] == "cloud-watch-logs" and not flow_log.get("iamRoleArn"):
        yield "flow logs to CloudWatch Logs need a role"


def _instance(instance: Mapping[str, Any]) -> Iterator[str]:
    """Amazon EC2 User Guide, user data (16 KB) and "Amazon EBS volume types"; pf-ec2-userdata-size, -volume-..."""
    if len(instance["userData"].encode()) > 16 * 1024:
        yield "userData is above 16 KiB"
    disk = instance["rootBlockDevice"]
    if disk["volumeType"] == "gp3" and not 1 <= disk["volumeSize"] <= 65_536:
        yield "a gp3 volume has 1 GiB to 64 TiB"
    if disk.get("throughput") and disk["volumeType"] != "gp3":
        yield "throughput is gp3's alone"


def _size(document: str) -> int:
    return len(json.dumps(json.loads(document), separators=(",", ":")))


def _policy(name: str, most: int) -> Rule:
    """IAM User Guide, "IAM and AWS STS quotas", and the other services' pages on policies: characters without white space."""

    def rule(resource: Mapping[str, Any]) -> Iterator[str]:
        if _size(resource[name]) > most:
            yield f"{name} has {_size(resource[name])} characters, and AWS takes {most}"

    return rule


def _alias(alias: Mapping[str, Any]) -> Iterator[str]:
    if not re.fullmatch(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}", alias["name"]):
        yield "an alias begins with alias/, and not with alias/aws/"


def _bucket(bucket: Mapping[str, Any]) -> Iterator[str]:
    """Amazon S3 User Guide, "General purpose bucket naming rules"; pf-s3-bucket-name-..."""
    name = bucket["bucket"]
    reserved = (
        name.startswith(("xn--", "sthree-", "amzn-s3-demo-"))
        or name.endswith(("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"))
        or re.fullmatch(r"\d+(\.\d+){3}", name)
    )
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) or ".." in name or reserved:
        yield "bucket is no bucket's name"


def _lifecycle(configuration: Mapping[str, Any]) -> Iterator[str]:
    """Amazon S3 User Guide, "Lifecycle configuration elements"; pf-s3-lifecycle-..."""
    rules = configuration["rules"]
    if len({rule["id"] for rule in rules}) < len(rules):
        yield "two rules have one id"
    for rule in rules:
        days = rule.get("expiration", {}).get("days")
        if days is not None and not 0 < days < 2**31:
            yield "an expiration is a positive number of days"
        for transition in rule.get("transitions") or ():
            if transition["storageClass"].endswith("_IA") and transition["days"] < 30:
                yield "what is seldom accessed is 30 days old"
        if not {"expiration", "transitions", "abortIncompleteMultipartUpload"} & set(rule):
            yield "a rule does nothing"


def _encryption(configuration: Mapping[str, Any]) -> Iterator[str]:
    for rule in configuration["rules"]:
        default = rule["applyServerSideEncryptionByDefault"]
        if default["sseAlgorithm"] == "AES256" and default.get("kmsMasterKeyId"):
            yield "AES256 takes no key"


def _secret(secret: Mapping[str, Any]) -> Iterator[str]:
    """Secrets Manager API reference, ``CreateSecret``: the name's characters, and no hyphen before six of them at its end."""
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", secret["name"]) or re.search(r"-[A-Za-z0-9]{6}$", secret["name"]):
        yield "name has other characters than Secrets Manager takes, or the end of an ARN"
    if ":alias/aws/" in secret["kmsKeyId"]:
        yield "a key of AWS's own encrypts no secret that another service reads"


def _topic(topic: Mapping[str, Any]) -> Iterator[str]:
    """Amazon SNS API reference, ``CreateTopic``; "Amazon SNS endpoints and quotas"; pf-sns-topic-name-format."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", topic["name"]):
        yield "name is not 1 to 256 letters, digits, hyphens and underscores"
    if len(topic.get("displayName", "")) > 100:
        yield "displayName has more than 100 characters"


_ENDPOINTS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "sqs": r"arn:aws[a-z-]*:sqs:[a-z]+(-[a-z]+)+-\d+:\d{12}:[A-Za-z0-9_-]{1,80}",
    "lambda": r"arn:aws[a-z-]*:lambda:[a-z]+(-[a-z]+)+-\d+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9$_-]{1,128})?",
}


def _subscription(subscription: Mapping[str, Any]) -> Iterator[str]:
    """Amazon SNS API reference, ``Subscribe``; pf-sns-subscription-endpoint, -fifo-queue-on-standard-topic."""
    if not re.fullmatch(_ENDPOINTS.get(subscription["protocol"], "(?!)"), subscription["endpoint"]):
        yield f"{subscription['endpoint']} is no endpoint of {subscription['protocol']}"


def _parameter(parameter: Mapping[str, Any]) -> Iterator[str]:
    """AWS Systems Manager API reference, ``PutParameter``, and User Guide, "Managing parameter tiers"; pf-ssm-parameter-..."""
    name = parameter["name"]
    if (
        not re.fullmatch(r"[A-Za-z0-9_.\-/]{1,1011}", name)
        or name.count("/") > 15
        or re.match(r"/?(aws|ssm)", name, re.IGNORECASE)
    ):
        yield "name has other characters than Systems Manager takes, begins as its own, or has more than 15 levels"
    size = len(parameter["insecureValue"].encode())
    most = 4096 if parameter["tier"] == "Standard" else 8192
    if not 0 < size <= most:
        yield f"the value has {size} bytes, and its tier takes {most}"
    if "{{" in parameter["insecureValue"]:
        yield "the value refers to another parameter"


def _rule_groups(namespace: Mapping[str, Any]) -> Iterator[str]:
    """Amazon Managed Service for Prometheus User Guide, quotas; API reference, ``CreateRuleGroupsNamespace``; pf-aps-rgn-..."""
    if len(namespace["data"].encode()) > 1_000_000:
        yield "the rules are above 1 MB"
    groups = (yaml.safe_load(namespace["data"]) or {}).get("groups") or []
    names = [group.get("name") for group in groups]
    if not all(names) or len(set(names)) < len(names):
        yield "each group has a name of its own"
    for group in groups:
        if len(group["rules"]) > 20:
            yield f"{group['name']} has {len(group['rules'])} rules, and a group 20"
        if len(f"{namespace['name']}{group['name']}".encode()) > 721:
            yield "the namespace and a group have more than 721 bytes together"
        for rule in group["rules"]:
            if ("record" in rule) == ("alert" in rule) or not rule.get("expr"):
                yield "a rule records or alerts, by an expression"
            if "record" in rule and {"for", "annotations"} & set(rule):
                yield "a rule that records has neither for nor annotations"


def _alert_manager(definition: Mapping[str, Any]) -> Iterator[str]:
    """Amazon Managed Service for Prometheus User Guide, "Alert manager configuration file"; pf-aps-ws-am-..."""
    configuration = yaml.safe_load(definition["definition"])
    if not isinstance(configuration, dict) or "alertmanager_config" not in configuration:
        yield "the definition has no alertmanager_config"
        return
    manager = yaml.safe_load(configuration["alertmanager_config"])
    receivers = [receiver.get("name") for receiver in manager.get("receivers") or ()]
    if not all(receivers) or len(set(receivers)) < len(receivers):
        yield "each receiver has a name of its own"
    if any(set(receiver) - {"name", "sns_configs", "pagerduty_configs"} for receiver in manager.get("receivers") or ()):
        yield "a receiver is Amazon SNS or PagerDuty"
    route = manager.get("route") or {}
    wanted = [route.get("receiver"), *(inner["receiver"] for inner in route.get("routes") or ())]
    if not all(name in receivers for name in wanted):
        yield "a route leads to no receiver"


def _scalable_target(target: Mapping[str, Any]) -> Iterator[str]:
    """Application Auto Scaling API reference, ``RegisterScalableTarget``; pf-appautoscaling-..."""
    if not 0 < target["minCapacity"] <= target["maxCapacity"]:
        yield "minCapacity is above maxCapacity, or 0"
    if target["serviceNamespace"] != target["scalableDimension"].split(":")[0]:
        yield "the dimension is another namespace's"
    if not re.fullmatch(r"arn:aws[a-z-]*:kafka:.+:cluster/.+", target["resourceId"]):
        yield "resourceId is no cluster's ARN"


def _scaling_policy(policy: Mapping[str, Any]) -> Iterator[str]:
    configuration = policy.get("targetTrackingScalingPolicyConfiguration")
    if policy["policyType"] != "TargetTrackingScaling" or not configuration:
        yield "Amazon MSK has target tracking alone, with its configuration"
        return
    if len({"predefinedMetricSpecification", "customizedMetricSpecification"} & set(configuration)) != 1:
        yield "a policy follows one metric"
    metric = configuration.get("predefinedMetricSpecification") or {}
    if metric.get("predefinedMetricType") != "KafkaBrokerStorageUtilization":
        yield "the metric is not the dimension's"


def _grafana(workspace: Mapping[str, Any]) -> Iterator[str]:
    """Amazon Managed Grafana API reference, ``CreateWorkspace``; pf-grafana-ws-..."""
    if workspace["accountAccessType"] == "CURRENT_ACCOUNT" and not workspace.get("roleArn"):
        yield "a workspace of this account has a role"
    if len(set(workspace["authenticationProviders"])) < len(workspace["authenticationProviders"]):
        yield "a way to sign in is named twice"


RULES: Final[Mapping[str, Rule]] = {
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": _alert_manager,
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": _rule_groups,
    "aws:appautoscaling/policy:Policy": _scaling_policy,
    "aws:appautoscaling/target:Target": _scalable_target,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filter,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:ec2/flowLog:FlowLog": _flow_log,
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/subnet:Subnet": _vpc,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:grafana/workspace:Workspace": _grafana,
    "aws:iam/policy:Policy": _policy("policy", 6_144),
    "aws:iam/role:Role": _policy("assumeRolePolicy", 2_048),
    "aws:iam/rolePolicy:RolePolicy": _policy("policy", 10_240),
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _policy("policy", 32 * 1024),
    "aws:msk/clusterPolicy:ClusterPolicy": _policy("policy", 20 * 1024),
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
    "aws:s3/bucketPolicy:BucketPolicy": _policy("policy", 20 * 1024),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _encryption,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _policy("policy", 30 * 1024),
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:ssm/parameter:Parameter": _parameter,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _security_group_rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _security_group_rule,
}
"""By type."""
