"""Where clients connect from, in the form a security group needs."""

from __future__ import annotations

import ipaddress
from typing import TypedDict


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
