"""The Kafka server properties of a cluster."""

from __future__ import annotations

import pulumi
from pulumi_aws import msk

from components.cluster.guards import configuration_guard
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
        # Not what holds for some days only: the component would show a change.
        shown = {key: value for key, value in args.items() if key not in ("protect", "express", "acknowledged")}
        super().__init__(name, args, opts, shown=shown)
        resource_name = import_name(f"{name}-server", args.get("import_id"))
        options = import_options(resource_name, args)
        if args.get("protect"):
            # It holds no data itself, so that it stays unprotected; what it says decides about everybody's messages.
            guard = configuration_guard(name, express=bool(args.get("express")), acknowledged=args.get("acknowledged") or ())
            hooks = options.get("hooks") or pulumi.ResourceHookBinding()
            hooks.before_update = [*(hooks.before_update or []), guard]
            options["hooks"] = hooks
        configuration = msk.Configuration(
            resource_name,
            description=args["description"],
            server_properties=args["server_properties"],
            opts=self.child(**options),
        )
        self.arn = configuration.arn
        self.latest_revision = configuration.latest_revision
        self.register_outputs({"arn": self.arn, "latestRevision": self.latest_revision})
