from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.listeners import (
    EXPORTER_PORTS,
    LISTENERS,
    MULTI_VPC_PORTS,
    PLAINTEXT,
    TLS,
    ZOOKEEPER_PORTS,
    Reach,
    all_brokers,
    enabled_listeners,
    port_ranges,
    sorted_bootstrap,
)

MODES = ("TLS", "TLS_PLAINTEXT", "PLAINTEXT")
choices = st.fixed_dictionaries(
    {
        "client_broker": st.sampled_from(MODES),
        "iam": st.booleans(),
        "scram": st.booleans(),
        "tls": st.booleans(),
        "unauthenticated": st.booleans(),
        "public": st.booleans(),
        "multi_vpc": st.booleans(),
        "ipv6": st.booleans(),
    }
)


def _ports(**choice: Any) -> list[int]:
    nothing: dict[str, Any] = dict.fromkeys(("iam", "scram", "tls", "unauthenticated"), False)
    nothing["client_broker"] = "TLS"
    return [listener.port for listener in enabled_listeners(**(nothing | choice))]


def test_the_table_has_one_row_for_each_mechanism_and_reach() -> None:
    assert len({(entry.name, entry.reach) for entry in LISTENERS}) == len(LISTENERS)
    assert len({item.bootstrap_output for item in LISTENERS}) == len(LISTENERS)
    assert [entry.port for entry in LISTENERS] == sorted(entry.port for entry in LISTENERS)


def test_ports_follow_amazon_msks_pattern() -> None:
    """Public ports are a hundred above those within the VPC, IPv6 ports eleven thousand."""
    within = {entry.name: entry.port for entry in LISTENERS if entry.reach is Reach.VPC}
    for entry in LISTENERS:
        if entry.reach is Reach.PUBLIC:
            assert entry.port == within[entry.name] + 100
        if entry.reach is Reach.IPV6:
            assert entry.port == within[entry.name] + 11_000
        if entry.reach is Reach.MULTI_VPC:
            assert (entry.port, entry.last_port) == MULTI_VPC_PORTS
        else:
            assert entry.last_port == entry.port


def test_no_port_serves_two_purposes() -> None:
    single = [entry.port for entry in LISTENERS if entry.reach is not Reach.MULTI_VPC]
    others = [*ZOOKEEPER_PORTS.values(), *EXPORTER_PORTS.values()]
    assert len({*single, *others}) == len(single) + len(others)
    assert not any(MULTI_VPC_PORTS[0] <= port <= MULTI_VPC_PORTS[1] for port in (*single, *others))


@pytest.mark.parametrize(
    ("choice", "ports"),
    [
        ({"iam": True}, [9098]),
        ({"scram": True}, [9096]),
        ({"tls": True}, [9094]),
        ({"unauthenticated": True}, [9094]),
        ({"iam": True, "scram": True, "tls": True, "unauthenticated": True}, [9094, 9096, 9098]),
        ({"client_broker": "PLAINTEXT", "unauthenticated": True}, [9092]),
        ({"client_broker": "TLS_PLAINTEXT", "unauthenticated": True}, [9092, 9094]),
        ({"client_broker": "TLS_PLAINTEXT", "tls": True}, [9092, 9094]),
        ({"iam": True, "public": True}, [9098, 9198]),
        ({"scram": True, "tls": True, "public": True}, [9094, 9096, 9194, 9196]),
        ({"unauthenticated": True, "public": True, "multi_vpc": True}, [9094]),
        ({"iam": True, "ipv6": True}, [9098, 20098]),
        ({"iam": True, "scram": True, "multi_vpc": True}, [9096, 9098, 14001, 14001]),
        ({}, []),
    ],
)
def test_each_choice_opens_its_own_ports_and_no_others(choice: dict[str, Any], ports: list[int]) -> None:
    assert _ports(**choice) == ports


@given(choices)
def test_listeners_are_sorted_and_each_is_in_the_table_once(choice: dict[str, Any]) -> None:
    found = enabled_listeners(**choice)
    assert [item.port for item in found] == sorted(item.port for item in found)
    assert len(set(found)) == len(found)
    assert set(found) <= set(LISTENERS)


@given(choices)
def test_nothing_in_clear_text_with_tls_and_nothing_else_with_plaintext(choice: dict[str, Any]) -> None:
    names = {entry.name for entry in enabled_listeners(**choice)}
    if choice["client_broker"] == "TLS":
        assert PLAINTEXT not in names
    if choice["client_broker"] == "PLAINTEXT":
        assert names <= {PLAINTEXT}


