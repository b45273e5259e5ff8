"""No client without an identity.

An unauthenticated client may do everything: Kafka's own access control has nobody to refuse. Complying costs an identity for
each client.

What is written out counts. Where `unauthenticated` is left out, it is off provided the block turns some mechanism on. A
missing or empty block is not sent at all, and a cluster that never heard of authentication lets clients in even where the API
shows no such thing (terraform-provider-aws issue 20956). A list of certificate authorities counts as a mechanism; that it is
no help beside a plaintext listener is for the rule about TLS.

Unknown values: where nothing that is known lets the rule decide, only advised on in a preview.

There is no fix by itself: to refuse clients without an identity is safe only where another mechanism is on and every client
has moved to it, and to turn a mechanism on is a choice of one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule, security_best_practices
from msk_policies.msk.authentication import CLIENT_AUTHENTICATION, IAM, SCRAM, UNAUTHENTICATED, a_mechanism_is_on
from msk_policies.msk.refusals import control

_SWITCHES = (IAM, SCRAM)


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    unauthenticated = read(props, UNAUTHENTICATED)
    if (unauthenticated is False or unauthenticated is None) and a_mechanism_is_on(props):
        return
    if read(props, CLIENT_AUTHENTICATION) is None:
        state = f"{CLIENT_AUTHENTICATION} is missing, which lets everyone in"
    elif unauthenticated is None:
        state = f"{UNAUTHENTICATED} is missing and {CLIENT_AUTHENTICATION} turns no mechanism on, which lets everyone in"
    elif unauthenticated is False:
        state = f"{UNAUTHENTICATED} is false and {CLIENT_AUTHENTICATION} turns no mechanism on, so no client can authenticate"
    else:
        state = f"{UNAUTHENTICATED} is {'true' if unauthenticated is True else 'neither true nor false'}"
    yield (
        f"Refuse unauthenticated clients: {state}. Set {UNAUTHENTICATED} to false and turn on {_SWITCHES[0]}, "
        f"{_SWITCHES[1]} or {CLIENT_AUTHENTICATION}.tls."
    )


POLICY = resource_rule(
    "no-unauthenticated-access",
    display_name="No unauthenticated access",
    description="An MSK cluster should refuse clients without an identity.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster always authenticates clients with IAM."},
    severity=Severity.CRITICAL,
    framework=security_best_practices("MSK.6", "MSK clusters should disable unauthenticated access"),
    tags=[
        "msk",
        "authentication",
        "MSK.6",
        "msk-unrestricted-access-check",
        "kafka_cluster_unrestricted_access_disabled",
        control("unauthenticated-only-requires-no-tls-only"),
    ],
    remediation_steps="Turn on IAM, SASL/SCRAM or mutual TLS, move the clients, then set "
    "unauthenticated to false. The cluster changes in place, broker by broker.",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/msk-controls.html#msk-6",
)
