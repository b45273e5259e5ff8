"""Clients that prove by a certificate who they are.

Off by default: IAM and SASL/SCRAM identify clients as well, and most sound clusters use those. It is for organizations whose
rules name certificates, and covers the control of Prowler that does. Complying costs a private certificate authority (AWS
Private CA takes 400 USD a month for a general-purpose one) and a certificate for each client.

What counts is a list of certificate authorities; the twin type of aws-native has a switch beside it, which must not be false.
Unknown values: authorities that the same deployment makes count; a list that is unknown as a whole is only advised on in a
preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, Severity

from msk_policies.kit.properties import distinct_elements, read
from msk_policies.kit.rule import CLUSTER, SERVERLESS_CLUSTER, resource_rule
from msk_policies.msk.authentication import AUTHORITIES

_SWITCH = "clientAuthentication.tls.enabled"


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    authorities = read(props, AUTHORITIES)
    if not distinct_elements(authorities):
        state = "is missing" if authorities is None else "names no certificate authority"
        yield (
            f"Authenticate clients by certificate: {AUTHORITIES} {state}. "
            f"Set {AUTHORITIES} to the ARNs of the private certificate authorities that sign the clients' certificates."
        )
    elif read(props, _SWITCH) is False:
        yield f"Authenticate clients by certificate: {_SWITCH} is false. Set {_SWITCH} to true."


POLICY = resource_rule(
    "mutual-tls",
    display_name="Mutual TLS",
    description="An MSK cluster should authenticate clients by their certificates.",
    judges={CLUSTER: _judge},
    not_applicable={SERVERLESS_CLUSTER: "A serverless cluster authenticates clients with IAM only."},
    enforcement_level=EnforcementLevel.DISABLED,
    severity=Severity.MEDIUM,
    tags=["msk", "authentication", "kafka_cluster_mutual_tls_authentication_enabled"],
    remediation_steps="Create a private certificate authority with AWS Private CA and name its ARN. The cluster changes in "
    "place, broker by broker; clients of other mechanisms are not affected.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-authentication.html",
)
