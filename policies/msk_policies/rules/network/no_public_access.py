"""No brokers on the internet.

Public access gives every broker an Elastic IP address. Complying costs a private way in for clients outside
of the VPC: multi-VPC connectivity, peering or a VPN.

A missing property passes: no cluster is created with public access. On a cluster that has it already, leaving
the property out changes nothing, so programs do well to write DISABLED. Unknown values: only advised on in a
preview; the deployment judges them.

The fix that a stack gets by the level `remediate` takes public access away in place: clients outside of the VPC are cut
off. On a new cluster it takes nothing from anybody, because Amazon MSK creates none with public access.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule, security_best_practices

_PROPERTY = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
_PUBLIC = "SERVICE_PROVIDED_EIPS"


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    access = read(props, _PROPERTY)
    if access is not None and access != "DISABLED":
        state = f"is {_PUBLIC}" if access == _PUBLIC else "is not DISABLED"
        yield f"Keep the brokers off the internet: {_PROPERTY} {state}. Set {_PROPERTY} to DISABLED."


POLICY = resource_rule(
    "no-public-access",
    display_name="No public access",
    description="An MSK cluster should not be reachable from the internet.",
    judges={CLUSTER: _judge},
    fixes={CLUSTER: {_PROPERTY: "DISABLED"}},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster cannot be made public."},
    severity=Severity.CRITICAL,
    framework=security_best_practices("MSK.4", "MSK clusters should have public access disabled"),
    tags=[
        "msk",
        "network",
        "MSK.4",
        "msk-cluster-public-access-disabled",
        "CT.MSK.PR.2",
        "CKV_AWS_291",
        "54378d69-dd7c-4b08-a43e-80d563396857",
        "kafka_cluster_is_public",
    ],
    remediation_steps="Connect clients outside of the VPC privately, then set the type to DISABLED. The "
    "cluster changes in place, broker by broker.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-4",
)
