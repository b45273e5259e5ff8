"""Clients of the stack file: who they are, what they may do, and who may take the roles made for them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.access.documents import Place
from domain.access.mechanisms import Mechanism
from domain.access.rights import EVERY, Access, names
from domain.checks.clients import check_clients
from domain.clients.identity import trust_policy
from domain.msk.quotas import SCRAM_USERS_OF_A_CLUSTER
from domain.settings.clients import ClientAccess

PLACE = Place(partition="aws", region="eu-west-1", account_id="111122223333")
OIDC = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
ALL = frozenset(Mechanism)


def client(**settings: Any) -> ClientAccess:
    return ClientAccess.model_validate(settings)


def test_a_client_without_an_identity_is_let_to_the_ports_only() -> None:
    assert client().identity is None
    assert not client().access


def test_what_a_client_may_do_is_read_from_its_entry() -> None:
    both = client(
        **{"as": {"scramUser": "erp"}},
        produce={"topics": ["orders"], "prefixes": ["audit."], "transactionalIds": ["tx"]},
        consume={"topics": ["customers"], "groups": ["erp"], "groupPrefixes": ["erp-"], "maxLagSeconds": 300},
        admin={"topics": ["orders"], "groups": ["erp"], "cluster": True},
    )
    assert both.access == Access(
        produce=names(["orders"], ["audit."]),
        transactional_ids=names(["tx"]),
        consume=names(["customers"]),
        groups=names(["erp"], ["erp-"]),
        administer=names(["orders"]),
        administer_groups=names(["erp"]),
        administer_cluster=True,
    )


def test_who_observes_or_operates_sees_everything_unless_told_otherwise() -> None:
    user = {"as": {"scramUser": "lag"}}
    assert client(**user, observe={}).access == Access(observe_topics=EVERY, observe_groups=EVERY)
    narrowed = client(**user, observe={"topics": ["orders"], "prefixes": ["audit."], "groupPrefixes": ["erp-"]})
    assert narrowed.access == Access(observe_topics=names(["orders"], ["audit."]), observe_groups=names(prefixes=["erp-"]))
    # Each is narrowed alone.
    assert client(**user, observe={"topics": ["orders"]}).access.observe_groups == EVERY
    assert client(**user, operate={}).access == Access(operate=True)


def test_what_a_streams_application_may_do_follows_from_its_id() -> None:
    application = client(
        **{"as": {"scramUser": "totals"}},
        produce={"topics": ["totals.v1"], "transactionalIds": ["totals-own", "other"]},
        streams={"applicationId": "totals"},
        consume={"topics": ["orders.v1"], "groups": ["audit"], "groupPrefixes": ["erp-"]},
    )
    assert application.groups == ["audit", "totals"]
    assert application.access == Access(
        produce=names(["totals.v1"]),
        transactional_ids=names(["other"], ["totals-"]),
        consume=names(["orders.v1"]),
        groups=names(["audit", "totals"], ["erp-"]),
        streams_topics=names(prefixes=["totals-"]),
    )
    # It needs no other group, and no output topic.
    alone = client(**{"as": {"scramUser": "a"}}, streams={"applicationId": "totals"}, consume={"topics": ["orders.v1"]})
    assert alone.groups == ["totals"]
    assert alone.access.transactional_ids == names(prefixes=["totals-"])


def test_what_workers_of_connect_may_do_follows_from_their_group() -> None:
    user = {"as": {"scramUser": "c"}}
    workers = client(**user, connect={"groupId": "orders"}, consume={"topics": ["a"], "groups": ["connect-sink"]})
    assert workers.access == Access(
        consume=names(["a"]),
        groups=names(["connect-sink", "orders"]),
        connect_topics=names(["orders-configs", "orders-offsets", "orders-status"]),
    )
    # The lag of the workers' group is nobody's.
    assert workers.groups == ["connect-sink"]
    own = {"configTopic": "connect-configs", "offsetTopic": "connect-offsets", "statusTopic": "connect-status"}
    assert client(**user, connect={"groupId": "a/b", **own}).access.connect_topics == names(own.values())


@pytest.mark.parametrize(
    ("settings", "formats"),
    [
        ({"produce": {"topics": ["a"]}}, ["java"]),
        ({"observe": {}}, ["java"]),
        ({"operate": {}}, ["java"]),
        ({"streams": {"applicationId": "a"}, "consume": {"topics": ["a"]}}, ["kafka-streams"]),
        ({"connect": {"groupId": "a"}}, ["connect"]),
        ({"as": {"role": {"lambda": {}}}, "produce": {"topics": ["a"]}}, ["confluent-kafka"]),
        ({"produce": {"topics": ["a"]}, "formats": ["spring", "python", "confluent-kafka"]}, ["spring", "confluent-kafka"]),
    ],
)
def test_a_client_gets_files_of_the_formats_that_it_names_or_of_its_kind(settings: dict[str, Any], formats: list[str]) -> None:
    assert [*client(**{"as": {"scramUser": "a"}, **settings}).ready_formats] == formats


@pytest.mark.parametrize(
    ("identity", "mechanism"),
    [
        ({"role": {"ec2": {}}}, Mechanism.IAM),
        ({"principal": "arn:aws:iam::111122223333:role/team/orders"}, Mechanism.IAM),
        ({"scramUser": "legacy-erp"}, Mechanism.SCRAM),
        ({"certificate": "CN=orders,O=Example"}, Mechanism.MUTUAL_TLS),
    ],
)
def test_an_identity_says_by_which_mechanism(identity: dict[str, Any], mechanism: Mechanism) -> None:
    found = client(**{"as": identity})
    assert found.identity is not None
    assert found.identity.mechanism is mechanism
    assert list(check_clients({"a": found}, ALL)) == []
    (problem,) = check_clients({"a": found}, ALL - {mechanism})
    assert problem.path[:2] == ("a", "as")
    assert "which is off" in problem.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"as": {}}, "exactly one of role, principal, scramUser and certificate"),
        ({"as": {"scramUser": "a", "certificate": "CN=a"}}, "exactly one of role"),
        ({"as": {"role": {}}}, "exactly one of ec2, ecs, lambda, eksPodIdentity and irsa"),
        ({"as": {"role": {"ec2": {}, "lambda": {}}}}, "exactly one of ec2"),
        ({"as": {"scramUser": 'a"b'}}, "a user name"),
        ({"as": {"certificate": "orders"}}, "a certificate's subject"),
        ({"as": {"principal": "arn:aws:iam::111122223333:group/a"}}, "an IAM role or user"),
        ({"as": {"role": {"irsa": {"oidcProvider": "x", "namespace": "a", "serviceAccount": "b"}}}}, "an IAM OIDC provider"),
        ({"produce": {"topics": ["a"]}}, "permissions but no identity"),
        ({"as": {"scramUser": "a"}, "produce": {}}, "must name topics or prefixes"),
        ({"as": {"scramUser": "a"}, "consume": {"topics": ["a"]}}, "must name groups or groupPrefixes"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "a"}}, "consume\n  Value error, is required with streams"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "a"}, "produce": {"topics": ["a"]}}, "is required with streams"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "a"}, "consume": {}}, "must name topics or prefixes"),
        ({"as": {"scramUser": "a"}, "streams": {}, "consume": {"topics": ["a"]}}, "Field required"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "a b"}}, "letters, digits, dots"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "."}}, "the first a letter, digit or underscore"),
        ({"as": {"scramUser": "a"}, "streams": {"applicationId": "a" * 129}}, "at most 128"),
        ({"streams": {"applicationId": "a"}, "consume": {"topics": ["a"]}}, "permissions but no identity"),
        ({"observe": {}}, "permissions but no identity"),
        ({"connect": {"groupId": "a"}}, "permissions but no identity"),
        ({"as": {"scramUser": "a"}, "connect": {}}, "Field required"),
        ({"as": {"scramUser": "a"}, "connect": {"groupId": "g"}, "consume": {"topics": ["a"]}}, "must name groups"),
        ({"as": {"scramUser": "a"}, "formats": ["jav"]}, "Input should be 'java'"),
        ({"operate": {}}, "permissions but no identity"),
        ({"as": {"scramUser": "a"}, "operate": {"topics": ["a"]}}, "Extra inputs"),
        ({"as": {"scramUser": "a"}, "observe": {"groups": ["*"]}}, "letters, digits"),
        ({"as": {"scramUser": "a"}, "admin": {}}, "must name topics, prefixes, groups"),
        ({"as": {"scramUser": "a"}, "produce": {"topics": ["*"]}}, "letters, digits, dots"),
        ({"as": {"scramUser": "a"}, "produces": {"topics": ["a"]}}, "Extra inputs"),
    ],
)
def test_a_mistake_in_a_client_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as error:
        client(**settings)
    assert words in str(error.value)


def test_a_streams_application_that_is_wrong_itself_is_told_that_alone() -> None:
    with pytest.raises(ValidationError) as error:
        client(**{"as": {"scramUser": "a"}}, streams={"applicationId": "a:b"}, consume={"topics": ["a"]})
    assert [problem["loc"] for problem in error.value.errors()] == [("streams", "applicationId")]


def test_two_clients_are_not_one_and_the_same() -> None:
    (problem,) = check_clients({"a": client(**{"as": {"scramUser": "u"}}), "b": client(**{"as": {"scramUser": "u"}})}, ALL)
    assert problem.path == ("b", "as", "scramUser")
    assert "is already the identity of client a:" in problem.message
    # A user and a certificate of the same name are two.
    different = {"a": client(**{"as": {"scramUser": "CN"}}), "b": client(**{"as": {"certificate": "CN=CN"}})}
    assert list(check_clients(different, ALL)) == []
    # Each role that is created is one of its own.
    roles = {"a": client(**{"as": {"role": {"ec2": {}}}}), "b": client(**{"as": {"role": {"ec2": {}}}})}
    assert list(check_clients(roles, ALL)) == []


def test_a_cluster_has_so_many_users_and_no_more() -> None:
    users = {f"c{number}": client(**{"as": {"scramUser": f"u{number}"}}) for number in range(SCRAM_USERS_OF_A_CLUSTER)}
    assert list(check_clients(users, ALL)) == []
    (problem,) = check_clients({**users, "more": client(**{"as": {"scramUser": "more"}})}, ALL)
    assert problem.value == SCRAM_USERS_OF_A_CLUSTER + 1


ROLES: dict[str, dict[str, Any]] = {
    "ec2": {"ec2": {}},
    "ecs": {"ecs": {}},
    "lambda": {"lambda": {}},
    "pods": {"eksPodIdentity": {"cluster": "apps", "namespace": "orders", "serviceAccount": "api"}},
    "irsa": {"irsa": {"oidcProvider": OIDC, "namespace": "orders", "serviceAccount": "api"}},
}


def statement_of(role: dict[str, Any], place: Place = PLACE) -> dict[str, Any]:
    identity = client(**{"as": {"role": role}}).identity
    assert identity is not None
    assert identity.role is not None
    document: Any = trust_policy(identity.role, place)
    (statement,) = document["Statement"]
    assert statement["Effect"] == "Allow"
    found: dict[str, Any] = statement
    return found


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_nobody_but_the_named_service_or_provider_takes_a_role(role: dict[str, Any]) -> None:
    (who,) = statement_of(role)["Principal"].values()
    assert "*" not in who
    assert who == OIDC or who.endswith(".amazonaws.com")


def test_each_role_is_for_one_kind_of_place() -> None:
    assert {name: next(iter(statement_of(role)["Principal"].values())) for name, role in ROLES.items()} == {
        "ec2": "ec2.amazonaws.com",
        "ecs": "ecs-tasks.amazonaws.com",
        "lambda": "lambda.amazonaws.com",
        "pods": "pods.eks.amazonaws.com",
        "irsa": OIDC,
    }
    china = Place(partition="aws-cn", region="cn-north-1", account_id="111122223333")
    assert statement_of(ROLES["ec2"], china)["Principal"] == {"Service": "ec2.amazonaws.com.cn"}


def test_a_pods_role_is_for_one_service_account_of_one_cluster() -> None:
    statement = statement_of(ROLES["pods"])
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "111122223333",
            "aws:RequestTag/eks-cluster-name": "apps",
            "aws:RequestTag/kubernetes-namespace": "orders",
            "aws:RequestTag/kubernetes-service-account": "api",
        }
    }


def test_a_service_accounts_role_is_for_its_subject_and_audience() -> None:
    assert statement_of(ROLES["irsa"])["Condition"]["StringEquals"] == {
        "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:aud": "sts.amazonaws.com",
        "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:sub": "system:serviceaccount:orders:api",
    }


@given(st.dictionaries(st.text(max_size=8), st.none() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())))
def test_anything_at_all_is_a_client_or_a_validation_error(settings: dict[str, Any]) -> None:
    try:
        found = client(**settings)
    except ValidationError:
        return
    assert list(check_clients({"a": found}, ALL)) == []
