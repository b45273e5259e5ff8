"""Alarms of a cluster, and who hears of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import cloudwatch, sns

from components.component import Component, named, place
from domain.access.documents import as_json
from domain.monitoring.alarm_texts import Leads, described, description
from domain.monitoring.alarms import Alarm, composite_rules, has_band
from domain.monitoring.notifications import topic_policy
from domain.monitoring.terms import Scope, Severity
from domain.msk.metrics import CLUSTER_NAME, NAMESPACE
from domain.plan.monitoring import AlarmsIntent

UNHEALTHY = "cluster-unhealthy"
"""The end of the composite alarm's name."""

_BAND = "usual"
_VALUE = "value"


class ClusterAlarmsArgs(AlarmsIntent):
    """Arguments of `ClusterAlarms`."""

    cluster_name: pulumi.Input[str]
    """The cluster's name as the cluster has it, so that no alarm is there before its cluster."""
    key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the messages. Its policy must let CloudWatch and EventBridge use it."""


class ClusterAlarms(Component):
    """Alarms, a topic for each severity, and one alarm for "the cluster is unhealthy".

    Each alarm tells its own topic when it begins and when it ends. The composite alarm tells nobody: it would say again what the
    critical alarms say, and while one of them lasts it says nothing of the next. It is the one thing to look at before a change,
    and for programs to wait for.
    """

    args_type = ClusterAlarmsArgs
    module = "monitoring"

    topic_arns: dict[str, pulumi.Output[str]]
    """ARN of the topic of each severity, once CloudWatch may publish to it."""
    unhealthy_alarm_arn: pulumi.Output[str] | None
    """ARN of the composite alarm; None where nothing is critical, as with Serverless clusters."""

    def __init__(self, name: str, args: ClusterAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # What an alarm is made of is its own input; here only which there are.
        super().__init__(name, args, opts, shown={**args, "alarms": [alarm.key for alarm in args["alarms"]]})
        self.topic_arns = {severity.value: self._topic(name, severity, args) for severity in Severity}
        metric_alarms = {alarm.name(args["title"]): self._alarm(name, alarm, args) for alarm in args["alarms"]}
        critical = [alarm.name(args["title"]) for alarm in args["alarms"] if alarm.severity is Severity.CRITICAL]
        self.unhealthy_alarm_arn = self._unhealthy(name, args, critical, metric_alarms) if critical else None
        self.register_outputs({"topicArns": self.topic_arns, "unhealthyAlarmArn": self.unhealthy_alarm_arn})

    def _topic(self, name: str, severity: Severity, args: ClusterAlarmsArgs) -> pulumi.Output[str]:
        topic = sns.Topic(
            f"{name}-{severity}",
            display_name=f"{args['title']} {severity}",
            kms_master_key_id=args["key_arn"],
            tags=named(args["tags"], f"{args['title']}-{severity}"),
            opts=self.child(),
        )
        policy = sns.TopicPolicy(
            f"{name}-{severity}",
            arn=topic.arn,
            policy=pulumi.Output.all(place(args["region"], self), topic.arn).apply(
                lambda known: as_json(
                    topic_policy(known[0], known[1], f"{args['title']}/", events=True, prometheus=bool(args.get("prometheus")))
                )
            ),
            opts=self.child(),
        )
        arns = (args.get("critical") or ()) if severity is Severity.CRITICAL else (args.get("warning") or ())
        endpoints = [*(("email", address) for address in (args.get("emails") or ())), *((_protocol(arn), arn) for arn in arns)]
        for protocol, endpoint in endpoints:
            # An address is nobody's business who reads resource names.
            digest = hashlib.sha256(endpoint.encode()).hexdigest()[:8]
            sns.TopicSubscription(
                f"{name}-{severity}-{protocol}-{digest}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=endpoint,
                opts=self.child(),
            )
        return policy.arn

    def _alarm(self, name: str, alarm: Alarm, args: ClusterAlarmsArgs) -> cloudwatch.MetricAlarm:
        rule, topic = alarm.rule, self.topic_arns[alarm.severity]
        queries = _queries(alarm, args["cluster_name"])
        single = rule.queries[0] if not queries else None
        return cloudwatch.MetricAlarm(
            f"{name}-{alarm.key}",
            name=alarm.name(args["title"]),
            alarm_description=description(alarm, args["title"], _leads(args)),
            comparison_operator=rule.comparison,
            evaluation_periods=rule.evaluated,
            datapoints_to_alarm=rule.breaching,
            threshold=None if has_band(alarm) else alarm.threshold,
            threshold_metric_id=_BAND if has_band(alarm) else None,
            treat_missing_data=rule.missing,
            namespace=NAMESPACE if single else None,
            metric_name=single.metric if single else None,
            dimensions={CLUSTER_NAME: args["cluster_name"], **alarm.dimensions(single)} if single else None,
            statistic=single.statistic if single else None,
            period=rule.period if single else None,
            metric_queries=queries or None,
            alarm_actions=[topic],
            ok_actions=[topic],
            tags=args["tags"],
            opts=self.child(),
        )

    def _unhealthy(
        self, name: str, args: ClusterAlarmsArgs, critical: Sequence[str], metric_alarms: Mapping[str, cloudwatch.MetricAlarm]
    ) -> pulumi.Output[str]:
        rules = composite_rules(critical)
        below: list[pulumi.Resource] = [metric_alarms[alarm_name] for alarm_name in critical]
        if len(rules) > 1:
            parts = [f"{args['title']}/{UNHEALTHY}/{number}" for number in range(1, len(rules) + 1)]
            below = [
                self._composite(f"{name}-{UNHEALTHY}-{number}", part, rule, args, below)
                for number, (part, rule) in enumerate(zip(parts, rules, strict=True), start=1)
            ]
            rules = composite_rules(parts)
        whole = f"{args['title']}/{UNHEALTHY}"
        return self._composite(f"{name}-{UNHEALTHY}", whole, rules[0], args, below).arn

    def _composite(
        self, resource_name: str, alarm_name: str, rule: str, args: ClusterAlarmsArgs, below: Sequence[pulumi.Resource]
    ) -> cloudwatch.CompositeAlarm:
        return cloudwatch.CompositeAlarm(
            resource_name,
            alarm_name=alarm_name,
            alarm_description=described(
                [
                    f"Cluster {args['title']} is unhealthy: at least one of its critical alarms on Amazon MSK's metrics is on. "
                    "Clients cannot write or read, or soon will not be able to.",
                    f"First: find the alarms named {args['title']}/... that are in ALARM, and change nothing else meanwhile.",
                ],
                _leads(args),
                UNHEALTHY,
            ),
            alarm_rule=rule,
            tags=args["tags"],
            # The rule has names only, and CloudWatch refuses names that are not there yet.
            opts=self.child(depends_on=[*below]),
        )


def _leads(args: ClusterAlarmsArgs) -> Leads:
    return Leads(args["runbook"], args.get("dashboard"))


def _queries(alarm: Alarm, cluster_name: pulumi.Input[str]) -> list[cloudwatch.MetricAlarmMetricQueryArgs]:
    """The metrics and the expression of an alarm; none where one metric is all it looks at."""
    rule, banded = alarm.rule, has_band(alarm)
    if rule.scope is Scope.ALL_TOPICS:
        return [
            cloudwatch.MetricAlarmMetricQueryArgs(
                id=_VALUE,
                expression=pulumi.Output.from_input(cluster_name).apply(alarm.sum_of_topics),
                period=rule.period,
                label=f"{rule.title} ({rule.unit})",
                return_data=True,
            )
        ]
    if not banded and not rule.expression:
        return []
    metrics = [
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=query.id,
            metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=NAMESPACE,
                metric_name=query.metric,
                dimensions={CLUSTER_NAME: cluster_name, **alarm.dimensions(query)},
                stat=query.statistic,
                period=rule.period,
            ),
            return_data=True if banded else None,
        )
        for query in rule.queries
    ]
    expression = f"ANOMALY_DETECTION_BAND({rule.queries[0].id}, {alarm.threshold:g})" if banded else rule.expression
    return [
        *metrics,
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=_BAND if banded else _VALUE,
            expression=expression,
            label=f"Usual {rule.title.lower()}" if banded else f"{rule.title} ({rule.unit})",
            return_data=True,
        ),
    ]


def _protocol(arn: str) -> str:
    """How Amazon SNS calls what an ARN is of: `lambda` or `sqs`, by its service."""
    return arn.split(":")[2]
