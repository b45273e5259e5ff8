"""What must hold between alarms, logs and Prometheus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.clients.lag import lags
from domain.git_remote import RUNBOOK
from domain.monitoring.alarms import alarms_of_a_higher_level, change_problem
from domain.msk.regions import managed_grafana_available, managed_prometheus_available, partition
from domain.msk.versions import (
    MetadataMode,
    metadata_mode,
)
from domain.plan.monitoring import watched_of
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.monitoring import changes, threshold_problems
from domain.settings.types import CREATE


@checks("monitoring.alarms")
def _alarm_thresholds(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    for name, message in threshold_problems(settings.monitoring.alarms).items():
        yield Problem(("monitoring", "alarms", name, "threshold"), settings.monitoring.alarms[name].threshold, message)


@checks("monitoring", "brokerType", "brokersPerZone", "network", "storage", "workload", "clients", "topics")
def _alarms_that_there_are_not(plan: Plan) -> Iterator[Problem]:
    """A threshold that nothing is held against: somebody counts on an alarm that never comes."""
    settings = plan.settings
    wanted = {
        name: change.threshold
        for name, change in settings.monitoring.alarms.items()
        if change.threshold is not None and change.enabled and change_problem(name, change.threshold) is None
    }
    if not wanted:
        return
    missing = wanted.keys() - {alarm.rule.name for alarm in plan.alarms["alarms"]}
    if not missing:
        return
    at_level = "" if settings.is_serverless else f" and monitoring.level {settings.monitoring.level}"
    higher = alarms_of_a_higher_level(watched_of(settings), changes=changes(settings.monitoring.alarms))
    for name in sorted(missing):
        level = next((level for level, added in higher.items() if name in {alarm.rule.name for alarm in added}), None)
        remedy = f"Set monitoring.level to {level}, or remove this" if level else "Remove it"
        yield Problem(
            ("monitoring", "alarms", name, "threshold"),
            wanted[name],
            f"has no effect: with brokerType {settings.broker_type}{at_level} there is no such alarm. {remedy}.",
        )


@warns("monitoring.prometheus")
def _managed_where_there_is_none(plan: Plan) -> Iterator[str]:
    prometheus = plan.settings.monitoring.prometheus
    if prometheus is None or not prometheus.managed:
        return
    if not managed_prometheus_available(plan.region):
        yield f"Amazon Managed Service for Prometheus has no endpoint in {plan.region} that AWS's SDK knows. {_LOOK_UP}"
    if prometheus.grafana and not managed_grafana_available(plan.region):
        yield f"Amazon Managed Grafana has no endpoint in {plan.region} that AWS's SDK knows. {_LOOK_UP}"


_LOOK_UP = "Check AWS's list of services by region first: where it is not offered, `pulumi up` fails."


@checks("monitoring.prometheus", "network")
def _prometheus(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    prometheus, path = settings.monitoring.prometheus, ("monitoring", "prometheus")
    if prometheus is None:
        return
    if not prometheus.managed and not prometheus.scraped_by:
        yield Problem(
            path, {}, "has no Prometheus to read the metrics. Set managed: true, or name your own Prometheus in scrapedBy."
        )
    if prometheus.managed:
        return
    needs = {"grafana": prometheus.grafana is not None, "notify": prometheus.notify, "moreSeries": prometheus.more_series}
    for name, given in needs.items():
        if given:
            yield Problem((*path, name), given, "needs managed: true. Set managed: true, or remove this setting.")


@checks("monitoring.prometheus", "network", "kafkaVersion", "brokerType")
def _open_monitoring_in_public(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    kraft = settings.broker.is_express or metadata_mode(settings.kafka_version) is MetadataMode.KRAFT
    if settings.monitoring.prometheus is not None and settings.network.public_access and kraft:
        yield Problem(
            ("monitoring", "prometheus"),
            {},
            "is not available with public access on KRaft clusters (MSK Developer Guide, KRaft limitations). Remove it, or set "
            "network.publicAccess: false.",
        )


@warns("alarmEmail", "monitoring")
def _nobody_is_told(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if not settings.alarm_email and not settings.monitoring.subscribers.critical:
        yield "Critical alarms notify nobody. Set alarmEmail, or monitoring.subscribers.critical."


@warns("alarmEmail", "monitoring")
def _runbook_that_nobody_opens(plan: Plan) -> Iterator[str]:
    settings, subscribers = plan.settings, plan.settings.monitoring.subscribers
    if not settings.monitoring.runbook and (settings.alarm_email or subscribers.critical or subscribers.warning):
        yield (
            f"Alarms end with {RUNBOOK}, which nobody can open from a message: this project has no git remote whose pages are "
            "known. Set monitoring.runbook to its address."
        )


_USUAL_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)
"""RFC 5321, "4.1.2. Command Argument Syntax", ``Dot-string@Domain``. What else Amazon SNS takes is on no page of AWS's."""