@given(choices)
def test_nobody_from_outside_comes_in_without_an_identity(choice: dict[str, Any]) -> None:
    outside = {entry.name for entry in enabled_listeners(**choice) if entry.reach in (Reach.PUBLIC, Reach.MULTI_VPC)}
    assert PLAINTEXT not in outside
    if not choice["tls"]:
        assert TLS not in outside
    without = {**choice, "unauthenticated": False}
    assert outside == {entry.name for entry in enabled_listeners(**without) if entry.reach in (Reach.PUBLIC, Reach.MULTI_VPC)}


@given(choices, st.sampled_from(["iam", "scram", "tls", "unauthenticated", "public", "multi_vpc", "ipv6"]))
def test_turning_something_on_closes_no_port(choice: dict[str, Any], switch: str) -> None:
    assert set(enabled_listeners(**{**choice, switch: False})) <= set(enabled_listeners(**{**choice, switch: True}))


def test_port_ranges_name_each_range_once() -> None:
    listeners = enabled_listeners(client_broker="TLS", iam=True, scram=True, tls=False, unauthenticated=False, multi_vpc=True)
    assert port_ranges(listeners) == ((9096, 9096), (9098, 9098), (14001, 14100))


NAME = "demo.abc123.c2.kafka.eu-west-1.amazonaws.com"
shapes = st.sampled_from(
    [
        (lambda number: f"b-{number}.{NAME}:9098"),
        (lambda number: f"b-{number}-public.{NAME}:9198"),
        (lambda number: f"b-{number}.scram.{NAME}:{14000 + number}"),
        (lambda number: f"b-{number}.{NAME}:20098"),
    ]
)


@given(shapes, st.integers(1, 60), st.data())
def test_every_broker_is_found_from_any_few_in_any_order(
    shape: Any,
    brokers: int,
    data: st.DataObject,
) -> None:
    few = data.draw(st.lists(st.integers(1, brokers), min_size=1, max_size=3, unique=True))
    expected = ",".join(shape(number) for number in range(1, brokers + 1))
    assert all_brokers(",".join(shape(number) for number in few), brokers) == expected


@given(shapes, st.integers(1, 60))
def test_the_full_list_is_its_own_full_list(shape: Any, brokers: int) -> None:
    once = all_brokers(shape(1), brokers)
    assert all_brokers(once, brokers) == once == sorted_bootstrap(once)


@given(shapes, st.integers(1, 29), st.integers(1, 30))
def test_a_number_beyond_the_count_proves_a_gap_and_only_what_was_given_is_certain(
    shape: Any,
    brokers: int,
    beyond: int,
) -> None:
    bootstrap = f"{shape(brokers + beyond)},{shape(1)}"
    assert all_brokers(bootstrap, brokers) == f"{shape(1)},{shape(brokers + beyond)}"


@pytest.mark.parametrize(
    "bootstrap",
    [
        "",
        "boot-abc.c2.kafka-serverless.eu-west-1.amazonaws.com:9098",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "[secret]",
        "a.example.com:9098,b.example.com:9098",
        # Two clusters' brokers, or a multi-VPC port that says nothing of its broker's number.
        f"b-1.{NAME}:9098,b-2.other.{NAME}:9098",
        f"b-1.{NAME}:14002",
        f"b-1.{NAME}:9098,b-2.{NAME}:9096",
    ],
)
def test_what_does_not_follow_the_pattern_comes_back_as_it_is(bootstrap: str) -> None:
    assert all_brokers(bootstrap, 6) == bootstrap


def test_broker_ten_comes_after_broker_two() -> None:
    hosts = [f"b-{number}.{NAME}:9098" for number in range(1, 13)]
    assert sorted_bootstrap(",".join(sorted(hosts))) == ",".join(hosts)
    assert sorted_bootstrap(",".join(reversed(hosts))) == ",".join(hosts)


@given(st.lists(st.from_regex(r"[a-z0-9.-]{1,12}:[0-9]{2,5}", fullmatch=True), max_size=6))
def test_sorting_keeps_every_host_and_does_not_depend_on_the_order(hosts: list[str]) -> None:
    result = sorted_bootstrap(",".join(hosts))
    assert {host for host in result.split(",") if host} == set(hosts)
    for order in itertools.islice(itertools.permutations(hosts), 24):
        assert sorted_bootstrap(",".join(order)) == result
