"""Connectors that the cluster knows by their role.

With authentication type NONE, MSK Connect's default (MSK Connect API reference, "KafkaClusterClientAuthentication"), a
connector connects unauthenticated, so the cluster has to accept unauthenticated clients. IAM is the only mechanism that MSK
Connect has. Complying costs IAM authentication on the cluster, permissions for the connector's role, and a new connector.

A missing property fails, because of that default. A connector to a self-managed cluster, by addresses that are none of AWS's, is
not judged. Unknown values: only advised on in a preview.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.connect.connectors import AUTHENTICATION, reaches_amazon_msk
from msk_policies.kit.judges import NotApplicableError
from msk_policies.kit.properties import read
from msk_policies.kit.rule import CONNECTOR, resource_rule


def _judge(props: Mapping[str, Any], _config: Mapping[str, Any]) -> Iterator[str]:
    given = read(props, AUTHENTICATION)
    if given == "IAM":
        return
    if not reaches_amazon_msk(props):
        message = "A cluster that is not Amazon MSK's has no IAM: its own settings say how the connector authenticates."
        raise NotApplicableError(message)
    state = "is NONE" if given == "NONE" else "is missing, so MSK Connect uses NONE" if given is None else "is not IAM"
    yield f"Let connectors authenticate: {AUTHENTICATION} {state}. Set {AUTHENTICATION} to IAM."


POLICY = resource_rule(
    "connector-iam-authentication",
    display_name="Connectors with IAM authentication",
    description="An MSK Connect connector should authenticate with IAM.",
    judges={CONNECTOR: _judge},
    severity=Severity.HIGH,
    tags=["mskconnect", "authentication"],
    remediation_steps="Turn IAM on for the cluster, let the connector's service execution role connect, and set "
    "authenticationType to IAM. The connector is replaced.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html",
)
