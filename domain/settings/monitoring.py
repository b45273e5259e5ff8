"""What the stack file says of alarms: ``alarmEmail``, and ``monitoring``'s ``alarms`` and ``subscribers``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from domain.forms import EACH_ONCE, ONE_LINE, InSchema, of_form
from domain.monitoring.alarms import Change, change_problem
from domain.monitoring.rules import RULES_BY_NAME
from domain.msk.arns import LONGEST_DAYS
from domain.problems import did_you_mean, is_blank
from domain.settings.clients import ClientSource
from domain.settings.types import (
    CREATE,
    Block,
    BucketChoice,
    DeliveryStreamName,
    LogPrefix,
    MetricPattern,
    RetentionDays,
    matching,
)


def _alarm(name: str) -> str:
    if name not in RULES_BY_NAME:
        raise ValueError(f"is not an alarm.{did_you_mean(name, RULES_BY_NAME)} The alarms are {', '.join(RULES_BY_NAME)}.")
    return name


AlarmName = Annotated[str, AfterValidator(_alarm), InSchema({"enum": list(RULES_BY_NAME)})]

_ADDRESS = re.compile(r"[^@,;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
"""Characters of an address. RFC 5321, "4.5.3.1.3. Path", without its brackets."""


def _address(text: str) -> str:
    # A typing error is what this is for: whether somebody reads the address, Amazon SNS asks with a message.
    seen = text.isprintable() and " " not in text and len(text) <= _LONGEST_ADDRESS
    if text and not (seen and _ADDRESS.fullmatch(text)):
        raise ValueError("must be one e-mail address, such as streaming@example.com.")
    return text


AlarmEmail = Annotated[
    str,
    AfterValidator(_address),
    of_form(
        rf"((?!.*[ \u0000-\u001f\u007f-\u00a0]){_ADDRESS.pattern})?",
        "must be one e-mail address, such as streaming@example.com.",
        maxLength=_LONGEST_ADDRESS,
    ),
]

_REGION = r"[a-z]{2,4}(-[a-z]+)+-[0-9]"
_FUNCTION = r"function:[A-Za-z0-9_-]{1,64}(:(\$LATEST|[A-Za-z0-9_-]{1,128}))?"
"""AWS Lambda API reference, "CreateFunction", FunctionName, and "CreateAlias", Name."""
_QUEUE = r"([A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)"
"""Amazon SQS API reference, "CreateQueue", QueueName."""

SubscriberArn = Annotated[
    str,
    matching(
        rf"arn:aws[a-z-]*:(lambda:{_REGION}:[0-9]{{12}}:{_FUNCTION}|sqs:{_REGION}:[0-9]{{12}}:{_QUEUE})",
        "the ARN of a Lambda function or an SQS queue, such as arn:aws:sqs:eu-west-1:111122223333:pager",
    ),
]
"""Amazon SNS answers "Invalid parameter: SQS endpoint ARN" to anything else (measured 2026-09-05, badmintoncryer/cdk-preflight,
``pf-sns-subscription-endpoint``). Names: AWS Lambda API reference, ``CreateFunction`` and ``CreateAlias``; Amazon SQS API
reference, ``CreateQueue``: 80 characters, those of ``.fifo`` counted."""


class AlarmChange(Block):
    """What is wanted otherwise of one alarm."""

    threshold: float | None = Field(
        None, description="The threshold, in the alarm's unit. Default: what the broker type suggests."
    )
    enabled: bool = Field(True, description="false turns these alarms off.")


class Subscribers(Block):
    """What alarms notify besides alarmEmail."""

    critical: list[SubscriberArn] = Field(
        default_factory=list,
        description="ARNs of Lambda functions and SQS queues that critical alarms notify. Their policies must allow Amazon SNS.",
    )
    warning: list[SubscriberArn] = Field(default_factory=list, description="The same, for warnings.")


def changes(settings: Mapping[str, AlarmChange]) -> dict[str, Change]:
    """The changes as `domain.monitoring.alarms` takes them."""
    return {name: Change(change.threshold, change.enabled) for name, change in settings.items()}


def threshold_problems(settings: Mapping[str, AlarmChange]) -> dict[str, str]:
    """What is wrong with thresholds, by the alarms' names; each a sentence that follows "path = value: "."""
    problems = {name: change_problem(name, change.threshold) for name, change in settings.items() if change.threshold is not None}
    return {name: problem for name, problem in problems.items() if problem}


SignIn = Literal["AWS_SSO", "SAML"]


def _each_once(ways: list[SignIn]) -> list[SignIn]:
    if len(set(ways)) < len(ways):
        raise ValueError("names a way to sign in twice. Take one out.")
    return ways


