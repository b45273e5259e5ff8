"""Customer keys: one for the brokers' data, one for users' secrets, one for logs and alarms."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
from pulumi_aws import kms

from components.component import Component, named, place
from domain.access.documents import Document, Place, as_json
from domain.access.key_policies import data_key_policy, secrets_key_policy, telemetry_key_policy
from domain.plan.cluster import KeysIntent
from domain.settings.types import CREATE

_DELETION_WINDOW_DAYS = 30
"""The longest that AWS KMS has: nothing encrypted with a deleted key can be read again."""


class EncryptionKeysArgs(KeysIntent):
    """Arguments of `EncryptionKeys`."""


class EncryptionKeys(Component):
    """Three keys, for whoever may read a SCRAM secret shall not be able to decrypt the brokers' data.

    Each is rotated every year, has an alias, and a policy that lets administrators manage it and only the service use it.
    """

    args_type = EncryptionKeysArgs
    module = "cluster"

    data_key_arn: pulumi.Output[str] | None
    """ARN of the key of the brokers' volumes; None when none was asked for."""
    secrets_key_arn: pulumi.Output[str] | None
    """ARN of the key of users' secrets; None when none was asked for."""
    telemetry_key_arn: pulumi.Output[str]
    """ARN of the key of log groups."""
    arns: dict[str, pulumi.Output[str]]
    """ARN of each key that there is, by what it is for: data, secrets, telemetry."""

    def __init__(self, name: str, args: EncryptionKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        here = place(args["region"], self)

        def key(role: str, choice: str, purpose: str, policy: Callable[[Place], Document]) -> pulumi.Output[str]:
            if choice != CREATE:
                return pulumi.Output.from_input(choice)
            kms_key = kms.Key(
                f"{name}-{role}",
                description=f"{args['title']}: {purpose}",
                enable_key_rotation=True,
                deletion_window_in_days=_DELETION_WINDOW_DAYS,
                policy=here.apply(lambda where: as_json(policy(where))),
                tags=named(args["tags"], f"{args['title']}-{role}"),
                opts=self.child(protect=args["protect"]),
            )
            kms.Alias(f"{name}-{role}", target_key_id=kms_key.key_id, opts=self.child())
            return kms_key.arn

        data, secrets = args["data_key"], args["secrets_key"]
        self.data_key_arn = key("data", data, "data of the Kafka brokers", data_key_policy) if data else None
        self.secrets_key_arn = key("secrets", secrets, "secrets of the Kafka users", secrets_key_policy) if secrets else None
        self.telemetry_key_arn = key(
            "telemetry",
            args["telemetry_key"],
            "logs of the Kafka platform",
            lambda where: telemetry_key_policy(
                where,
                args["log_group_patterns"],
                log_bucket=bool(args.get("log_bucket")),
                alarms=bool(args.get("alarms")),
                prometheus=bool(args.get("prometheus")),
            ),
        )
        keys = {"data": self.data_key_arn, "secrets": self.secrets_key_arn, "telemetry": self.telemetry_key_arn}
        self.arns = {role: arn for role, arn in keys.items() if arn is not None}
        self.register_outputs(
            {
                "dataKeyArn": self.data_key_arn,
                "secretsKeyArn": self.secrets_key_arn,
                "telemetryKeyArn": self.telemetry_key_arn,
            }
        )
