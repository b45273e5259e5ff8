"""No plaintext between clients and brokers.

A plaintext listener carries data anyone on the path can read, and it knows no authentication: with
TLS_PLAINTEXT and mutual TLS, clients without a certificate come in by the other door. Complying costs some
broker CPU.

A missing property passes: Amazon MSK and the provider both default to TLS (CloudFormation reference,
"AWS::MSK::Cluster EncryptionInTransit"). Unknown values: only advised on in a preview; the deployment judges
them.

The fix that a stack gets by the level `remediate` closes the plaintext listener in place: clients that still use it are cut
off, which is what the rule is for, and can be undone. Stacks that do not want that keep the level `mandatory`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule

_PROPERTY = "encryptionInfo.encryptionInTransit.clientBroker"
_NOT_ENOUGH = ("TLS_PLAINTEXT", "PLAINTEXT")


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    encryption = read(props, _PROPERTY)
    if encryption is not None and encryption != "TLS":
        state = f"is {encryption}" if encryption in _NOT_ENOUGH else "is none of TLS, TLS_PLAINTEXT and PLAINTEXT"
        yield f"Let clients connect over TLS only: {_PROPERTY} {state}. Set {_PROPERTY} to TLS."


POLICY = resource_rule(
    "encryption-in-transit-tls-only",
    display_name="TLS only between clients and brokers",
    description="An MSK cluster should accept connections over TLS only.",
    judges={CLUSTER: _judge},
    fixes={CLUSTER: {_PROPERTY: "TLS"}},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster accepts connections over TLS only."},
    severity=Severity.CRITICAL,
    tags=[
        "msk",
        "encryption",
        "CKV_AWS_81",
        "AVD-AWS-0073",
        "AwsSolutions-MSK2",
        "6db52fa6-d4da-4608-908a-89f0c59e743e",
        "a976d63f-af0e-46e8-b714-8c1a9c4bf768",
        "kafka_cluster_in_transit_encryption_enabled",
    ],
    remediation_steps="Move the clients that still use port 9092 to a TLS port, then set clientBroker to "
    "TLS. The cluster changes in place, broker by broker.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html",
)
