"""`python -m tools acls` from its options to what it says, with a cluster of nothing but ACLs behind Kafka's tools."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from support.acl_clusters import listing
from support.stacks import project_with
from tools.acls import command
from tools.acls.kafka import NEEDED, Kafka
from tools.acls.reading import Entry
from tools.place.terms import Done
from tools.place.tools import PlacedTools
from tools.shared.commands import FAILED, CommandError
from tools.shared.kafka_tools import KafkaTools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.acls.batches import Batch

_FROM: dict[str, Any] = {"from": {"cidr": "10.90.0.0/24"}}
_ERP = {**_FROM, "as": {"scramUser": "erp"}, "consume": {"topics": ["orders"], "groups": ["erp"]}}
_CRM = {**_FROM, "as": {"scramUser": "crm"}, "produce": {"topics": ["orders"]}}
_OPS = {**_FROM, "as": {"role": {"ec2": {}}}, "admin": {"cluster": True}}
_SCRAM = {
    "brokerType": "kafka.m7g.large",
    "authentication": {"iam": {}, "scram": {}},
    "serverProperties": {"allow.everyone.if.no.acl.found": False},
}
_STACKS: dict[str, dict[str, Any]] = {
    "both": {**_SCRAM, "clients": {"erp": _ERP, "crm": _CRM}},
    "iam": {"brokerType": "kafka.m7g.large", "clients": {"ops": _OPS}},
    "serverless": {"brokerType": "serverless"},
}
_PROPERTIES = {
    "iam": "security.protocol=SASL_SSL\nsasl.mechanism=AWS_MSK_IAM\n",
    "crm": (
        "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
        'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="crm" password="x";\n'
    ),
}


class Host:
    """A host with a project, files of clients, and a cluster of nothing but ACLs in the place of Kafka's tools."""

    def __init__(self, directory: Path) -> None:
        self.directory = project_with(directory, {})
        for stack, config in _STACKS.items():
            self.write(stack, config)
        for name, text in _PROPERTIES.items():
            (directory / f"{name}.properties").write_text(f"bootstrap.servers=b-1:9098\n{text}", encoding="utf-8")
        (directory / "bin").mkdir()
        for tool in NEEDED:
            (directory / "bin" / tool).write_text("#!/bin/false\n", encoding="utf-8")
            (directory / "bin" / tool).chmod(0o755)
        self.held: set[Entry] = set()
        self.cluster_id = "cluster-one"
        self.fails_with = ""
        self.changes: list[tuple[str, ...]] = []

    def tool(self, tool: str, *words: str) -> str:
        """Does what one of Kafka's tools would."""
        if self.fails_with and self.fails_with in " ".join(words):
            raise CommandError(f"{tool} failed (exit code 1):\n  the session expired", FAILED)
        if tool == "kafka-cluster.sh":
            assert words == ("cluster-id",)
            return f"Cluster ID: {self.cluster_id}\n"
        if "--list" not in words:
            self.changes.append(words)
            asked = _asked(words)
            self.held = self.held | asked if words[0] == "--add" else self.held - asked
        return listing(self.held)

    def write(self, stack: str, config: dict[str, Any]) -> None:
        """Writes a stack file."""
        (self.directory / f"Pulumi.{stack}.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")

    def run(self, *arguments: str, stack: str = "both", client: str = "iam") -> int:
        """Runs the command against the cluster."""
        options = ["--directory", str(self.directory), "--stack", stack]
        connection = ["--command-config", str(self.directory / f"{client}.properties"), "--kafka", str(self.directory)]
        return command.main([*options, *connection, *arguments])

    def offline(self, *arguments: str, stack: str = "both") -> int:
        """Runs the command without a cluster."""
        return command.main(["--directory", str(self.directory), "--stack", stack, *arguments])


def _asked(words: tuple[str, ...]) -> set[Entry]:
    """The ACLs that a tool's options are: each principal with each operation on each name."""

    def of(option: str) -> list[str]:
        return [words[place + 1] for place, word in enumerate(words) if word == option]

    pattern = "PREFIXED" if of("--resource-pattern-type") else "LITERAL"
    names = [(kind, name) for option, kind in (("--topic", "TOPIC"), ("--group", "GROUP")) for name in of(option)]
    names += [("CLUSTER", "kafka-cluster")] if "--cluster" in words else []
    return {
        Entry(principal, kind, name, pattern, operation)
        for principal in of("--allow-principal")
        for kind, name in names
        for operation in of("--operation")
    }


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    host = Host(tmp_path)
    monkeypatch.setattr(KafkaTools, "run", lambda _, tool, *words: host.tool(tool, *words))
    return host


