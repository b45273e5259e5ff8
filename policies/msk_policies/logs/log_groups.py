"""Log groups of CloudWatch Logs: which of a stack's are written to by Amazon MSK, or by its networks' flow logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.rule import CLUSTER, CONNECTOR

if TYPE_CHECKING:
    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
REPLICATOR: Final = "aws:msk/replicator:Replicator"
CHANNEL: Final = "aws:msk/channel:Channel"
_WRITERS: Final = {
    CLUSTER: "loggingInfo.brokerLogs.cloudwatchLogs.logGroup",
    CONNECTOR: "logDelivery.workerLogDelivery.cloudwatchLogs.logGroup",
    REPLICATOR: "logDelivery.replicatorLogDelivery.cloudwatchLogs.logGroup",
    CHANNEL: "loggingInfo.cloudwatchLogs.logGroup",
    "aws:ec2/flowLog:FlowLog": "logDestination",
}
"""By type of who writes logs, the property that holds the log group."""


def written(group: PolicyResource, stack: Stack) -> bool:
    """Whether a part of the platform writes to a log group."""
    return any(stack.referring(group, path, writer) for writer, path in _WRITERS.items())
