"""Security group rules: exactly the enabled listeners, for exactly who is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.msk.listeners import EXPORTER_PORTS, LISTENERS, MULTI_VPC_PORTS, ZOOKEEPER_PORTS, Listener, Reach
from domain.network.openings import Source, openings

CLIENT: Source = {"cidr": "10.90.0.0/24"}
GROUP: Source = {"security_group": "sg-0123"}
sources = st.lists(
    st.one_of(
        st.builds(lambda number: Source(cidr=f"10.{number}.0.0/16"), st.integers(0, 9)),
        st.builds(lambda number: Source(cidr=f"2001:db8:{number}::/48"), st.integers(1, 9)),
        st.builds(lambda number: Source(security_group=f"sg-012{number}"), st.integers(0, 9)),
        st.builds(lambda number: Source(prefix_list=f"pl-0123456{number}"), st.integers(0, 9)),
    ),
    max_size=6,
)
listeners = st.lists(st.sampled_from(LISTENERS), unique=True)


@given(listeners, sources)
def test_no_port_is_open_that_no_enabled_listener_has(enabled: list[Listener], named: list[Source]) -> None:
    ranges = {(entry.port, entry.last_port) for entry in enabled}
    assert {(opening.port, opening.last_port) for opening in openings(enabled, named)} <= ranges


@given(listeners, sources)
def test_nobody_is_let_in_who_is_not_named(enabled: list[Listener], named: list[Source]) -> None:
    values = {value for source in named for value in source.values()}
    assert {opening.value for opening in openings(enabled, named)} <= values


@given(listeners, sources)
def test_every_listener_is_open_to_everybody_named_whose_addresses_reach_it(enabled: list[Listener], named: list[Source]) -> None:
    found = {(opening.port, opening.value) for opening in openings(enabled, named)}
    for listener in enabled:
        for source in named:
            ((kind, value),) = source.items()
            private = listener.reach is Reach.PUBLIC and kind == "security_group"
            other_family = kind == "cidr" and (":" in str(value)) is not (listener.reach is Reach.IPV6)
            assert ((listener.port, value) in found) is not (private or other_family)


@given(listeners, sources, sources, sources)
def test_a_rule_stands_once_and_says_what_it_is_for(
    enabled: list[Listener], named: list[Source], administrators: list[Source], collectors: list[Source]
) -> None:
    found = openings(enabled, named, administrators=administrators, collectors=collectors)
    assert len({(item.port, item.value) for item in found}) == len(found)
    for item in found:
        assert item.description.endswith(f" from {item.value}")
        # EC2 API reference, IpRange, Description: at most 255 of these characters.
        assert len(item.description) <= 255
        assert set(item.description) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"
        )


@given(listeners, sources)
def test_zookeeper_and_exporters_are_open_to_no_client(enabled: list[Listener], named: list[Source]) -> None:
    reserved = {*ZOOKEEPER_PORTS.values(), *EXPORTER_PORTS.values()}
    assert not reserved & {opening.port for opening in openings(enabled, named)}


def test_zookeeper_and_exporters_are_open_to_whom_they_are_for() -> None:
    assert [(opening.port, opening.value) for opening in openings([], [CLIENT], administrators=[GROUP])] == [(2182, "sg-0123")]
    assert [opening.port for opening in openings([], [CLIENT], collectors=[GROUP])] == [11001, 11002]


def test_mechanisms_share_the_range_of_multi_vpc_connectivity() -> None:
    shared = [item for item in LISTENERS if item.reach is Reach.MULTI_VPC]
    (rule,) = openings(shared, [CLIENT])
    assert (rule.port, rule.last_port) == MULTI_VPC_PORTS
    assert rule.description == "Kafka multi-VPC from 10.90.0.0/24"
