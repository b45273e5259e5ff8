"""A real Kafka Connect worker with the ready file of a client, and with no more access than the stack file gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from domain.settings.clients import Format
from support.kafka.connect_worker import ConnectWorker
from support.kafka.deployed import EVERYWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.deployed import Deploy
    from support.kafka.installation import Installation

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_ORDERS = ["one", "two", "three"]
_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"
_SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
_TEXT = {"key.converter": "org.apache.kafka.connect.storage.StringConverter"}
_TEXT |= {"value.converter": _TEXT["key.converter"]}


Start = Callable[[str, Mapping[str, str]], ConnectWorker]


@pytest.fixture(params=["SCRAM", pytest.param("mutual TLS", marks=pytest.mark.exhaustive)])
def identity(request: pytest.FixtureRequest, cluster: Cluster, new_name: Callable[[str], str]) -> Connection:
    """A client with the one or the other kind of credentials."""
    name = new_name("files")
    return cluster.add_user(name, _PASSWORD) if request.param == "SCRAM" else cluster.with_certificate(name)


@pytest.fixture
def worker_with(installation: Installation, programs: Path, tmp_path: Path) -> Start:
    """Makes a worker of a ready file and of the variables that it names."""
    return lambda file, environment: ConnectWorker(tmp_path, installation.connect, programs, file, environment)


def test_a_worker_starts_and_carries_lines_of_a_file_through_a_topic_into_another_file(
    cluster: Cluster, identity: Connection, deploy: Deploy, worker_with: Start, tmp_path: Path
) -> None:
    principal = identity.principal.removeprefix("User:")
    name = principal.removeprefix("CN=")
    topic = f"lines-{name}"
    workers = f"{name}-connect"
    entry = {
        **EVERYWHERE,
        "as": {"scramUser": principal} if identity.user else {"certificate": principal},
        "connect": {"groupId": workers},
        "produce": {"topics": [topic]},
        "consume": {"topics": [topic], "groups": [f"connect-{name}-out"]},
    }
    client = deploy({topic: {"partitions": 1}}, {name: entry}).client(name, identity)
    (file,) = client.files(Format.CONNECT).values()
    source, sink = tmp_path / "source.txt", tmp_path / "sink.txt"
    source.write_text("".join(f"{line}\n" for line in _ORDERS), encoding="utf-8")

    with worker_with(file, client.environment) as worker:
        worker.until("/connectors", lambda answer: answer == [])
        kept = [f"{workers}-{what}" for what in ("configs", "offsets", "status")]
        cluster.await_in_sync(3, kept)
        assert {cluster.config_of_topic(item)["cleanup.policy"] for item in kept} == {"compact"}

        connectors = {
            f"{name}-in": {"connector.class": _SOURCE, "file": str(source), "topic": topic},
            f"{name}-out": {"connector.class": _SINK, "file": str(sink), "topics": topic},
        }
        for connector, config in connectors.items():
            status, answer = worker.ask("POST", "/connectors", {"name": connector, "config": {**_TEXT, **config}})
            assert status == 201, answer
        for connector in connectors:
            running = worker.until(f"/connectors/{connector}/status", lambda answer: bool(answer["tasks"]))
            assert [task["state"] for task in running["tasks"]] == ["RUNNING"], running
        worker.until(f"/connectors/{name}-out/status", lambda _answer: sink.exists() and len(lines_of(sink)) == len(_ORDERS))
        assert lines_of(sink) == _ORDERS


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()
