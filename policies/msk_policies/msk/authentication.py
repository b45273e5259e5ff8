"""How a cluster authenticates its clients: the properties that turn a mechanism on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msk_policies.kit.properties import UnknownValueError, distinct_elements, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLIENT_AUTHENTICATION: Final = "clientAuthentication"
IAM: Final = f"{CLIENT_AUTHENTICATION}.sasl.iam"
SCRAM: Final = f"{CLIENT_AUTHENTICATION}.sasl.scram"
AUTHORITIES: Final = f"{CLIENT_AUTHENTICATION}.tls.certificateAuthorityArns"
"""The certificate authorities of mutual TLS."""
TLS_SWITCH: Final = f"{CLIENT_AUTHENTICATION}.tls.enabled"
"""The switch of mutual TLS, which the aws provider has not: there the authorities turn it on."""
UNAUTHENTICATED: Final = f"{CLIENT_AUTHENTICATION}.unauthenticated"


def a_mechanism_is_on(props: Mapping[str, Any]) -> bool:
    """Whether clients can authenticate by IAM, SASL/SCRAM or mutual TLS.

    Raises:
        UnknownValueError: None is known to be on, and some are known only in deployment.
    """
    undecided: UnknownValueError | None = None
    ways: tuple[Callable[[], bool], ...] = (
        lambda: read(props, IAM) is True,
        lambda: read(props, SCRAM) is True,
        lambda: distinct_elements(read(props, AUTHORITIES)) > 0 and read(props, TLS_SWITCH) is not False,
    )
    for is_on in ways:
        try:
            if is_on():
                return True
        except UnknownValueError as unknown:
            undecided = unknown
    if undecided is not None:
        raise undecided
    return False
