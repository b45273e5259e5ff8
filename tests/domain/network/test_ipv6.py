"""IPv6 beside IPv4: who may come by it, which listeners it opens, and which of them a client is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.clients.plan import reach_of
from domain.guards.takeover import rule_key
from domain.loading import Loaded, load_stack
from domain.msk.listeners import Reach
from domain.network.openings import openings
from domain.plan.network import plan_security_group
from domain.problems import SettingsError
from domain.settings.clients import Client
from support.stacks import TODAY

SIX, FOUR = "2001:db8:1::/64", "10.90.0.0/24"
VPC = {"vpcId": "vpc-0123456789abcdef0", "subnetIds": ["subnet-0000000000000001", "subnet-0000000000000002"]}


def load(cidr: str = SIX, *, ipv6: bool = True, **settings: Any) -> Loaded:
    values = {"network": {"ipv6": ipv6}, "clients": {"erp": {"from": {"cidr": cidr}}}, **settings}
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return load_stack(config, project="shop", stack="dev", region="eu-west-1", today=TODAY)


def problems(cidr: str = SIX, **settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(cidr, **settings)
    return [str(problem) for problem in refused.value.problems]


def test_without_it_no_client_comes_from_an_ipv6_range() -> None:
    (problem,) = problems(ipv6=False)
    assert problem.startswith(f"clients.erp.from.cidr = {SIX}: is an IPv6 range")
    assert "Set network.ipv6 to true" in problem


def test_an_ipv6_range_with_host_bits_is_told_the_nearest_one() -> None:
    (problem,) = problems("2001:db8:1::7/64")
    assert problem.endswith("must be an IPv4 or IPv6 range such as 2001:db8:1::/64.")


def test_it_needs_kafka_3_6() -> None:
    (problem,) = problems(kafkaVersion="3.5.1")
    assert problem.startswith("network.ipv6 = true: needs Kafka 3.6.0 or newer, not 3.5.1.")


def test_it_goes_with_a_vpc_that_is_there() -> None:
    assert load(network={"ipv6": True, "existing": VPC}).settings.network.ipv6


def test_every_address_of_ipv6_is_in_plain_sight_too() -> None:
    assert any("every address can reach" in warning for warning in load("::/0").warnings)


@pytest.mark.parametrize(("cidr", "port", "reach"), [(SIX, 20098, Reach.IPV6), (FOUR, 9098, Reach.VPC)])
def test_a_range_reaches_the_listeners_of_its_family_alone(cidr: str, port: int, reach: Reach) -> None:
    group = plan_security_group(load(cidr).settings)
    assert [(opening.port, opening.value) for opening in openings(group["listeners"], group["sources"])] == [(port, cidr)]
    client = Client.model_validate({"from": {"cidr": cidr}})
    assert reach_of(client, elsewhere=False) is reach
    assert reach_of(client, elsewhere=True) is Reach.MULTI_VPC


def test_a_security_group_reaches_both() -> None:
    clients = {"erp": {"from": {"securityGroup": "sg-0123456789abcdef0"}}}
    group = plan_security_group(load(clients=clients).settings)
    assert [opening.port for opening in openings(group["listeners"], group["sources"])] == [9098, 20098]


def test_nothing_of_it_is_open_where_it_is_off() -> None:
    group = plan_security_group(load(FOUR, ipv6=False).settings)
    assert all(listener.reach is not Reach.IPV6 for listener in group["listeners"])


def test_a_rules_name_is_part_of_a_urn() -> None:
    assert rule_key(20098, "2001:db8::/32") == "20098-from-2001-db8--/32"
    assert rule_key(9098, FOUR) == "9098-from-10.90.0.0/24"
