"""Clients that come, change and go on a running platform: each is a change of its own resources and of nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.cloud import Call
    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
PARAMETER = "aws:ssm/parameter:Parameter"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type
ASSOCIATION = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
THERE = "arn:aws:iam::123456789012"

SETTINGS: dict[str, Any] = {
    "brokerType": "kafka.m7g.large",
    "authentication": {"iam": {}, "scram": {}},
    "topics": {"orders.v1": {"partitions": 24}},
    "clients": {
        "api": {
            "from": {"cidr": "10.91.0.0/24"},
            "as": {"role": {"ec2": {}}},
            "produce": {"topics": ["orders.v1"]},
        },
        "erp": {
            "from": {"cidr": "10.90.0.0/24"},
            "as": {"scramUser": "erp"},
            "consume": {"topics": ["orders.v1"], "groups": ["erp"]},
        },
    },
}
PORTS = (9096, 9098)
"""Of SCRAM and of IAM: whoever is named in `from` reaches every port that is open to clients."""


@pytest.fixture
def stack(deployed: Callable[..., Stack]) -> Stack:
    """A client with a role, one with a SCRAM user, and one that is let to the ports only."""
    return deployed("dev", **SETTINGS)


def rules(cidr: str) -> set[str]:
    return {f"kafka-brokers-{port}-from-{cidr}" for port in PORTS}


def belongs(name: str, client: str, cidr: str) -> bool:
    """Whether a resource is one of a client's own, by its logical name."""
    return name.startswith(f"kafka-clients-{client}-") or name in rules(cidr)


def in_cloud(stack: Stack, type_: str) -> list[dict[str, Any]]:
    return [one["properties"] for key, one in stack.cloud.resources().items() if key.startswith(f"{type_}|")]


def planned(stack: Stack) -> set[tuple[str, str]]:
    """What a preview says it will do with anything that is in the cloud, by URN."""
    steps = [one for one in stack.preview() if one.op not in {"same", "refresh"}]
    return {(one.op, one.urn) for one in steps if not one.type.startswith(("msk-platform:", "pulumi:"))}


def did(calls: list[Call]) -> set[tuple[str, str, str]]:
    return {(one.call, one.type, one.name) for one in calls}


def clean(stack: Stack) -> None:
    assert stack.calls_of_up("--expect-no-changes") == []


# --- Clients come and go -----------------------------------------------------------------------------------------------

NEW: dict[str, dict[str, Any]] = {
    "machine": {"role": {"ec2": {}}},
    "pods": {"role": {"eksPodIdentity": {"cluster": "apps", "namespace": "orders", "serviceAccount": "api"}}},
    "billing": {"principal": f"{THERE}:role/billing"},
    "ann": {"principal": f"{THERE}:user/team/ann"},
    "legacy": {"scramUser": "legacy"},
}
"""One client of each kind, and who it is."""


def test_clients_come_and_go_with_their_own_resources_alone(stack: Stack) -> None:
    before = stack.cloud.resources()
    urns = {one["urn"] for one in stack.state().values()}
    places = {client: f"10.92.{number}.0/24" for number, client in enumerate(NEW)}
    reads = {"consume": {"topics": ["orders.v1"], "groups": ["readers"]}}
    stack.set(clients={one: {"from": {"cidr": places[one]}, "as": who, **reads} for one, who in NEW.items()})
    plan = planned(stack)
    assert {op for op, _ in plan} == {"create"}
    assert not {urn for _, urn in plan} & urns
    came = stack.calls_of_up()
    assert {one.call for one in came} == {"create"}
    owners = {one: [client for client, cidr in places.items() if belongs(one.name, client, cidr)] for one in came}
    assert all(len(clients) == 1 for clients in owners.values())
    assert {name for _, _, name in did(came)} >= {rule for cidr in places.values() for rule in rules(cidr)}
    assert stack.cloud.resources().items() >= before.items()
    assert set(stack.state()["msk-platform-dev"]["outputs"]["clients"]) == {"api", "erp", *NEW}
    clean(stack)
    # One goes, and the others do not notice.
    stack.set(clients={"billing": None})
    assert {op for op, _ in planned(stack)} == {"delete"}
    went = stack.calls_of_up()
    assert did(went) == {("delete", one.type, one.name) for one, clients in owners.items() if clients == ["billing"]}
    clean(stack)
    stack.set(clients=dict.fromkeys(NEW))
    went += stack.calls_of_up()
    assert did(went) == {("delete", one.type, one.name) for one in came}
    assert stack.cloud.resources() == before
    assert set(stack.state()["msk-platform-dev"]["outputs"]["clients"]) == {"api", "erp"}
    clean(stack)