class Grafana(Block):
    """A workspace of Amazon Managed Grafana that may query the metrics."""

    authentication: Annotated[list[SignIn], Field(min_length=1), AfterValidator(_each_once), EACH_ONCE] = Field(
        default_factory=lambda: list[SignIn](["AWS_SSO"]),
        description="How people sign in: AWS_SSO is IAM Identity Center, which the account must have. Default: AWS_SSO.",
    )


class Prometheus(Block):
    """Open monitoring: the JMX exporter and the node exporter of every broker. Turning it on or off is an update in place."""

    managed: bool = Field(
        False, description="A workspace of Amazon Managed Service for Prometheus, a scraper, recording and alerting rules."
    )
    scraped_by: list[ClientSource] = Field(
        default_factory=list, alias="scrapedBy", description="Where your own Prometheus connects from."
    )
    more_series: list[MetricPattern] = Field(
        default_factory=list,
        alias="moreSeries",
        description="More metrics that the managed scraper keeps, besides those that rules and dashboards read, by name or "
        'pattern; ".*" keeps all, about 9,500 series for each broker.',
    )
    notify: bool = Field(
        False,
        description="Send the managed workspace's alerts to the alarms' SNS topics too. Most repeat a CloudWatch alarm.",
    )
    grafana: Grafana | None = Field(None, description="An Amazon Managed Grafana workspace; none unless given.")


class CloudWatchLogs(Block):
    """Broker logs in CloudWatch Logs, encrypted with the telemetry key."""

    retention_days: RetentionDays = Field(365, alias="retentionDays", description="Days the broker logs are kept.")


class S3Logs(Block):
    """Broker logs in a bucket, kept at lower cost than in CloudWatch Logs."""

    bucket: BucketChoice = Field(
        CREATE,
        description="create (a private bucket, encrypted with the telemetry key), or the name of a bucket that "
        "delivery.logs.amazonaws.com may write to.",
    )
    prefix: LogPrefix = Field("", description="Prefix of the objects' keys.")
    retention_days: int = Field(
        365, alias="retentionDays", ge=1, le=LONGEST_DAYS, description="Days the logs are kept in the new bucket."
    )


class FirehoseLogs(Block):
    """Broker logs to an Amazon Data Firehose stream, for whatever takes them from there."""

    delivery_stream: DeliveryStreamName = Field(
        alias="deliveryStream",
        description="Name of an existing stream. AWS tags it LogDeliveryEnabled; keep that tag.",
    )


class Logs(Block):
    """Where the brokers' logs go: CloudWatch Logs, and what else is given."""

    cloudwatch: CloudWatchLogs = Field(default_factory=CloudWatchLogs, description="The broker log group.")
    s3: S3Logs | None = Field(None, description="An S3 bucket too; none unless given.")
    firehose: FirehoseLogs | None = Field(None, description="A Firehose stream too; none unless given.")


def _runbook(address: str) -> str:
    # Alarms end with "<address>#<section>": without an address, or with a line break in it, nobody on call finds the section.
    if is_blank(address) or "\n" in address or "\t" in address:
        raise ValueError(
            "must be an address or a path, on one line. Write it, or remove the line to have the page at the git remote."
        )
    # Prometheus User Guide, "Alerting rules": annotations are templates, and rules whose templates make no sense are refused.
    if "{{" in address:
        raise ValueError("has {{, with which Prometheus begins a template in its alerts. Write the address without it.")
    return address


Runbook = Annotated[
    str,
    StringConstraints(max_length=300),
    AfterValidator(_runbook),
    of_form(rf"(?!.*[{{]{{2}})(?=.*\S){ONE_LINE}", "must be an address or a path, on one line and without {{."),
]


class Monitoring(Block):
    """CloudWatch metrics of the brokers, and the alarms on them."""

    level: Literal["DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"] = Field(
        "PER_BROKER", description="Enhanced monitoring. DEFAULT is free; each further level costs per metric."
    )
    alarms: dict[AlarmName, AlarmChange] = Field(
        default_factory=dict, description="Changes to alarms, by their names in docs/runbook.md."
    )
    subscribers: Subscribers = Field(default_factory=Subscribers, description="What alarms notify besides alarmEmail.")
    runbook: Runbook = Field(
        "",
        description="Address of the runbook in alarms; the person on call must be able to open it. Default: the page of "
        "docs/runbook.md at the git remote (GitHub, GitLab, Bitbucket, AWS CodeCommit).",
    )
    logs: bool = Field(
        True, description="Count errors, refusals and failures in the brokers' logs, alarm on the most severe, and save queries."
    )
    dashboard: bool = Field(True, description="A CloudWatch dashboard. An account's first three are free.")
    prometheus: Prometheus | None = Field(None, description="Open monitoring with Prometheus; off unless given.")
