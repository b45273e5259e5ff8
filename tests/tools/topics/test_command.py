"""`python -m tools topics` from its options to what it says, with scripts in the place of Kafka's tools."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from support.stacks import project_with
from tools.shared.commands import FAILED, CommandError
from tools.shared.kafka_tools import KafkaTools
from tools.shared.stack_settings import settings_of
from tools.topics import command
from tools.topics.kafka import Kafka
from tools.topics.plan import Configure, Create, Delete, Grow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.topics.plan import Step

_TOPICS = {"orders.v1": {"partitions": 3, "retentionHours": 24}}
_STACKS = {
    "standard": {"brokerType": "kafka.m7g.large", "topics": _TOPICS},
    "express": {"brokerType": "express.m7g.large", "topics": _TOPICS},
    "serverless": {"brokerType": "serverless", "topics": _TOPICS},
    "small": {"kafkaVersion": "3.5.1"},
    "wrong": {"topics": {"orders": {}}},
}


def present(own: str = "retention.ms=86400000", partitions: int = 3, more: tuple[str, ...] = ()) -> tuple[str, str]:
    """What Kafka's tools print of a cluster with the stack's topic, and with others of one partition."""
    name, _, value = own.partition("=")
    topics = [("orders.v1", partitions), *((topic, 1) for topic in more)]
    described = "".join(
        f"Topic: {topic}\tTopicId: x\tPartitionCount: {number}\tReplicationFactor: 3\tConfigs: \n" for topic, number in topics
    )
    holds = f"  {name}={value} sensitive=false synonyms={{DYNAMIC_TOPIC_CONFIG:{name}={value}}}\n"
    return described, "".join(f"All configs for topic {topic} are:\n{holds}" for topic, _ in topics)


class Host:
    """A host with a project, a client's file, and scripts in the place of Kafka's tools, which note what they are to change."""

    def __init__(self, directory: Path) -> None:
        self.directory = project_with(directory, {name: json.dumps({"config": config}) for name, config in _STACKS.items()})
        (directory / "client.properties").write_text("bootstrap.servers=b-1:9098\n", encoding="utf-8")
        (directory / "empty.properties").write_text("bootstrap.servers=BOOTSTRAP\n", encoding="utf-8")
        (directory / "bin").mkdir()
        self.answer(*present())
        for tool in ("kafka-topics.sh", "kafka-configs.sh", "kafka-get-offsets.sh"):
            self._script(tool)

    def _script(self, tool: str) -> None:
        file = self.directory / "bin" / tool
        file.write_text(
            f"#!/bin/sh\ncd '{self.directory}'\nshift 4\n"
            f'case "$1 $4" in --describe*) cat {tool}.txt;;\n'
            '"--topic latest") cat ends.txt;; "--topic earliest") cat begins.txt;;\n'
            f"*) printf '%s' {tool} >> changes; printf ' %s' \"$@\" >> changes; echo >> changes;; esac\n",
            encoding="utf-8",
        )
        file.chmod(0o755)

    def answer(self, topics: str, configs: str, *, ends: str = "", begins: str = "") -> None:
        """Has the tools print this."""
        for name, text in (("kafka-topics.sh", topics), ("kafka-configs.sh", configs), ("ends", ends), ("begins", begins)):
            (self.directory / f"{name}.txt").write_text(text, encoding="utf-8")

    @property
    def changes(self) -> list[str]:
        """What the tools were asked to change, a line each."""
        file = self.directory / "changes"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def run(self, *arguments: str, stack: str = "standard", client: str = "client.properties", kafka: str = "") -> int:
        options = ["--directory", str(self.directory), "--stack", stack, "--command-config", str(self.directory / client)]
        return command.main([*options, "--kafka", kafka or str(self.directory), *arguments])


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_cluster_that_is_as_the_stack_file_says_is_fine(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    for stack in ("standard", "express", "serverless"):
        assert host.run(stack=stack) == 0
        assert "pass: The cluster's topics are those of the stack file" in capsys.readouterr().out
    assert host.run("--apply") == 0


def test_what_pulumi_makes_is_compared_and_never_changed(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.answer(*present("retention.ms=5", partitions=2, more=("old",)))
    assert host.run() == 1
    said = capsys.readouterr().out
    assert "retention.ms: 5 → 86400000" in said
    assert "2 → 3" in said
    assert said.endswith("Nothing was changed. Run `pulumi up`.\n")
    for arguments in (("--apply",), ("--delete", "old"), ("--reset", "orders.v1"), ("--apply", "--delete", "old")):
        assert host.run(*arguments) == 1
        assert f"{arguments[0]}: Pulumi manages this stack's topics" in capsys.readouterr().out
    assert host.changes == []


def test_where_aws_has_no_api_for_topics_pulumi_makes_none(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.answer(*present(more=("old",)), ends="old:0:7\n", begins="old:0:2\n")
    assert host.run("--delete", "old", stack="small") == 1
    said = capsys.readouterr().out
    assert "1 partition with at most 5 messages" in said
    assert "To carry it out, add --apply." in said
    assert host.changes == []


def test_what_cannot_be_made_alike_is_not_fine_though_there_is_nothing_to_do(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    host.answer(*present(partitions=4))
    for stack in ("standard", "serverless"):
        for arguments in ((), ("--apply",)):
            assert host.run(*arguments, stack=stack) == 1
            said = capsys.readouterr().out
            assert "[fewer-partitions]" in said
            assert "pass" not in said
            assert said.endswith("Nothing was changed.\n")


def test_without_apply_nothing_changes(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.answer(*present("retention.ms=5"))
    assert host.run(stack="serverless") == 1
    assert capsys.readouterr().out.endswith("Nothing was changed. To carry it out, add --apply.\n")
    assert host.changes == []


def test_the_document_for_programs_says_what_the_report_says(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.answer(*present("segment.ms=5", partitions=4, more=("old", "other")))
    assert host.run("--format", "json", "--delete", "old", stack="serverless") == 1
    document = json.loads(capsys.readouterr().out)
    assert [(row["step"], row["topic"], row["changes"]) for row in document["steps"]] == [
        ("configs", "orders.v1", [{"setting": "retention.ms", "before": None, "after": "86400000"}]),
        ("delete", "old", []),
    ]
    assert document["kept"] == {"orders.v1": {"segment.ms": "5"}}
    assert document["notInStackFile"] == ["other"]
    assert [row["guard"] for row in document["refused"]] == ["fewer-partitions", "shorter-retention"]
    host.run("--delete", "old", stack="serverless")
    said = " ".join(capsys.readouterr().out.split())
    for row in document["refused"]:
        assert f"FAIL: {row['message']} [{row['guard']}]" in said
    assert "retention.ms: not set → 86400000" in said
    assert "orders.v1: segment.ms=5" in said


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Where the tests run in the background, a shell has told them to ignore what a terminal sends."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_says_what_is_done_and_how_to_go_on(
    name: signal.Signals, host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = signal.getsignal(name)
    host.answer(*present(more=("old", "older")))
    done: list[Step] = []

    def interrupted(_: Kafka, step: Step) -> None:
        if done:
            os.kill(os.getpid(), name)
        done.append(step)

    monkeypatch.setattr(Kafka, "carry_out", interrupted)
    assert host.run("--apply", "--delete", "old", "--delete", "older", "--format", "json", stack="serverless") == 3
    said = capsys.readouterr()
    assert "Interrupted." in said.err
    assert "1 step is done and stays" in said.err
    assert "the same command again, without --delete old.\n" in said.err
    assert [row["topic"] for row in json.loads(said.out)["applied"]] == ["old"]
    assert signal.getsignal(name) is handler


def test_a_quota_that_others_have_used_up_is_waited_for(
    host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise CommandError("kafka-topics.sh --alter failed (exit code 1):\n  The throttling quota has been exceeded.", FAILED)

    monkeypatch.setattr(Kafka, "carry_out", refused)
    host.answer(*present(partitions=2))
    assert host.run("--apply", stack="serverless") == 3
    said = capsys.readouterr().err
    assert "250 new and deleted partitions in 5 min, those of others counted: wait so long." in said
    assert "0 steps are done" in said


def test_what_differs_again_when_all_is_done_is_no_success(
    host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever is changed, these brokers show the same.
    host.answer(*present(partitions=2))
    monkeypatch.setattr("tools.topics.limits.SystemClock.sleep", lambda *_: None)
    assert host.run("--apply", stack="serverless") == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "1 of 1: gave orders.v1 3 partitions, from 2" in said
    assert "FAIL: Done, but this differs again" in said
    assert len(host.changes) == 1


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        (
            Create("a.b", 3, 2, {"cleanup.policy": "compact,delete", "retention.ms": "-1"}),
            "kafka-topics.sh --create --topic a.b --partitions 3 --replication-factor 2 --config cleanup.policy=compact,delete "
            "--config retention.ms=-1",
        ),
        (Create("a", 3, None, {}), "kafka-topics.sh --create --topic a --partitions 3"),
        # These take a regular expression, in which a dot would be any character.
        (Grow("a.b-c_d", 1, 3), r"kafka-topics.sh --alter --topic a\.b-c_d --partitions 3"),
        (Delete("a.b.c", 1), r"kafka-topics.sh --delete --topic a\.b\.c"),
        (
            Configure("a.b", {}, {"cleanup.policy": "compact,delete", "retention.ms": "7", "segment.ms": None, "flush.ms": None}),
            "kafka-configs.sh --alter --entity-type topics --entity-name a.b --add-config cleanup.policy=[compact,delete],"
            "retention.ms=7 --delete-config segment.ms,flush.ms",
        ),
        (
            Configure("a", {}, {"segment.ms": None}),
            "kafka-configs.sh --alter --entity-type topics --entity-name a --delete-config segment.ms",
        ),
    ],
)
def test_kafka_s_tools_are_asked_for_one_topic_alone(host: Host, step: Step, asked: str) -> None:
    tools = {tool.name: str(tool) for tool in (host.directory / "bin").iterdir()}
    Kafka(KafkaTools(tools, "b-1:9098", host.directory / "client.properties")).carry_out(step)
    assert host.changes == [asked]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stack": "none"}, "Pulumi.none.yaml"),
        ({"stack": "wrong"}, "topics.orders.partitions"),
        ({"client": "empty.properties"}, "bootstrap.servers is BOOTSTRAP"),
        ({"client": "none.properties"}, "none.properties: No such file or directory."),
        ({"kafka": "/nowhere"}, "kafka-configs.sh, kafka-topics.sh. Give Kafka's directory"),
    ],
)
def test_what_is_wrong_is_named(host: Host, options: Any, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.run(**options) == 2
    assert message in capsys.readouterr().err


def test_all_that_is_wrong_is_named_at_once(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.run("--delete", "old", stack="none", client="empty.properties", kafka="/nowhere") == 2
    said = capsys.readouterr().err
    for words in (
        "Pulumi.none.yaml",
        "bootstrap.servers is BOOTSTRAP",
        "kafka-configs.sh, kafka-topics.sh, kafka-get-offsets.sh",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("stack", "bootstrap", "words"),
    [
        ("serverless", "boot-ab12.c2.kafka-serverless.eu-west-1.amazonaws.com:9098", "a Serverless cluster in eu-west-1"),
        ("serverless", "b-1.dev.ab12.c2.kafka.us-east-1.amazonaws.com:9098", "a provisioned cluster in us-east-1"),
        ("standard", "b-1:9098,boot-ab12.c2.kafka-serverless.us-east-1.amazonaws.com:9098", "a Serverless cluster in us-east-1"),
        ("standard", "b-1.dev.ab12.c2.kafka.cn-north-1.amazonaws.com.cn:9098", "a provisioned cluster in cn-north-1"),
    ],
)
def test_a_cluster_that_cannot_be_the_stack_s_is_not_asked(
    host: Host, stack: str, bootstrap: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert host.run("--apply", "--bootstrap-server", bootstrap, stack=stack) == 2
    said = capsys.readouterr().err
    assert f"is {words}, and the stack has" in said


def test_the_stack_s_own_cluster_is_asked(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    region = settings_of(host.directory, "serverless").region
    bootstrap = f"boot-ab12.c2.kafka-serverless.{region}.amazonaws.com:9098"
    assert host.run("--bootstrap-server", bootstrap, stack="serverless") == 0
    assert f"Cluster: {bootstrap}" in capsys.readouterr().out


def test_an_answer_that_cannot_be_read_is_a_failure(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.answer("Something else\n", "")
    assert host.run("--apply") == 3
    assert "kafka-topics.sh --describe prints what this command cannot read: Something else" in capsys.readouterr().err
