"""What AWS computes for that which watches a cluster: alarms and their topics, logs and their buckets, Prometheus and Grafana."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from offline.aws.facts import dns_suffix, partition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from offline.aws.created import Created


def _account(arn: str) -> str:
    """The account that an ARN names; nobody's where it is none."""
    return (arn.split(":") + [""] * 5)[4]


def _topic(created: Created) -> dict[str, Any]:
    arn = created.id or created.arn("sns", str(created.inputs.get("name", "")))
    return {
        "id": arn,
        "arn": arn,
        "owner": _account(arn),
        "beginningArchiveTime": "",
        "fifoThroughputScope": "",
        "policy": "",
        "signatureVersion": 0,
        "tracingConfig": "",
    }


def _topic_policy(created: Created) -> dict[str, Any]:
    arn = str(created.inputs.get("arn") or created.identifier("topic-policy"))
    return {"id": arn, "owner": _account(arn)}


def _subscription(created: Created) -> dict[str, Any]:
    arn = created.id or f"{created.inputs.get('topic', '')}:{created.uuid()}"
    # Amazon SNS Developer Guide, "Creating a subscription to an Amazon SNS topic": an address has to confirm it first.
    pending = created.inputs.get("protocol") == "email"
    return {
        "id": arn,
        "arn": arn,
        "ownerId": _account(arn),
        "confirmationWasAuthenticated": not pending,
        "filterPolicyScope": "",
        "pendingConfirmation": pending,
    }


def _dashboard(created: Created) -> dict[str, Any]:
    name = str(created.inputs.get("dashboardName") or created.id or created.identifier("dashboard"))
    return {"id": name, "dashboardArn": created.arn("cloudwatch", f"dashboard/{name}", region="")}


def _metric_filter(created: Created) -> dict[str, Any]:
    return {"id": str(created.inputs.get("name") or created.id or created.identifier("filter"))}


def _query_definition(created: Created) -> dict[str, Any]:
    identifier = created.id or created.uuid()
    arn = created.arn("logs", f"query-definition:{identifier}")
    return {"id": identifier, "arn": arn, "queryDefinitionId": identifier}


def _alarm(name_property: str) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        name = str(created.inputs.get(name_property) or created.id or created.identifier("alarm"))
        outputs = {"id": name, "arn": created.arn("cloudwatch", f"alarm:{name}")}
        return outputs if name_property == "alarmName" else {**outputs, "evaluateLowSampleCountPercentiles": ""}

    return build


def _prometheus_workspace(created: Created) -> dict[str, Any]:
    identifier = created.id or f"ws-{created.uuid()}"
    return {
        "id": identifier,
        "arn": created.arn("aps", f"workspace/{identifier}"),
        "prometheusEndpoint": f"https://aps-workspaces.{created.region}.amazonaws.com/workspaces/{identifier}/",
    }


def _scraper(created: Created) -> dict[str, Any]:
    identifier = created.id or f"s-{created.uuid()}"
    role = "role/aws-service-role/scraper.aps.amazonaws.com/AWSServiceRoleForAmazonPrometheusScraper_"
    return {
        "id": identifier,
        "arn": created.arn("aps", f"scraper/{identifier}"),
        "roleArn": created.arn("iam", f"{role}{created.digits(20)}", region=""),
    }


def _rule_groups(created: Created) -> dict[str, Any]:
    place = f"rulegroupsnamespace/{created.inputs.get('workspaceId', '')}/{created.inputs.get('name', '')}"
    arn = created.id or created.arn("aps", place)
    return {"id": arn, "arn": arn}


def _alert_manager(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("workspaceId") or created.identifier("ws")}


def _grafana_workspace(created: Created) -> dict[str, Any]:
    identifier = created.id or f"g-{created.digits(10)}"
    return {
        "id": identifier,
        "arn": created.arn("grafana", f"/workspaces/{identifier}"),
        "endpoint": f"{identifier}.grafana-workspace.{created.region}.amazonaws.com",
        "grafanaVersion": "10.4",
        "samlConfigurationStatus": "NOT_CONFIGURED",
    }


def _log_group(created: Created) -> dict[str, Any]:
    name = created.inputs.get("name", created.id)
    return {"id": name, "arn": created.arn("logs", f"log-group:{name}"), "logGroupClass": "STANDARD"}


def _bucket(created: Created) -> dict[str, Any]:
    name = created.inputs.get("bucket", created.id)
    suffix = dns_suffix(created.region)
    return {
        "id": name,
        "arn": f"arn:{partition(created.region)}:s3:::{name}",
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegion": created.region,
        "bucketRegionalDomainName": f"{name}.s3.{created.region}.{suffix}",
        "hostedZoneId": f"Z{created.digits(13).upper()}",
        "requestPayer": "BucketOwner",
        # Only a bucket that is a website has them.
        "websiteDomain": "",
        "websiteEndpoint": "",
    }


def _part_of_bucket(created: Created) -> dict[str, Any]:
    return {"id": created.inputs.get("bucket") or created.identifier("bucket")}


MONITORING_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:cloudwatch/logGroup:LogGroup": _log_group,
        "aws:s3/bucket:Bucket": _bucket,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _part_of_bucket,
        "aws:s3/bucketPolicy:BucketPolicy": _part_of_bucket,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _part_of_bucket,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _part_of_bucket,
        "aws:amp/alertManagerDefinition:AlertManagerDefinition": _alert_manager,
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace": _rule_groups,
        "aws:amp/scraper:Scraper": _scraper,
        "aws:amp/workspace:Workspace": _prometheus_workspace,
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": _alarm("alarmName"),
        "aws:cloudwatch/dashboard:Dashboard": _dashboard,
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filter,
        "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm("name"),
        "aws:cloudwatch/queryDefinition:QueryDefinition": _query_definition,
        "aws:grafana/workspace:Workspace": _grafana_workspace,
        "aws:sns/topic:Topic": _topic,
        "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
        "aws:sns/topicSubscription:TopicSubscription": _subscription,
    }
)
"""By type: the outputs that AWS makes."""
