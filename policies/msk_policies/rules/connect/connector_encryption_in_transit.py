"""No plaintext between a connector and its cluster.

A connector reads or writes whole topics. MSK Connect's own default is PLAINTEXT (MSK Connect API reference,
"KafkaClusterEncryptionInTransit"). Complying costs a new connector where one runs without: nothing of it changes in place but
its capacity and its configuration.

A missing property fails, because of that default. A setting of the connector or of its worker by which a client within it does
without TLS, or takes any host's certificate, fails as well. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.connect.connectors import WORKER_CONFIGURATION, said_of, settings
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CONNECTOR, resource_rule, security_best_practices

_PROPERTY = "kafkaClusterEncryptionInTransit.encryptionType"


_PROTOCOL = "security.protocol"
_PLAINTEXT = ("PLAINTEXT", "SASL_PLAINTEXT")
_NAMES_OF_HOSTS = "ssl.endpoint.identification.algorithm"


def _connector(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _type(props)
    yield from _overrides(CONNECTOR, props)


def _worker(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    yield from _overrides(WORKER_CONFIGURATION, props)


def _overrides(resource_type: str, props: Mapping[str, Any]) -> Iterator[str]:
    """Settings by which a client within the connector does without TLS, such as `producer.override.security.protocol`."""
    for setting, wrong in said_of(settings(resource_type, props), lambda name: name.endswith(_PROTOCOL), _without_tls):
        yield f"Encrypt traffic between a connector and its cluster: {setting.path} {wrong}. Remove {setting.path}."


def _without_tls(name: str, value: str) -> str | None:
    if name.endswith(_PROTOCOL) and value.strip().upper() in _PLAINTEXT:
        return "turns TLS off"
    if name.endswith(_NAMES_OF_HOSTS) and not value.strip():
        return "takes every host's certificate for the cluster's"
    return None


def _type(props: Mapping[str, Any]) -> Iterator[str]:
    encryption = read(props, _PROPERTY)
    if encryption == "TLS":
        return
    if encryption is None:
        state = "is missing, so MSK Connect uses PLAINTEXT"
    else:
        state = "is PLAINTEXT" if encryption == "PLAINTEXT" else "is not TLS"
    yield f"Encrypt traffic between a connector and its cluster: {_PROPERTY} {state}. Set {_PROPERTY} to TLS."


POLICY = resource_rule(
    "connector-encryption-in-transit",
    display_name="Connectors over TLS only",
    description="An MSK Connect connector should connect to its cluster over TLS.",
    judges={CONNECTOR: _connector, WORKER_CONFIGURATION: _worker},
    severity=Severity.MEDIUM,
    framework=security_best_practices("MSK.3", "MSK Connect connectors should be encrypted in transit"),
    tags=[
        "mskconnect",
        "encryption",
        "MSK.3",
        "msk-connect-connector-encrypted",
        "kafka_connector_in_transit_encryption_enabled",
    ],
    remediation_steps="Set encryptionType to TLS, and name the cluster's TLS bootstrap string. The connector is replaced; "
    "a connector with its own offsets topic resumes where it stopped.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-3",
)
