"""Replicators that prove to a self-managed cluster who they are, over TLS.

A replicator reads whole clusters. Between clusters of Amazon MSK it always uses IAM over TLS. To a self-managed Apache Kafka
cluster it uses TLS as well: the aws provider takes no other encryption there, and `encryptionInTransit` only names the private
certificate authority to trust. Whether it authenticates is the program's choice: by a certificate (mtls) or a user (saslScram)
in AWS Secrets Manager. Complying costs a user or a certificate on that cluster.

An encryption type is judged where one is given, as the API has it (MSK API reference, "KafkaClusterEncryptionInTransit").
Unknown values: an unknown secret passes, because it is one that the same deployment makes; otherwise only advised on in a
preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import UnknownValueError, elements, read
from msk_policies.kit.rule import resource_rule
from msk_policies.logs.log_groups import REPLICATOR
from msk_policies.msk.refusals import control

_CLUSTERS = "kafkaClusters"
_SELF_MANAGED = "apacheKafkaCluster"
_ENCRYPTION = "encryptionInTransit.encryptionType"
_SECRET = "secretArn"  # noqa: S105 - the name of a property
_SECRETS = (f"clientAuthentication.mtls.{_SECRET}", f"clientAuthentication.saslScram.{_SECRET}")


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    undecided: UnknownValueError | None = None
    for index, cluster in enumerate(elements(read(props, _CLUSTERS))):
        try:
            if isinstance(cluster, Mapping) and read(cluster, _SELF_MANAGED) is not None:
                yield from _self_managed(cluster, f"{_CLUSTERS}[{index}]")
        except UnknownValueError as unknown:
            undecided = unknown
    if undecided is not None:
        raise undecided


def _self_managed(cluster: Mapping[str, Any], place: str) -> Iterator[str]:
    encryption = read(cluster, _ENCRYPTION)
    if encryption not in (None, "TLS"):
        path = f"{place}.{_ENCRYPTION}"
        yield f"Encrypt what a replicator reads from a self-managed cluster: {path} is not TLS. Set {path} to TLS."
    if not any(_names_a_secret(cluster, path) for path in _SECRETS):
        yield (
            f"Let a replicator authenticate to a self-managed cluster: {place}.clientAuthentication names no secret. "
            f"Set {' or '.join(f'{place}.{path}' for path in _SECRETS)} to the ARN of a secret in AWS Secrets Manager."
        )


def _names_a_secret(cluster: Mapping[str, Any], path: str) -> bool:
    try:
        secret = read(cluster, path)
    except UnknownValueError as unknown:
        if unknown.props[-1] == _SECRET:
            return True
        raise
    return isinstance(secret, str) and secret != ""


POLICY = resource_rule(
    "secure-replicator-sources",
    display_name="Secure sources of replicators",
    description="A replicator should authenticate to a self-managed cluster, over TLS.",
    judges={REPLICATOR: _judge},
    severity=Severity.HIGH,
    tags=["msk", "encryption", "authentication", "replicators", control("replicator-apache-kafka-cluster-requires-auth")],
    remediation_steps="Create a user or a certificate for the replicator on the self-managed cluster, keep it in AWS Secrets "
    "Manager and name the secret's ARN in clientAuthentication. The replicator is replaced.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-external-prereqs.html",
)
