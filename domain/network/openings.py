"""Which ports are open to whom: what a security group's rules say, as data.

Rules follow the listeners and nothing else. Every client's source gets the listeners it can use:

* In-VPC, multi-VPC and IPv6 listeners: every source, of its own address family.
* Public listeners: ranges and prefix lists. A security group stands for private addresses only (Amazon VPC User Guide, "Security
  group rules"), so one that a client has never lets it in at a public address.
* ZooKeeper: nobody but those who are named for it. MSK Developer Guide, "Control access to Apache ZooKeeper nodes".
* Exporters: nobody but the collectors of metrics. MSK Developer Guide, "Open monitoring with Prometheus".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from domain.msk.listeners import EXPORTER_PORTS, ZOOKEEPER_PORTS, Listener, Reach


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One rule: a range of TCP ports, open to one source.

    Attributes:
        port: The first port.
        last_port: The last port; the same for a single one.
        kind: What the source is: ``security_group``, ``cidr`` or ``prefix_list``.
        value: Its id or its range.
        description: What the rule is for, as the AWS console shows it.
    """

    port: int
    last_port: int
    kind: str
    value: str
    description: str


def openings(
    listeners: Iterable[Listener],
    sources: Iterable[Source],
    *,
    administrators: Iterable[Source] = (),
    collectors: Iterable[Source] = (),
) -> tuple[Opening, ...]:
    """The rules of the brokers' security group, sorted, each range of ports once for each source.

    Args:
        listeners: The listeners that are enabled.
        sources: Where clients connect from.
        administrators: Who reaches ZooKeeper, through TLS; none where there is no ZooKeeper.
        collectors: Who scrapes the Prometheus exporters; none where open monitoring is off.

    Raises:
        ValueError: A source is not exactly one of the three kinds.
    """
    enabled = list(listeners)
    rules: dict[tuple[int, str, str], Opening] = {}
    for opening in (
        *_client_openings(enabled, sources),
        *(_opening(ZOOKEEPER_PORTS["TLS"], "ZooKeeper TLS", source) for source in administrators),
        *(_opening(port, name, source) for source in collectors for name, port in EXPORTER_PORTS.items()),
    ):
        rules.setdefault((opening.port, opening.kind, opening.value), opening)
    return tuple(rules[key] for key in sorted(rules))


def _client_openings(listeners: list[Listener], sources: Iterable[Source]) -> Iterator[Opening]:
    for source in sources:
        for listener in listeners:
            kind, _ = source_identity(source)
            if listener.reach is Reach.PUBLIC and kind == "security_group":
                continue
            # A range is of one family, and so is a listener; groups and prefix lists have addresses of both.
            if kind == "cidr" and is_ipv6(source) is not (listener.reach is Reach.IPV6):
                continue
            # All mechanisms share the ports of multi-VPC connectivity.
            name = "multi-VPC" if listener.reach is Reach.MULTI_VPC else listener.name
            qualified = f"{name} {listener.reach}" if listener.reach in (Reach.PUBLIC, Reach.IPV6) else name
            yield _opening(listener.port, f"Kafka {qualified}", source, listener.last_port)


def _opening(port: int, purpose: str, source: Source, last_port: int | None = None) -> Opening:
    kind, value = source_identity(source)
    return Opening(port, last_port or port, kind, value, f"{purpose} from {value}")


class Source(TypedDict, total=False):
    """Where a client connects from: exactly one of the three."""

    security_group: str
    """A security group's id."""
    cidr: str
    """An IPv4 or IPv6 range."""
    prefix_list: str
    """A managed prefix list's id."""


def source_identity(source: Source) -> tuple[str, str]:
    """What makes two sources the same: the kind and the value, ranges without host bits.

    Raises:
        ValueError: The source has none of the three, or more than one.
    """
    given = [(kind, str(value)) for kind, value in source.items() if value]
    if len(given) != 1:
        raise ValueError(f"A source has exactly one of security_group, cidr and prefix_list, not {sorted(source)}.")
    kind, value = given[0]
    return kind, str(ipaddress.ip_network(value, strict=False)) if kind == "cidr" else value


def is_ipv6(source: Source) -> bool:
    """Whether a source is a range of IPv6 addresses; groups and prefix lists are not, whatever is in them."""
    return "cidr" in source and ":" in source["cidr"]
