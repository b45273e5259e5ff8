"""Customer keys: one for the brokers' data, one for users' secrets, one for logs and alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws import kms

from components.component import Component, named
from components.place import place
from domain.iam_documents import (
    Document,
    Place,
    as_json,
    data_key_policy,
    secrets_key_policy,
    telemetry_key_policy,
)

CREATE = "create"
"""Instead of a key's ARN: make one."""

_DELETION_WINDOW_DAYS = 30
"""The longest that AWS KMS has: nothing encrypted with a deleted key can be read again."""


class LogBucketKey(TypedDict, total=False):
    """What else the telemetry key is for; left out where nothing is."""

    log_bucket: bool
    """Whether logs are delivered to a bucket that is encrypted with the telemetry key."""
    alarms: bool
    """Whether alarms are published to topics that are encrypted with the telemetry key."""
    prometheus: bool
    """Whether a workspace of Amazon Managed Service for Prometheus is encrypted with the telemetry key."""


class EncryptionKeysArgs(LogBucketKey):
    """Arguments of `EncryptionKeys`."""

    region: str
    """The region, such as eu-west-1."""
    title: str
    """What the keys are for, in their descriptions and Name tags: the cluster's name."""
    data_key: str
    """"create", or the ARN of a key for the brokers' volumes."""
    secrets_key: str
    """"create", or the ARN of a key for SCRAM users' secrets; empty: there is none."""
    telemetry_key: str
    """"create", or the ARN of a key for log groups."""
    log_group_patterns: Sequence[str]
    """Names of the log groups that may use the telemetry key; * stands for anything."""
    protect: bool
    """Refuse to delete the keys."""
    tags: Mapping[str, str]
    """Tags of each key."""


class EncryptionKeys(Component):
    """Three keys, for whoever may read a SCRAM secret shall not be able to decrypt the brokers' data.

    Each is rotated every year, has an alias, and a policy that lets administrators manage it and only the service use it.
    """

    args_type = EncryptionKeysArgs
    module = "encryption"

    data_key_arn: pulumi.Output[str]
    """ARN of the key of the brokers' volumes."""
    secrets_key_arn: pulumi.Output[str] | None
    """ARN of the key of users' secrets; None when none was asked for."""
    telemetry_key_arn: pulumi.Output[str]
    """ARN of the key of log groups."""

    def __init__(self, name: str, args: EncryptionKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        here = place(args["region"], self)

        def key(role: str, choice: str, purpose: str, policy: Callable[[Place], Document]) -> pulumi.Output[str]:
            if choice != CREATE:
                return pulumi.Output.from_input(choice)
            made = kms.Key(
                f"{name}-{role}",
                description=f"{args['title']}: {purpose}",
                enable_key_rotation=True,
                deletion_window_in_days=_DELETION_WINDOW_DAYS,
                policy=here.apply(lambda where: as_json(policy(where))),
                tags=named(args["tags"], f"{args['title']}-{role}"),
                opts=self.child(protect=args["protect"]),
            )
            kms.Alias(f"{name}-{role}", target_key_id=made.key_id, opts=self.child())
            return made.arn

        self.data_key_arn = key("data", args["data_key"], "data of the Kafka brokers", data_key_policy)
        secrets = args["secrets_key"]
        self.secrets_key_arn = key("secrets", secrets, "secrets of the Kafka users", secrets_key_policy) if secrets else None
        self.telemetry_key_arn = key(
            "telemetry",
            args["telemetry_key"],
            "logs of the Kafka platform",
            lambda where: telemetry_key_policy(
                where,
                args["log_group_patterns"],
                log_bucket=args.get("log_bucket", False),
                alarms=args.get("alarms", False),
                prometheus=args.get("prometheus", False),
            ),
        )
        self.register_outputs(
            {
                "dataKeyArn": self.data_key_arn,
                "secretsKeyArn": self.secrets_key_arn,
                "telemetryKeyArn": self.telemetry_key_arn,
            }
        )
