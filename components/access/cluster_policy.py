"""What principals of other accounts may do with a cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import msk

from components.component import Component
from domain.access.cluster_policy import cluster_policy
from domain.access.documents import as_json
from domain.plan.access import ClusterPolicyIntent


class ClusterPolicyArgs(ClusterPolicyIntent):
    """Arguments of `ClusterPolicy`."""

    cluster_arn: pulumi.Input[str]
    """The cluster's ARN. Changing it replaces the policy."""


class ClusterPolicy(Component):
    """The cluster's resource policy. A cluster has one: whatever else set one loses it."""

    args_type = ClusterPolicyArgs
    module = "access"

    def __init__(self, name: str, args: ClusterPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, shown={**args, "clients": sorted(args["clients"])})
        msk.ClusterPolicy(
            f"{name}-policy",
            cluster_arn=args["cluster_arn"],
            policy=pulumi.Output.from_input(args["cluster_arn"]).apply(
                lambda arn: as_json(
                    cluster_policy(arn, accounts=args["accounts"], principals=args["principals"], clients=args["clients"])
                )
            ),
            opts=self.child(),
        )
        self.register_outputs({})
