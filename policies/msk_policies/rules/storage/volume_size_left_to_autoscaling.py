"""A volume size that deployments leave to storage autoscaling.

Once a volume has grown, the size in the program is smaller than the size in AWS, and the next deployment asks for the old
one: Amazon MSK never shrinks a volume and refuses the update, with everything else in it. The resource option ignoreChanges
leaves the size alone. Complying costs a step on purpose for those who want larger volumes at once: taking the option off.

The option may have the path in any notation that Pulumi takes, or the path of a block around it. Unknown values: none; options
are always known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.property_paths import covers
from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.storage_scaling import VOLUME_SIZE, targets


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if not targets(cluster, stack):
        return
    if not any(covers(path, VOLUME_SIZE) for path in cluster.opts.ignore_changes):
        yield (
            f"Leave the volumes' size to storage autoscaling: {VOLUME_SIZE} of {cluster.name} is not in the resource "
            f"option ignoreChanges. Add {VOLUME_SIZE} to ignoreChanges."
        )


POLICY = stack_rule(
    "volume-size-left-to-autoscaling",
    display_name="Volume size left to autoscaling",
    description="A deployment should not reset the volume size of an MSK cluster after its volumes grew.",
    judges={CLUSTER: _judge},
    severity=Severity.MEDIUM,
    tags=["msk", "storage"],
    remediation_steps="Add brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize to the cluster's ignoreChanges. "
    "Nothing changes in AWS.",
    url="https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
)
