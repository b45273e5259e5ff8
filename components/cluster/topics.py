"""The topics of a cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import msk

from components.cluster.guards import GuardRefusedError
from components.component import Component
from domain.guards.topics import refusals_on_topic_update
from domain.plan.cluster import TopicsIntent


class KafkaTopicsArgs(TopicsIntent):
    """Arguments of `KafkaTopics`."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster."""


class KafkaTopics(Component):
    """Topics, made through AWS's own API: nothing needs to reach the brokers. Each is keyed by its name."""

    args_type = KafkaTopicsArgs
    module = "cluster"

    def __init__(self, name: str, args: KafkaTopicsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        shown = {"clusterArn": args["cluster_arn"], "topics": [topic.name for topic in args["topics"]]}
        super().__init__(name, args, opts, shown=shown)

        def before_update(update: pulumi.ResourceHookArgs) -> None:
            old, new = update.old_inputs or {}, update.new_inputs or {}
            refusals = refusals_on_topic_update(old, new, version=args["kafka_version"])
            if refusals:
                raise GuardRefusedError(refusals)

        guard = pulumi.ResourceHook(f"{name}-before-update", before_update, opts=pulumi.ResourceHookOptions(on_dry_run=True))
        for topic in args["topics"]:
            msk.Topic(
                f"{name}-{topic.name}",
                cluster_arn=args["cluster_arn"],
                name=topic.name,
                partition_count=topic.partitions,
                replication_factor=topic.replication_factor,
                configs=topic.configs,
                opts=self.child(protect=args["protect"], hooks=pulumi.ResourceHookBinding(before_update=[guard])),
            )
        self.register_outputs({"topics": [topic.name for topic in args["topics"]]})
