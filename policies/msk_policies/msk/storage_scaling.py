"""Storage autoscaling of MSK clusters: which of a stack's scalable targets and policies belong to a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.kit.properties import UnknownValueError, read, read_if_known
from msk_policies.msk.configurations import is_express
from msk_policies.msk.facts import fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_policy import PolicyResource

    from msk_policies.kit.stack import Stack

TARGET: Final = "aws:appautoscaling/target:Target"
POLICY: Final = "aws:appautoscaling/policy:Policy"
VOLUME_SIZE: Final = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
MAXIMUM: Final = "maxCapacity"
SUSPENDED: Final = "suspendedState.dynamicScalingOutSuspended"
_TARGET_ID: Final = "scalingTargetId"
"""How a policy of the aws-native provider may name its target."""
_TRACKING: Final = "targetTrackingScalingPolicyConfiguration"
_KIND: Final = "TargetTrackingScaling"
_METRIC: Final = "KafkaBrokerStorageUtilization"
_LOWEST, _HIGHEST = fact("storage", "targetUtilization").value
_DIMENSION: Final = "kafka:broker-storage:VolumeSize"


def targets(cluster: PolicyResource, stack: Stack) -> Sequence[PolicyResource]:
    """The scalable targets of a cluster's broker volumes."""
    return [target for target in stack.referring(cluster, "resourceId", TARGET) if scales_volumes(target)]


def suspended(cluster: PolicyResource, stack: Stack) -> bool:
    """Whether scaling out is suspended for every target of a cluster, so that no policy lets its volumes grow."""
    found = targets(cluster, stack)
    return bool(found) and all(read_if_known(target.props, SUSPENDED) is True for target in found)


def scaled(cluster: PolicyResource, stack: Stack) -> bool:
    """Whether a scaling policy lets a cluster's broker volumes grow in time: one that names the cluster, or its target."""
    found = targets(cluster, stack)
    policies = [
        *(policy for subject in (cluster, *found) for policy in stack.referring(subject, "resourceId", POLICY)),
        *(policy for target in found for policy in stack.referring(target, _TARGET_ID, POLICY)),
    ]
    return any(scales_volumes(policy) and _in_time(policy) for policy in policies)


def _in_time(policy: PolicyResource) -> bool:
    """Whether a policy tracks the use of storage, to a target that Amazon MSK takes; what is not known yet may be so."""
    try:
        kind = read(policy.props, "policyType")
        metric = read(policy.props, f"{_TRACKING}.predefinedMetricSpecification.predefinedMetricType")
        target = read(policy.props, f"{_TRACKING}.targetValue")
    except UnknownValueError:
        return True
    percent = isinstance(target, int | float) and not isinstance(target, bool) and _LOWEST <= target <= _HIGHEST
    return kind == _KIND and metric == _METRIC and percent


def has_volumes(cluster: PolicyResource) -> bool:
    """Whether a cluster's brokers have volumes at all: Express brokers have none."""
    return not is_express(cluster)


def scales_volumes(resource: PolicyResource) -> bool:
    """Whether a scalable target or a policy is about broker volumes.

    A dimension that is known only in deployment is taken to be theirs: an MSK cluster has no other.
    """
    return read_if_known(resource.props, "scalableDimension") in (_DIMENSION, None)
