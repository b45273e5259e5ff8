"""No plaintext between brokers.

Replication carries every record across zones. Complying costs broker CPU, and for an existing cluster without
it a new cluster: the setting cannot be changed.

A missing property passes: Amazon MSK and the provider both default to true (CloudFormation reference,
"AWS::MSK::Cluster EncryptionInTransit"). Unknown values: only advised on in a preview; the deployment judges
them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule, security_best_practices

_PROPERTY = "encryptionInfo.encryptionInTransit.inCluster"


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    encrypted = read(props, _PROPERTY)
    if encrypted is not None and encrypted is not True:
        state = "is false" if encrypted is False else "is neither true nor false"
        yield f"Encrypt traffic between brokers: {_PROPERTY} {state}. Set {_PROPERTY} to true."


POLICY = resource_rule(
    "encryption-in-cluster",
    display_name="Encryption between brokers",
    description="An MSK cluster should encrypt what its brokers send each other.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster encrypts by itself."},
    severity=Severity.MEDIUM,
    framework=security_best_practices("MSK.1", "MSK clusters should be encrypted in transit among broker nodes"),
    tags=[
        "msk",
        "encryption",
        "MSK.1",
        "msk-in-cluster-node-require-tls",
        "CT.MSK.PR.1",
        "CKV_AWS_81",
        "AwsSolutions-MSK3",
        "6db52fa6-d4da-4608-908a-89f0c59e743e",
        "a976d63f-af0e-46e8-b714-8c1a9c4bf768",
        "kafka_cluster_in_transit_encryption_enabled",
    ],
    remediation_steps="Set inCluster to true. Changing it replaces the cluster, so decide before it holds data.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-1",
)
