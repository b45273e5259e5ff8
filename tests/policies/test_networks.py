"""Which networks are too wide, each by itself and all together: held against counting addresses."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msk_policies.network.networks import Limits, Network, network, too_many, too_wide

LIMITS = Limits(private=28, public=30, version6=124, together=3)
PRIVATE = st.builds(
    lambda address, prefix: ipaddress.ip_network((0x0A000000 + address, prefix), strict=False),
    st.integers(0, 255),
    st.integers(28, 32),
)


@given(st.lists(PRIVATE, max_size=12))
def test_networks_are_too_many_as_soon_as_they_hold_more_addresses_than_the_widest_ones(networks: list[Network]) -> None:
    addresses = {address for part in networks for address in part}
    assert too_many(networks, LIMITS) is (len(addresses) > LIMITS.together * 2**4)


@given(st.lists(PRIVATE, max_size=12))
def test_neither_order_nor_repetition_matters(networks: list[Network]) -> None:
    again = [*reversed(networks), *networks]
    assert too_many(again, LIMITS) is too_many(networks, LIMITS)


@given(st.lists(PRIVATE, max_size=12), PRIVATE)
def test_one_more_network_never_makes_too_many_fewer(networks: list[Network], more: Network) -> None:
    assert too_many([*networks, more], LIMITS) >= too_many(networks, LIMITS)


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("10.0.0.0/28", False),
        ("10.0.0.0/27", True),
        ("100.64.0.0/28", False),
        ("100.128.0.0/29", True),
        ("198.51.100.0/30", False),
        ("198.51.100.0/29", True),
        ("0.0.0.0/0", True),
        ("2001:db8::/124", False),
        ("2001:db8::/123", True),
        ("::/0", True),
    ],
)
def test_how_wide_a_network_may_be(text: str, wide: bool) -> None:
    part = network(text)
    assert part is not None
    assert too_wide(part, LIMITS) is wide


def test_a_network_of_ones_own_is_private() -> None:
    part = network("198.51.100.0/28")
    assert part is not None
    assert too_wide(part, LIMITS)
    assert not too_wide(part, LIMITS._replace(own=(ipaddress.ip_network("198.51.0.0/16"),)))


@pytest.mark.parametrize("text", ["everywhere", "", None, 10, "10.0.0.0/33"])
def test_what_is_no_network(text: object) -> None:
    assert network(text) is None
