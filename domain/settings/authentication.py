"""The stack file's block `authentication`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import ConfigDict, Field, model_validator

from domain.forms import exactly_one, required
from domain.msk.certificate_authority import Mode
from domain.settings.types import Block, CertificateAuthorityArn, NewCertificateAuthority


class Iam(Block):
    """IAM access control: SASL/IAM, and OAUTHBEARER through the AWS signers."""


class Scram(Block):
    """SASL/SCRAM-SHA-512 with users in Secrets Manager."""


_MODE_OF_NONE = "has a certificateAuthorityMode, which applies to a new CA only. Remove it."


class MutualTls(Block):
    """Mutual TLS: clients show a certificate."""

    model_config = ConfigDict(
        json_schema_extra={
            **exactly_one("certificateAuthority", "certificateAuthorityArns"),
            "dependencies": {"certificateAuthorityMode": required("certificateAuthority", message=_MODE_OF_NONE)},
        }
    )

    certificate_authority: NewCertificateAuthority | None = Field(
        None,
        alias="certificateAuthority",
        description="create: a new AWS Private CA of this stack signs client certificates. AWS charges it by the month.",
    )
    certificate_authority_mode: Mode = Field(
        "GENERAL_PURPOSE",
        alias="certificateAuthorityMode",
        description="Mode of the new CA: SHORT_LIVED_CERTIFICATE costs less, and its certificates last seven days at most. "
        "Changing it replaces the CA.",
    )
    certificate_authority_arns: list[CertificateAuthorityArn] | None = Field(
        None,
        alias="certificateAuthorityArns",
        min_length=1,
        description="ARNs of existing AWS Private CAs that sign client certificates, instead of a new CA.",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.certificate_authority is None) == (self.certificate_authority_arns is None):
            raise ValueError(
                "must have exactly one of certificateAuthority (create: a new AWS Private CA) and certificateAuthorityArns "
                "(existing CAs)."
            )
        if self.certificate_authority is None and "certificate_authority_mode" in self.model_fields_set:
            raise ValueError(_MODE_OF_NONE)
        return self


class Authentication(Block):
    """How clients prove who they are. Several mechanisms may be on at once; with none given, IAM is."""

    iam: Iam | None = Field(None, description="IAM access control; on by default if no other mechanism is set.")
    scram: Scram | None = Field(None, description="User name and password (SASL/SCRAM-SHA-512).")
    tls: MutualTls | None = Field(None, description="Client certificates (mutual TLS).")
    unauthenticated: bool = Field(False, description="Clients without any identity. The policy pack refuses this.")

    @model_validator(mode="before")
    @classmethod
    def _iam_unless_something_else_is_asked_for(cls, value: object) -> object:
        if isinstance(value, Mapping) and not {"iam", "scram", "tls"} & set(value) and not value.get("unauthenticated"):
            return {**value, "iam": {}}
        return value
