"""A dashboard of a cluster in CloudWatch."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import cloudwatch

from components.component import Component
from domain.monitoring.alarm_texts import dashboard_address
from domain.monitoring.dashboard import dashboard_body
from domain.plan.monitoring import DashboardIntent


class ClusterDashboardArgs(DashboardIntent):
    """Arguments of `ClusterDashboard`."""

    cluster_name: pulumi.Input[str]
    """The cluster's name as the cluster has it, so that no dashboard is there before its cluster."""


class ClusterDashboard(Component):
    """Health, throughput, consumer lag, storage, load and throttling, each with the limit at which its alarm begins.

    CloudWatch gives dashboards no tags.
    """

    args_type = ClusterDashboardArgs
    module = "monitoring"

    dashboard_name: pulumi.Output[str]
    """The dashboard's name."""
    address: pulumi.Output[str]
    """Where it is in the AWS console."""

    def __init__(self, name: str, args: ClusterDashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # What it shows is the dashboard's own input.
        super().__init__(
            name, args, opts, shown={key: value for key, value in args.items() if key not in ("watched", "changes", "lags")}
        )

        def body(cluster: str) -> str:
            document = dashboard_body(
                cluster,
                args["region"],
                args["watched"],
                has_zookeeper=args["has_zookeeper"],
                lags=args.get("lags") or (),
                changes=args["changes"],
            )
            return json.dumps(document, separators=(",", ":"), sort_keys=True)

        dashboard = cloudwatch.Dashboard(
            f"{name}-cluster",
            dashboard_name=args["title"],
            dashboard_body=pulumi.Output.from_input(args["cluster_name"]).apply(body),
            opts=self.child(),
        )
        self.dashboard_name = dashboard.dashboard_name
        self.address = dashboard.dashboard_name.apply(lambda known: dashboard_address(args["region"], known))
        self.register_outputs({"dashboardName": self.dashboard_name})
