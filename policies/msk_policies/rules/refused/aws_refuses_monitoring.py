"""Logs and metrics that have somewhere to go.

AWS refuses a log destination that is on and names no log group, stream or bucket, and open monitoring without a block for
either exporter. Complying costs the name, or one block less.

A block of broker logs without any destination is for `broker-logs`. Unknown values: a name that is not known yet is a name;
a switch that is not known yet is left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import is_given, read_if_known
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.logs.log_destinations import BROKER_LOGS
from msk_policies.msk.refusals import answered, control, judge_of

_DESTINATIONS = {
    "cloudwatchLogs": ("logGroup", "broker-logs-cloudwatch-loggroup-required"),
    "firehose": ("deliveryStream", "broker-logs-firehose-stream-required"),
    "s3": ("bucket", "broker-logs-s3-bucket-required"),
}
_PROMETHEUS = "openMonitoring.prometheus"
_EXPORTERS = (f"{_PROMETHEUS}.jmxExporter", f"{_PROMETHEUS}.nodeExporter")


def _destinations(props: Mapping[str, Any]) -> Iterator[str]:
    for kind, (name, refusal) in _DESTINATIONS.items():
        switch, target = f"{BROKER_LOGS}.{kind}.enabled", f"{BROKER_LOGS}.{kind}.{name}"
        if read_if_known(props, switch) is True and not is_given(props, target):
            yield (
                f"Say where logs go: {switch} is true and {target} is missing, {answered(refusal)}. "
                f"Set {target}, or {switch} to false."
            )


def _exporters(props: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(read_if_known(props, _PROMETHEUS), Mapping) and not any(is_given(props, path) for path in _EXPORTERS):
        yield (
            f"Name an exporter for open monitoring: {_PROMETHEUS} has neither, {answered('open-monitoring-requires-exporter')}. "
            f"Set {' or '.join(_EXPORTERS)}, or leave openMonitoring out."
        )


POLICY = resource_rule(
    "aws-refuses-monitoring",
    display_name="Logs and metrics that AWS accepts",
    description="An MSK cluster should name the log destinations and exporters that it turns on.",
    judges={CLUSTER: judge_of(_destinations, _exporters)},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has neither broker logs nor exporters."},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "logging",
        control("broker-logs-cloudwatch-loggroup-required"),
        control("broker-logs-firehose-stream-required"),
        control("broker-logs-s3-bucket-required"),
        control("open-monitoring-requires-exporter"),
    ],
    remediation_steps="Name the log group, the delivery stream or the bucket of each destination that is on, and at least one "
    "exporter. The cluster changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html",
)
