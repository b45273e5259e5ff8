"""SCRAM users on a running platform: the order of what AWS hears, passwords that nobody reads, and their change.

Amazon MSK reads a user's password from the secret that is associated, again and again (MSK Developer Guide, "Sign-in credentials
authentication with AWS Secrets Manager"): the secret is whole before it is associated, and for as long as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.cloud import Cloud
from support.engine.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.engine.cloud import Call
    from support.engine.pulumi_cli import Stack

CLUSTER = "aws:msk/cluster:Cluster"
KEY = "aws:kms/key:Key"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
RESOURCE_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
ASSOCIATION = "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation"
PARAMETER = "aws:ssm/parameter:Parameter"
SETTINGS: dict[str, Any] = {"brokerType": "kafka.m7g.large", "authentication": {"iam": {}, "scram": {}}}
ERP: dict[str, Any] = {"from": {"cidr": "10.40.0.0/20"}, "consume": {"topics": ["orders.v1"], "groups": ["erp"]}}


def erp(**identity: str | None) -> dict[str, Any]:
    """The client's entry in the stack file with other users; None takes one out."""
    return {"erp": {**ERP, "as": identity}}


@pytest.fixture
def without(deployed: Callable[..., Stack]) -> Stack:
    """SCRAM is on, and nobody has a user yet."""
    return deployed("dev", **SETTINGS)


@pytest.fixture
def stack(deployed: Callable[..., Stack]) -> Stack:
    """A client with a SCRAM user."""
    return deployed("dev", **SETTINGS, clients=erp(scramUser="erp"))


def in_cloud(stack: Stack, type_: str) -> list[dict[str, Any]]:
    return [resource["properties"] for key, resource in stack.cloud.resources().items() if key.startswith(f"{type_}|")]


def credentials(stack: Stack) -> dict[str, str]:
    """The passwords that AWS holds, by user."""
    held = [json.loads(resource["secretString"]) for resource in in_cloud(stack, VERSION)]
    return {rule["username"]: rule["password"] for rule in held}


def users(stack: Stack) -> set[str]:
    """Whom the cluster lets in, each with the user and password of a secret that is there."""
    held = {resource["secretId"]: json.loads(resource["secretString"])["username"] for resource in in_cloud(stack, VERSION)}
    return {held[resource["secretArn"]] for resource in in_cloud(stack, ASSOCIATION)}


def user_of(name: str) -> str:
    """The user that a resource is of: kafka-clients-erp-USER-PART."""
    return name.removeprefix("kafka-clients-erp-").rpartition("-")[0]


def meanwhile(start: set[str], calls: list[Call]) -> Iterator[set[str]]:
    """Whom the cluster lets in at the start and after each call."""
    let_in = set(start)
    yield set(let_in)
    for call in calls:
        if call.type == ASSOCIATION:
            (let_in.add if call.call == "create" else let_in.discard)(user_of(call.name))
            yield set(let_in)


def in_order(calls: list[Call], user: str) -> None:
    """Asserts that a user's secret is whole before it is associated, and for as long as it is."""
    of_user = [(call.call, call.type) for call in calls if call.name.startswith(f"kafka-clients-erp-{user}-")]
    for kind in ("create", "delete"):
        if (kind, ASSOCIATION) in of_user:
            places = {type_: of_user.index((kind, type_)) for type_ in (SECRET, VERSION, RESOURCE_POLICY, ASSOCIATION)}
            inner = (VERSION, RESOURCE_POLICY)
            if kind == "create":
                assert all(places[SECRET] < places[item] < places[ASSOCIATION] for item in inner)
            else:
                assert all(places[ASSOCIATION] < places[item] < places[SECRET] for item in inner)


def clean(stack: Stack) -> None:
    assert stack.calls_of_up("--expect-no-changes") == []


# --- A user comes ------------------------------------------------------------------------------------------------------


def test_a_users_secret_is_whole_before_the_cluster_hears_of_it(without: Stack) -> None:
    without.set(clients=erp(scramUser="erp"))
    calls = without.calls_of_up()
    assert {call.call for call in calls} == {"create"}
    assert all(call.name.startswith("kafka-clients-erp-") for call in calls)
    assert {call.type for call in calls} == {SECRET, VERSION, RESOURCE_POLICY, ASSOCIATION, PARAMETER}
    in_order(calls, "erp")
    assert users(without) == {"erp"}
    clean(without)


