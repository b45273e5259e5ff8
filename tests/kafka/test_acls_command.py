"""`python -m tools acls` on real brokers: clients may do what it applies; when one leaves, what was applied goes, and no more."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its public names, though it does not mark them so
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from domain.access.acls import Acl, AclResource
from support.kafka.clients import Producing, consumed
from support.kafka.tools import Tools
from support.stacks import project_with
from tools.acls import command
from tools.acls.batches import batches_of
from tools.acls.kafka import NEEDED, Kafka
from tools.acls.reading import Entry
from tools.acls.receipt import receipt_in, save
from tools.shared.kafka_tools import KafkaTools

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.installation import Installation

_FROM = {"from": {"cidr": "10.40.0.0/20"}}
_KINDS = {"BROKER": "CLUSTER"}
"""Where librdkafka has another word than Kafka."""
_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute


@dataclass
class Operator:
    """Who applies the ACLs of a stack."""

    cluster: Cluster
    home: Path
    tools: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, **clients: Any) -> None:
        """Writes the stack file; a client's identity is the SCRAM user of its name."""
        config = {
            "brokerType": "kafka.m7g.large",
            "authentication": {"iam": {}, "scram": {}},
            "serverProperties": {"allow.everyone.if.no.acl.found": True},
            "clients": {name: {**_FROM, "as": {"scramUser": name}, **client} for name, client in clients.items()},
        }
        (self.home / "Pulumi.prod.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")

    def connect_as(self, connection: Connection) -> None:
        """Applies as somebody else from now on."""
        properties = {"bootstrap.servers": connection.bootstrap, **connection.java()}
        lines = [f"{name}={value}\n" for name, value in properties.items()]
        (self.home / "client.properties").write_text("".join(lines), encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> str:
        """Runs the command, and returns what it says."""
        options = ["--stack", "prod", "--directory", str(self.home), "--command-config", str(self.home / "client.properties")]
        ended = command.main([*options, "--kafka", str(self.tools), *arguments])
        said = self.capsys.readouterr()
        assert ended == code, said.out + said.err
        return said.out + said.err

    @property
    def receipt(self) -> dict[str, Any]:
        """What the receipt says."""
        found: dict[str, Any] = json.loads((self.home / "acls" / "prod.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def operator(cluster: Cluster, tools: Tools, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    operator = Operator(cluster, project_with(tmp_path, {}), tools.directory, capsys)
    operator.connect_as(cluster.administrator)
    return operator


@pytest.fixture
def user(cluster: Cluster, new_name: Callable[[str], str]) -> Callable[[str], Connection]:
    """Makes a user of its own: `user("orders-api")`."""
    return lambda name: cluster.add_user(new_name(name), _PASSWORD)


def add(cluster: Cluster, principal: str, topic: str, permission: AclPermissionType = AclPermissionType.ALLOW) -> None:
    """Makes an ACL as somebody else would."""
    binding = AclBinding(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, principal, "*", AclOperation.READ, permission)
    for future in cluster.admin.create_acls([binding]).values():
        future.result(30)


def entries(operator: Operator) -> set[Entry]:
    """The ACLs of the cluster, asked without the command's own means."""
    everything = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # its stub forgets that a filter may leave names out
        ResourcePatternType.ANY,
        None,  # type: ignore[arg-type]  # as above
        None,  # type: ignore[arg-type]  # as above
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    bindings = operator.cluster.admin.describe_acls(everything, request_timeout=30).result(30)
    return {
        Entry(
            binding.principal,
            _KINDS.get(binding.restype.name, binding.restype.name),
            binding.name,
            binding.resource_pattern_type.name,
            "".join(word.capitalize() for word in binding.operation.name.split("_")),
            binding.host,
            binding.permission_type is AclPermissionType.ALLOW,
        )
        for binding in bindings
    }


def may_write(connection: Connection, topic: str) -> bool:
    producing = Producing(connection)
    producing.send(topic, ["hello"])
    assert producing.acknowledged or producing.refusals() == {"TOPIC_AUTHORIZATION_FAILED"}
    return bool(producing.acknowledged)


def test_a_client_may_do_what_the_stack_file_says_and_when_it_leaves_its_acls_go_and_no_others(
    operator: Operator, user: Callable[[str], Connection], new_name: Callable[[str], str]
) -> None:
    writer, reader, stranger = user("writer"), user("reader"), user("stranger")
    orders, payroll, group = new_name("orders"), new_name("payroll"), new_name("group")
    for topic in (orders, payroll):
        operator.cluster.create_topic(topic, partitions=1)
    writes = {writer.user: {"produce": {"topics": [orders]}}}
    operator.write(**writes, **{reader.user: {"consume": {"topics": [orders], "groups": [group]}}})
    before = entries(operator)
    # Until its first ACL everybody may write the topic; the plan says so.
    assert may_write(stranger, orders)
    said = operator.run("--apply")
    assert f"No ACL is on group {group}" in " ".join(said.split())
    assert "All is done and verified" in said
    assert may_write(writer, orders)
    assert "hello" in consumed(reader, orders, 2, group=group)
    assert not may_write(reader, orders)
    assert not may_write(stranger, orders)
    with pytest.raises(KafkaException) as unread:
        consumed(stranger, orders, 1)
    assert unread.value.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    applied = entries(operator) - before
    assert {entry.principal for entry in applied} == {writer.principal, reader.principal}
    receipt = operator.receipt
    assert receipt["complete"] is True
    assert set(receipt["principals"]) == {writer.principal, reader.principal}

    # Somebody else's: of another principal, and of the one that leaves.
    add(operator.cluster, stranger.principal, payroll)
    add(operator.cluster, reader.principal, payroll)
    operator.write(**writes)
    assert "All is done and verified" in operator.run("--apply")
    assert entries(operator) - before == {entry for entry in applied if entry.principal == writer.principal} | {
        Entry(whose.principal, "TOPIC", payroll, "LITERAL", "Read") for whose in (stranger, reader)
    }
    with pytest.raises(KafkaException):
        consumed(reader, orders, 1, group=group)
    assert may_write(writer, orders)


@pytest.mark.exhaustive
def test_with_the_newest_tools_a_plan_changes_nothing_and_a_second_run_finds_nothing_to_do(
    operator: Operator,
    user: Callable[[str], Connection],
    new_name: Callable[[str], str],
    installation: Installation,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    operator.tools = Tools(tmp_path_factory.mktemp("newest"), installation.newest).directory
    reader, orders = user("reader"), new_name("orders")
    before = entries(operator)
    operator.write(**{reader.user: {"consume": {"topics": [orders], "groups": [orders]}}})
    assert "To carry it out, add --apply." in operator.run(code=1)
    assert entries(operator) == before
    operator.run("--apply")
    receipt = operator.receipt
    operator.run("--apply")
    operator.run()
    assert operator.receipt == receipt
    # What somebody gave to a client besides stays, and is told, until it is named.
    add(operator.cluster, reader.principal, new_name("payroll"))
    given = entries(operator)
    assert "Clients may do more than the stack file says" in operator.run("--apply")
    assert entries(operator) == given
    assert operator.receipt["allowsMore"].keys() == {reader.principal}
    operator.run("--apply", "--reset", reader.principal)
    assert len(given - entries(operator)) == 1
    assert operator.receipt["allowsMore"] == {}


@pytest.mark.exhaustive
def test_a_run_that_fails_in_the_middle_is_gone_on_with_and_nobody_is_shut_out_meanwhile(
    operator: Operator,
    tools: Tools,
    user: Callable[[str], Connection],
    new_name: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    writer, reader = user("writer"), user("reader")
    orders, group = new_name("orders"), new_name("group")
    operator.cluster.create_topic(orders, partitions=1)
    writes = {writer.user: {"produce": {"topics": [orders]}}}
    operator.write(**writes, **{reader.user: {"consume": {"topics": [orders], "groups": [group]}}})
    before = entries(operator)
    failing = tmp_path_factory.mktemp("failing")
    for tool in operator.tools.glob("*.sh"):
        (failing / tool.name).symlink_to(tool)
    (failing / "kafka-acls.sh").unlink()
    refuses = (
        f'#!/bin/sh\ncase "$*" in *"--add --allow-principal {writer.principal}"*) echo "the session expired" >&2; exit 1;; esac\n'
    )
    (failing / "kafka-acls.sh").write_text(f'{refuses}exec "{tools.directory}/kafka-acls.sh" "$@"\n', encoding="utf-8")
    (failing / "kafka-acls.sh").chmod(0o755)
    whole, operator.tools = operator.tools, failing
    said = operator.run("--apply", code=3)
    assert "the session expired" in said
    # The reader's ACLs are there, the writer's are not: without what holds the topic open it would be refused.
    assert reader.principal in {entry.principal for entry in entries(operator)}
    assert may_write(writer, orders)
    assert operator.receipt["complete"] is False

    # The stack has changed before somebody goes on: what the reader got is known to be ours.
    operator.tools = whole
    operator.write(**writes)
    assert "All is done and verified" in operator.run("--apply")
    assert {entry.principal for entry in entries(operator) - before} == {writer.principal}
    assert operator.receipt["complete"] is True
    assert may_write(writer, orders)
    assert not may_write(reader, orders)


@pytest.mark.exhaustive
def test_names_with_special_characters_are_the_ones_that_were_meant(
    operator: Operator, tools: Tools, new_name: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a host without a locale, where Java would take letters beyond ASCII for question marks.
    monkeypatch.setenv("LC_ALL", "C")
    subject = f'User:CN=J\u00fcrgen\\, \\"J\\"\\+x,OU={new_name("a b")},O=*.Example'
    batches = batches_of(
        [
            Acl(subject, AclResource.GROUP, "a/b=c:#@+", prefixed=False, operation="Read"),
            Acl(subject, AclResource.TRANSACTIONAL_ID, "-a b", prefixed=True, operation="Write"),
        ]
    )
    connection = operator.cluster.administrator
    found = {tool: str(tools.directory / tool) for tool in NEEDED}
    kafka = Kafka(KafkaTools(found, connection.bootstrap, tools.client_file(connection)))
    before = entries(operator)
    for batch in batches:
        kafka.add(batch)
    made = entries(operator) - before
    assert {entry.acl for entry in made} == {acl for batch in batches for acl in batch.acls}
    assert kafka.entries() == entries(operator)
    for batch in batches:
        kafka.remove(batch)
    assert entries(operator) == before


@pytest.mark.exhaustive
def test_who_applies_is_never_shut_out_and_a_receipt_of_another_cluster_removes_nothing(
    operator: Operator, user: Callable[[str], Connection], new_name: Callable[[str], str]
) -> None:
    chief, other, reader = user("chief"), user("other"), user("reader")
    orders = new_name("orders")
    before = entries(operator)
    everything = {"admin": {"cluster": True}}
    operator.connect_as(chief)
    operator.write(**{other.user: everything})
    # Nobody has an ACL of the cluster yet, so everybody may; from the first on only whom it names.
    refused = operator.run("--apply", code=1)
    assert f"{chief.principal}, who applies this" in refused
    operator.write(**{chief.user: everything, other.user: everything})
    operator.run("--apply")
    there = entries(operator)
    operator.write(**{other.user: everything, reader.user: {"consume": {"topics": [orders], "groups": [orders]}}})
    assert f"{chief.principal}, who applies this" in operator.run("--apply", code=1)
    # Not even what nothing stands against.
    assert entries(operator) == there

    # Whoever stays may take the other's away. What another cluster's receipt says of principals that left counts for nothing.
    operator.connect_as(other)
    file = operator.home / "acls" / "prod.json"
    receipt = receipt_in(file)
    assert receipt
    save(replace(receipt, cluster_id="anotherOneOfTheSameNam"), file)
    told = operator.run("--apply")
    assert "is of another cluster" in told
    assert chief.principal in {entry.principal for entry in entries(operator)}
    operator.run("--apply", "--reset", chief.principal)
    assert chief.principal not in {entry.principal for entry in entries(operator)}
    operator.connect_as(operator.cluster.administrator)
    operator.write()
    operator.run("--apply")
    assert entries(operator) == before
