"""Whom clients' sources let in: rules by the quota, and addresses however they are cut."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.checks.openings import rules_by_family
from domain.loading import load_stack
from domain.msk.quotas import POLICIES_OF_A_ROLE, POLICIES_OF_A_USER, ROLES_OF_AN_ACCOUNT, RULES_OF_A_SECURITY_GROUP, Quota
from domain.network.openings import Opening
from domain.problems import SettingsError
from support.stacks import TODAY

Source = dict[str, str]


def load(clients: dict[str, Any], **others: Any) -> list[str]:
    config = {name: json.dumps(value) for name, value in {"clients": clients, **others}.items() if not isinstance(value, str)}
    config |= {name: value for name, value in others.items() if isinstance(value, str)}
    return list(load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY).warnings)


def from_sources(*sources: Source, **others: Any) -> list[str]:
    clients = {f"c{number}": {"from": source} for number, source in enumerate(sources)}
    texts = load(clients, **others)
    return [text for text in texts if "rules" in text or "address" in text]


def cidrs(*ranges: str, **others: Any) -> list[str]:
    return from_sources(*({"cidr": text} for text in ranges), **others)


def slices(whole: str, prefix: int) -> list[str]:
    return [str(part) for part in ipaddress.ip_network(whole).subnets(new_prefix=prefix)]


def apart(count: int) -> list[str]:
    """So many ranges of which no two are neighbours."""
    return [f"10.{60 + number // 128}.{number % 128 * 2}.0/24" for number in range(count)]


def test_as_many_rules_as_aws_takes_are_not_remarked_on() -> None:
    quota = RULES_OF_A_SECURITY_GROUP
    assert cidrs(*apart(quota.default)) == []
    (warning,) = cidrs(*apart(quota.default + 1))
    assert "61 rules for IPv4" in warning
    assert quota.name in warning
    assert quota.code in warning


def test_rules_are_counted_after_equal_ones_are_one_and_for_each_port() -> None:
    assert cidrs(*apart(31), *apart(31)) == []
    two: dict[str, Any] = {"iam": {}, "scram": {}}
    assert cidrs(*apart(30), authentication=two) == []
    (warning,) = cidrs(*apart(31), authentication=two)
    assert "62 rules" in warning


def test_more_rules_than_aws_ever_gives_are_refused() -> None:
    many = {f"c{number}": {"from": {"cidr": text}} for number, text in enumerate(slices("10.60.0.0/16", 26)[:1001])}
    with pytest.raises(SettingsError) as error:
        load(many)
    (problem,) = error.value.problems
    assert problem.value == "1001 rules for IPv4"
    (warning,) = [text for text in load(dict(list(many.items())[:1000])) if "rules" in text]
    assert "1000 rules" in warning


def test_a_prefix_list_counts_as_nobody_here_knows() -> None:
    (warning,) = from_sources({"prefixList": "pl-0123456789abcdef0"}, {"securityGroup": "sg-0123456789abcdef0"})
    assert "pl-0123456789abcdef0" in warning
    assert "largest number of entries" in warning
    sources = [{"prefixList": "pl-0123456789abcdef0"}, *({"cidr": text} for text in apart(60))]
    assert any("at least 61 rules" in text for text in from_sources(*sources))


def rule(kind: str, value: str) -> Opening:
    return Opening(9098, 9098, kind, value, "")


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_groups_and_lists_count_for_both_families(ipv4: int, ipv6: int, both: int) -> None:
    rules = [rule("cidr", "10.0.0.0/24")] * ipv4 + [rule("cidr", "2001:db8::/64")] * ipv6
    rules += [rule("security_group", "sg-1")] * (both // 2) + [rule("prefix_list", "pl-1")] * (both - both // 2)
    assert rules_by_family(tuple(rules)) == {"IPv4": ipv4 + both, "IPv6": ipv6 + both}


@pytest.mark.parametrize("ranges", [["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], slices("0.0.0.0/0", 4)])
def test_the_whole_world_in_pieces_is_the_whole_world(ranges: list[str]) -> None:
    assert any("0.0.0.0/0: every address can reach the brokers' ports" in text for text in cidrs(*ranges))


@settings(deadline=None, max_examples=10)
@given(st.integers(8, 12), st.integers(0, 4))
def test_a_wide_range_in_pieces_is_wide(prefix: int, deeper: int) -> None:
    texts = cidrs(*slices(f"10.0.0.0/{prefix}", prefix + deeper))
    assert any(f"10.0.0.0/{prefix}: {2 ** (32 - prefix):,} addresses" in text for text in texts)


@pytest.mark.parametrize("ranges", [["10.90.0.0/16"], ["10.90.0.0/16", "10.91.0.0/16"], ["192.168.0.0/16"], ["203.0.114.0/24"]])
def test_networks_of_clients_are_not_remarked_on(ranges: list[str]) -> None:
    assert cidrs(*ranges) == []


def test_public_addresses_are_counted_together() -> None:
    (alone,) = cidrs("52.0.0.0/16")
    assert "clients.c0.from.cidr is 52.0.0.0/16: 65,536 public addresses" in alone
    assert "network.publicAccess is off" in alone
    (several,) = cidrs("203.0.114.0/24", "198.52.100.0/24")
    assert "and 1 more: 512 public addresses" in several
    (opened,) = cidrs("52.0.0.0/16", network={"publicAccess": True}, brokerType="kafka.m7g.large")
    assert "may reach the brokers' public ports" in opened
    # A VPC may have public addresses, which are then its own.
    own = {"network": {"cidr": "52.0.0.0/20"}}
    assert not any("public addresses" in text for text in cidrs("52.0.0.0/20", **own))
    assert any("public addresses" in text for text in cidrs("52.0.16.0/20", **own))


@pytest.mark.parametrize("text", ["127.0.0.0/8", "169.254.0.0/16", "240.0.0.0/8", "224.0.0.0/8"])
def test_ranges_that_nobody_connects_from_let_nobody_in(text: str) -> None:
    (warning,) = cidrs(text)
    assert "no client connects from such an address" in warning


def test_ipv6_ranges_are_judged_by_themselves() -> None:
    both = {"network": {"ipv6": True}}
    assert cidrs("2001:db8::/48", "2001:db8:1::/48", **both) == []
    assert any("2001:db8::/36" in text for text in cidrs("2001:db8::/37", "2001:db8:800::/37", **both))
    assert any("::/0: every address" in text for text in cidrs("::/1", "8000::/1", **both))


def administrator(identity: dict[str, Any], topics: int) -> dict[str, Any]:
    names = [f"{'t' * 200}{number}" for number in range(topics)]
    return {"from": {"cidr": "10.60.0.0/24"}, "as": identity, "admin": {"topics": names}}


ROLE: dict[str, Any] = {"role": {"ec2": {}}}
USER = {"principal": "arn:aws:iam::111122223333:user/ann"}


@pytest.mark.parametrize(("identity", "topics", "quota"), [(ROLE, 200, POLICIES_OF_A_ROLE), (USER, 200, POLICIES_OF_A_USER)])
def test_more_policies_than_the_quota_are_told_by_its_name(identity: dict[str, Any], topics: int, quota: Quota) -> None:
    (warning,) = [text for text in load({"a": administrator(identity, topics)}) if "managed policies" in text]
    assert quota.code in warning
    assert quota.name in warning


def test_more_policies_than_aws_ever_attaches_are_refused() -> None:
    with pytest.raises(SettingsError) as error:
        load({"a": administrator(ROLE, 500)})
    (problem,) = error.value.problems
    assert f"more than the {POLICIES_OF_A_ROLE.maximum} that IAM attaches" in problem.message


def test_roles_are_counted_over_the_stack() -> None:
    roles = {f"c{number}": {"from": {"cidr": "10.60.0.0/24"}, "as": ROLE} for number in range(ROLES_OF_AN_ACCOUNT.default + 1)}
    assert any(ROLES_OF_AN_ACCOUNT.code in text for text in load(roles))
    del roles["c0"]
    assert not any(ROLES_OF_AN_ACCOUNT.code in text for text in load(roles))
