"""Who may publish alarms to the topics, and who may not."""

from __future__ import annotations

from domain.access.documents import Document, Place


def topic_policy(place: Place, topic_arn: str, alarm_prefix: str, *, events: bool = False, prometheus: bool = False) -> Document:
    """The policy of a topic that alarms and events are published to.

    CloudWatch publishes for this account's alarms of the cluster only (Amazon SNS Developer Guide, "Example cases for Amazon SNS
    access control"), and nobody without TLS (Amazon SNS Developer Guide, "Amazon SNS security best practices").

    Args:
        place: Where the stack is.
        topic_arn: The topic's ARN.
        alarm_prefix: What the names of the cluster's alarms begin with.
        events: Whether rules of EventBridge publish too. It cannot be said whose rules: with a condition nothing is published
            (Amazon EventBridge User Guide, "Using resource-based policies for Amazon EventBridge"). Only where it is needed.
        prometheus: Whether alerts of workspaces of this account publish too (Amazon Managed Service for Prometheus User Guide,
            "Give Amazon Managed Service for Prometheus permission to send alert messages to your Amazon SNS topic").
    """
    ours = {"StringEquals": {"aws:SourceAccount": place.account_id}}
    cloudwatch = f"arn:{place.partition}:cloudwatch:{place.region}:{place.account_id}:alarm:{alarm_prefix}*"
    by_prometheus = {
        "Sid": "PublishByPrometheusAlerts",
        "Effect": "Allow",
        "Principal": {"Service": "aps.amazonaws.com"},
        "Action": ["sns:GetTopicAttributes", "sns:Publish"],
        "Resource": topic_arn,
        "Condition": {
            **ours,
            "ArnLike": {"aws:SourceArn": f"arn:{place.partition}:aps:{place.region}:{place.account_id}:workspace/*"},
        },
    }
    by_events = {
        "Sid": "PublishByEventBridgeRules",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "PublishByCloudWatchAlarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {**ours, "ArnLike": {"aws:SourceArn": cloudwatch}},
            },
            *([by_events] if events else []),
            *([by_prometheus] if prometheus else []),
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
