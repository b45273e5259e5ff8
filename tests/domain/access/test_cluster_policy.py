"""A cluster's policy: nobody who is not named, and nothing wider than asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.cluster_policy import MANAGEMENT, cluster_policy, elsewhere
from domain.access.rights import Access, names
from domain.access.statements import statements

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1234abcd-12ab-34cd-56ef-1234567890ab-2"
accounts = st.lists(st.from_regex(r"[0-9]{12}", fullmatch=True), max_size=4)
roles = st.lists(st.from_regex(r"arn:aws:iam::[0-9]{12}:role/[a-z]{1,8}", fullmatch=True), max_size=4)
ACCESS = Access(produce=names(["orders"]), consume=names(["customers"]), groups=names(["erp"]))


@given(accounts, roles, roles)
def test_every_principal_is_named_and_none_is_a_wildcard(some: list[str], principals: list[str], clients: list[str]) -> None:
    if not some and not principals:
        return
    policy = cluster_policy(ARN, accounts=some, principals=principals, clients=dict.fromkeys(clients, ACCESS))
    found = policy["Statement"]
    assert isinstance(found, list)
    named: set[str] = set()
    for statement in found:
        who = statement["Principal"]["AWS"]
        named.update([who] if isinstance(who, str) else who)
    assert named == {*(f"arn:aws:iam::{item}:root" for item in some), *principals, *clients}
    assert len({statement["Sid"] for statement in found}) == len(found)


@given(accounts.filter(bool), roles.filter(bool))
def test_clients_get_what_iam_policies_would_give_them_and_administrators_no_data(some: list[str], clients: list[str]) -> None:
    policy = cluster_policy(ARN, accounts=some, principals=[], clients=dict.fromkeys(clients, ACCESS))
    found = policy["Statement"]
    assert isinstance(found, list)
    first, rest = found[0], found[1:]
    assert first["Action"] == list(MANAGEMENT)
    asked = [(statement["Action"], statement["Resource"]) for statement in statements(ACCESS, ARN)]
    assert [(statement["Action"], statement["Resource"]) for statement in rest] == asked * len(set(clients))


def test_the_order_of_names_changes_nothing() -> None:
    one = cluster_policy(ARN, accounts=["1" * 12, "2" * 12], principals=[], clients={})
    assert one == cluster_policy(ARN, accounts=["2" * 12, "1" * 12, "1" * 12], principals=[], clients={})


def test_a_policy_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="names accounts or principals"):
        cluster_policy(ARN, accounts=[], principals=[], clients={})


def test_a_client_is_elsewhere_if_its_account_is_named() -> None:
    role = "arn:aws:iam::210987654321:role/orders"
    assert elsewhere(role, ["210987654321"])
    assert elsewhere(role, [], ["arn:aws:iam::210987654321:user/admin"])
    assert not elsewhere(role, ["111122223333"])