def test_a_plan_is_shown_applied_and_then_fine(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.offline() == 1
    assert "not enforced: crm, erp (there is no acls/both.json)" in capsys.readouterr().out
    assert host.run() == 1
    said = capsys.readouterr().out
    assert "6 wanted, 0 there" in said
    assert said.endswith("Nothing was changed. To carry it out, add --apply.\n")
    assert host.changes == []
    assert host.run("--apply") == 0
    said = capsys.readouterr().out
    assert "pass: All is done and verified" in said
    assert "acls/both.json. Commit it with the stack file." in " ".join(said.split())
    assert host.offline() == host.run() == host.run("--apply") == 0
    assert "pass: enforced: crm, erp" in capsys.readouterr().out
    assert len(host.changes) == 3


def test_a_cluster_that_has_all_lacks_nothing_but_the_receipt(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.run("--apply") == 0
    (host.directory / "acls" / "both.json").unlink()
    before = [*host.changes]
    assert host.run() == 1
    assert "but acls/both.json does not say so. To write it, add --apply." in " ".join(capsys.readouterr().out.split())
    assert host.run("--apply") == 0
    assert host.offline() == 0
    assert host.changes == before


def test_who_leaves_loses_what_the_receipt_has_and_nothing_that_others_made(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {
        Entry("User:batch", "TOPIC", "payroll", "LITERAL", "Read"),
        Entry("User:erp", "TOPIC", "payroll", "LITERAL", "Write", allows=False),
    }
    host.held = set(others)
    host.run("--apply")
    host.write("both", {**_SCRAM, "clients": {"crm": _CRM}})
    assert host.offline() == 1
    assert "to be removed: ACLs of User:erp" in capsys.readouterr().out
    assert host.run("--apply", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["step"] for row in document["applied"]] == ["remove", "remove"]
    assert {row["why"] for row in document["removed"]} == {"applied before; no client of the stack is this principal any more"}
    assert (document["left"], document["removalsPending"]) == ([], [])
    assert [(row["client"], row["state"]) for row in document["clients"]] == [("crm", "enforced")]
    assert {entry for entry in host.held if entry.principal != "User:crm"} == others
    # The last one leaves: the receipt says that nothing is there.
    host.write("both", {**_SCRAM, "clients": {}})
    assert host.run("--apply") == 0
    assert host.held == others
    assert host.offline() == host.run() == 0


def test_a_receipt_of_another_cluster_removes_nothing_and_is_replaced(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.run("--apply")
    host.write("both", {**_SCRAM, "clients": {"crm": _CRM}})
    host.cluster_id = "cluster-two"
    assert host.run() == 1
    assert "it is of the cluster with Kafka's id cluster-one" in " ".join(capsys.readouterr().out.split())
    assert host.run("--apply") == 0
    assert "User:erp" in {entry.principal for entry in host.held}
    assert "cluster-two" in (host.directory / "acls" / "both.json").read_text(encoding="utf-8")


def test_an_edited_receipt_stops_everything(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.run("--apply")
    file, held = host.directory / "acls" / "both.json", {*host.held}
    file.write_text(file.read_text(encoding="utf-8").replace("User:erp", "User:epr"), encoding="utf-8")
    host.write("both", {**_SCRAM, "clients": {"crm": _CRM}})
    before = [*host.changes]
    for arguments in ((), ("--apply",)):
        assert host.run(*arguments) == 1
        assert "changed by hand or by a merge" in " ".join(capsys.readouterr().out.split())
    assert (host.held, host.changes) == (held, before)


def test_a_principal_that_applies_and_would_be_cut_off_is_refused(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.write("both", {**_SCRAM, "clients": {"crm": {**_CRM, "admin": {"cluster": True}}}})
    host.run("--apply")
    held = host.held
    host.write("both", _STACKS["both"])
    assert host.run("--apply", client="crm") == 1
    assert "User:crm, who applies this, could alter the cluster no more" in " ".join(capsys.readouterr().out.split())
    assert host.held == held
    assert host.run("--apply", client="iam") == 0


def test_a_failure_says_what_is_done_and_the_same_command_goes_on(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.fails_with = "--add --allow-principal User:erp"
    assert host.run("--apply", "--format", "json") == 3
    said = capsys.readouterr()
    assert "the session expired" in said.err
    assert "To go on: the same command again." in said.err
    assert [row["principals"] for row in json.loads(said.out)["applied"]] == []
    assert host.offline() == 1
    assert "is of a run that did not end" in " ".join(capsys.readouterr().out.split())
    host.fails_with = ""
    assert host.run("--apply") == 0
    assert host.offline() == 0


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Where the tests run in the background, a shell has told them to ignore what a terminal sends."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_told_like_a_failure(
    name: signal.Signals, host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Batch] = []

    def interrupted(_: Kafka, batch: Batch) -> None:
        if done:
            os.kill(os.getpid(), name)
        done.append(batch)

    monkeypatch.setattr(Kafka, "add", interrupted)
    assert host.run("--apply") == 3
    said = capsys.readouterr().err
    assert "Interrupted." in said
    assert "1 step is done of 3 steps" in said


def test_stacks_without_such_clients_have_nothing_to_do(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "sh"):
        assert host.offline("--format", form, stack="iam") == 0
        assert "No client needs ACLs" in capsys.readouterr().out
        assert host.offline("--format", form, stack="serverless") == 0
        assert "on a Serverless cluster IAM alone decides" in capsys.readouterr().out
    assert host.run("--apply", stack="iam") == 0
    assert not (host.directory / "acls").exists()
    capsys.readouterr()
    assert host.offline("--format", "json", stack="iam") == 0
    assert json.loads(capsys.readouterr().out)["needsAcls"] is False


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--apply"], "--apply needs --via host or pod, or --command-config FILE"),
        (["--reset", "User:erp"], "--reset needs --via host or pod, or --command-config FILE"),
        (["--current", "acls.txt"], "--current FILE needs --format sh"),
        (["--command-config", "missing.properties"], "--command-config missing.properties: No such file"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    host: Host, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert host.offline(*arguments, "--kafka", str(host.directory)) == 2
    assert told in capsys.readouterr().err


def test_a_file_of_another_kind_of_cluster_is_refused(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    boot = "boot-0a1b2c3d.c3.kafka-serverless.us-east-1.amazonaws.com:9098"
    assert host.run("--bootstrap-server", boot) == 2
    assert "is a Serverless cluster in us-east-1, and the stack has a provisioned one" in capsys.readouterr().err


def test_a_list_that_cannot_be_read_is_a_wrong_file(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    file = host.directory / "acls.txt"
    file.write_text("nothing of Kafka's\n", encoding="utf-8")
    assert host.offline("--format", "sh", "--current", str(file)) == 2
    assert "Give the output of `kafka-acls.sh --list`." in capsys.readouterr().err


def test_the_tool_whose_first_word_is_a_verb_has_it_first(tmp_path: Path) -> None:
    script = tmp_path / "kafka-cluster.sh"
    script.write_text('#!/bin/sh\necho "Cluster ID: $*" | tr " " "_" | sed "s/ID:_/ID: /; s/_ID/ ID/"\n', encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "kafka-acls.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "kafka-acls.sh").chmod(0o755)
    tools = {tool: str(tmp_path / tool) for tool in NEEDED}
    snapshot = Kafka(KafkaTools(tools, "b-1:9098", tmp_path / "x.properties")).snapshot()
    assert snapshot.cluster_id.startswith("cluster-id_--bootstrap-server_b-1:9098_--config_")
    assert snapshot.entries == frozenset()


def test_in_a_place_the_tools_take_letters_beyond_ascii_as_well() -> None:
    lines: list[str] = []

    class Elsewhere:
        """A place that notes what it is to run."""

        def run(self, line: str, files: object = None) -> Done:
            assert files in (None, {})
            lines.append(line)
            return Done(0, "Cluster ID: one\n" if "cluster-id" in line else "", "")

        def path_of(self, name: str) -> str:
            return name

        def shell(self) -> int:
            return 0

    snapshot = Kafka(PlacedTools(Elsewhere(), NEEDED, "b-1:9098")).snapshot()
    assert (snapshot.cluster_id, snapshot.entries) == ("one", frozenset())
    assert sorted(lines) == [
        "env LC_ALL=C.UTF-8 kafka-acls.sh --bootstrap-server b-1:9098 --command-config client.properties --list",
        "env LC_ALL=C.UTF-8 kafka-cluster.sh cluster-id --bootstrap-server b-1:9098 --config client.properties",
    ]
