"""No log destination that is declared and yet off.

A declared destination reads as if logs went there; with its switch off none do, and nobody notices until they are looked for.
Complying costs taking the block out, or what the destination takes for the logs.

Off by default: a destination that is switched off for a while harms nobody as long as another one is on. The control behind
it, KICS 2f56b7ab-7fba-4e93-82f0-247e5ddeb239, wants at least one destination, too, and so does this rule. Unknown values: a
switch that is not known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.logs.log_destinations import BROKER_LOGS, destinations, switches


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    declared = destinations(props, BROKER_LOGS)
    for switch in declared.off:
        yield (
            f"Declare only log destinations that are used: {switch} is not true. "
            f"Set {switch} to true, or leave {switch.rpartition('.')[0]} out."
        )
    if declared.undecided is not None:
        raise declared.undecided
    if not declared.on and not declared.off:
        yield f"Keep the brokers' logs: {BROKER_LOGS} names no destination. Set {switches(BROKER_LOGS)} to true."


POLICY = resource_rule(
    "no-idle-log-destinations",
    display_name="No idle log destinations",
    description="Every log destination that an MSK cluster declares should be on.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has no broker logs."},
    enforcement_level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    tags=["msk", "logging", "2f56b7ab-7fba-4e93-82f0-247e5ddeb239"],
    remediation_steps="Remove the blocks of unused destinations from loggingInfo.brokerLogs, or turn them on. The cluster "
    "changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html",
)
