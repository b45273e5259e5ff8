"""What must hold between authentication, encryption and public access."""

from __future__ import annotations

from collections.abc import Iterator

from domain.checks.registry import checks, warns
from domain.msk.arns import RegionalArn, certificate_authority_arn, kms_key_arn
from domain.msk.certificate_authority import SHORT_LIVED_DAYS
from domain.msk.regions import partition
from domain.msk.versions import (
    KAFKA_VERSIONS,
    supports_public_access,
)
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.stack import StackSettings
from domain.settings.types import CREATE


@checks("authentication", "encryption.clientBroker", provisioned=True)
def _in_transit(plan: Plan) -> Iterator[Problem]:
    """Which authentication goes with which encryption between clients and brokers.

    Source: what CreateCluster answers, `domain.msk.refusals`, ``sasl-requires-tls-client-broker`` and
    ``tls-plaintext-requires-unauthenticated``.
    """
    settings = plan.settings
    authentication, mode = settings.authentication, settings.encryption.client_broker
    if mode == "TLS":
        return
    path = ("encryption", "clientBroker")
    mechanisms = {"iam": authentication.iam, "scram": authentication.scram, "tls": authentication.tls}
    listed = " and ".join(f"authentication.{name}" for name, mechanism in mechanisms.items() if mechanism is not None)
    if listed and mode == "PLAINTEXT":
        yield Problem(path, mode, f"conflicts with {listed}, which needs TLS. Set clientBroker to TLS.")
    elif listed and not authentication.unauthenticated:
        yield Problem(
            path,
            mode,
            f"conflicts with {listed} alone: Amazon MSK also requires authentication.unauthenticated: true, and then everyone "
            "who reaches the brokers can connect. Set clientBroker to TLS; to move clients off plaintext, set unauthenticated "
            "to true until the last one has moved.",
        )
    elif mode == "PLAINTEXT" and not authentication.unauthenticated:
        yield Problem(
            path,
            mode,
            "leaves clients only the unauthenticated listener, which is off. Set clientBroker to TLS.",
        )


@checks("authentication", "encryption.clientBroker", "kafkaVersion", "network.publicAccess", "serverProperties", provisioned=True)
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
        yield Problem(path, True, f"needs Kafka 2.6.0 or newer, not {settings.kafka_version}. Raise kafkaVersion.")
    by_acl = [name for name, on in (("scram", authentication.scram), ("tls", authentication.tls)) if on is not None]
    if by_acl and not _denied_without_acl(settings):
        listed = " and ".join(f"authentication.{name}" for name in by_acl)
        yield Problem(
            path,
            True,
            f"with {listed} needs serverProperties allow.everyone.if.no.acl.found: false. Apply the ACLs first.",
        )


_KEYS = {"dataKey": "data_key", "secretsKey": "secrets_key", "telemetryKey": "telemetry_key"}


def _given_keys(plan: Plan) -> Iterator[tuple[str, str, RegionalArn]]:
    """The keys that are there already: setting, ARN and its parts."""
    for setting, name in _KEYS.items():
        given = str(getattr(plan.settings.encryption, name))
        arn = kms_key_arn(given)
        if arn:
            yield setting, given, arn


@checks("encryption", "aws:region")
def _keys(plan: Plan) -> Iterator[Problem]:
    """AWS KMS Developer Guide, "Multi-Region keys in AWS KMS": a key is used in its own region alone."""
    own = partition(plan.region)
    for setting, given, arn in _given_keys(plan):
        path = ("encryption", setting)
        if arn.partition != own:
            yield Problem(
                path,
                given,
                f"is a key in the partition {arn.partition}, but {plan.region} is in {own}. Name a key of {plan.region}.",
            )
        elif arn.region != plan.region:
            replica = given.replace(f":{arn.region}:", f":{plan.region}:")
            instead = f"its replica there, {replica}, if it has one" if arn.is_multi_region else f"a key of {plan.region}"
            yield Problem(
                path,
                given,
                f"is a key in {arn.region}, but services in {plan.region} use only keys of their own region. Name {instead}.",
            )


