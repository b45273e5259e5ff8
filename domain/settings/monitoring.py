"""What the stack file says of alarms: ``alarmEmail``, and ``monitoring``'s ``alarms`` and ``subscribers``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.monitoring.alarms import Change, change_problem
from domain.monitoring.rules import RULES_BY_NAME
from domain.problems import did_you_mean
from domain.settings.types import Block, matching


def _alarm(name: str) -> str:
    if name not in RULES_BY_NAME:
        raise ValueError(f"is not an alarm.{did_you_mean(name, RULES_BY_NAME)} Those are {', '.join(RULES_BY_NAME)}.")
    return name


AlarmName = Annotated[str, AfterValidator(_alarm)]

# A typing error is what this is for: whether somebody reads the address, Amazon SNS asks with a message.
AlarmEmail = Annotated[
    str, matching(r"|[^@\s,;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "one e-mail address, such as streaming@example.com")
]

SubscriberArn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:(lambda:[a-z0-9-]+:\d{12}:function:|sqs:[a-z0-9-]+:\d{12}:)[A-Za-z0-9_.:-]+",
        "the ARN of a Lambda function or an SQS queue, such as arn:aws:sqs:eu-west-1:111122223333:pager",
    ),
]


class AlarmChange(Block):
    """What is wanted otherwise of one alarm."""

    threshold: float | None = Field(
        None, description="The threshold, in the alarm's unit. Default: what the broker type suggests."
    )
    enabled: bool = Field(True, description="false: no such alarms.")


class Subscribers(Block):
    """Who is told of alarms beside alarmEmail."""

    critical: list[SubscriberArn] = Field(
        default_factory=list, description="ARNs of Lambda functions and SQS queues, which let Amazon SNS in: critical alarms."
    )
    warning: list[SubscriberArn] = Field(default_factory=list, description="The same, for warnings.")


def changes(settings: Mapping[str, AlarmChange]) -> dict[str, Change]:
    """The changes as `domain.monitoring.alarms` takes them."""
    return {name: Change(one.threshold, one.enabled) for name, one in settings.items()}


def threshold_problems(settings: Mapping[str, AlarmChange]) -> dict[str, str]:
    """What is wrong with thresholds, by the alarms' names; each a sentence that follows "path = value: "."""
    found = {name: change_problem(name, one.threshold) for name, one in settings.items() if one.threshold is not None}
    return {name: problem for name, problem in found.items() if problem}
