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
NOBODY: dict[str, Any] = {"lag-exporter": None, "on-call": None}
"""Without the clients that the template ships with the stack."""
PORTS = (9096, 9098)
"""Of SCRAM and of IAM: whoever is named in `from` reaches every port that is open to clients."""


@pytest.fixture
def stack(deployed: Callable[..., Stack]) -> Stack:
    """A client with a role, one with a SCRAM user, and one that is let to the ports only."""
    return deployed("dev", **{**SETTINGS, "clients": {**NOBODY, **SETTINGS["clients"]}})


def rules(cidr: str) -> set[str]:
    return {f"kafka-brokers-{port}-from-{cidr}" for port in PORTS}


def belongs(name: str, client: str, cidr: str) -> bool:
    """Whether a resource is one of a client's own, by its logical name."""
    return name.startswith(f"kafka-clients-{client}-") or name in rules(cidr)


def in_cloud(stack: Stack, type_: str) -> list[dict[str, Any]]:
    return [resource["properties"] for key, resource in stack.cloud.resources().items() if key.startswith(f"{type_}|")]


def planned(stack: Stack) -> set[tuple[str, str]]:
    """What a preview says it will do with anything that is in the cloud, by URN."""
    steps = [step for step in stack.preview() if step.op not in {"same", "refresh"}]
    return {(step.op, step.urn) for step in steps if not step.type.startswith(("msk-platform:", "pulumi:"))}


def did(calls: list[Call]) -> set[tuple[str, str, str]]:
    return {(call.call, call.type, call.name) for call in calls}


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
    urns = {row["urn"] for row in stack.state().values()}
    places = {client: f"10.92.{number}.0/24" for number, client in enumerate(NEW)}
    reads = {"consume": {"topics": ["orders.v1"], "groups": ["readers"]}}
    stack.set(clients={item: {"from": {"cidr": places[item]}, "as": who, **reads} for item, who in NEW.items()})
    plan = planned(stack)
    assert {op for op, _ in plan} == {"create"}
    assert not {urn for _, urn in plan} & urns
    came = stack.calls_of_up()
    assert {record.call for record in came} == {"create"}
    owners = {record: [client for client, cidr in places.items() if belongs(record.name, client, cidr)] for record in came}
    assert all(len(clients) == 1 for clients in owners.values())
    assert {name for _, _, name in did(came)} >= {rule for cidr in places.values() for rule in rules(cidr)}
    assert stack.cloud.resources().items() >= before.items()
    assert set(stack.state()["msk-platform-dev"]["outputs"]["clients"]) == {"api", "erp", *NEW}
    clean(stack)
    # One goes, and the others do not notice.
    stack.set(clients={"billing": None})
    assert {op for op, _ in planned(stack)} == {"delete"}
    went = stack.calls_of_up()
    assert did(went) == {("delete", owner.type, owner.name) for owner, clients in owners.items() if clients == ["billing"]}
    clean(stack)
    stack.set(clients=dict.fromkeys(NEW))
    went += stack.calls_of_up()
    assert did(went) == {("delete", record.type, record.name) for record in came}
    assert stack.cloud.resources() == before
    assert set(stack.state()["msk-platform-dev"]["outputs"]["clients"]) == {"api", "erp"}
    clean(stack)