@warns("alarmEmail")
def _unusual_address(plan: Plan) -> Iterator[str]:
    address = plan.settings.alarm_email
    if address and not _USUAL_ADDRESS.fullmatch(address):
        yield (
            f"alarmEmail {address} has a form that few mail services have: Amazon SNS may refuse to subscribe it, during the "
            "deployment. Use an address of ASCII letters, digits, dots and hyphens."
        )


@warns("encryption.telemetryKey")
def _key_of_alarms(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.encryption.telemetry_key != CREATE:
        yield (
            "encryption.telemetryKey is your own key. Its policy must allow cloudwatch.amazonaws.com to decrypt and to generate "
            "data keys; otherwise alarms notify nobody, and AWS shows no error."
        )


@warns("clients", "topics")
def _unwatched_lag(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    yield from map(str, lags(settings.clients, settings.topics)[1])


@checks("logs.s3")
def _log_bucket(plan: Plan) -> Iterator[Problem]:
    settings = plan.settings
    bucket = settings.logs.s3
    if bucket and bucket.bucket != CREATE and "retention_days" in bucket.model_fields_set:
        yield Problem(
            ("logs", "s3", "retentionDays"),
            bucket.retention_days,
            "applies to a new bucket only; an existing bucket has its own lifecycle rules. Remove it, or set "
            "logs.s3.bucket to create.",
        )


@warns("logs.s3", "encryption.telemetryKey")
def _log_bucket_with_a_key_that_is_there(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    bucket, key = settings.logs.s3, settings.encryption.telemetry_key
    if bucket and bucket.bucket == CREATE and key != CREATE:
        yield (
            f"logs.s3 is encrypted with {key}: no log arrives unless the key policy allows delivery.logs.amazonaws.com to use it "
            "(kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:DescribeKey)."
        )


@checks("monitoring.subscribers")
def _subscribers(plan: Plan) -> Iterator[Problem]:
    """What Amazon SNS refuses to subscribe: the same endpoint twice, another partition's, a FIFO queue to a standard topic."""
    here = partition(plan.region)
    subscribers = plan.settings.monitoring.subscribers
    for severity, arns in (("critical", subscribers.critical), ("warning", subscribers.warning)):
        for index, arn in enumerate(arns):
            _, there, service, region, *_ = arn.split(":")
            path = ("monitoring", "subscribers", severity, index)
            if arn in arns[:index]:
                yield Problem(path, arn, "is listed twice. Remove one of the two.")
            elif there != here and not there.startswith("aws-iso"):
                yield Problem(path, arn, f"is in the partition {there}, but {plan.region} is in {here}. Name one in {here}.")
            elif region != plan.region and partition(region) != there and not there.startswith("aws-iso"):
                yield Problem(path, arn, f"has the region {region}, which is not in the partition {there}. Write its own region.")
            elif service == "sqs" and arn.endswith(".fifo"):
                yield Problem(path, arn, "is a FIFO queue, which takes messages of FIFO topics only. Name a standard queue.")
