"""Alarms before a cluster has no CPU and no disk left.

AWS says to act at 60% of CPU and 85% of disk (MSK Developer Guide, "Best practices"). An alarm whose dimension is
misspelt never fires and never says so: Amazon MSK's is `Cluster Name`, with the space. Complying costs about 0.10 USD a month
for each alarm.

It advises by default: alarms may be made elsewhere. Unknown values: an alarm on a cluster whose name is not known yet is found by
what it was made from.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from msk_policies.kit.properties import elements, read_if_known
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.configurations import is_express

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_NAMESPACE = "AWS/Kafka"
_DIMENSION = "Cluster Name"
_CPU = frozenset({"CpuUser", "CpuSystem", "CpuIdle"})
_DISK = frozenset({"KafkaDataLogsDiskUsed", "StorageUsed"})


def _cluster(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    by_cluster = stack.once(_watched)
    name = read_if_known(cluster.props, "clusterName")
    watched = by_cluster.get(cluster.urn, frozenset()) | (
        by_cluster.get(name, frozenset()) if isinstance(name, str) else frozenset()
    )
    missing = [] if watched & _CPU else ["CPU (CpuUser and CpuSystem)"]
    if not is_express(cluster) and not watched & _DISK:
        missing.append("disk (KafkaDataLogsDiskUsed)")
    if missing:
        yield (
            f"Set alarms on CPU and disk: no alarm in this program watches {cluster.name}'s {' and '.join(missing)}. Add one in "
            f"the namespace {_NAMESPACE} with the dimension {_DIMENSION}."
        )


def _alarm(alarm: PolicyResource, _stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for path, metric in _metrics(alarm):
        dimensions = read_if_known(metric, "dimensions")
        if isinstance(dimensions, Mapping) and _DIMENSION not in list(dimensions):
            yield f"Use Amazon MSK's dimension name: {path}dimensions has no {_DIMENSION}. Add it to {path}dimensions."


def _metrics(alarm: PolicyResource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The metrics of Amazon MSK that an alarm watches, each with the path before its properties."""
    candidates: list[tuple[str, object]] = [("", alarm.props)]
    for index, query in enumerate(elements(read_if_known(alarm.props, "metricQueries"))):
        if isinstance(query, Mapping):
            candidates.append((f"metricQueries[{index}].metric.", read_if_known(query, "metric")))
    for path, metric in candidates:
        if isinstance(metric, Mapping) and read_if_known(metric, "namespace") == _NAMESPACE:
            yield path, metric


def _watched(stack: Stack) -> dict[str, frozenset[str]]:
    """The metrics that alarms watch, by the name of the cluster, or by its URN where the name was made from the cluster."""
    watched_by: dict[str, frozenset[str]] = {}
    for alarm in stack.of_type(_ALARM):
        for path, metric in _metrics(alarm):
            watched = read_if_known(metric, "metricName")
            for cluster in _clusters(alarm, path, metric) if isinstance(watched, str) else ():
                watched_by[cluster] = watched_by.get(cluster, frozenset()) | {str(watched)}
    return watched_by


def _clusters(alarm: PolicyResource, path: str, metric: Mapping[str, Any]) -> list[str]:
    name = read_if_known(metric, f"dimensions.{_DIMENSION}")
    if isinstance(name, str):
        return [name]
    dimensions = read_if_known(metric, "dimensions")
    if isinstance(dimensions, Mapping) and _DIMENSION not in list(dimensions):
        return []
    made_from = alarm.property_dependencies.get("metricQueries" if path else "dimensions", ())
    return [dependency.urn for dependency in made_from]


POLICY = stack_rule(
    "cluster-alarms",
    display_name="Alarms on CPU and disk",
    description="An MSK cluster should have alarms on CPU and disk that can fire.",
    judges={CLUSTER: _cluster, _ALARM: _alarm},
    severity=Severity.MEDIUM,
    enforcement_level=EnforcementLevel.ADVISORY,
    tags=["msk", "monitoring"],
    remediation_steps="Add metric alarms in AWS/Kafka on CpuUser + CpuSystem and on KafkaDataLogsDiskUsed, with the dimensions "
    "Cluster Name and Broker ID.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
)
