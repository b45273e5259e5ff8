"""Which networks are too wide to be let in, each by itself and all together."""

from __future__ import annotations

import ipaddress
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_IPV4: Final = 4
_PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""RFC 1918 and RFC 6598: addresses that no stranger has."""


class Limits(NamedTuple):
    """How wide a network may be: the shortest prefixes.

    Attributes:
        private: Of IPv4 networks that no stranger has.
        public: Of other IPv4 networks.
        version6: Of IPv6 networks.
        together: How many networks of these sizes all of them may be together.
        own: Networks of the program's own VPCs, which are private whatever their numbers are.
    """

    private: int
    public: int
    version6: int
    together: int
    own: tuple[Network, ...] = ()

    def of(self, network: Network) -> int:
        """The shortest prefix that a network like this one may have."""
        if network.version != _IPV4:
            return self.version6
        return (
            self.private if any(_within(network, block) for block in (*_PRIVATE, *self.own)) else max(self.private, self.public)
        )

    def public_and_narrower(self, network: Network) -> bool:
        """Whether a network would be narrow enough if it were private."""
        return network.version == _IPV4 and network.prefixlen >= self.private


def network(text: object) -> Network | None:
    """The network that a text names; None where it names none: AWS refuses it."""
    try:
        return ipaddress.ip_network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def too_wide(candidate: Network, limits: Limits) -> bool:
    """Whether a network is wider than it may be."""
    return candidate.prefixlen < limits.of(candidate)


def too_many(networks: Iterable[Network], limits: Limits) -> bool:
    """Whether networks are too much together, though none of them is too wide: what is in two of them counts once.

    Args:
        networks: Who may come in.
        limits: How wide each may be, and how many of the widest they may be together.
    """
    known = list(networks)
    families = (
        [part for part in known if isinstance(part, ipaddress.IPv4Network)],
        [part for part in known if isinstance(part, ipaddress.IPv6Network)],
    )
    # Merged before they are measured: ranges may overlap.
    merged = (list(ipaddress.collapse_addresses(families[0])), list(ipaddress.collapse_addresses(families[1])))
    return any(sum((_in_widest_ones(part, limits) for part in family), Fraction(0)) > limits.together for family in merged)


def _in_widest_ones(part: Network, limits: Limits) -> Fraction:
    """How many networks of the widest size a network fills."""
    return Fraction(2) ** (limits.of(part) - part.prefixlen)


def _within(part: Network, block: Network) -> bool:
    """Whether a network is another one or a part of it."""
    if isinstance(part, ipaddress.IPv4Network):
        return isinstance(block, ipaddress.IPv4Network) and part.subnet_of(block)
    return isinstance(block, ipaddress.IPv6Network) and part.subnet_of(block)
