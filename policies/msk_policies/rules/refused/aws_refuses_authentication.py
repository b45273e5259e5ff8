"""Client authentication in a form that AWS takes.

AWS authenticates clients only where brokers encrypt what they send each other and clients can use TLS; where plaintext is open
besides, it wants unauthenticated access turned on in so many words. A certificate authority is one of AWS Private CA. With the
aws-native provider, the block for mutual TLS needs both its switch and its list. Complying costs encryption, or authentication.

Whether that is safe is for other rules: this one says what no deployment gets. Unauthenticated access that is off where no
mechanism is on is for `no-unauthenticated-access`. Unknown values: left to the deployment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import Severity

from msk_policies.kit.properties import elements, is_given, read
from msk_policies.kit.rule import CLUSTER, resource_rule
from msk_policies.kit.twins import is_twin
from msk_policies.msk.arns import arn
from msk_policies.msk.authentication import AUTHORITIES, CLIENT_AUTHENTICATION, TLS_SWITCH, UNAUTHENTICATED, a_mechanism_is_on
from msk_policies.msk.refusals import answered, control, judge_of

_IN_CLUSTER = "encryptionInfo.encryptionInTransit.inCluster"
_CLIENT_BROKER = "encryptionInfo.encryptionInTransit.clientBroker"
_AUTHORITY = "certificate-authority/"


def _between_brokers(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _IN_CLUSTER) is False and a_mechanism_is_on(props):
        yield (
            f"Authenticate clients only where brokers encrypt: {_IN_CLUSTER} is false and {CLIENT_AUTHENTICATION} turns a "
            f"mechanism on, {answered('sasl-requires-in-cluster-encryption')}. Set {_IN_CLUSTER} to true."
        )


def _from_clients(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _CLIENT_BROKER) == "PLAINTEXT" and a_mechanism_is_on(props):
        yield (
            f"Authenticate clients over TLS: {_CLIENT_BROKER} is PLAINTEXT and {CLIENT_AUTHENTICATION} turns a mechanism on, "
            f"{answered('sasl-requires-tls-client-broker')}. Set {_CLIENT_BROKER} to TLS."
        )


def _beside_plaintext(props: Mapping[str, Any]) -> Iterator[str]:
    if read(props, _CLIENT_BROKER) != "TLS_PLAINTEXT" or read(props, UNAUTHENTICATED) is True:
        return
    if a_mechanism_is_on(props):
        yield (
            f"Authenticate clients over TLS only, or allow unauthenticated clients as well: {_CLIENT_BROKER} is TLS_PLAINTEXT "
            f"and {UNAUTHENTICATED} is not true, {answered('tls-plaintext-requires-unauthenticated')}. Set {_CLIENT_BROKER} to "
            "TLS."
        )


def _authorities(props: Mapping[str, Any]) -> Iterator[str]:
    for index, authority in enumerate(elements(read(props, AUTHORITIES))):
        if not isinstance(authority, str):
            continue  # not known yet
        named = arn(authority)
        if named is None or named.service != "acm-pca" or not named.resource.startswith(_AUTHORITY):
            yield (
                f"Trust certificate authorities of AWS Private CA: {AUTHORITIES}[{index}] is not the ARN of one, "
                f"{answered('tls-cert-authority-arn-format')}. Set it to an ARN like "
                f"arn:aws:acm-pca:eu-west-1:111122223333:{_AUTHORITY}0a1b2c3d-...."
            )


def _both_fields(props: Mapping[str, Any]) -> Iterator[str]:
    if is_twin(props) and is_given(props, TLS_SWITCH) != is_given(props, AUTHORITIES):
        missing = AUTHORITIES if is_given(props, TLS_SWITCH) else TLS_SWITCH
        yield (
            f"Say both whether mutual TLS is on and whom it trusts: {missing} is missing, "
            f"{answered('tls-enabled-requires-ca-list')}. Set {missing}, or leave {CLIENT_AUTHENTICATION}.tls out."
        )


POLICY = resource_rule(
    "aws-refuses-authentication",
    display_name="Client authentication that AWS accepts",
    description="An MSK cluster should authenticate clients in a form that AWS accepts.",
    judges={CLUSTER: judge_of(_between_brokers, _from_clients, _beside_plaintext, _authorities, _both_fields)},
    severity=Severity.MEDIUM,
    tags=[
        "msk",
        "refused",
        "authentication",
        control("sasl-requires-in-cluster-encryption"),
        control("sasl-requires-tls-client-broker"),
        control("tls-cert-authority-arn-format"),
        control("tls-enabled-requires-ca-list"),
        control("tls-plaintext-requires-unauthenticated"),
    ],
    remediation_steps="Set clientBroker to TLS and inCluster to true, and name certificate authorities of AWS Private CA. To "
    "move clients from plaintext, set unauthenticated to true beside TLS_PLAINTEXT until the last client has moved. inCluster "
    "replaces the cluster; the rest changes in place.",
    url="https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-security.html",
)
