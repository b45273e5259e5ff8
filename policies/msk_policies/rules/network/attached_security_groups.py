"""Security groups that something uses.

A group that nothing uses waits to be attached to something by mistake, with whatever rules it had once. Complying costs
removing it.

A group may be used by what another program makes, which no policy can see: so the rule advises only. Unknown values: what
uses a group is found by what it was made from, which is known in a preview too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.network.openings import SECURITY_GROUP, used


def _judge(group: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    if group.urn not in stack.once(used):
        yield f"Use the security group or remove it: nothing in this program uses {group.name}. Attach it to a resource."


POLICY = stack_rule(
    "attached-security-groups",
    display_name="Attached security groups",
    description="A security group should be in use.",
    judges={SECURITY_GROUP: _judge},
    severity=Severity.LOW,
    enforcement_level=EnforcementLevel.ADVISORY,
    tags=["network", "CKV2_AWS_5"],
    remediation_steps="Attach the group, or remove it; exempt a group that another program uses.",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
)