def test_the_first_and_the_last_client_are_no_more_than_a_client_each(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", clients=NOBODY)
    before = stack.cloud.resources()
    stack.set(clients={"api": SETTINGS["clients"]["api"]})
    came = stack.calls_of_up()
    assert {record.call for record in came} == {"create"}
    assert all(belongs(record.name, "api", "10.91.0.0/24") for record in came)
    clean(stack)
    stack.set(clients={"api": None})
    assert did(stack.calls_of_up()) == {("delete", record.type, record.name) for record in came}
    assert stack.cloud.resources() == before
    clean(stack)


def test_two_clients_of_one_place_share_its_rules_and_one_that_goes_leaves_them_to_the_other(stack: Stack) -> None:
    reads = {"consume": {"topics": ["orders.v1"], "groups": ["billing"]}}
    stack.set(clients={"billing": {"from": {"cidr": "10.91.0.0/24"}, "as": {"role": {"ecs": {}}}, **reads}})
    assert all(call.name.startswith("kafka-clients-billing-") for call in stack.calls_of_up())
    clean(stack)
    stack.set(clients={"api": None})
    assert all((call.call, call.name.startswith("kafka-clients-api-")) == ("delete", True) for call in stack.calls_of_up())
    ranges = {
        resource.get("cidrIpv4") for resource in in_cloud(stack, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    }
    assert "10.91.0.0/24" in ranges
    clean(stack)


# --- Clients change ----------------------------------------------------------------------------------------------------


def test_what_a_client_may_do_is_changed_in_place(stack: Stack) -> None:
    stack.set(clients={"api": {"produce": {"topics": ["orders.v1", "payments"]}}})
    assert [(call.call, call.type, call.changed) for call in stack.calls_of_up()] == [("update", POLICY, ("policy",))]
    clean(stack)


def test_what_a_scram_user_may_do_is_no_change_in_the_cloud(stack: Stack) -> None:
    # Kafka ACLs say it, and `tools acls` writes them: Amazon MSK has no API for them.
    stack.set(clients={"erp": {"consume": {"topics": ["orders.v1", "payments"]}}})
    assert {call.type for call in stack.calls_of_up()} <= {PARAMETER}
    clean(stack)


def test_a_client_that_connects_from_elsewhere_keeps_all_but_its_rules(stack: Stack) -> None:
    stack.set(clients={"api": {"from": {"cidr": "10.93.0.0/24"}}})
    moved = stack.calls_of_up()
    assert {(call.call, call.name) for call in moved} == {
        *(("create", name) for name in rules("10.93.0.0/24")),
        *(("delete", name) for name in rules("10.91.0.0/24")),
    }
    # At no moment is it shut out.
    order = [call.call for call in moved]
    assert order == sorted(order)
    clean(stack)


@pytest.mark.parametrize(
    ("principal", "attachment"),
    [
        pytest.param("role/api", ROLE_ATTACHMENT, id="a role"),
        pytest.param("user/team/ann", USER_ATTACHMENT, id="a user", marks=pytest.mark.exhaustive),
    ],
)
def test_a_client_that_was_given_a_role_becomes_a_principal_that_is_there(principal: str, attachment: str, stack: Stack) -> None:
    (policy,) = in_cloud(stack, POLICY)
    stack.set(clients={"api": {"as": {"role": None, "principal": f"{THERE}:{principal}"}}})
    assert all("::kafka-clients-api-" in urn for _, urn in planned(stack))
    calls = stack.calls_of_up()
    made = [(call.call, call.type) for call in calls if call.type != PARAMETER]
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
    assert all(call.name.startswith("kafka-clients-api-") for call in calls)
    assert {call.type for call in calls if call.call == "create"} >= {SECRET, ASSOCIATION}
    assert {call.type for call in calls if call.call == "delete"} >= {ROLE, POLICY, ROLE_ATTACHMENT, PROFILE}
    assert in_cloud(stack, ROLE) == []
    assert len(in_cloud(stack, ASSOCIATION)) == 2
    clean(stack)


def test_more_brokers_are_in_every_clients_files_and_nothing_else_of_a_client_changes(stack: Stack) -> None:
    stack.set(brokersPerZone=3)
    # New brokers are watched too, which is no client's matter.
    calls = [call for call in stack.calls_of_up() if not call.type.startswith("aws:cloudwatch/")]
    assert {call.type for call in calls} == {CLUSTER, PARAMETER}
    assert {call.call for call in calls} == {"update"}
    for resource in in_cloud(stack, PARAMETER):
        port = 9096 if "/clients/erp/" in resource["name"] else 9098
        assert resource["insecureValue"].count(f".amazonaws.com:{port}") % 9 == 0, resource["name"]
    clean(stack)


def test_public_access_that_comes_later_lets_clients_in_and_changes_nothing_of_theirs(stack: Stack) -> None:
    stack.set(serverProperties={"allow.everyone.if.no.acl.found": False})
    stack.up()
    clients = {resource["urn"] for resource in stack.cloud.resources().values() if "::kafka-clients-" in resource["urn"]}
    stack.set(network={"publicAccess": True})
    on = stack.calls_of_up()
    assert {entry.name for entry in on if "-from-" in entry.name} == {
        f"kafka-brokers-{port}-from-{cidr}" for port in (9196, 9198) for cidr in ("10.40.0.0/20", "10.90.0.0/24", "10.91.0.0/24")
    }
    assert not [entry for entry in on if entry.name.startswith(("kafka-clients-", "kafka-topics-"))]
    assert clients <= {resource["urn"] for resource in stack.cloud.resources().values()}
    exports = stack.state()["msk-platform-dev"]["outputs"]["bootstrap"]
    assert ":9196" in exports["bootstrapBrokersPublicSaslScram"]
    assert ":9198" in exports["bootstrapBrokersPublicSaslIam"]
    clean(stack)


# --- The end -----------------------------------------------------------------------------------------------------------


def test_clients_and_topics_go_before_the_cluster_and_nothing_is_left(stack: Stack) -> None:
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    calls = stack.cloud.calls()
    cluster = next(place for place, call in enumerate(calls) if call.type == CLUSTER)
    after = {call.name for call in calls[cluster:]}
    assert not [call.name for call in calls[:cluster] if call.name.startswith("kafka-network-private")]
    # What needs a cluster to be taken away from goes before it: its topics, its users, and who may do what on it.
    before = {call.type for call in calls[:cluster]}
    assert before >= {"aws:msk/topic:Topic", ASSOCIATION, POLICY, ROLE_ATTACHMENT, PARAMETER}
    assert not [name for name in after if name.startswith("kafka-topics-") or name.endswith("-association")]
    assert stack.cloud.resources() == {}
    assert stack.state() == {}