def test_scram_and_its_first_user_come_in_one_update_and_the_cluster_first(deployed: Callable[..., Stack]) -> None:
    stack = deployed("dev", brokerType="kafka.m7g.large")
    stack.set(authentication={"iam": {}, "scram": {}}, clients=erp(scramUser="erp"))
    calls = stack.calls_of_up()
    order = [(call.call, call.type) for call in calls]
    assert order.index(("create", KEY)) < order.index(("create", SECRET))
    assert order.index(("update", CLUSTER)) < order.index(("create", ASSOCIATION))
    in_order(calls, "erp")
    clean(stack)


# --- What nobody reads -------------------------------------------------------------------------------------------------


def files_with(directory: Path, text: str) -> list[str]:
    return [
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file() and not path.is_symlink() and text.encode() in path.read_bytes()
    ]


def test_no_password_is_in_the_clear_anywhere_but_in_its_secret(without: Stack) -> None:
    stack = without
    stack.set(clients=erp(scramUser="erp"))
    outputs = [stack.run("preview", "--diff"), stack.run("preview", "--json"), stack.up("--diff")]
    stack.set(clients=erp(nextScramUser="erp-b"))
    outputs += [stack.run("preview", "--diff"), stack.run("preview", "--json"), stack.up("--diff", "--json", "--show-config")]
    outputs += [
        stack.run("refresh", "--yes", "--skip-preview", "--diff"),
        stack.run("preview", "--diff", "--show-sames"),
        stack.run("preview", "--json", "--show-sames"),
        stack.run("stack", "--show-urns"),
        stack.run("stack", "export"),
        stack.run("stack", "output", "--json"),
        stack.run("stack", "output", "clients"),
    ]
    passwords = credentials(stack)
    assert set(passwords) == {"erp", "erp-b"}
    assert all(len(value) == 40 and value.isalnum() for value in passwords.values())
    # What a client is given shows where its password is, not what it is.
    shown = json.loads(outputs[-2].output)["clients"]["erp"]
    assert {shown["secretArn"], shown["nextSecretArn"]} == {resource["arn"] for resource in in_cloud(stack, SECRET)}
    # The search finds what is there to be found.
    assert files_with(stack.root / "state", shown["secretArn"]) != []
    for password in passwords.values():
        assert files_with(stack.root / "state", password) == []
        assert files_with(stack.project, password) == []
        assert [output.text for output in outputs if password in output.text] == []
        holders = [key.partition("|")[0] for key, resource in stack.cloud.resources().items() if password in json.dumps(resource)]
        assert holders == [VERSION]


def test_even_shown_secrets_are_none_of_the_outputs(stack: Stack) -> None:
    shown = stack.run("stack", "output", "--json", "--show-secrets").text
    (password,) = credentials(stack).values()
    assert password not in shown
    # The state keeps it encrypted; who has the key may decrypt it.
    assert password in stack.run("stack", "export", "--show-secrets").text


# --- Its change --------------------------------------------------------------------------------------------------------


def test_a_password_is_changed_over_two_users_and_one_that_works_is_always_let_in(stack: Stack) -> None:
    first = credentials(stack)["erp"]
    held = in_cloud(stack, SECRET)
    stack.set(clients=erp(nextScramUser="erp-b"))
    came = stack.calls_of_up()
    # The first one's client notices nothing: neither its secret nor its files change.
    assert {record.call for record in came} == {"create"}
    assert {user_of(record.name) for record in came} == {"erp-b"}
    in_order(came, "erp-b")
    assert list(meanwhile({"erp"}, came)) == [{"erp"}, {"erp", "erp-b"}]
    assert users(stack) == {"erp", "erp-b"}
    both = credentials(stack)
    assert both["erp"] == first != both["erp-b"]
    known = stack.state()["msk-platform-dev"]["outputs"]["clients"]["erp"]
    assert known["secretArn"] == held[0]["arn"] != known["nextSecretArn"]
    clean(stack)

    stack.set(clients=erp(scramUser="erp-b", nextScramUser=None))
    changed = stack.calls_of_up()
    # Nothing of the second one is made again: the client has its password already.
    assert {change.type for change in changed if change.call != "delete"} == {PARAMETER}
    assert {user_of(change.name) for change in changed if change.call == "delete"} == {"erp"}
    in_order(changed, "erp")
    assert list(meanwhile({"erp", "erp-b"}, changed)) == [{"erp", "erp-b"}, {"erp-b"}]
    assert users(stack) == {"erp-b"}
    assert credentials(stack) == {"erp-b": both["erp-b"]}
    exports = stack.state()["msk-platform-dev"]["outputs"]["clients"]["erp"]
    assert exports["secretArn"] == known["nextSecretArn"]
    assert "nextSecretArn" not in exports
    texts = [resource["insecureValue"] for resource in in_cloud(stack, PARAMETER)]
    assert any(exports["secretArn"] in text for text in texts)
    assert not [text for text in texts if known["secretArn"] in text]
    clean(stack)


