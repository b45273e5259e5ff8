"""The topics of a cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import msk

from components.cluster.guards import topic_guard
from components.component import Component
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
        guard = topic_guard(
            name,
            args["server_properties"],
            version=args["kafka_version"],
            protect=args["protect"],
            acknowledged=args["acknowledged"],
        )
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
