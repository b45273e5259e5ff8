"""What AWS computes for that which watches a cluster: alarms and the topics that they tell, Prometheus and Grafana."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
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


MONITORING_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
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
