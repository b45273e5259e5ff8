from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.network.subnets import (
    RESERVED_ADDRESSES,
    SubnetPlanError,
    addresses_needed,
    check_cidr,
    cidr_warning,
    plan_ipv6_subnets,
    plan_subnets,
)

ZONES = ("euw1-az1", "euw1-az2", "euw1-az3")


@st.composite
def vpc_ranges(draw: st.DrawFn) -> str:
    prefix = draw(st.integers(16, 24))
    within = ipaddress.IPv4Network(draw(st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])))
    offset = draw(st.integers(0, 2 ** (prefix - within.prefixlen) - 1))
    return str(ipaddress.IPv4Network((int(within.network_address) + offset * 2 ** (32 - prefix), prefix)))


zone_lists = st.integers(2, 3).map(lambda count: ZONES[:count])


@given(vpc_ranges(), zone_lists)
def test_the_slots_are_the_whole_vpc_and_none_overlaps(cidr: str, zones: tuple[str, ...]) -> None:
    plan = plan_subnets(cidr, zones)
    slots = [ipaddress.IPv4Network(value) for value in (*plan.private.values(), *plan.public.values(), *plan.reserved)]
    assert not any(combination.overlaps(other) for combination, other in itertools.combinations(slots, 2))
    assert list(ipaddress.collapse_addresses(slots)) == [ipaddress.IPv4Network(cidr)]


@given(vpc_ranges())
def test_a_third_zone_moves_nothing_of_the_first_two(cidr: str) -> None:
    two, three = plan_subnets(cidr, ZONES[:2]), plan_subnets(cidr, ZONES)
    for zone in ZONES[:2]:
        assert two.private[zone] == three.private[zone]
        assert two.public[zone] == three.public[zone]
    assert {three.private[ZONES[2]], three.public[ZONES[2]]} == set(two.reserved) - set(three.reserved)


@given(vpc_ranges(), zone_lists)
def test_subnets_have_sizes_that_aws_allows_and_room_for_the_largest_cluster(cidr: str, zones: tuple[str, ...]) -> None:
    plan = plan_subnets(cidr, zones)
    vpc = ipaddress.IPv4Network(cidr)
    assert list(plan.private) == list(plan.public) == list(zones)
    for private in map(ipaddress.IPv4Network, plan.private.values()):
        assert private.prefixlen == vpc.prefixlen + 2
        # Sixty brokers is the quota, so at most thirty in each of two zones.
        assert private.num_addresses >= addresses_needed(30)
    for public in map(ipaddress.IPv4Network, plan.public.values()):
        assert public.prefixlen == vpc.prefixlen + 4 <= 28


def test_the_default_range_gives_these_subnets() -> None:
    plan = plan_subnets("10.40.0.0/20", ZONES)
    assert plan.private == {
        "euw1-az1": "10.40.0.0/22",
        "euw1-az2": "10.40.4.0/22",
        "euw1-az3": "10.40.8.0/22",
    }
    assert plan.public == {
        "euw1-az1": "10.40.12.0/24",
        "euw1-az2": "10.40.13.0/24",
        "euw1-az3": "10.40.14.0/24",
    }
    assert plan.reserved == ("10.40.15.0/24",)


@pytest.mark.parametrize("zones", [(), ("a",), ("a", "a"), ("a", "b", "c", "d")], ids=["none", "one", "twice", "four"])
def test_other_than_two_or_three_zones_is_refused(zones: tuple[str, ...]) -> None:
    with pytest.raises(SubnetPlanError, match="two or three different zones"):
        plan_subnets("10.40.0.0/20", zones)


@pytest.mark.parametrize(
    ("cidr", "words"),
    [
        ("10.40.0.0/28", "The smallest that works is 10.40.0.0/24."),
        ("10.40.0.64/26", "The smallest that works is 10.40.0.0/24."),
        ("10.40.0.0/15", "The largest that works is 10.40.0.0/16."),
        ("10.40.0.7/20", "Write 10.40.0.0/20."),
        ("10.40.0.0", "has no prefix length"),
        ("fd00::/56", "is not an IPv4 range"),
        ("10.40.0.0/33", "is not an IPv4 range"),
        ("ten", "is not an IPv4 range"),
        ("", "is not an IPv4 range"),
        ("127.0.0.0/16", "is not a range a VPC can have"),
        ("169.254.0.0/16", "is not a range a VPC can have"),
        ("240.0.0.0/16", "is not a range a VPC can have"),
    ],
)
def test_a_range_that_cannot_be_is_refused_with_one_that_can(cidr: str, words: str) -> None:
    message = check_cidr(cidr)
    assert message is not None
    assert words in message
    with pytest.raises(SubnetPlanError):
        plan_subnets(cidr, ZONES)


@given(st.integers(0, 32), st.integers(0, 2**32 - 1), st.integers(1, 200))
def test_the_range_a_refusal_suggests_is_one_that_works(prefix: int, address: int, brokers: int) -> None:
    message = check_cidr(str(ipaddress.IPv4Network((address, prefix), strict=False)), brokers)
    if message and " that works is " in message:
        suggested = message.rsplit(" is ", 1)[1].rstrip(".")
        again = check_cidr(suggested, brokers)
        assert again is None or again.startswith("is not a range a VPC can have")


@given(vpc_ranges(), st.integers(1, 5000))
def test_a_range_that_is_accepted_has_an_address_for_every_broker(cidr: str, brokers: int) -> None:
    if check_cidr(cidr, brokers) is None:
        for private in plan_subnets(cidr, ZONES).private.values():
            assert ipaddress.IPv4Network(private).num_addresses - RESERVED_ADDRESSES >= brokers


@given(vpc_ranges())
def test_private_ranges_are_no_reason_to_warn(cidr: str) -> None:
    assert cidr_warning(cidr) is None


@pytest.mark.parametrize("cidr", ["8.8.0.0/16", "172.32.0.0/16", "192.169.0.0/20"])
def test_public_addresses_are_allowed_with_a_warning(cidr: str) -> None:
    assert check_cidr(cidr) is None
    assert "not a private range" in (cidr_warning(cidr) or "")


ipv6_blocks = st.builds(
    lambda number, prefix: str(ipaddress.IPv6Network((number >> (128 - prefix) << (128 - prefix), prefix))),
    st.integers(0x2000 << 112, 0x3FFF << 112),
    st.sampled_from([44, 48, 52, 56, 60]),
)


@given(ipv6_blocks, zone_lists)
def test_ipv6_ranges_are_in_the_block_apart_from_each_other_and_of_the_size_that_aws_has(
    block: str, zones: tuple[str, ...]
) -> None:
    ranges = [ipaddress.IPv6Network(subnet) for subnet in plan_ipv6_subnets(block, zones).values()]
    assert all(range_.prefixlen == 64 and range_.subnet_of(ipaddress.IPv6Network(block)) for range_ in ranges)
    assert not any(combination.overlaps(other) for combination, other in itertools.combinations(ranges, 2))


@given(ipv6_blocks)
def test_a_third_zone_moves_no_ipv6_range(block: str) -> None:
    two, three = plan_ipv6_subnets(block, ZONES[:2]), plan_ipv6_subnets(block, ZONES)
    assert list(three) == list(ZONES)
    assert {zone: three[zone] for zone in two} == two


@pytest.mark.parametrize("block", ["", "10.0.0.0/16", "2001:db8::/64", "2001:db8::/63", "2001:db8::/96", "2001:db8::1/56"])
def test_a_block_without_room_is_refused(block: str) -> None:
    with pytest.raises(SubnetPlanError):
        plan_ipv6_subnets(block, ZONES)
