"""Who clients are: against each other, against the region, and against who they were meant to be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.loading import load_stack
from domain.problems import SettingsError
from support.stacks import TODAY

FROM = {"from": {"cidr": "10.40.0.0/20"}}
EC2: dict[str, Any] = {"role": {"ec2": {}}}
SCRAM: dict[str, Any] = {"authentication": {"scram": {}}}
TLS = {"authentication": {"tls": {"certificateAuthority": "create"}}}
SSO = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Data_0123456789abcdef"
ID = "0123456789ABCDEF0123456789ABCDEF"


def client(identity: dict[str, Any], **access: Any) -> dict[str, Any]:
    return {**FROM, "as": identity, **access}


def warnings(*, region: str = "us-east-1", **settings: Any) -> list[str]:
    config = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
    return list(load_stack(config, project="orders", stack="dev", region=region, today=TODAY).warnings)


def of_clients(**settings: Any) -> list[str]:
    return [warning for warning in warnings(**settings) if warning.startswith("clients")]


def mistakes(**settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as error:
        warnings(**settings)
    return [str(problem) for problem in error.value.problems]


def test_a_role_that_only_aws_changes_is_refused_where_it_stands() -> None:
    (message,) = mistakes(clients={"people": client({"principal": SSO})})
    assert message.startswith("clients.people.as.principal = ")
    assert "sts:AssumeRole" in message


def test_another_accounts_role_takes_no_attachment_and_may_be_any() -> None:
    connected = {"multiVpc": {"iam": True, "accounts": ["111122223333"]}}
    settings: dict[str, Any] = {"brokerType": "kafka.m7g.large", "network": connected}
    assert of_clients(**settings, clients={"people": client({"principal": SSO})}) == []


def test_a_principal_of_another_partition_is_refused() -> None:
    chinese = client({"principal": "arn:aws-cn:iam::111122223333:role/orders"})
    (message,) = mistakes(clients={"orders": chinese})
    assert "partition aws-cn, but us-east-1 is in aws" in message
    isolated = client({"principal": "arn:aws-iso:iam::111122223333:role/orders"})
    assert of_clients(clients={"orders": isolated}) == []
    zones = {"zones": ["cnn1-az1", "cnn1-az2", "cnn1-az3"]}
    assert of_clients(region="cn-north-1", network=zones, clients={"orders": chinese}) == []


@pytest.mark.parametrize("other", ["role/team/orders", "role/Orders", "role/orders"])
def test_one_role_of_two_clients_is_refused_whatever_its_path_and_case(other: str) -> None:
    principals = {"a": client({"principal": "arn:aws:iam::111122223333:role/orders"})}
    principals["b"] = client({"principal": f"arn:aws:iam::111122223333:{other}"})
    (message,) = mistakes(clients=principals)
    assert message.startswith("clients.b.as.principal")
    assert "is already the identity of client a" in message


def test_a_user_and_a_role_of_one_name_are_two() -> None:
    names = {kind: client({"principal": f"arn:aws:iam::111122223333:{kind}/orders"}) for kind in ("role", "user")}
    assert of_clients(clients=names) == []


def pods(cluster: str = "apps", namespace: str = "orders", account: str = "api") -> dict[str, Any]:
    return client({"role": {"eksPodIdentity": {"cluster": cluster, "namespace": namespace, "serviceAccount": account}}})


def irsa(account: str = "api", host: str = "oidc.eks.eu-west-1.amazonaws.com") -> dict[str, Any]:
    provider = f"arn:aws:iam::111122223333:oidc-provider/{host}/id/{ID}"
    return client({"role": {"irsa": {"oidcProvider": provider, "namespace": "orders", "serviceAccount": account}}})


def test_a_service_account_has_one_association() -> None:
    (message,) = mistakes(clients={"a": pods(), "b": pods()})
    assert message.startswith("clients.b.as.role.eksPodIdentity")
    assert "is already the identity of client a" in message
    assert of_clients(clients={"a": pods(), "b": pods(account="jobs"), "c": pods(cluster="batch")}) == []


def test_a_service_account_of_two_roles_is_told() -> None:
    (warning,) = of_clients(clients={"a": irsa(), "b": irsa()})
    assert warning.startswith("clients.b.as.role.irsa is also the service account of client a")
    assert of_clients(clients={"a": irsa(), "b": irsa("jobs")}) == []


@pytest.mark.parametrize("entry", [pods(account="default"), irsa("default")])
def test_a_service_account_that_every_pod_has_is_told(entry: dict[str, Any]) -> None:
    (warning,) = of_clients(clients={"a": entry})
    assert "every pod of the namespace orders" in warning


def test_an_issuer_that_may_be_a_clusters_own_is_told() -> None:
    (warning,) = of_clients(clients={"a": irsa(host="oidc.example.com")})
    assert "not an issuer of Amazon EKS" in warning


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ({"cluster": "not a name!"}, "cluster"),
        ({"cluster": "-apps"}, "cluster"),
        ({"cluster": "ápps"}, "cluster"),
        ({"cluster": ""}, "cluster"),
        ({"cluster": "x" * 101}, "cluster"),
        ({"namespace": "*"}, "namespace"),
        ({"namespace": "a.b"}, "namespace"),
        ({"namespace": "x" * 64}, "namespace"),
        ({"account": "*"}, "serviceAccount"),
        ({"account": "system:masters"}, "serviceAccount"),
        ({"account": "a..b"}, "serviceAccount"),
        ({"account": f"{'x.' * 127}x"}, "serviceAccount"),
    ],
)
def test_names_that_kubernetes_or_amazon_eks_has_not_are_refused(where: dict[str, str], wrong: str) -> None:
    (message,) = mistakes(clients={"a": pods(**where)})
    assert message.startswith(f"clients.a.as.role.eksPodIdentity.{wrong} = ")


@pytest.mark.parametrize(
    "where",
    [{"cluster": "Apps_1-b"}, {"cluster": "1"}, {"namespace": "x" * 63}, {"account": "kafka.orders.api"}, {"account": "x" * 63}],
)
def test_names_that_they_have_are_taken(where: dict[str, str]) -> None:
    assert of_clients(clients={"a": pods(**where)}) == []


def test_the_user_anonymous_is_everybody_without_an_identity() -> None:
    users = {"a": client({"scramUser": "ANONYMOUS"})}
    (closed,) = of_clients(**SCRAM, clients=users)
    assert "once it does" in closed
    (opened,) = of_clients(authentication={"scram": {}, "unauthenticated": True}, clients=users)
    assert "this cluster accepts such clients" in opened
    assert of_clients(**SCRAM, clients={"a": client({"scramUser": "anonymous-erp"})}) == []


@pytest.mark.parametrize(("first", "second"), [("a.b", "a_b"), ("erp", "ERP"), ("erp-1", "erp1")])
def test_users_that_a_person_takes_for_one_are_told(first: str, second: str) -> None:
    (warning,) = of_clients(**SCRAM, clients={"a": client({"scramUser": first}), "b": client({"scramUser": second})})
    assert f"the user {second} is not {first}" in warning
    assert of_clients(**SCRAM, clients={"a": client({"scramUser": first}), "b": client({"scramUser": "billing"})}) == []


def test_users_whose_resources_have_one_name_are_refused() -> None:
    users = {"erp": client({"scramUser": "prod-app"}), "erp-prod": client({"scramUser": "app"})}
    (message,) = mistakes(**SCRAM, clients=users)
    assert message.startswith("clients.erp-prod.as.scramUser = app")
    assert "the user prod-app of client erp" in message
    next_user = {"erp": client({"scramUser": "a", "nextScramUser": "prod-app"}), "erp-prod": client({"scramUser": "app"})}
    assert [text.partition(" = ")[0] for text in mistakes(**SCRAM, clients=next_user)] == ["clients.erp-prod.as.scramUser"]


def test_subjects_that_are_most_likely_somebody_else_are_told() -> None:
    (warning,) = of_clients(**TLS, clients={"a": client({"certificate": "CN=*"})})
    assert "clients.a.as.certificate is CN=*" in warning
    assert of_clients(**TLS, clients={"a": client({"certificate": "CN=orders,O=Example"})}) == []


def test_a_functions_role_is_no_triggers() -> None:
    function: dict[str, Any] = {"role": {"lambda": {}}}
    reads, writes = {"consume": {"topics": ["a"], "groups": ["g"]}}, {"produce": {"topics": ["a"]}}
    (warning,) = of_clients(clients={"a": client(function, **reads), "b": client(function, **writes)})
    assert warning.startswith("clients.a.as.role.lambda is for functions that are Kafka clients")
    assert "event source mapping" in warning
    assert of_clients(clients={"b": client(function, **writes), "c": client(EC2, **reads)}) == []
