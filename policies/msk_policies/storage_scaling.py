"""Storage autoscaling of MSK clusters: which of a stack's scalable targets and policies belong to a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msk_policies.configurations import is_express
from msk_policies.properties import read_if_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_policy import PolicyResource

    from msk_policies.stack import Stack

TARGET: Final = "aws:appautoscaling/target:Target"
POLICY: Final = "aws:appautoscaling/policy:Policy"
VOLUME_SIZE: Final = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
MAXIMUM: Final = "maxCapacity"
_DIMENSION: Final = "kafka:broker-storage:VolumeSize"


def targets(cluster: PolicyResource, stack: Stack) -> Sequence[PolicyResource]:
    """The scalable targets of a cluster's broker volumes."""
    return [target for target in stack.referring(cluster, "resourceId", TARGET) if _scales_volumes(target)]


def scaled(cluster: PolicyResource, stack: Stack) -> bool:
    """Whether a scaling policy lets a cluster's broker volumes grow."""
    return any(
        _scales_volumes(policy)
        for subject in (cluster, *targets(cluster, stack))
        for policy in stack.referring(subject, "resourceId", POLICY)
        if subject is not cluster or targets(cluster, stack)
    )


def has_volumes(cluster: PolicyResource) -> bool:
    """Whether a cluster's brokers have volumes at all: Express brokers have none."""
    return not is_express(cluster)


def _scales_volumes(resource: PolicyResource) -> bool:
    """What is known only in deployment is taken to be the dimension: an MSK cluster has no other."""
    return read_if_known(resource.props, "scalableDimension") in (_DIMENSION, None)
