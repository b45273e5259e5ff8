"""The Kafka server properties of a cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import msk

from components.component import Component
from components.imports import import_name, import_options
from domain.plan.cluster import ConfigurationIntent


class KafkaConfigurationArgs(ConfigurationIntent):
    """Arguments of `KafkaConfiguration`."""


class KafkaConfiguration(Component):
    """An MSK configuration. New properties are a new revision of it, in place.

    It has no name of its own choice and no list of Kafka versions: either would replace it on change, and a configuration
    cannot be deleted while a cluster uses it.
    """

    args_type = KafkaConfigurationArgs
    module = "cluster"

    arn: pulumi.Output[str]
    """ARN of the configuration."""
    latest_revision: pulumi.Output[int]
    """The revision that the properties of this program have."""

    def __init__(self, name: str, args: KafkaConfigurationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        resource_name = import_name(f"{name}-server", args.get("import_id"))
        configuration = msk.Configuration(
            resource_name,
            description=args["description"],
            server_properties=args["server_properties"],
            opts=self.child(**import_options(resource_name, args)),
        )
        self.arn = configuration.arn
        self.latest_revision = configuration.latest_revision
        self.register_outputs({"arn": self.arn, "latestRevision": self.latest_revision})
