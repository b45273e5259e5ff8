"""Where the brokers' logs go."""

from __future__ import annotations

import pulumi
from pulumi_aws import cloudwatch

from components.cluster.guards import log_guard
from components.component import Component
from components.imports import import_name, import_options
from domain.monitoring.log_retention import LOGS
from domain.plan.monitoring import LogsIntent


class BrokerLogsArgs(LogsIntent):
    """Arguments of `BrokerLogs`."""

    key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs."""


class BrokerLogs(Component):
    """An encrypted log group for the broker logs."""

    args_type = BrokerLogsArgs
    module = "monitoring"

    log_group_name: pulumi.Output[str]
    """The log group's name, once it exists."""

    def __init__(self, name: str, args: BrokerLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        resource_name = import_name(f"{name}-brokers", args.get("import_id"))
        options = import_options(resource_name, args)
        # Nothing of a group that is frozen is updated at all.
        if args.get("keep_retention") and "hooks" not in options:
            options["hooks"] = log_guard(resource_name, LOGS, ("logs", "cloudwatch", "retentionDays"))
        group = cloudwatch.LogGroup(
            resource_name,
            name=args["log_group_name"],
            retention_in_days=args["retention_days"],
            kms_key_id=args["key_arn"],
            tags=args["tags"],
            opts=self.child(**options),
        )
        self.log_group_name = group.name
        self.register_outputs({"logGroupName": self.log_group_name})
