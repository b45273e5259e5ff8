"""What AWS computes for that which watches a cluster: alarms and the topics that they tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from offline.aws_created import Created


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


def _alarm(name_property: str) -> Callable[[Created], dict[str, Any]]:
    def build(created: Created) -> dict[str, Any]:
        name = str(created.inputs.get(name_property) or created.id or created.identifier("alarm"))
        outputs = {"id": name, "arn": created.arn("cloudwatch", f"alarm:{name}")}
        return outputs if name_property == "alarmName" else {**outputs, "evaluateLowSampleCountPercentiles": ""}

    return build


MONITORING_BUILDERS: Final[Mapping[str, Callable[[Created], dict[str, Any]]]] = MappingProxyType(
    {
        "aws:cloudwatch/compositeAlarm:CompositeAlarm": _alarm("alarmName"),
        "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm("name"),
        "aws:sns/topic:Topic": _topic,
        "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
        "aws:sns/topicSubscription:TopicSubscription": _subscription,
    }
)
"""By type: the outputs that AWS makes."""
