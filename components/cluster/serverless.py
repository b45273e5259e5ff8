"""The cluster itself where it is Serverless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import msk

from components.component import Component
from domain.msk.listeners import hosts_of, sorted_bootstrap
from domain.plan.serverless import ServerlessIntent


class ServerlessClusterArgs(ServerlessIntent):
    """Arguments of `ServerlessCluster`."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Two to six subnets of the stack's own VPC, each in another zone."""
    security_group_id: pulumi.Input[str]
    """The security group of the cluster in that VPC."""


class ServerlessCluster(Component):
    """An Amazon MSK Serverless cluster, with the outputs of `KafkaCluster` as far as it has them.

    Clients sign in with IAM, its only mechanism, at one name. AWS changes nothing of it in place but its tags.
    """

    args_type = ServerlessClusterArgs
    module = "cluster"

    cluster: pulumi.CustomResource
    """The cluster as pulumi-aws has it."""
    arn: pulumi.Output[str]
    """The cluster's ARN."""
    cluster_name: pulumi.Output[str]
    """The cluster's name."""
    bootstrap: dict[str, pulumi.Output[str]]
    """Its one bootstrap string by the name of the output that a provisioned cluster has it in."""
    brokers: dict[str, pulumi.Output[str]]
    """The same: nobody sees its brokers."""
    hosts: pulumi.Output[list[str]]
    """Its host name, without the port."""
    exports: Mapping[str, object]
    """What the stack exports of it. AWS does not tell its Kafka version."""

    def __init__(self, name: str, args: ServerlessClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, shown={**args, "listeners": [str(listener) for listener in args["listeners"]]})
        own = msk.ServerlessClusterVpcConfigArgs(subnet_ids=args["subnet_ids"], security_group_ids=[args["security_group_id"]])
        others = [
            msk.ServerlessClusterVpcConfigArgs(subnet_ids=vpc["subnet_ids"], security_group_ids=vpc["security_group_ids"])
            for vpc in args["client_vpcs"].values()
        ]
        self.cluster = cluster = msk.ServerlessCluster(
            f"{name}-msk",
            cluster_name=args["cluster_name"],
            client_authentication=msk.ServerlessClusterClientAuthenticationArgs(
                sasl=msk.ServerlessClusterClientAuthenticationSaslArgs(
                    iam=msk.ServerlessClusterClientAuthenticationSaslIamArgs(enabled=True)
                )
            ),
            vpc_configs=[own, *others],
            tags=args["tags"],
            opts=self.child(protect=args["protect"]),
        )
        self.arn = cluster.arn
        self.cluster_name = cluster.cluster_name
        (listener,) = args["listeners"]
        self.bootstrap = {str(listener.bootstrap_output): cluster.bootstrap_brokers_sasl_iam.apply(sorted_bootstrap)}
        self.brokers = self.bootstrap
        self.exports = {
            "clusterArn": self.arn,
            "clusterName": self.cluster_name,
            "bootstrap": self.bootstrap,
            "brokers": self.brokers,
        }
        self.hosts = cluster.bootstrap_brokers_sasl_iam.apply(hosts_of)
        self.register_outputs({"arn": self.arn, "bootstrap": self.bootstrap, "brokers": self.brokers})