@checks("authentication.tls", "aws:region")
def _authorities(plan: Plan) -> Iterator[Problem]:
    own = partition(plan.region)
    for index, (given, arn) in enumerate(_given_authorities(plan)):
        if arn.partition != own:
            yield Problem(
                ("authentication", "tls", "certificateAuthorityArns", index),
                given,
                f"is a CA in the partition {arn.partition}, but {plan.region} is in {own}. Name a CA of {plan.region}.",
            )


def _given_authorities(plan: Plan) -> Iterator[tuple[str, RegionalArn]]:
    for given in plan.certificate_authority_arns:
        arn = certificate_authority_arn(given)
        if arn:
            yield given, arn


@warns("authentication.tls")
def _authorities_elsewhere(plan: Plan) -> Iterator[str]:
    for given, arn in _given_authorities(plan):
        if arn.region != plan.region:
            yield (
                f"authentication.tls.certificateAuthorityArns names a CA of {arn.region}, {given}: AWS does not say whether a "
                f"cluster in {plan.region} accepts it. Name a CA of {plan.region} to be sure."
            )


@checks("encryption", "authentication.scram")
def _alias_of_secrets(plan: Plan) -> Iterator[Problem]:
    """A secret's key is named by ARN or id: MSK Developer Guide, "Set up SASL/SCRAM authentication for an Amazon MSK cluster"."""
    for setting, given, arn in _given_keys(plan):
        if setting == "secretsKey" and arn.is_alias and plan.settings.authentication.scram is not None:
            yield Problem(
                ("encryption", setting),
                given,
                "is an alias: Amazon MSK cannot associate a SASL/SCRAM secret whose key is named by an alias. Name the key "
                "itself, arn:...:key/....",
            )


_LONGEST_KEY_OF_LOGS = 256
"""Characters of a log group's key. CloudWatch Logs API reference, ``CreateLogGroup``, ``kmsKeyId``."""


@checks("encryption.telemetryKey", "monitoring.prometheus")
def _telemetry_key(plan: Plan) -> Iterator[Problem]:
    """What the services that use it take, by their API models.

    Amazon Managed Service for Prometheus API reference, ``CreateWorkspace``, ``kmsKeyArn``: ``key/[-a-f0-9]+`` after the account.
    """
    path = ("encryption", "telemetryKey")
    for setting, given, arn in _given_keys(plan):
        if setting != "telemetryKey":
            continue
        if len(given) > _LONGEST_KEY_OF_LOGS:
            yield Problem(
                path,
                given,
                f"has {len(given)} characters, and CloudWatch Logs takes {_LONGEST_KEY_OF_LOGS} for a key. Name the key itself, "
                "arn:...:key/....",
            )
        elif plan.prometheus and (arn.is_alias or arn.is_multi_region):
            kind = "an alias" if arn.is_alias else "a multi-Region key"
            yield Problem(
                path,
                given,
                f"is {kind}, which Amazon Managed Service for Prometheus does not take for a workspace. Name a single-Region key "
                "by its own ARN, arn:...:key/..., or take monitoring.prometheus.managed out.",
            )


@warns("encryption", "authentication", provisioned=True)
def _secrets_key_without_secrets(plan: Plan) -> Iterator[str]:
    settings = plan.settings
    if settings.authentication.scram is None and settings.encryption.secrets_key != CREATE:
        yield "encryption.secretsKey has no effect without authentication.scram: there are no secrets of users. Remove it."


@warns("encryption")
def _aliases(plan: Plan) -> Iterator[str]:
    for setting, given, arn in _given_keys(plan):
        if arn.is_alias:
            replaces = ", and the next deployment would replace the cluster" if setting == "dataKey" else ""
            yield (
                f"encryption.{setting} is an alias, {given}: AWS answers with the key's ARN, so Pulumi may show a change where "
                f"there is none{replaces}. Name the key itself, arn:...:key/...."
            )


@warns("encryption")
def _keys_of_several_accounts(plan: Plan) -> Iterator[str]:
    # Which account the stack is deployed to is not known here: the keys are held against each other.
    accounts = {setting: arn.account for setting, _, arn in _given_keys(plan)}
    if len(set(accounts.values())) > 1:
        listed = ", ".join(f"{setting} {account}" for setting, account in accounts.items())
        yield (
            f"encryption names keys of different accounts ({listed}): a key of another account works only where its policy lets "
            "this account's administrators use it and create grants."
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
            f"{SHORT_LIVED_DAYS} days, so clients must renew them automatically."
        )
