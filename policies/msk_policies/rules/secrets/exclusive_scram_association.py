"""One owner of a cluster's list of SASL/SCRAM secrets.

`ScramSecretAssociation` owns a cluster's whole list: it takes away what it does not name, the secrets of another association
included, and each deployment undoes the other's (the AWS provider's documentation of aws_msk_scram_secret_association).
Complying costs moving to `SingleScramSecretAssociation`, one for each secret.

Unknown values: associations are found by what they were made from, which is known in a preview too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, Severity

from msk_policies.kit.rule import CLUSTER
from msk_policies.kit.stack import Stack
from msk_policies.kit.stack_rule import stack_rule
from msk_policies.msk.scram import SEVERAL, SINGLE


def _judge(cluster: PolicyResource, stack: Stack, _config: Mapping[str, Any]) -> Iterator[str]:
    whole = stack.referring(cluster, "clusterArn", SEVERAL)
    single = stack.referring(cluster, "clusterArn", SINGLE)
    if len(whole) > 1 or (whole and single):
        others = ", ".join(association.name for association in (*whole, *single))
        yield (
            f"Let one resource own the cluster's list of secrets: {cluster.name} has {others}, and each ScramSecretAssociation "
            "removes the secrets that it does not name. Set a SingleScramSecretAssociation for each secret."
        )


POLICY = stack_rule(
    "exclusive-scram-association",
    display_name="One owner of a cluster's secrets",
    description=(
        "The SASL/SCRAM secrets of an MSK cluster should be associated by resources that do not remove each other's secrets."
    ),
    judges={CLUSTER: _judge},
    severity=Severity.HIGH,
    tags=["msk", "authentication", "scram"],
    remediation_steps="Replace ScramSecretAssociation with one SingleScramSecretAssociation for each secret; users of a secret "
    "cannot sign in while it is not associated.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html",
)
