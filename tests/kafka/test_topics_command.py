"""`python -m tools topics` on real brokers: it makes, grows and configures topics, deletes those that are named, and no other."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from support.kafka.clients import Producing
from support.stacks import project_with
from tools.shared.commands import utc_today
from tools.topics import command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.tools import Tools

_HOUR = 3_600_000


@dataclass
class Operator:
    """Who administers the topics of a Serverless stack, played by brokers on loopback."""

    cluster: Cluster
    home: Path
    tools: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, topics: dict[str, Any], **settings: Any) -> None:
        """Writes the stack file."""
        config = {"brokerType": "serverless", "topics": topics, **settings}
        (self.home / "Pulumi.prod.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> str:
        """Runs the command, and returns what it says."""
        options = ["--stack", "prod", "--directory", str(self.home), "--command-config", str(self.home / "client.properties")]
        ended = command.main([*options, "--kafka", str(self.tools), *arguments])
        said = self.capsys.readouterr()
        assert ended == code, said.out + said.err
        return said.out + said.err

    def topics(self) -> dict[str, int]:
        """The partitions of the cluster's topics, asked without the command's own means."""
        metadata = self.cluster.metadata()
        assert metadata
        return {name: len(topic.partitions) for name, topic in metadata.topics.items()}


@pytest.fixture
def operator(
    cluster: Cluster,
    tools: Tools,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Operator:
    home = project_with(tmp_path, {})
    connection = cluster.administrator
    properties = {"bootstrap.servers": connection.bootstrap, **connection.java()}
    lines = [f"{name}={value}\n" for name, value in properties.items()]
    (home / "client.properties").write_text("".join(lines), encoding="utf-8")
    return Operator(cluster, home, tools.directory, capsys)


def test_topics_are_made_grown_configured_and_deleted_and_a_second_run_changes_nothing(
    operator: Operator, new_name: Callable[[str], str]
) -> None:
    orders, old = new_name("orders.v1"), new_name("orders.v0")
    # To a regular expression the first is the second, too.
    alike = old.replace(".", "x")
    for name in (old, alike):
        operator.cluster.create_topic(name, partitions=2)
    Producing(operator.cluster.administrator, {}).send(old, ["first", "second", "third"])
    first = {"partitions": 3, "retentionHours": 24, "cleanupPolicy": "compact,delete"}
    operator.write({orders: first})
    assert f"created {orders} with 3 partitions" in operator.run("--apply")
    made = operator.cluster.config_of_topic(orders)
    assert {made["retention.ms"], made["cleanup.policy"]} == {str(24 * _HOUR), "compact,delete"}
    before = operator.topics()
    assert before == {**before, orders: 3, old: 2, alike: 2}
    again = json.loads(operator.run("--apply", "--format", "json"))
    assert (again["steps"], again["applied"]) == ([], [])
    assert {old, alike} <= set(again["notInStackFile"])

    operator.write({orders: {**first, "partitions": 5, "retentionHours": 48}})
    assert "2 partitions with at most 3 messages" in operator.run("--apply", "--delete", old)
    assert operator.topics() == {**{name: number for name, number in before.items() if name != old}, orders: 5}
    after = operator.cluster.config_of_topic(orders)
    assert {after["retention.ms"], after["cleanup.policy"]} == {str(48 * _HOUR), "compact,delete"}
    operator.cluster.admin.delete_topics([orders, alike])


@pytest.mark.exhaustive
def test_what_would_lose_messages_changes_nothing_until_somebody_answers_for_it(
    operator: Operator, new_name: Callable[[str], str]
) -> None:
    orders, payments = new_name("orders"), new_name("payments")
    own = {"retention.ms": str(48 * _HOUR), "segment.ms": str(24 * _HOUR)}
    operator.cluster.create_topic(orders, config=own)
    topics = {orders: {"partitions": 1, "retentionHours": 24}, payments: {"partitions": 1}}
    operator.write(topics)
    assert "[shorter-retention]" in operator.run("--apply", code=1)
    # Not even what nothing stands against.
    assert payments not in operator.topics()
    assert operator.cluster.config_of_topic(orders).items() >= own.items()

    until = (utc_today() + datetime.timedelta(days=7)).isoformat()
    operator.write(topics, acknowledge={"shorter-retention": {"reason": "CHG-1", "until": until}})
    assert f"{orders}: segment.ms=86400000" in operator.run("--apply")
    kept = operator.cluster.config_of_topic(orders)
    assert (kept["retention.ms"], kept["segment.ms"]) == (str(24 * _HOUR), str(24 * _HOUR))
    operator.run("--apply", "--reset", orders)
    reset = operator.cluster.config_of_topic(orders)
    assert (reset["retention.ms"], reset["segment.ms"]) == (str(24 * _HOUR), str(7 * 24 * _HOUR))
    operator.cluster.admin.delete_topics([orders, payments])


def test_a_run_that_fails_in_the_middle_says_what_is_done_and_is_gone_on_with(
    operator: Operator, new_name: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, second, third = (new_name(prefix) for prefix in ("a", "b", "c"))
    operator.write({name: {"partitions": 1} for name in (first, second, third)})
    whole = operator.tools
    failing = tmp_path_factory.mktemp("failing")
    for tool in whole.glob("*.sh"):
        (failing / tool.name).symlink_to(tool)
    (failing / "kafka-topics.sh").unlink()
    script = f'#!/bin/sh\ncase "$*" in *"--create --topic {second}"*) echo "the session expired" >&2; exit 1;; esac\n'
    (failing / "kafka-topics.sh").write_text(f'{script}exec "{whole}/kafka-topics.sh" "$@"\n', encoding="utf-8")
    (failing / "kafka-topics.sh").chmod(0o755)
    operator.tools = failing
    said = operator.run("--apply", code=3)
    assert "the session expired" in said
    assert "1 step is done" in said
    assert {first, second, third} & set(operator.topics()) == {first}

    operator.tools = whole
    assert "All is done and verified" in operator.run("--apply")
    assert {first, second, third} <= set(operator.topics())
    operator.cluster.admin.delete_topics([first, second, third])
