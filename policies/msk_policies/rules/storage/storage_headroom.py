"""Room to grow for volumes that scale by themselves.

A scalable target whose maximum is about the size that the volumes have does nothing: Amazon MSK adds 10% or 10 GiB at
least, whichever is more, and at most once in six hours (MSK Developer Guide, "Automatic scaling for Amazon MSK clusters").
Complying costs nothing until a volume grows.

Unknown values: only advised on in a preview; the deployment judges them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.properties import read, whole
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.settings import WholeNumberSetting
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.storage_scaling import MAXIMUM, TARGET, VOLUME_SIZE, scales_volumes

_PERCENT = 100
_HEADROOM = WholeNumberSetting(
    "headroomPercent", "How much larger than the volumes maxCapacity must be, in percent.", default=25, minimum=10
)


def _judge(target: PolicyResource, stack: Stack, config: Mapping[str, Any]) -> Iterator[str]:
    if not scales_volumes(target):
        return
    for cluster in stack.referred(target, "resourceId", CLUSTER):
        size = whole(read(cluster.props, VOLUME_SIZE))
        if size is None or size <= 0:
            continue  # nothing to compare with; a Standard cluster without a volume size is refused by AWS
        wanted = -(-size * (_PERCENT + _HEADROOM.of(config)) // _PERCENT)
        maximum = whole(read(target.props, MAXIMUM))
        if maximum is None or maximum < wanted:
            state = "is not a whole number" if maximum is None else f"is {maximum}"
            yield (
                f"Leave the volumes room to grow: {MAXIMUM} {state}, with volumes of {size} GiB. "
                f"Set {MAXIMUM} to {wanted} or more."
            )


POLICY = stack_rule(
    "storage-headroom",
    display_name="Room for storage to grow",
    description="maxCapacity of storage autoscaling should be well above the size of the brokers' volumes.",
    judges={TARGET: _judge},
    severity=Severity.MEDIUM,
    settings=[_HEADROOM],
    tags=["msk", "storage", "availability"],
    remediation_steps="Raise maxCapacity of the scalable target. It changes in place and costs nothing until a volume grows.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html",
)
