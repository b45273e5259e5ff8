"""What must hold between clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.msk.mechanisms import Mechanism
from domain.problems import Problem
from domain.settings.clients import ClientAccess, Identity

_MECHANISM_SETTINGS = {
    Mechanism.IAM: "authentication.iam",
    Mechanism.SCRAM: "authentication.scram",
    Mechanism.MUTUAL_TLS: "authentication.tls",
}


MAXIMUM_SCRAM_USERS = 1000
"""Of a cluster. MSK Developer Guide, "Sign-in credentials authentication": limits."""


def check_clients(clients: Mapping[str, ClientAccess], mechanisms: frozenset[Mechanism]) -> Iterator[Problem]:
    """Everything that is wrong between clients, and between them and the cluster's authentication.

    Args:
        clients: The clients by name.
        mechanisms: The mechanisms that are on.
    """
    seen: dict[tuple[Mechanism, str], str] = {}
    for name, client in clients.items():
        identity = client.identity
        if identity is None:
            continue
        key, value = _identified(identity)
        if identity.mechanism not in mechanisms:
            setting = _MECHANISM_SETTINGS[identity.mechanism]
            yield Problem((name, "as", key), value, f"needs {setting}, which is off. Add {setting}, or choose another identity.")
        for identity_key, identity_name in _names(identity, key, value):
            first = seen.setdefault((identity.mechanism, identity_name), name)
            if first != name:
                yield Problem(
                    (name, "as", identity_key),
                    identity_name,
                    f"is already the identity of client {first}: two clients with one identity share their permissions. Give "
                    "each its own.",
                )
    users = [user for client in clients.values() if client.identity for user in client.identity.scram_users]
    if len(users) > MAXIMUM_SCRAM_USERS:
        yield Problem((), len(users), f"has more than the {MAXIMUM_SCRAM_USERS} SCRAM users that a cluster can have.")


def _identified(identity: Identity) -> tuple[str, object]:
    if identity.scram_user is not None:
        return "scramUser", identity.scram_user
    if identity.certificate is not None:
        return "certificate", identity.certificate
    if identity.principal is not None:
        return "principal", identity.principal
    return "role", identity.role.model_dump(by_alias=True, exclude_none=True) if identity.role else None


def _names(identity: Identity, key: str, value: object) -> list[tuple[str, str]]:
    names = [(key, value)] if isinstance(value, str) else []
    return [*names, ("nextScramUser", identity.next_scram_user)] if identity.next_scram_user is not None else names
