"""The subnets of a VPC, in fixed slots: adding a zone or public subnets later moves nothing that is there.

The VPC is cut in quarters. The first three are the private subnets of the first, second and third zone; the
fourth is cut in quarters again, of which the first three are the public subnets of the same zones. The rest
stays free. A /20 gives private /22 (1019 addresses) and public /24 subnets.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.network.ranges import PRIVATE_RANGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_VPC = 16
SMALLEST_SUBNET = 28
"""Prefix lengths. Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks"."""

IPV6_SUBNET = 64
"""Prefix length of a subnet's IPv6 range. Amazon VPC User Guide, "Subnet CIDR blocks"; smaller subnets may be, none need to."""

RESERVED_ADDRESSES = 5
"""Addresses AWS keeps in every subnet. Amazon VPC User Guide, "Subnet CIDR blocks"."""

CONTROLLER_ADDRESSES = 2
"""Addresses kept free in each private subnet for a cluster's three metadata nodes (KRaft controllers or
ZooKeeper), which AWS spreads over the zones: with two zones, two of them share one."""

MINIMUM_ZONES = 2
MAXIMUM_ZONES = 3

_PRIVATE_STEPS = 2
_PUBLIC_STEPS = 4
_REFUSED_RANGES = tuple(ipaddress.IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"))


class SubnetPlanError(ValueError):
    """The subnets cannot be laid out; the message says what would work."""


@dataclass(frozen=True, slots=True)
class SubnetPlan:
    """The subnets of a VPC.

    Attributes:
        cidr: The VPC's range.
        private: Range of each zone's private subnet, by zone ID, in the order the zones were given.
        public: Range of each zone's public subnet, likewise; to be created only when something asks for one.
        reserved: What no subnet uses: the slots of zones that are not there, and the room that is kept to
            grow. Together with ``private`` and ``public`` it is the whole VPC.
    """

    cidr: str
    private: Mapping[str, str]
    public: Mapping[str, str]
    reserved: tuple[str, ...]


def plan_subnets(cidr: str, zones: Sequence[str]) -> SubnetPlan:
    """Lays out the subnets of a VPC.

    The slot depends on the zone's place in the list alone, so a third zone can be added after two without a
    change to theirs; changing the order of the zones swaps their subnets.

    Args:
        cidr: The VPC's IPv4 range, /16 to /24.
        zones: Two or three Availability Zone IDs.

    Raises:
        SubnetPlanError: The range is no IPv4 range or too small or too large, or the zones are not two or
        three.
    """
    problem = check_cidr(cidr)
    if problem:
        raise SubnetPlanError(f"{cidr} {problem}")
    if not MINIMUM_ZONES <= len(zones) <= MAXIMUM_ZONES or len(set(zones)) < len(zones):
        raise SubnetPlanError(f"Subnets need two or three different zones, not {', '.join(zones) or 'none'}.")
    quarters = list(ipaddress.IPv4Network(cidr).subnets(prefixlen_diff=_PRIVATE_STEPS))
    sixteenths = list(quarters[-1].subnets(prefixlen_diff=_PRIVATE_STEPS))
    used = len(zones)
    return SubnetPlan(
        cidr,
        private=MappingProxyType({zone: str(slot) for zone, slot in zip(zones, quarters, strict=False)}),
        public=MappingProxyType({zone: str(slot) for zone, slot in zip(zones, sixteenths, strict=False)}),
        reserved=tuple(str(slot) for slot in (*quarters[used:-1], *sixteenths[used:])),
    )


def plan_ipv6_subnets(block: str, zones: Sequence[str]) -> Mapping[str, str]:
    """The IPv6 range of each zone's private subnet, in fixed slots: the first ranges of the block, in the order of the zones.

    Args:
        block: The VPC's IPv6 block: a /56 where Amazon provides it.
        zones: Availability Zone IDs, in the order that `plan_subnets` is given.

    Raises:
        SubnetPlanError: The block is no IPv6 range, or too small for the zones.
    """
    try:
        network = ipaddress.IPv6Network(block)
    except ValueError as error:
        raise SubnetPlanError(f"{block!r} is not an IPv6 block of a VPC.") from error
    slots = 2 ** max(0, IPV6_SUBNET - network.prefixlen)
    if network.prefixlen > IPV6_SUBNET or slots < len(zones):
        raise SubnetPlanError(f"{block} has no room for {len(zones)} subnets of /{IPV6_SUBNET}.")
    size = 2 ** (network.max_prefixlen - IPV6_SUBNET)
    first = int(network.network_address)
    return MappingProxyType(
        {zone: str(ipaddress.IPv6Network((first + number * size, IPV6_SUBNET))) for number, zone in enumerate(zones)}
    )


def check_cidr(cidr: str, brokers_per_zone: int = 1) -> str | None:
    """Why a range cannot be the VPC's, or None when it can.

    Args:
        cidr: The VPC's IPv4 range.
        brokers_per_zone: Brokers that each private subnet must have room for.

    Returns:
        A sentence that follows the value: "has host bits set. Write 10.40.0.0/20."
    """
    try:
        network = ipaddress.IPv4Network(cidr, strict=False)
    except ValueError:
        return "is not an IPv4 range. Write one such as 10.40.0.0/20."
    if "/" not in cidr:
        return f"has no prefix length. Write a range such as {_range_at(network, 20)}."
    message = _size_message(network, brokers_per_zone)
    if message:
        return message
    if str(network) != cidr:
        return f"is not the beginning of a range (host bits are set). Write {network}."
    if any(network.overlaps(refused) for refused in _REFUSED_RANGES):
        return "is not a range a VPC can have (loopback, link-local, multicast). Use one such as 10.40.0.0/20."
    return None


def _size_message(network: ipaddress.IPv4Network, brokers_per_zone: int) -> str | None:
    smallest = _smallest_prefix(brokers_per_zone)
    if network.prefixlen < LARGEST_VPC:
        return f"is too large for a VPC. The largest that works is {_range_at(network, LARGEST_VPC)}."
    if network.prefixlen > smallest:
        brokers = f"{brokers_per_zone} broker{'s' if brokers_per_zone > 1 else ''}"
        return (
            f"is too small for {brokers} in each zone and room to grow. "
            f"The smallest that works is {_range_at(network, smallest)}."
        )
    return None


def cidr_warning(cidr: str) -> str | None:
    """What is worth a warning about a range that a VPC can have, or None.

    A VPC may have public addresses, but hosts in it can then not reach the real owners of those.
    """
    network = ipaddress.IPv4Network(cidr, strict=False)
    if any(network.subnet_of(private) for private in PRIVATE_RANGES):
        return None
    return "is not a private range: the VPC cannot reach the owners of these addresses."


def addresses_needed(brokers_per_zone: int) -> int:
    """Addresses a private subnet must have: for the brokers, the metadata nodes and AWS itself."""
    return brokers_per_zone + CONTROLLER_ADDRESSES + RESERVED_ADDRESSES


def _smallest_prefix(brokers_per_zone: int) -> int:
    """The longest prefix of a VPC whose slots are subnets AWS allows and hold the brokers."""
    host_bits = (addresses_needed(brokers_per_zone) - 1).bit_length()
    return max(LARGEST_VPC, min(SMALLEST_SUBNET - _PUBLIC_STEPS, 32 - host_bits - _PRIVATE_STEPS))


def _range_at(network: ipaddress.IPv4Network, prefix: int) -> ipaddress.IPv4Network:
    """The range of this prefix length around the network's first address."""
    return ipaddress.IPv4Network((network.network_address, prefix), strict=False)
