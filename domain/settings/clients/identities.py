"""Who a client is: a role or a principal of IAM, a SCRAM user, or the subject of a certificate."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from domain.access.issuers import PROVIDER_ARN, provider_arn
from domain.access.mechanisms import Mechanism
from domain.access.principals import PRINCIPAL_ARN, principal_arn
from domain.access.subjects import LONGEST_SUBJECT, distinguished_name
from domain.forms import exactly_one, exactly_one_message, of_form
from domain.settings.types import Block, matching

ScramUserName = Annotated[
    str,
    matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "a user name of at most 64 letters, digits, dots, underscores and hyphens"),
]
DistinguishedName = Annotated[
    str,
    AfterValidator(distinguished_name),
    of_form(
        r"([A-Za-z]+|[0-9.]+)=[\s\S]*",
        "must be a certificate's subject as Kafka writes it, such as CN=orders,O=Example.",
        maxLength=LONGEST_SUBJECT,
    ),
]
PrincipalArn = Annotated[
    str,
    AfterValidator(principal_arn),
    of_form(PRINCIPAL_ARN, "must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/orders."),
]
OidcProviderArn = Annotated[
    str, AfterValidator(provider_arn), of_form(PROVIDER_ARN, "must be the ARN of the IAM OIDC provider of a Kubernetes cluster.")
]
ClusterOfPods = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
        "an Amazon EKS cluster's name: at most 100 letters, digits, hyphens and underscores, the first a letter or digit",
    ),
]
"""Amazon EKS API reference, ``CreateCluster``, ``name``."""
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
Namespace = Annotated[
    str, matching(_LABEL, "one Kubernetes namespace: at most 63 lower-case letters, digits and hyphens, with no dots and no *")
]
ServiceAccount = Annotated[
    str,
    matching(
        rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*",
        "one Kubernetes service account: at most 253 lower-case letters, digits, dots and hyphens, with no *",
    ),
]
"""Kubernetes documentation, "Object Names and IDs": a namespace is a DNS label, a service account a DNS subdomain."""


def only_one(block: Block, besides: tuple[str, ...] = ()) -> None:
    """At most and at least one of a block's fields is given, those beside them not counted."""
    fields = {name: field for name, field in type(block).model_fields.items() if name not in besides}
    given = [name for name in fields if getattr(block, name) is not None]
    if len(given) != 1:
        raise ValueError(exactly_one_message([field.alias or name for name, field in fields.items()]))


class Ec2(Block):
    """A role for EC2 instances: its instance profile is exported."""


class Ecs(Block):
    """A task role for Amazon ECS."""


class Lambda(Block):
    """An execution role for AWS Lambda."""


class EksPodIdentity(Block):
    """A role for pods of an Amazon EKS cluster that has the Pod Identity agent."""

    cluster: ClusterOfPods = Field(description="The EKS cluster's name.")
    namespace: Namespace = Field(description="The Kubernetes namespace.")
    service_account: ServiceAccount = Field(alias="serviceAccount", description="The Kubernetes service account.")


class Irsa(Block):
    """A role for a Kubernetes service account, through the cluster's OIDC provider."""

    oidc_provider: OidcProviderArn = Field(alias="oidcProvider", description="The IAM OIDC provider's ARN.")
    namespace: Namespace = Field(description="The Kubernetes namespace.")
    service_account: ServiceAccount = Field(alias="serviceAccount", description="The Kubernetes service account.")


class Role(Block):
    """An IAM role to create, for exactly one kind of place it runs in."""

    model_config = ConfigDict(json_schema_extra=exactly_one("ec2", "ecs", "lambda", "eksPodIdentity", "irsa"))

    ec2: Ec2 | None = Field(None, description="EC2 instances, with a new instance profile.")
    ecs: Ecs | None = Field(None, description="Amazon ECS tasks.")
    aws_lambda: Lambda | None = Field(None, alias="lambda", description="AWS Lambda functions.")
    eks_pod_identity: EksPodIdentity | None = Field(
        None, alias="eksPodIdentity", description="Amazon EKS pods with Pod Identity, with a new association."
    )
    irsa: Irsa | None = Field(None, description="A Kubernetes service account with an IAM OIDC provider.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        only_one(self)
        return self


class Identity(Block):
    """Who a client is: exactly one of the four."""

    model_config = ConfigDict(
        json_schema_extra={
            **exactly_one("role", "principal", "scramUser", "certificate"),
            "dependencies": {"nextScramUser": ["scramUser"]},
        }
    )

    role: Role | None = Field(None, description="An IAM role to create.")
    principal: PrincipalArn | None = Field(
        None, description="An existing IAM role or user of this account; policies are attached to it."
    )
    scram_user: ScramUserName | None = Field(
        None, alias="scramUser", description="A SCRAM user to create, with its password in Secrets Manager."
    )
    certificate: DistinguishedName | None = Field(
        None, description="The subject of its certificate, for mutual TLS; Kafka compares it exactly."
    )
    next_scram_user: ScramUserName | None = Field(
        None,
        alias="nextScramUser",
        description="For a password change: a second user with the same access, to switch to.",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        only_one(self, besides=("next_scram_user",))
        if self.next_scram_user is not None and self.next_scram_user == self.scram_user:
            raise ValueError("nextScramUser must differ from scramUser.")
        if self.next_scram_user is not None and self.scram_user is None:
            raise ValueError("nextScramUser needs scramUser.")
        return self

    @property
    def scram_users(self) -> tuple[str, ...]:
        """The SCRAM users that it is."""
        return tuple(user for user in (self.scram_user, self.next_scram_user) if user is not None)

    @property
    def mechanism(self) -> Mechanism:
        """How it proves who it is."""
        if self.scram_user is not None:
            return Mechanism.SCRAM
        return Mechanism.MUTUAL_TLS if self.certificate is not None else Mechanism.IAM
