"""No leader that lacks acknowledged messages.

Where every in-sync replica of a partition is away, unclean leader election lets one that lags become the leader: what
the others had and it has not is lost, though producers were told it is safe. Amazon MSK's default configuration allows it
on Standard brokers (MSK Developer Guide, "Default Amazon MSK configuration": unclean.leader.election.enable=true; false
with tiered storage). Complying costs availability in that one case: the partition waits for a replica that has everything.

Judged on the configuration that a Standard cluster uses and the same stack makes. Unknown values: a configuration whose
text is not known yet is only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.configurations import SERVER_PROPERTIES, UNCLEAN, not_false, used


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    for setup in used(cluster, stack):
        state = not_false(setup, UNCLEAN)
        if state:
            yield f"Do not elect leaders that lack messages: {UNCLEAN} {state}. Set {UNCLEAN}=false in {SERVER_PROPERTIES}."


POLICY = stack_rule(
    "no-unclean-leader-election",
    display_name="No unclean leader election",
    description="An MSK cluster should elect only in-sync replicas as leaders.",
    judges={CLUSTER: _judge},
    severity=Severity.HIGH,
    tags=["msk", "durability"],
    remediation_steps="Set unclean.leader.election.enable=false in the configuration's serverProperties. A new revision "
    "of the configuration restarts the brokers one after the other.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html",
)
