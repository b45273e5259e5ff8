"""Domain names of a team's own for the brokers: what is wrong with a value of ``custom.advertised.listeners``.

Sources: MSK Developer Guide, "Configure custom domain names for your Amazon MSK cluster" (form, listeners, uniqueness);
CreateConfiguration's refusal of another form, measured 2026-09.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.msk.listeners import PLAINTEXT, SASL_IAM, SASL_SCRAM, TLS, Listener, Reach

_NAMES: Mapping[tuple[str, Reach], str] = MappingProxyType(
    {
        (PLAINTEXT, Reach.VPC): "CLIENT",
        (TLS, Reach.VPC): "CLIENT_SECURE",
        (TLS, Reach.PUBLIC): "CLIENT_SECURE_PUBLIC",
        (SASL_SCRAM, Reach.VPC): "CLIENT_SASL_SCRAM",
        (SASL_SCRAM, Reach.PUBLIC): "CLIENT_SASL_SCRAM_PUBLIC",
        (SASL_IAM, Reach.VPC): "CLIENT_IAM",
        (SASL_IAM, Reach.PUBLIC): "CLIENT_IAM_PUBLIC",
    }
)
"""What brokers call the listeners that may have names of a team's own."""

ADVERTISED_NAMES: tuple[str, ...] = tuple(_NAMES.values())
"""Every listener that may have a name of a team's own."""

_INTERNAL = ("REPLICATION", "REPLICATION_SECURE", "CONTROLLER")
_HIGHEST_PORT = 65_535
_BROKER_ID = "{broker_id}"
_ENTRY = re.compile(r"(?P<listener>[A-Za-z0-9_]+)://(?P<host>[^\s:/,]+):(?P<port>[0-9]{1,5})\+\{broker_id\}")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_HOST = 253
_FORM = (
    "must be LISTENER://host:port+{broker_id}, with a comma between several, such as "
    "CLIENT_IAM://b-{broker_id}.example.com:9000+{broker_id}."
)


@dataclass(frozen=True, slots=True)
class Advertised:
    """The addresses that brokers say for one listener.

    Attributes:
        listener: The listener, in the brokers' words.
        host: The host's name; ``{broker_id}`` stands for each broker's number.
        port: What each broker's number is added to.
    """

    listener: str
    host: str
    port: int

    def address(self, broker: int) -> tuple[str, int]:
        """Host and port of one broker."""
        return self.host.lower().replace(_BROKER_ID, str(broker)), self.port + broker


def advertised_names(listeners: Collection[Listener]) -> tuple[str, ...]:
    """What brokers call those of a cluster's listeners that may have names of a team's own."""
    return tuple(name for key, name in _NAMES.items() if key in {(listener.name, listener.reach) for listener in listeners})


def parsed(value: str) -> list[Advertised] | None:
    """The entries of a value; None where one has not the form."""
    matches = [_ENTRY.fullmatch(entry.strip()) for entry in value.split(",")]
    entries = [Advertised(match["listener"], match["host"], int(match["port"])) for match in matches if match]
    return entries if len(entries) == len(matches) and all(_is_host(entry.host) for entry in entries) else None


def _is_host(host: str) -> bool:
    name = host.replace(_BROKER_ID, "1")
    return len(name) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in name.split("."))


def advertised_message(value: object, *, enabled: Collection[str] | None, brokers: int) -> str | None:
    """What is wrong with a value, or None.

    Args:
        value: What the stack file has.
        enabled: The listeners that are on, in the brokers' words; None where that is not known.
        brokers: Brokers of the cluster; their numbers count from 1.
    """
    entries = parsed(value) if isinstance(value, str) else None
    if entries is None:
        return _FORM
    return _listener_message(entries, enabled) or _address_message(entries, brokers)


def _listener_message(entries: Sequence[Advertised], enabled: Collection[str] | None) -> str | None:
    listeners = [entry.listener for entry in entries]
    for name in listeners:
        if name in _INTERNAL:
            return f"names {name}, which the brokers use themselves. Remove it: Amazon MSK keeps its address."
        if name not in ADVERTISED_NAMES:
            return f"names {name}, which is not a listener for clients. Those are {', '.join(ADVERTISED_NAMES)}."
        if enabled is not None and name not in enabled:
            allowed = f"Use {' or '.join(sorted(enabled))}" if enabled else "Remove it"
            return f"names {name}, which is off on this cluster. {allowed}, or turn it on in authentication or network."
        if listeners.count(name) > 1:
            return f"names {name} twice. A listener has one address: remove one of the two."
    return None


def _address_message(entries: Sequence[Advertised], brokers: int) -> str | None:
    owners: dict[tuple[str, int], str] = {}
    for entry in entries:
        if not 1 <= entry.port <= _HIGHEST_PORT - brokers:
            return (
                f"gives broker {brokers} the port {entry.port + brokers}. The number before + must be from 1 to "
                f"{_HIGHEST_PORT - brokers}."
            )
        for broker in range(1, brokers + 1):
            host, port = entry.address(broker)
            other = owners.setdefault((host, port), entry.listener)
            if other != entry.listener:
                return (
                    f"gives {host}:{port} to both {other} and {entry.listener}. Put {_BROKER_ID} into the host's name, or use "
                    "ports that are further apart."
                )
    return None
