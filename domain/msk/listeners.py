"""The ports of Amazon MSK: which listeners a cluster has, who reaches them, and what its brokers are called.

Sources: MSK Developer Guide, "Port information" and "Open monitoring with Prometheus" (ports), "Update
security" (which authentication goes with which encryption); properties of ``aws:msk/cluster:Cluster``
(bootstrap outputs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Reach(StrEnum):
    """From where a listener is reached."""

    VPC = "VPC"
    PUBLIC = "public"
    MULTI_VPC = "multi-VPC"
    IPV6 = "IPv6"


PLAINTEXT = "PLAINTEXT"
TLS = "TLS"
SASL_SCRAM = "SASL/SCRAM"
SASL_IAM = "SASL/IAM"


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener of the brokers.

    Attributes:
        name: The mechanism: ``PLAINTEXT``, ``TLS`` (which mutual TLS shares), ``SASL/SCRAM`` or ``SASL/IAM``
            (which OAUTHBEARER with AWS's signers shares).
        port: The TCP port; the first one of a range.
        reach: From where it is reached.
        bootstrap_output: The output of ``aws:msk/cluster:Cluster`` with its bootstrap string; None where
            there is none.
        last_port: The last port of a range; the same as ``port`` except for multi-VPC connectivity.
    """

    name: str
    port: int
    reach: Reach
    bootstrap_output: str | None
    last_port: int

    def __str__(self) -> str:
        return f"{self.name} {self.port}"


CUSTOM_LISTENERS = "custom.advertised.listeners"
"""The server property by which a configuration gives brokers addresses of the team's own domain. MSK Developer Guide, "Custom
domain names", August 2026."""

CUSTOM_LISTENER_FORM = r"[A-Za-z0-9_]+://[^,]+:[0-9]+\+\{broker_id\}"
"""What each of its entries must look like: the suffix tells Amazon MSK how the port differs from broker to broker. Measured
2026-09-13, `domain.msk.refusals`, ``config-custom-advertised-listeners-format``."""

MULTI_VPC_PORTS: tuple[int, int] = (14001, 14100)
"""First and last port of multi-VPC connectivity: one port for each broker, counted from 14001. How the range
is shared out between mechanisms is not documented, so all of it belongs to each."""

ZOOKEEPER_PORTS: Mapping[str, int] = MappingProxyType({"plaintext": 2181, "TLS": 2182})
"""ZooKeeper, where there is one; never public."""

EXPORTER_PORTS: Mapping[str, int] = MappingProxyType({"JMX exporter": 11001, "node exporter": 11002})
"""Prometheus exporters on the brokers, where open monitoring is on."""


def _listener(name: str, port: int, reach: Reach, output: str) -> Listener:
    return Listener(name, port, reach, output, MULTI_VPC_PORTS[1] if reach is Reach.MULTI_VPC else port)


LISTENERS: tuple[Listener, ...] = (
    _listener(PLAINTEXT, 9092, Reach.VPC, "bootstrapBrokers"),
    _listener(TLS, 9094, Reach.VPC, "bootstrapBrokersTls"),
    _listener(SASL_SCRAM, 9096, Reach.VPC, "bootstrapBrokersSaslScram"),
    _listener(SASL_IAM, 9098, Reach.VPC, "bootstrapBrokersSaslIam"),
    _listener(TLS, 9194, Reach.PUBLIC, "bootstrapBrokersPublicTls"),
    _listener(SASL_SCRAM, 9196, Reach.PUBLIC, "bootstrapBrokersPublicSaslScram"),
    _listener(SASL_IAM, 9198, Reach.PUBLIC, "bootstrapBrokersPublicSaslIam"),
    _listener(TLS, MULTI_VPC_PORTS[0], Reach.MULTI_VPC, "bootstrapBrokersVpcConnectivityTls"),
    _listener(SASL_SCRAM, MULTI_VPC_PORTS[0], Reach.MULTI_VPC, "bootstrapBrokersVpcConnectivitySaslScram"),
    _listener(SASL_IAM, MULTI_VPC_PORTS[0], Reach.MULTI_VPC, "bootstrapBrokersVpcConnectivitySaslIam"),
    _listener(PLAINTEXT, 20092, Reach.IPV6, "bootstrapBrokersIpv6"),
    _listener(TLS, 20094, Reach.IPV6, "bootstrapBrokersTlsIpv6"),
    _listener(SASL_SCRAM, 20096, Reach.IPV6, "bootstrapBrokersSaslScramIpv6"),
    _listener(SASL_IAM, 20098, Reach.IPV6, "bootstrapBrokersSaslIamIpv6"),
)
"""Every listener a cluster can have, by port."""


