"""Both stacks' server properties on the newest Kafka, and the ready files in its clients.

Dev's are those of its version with KRaft, on brokers that have it: with its own it ends at Kafka 3.9. Prod's are rendered for the
newest version that Amazon MSK has for its brokers.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from domain.msk.brokers import BrokerKind
from domain.msk.versions import KAFKA_VERSIONS
from domain.settings.clients import Format
from support.kafka.clients import Producing, consumed
from support.kafka.cluster import Cluster
from support.kafka.deployed import EVERYWHERE, Deployed
from support.kafka.installation import compiled_programs
from support.kafka.ready_files import settings_in, written
from support.kafka.server_files import plan_of
from support.kafka.tools import Tools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.kafka.connections import Connection
    from support.kafka.installation import Installation

_PASSWORD = "correct horse battery staple"  # noqa: S105 - of a user that lives for a minute
_VERSION = max(
    (version for version in KAFKA_VERSIONS.values() if BrokerKind.STANDARD in version.broker_kinds),
    key=lambda version: version.number,
)

_DEV = pytest.param(("dev", {"brokerType": "kafka.m7g.large"}), id="dev with KRaft", marks=pytest.mark.exhaustive)
_PROD = pytest.param(("prod", {"kafkaVersion": _VERSION.name}), id=f"prod {_VERSION.name}")


@dataclass(frozen=True)
class Newest:
    """A cluster of the newest Kafka, with that Kafka's tools."""

    cluster: Cluster
    tools: Tools
    rendered: str


@pytest.fixture(scope="module")
def newest_programs(installation: Installation) -> Path:
    return compiled_programs(installation.newest, installation.streams)


@pytest.fixture(scope="module")
def newest(
    request: pytest.FixtureRequest, installation: Installation, newest_programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Newest]:
    stack, changes = request.param
    rendered = plan_of(stack, **changes).configuration["server_properties"]
    directory = tmp_path_factory.mktemp("cluster")
    cluster = Cluster(directory / stack, installation.newest, newest_programs, rendered)
    try:
        cluster.start()
        yield Newest(cluster, Tools(tmp_path_factory.mktemp("tools"), installation.newest), rendered)
    finally:
        cluster.end()


@pytest.fixture
def user(newest: Newest) -> Connection:
    return newest.cluster.add_user(f"orders-api-{uuid.uuid4().hex[:8]}", _PASSWORD)


@pytest.mark.parametrize("newest", [_DEV, _PROD], indirect=True)
def test_what_is_rendered_is_what_the_brokers_run_with(newest: Newest) -> None:
    running = newest.cluster.config_of_broker(1)
    rendered = settings_in(newest.rendered)
    assert {name: running.get(name) for name in rendered} == rendered


@pytest.mark.parametrize("newest", [_DEV], indirect=True)
def test_messages_are_written_and_read_and_one_broker_may_crash(newest: Newest, user: Connection) -> None:
    newest.cluster.create_topic("orders", partitions=3)
    producing = Producing(user)
    producing.send("orders", [f"before {number}" for number in range(100)])
    newest.cluster.kill_broker(newest.cluster.leader("orders"))
    producing.send("orders", [f"with two {number}" for number in range(100)])
    assert producing.refused == []
    newest.cluster.heal()
    assert set(producing.acknowledged) <= set(consumed(user, "orders", 200))


@pytest.mark.parametrize("newest", [_PROD], indirect=True)
def test_its_own_clients_produce_and_consume_with_the_ready_files(newest: Newest, user: Connection, tmp_path: Path) -> None:
    topic, group = f"payments-{user.user}", f"billing-{user.user}"
    entry = {
        **EVERYWHERE,
        "as": {"scramUser": user.user},
        "produce": {"topics": [topic]},
        "consume": {"topics": [topic], "groups": [group]},
    }
    directory = tmp_path / "stack"
    directory.mkdir()
    deployed = Deployed(directory, newest.cluster, newest.tools, topics={topic: {"partitions": 3}}, clients={"api": entry})
    client = deployed.client("api", user)
    files = written(tmp_path, client.files(Format.JAVA))
    environment = {**client.environment, "BROKERS": client.connection.bootstrap, "TOPIC": topic, "GROUP": group}
    sent = newest.tools.shell(
        f"echo paid | kafka-console-producer.sh --bootstrap-server $BROKERS --topic $TOPIC "
        f"--producer.config {files['producer.properties']}",
        environment,
    )
    assert "Exception" not in sent.text
    read = newest.tools.shell(
        f"kafka-console-consumer.sh --bootstrap-server $BROKERS --topic $TOPIC --group $GROUP "
        f"--consumer.config {files['consumer.properties']} --consumer-property auto.offset.reset=earliest "
        "--max-messages 1 --timeout-ms 60000",
        environment,
    )
    assert "paid" in read.output.splitlines(), read.text + sent.text
