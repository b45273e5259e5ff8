"""What must hold between authentication, encryption and public access."""

from __future__ import annotations

from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.msk.certificate_authority import SHORT_LIVED_DAYS
from domain.msk.versions import (
    KAFKA_VERSIONS,
    supports_public_access,
)
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.stack import StackSettings


@checks("authentication", "encryption.clientBroker")
def _in_transit(plan: Plan) -> Iterator[Problem]:
    """MSK Developer Guide, "Update security": which authentication goes with which client-broker encryption."""
    settings = plan.settings
    authentication, mode = settings.authentication, settings.encryption.client_broker
    if mode == "TLS":
        return
    path = ("encryption", "clientBroker")
    needs_tls = [name for name, on in (("iam", authentication.iam), ("scram", authentication.scram)) if on is not None]
    if mode == "PLAINTEXT" and authentication.tls is not None:
        needs_tls.append("tls")
    if needs_tls:
        listed = " and ".join(f"authentication.{name}" for name in needs_tls)
        yield Problem(path, mode, f"conflicts with {listed}: TLS is required. Set clientBroker to TLS.")
    elif mode == "PLAINTEXT" and not authentication.unauthenticated:
        yield Problem(
            path,
            mode,
            "leaves clients only the unauthenticated listener, which is off. Set clientBroker to TLS.",
        )


@checks("authentication", "encryption.clientBroker", "kafkaVersion", "network.publicAccess", "serverProperties")
def _public_access(plan: Plan) -> Iterator[Problem]:
    """MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster"."""
    settings = plan.settings
    if not settings.network.public_access:
        return
    authentication = settings.authentication
    path = ("network", "publicAccess")
    if authentication.unauthenticated:
        yield Problem(path, True, "is not allowed with authentication.unauthenticated: true. Turn one of them off.")
    if settings.encryption.client_broker != "TLS":
        yield Problem(path, True, "needs encryption.clientBroker: TLS.")
    if settings.kafka_version in KAFKA_VERSIONS and not supports_public_access(settings.kafka_version):
        yield Problem(path, True, f"needs Kafka 2.6.0 or newer, not {settings.kafka_version}.")
    by_acl = [name for name, on in (("scram", authentication.scram), ("tls", authentication.tls)) if on is not None]
    if by_acl and not _denied_without_acl(settings):
        listed = " and ".join(f"authentication.{name}" for name in by_acl)
        yield Problem(
            path,
            True,
            f"with {listed} needs serverProperties allow.everyone.if.no.acl.found: false. Apply the ACLs first.",
        )


def _denied_without_acl(settings: StackSettings) -> bool:
    return str(settings.server_properties.get("allow.everyone.if.no.acl.found", "true")).lower() == "false"


@warns("authentication")
def _certificates_of_seven_days(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    tls = settings.authentication.tls
    if tls and tls.certificate_authority_mode == "SHORT_LIVED_CERTIFICATE":
        yield (
            "authentication.tls.certificateAuthorityMode is SHORT_LIVED_CERTIFICATE: certificates are valid for at most "
            f"{SHORT_LIVED_DAYS} days, so clients must renew them by themselves."
        )