def enabled_listeners(
    *,
    client_broker: str,
    iam: bool,
    scram: bool,
    tls: bool,
    unauthenticated: bool,
    public: bool = False,
    multi_vpc: bool = False,
    ipv6: bool = False,
) -> tuple[Listener, ...]:
    """The listeners a cluster has.

    Args:
        client_broker: Encryption between clients and brokers: ``TLS``, ``TLS_PLAINTEXT`` or ``PLAINTEXT``.
        iam: Whether IAM access control is on.
        scram: Whether SASL/SCRAM is on.
        tls: Whether mutual TLS is on.
        unauthenticated: Whether clients without identity are let in.
        public: Whether public access is on.
        multi_vpc: Whether multi-VPC connectivity is on, for every mechanism that is.
        ipv6: Whether the cluster's network type is ``DUAL``.

    Returns:
        The listeners sorted by port. Public and multi-VPC listeners always authenticate: with
        ``unauthenticated`` alone there are none.
    """
    encrypted, clear = client_broker != "PLAINTEXT", client_broker != "TLS"
    authenticated = {name for name, on in ((TLS, tls), (SASL_SCRAM, scram), (SASL_IAM, iam)) if on and encrypted}
    within = set(authenticated)
    if unauthenticated and encrypted:
        within.add(TLS)
    # With TLS_PLAINTEXT, mutual TLS comes with a plaintext listener that asks for no identity ("Update
    # security").
    if clear and (unauthenticated or (tls and encrypted)):
        within.add(PLAINTEXT)
    names = {
        Reach.VPC: within,
        Reach.PUBLIC: authenticated if public else set(),
        Reach.MULTI_VPC: authenticated if multi_vpc else set(),
        Reach.IPV6: within if ipv6 else set(),
    }
    return tuple(
        sorted(
            (listener for listener in LISTENERS if listener.name in names[listener.reach]),
            key=lambda listener: (listener.port, listener.name),
        )
    )


MECHANISMS: Mapping[str, str] = MappingProxyType({"iam": SASL_IAM, "scram": SASL_SCRAM, "tls": TLS})
"""Listeners' names by the settings of ``authentication``."""


def port_ranges(listeners: Iterable[Listener]) -> tuple[tuple[int, int], ...]:
    """The ports a security group must open for these listeners: first and last, sorted, each range once."""
    return tuple(sorted({(listener.port, listener.last_port) for listener in listeners}))


_BROKER_HOST = re.compile(r"b-(?P<id>[1-9][0-9]*)(?P<rest>(?:-[a-z0-9]+)?\.[^:,\s]+):(?P<port>[0-9]+)")
_MULTI_VPC_BASE = MULTI_VPC_PORTS[0] - 1


def _natural(host: str) -> tuple[tuple[int, str], ...]:
    """A key that puts ``b-2`` before ``b-10``."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", host))


def sorted_bootstrap(bootstrap: str) -> str:
    """A bootstrap string with its hosts sorted, so that it does not change from one refresh to the next."""
    hosts = {host.strip() for host in bootstrap.split(",") if host.strip()}
    return ",".join(sorted(hosts, key=lambda host: (_natural(host), host)))


def hosts_of(brokers: str) -> list[str]:
    """The host names of a list of brokers, without their ports; none of an empty one."""
    return [broker.rpartition(":")[0] for broker in brokers.split(",") if broker]


def all_brokers(bootstrap: str, number_of_brokers: int) -> str:
    """Every broker of the cluster, from the few that a bootstrap string names.

    Amazon MSK puts at most three brokers into a bootstrap string, a different three each time. The brokers
    are ``b-1`` to ``b-N`` at the same domain, with ``-public`` after the number for public access and the
    mechanism as first label for multi-VPC connectivity, where the port is 14000 plus the number.

    Numbers stay contiguous as long as brokers are only added. Whether they do after a removal is not
    documented: Amazon MSK removes those brokers that hold no partitions, one in each zone, whatever their
    numbers (MSK Developer Guide, "Remove a broker from an Amazon MSK cluster"). A host in the string whose
    number is larger than the number of brokers proves a gap; the string is then returned sorted, as what is
    certain. A gap that the string does not show cannot be seen here: the list may then name a broker that is
    gone, which clients skip.

    Args:
        bootstrap: The bootstrap string, in any order; empty for a listener that is not there.
        number_of_brokers: Brokers of the cluster.

    Returns:
        The hosts with their ports, sorted by number. Strings that do not follow the pattern (serverless
        clusters, custom names, values not known yet) come back sorted and otherwise as they are.
    """
    given = sorted_bootstrap(bootstrap)
    host_matches = [_BROKER_HOST.fullmatch(host) for host in given.split(",")]
    matches = [match for match in host_matches if match]
    if not matches or len(matches) < len(host_matches):
        return given
    rests = {match["rest"] for match in matches}
    ports = {int(match["id"]): int(match["port"]) for match in matches}
    if len(rests) > 1 or len(ports) < len(matches) or max(ports) > number_of_brokers:
        return given
    rest = rests.pop()
    if all(port == _MULTI_VPC_BASE + number for number, port in ports.items()):
        return ",".join(f"b-{number}{rest}:{_MULTI_VPC_BASE + number}" for number in range(1, number_of_brokers + 1))
    port = min(ports.values())
    if set(ports.values()) != {port} or MULTI_VPC_PORTS[0] <= port <= MULTI_VPC_PORTS[1]:
        return given
    return ",".join(f"b-{number}{rest}:{port}" for number in range(1, number_of_brokers + 1))
