"""The clients of a cluster: identity, permissions and ready files of each, from one entry."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.access.client_files import ClientFiles
from components.access.client_role import ClientAccess
from components.access.scram_user import ScramUser
from components.component import Component
from domain.access.mechanisms import Mechanism
from domain.access.parameters import client_path
from domain.clients.plan import bootstrap_output, connection_of, reach_of, shown_access
from domain.plan.access import ClientsIntent
from domain.settings.clients import Identity


class KafkaClientsArgs(ClientsIntent):
    """Arguments of `KafkaClients`."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster."""
    brokers: Mapping[str, pulumi.Input[str]]
    """All brokers by the name of the cluster's bootstrap output."""
    secrets_key_arn: pulumi.Input[str]
    """ARN of the key of SCRAM users' secrets; empty where there are none."""


class KafkaClients(Component):
    """Everything that the clients of a stack file need beside the security group's rules."""

    args_type = KafkaClientsArgs
    module = "access"

    known: dict[str, dict[str, pulumi.Input[str]]]
    """What each client is and has, by its name: mechanism, principal or secret, and where its files are."""

    def __init__(self, name: str, args: KafkaClientsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        shown = {
            "clusterArn": args["cluster_arn"],
            "clients": sorted(args["clients"]),
            # Of SCRAM users and certificates no resource says what they may do: Amazon MSK has no API for Kafka ACLs.
            "access": {client: shown_access(entry) for client, entry in sorted(args["clients"].items()) if entry.identity},
        }
        super().__init__(name, args, opts, shown=shown)
        self.known = {}
        for client, entry in sorted(args["clients"].items()):
            identity = entry.identity
            if identity is None:
                continue
            mechanism = identity.mechanism
            about: dict[str, pulumi.Input[str]] = {"mechanism": str(mechanism)}
            secret: pulumi.Input[str] = ""
            foreign = identity.principal in args["elsewhere"]
            if foreign:
                about["principalArn"] = identity.principal or ""
            elif mechanism is Mechanism.IAM:
                about |= self._iam(f"{name}-{client}", client, identity, args)
            for user in identity.scram_users:
                # Keyed by the user: the next one becomes the one without being made again.
                scram_user = ScramUser(
                    f"{name}-{client}-{user}",
                    {
                        "cluster_arn": args["cluster_arn"],
                        "cluster_name": args["cluster_name"],
                        "user": user,
                        "secrets_key_arn": args["secrets_key_arn"],
                        "tags": args["tags"],
                    },
                    self.child(),
                )
                current = user == identity.scram_user
                about["secretArn" if current else "nextSecretArn"] = scram_user.secret_arn
                secret = scram_user.secret_arn if current else secret
            output = bootstrap_output(mechanism, args["listeners"], reach_of(entry, elsewhere=foreign))
            if output is not None:
                ClientFiles(
                    f"{name}-{client}-files",
                    {
                        "cluster_name": args["cluster_name"],
                        "formats": entry.ready_formats,
                        "connection": connection_of(
                            client, entry, mechanism, bootstrap="", region=args["region"], limits=args.get("limits")
                        ),
                        "bootstrap": args["brokers"][output],
                        "secret_arn": secret,
                        "tags": args["tags"],
                    },
                    self.child(),
                )
                about["files"] = client_path(args["cluster_name"], client)
            self.known[client] = about
        self.register_outputs({"clients": self.known})

    def _iam(self, name: str, client: str, identity: Identity, args: KafkaClientsArgs) -> dict[str, pulumi.Input[str]]:
        access = ClientAccess(
            name,
            {
                "region": args["region"],
                "cluster_arn": args["cluster_arn"],
                "cluster_name": args["cluster_name"],
                "serverless": args.get("serverless", False),
                "client": client,
                "identity": identity,
                "access": args["clients"][client].access,
                "tags": args["tags"],
            },
            self.child(),
        )
        profile = {"instanceProfile": access.instance_profile} if access.instance_profile is not None else {}
        return {"principalArn": access.principal_arn, **profile}
