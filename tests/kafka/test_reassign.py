"""`python -m tools reassign` on real brokers under load: new brokers get their share, others are emptied, nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka.cimpl import NewTopic

from domain.settings.clients import Format
from support.kafka.clients import Producing
from support.kafka.cluster import Cluster
from support.kafka.deployed import EVERYWHERE, Deployed
from support.kafka.installation import compiled_programs
from support.kafka.load import Load
from support.kafka.ready_files import written
from support.kafka.server_files import plan_of
from support.kafka.tools import Tools
from support.stacks import ROOT, project_with

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from support.kafka.installation import Installation

_PASSWORD = "correct horse battery staple"  # noqa: S105 - of a user that lives for a minute
_BOUND = 0.10
_PATIENCE = 120.0


@dataclass
class Operator:
    """Who scales a cluster with this repository's commands, from a host that has Kafka's tools.

    Attributes:
        cluster: The cluster.
        home: Where the stack file and the client's ready files are.
        environment: What the ready files need, and where Kafka's tools are.
    """

    cluster: Cluster
    home: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> list[str]:
        """The command, for the stack file as it must be with the brokers that run."""
        file = self.home / "Pulumi.prod.yaml"
        config = json.loads(file.read_text(encoding="utf-8"))["config"]
        config |= {"brokerType": "kafka.m7g.large", "brokersPerZone": len(self.cluster.brokers) // 3}
        file.write_text(json.dumps({"config": config}), encoding="utf-8")
        options = ["--stack", "prod", "--directory", str(self.home), "--command-config", str(self.home / "client.properties")]
        return [sys.executable, "-m", "tools", "reassign", *options, "--state", str(self.state), *arguments]

    @property
    def state(self) -> Path:
        return self.home / "reassignment.json"

    def reassign(self, *arguments: str, code: int = 0) -> str:
        """Runs the command to its end, and returns what it says."""
        done = subprocess.run(
            self.command(*arguments), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        print(done.stdout + done.stderr)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def interrupted(self, how: signal.Signals, *arguments: str) -> str:
        """Ends the command in the middle of a batch, and returns what it said on standard error."""
        process = subprocess.Popen(
            self.command(*arguments), cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + _PATIENCE
        before = {partition: len(replicas) for partition, replicas in self.replicas().items()}
        while all(len(replicas) <= before.get(partition, len(replicas)) for partition, replicas in self.replicas().items()):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(how)
        out, err = process.communicate()
        print(out + err)
        assert process.returncode == (3 if how is signal.SIGTERM else -how), out + err
        assert self.state.exists()
        assert self.throttled()
        return err

    def throttled(self) -> list[str]:
        """Topics and brokers that Kafka says are throttled, asked without the command's own means."""
        metadata = self.cluster.metadata()
        assert metadata
        names = ("leader.replication.throttled.replicas", "follower.replication.throttled.replicas")
        topics = {topic: self.cluster.config_of_topic(topic) for topic in metadata.topics}
        rates = ("leader.replication.throttled.rate", "follower.replication.throttled.rate")
        unlimited = (None, str(2**63 - 1))
        return [
            *(topic for topic, config in topics.items() if any(config.get(name) for name in names)),
            *(
                f"{node}"
                for node in self.cluster.brokers
                if any(self.cluster.config_of_broker(node).get(rate) not in unlimited for rate in rates)
            ),
        ]

    def replicas(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """Where the replicas are, as the brokers say it."""
        metadata = self.cluster.metadata()
        assert metadata
        return {
            (name, number): tuple(partition.replicas)
            for name, topic in metadata.topics.items()
            for number, partition in topic.partitions.items()
        }

    def leaders(self) -> Counter[int]:
        """How many partitions each broker leads at this moment."""
        metadata = self.cluster.metadata()
        assert metadata
        return Counter(partition.leader for topic in metadata.topics.values() for partition in topic.partitions.values())

    def bytes_on_disk(self) -> dict[int, int]:
        """What is in each broker's logs."""
        return {
            node: sum(
                file.stat().st_size
                for file in (self.cluster.directory / f"node-{node}").glob("*-*/*.log")
                # What has gone to another broker is deleted a minute later.
                if not file.parent.name.endswith("-delete")
            )
            for node in self.cluster.brokers
        }


def furthest(loads: Collection[int]) -> float:
    """How far the furthest broker is from the mean, as a share of the mean."""
    mean = sum(loads) / len(loads)
    return max(abs(load - mean) for load in loads) / mean


def operator_of(cluster: Cluster, tools: Tools, tools_directory: Path, home: Path, topics: dict[str, Any]) -> Operator:
    """Deploys a stack with topics and a client that operates the cluster, and writes the client's ready file."""
    user = cluster.add_user("operator", _PASSWORD)
    clients = {"operator": {**EVERYWHERE, "as": {"scramUser": "operator"}, "operate": {}}}
    deployed = Deployed(home, cluster, tools, topics=topics, clients=clients)
    client = deployed.client("operator", user)
    written(home, client.files(Format.JAVA))
    path = f"{tools_directory}{os.pathsep}{os.environ['PATH']}"
    return Operator(cluster, home, {**os.environ, **client.environment, "PATH": path})


def filled(cluster: Cluster, topics: dict[str, Any], size: int, bytes_of: dict[str, int]) -> None:
    """Writes so many bytes into each partition of topics."""
    producing = Producing(cluster.administrator, {"linger.ms": 20})
    for topic, much in bytes_of.items():
        for number in range(topics[topic]["partitions"]):
            producing.send_to(topic, number, ["x" * size] * (much // size))


def scaled_out(operator: Operator, more: list[int], interruption: signal.Signals, slow: str) -> None:
    """Adds brokers and gives them their share; the command is interrupted in the middle, and goes on."""
    before = operator.replicas()
    operator.cluster.add_brokers(more)
    assert set().union(*before.values()).isdisjoint(more)
    said = operator.interrupted(interruption, "--apply", "--throttle", slow)
    if interruption is signal.SIGTERM:
        assert "the same command again" in said
        assert "--cancel" in said
    started = time.monotonic()
    operator.reassign("--apply", "--throttle", "50")
    print(f"moved in {time.monotonic() - started:.0f} s")
    _assert_even(operator, before)
    assert operator.throttled() == []
    assert not operator.state.exists()


def scaled_in(operator: Operator, gone: list[int]) -> None:
    """Empties brokers and removes them; what is on the others stays there."""
    before = operator.replicas()
    started = time.monotonic()
    operator.reassign("--apply", "--throttle", "50", "--remove-brokers", ",".join(map(str, gone)))
    print(f"emptied in {time.monotonic() - started:.0f} s")
    after = operator.replicas()
    assert set().union(*after.values()).isdisjoint(gone)
    moved = {partition for partition in before if set(after[partition]) != set(before[partition])}
    assert moved == {partition for partition, replicas in before.items() if set(replicas) & set(gone)}
    assert operator.throttled() == []
    operator.cluster.remove_brokers(gone)
    _assert_even(operator, before)


def nothing_is_lost(load: Load) -> None:
    assert load.failures == []
    assert load.producing.refused == []
    assert load.acknowledged <= load.read
    print(f"{len(load.acknowledged)} messages acknowledged and read")


def _assert_even(operator: Operator, before: dict[tuple[str, int], tuple[int, ...]]) -> None:
    after = operator.replicas()
    zones = {node: (node - 1) % 3 for node in operator.cluster.brokers}
    for partition, replicas in before.items():
        assert len(after[partition]) == len(replicas)
        assert len({zones[node] for node in after[partition]}) == min(3, len(replicas))
    held, leaders = operator.bytes_on_disk(), operator.leaders()
    print(f"bytes {held}, leaders {dict(leaders)}: the furthest broker is {furthest(held.values()):.1%} from the mean")
    assert furthest(held.values()) <= _BOUND, held
    mean = sum(leaders.values()) / len(operator.cluster.brokers)
    assert all(abs(leaders[node] - mean) <= max(1, _BOUND * mean) for node in operator.cluster.brokers), leaders


def test_partitions_that_crowd_on_one_broker_are_spread_under_load_by_a_command_that_is_interrupted(
    cluster: Cluster, installation: Installation, tmp_path_factory: pytest.TempPathFactory, new_name: Callable[[str], str]
) -> None:
    topic = new_name("crowded")
    partitions = 8
    new = NewTopic(topic, num_partitions=partitions, replica_assignment=[[1]] * partitions, config={"min.insync.replicas": "1"})
    cluster.admin.create_topics([new])[topic].result()
    cluster.await_in_sync(1, [topic])
    filled(cluster, {topic: {"partitions": partitions}}, 1_000, {topic: 1_000_000})
    directory, home = tmp_path_factory.mktemp("tools"), project_with(tmp_path_factory.mktemp("home"), {"prod": '{"config": {}}'})
    connection = cluster.administrator
    properties = {"bootstrap.servers": connection.bootstrap, **connection.java()}
    lines = [f"{name}={value}\n" for name, value in properties.items()]
    (home / "client.properties").write_text("".join(lines), encoding="utf-8")
    Tools(directory, installation.kafka)
    operator = Operator(cluster, home, {**os.environ, "PATH": f"{directory}{os.pathsep}{os.environ['PATH']}"})
    with Load(connection, [topic]) as load:
        said = operator.interrupted(signal.SIGTERM, "--apply", "--throttle", "0.3")
        assert "the same command again" in said
        assert "--cancel" in said
        operator.reassign("--apply", "--throttle", "50")
    nothing_is_lost(load)
    held = Counter(replicas[0] for (name, _), replicas in operator.replicas().items() if name == topic)
    assert set(held) == {1, 2, 3}
    assert operator.throttled() == []
    assert not operator.state.exists()
    cluster.admin.delete_topics([topic])[topic].result()


@pytest.mark.exhaustive
@pytest.mark.parametrize("version", ["cluster's", "newest"])
def test_six_brokers_become_nine_under_load_and_six_again(
    version: str, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kafka = installation.kafka if version == "cluster's" else installation.newest
    programs = compiled_programs(kafka, installation.streams)
    rendered = plan_of("prod", **({} if version == "cluster's" else {"kafkaVersion": "4.1.x.kraft"}))
    properties = rendered.configuration["server_properties"]
    cluster = Cluster(tmp_path_factory.mktemp("scaled") / "prod", kafka, programs, properties, brokers=range(1, 7))
    topics = {"orders.v1": {"partitions": 36}, "orders.v2": {"partitions": 24}, "orders.audit": {"partitions": 6}}
    try:
        cluster.start()
        directory = tmp_path_factory.mktemp("tools")
        operator = operator_of(cluster, Tools(directory, kafka), directory, tmp_path_factory.mktemp("home"), topics)
        filled(cluster, topics, 10_000, {"orders.v1": 1_000_000, "orders.v2": 300_000, "orders.audit": 2_000_000})
        with Load(cluster.administrator, list(topics)) as load:
            scaled_out(operator, [7, 8, 9], signal.SIGKILL, "0.5")
            assert "Nothing is to be moved" in operator.reassign()
            refused = [operator.reassign("--remove-brokers", those, code=1) for those in ("7", "4,5,6")]
            assert not any(refused)
            placed = operator.replicas()
            proposed = operator.reassign("--remove-brokers", "7,8,9", code=1)
            assert "To carry it out, add --apply" in proposed
            operator.interrupted(signal.SIGKILL, "--apply", "--throttle", "0.5", "--remove-brokers", "7,8,9")
            assert "No throttle is left" in operator.reassign("--cancel")
            assert operator.throttled() == []
            assert not operator.state.exists()
            assert {partition: len(replicas) for partition, replicas in operator.replicas().items()} == {
                partition: len(replicas) for partition, replicas in placed.items()
            }
            scaled_in(operator, [7, 8, 9])
        nothing_is_lost(load)
    finally:
        cluster.end()
