"""Brokers that write down what happens to them.

Without broker logs nobody can say afterwards why a partition lost its leader or a client was refused, and AWS has no copy to
hand out. Complying costs what the destination takes for each GB; a quiet cluster writes little.

A destination counts that is declared and enabled: CloudWatch Logs, Firehose or S3. Unknown values: one destination that is
known to be on is enough; where none is, and some are not known yet, only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.logs.log_destinations import BROKER_LOGS, switches, without
from msk_policies.msk.refusals import control


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    state = without(props, BROKER_LOGS)
    if state:
        yield f"Keep the brokers' logs: {state}. Set {switches(BROKER_LOGS)} to true."


POLICY = resource_rule(
    "broker-logs",
    display_name="Broker logs",
    description="An MSK cluster should send its broker logs to a destination.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has no broker logs."},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "logging",
        "CKV_AWS_80",
        "AVD-AWS-0074",
        "AwsSolutions-MSK6",
        "2f56b7ab-7fba-4e93-82f0-247e5ddeb239",
        control("broker-logs-any-required"),
    ],
    remediation_steps="Create a log group, a delivery stream or a bucket and name it in loggingInfo.brokerLogs. The cluster "
    "changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html",
)
