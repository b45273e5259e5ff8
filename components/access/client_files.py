"""A client's ready files in SSM Parameter Store, where the people and programs of its team find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

import pulumi
from pulumi_aws import ssm

from components.component import Component
from domain.access.parameters import client_path
from domain.clients.connection import ClientConnection
from domain.clients.files import render, render_to_fit
from domain.settings.clients import Format


class ClientFilesArgs(TypedDict):
    """Arguments of `ClientFiles`."""

    cluster_name: str
    """The cluster's name: part of each parameter's."""
    formats: Sequence[Format]
    """The libraries that it gets files for."""
    connection: ClientConnection
    """The client, without what only AWS knows: the brokers and the secret."""
    bootstrap: pulumi.Input[str]
    """All brokers, sorted."""
    secret_arn: pulumi.Input[str]
    """ARN of the secret with its password; empty where it has none."""
    tags: Mapping[str, str]
    """Tags of the parameters."""


class ClientFiles(Component):
    """A parameter for each file of its formats: `/msk/<cluster>/clients/<client>/<format>/<file>`. None holds a secret."""

    args_type = ClientFilesArgs
    module = "access"

    def __init__(self, name: str, args: ClientFilesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        connection = args["connection"]
        super().__init__(name, args, opts, shown={"client": connection.name, "mechanism": str(connection.mechanism)})
        known = pulumi.Output.all(bootstrap=args["bootstrap"], secret=args["secret_arn"])

        def text(wanted: Format, file: str) -> pulumi.Output[str]:
            return known.apply(
                lambda values: render_to_fit(
                    replace(connection, bootstrap=values["bootstrap"], secret=values["secret"]), wanted, file
                )
            )

        for wanted in args["formats"]:
            for file in render(connection, wanted):
                ssm.Parameter(
                    f"{name}-{wanted}-{file}",
                    name=f"{client_path(args['cluster_name'], connection.name)}/{wanted}/{file}",
                    description=f"Kafka client {connection.name} of {args['cluster_name']}",
                    type="String",
                    # Some files of large clusters are above the 4 KB of a standard parameter, and none is above 8 KB.
                    tier="Intelligent-Tiering",
                    # Nothing in it is secret, and a preview shows what changes.
                    insecure_value=text(wanted, file),
                    tags=args["tags"],
                    opts=self.child(),
                )
        self.register_outputs({})
