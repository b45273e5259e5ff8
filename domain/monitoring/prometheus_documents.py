"""What Prometheus and Amazon Managed Grafana are told: the rules as a file, where alerts go, and who may read the metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.access.documents import Document, Place
from domain.monitoring.prometheus_recordings import RecordingRule
from domain.monitoring.prometheus_scraping import INTERVAL
from domain.monitoring.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from domain.monitoring.alarm_texts import Leads
    from domain.monitoring.prometheus_rules import AlertRule

MOST_RULES: Final = 20
"""Rules of a group in Amazon Managed Service for Prometheus, unless AWS raised its quota "Rules per rule group". Its User Guide,
"Amazon Managed Service for Prometheus service quotas"; the figure is from a listing of Service Quotas of 2022."""


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


def rule_groups(recordings: Sequence[RecordingRule], alerts: Sequence[AlertRule]) -> list[list[RecordingRule | AlertRule]]:
    """The rules in groups of at most `MOST_RULES`: what is computed ahead with the alerts that read it, then the others.

    A group is evaluated in order, and groups in none (Amazon Managed Service for Prometheus User Guide, "Using rules to modify or
    monitor metrics as they are received").

    Raises:
        ValueError: What is computed ahead and what reads it are more rules than a group has.
    """
    reading = [alert for alert in alerts if any(recording.name in alert.expression for recording in recordings)]
    first: list[RecordingRule | AlertRule] = [*recordings, *reading]
    if len(first) > MOST_RULES:
        raise ValueError(f"{len(first)} rules read one another, and a group has {MOST_RULES}.")
    others: list[RecordingRule | AlertRule] = [alert for alert in alerts if alert not in reading]
    return [first, *(others[start : start + MOST_RULES] for start in range(0, len(others), MOST_RULES))]


def render_rules(cluster: str, recordings: Sequence[RecordingRule], alerts: Sequence[AlertRule], leads: Leads) -> str:
    """The rules as a file.

    Args:
        cluster: The cluster's name.
        recordings: What is computed ahead.
        alerts: The alerts.
        leads: Where the annotations lead: to the runbook and, if there is one, to the cluster's dashboard in CloudWatch.
    """
    lines = ["groups:"]
    for number, group in enumerate(rule_groups(recordings, alerts), start=1):
        name = f"{cluster}-kafka" if number == 1 else f"{cluster}-kafka-{number}"
        lines += [f"  - name: {json.dumps(name)}", f"    interval: {INTERVAL}", "    rules:"]
        for rule in group:
            lines += _recording(rule) if isinstance(rule, RecordingRule) else _alert(cluster, rule, leads)
    return "\n".join(lines) + "\n"


def _recording(recording: RecordingRule) -> Iterator[str]:
    yield f"      - record: {recording.name}"
    yield f"        expr: {json.dumps(recording.expression)}"


def _alert(cluster: str, alert: AlertRule, leads: Leads) -> Iterator[str]:
    yield f"      - alert: {alert.name}"
    yield f"        expr: {json.dumps(alert.expression)}"
    yield f"        for: {alert.hold}"
    yield "        labels:"
    yield f"          severity: {alert.severity.value}"
    yield f"          cluster: {json.dumps(cluster)}"
    yield from (f"          {label}: {json.dumps(value)}" for label, value in alert.labels)
    yield "        annotations:"
    yield f"          summary: {json.dumps(alert.summary)}"
    yield f"          action: {json.dumps(alert.action)}"
    if leads.dashboard:
        yield f"          dashboard: {json.dumps(leads.dashboard)}"
    yield f"          runbook: {json.dumps(f'{leads.runbook}#{alert.section}')}"
