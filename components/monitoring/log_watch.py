"""What is counted in the brokers' logs, who is told of the worst of it, and the questions to ask them."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import cloudwatch

from components.component import Component
from domain.monitoring.alarm_texts import Leads
from domain.monitoring.log_watch import PERIOD, QUERIES, WATCHES, Watch, namespace
from domain.plan.monitoring import LogWatchIntent


class LogWatchArgs(LogWatchIntent):
    """Arguments of `LogWatch`."""

    log_group_name: pulumi.Input[str]
    """The brokers' log group."""
    topic_arns: Mapping[str, pulumi.Input[str]]
    """The topic of each severity."""


class LogWatch(Component):
    """Metric filters on the brokers' log group, alarms on the gravest, and saved queries of CloudWatch Logs Insights.

    A metric is there, and paid for, in the hours in which a line was found: the filters have no default value.
    """

    args_type = LogWatchArgs
    module = "monitoring"

    def __init__(self, name: str, args: LogWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        for watch in WATCHES:
            filter_ = cloudwatch.LogMetricFilter(
                f"{name}-{watch.name}",
                name=f"{args['title']}-{watch.name}",
                log_group_name=args["log_group_name"],
                pattern=watch.pattern,
                metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                    namespace=namespace(args["title"]), name=watch.name, value="1", unit="Count"
                ),
                opts=self.child(),
            )
            if watch.severity is not None:
                self._alarm(name, watch, args["topic_arns"][watch.severity.value], args, filter_)
        for query in QUERIES:
            cloudwatch.QueryDefinition(
                f"{name}-{query.name.replace(' ', '-')}",
                name=f"{args['title']}/{query.name}",
                log_group_names=[args["log_group_name"]],
                query_string=query.text,
                opts=self.child(),
            )
        self.register_outputs({})

    def _alarm(
        self, name: str, watch: Watch, topic: pulumi.Input[str], args: LogWatchArgs, filter_: cloudwatch.LogMetricFilter
    ) -> None:
        leads = Leads(args["runbook"], args.get("dashboard"))
        cloudwatch.MetricAlarm(
            f"{name}-{watch.name}",
            name=f"{args['title']}/{watch.name}",
            alarm_description=pulumi.Output.from_input(args["log_group_name"]).apply(
                lambda group: watch.description(args["title"], group, leads)
            ),
            namespace=namespace(args["title"]),
            metric_name=watch.name,
            statistic="Sum",
            period=PERIOD,
            evaluation_periods=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic],
            ok_actions=[topic],
            tags=args["tags"],
            opts=self.child(depends_on=[filter_]),
        )
