"""A SCRAM user: its password, the secret that holds it, and the cluster that lets it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_random as random
from pulumi_aws import msk, secretsmanager

from components.component import Component
from domain.access.documents import as_json
from domain.access.scram import SECRET_PREFIX, scram_secret_policy

_PASSWORD_LENGTH = 40


class ScramUserArgs(TypedDict):
    """Arguments of `ScramUser`."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster."""
    cluster_name: str
    """The cluster's name: part of the secret's."""
    user: str
    """The user's name."""
    secrets_key_arn: pulumi.Input[str]
    """ARN of a customer key: Amazon MSK takes no secret that is encrypted with AWS's own."""
    tags: Mapping[str, str]
    """Tags of the secret."""


class ScramUser(Component):
    """A user that proves who it is with a password nobody has seen.

    The password has letters and digits only: what has a meaning to JAAS, a shell or a URL is never in it. A deleted secret keeps
    its name for the days in which it can be recovered, so each name ends in something of its own.
    """

    args_type = ScramUserArgs
    module = "access"

    secret_arn: pulumi.Output[str]
    """ARN of the secret with `username` and `password`."""

    def __init__(self, name: str, args: ScramUserArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        password = random.RandomPassword(f"{name}-password", length=_PASSWORD_LENGTH, special=False, opts=self.child())
        suffix = random.RandomString(f"{name}-suffix", length=6, special=False, upper=False, opts=self.child())
        secret = secretsmanager.Secret(
            f"{name}-secret",
            name=pulumi.Output.concat(SECRET_PREFIX, args["cluster_name"], "_", args["user"], "_", suffix.result),
            description=f"Kafka user {args['user']} of {args['cluster_name']}",
            kms_key_id=args["secrets_key_arn"],
            tags=args["tags"],
            opts=self.child(),
        )
        version = secretsmanager.SecretVersion(
            f"{name}-secret",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps({"username": args["user"], "password": password.result}),
            opts=self.child(),
        )
        # Amazon MSK puts this policy there itself; written down, it is no drift.
        policy = secretsmanager.SecretPolicy(
            f"{name}-secret",
            secret_arn=secret.arn,
            policy=secret.arn.apply(lambda arn: as_json(scram_secret_policy(arn))),
            opts=self.child(),
        )
        # Not the association that owns the whole list: it would throw out every user that somebody else made.
        msk.SingleScramSecretAssociation(
            f"{name}-association",
            cluster_arn=args["cluster_arn"],
            secret_arn=secret.arn,
            opts=self.child(depends_on=[version, policy]),
        )
        self.secret_arn = secret.arn
        self.register_outputs({"secretArn": self.secret_arn})