@pytest.mark.exhaustive
def test_the_files_of_the_client_name_its_user_until_the_change_and_the_next_one_from_then_on(stack: Stack) -> None:
    def named() -> set[str]:
        (java,) = [
            resource["insecureValue"]
            for resource in in_cloud(stack, PARAMETER)
            if resource["name"].endswith("java/consumer.properties")
        ]
        return {user for user in ("erp", "erp-b") if f'username="{user}"' in java}

    assert named() == {"erp"}
    stack.set(clients=erp(nextScramUser="erp-b"))
    stack.up()
    assert named() == {"erp"}
    stack.set(clients=erp(scramUser="erp-b", nextScramUser=None))
    stack.up()
    assert named() == {"erp-b"}


def test_a_change_that_is_called_off_takes_the_next_user_away_and_leaves_the_first(stack: Stack) -> None:
    before = stack.cloud.resources()
    stack.set(clients=erp(nextScramUser="erp-b"))
    stack.up()
    stack.set(clients=erp(nextScramUser=None))
    went = stack.calls_of_up()
    assert {row.call for row in went} == {"delete"}
    in_order(went, "erp-b")
    assert stack.cloud.resources() == before
    clean(stack)


@pytest.mark.exhaustive
def test_a_user_that_is_just_renamed_is_let_in_before_the_old_one_no_longer_is(stack: Stack) -> None:
    stack.set(clients=erp(scramUser="erp-b"))
    calls = stack.calls_of_up()
    assert list(meanwhile({"erp"}, calls)) == [{"erp"}, {"erp", "erp-b"}, {"erp-b"}]
    in_order(calls, "erp")
    in_order(calls, "erp-b")
    clean(stack)


@pytest.mark.parametrize("part", [pytest.param("secret", marks=pytest.mark.exhaustive), "association"])
def test_a_change_that_fails_on_its_way_leaves_the_old_user_let_in(part: str, stack: Stack) -> None:
    stack.set(clients=erp(scramUser="erp-b"))
    stack.cloud.set_fault(Fault(name=f"kafka-clients-erp-erp-b-{part}"))
    assert "a fault that a test has set" in stack.up(fails=True).text
    assert users(stack) == {"erp"}
    stack.cloud.clear_faults()
    stack.up()
    assert users(stack) == {"erp-b"}
    clean(stack)


def test_a_secret_that_somebody_disassociated_is_associated_again_and_keeps_its_password(stack: Stack) -> None:
    before = credentials(stack)
    with stack.cloud.open() as content:
        (key,) = [resource for resource in content["resources"] if resource.startswith(f"{ASSOCIATION}|")]
        del content["resources"][key]
    assert [(call.call, call.type) for call in stack.calls_of_up()] == [("create", ASSOCIATION)]
    assert credentials(stack) == before
    clean(stack)


# --- A user goes -------------------------------------------------------------------------------------------------------


def test_a_user_is_no_longer_let_in_before_its_secret_goes(stack: Stack) -> None:
    stack.set(clients={"erp": None})
    went = stack.calls_of_up()
    assert {row.call for row in went} == {"delete"}
    in_order(went, "erp")
    assert users(stack) == set()
    clean(stack)


@pytest.mark.exhaustive
def test_a_user_that_comes_back_is_another_with_another_password(stack: Stack) -> None:
    # The name of a deleted secret stays taken for as long as the secret can be recovered.
    first, (held,) = credentials(stack), in_cloud(stack, SECRET)
    stack.set(clients={"erp": None})
    stack.up()
    stack.set(clients=erp(scramUser="erp"))
    stack.up()
    (holds,) = in_cloud(stack, SECRET)
    assert holds["name"] != held["name"]
    assert credentials(stack).keys() == first.keys()
    assert credentials(stack) != first
    assert users(stack) == {"erp"}
    clean(stack)


def test_everything_goes_in_order_and_passwords_with_it(stack: Stack) -> None:
    random = Cloud(stack.root / "cloud" / "random.json")
    assert len(random.resources()) == 2
    stack.cloud.forget_calls()
    stack.run("destroy", "--yes", "--skip-preview")
    calls = stack.cloud.calls()
    in_order(calls, "erp")
    order = [call.name if call.type == KEY else call.type for call in calls]
    assert order.index(ASSOCIATION) < order.index(CLUSTER)
    assert order.index(SECRET) < order.index("kafka-keys-secrets")
    assert stack.cloud.resources() == {}
    assert random.resources() == {}
