"""From a client's entry to its mechanism, its brokers, its files and its ACLs, at every step of a rotation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.acls import acls, principal_of_user
from domain.access.mechanisms import Mechanism
from domain.checks.clients import check_clients
from domain.clients.files import render
from domain.clients.plan import acl_principals, acls_of, bootstrap_output, connection_of, mechanism_of, shown_access
from domain.msk.listeners import LISTENERS, MECHANISMS, Listener, Reach, enabled_listeners
from domain.settings.clients import Client, ClientAccess, Format

CERTIFICATE = {"certificate": "CN=orders,O=Example"}
IDENTITIES: dict[Mechanism, dict[str, Any]] = {
    Mechanism.IAM: {"role": {"ec2": {}}},
    Mechanism.SCRAM: {"scramUser": "orders"},
    Mechanism.MUTUAL_TLS: CERTIFICATE,
}
NAMES = {Mechanism.IAM: "iam", Mechanism.SCRAM: "scram", Mechanism.MUTUAL_TLS: "tls"}
SOMETHING: dict[str, Any] = {"produce": {"topics": ["orders"]}, "consume": {"topics": ["customers"], "groups": ["erp"]}}
clusters = st.builds(
    enabled_listeners,
    client_broker=st.sampled_from(["TLS", "TLS_PLAINTEXT", "PLAINTEXT"]),
    iam=st.booleans(),
    scram=st.booleans(),
    tls=st.booleans(),
    unauthenticated=st.booleans(),
    public=st.booleans(),
    multi_vpc=st.booleans(),
    ipv6=st.booleans(),
)


def client(**settings: Any) -> ClientAccess:
    return ClientAccess.model_validate(settings)


@given(clusters, st.sampled_from(list(IDENTITIES)), st.booleans())
def test_an_identity_decides_how_a_client_connects(
    listeners: tuple[Listener, ...], mechanism: Mechanism, unauthenticated: bool
) -> None:
    found = mechanism_of(client(**{"as": IDENTITIES[mechanism]}), listeners, unauthenticated=unauthenticated)
    assert found is mechanism


@pytest.mark.parametrize("client_broker", ["TLS", "TLS_PLAINTEXT", "PLAINTEXT"])
@pytest.mark.parametrize("unauthenticated", [True, False])
def test_nobody_in_particular_connects_only_where_the_cluster_lets_them(client_broker: str, unauthenticated: bool) -> None:
    listeners = enabled_listeners(client_broker=client_broker, iam=True, scram=False, tls=False, unauthenticated=unauthenticated)
    found = mechanism_of(client(), listeners, unauthenticated=unauthenticated)
    if not unauthenticated:
        assert found is None
    else:
        # Encrypted wherever that can be had.
        assert found is (Mechanism.PLAINTEXT if client_broker == "PLAINTEXT" else Mechanism.UNAUTHENTICATED_TLS)


@given(clusters, st.sampled_from(Mechanism), st.sampled_from(Reach))
def test_brokers_are_of_a_listener_that_is_enabled_reached_from_there_and_of_the_mechanism(
    listeners: tuple[Listener, ...], mechanism: Mechanism, reach: Reach
) -> None:
    output = bootstrap_output(mechanism, listeners, reach)
    said = {listener.bootstrap_output: listener for listener in LISTENERS}
    if output is not None:
        assert said[output] in listeners
        assert said[output].reach is reach
        if mechanism in NAMES:
            assert said[output].name == MECHANISMS[NAMES[mechanism]]
    elif mechanism in NAMES:
        assert MECHANISMS[NAMES[mechanism]] not in {listener.name for listener in listeners if listener.reach is reach}


def test_a_client_reaches_its_brokers_within_the_vpc_unless_it_is_elsewhere() -> None:
    listeners = enabled_listeners(
        client_broker="TLS", iam=True, scram=True, tls=True, unauthenticated=False, public=True, multi_vpc=True
    )
    assert bootstrap_output(Mechanism.IAM, listeners) == "bootstrapBrokersSaslIam"
    assert bootstrap_output(Mechanism.IAM, listeners, Reach.MULTI_VPC) == "bootstrapBrokersVpcConnectivitySaslIam"
    assert bootstrap_output(Mechanism.SCRAM, listeners, Reach.PUBLIC) == "bootstrapBrokersPublicSaslScram"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"produce": {"topics": ["a"]}}, {"produces": True, "consumes": False, "group": "", "transactional_ids": ()}),
        (
            {"produce": {"prefixes": ["a."], "transactionalIds": ["t-2", "t-1"]}},
            {"produces": True, "consumes": False, "transactional_ids": ("t-2", "t-1")},
        ),
        ({"consume": {"topics": ["a"], "groups": ["g-2", "g-1"]}}, {"produces": False, "consumes": True, "group": "g-2"}),
        # With prefixes only, the client chooses its group itself.
        ({"consume": {"topics": ["a"], "groupPrefixes": ["g-"]}}, {"consumes": True, "group": ""}),
        # Other consumers are refused in the group of a Kafka Streams application.
        (
            {"streams": {"applicationId": "totals"}, "consume": {"topics": ["a"]}},
            {"produces": False, "consumes": False, "group": "", "application_id": "totals"},
        ),
        (
            {"streams": {"applicationId": "totals"}, "consume": {"topics": ["a"], "groups": ["audit"]}},
            {"consumes": True, "group": "audit", "application_id": "totals"},
        ),
        ({"consume": {"topics": ["a"], "groups": ["g"]}}, {"application_id": ""}),
        ({"admin": {"cluster": True}}, {"produces": False, "consumes": False, "group": "", "transactional_ids": ()}),
    ],
)
def test_a_file_is_made_of_what_the_client_does(settings: dict[str, Any], expected: dict[str, Any]) -> None:
    entry = client(**{"as": {"role": {"ec2": {}}}}, **settings)
    found = connection_of("orders-api", entry, Mechanism.IAM, bootstrap="b-1:9098", region="eu-west-1")
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.name, found.bootstrap, found.region, found.user, found.secret) == (
        "orders-api", "b-1:9098", "eu-west-1", "", "",
    )  # fmt: skip


def test_iam_and_nobody_have_no_acls() -> None:
    by_iam = client(**{"as": IDENTITIES[Mechanism.IAM]}, **SOMETHING)
    assert acl_principals(by_iam) == []
    assert acl_principals(client()) == []
    assert acls_of({"api": by_iam, "ports-only": client(), "erp": client(**{"as": CERTIFICATE}, **SOMETHING)}).keys() == {"erp"}


def test_a_certificate_is_known_by_its_subject() -> None:
    assert acl_principals(client(**{"as": CERTIFICATE})) == ["User:CN=orders,O=Example"]


def test_who_may_do_nothing_needs_no_acl() -> None:
    assert acls_of({"erp": client(**{"as": {"scramUser": "erp", "nextScramUser": "erp-b"}})}) == {}


ROTATION: dict[str, dict[str, str]] = {
    "before": {"scramUser": "erp"},
    "the next user is added": {"scramUser": "erp", "nextScramUser": "erp-b"},
    "the users change places": {"scramUser": "erp-b", "nextScramUser": "erp"},
    "the next user is the one": {"scramUser": "erp-b"},
}
"""Every state of a client on the way to another password, forwards; backwards is the way out."""
STEPS = list(zip(ROTATION.values(), list(ROTATION.values())[1:], strict=False))


def at_step(identity: dict[str, str]) -> ClientAccess:
    return client(**{"as": identity}, **SOMETHING)


@pytest.mark.parametrize("identity", ROTATION.values(), ids=ROTATION)
def test_every_user_of_a_rotation_may_do_the_same_and_the_files_are_the_current_ones(identity: dict[str, str]) -> None:
    entry = at_step(identity)
    assert entry.identity is not None
    assert set(entry.identity.scram_users) == set(identity.values())
    assert acls_of({"erp": entry}) == {
        "erp": [acl for user in entry.identity.scram_users for acl in acls(principal_of_user(user), entry.access)]
    }
    connection = connection_of("erp", entry, Mechanism.SCRAM, bootstrap="b-1:9096", region="eu-west-1")
    assert connection.user == identity["scramUser"]
    for text in render(connection, Format.JAVA).values():
        assert re.findall(r'username="(.*?)"', text) == [identity["scramUser"]]


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_no_step_of_a_rotation_takes_away_both_users(before: dict[str, str], after: dict[str, str]) -> None:
    there, then = (set(acls_of({"erp": at_step(item)})["erp"]) for item in (before, after))
    # Who connects as the current user goes on, forwards and backwards.
    current = {acl for acl in there if acl.principal == principal_of_user(after["scramUser"])}
    assert current <= then
    assert there & then
    assert there <= then or then <= there


@pytest.mark.parametrize("identity", ROTATION.values(), ids=ROTATION)
def test_no_step_of_a_rotation_is_a_mistake(identity: dict[str, str]) -> None:
    assert list(check_clients({"erp": at_step(identity)}, frozenset({Mechanism.SCRAM}))) == []


@pytest.mark.parametrize("theirs", [{"scramUser": "erp-b"}, {"scramUser": "other", "nextScramUser": "erp-b"}])
@pytest.mark.parametrize("order", [1, -1])
def test_the_next_user_is_nobody_elses(theirs: dict[str, str], order: int) -> None:
    clients = [("erp", at_step(ROTATION["the next user is added"])), ("other", at_step(theirs))][::order]
    (problem,) = check_clients(dict(clients), frozenset({Mechanism.SCRAM}))
    assert problem.value == "erp-b"
    assert f"is already the identity of client {clients[0][0]}:" in problem.message
    assert problem.path == (clients[1][0], "as", problem.path[-1])
    assert problem.path[-1] in {"scramUser", "nextScramUser"}


def test_what_a_client_may_do_is_shown_with_beginnings_marked_and_nothing_that_it_may_not() -> None:
    client = Client.model_validate(
        {
            "from": {"cidr": "10.0.0.0/24"},
            "as": {"scramUser": "erp"},
            "produce": {"topics": ["b"], "prefixes": ["a."], "transactionalIdPrefixes": ["erp-"]},
            "consume": {"topics": ["c"], "groups": ["erp"]},
        }
    )
    assert shown_access(client) == {
        "mechanism": "SCRAM",
        "produce": ["b", "a.*"],
        "transactionalIds": ["erp-*"],
        "consume": ["c"],
        "groups": ["erp"],
    }
    administrator = {"from": {"cidr": "10.0.0.0/24"}, "as": {"role": {"ec2": {}}}, "admin": {"cluster": True}}
    assert shown_access(Client.model_validate(administrator)) == {"mechanism": "IAM", "administerCluster": True}
