"""How many addresses ranges let in together, whichever way they are cut."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Range = ipaddress.IPv4Network | ipaddress.IPv6Network

PRIVATE_RANGES = tuple(ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""RFC 1918 and RFC 6598: addresses that no stranger has."""

_NOBODY = tuple(
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/128", "::1/128", "fe80::/10", "ff00::/8")
)
"""RFC 6890: this host, its own, link-local, multicast, reserved. Nobody connects from one."""

MOST_PUBLIC = 256
"""Public IPv4 addresses, of a /24: the smallest range that is routed by itself, and what a company's own may well be."""

WIDEST_PRIVATE = 12
"""Prefix length of private ranges, together: 2^20 addresses, sixteen of the largest VPC."""

WIDEST_IPV6 = 40
"""Prefix length of IPv6 ranges, together: 256 sites of a /48. RFC 6177."""


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The fewest ranges with the same addresses, in order: neighbours become one, and what another holds is left out."""
    given = list(ranges)
    ipv4 = [network for network in given if isinstance(network, ipaddress.IPv4Network)]
    ipv6 = [network for network in given if isinstance(network, ipaddress.IPv6Network)]
    return [*ipaddress.collapse_addresses(ipv4), *ipaddress.collapse_addresses(ipv6)]


def is_nobodys(network: Range) -> bool:
    """Whether nobody ever connects from a range."""
    return any(within(network, block) for block in _NOBODY)


def is_public(network: Range, own: Iterable[Range] = ()) -> bool:
    """Whether a range has IPv4 addresses that may be anybody's.

    Args:
        network: The range.
        own: Ranges that are known to be one's own, such as the VPC's.
    """
    if isinstance(network, ipaddress.IPv6Network) or is_nobodys(network):
        return False
    return not any(within(network, block) for block in (*PRIVATE_RANGES, *own))


def is_wide(network: Range) -> bool:
    """Whether a range that is not public takes in more than one network of clients."""
    limit = WIDEST_PRIVATE if isinstance(network, ipaddress.IPv4Network) else WIDEST_IPV6
    return network.prefixlen <= limit


def addresses_of(ranges: Iterable[Range]) -> int:
    """How many addresses ranges have that do not overlap."""
    return sum(network.num_addresses for network in ranges)


def within(network: Range, other: Range) -> bool:
    """Whether a range is another one or a part of it; never across families."""
    if isinstance(network, ipaddress.IPv4Network):
        return isinstance(other, ipaddress.IPv4Network) and network.subnet_of(other)
    return isinstance(other, ipaddress.IPv6Network) and network.subnet_of(other)
