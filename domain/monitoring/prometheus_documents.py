"""What Amazon Managed Service for Prometheus and Amazon Managed Grafana are told, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.access.documents import Document, Place
from domain.monitoring.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


def alert_manager_definition(topic_arns: Mapping[str, str], region: str) -> str:
    """The alert manager of a workspace: each severity tells its topic, together what is of one alert and one cluster.

    Amazon Managed Service for Prometheus User Guide, "Create an alert manager configuration file": the one receiver there is is
    Amazon SNS.

    Args:
        topic_arns: The ARN of the topic of each severity.
        region: The topics' region.
    """
    critical, warning = (topic_arns[severity.value] for severity in Severity)
    receivers = "".join(
        f"""    - name: {severity}
      sns_configs:
        - topic_arn: {arn}
          sigv4: {{region: {region}}}
          subject: '[{severity}] {{{{ .CommonLabels.alertname }}}} of {{{{ .CommonLabels.cluster }}}}'
"""
        for severity, arn in ((Severity.CRITICAL, critical), (Severity.WARNING, warning))
    )
    return f"""alertmanager_config: |
  route:
    receiver: {Severity.WARNING}
    group_by: [alertname, cluster]
    repeat_interval: 12h
    routes:
      - receiver: {Severity.CRITICAL}
        matchers: [severity="{Severity.CRITICAL}"]
  receivers:
{receivers}"""


def grafana_trust_policy(place: Place) -> Document:
    """Lets the workspaces of this account take the role: Amazon Managed Grafana User Guide, "Confused deputy prevention"."""
    workspaces = f"arn:{place.partition}:grafana:{place.region}:{place.account_id}:/workspaces/*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "grafana.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": place.account_id},
                    "StringLike": {"aws:SourceArn": workspaces},
                },
            }
        ],
    }


def grafana_role_policy(place: Place, workspace_arn: str) -> Document:
    """What Grafana may do: query one workspace, and look at metrics of CloudWatch, which know no resources.

    Amazon Managed Grafana User Guide, "Amazon Managed Grafana permissions and policies for AWS data sources".

    Args:
        place: Where the stack is.
        workspace_arn: ARN of the workspace of Amazon Managed Service for Prometheus.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "QueryPrometheus",
                "Effect": "Allow",
                "Action": [
                    "aps:DescribeWorkspace",
                    "aps:GetLabels",
                    "aps:GetMetricMetadata",
                    "aps:GetSeries",
                    "aps:QueryMetrics",
                ],
                "Resource": workspace_arn,
            },
            {
                "Sid": "FindPrometheus",
                "Effect": "Allow",
                "Action": ["aps:ListWorkspaces"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": place.region}},
            },
            {
                "Sid": "LookAtCloudWatch",
                "Effect": "Allow",
                "Action": [
                    "cloudwatch:DescribeAlarms",
                    "cloudwatch:DescribeAlarmsForMetric",
                    "cloudwatch:GetMetricData",
                    "cloudwatch:ListMetrics",
                ],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": place.region}},
            },
        ],
    }
