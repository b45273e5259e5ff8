"""Logs that are kept long enough, and not for ever.

A log group without retention keeps everything and costs more every month; one with a few days has lost the beginning of a
problem by the time somebody looks. Complying costs what CloudWatch Logs takes for the days.

The rule judges log groups that the same stack makes and that clusters, connectors, replicators, channels and the networks'
flow logs write to. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import read, whole
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.logs.log_groups import LOG_GROUP, written

_PROPERTY = "retentionInDays"
_DAYS = WholeNumberSetting("minimumDays", "Days that logs must be kept.", default=30, minimum=1)


def _judge(group: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    if not written(group, stack):
        return
    retention = read(group.props, _PROPERTY)
    days, wanted = whole(retention), _DAYS.of(config)
    if days is not None and days >= wanted:
        return
    if retention is None or days == 0:
        state = "is missing, so CloudWatch Logs keeps them forever"
    else:
        state = "is not a whole number" if days is None else f"is {days}"
    yield f"Keep logs long enough, but not forever: {_PROPERTY} of {group.name} {state}. Set {_PROPERTY} to {wanted} or more."


POLICY = stack_rule(
    "log-retention",
    display_name="Retention of logs",
    description="The log groups of an MSK platform should keep logs long enough, but not forever.",
    judges={LOG_GROUP: _judge},
    severity=Severity.LOW,
    settings=[_DAYS],
    tags=["msk", "logging", "CKV_AWS_66", "CKV_AWS_338"],
    remediation_steps="Set retentionInDays, to a number of days that CloudWatch Logs accepts. It changes in place; a "
    "smaller number deletes older logs.",
    url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
)