def test_the_first_and_the_last_client_are_no_more_than_a_client_each(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev")
    before = stack.cloud.resources()
    stack.set(clients={"api": SETTINGS["clients"]["api"]})
    came = stack.calls_of_up()
    assert {one.call for one in came} == {"create"}
    assert all(belongs(one.name, "api", "10.91.0.0/24") for one in came)
    clean(stack)
    stack.set(clients={"api": None})
    assert did(stack.calls_of_up()) == {("delete", one.type, one.name) for one in came}
    assert stack.cloud.resources() == before
    clean(stack)


def test_two_clients_of_one_place_share_its_rules_and_one_that_goes_leaves_them_to_the_other(stack: Stack) -> None:
    reads = {"consume": {"topics": ["orders.v1"], "groups": ["billing"]}}
    stack.set(clients={"billing": {"from": {"cidr": "10.91.0.0/24"}, "as": {"role": {"ecs": {}}}, **reads}})
    assert all(one.name.startswith("kafka-clients-billing-") for one in stack.calls_of_up())
    clean(stack)
    stack.set(clients={"api": None})
    assert all((one.call, one.name.startswith("kafka-clients-api-")) == ("delete", True) for one in stack.calls_of_up())
    ranges = {one.get("cidrIpv4") for one in in_cloud(stack, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")}
    assert "10.91.0.0/24" in ranges
    clean(stack)


# --- Clients change ----------------------------------------------------------------------------------------------------


def test_what_a_client_may_do_is_changed_in_place(stack: Stack) -> None:
    stack.set(clients={"api": {"produce": {"topics": ["orders.v1", "payments"]}}})
    assert [(one.call, one.type, one.changed) for one in stack.calls_of_up()] == [("update", POLICY, ("policy",))]
    clean(stack)


def test_what_a_scram_user_may_do_is_no_change_in_the_cloud(stack: Stack) -> None:
    # Kafka ACLs say it, and `tools acls` writes them: Amazon MSK has no API for them.
    stack.set(clients={"erp": {"consume": {"topics": ["orders.v1", "payments"]}}})
    assert {one.type for one in stack.calls_of_up()} <= {PARAMETER}
    clean(stack)


def test_a_client_that_connects_from_elsewhere_keeps_all_but_its_rules(stack: Stack) -> None:
    stack.set(clients={"api": {"from": {"cidr": "10.93.0.0/24"}}})
    moved = stack.calls_of_up()
    assert {(one.call, one.name) for one in moved} == {
        *(("create", name) for name in rules("10.93.0.0/24")),
        *(("delete", name) for name in rules("10.91.0.0/24")),
    }
    # At no moment is it shut out.
    order = [one.call for one in moved]
    assert order == sorted(order)
    clean(stack)


@pytest.mark.parametrize(
    ("principal", "attachment"), [("role/api", ROLE_ATTACHMENT), ("user/team/ann", USER_ATTACHMENT)], ids=["a role", "a user"]
)
def test_a_client_that_was_given_a_role_becomes_a_principal_that_is_there(principal: str, attachment: str, stack: Stack) -> None:
    (policy,) = in_cloud(stack, POLICY)
    stack.set(clients={"api": {"as": {"role": None, "principal": f"{THERE}:{principal}"}}})
    assert all("::kafka-clients-api-" in urn for _, urn in planned(stack))
    calls = stack.calls_of_up()
    made = [(one.call, one.type) for one in calls if one.type != PARAMETER]
    assert sorted(made) == sorted([("create", attachment), ("delete", ROLE_ATTACHMENT), ("delete", PROFILE), ("delete", ROLE)])
    # The new one may before the old one may no longer; IAM takes no role away that has policies.
    assert made.index(("create", attachment)) < made.index(("delete", ROLE_ATTACHMENT)) < made.index(("delete", ROLE))
    assert in_cloud(stack, POLICY) == [policy]
    (there,) = in_cloud(stack, attachment)
    assert there["policyArn"] == policy["arn"]
    assert there["role" if attachment == ROLE_ATTACHMENT else "user"] == principal.rpartition("/")[2]
    assert stack.state()["msk-platform-dev"]["outputs"]["clients"]["api"]["principalArn"] == f"{THERE}:{principal}"
    clean(stack)


def test_a_client_with_a_role_becomes_a_scram_user(stack: Stack) -> None:
    stack.set(clients={"api": {"as": {"role": None, "scramUser": "api"}}})
    calls = stack.calls_of_up()
    assert all(one.name.startswith("kafka-clients-api-") for one in calls)
    assert {one.type for one in calls if one.call == "create"} >= {SECRET, ASSOCIATION}
    assert {one.type for one in calls if one.call == "delete"} >= {ROLE, POLICY, ROLE_ATTACHMENT, PROFILE}
    assert in_cloud(stack, ROLE) == []
    assert len(in_cloud(stack, ASSOCIATION)) == 2
    clean(stack)


def test_more_brokers_are_in_every_clients_files_and_nothing_else_of_a_client_changes(stack: Stack) -> None:
    stack.set(brokersPerZone=3)
    # New brokers are watched too, which is no client's matter.
    calls = [one for one in stack.calls_of_up() if not one.type.startswith("aws:cloudwatch/")]
    assert {one.type for one in calls} == {CLUSTER, PARAMETER}
    assert {one.call for one in calls} == {"update"}
    for one in in_cloud(stack, PARAMETER):
        port = 9096 if "/clients/erp/" in one["name"] else 9098
        assert one["insecureValue"].count(f".amazonaws.com:{port}") % 9 == 0, one["name"]
    clean(stack)


def test_public_access_that_comes_later_lets_clients_in_and_changes_nothing_of_theirs(stack: Stack) -> None:
    stack.set(serverProperties={"allow.everyone.if.no.acl.found": False})
    stack.up()
    clients = {one["urn"] for one in stack.cloud.resources().values() if "::kafka-clients-" in one["urn"]}
    stack.set(network={"publicAccess": True})
    on = stack.calls_of_up()
    assert {one.name for one in on if "-from-" in one.name} == {
        f"kafka-brokers-{port}-from-{cidr}" for port in (9196, 9198) for cidr in ("10.40.0.0/20", "10.90.0.0/24", "10.91.0.0/24")
    }
    assert not [one for one in on if one.name.startswith(("kafka-clients-", "kafka-topics-"))]
    assert clients <= {one["urn"] for one in stack.cloud.resources().values()}
    exports = stack.state()["msk-platform-dev"]["outputs"]["bootstrap"]
    assert ":9196" in exports["bootstrapBrokersPublicSaslScram"]
    assert ":9198" in exports["bootstrapBrokersPublicSaslIam"]
    clean(stack)


# --- The end -----------------------------------------------------------------------------------------------------------


def test_clients_and_topics_go_before_the_cluster_and_nothing_is_left(stack: Stack) -> None:
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    calls = stack.cloud.calls()
    cluster = next(place for place, one in enumerate(calls) if one.type == CLUSTER)
    after = {one.name for one in calls[cluster:]}
    assert not [one.name for one in calls[:cluster] if one.name.startswith("kafka-network-private")]
    # What needs a cluster to be taken away from goes before it: its topics, its users, and who may do what on it.
    before = {one.type for one in calls[:cluster]}
    assert before >= {"aws:msk/topic:Topic", ASSOCIATION, POLICY, ROLE_ATTACHMENT, PARAMETER}
    assert not [name for name in after if name.startswith("kafka-topics-") or name.endswith("-association")]
    assert stack.cloud.resources() == {}
    assert stack.state() == {}
