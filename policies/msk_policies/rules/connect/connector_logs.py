"""Connectors that write down why a task failed.

Nobody can sign in to a connector's workers: what they do not log is lost with them. Complying costs what the destination takes
for each GB, and a new connector where one runs without.

A destination counts that is declared and enabled: CloudWatch Logs, Firehose or S3. Unknown values: one destination that is
known to be on is enough; where none is, and some are not known yet, only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.rule import CONNECTOR, resource_rule, security_best_practices
from msk_policies.logs.log_destinations import WORKER_LOGS, switches, without


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    state = without(props, WORKER_LOGS)
    if state:
        yield f"Keep the connector's logs: {state}. Set {switches(WORKER_LOGS)} to true."


POLICY = resource_rule(
    "connector-logs",
    display_name="Connector logs",
    description="An MSK Connect connector should send its logs to a destination.",
    judges={CONNECTOR: _judge},
    severity=Severity.MEDIUM,
    framework=security_best_practices("MSK.5", "MSK connectors should have logging enabled"),
    tags=["mskconnect", "logging", "MSK.5", "msk-connect-connector-logging-enabled"],
    remediation_steps="Create a log group, a delivery stream or a bucket and name it in logDelivery.workerLogDelivery. The "
    "connector is replaced.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-5",
)
