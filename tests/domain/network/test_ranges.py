"""Ranges together: the same addresses, however they are cut."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.network.ranges import PRIVATE_RANGES, Range, addresses_of, is_nobodys, is_public, is_wide, merged, within

networks = st.builds(
    lambda address, prefix: ipaddress.IPv4Network((address, prefix), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
)


def network(text: str) -> Range:
    return ipaddress.ip_network(text)


@given(networks, st.integers(0, 6))
def test_a_range_in_pieces_is_that_range(whole: ipaddress.IPv4Network, deeper: int) -> None:
    pieces = list(whole.subnets(new_prefix=min(32, whole.prefixlen + deeper)))
    assert merged(reversed(pieces)) == [whole]
    assert addresses_of(merged(pieces)) == whole.num_addresses


@given(st.lists(networks, max_size=6), networks)
def test_nobody_is_lost_or_added(given_ranges: list[Range], host_range: ipaddress.IPv4Network) -> None:
    host = ipaddress.ip_network(host_range.network_address)
    assert any(within(host, part) for part in merged(given_ranges)) is any(within(host, part) for part in given_ranges)


def test_families_stay_apart() -> None:
    both = [network("2001:db8::/33"), network("10.1.0.0/16"), network("2001:db8:8000::/33"), network("10.0.0.0/16")]
    assert merged(both) == [network("10.0.0.0/15"), network("2001:db8::/32")]


@pytest.mark.parametrize("text", ["52.0.0.0/16", "203.0.114.0/24", "8.8.8.8/32", "10.0.0.0/7", "128.0.0.0/1"])
def test_what_may_be_anybodys_is_public(text: str) -> None:
    assert is_public(network(text))
    assert not is_public(network(text), own=[network(text)])


@pytest.mark.parametrize("text", ["10.1.0.0/16", "172.31.0.0/16", "192.168.1.0/24", "100.64.0.0/10", "2001:db8::/32"])
def test_what_strangers_cannot_have_is_not(text: str) -> None:
    assert not is_public(network(text))


@pytest.mark.parametrize(
    "text", ["127.0.0.1/32", "169.254.0.0/16", "240.0.0.0/8", "224.0.0.0/4", "0.0.0.0/8", "fe80::/64", "::1/128"]
)
def test_what_nobody_connects_from_is_nobodys(text: str) -> None:
    assert is_nobodys(network(text))
    assert not is_public(network(text))


@pytest.mark.parametrize("text", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/24", "::/0", "2001:db8::/32"])
def test_what_somebody_may_connect_from_is_not(text: str) -> None:
    assert not is_nobodys(network(text))


@pytest.mark.parametrize(
    ("text", "wide"),
    [("10.0.0.0/12", True), ("10.0.0.0/13", False), ("2001:db8::/40", True), ("2001:db8::/41", False), ("10.0.0.0/8", True)],
)
def test_wide_is_more_than_one_network_of_clients(text: str, wide: bool) -> None:
    assert is_wide(network(text)) is wide


def test_private_ranges_are_private_to_python_too_or_shared() -> None:
    assert all(private.is_private or str(private) == "100.64.0.0/10" for private in PRIVATE_RANGES)
