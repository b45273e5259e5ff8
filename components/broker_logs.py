"""Where the brokers' logs go."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import cloudwatch

from components.component import Component
from components.imports import ImportArgs, import_name, import_options


class BrokerLogsArgs(ImportArgs):
    """Arguments of `BrokerLogs`."""

    log_group_name: str
    """Name of the log group. Changing it starts a new one."""
    retention_days: int
    """Days the logs are kept; one of the periods CloudWatch Logs has."""
    key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs."""
    tags: Mapping[str, str]
    """Tags of the log group."""


def broker_log_group_name(cluster_name: str) -> str:
    """The log group of a cluster.

    Names under /aws/vendedlogs/ do not count against the size of the CloudWatch Logs resource policy, which fails the creation
    of clusters in busy accounts (CloudWatch Logs User Guide, "Enable logging from AWS services").
    """
    return f"/aws/vendedlogs/msk/{cluster_name}/broker"


class BrokerLogs(Component):
    """An encrypted log group for the broker logs."""

    args_type = BrokerLogsArgs
    module = "logs"

    log_group_name: pulumi.Output[str]
    """The log group's name, once it exists."""

    def __init__(self, name: str, args: BrokerLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        resource_name = import_name(f"{name}-brokers", args.get("import_id"))
        group = cloudwatch.LogGroup(
            resource_name,
            name=args["log_group_name"],
            retention_in_days=args["retention_days"],
            kms_key_id=args["key_arn"],
            tags=args["tags"],
            opts=self.child(**import_options(resource_name, args)),
        )
        self.log_group_name = group.name
        self.register_outputs({"logGroupName": self.log_group_name})
