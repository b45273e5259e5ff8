"""Metrics of single brokers and topics, without which most problems of a cluster have no cause to be found.

The level DEFAULT shows the cluster and its brokers' basics; how far a consumer is behind, which topic fills the disks and
which broker is busier than the others is only in the levels above (MSK Developer Guide, "Amazon MSK metrics for monitoring
Standard brokers with CloudWatch"). Security Hub's control wants PER_TOPIC_PER_BROKER at least; Prowler's is content with
PER_BROKER. Complying costs CloudWatch's price for each metric of each topic on each broker: so the rule advises unless a stack
makes it mandatory, and no fix is applied by itself.

A missing property fails: Amazon MSK takes DEFAULT. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule, security_best_practices
from msk_policies.kit.settings import ChoiceSetting

_PROPERTY = "enhancedMonitoring"
_LEVELS = ("DEFAULT", "PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION")

_MINIMUM = ChoiceSetting(
    "minimumLevel", "The monitoring level that a cluster must have, or one above it.", _LEVELS, default="PER_TOPIC_PER_BROKER"
)


def _judge(props: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[str]:
    wanted = _MINIMUM.of(config)
    given = read(props, _PROPERTY)
    level = _LEVELS[0] if given is None or given == "" else given
    if level in _LEVELS and _LEVELS.index(str(level)) >= _LEVELS.index(wanted):
        return
    if given is None or given == "":
        state = f"is missing, so Amazon MSK uses {_LEVELS[0]}"
    else:
        state = f"is {level}" if level in _LEVELS else f"is none of {', '.join(_LEVELS)}"
    above = _LEVELS[_LEVELS.index(wanted) + 1 :]
    remedy = f"{wanted} or a level above it ({', '.join(above)})" if above else wanted
    yield f"Collect detailed metrics: {_PROPERTY} {state}. Set {_PROPERTY} to {remedy}."


POLICY = resource_rule(
    "enhanced-monitoring",
    display_name="Enhanced monitoring",
    description="An MSK cluster should publish metrics of its topics.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster has one set of metrics."},
    enforcement_level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
    settings=[_MINIMUM],
    framework=security_best_practices("MSK.2", "MSK clusters should have enhanced monitoring configured"),
    tags=[
        "msk",
        "monitoring",
        "MSK.2",
        "msk-enhanced-monitoring-enabled",
        "kafka_cluster_enhanced_monitoring_enabled",
    ],
    remediation_steps="Check what CloudWatch charges for the metrics of your topics, then raise enhancedMonitoring. The "
    "cluster changes in place.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-2",
)
