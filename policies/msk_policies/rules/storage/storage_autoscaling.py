"""Volumes that grow before they are full.

A Standard broker whose volume is full stops, and the others that hold the same partitions follow soon. Nothing in Amazon MSK
grows volumes by itself: it takes a scalable target and a target tracking policy of Application Auto Scaling (MSK Developer
Guide, "Automatic scaling for Amazon MSK clusters"). Complying costs nothing until a volume grows; then the gibibytes, and
volumes never shrink.

Unknown values: a target and its policy are found by what they were made from, which is known in a preview too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.judges import NotApplicableError
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.storage_scaling import SUSPENDED, VOLUME_SIZE, has_volumes, scaled, suspended, targets


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if not has_volumes(cluster):
        message = "Express brokers have no volumes that could fill up."
        raise NotApplicableError(message)
    if not targets(cluster, stack):
        state = "has no aws.appautoscaling.Target"
    elif suspended(cluster, stack):
        yield (
            f"Let the brokers' volumes grow: {SUSPENDED} of the scalable target of {cluster.name} is true. "
            f"Set {SUSPENDED} to false."
        )
        return
    elif not scaled(cluster, stack):
        state = "has an aws.appautoscaling.Target but no aws.appautoscaling.Policy that tracks the use of storage"
    else:
        return
    yield (
        f"Let the brokers' volumes grow: {VOLUME_SIZE} of {cluster.name} {state}. Add both, with the cluster's ARN as "
        "resourceId and the dimension kafka:broker-storage:VolumeSize."
    )


POLICY = stack_rule(
    "storage-autoscaling",
    display_name="Storage autoscaling",
    description="The brokers' volumes of an MSK cluster should grow by themselves.",
    judges={CLUSTER: _judge},
    severity=Severity.MEDIUM,
    tags=["msk", "storage", "availability"],
    remediation_steps="Add an aws.appautoscaling.Target and an aws.appautoscaling.Policy with the metric "
    "KafkaBrokerStorageUtilization. In ap-northeast-3 Amazon MSK has no automatic scaling: exempt the cluster there.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html",
)
