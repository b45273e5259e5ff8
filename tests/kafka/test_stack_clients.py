"""The sample clients of the ready stacks, as they are, on real brokers with their stack's topics, ACLs and ready files.

Amazon MSK has no IAM outside AWS: a client with a role is a SCRAM user here, with the ACLs that come from the same entry. Tiered
storage is Amazon MSK's own: topics are without it here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer, TopicPartition

from domain.settings.clients import Format
from support.by_turns import of_the_day
from support.kafka.clients import consumed
from support.kafka.deployed import Deployed
from support.kafka.ready_files import written
from support.stacks import ROOT
from tools.stacks.uses import TITLES, read_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.deployed import Client
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of users that live for a minute
_SILENCE = "15"
Messages = list[tuple[str, str | None, str]]


@dataclass
class Given:
    """A ready stack on real brokers.

    Attributes:
        cluster: The brokers.
        tools: Kafka's tools.
        client: The client that the sample is of.
        directory: Where the sample and its ready file are.
        outputs: What the sample printed at each run.
    """

    cluster: Cluster
    tools: Tools
    client: Client
    directory: Path
    outputs: list[str] = field(default_factory=list)

    def feed(self, messages: Messages) -> None:
        """Writes messages (topic, key, value), as somebody who may do everything."""
        producer = Producer({**self.cluster.administrator.librdkafka(), "acks": "all"})
        for topic, key, value in messages:
            producer.produce(topic, value.encode(), key)
        assert producer.flush(60) == 0

    def read(self, topic: str, number: int) -> list[str]:
        """Reads a topic from its beginning."""
        return consumed(self.cluster.administrator, topic, number)

    def run(self, *arguments: str, stdin: str = "", code: int = 0, **variables: str) -> str:
        """Runs the sample; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "client.py", *arguments],
            cwd=self.directory, input=stdin, capture_output=True, text=True, check=False, timeout=300,
            env={**os.environ, **self.client.environment, **variables},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def started(self) -> subprocess.Popen[str]:
        """Starts the sample, whose input goes on until it is closed."""
        return subprocess.Popen(
            [sys.executable, "client.py"],
            cwd=self.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **self.client.environment},
        )  # fmt: skip


def as_on_apache_kafka(config: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A stack file's topics and clients, with what Amazon MSK alone has replaced."""
    topics = {
        name: {key: value for key, value in topic.items() if key not in ("remoteStorage", "localRetentionHours")}
        for name, topic in config["topics"].items()
    }
    clients = {
        name: {**client, "as": client["as"] if "scramUser" in client["as"] else {"scramUser": name}}
        for name, client in config["clients"].items()
    }
    return topics, clients


@pytest.fixture
def given(cluster: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Given]:
    """Makes the topics, users and ACLs of a ready stack, and puts its sample beside its ready file."""

    def make(name: str) -> Given:
        use = read_use(ROOT, name)
        topics, clients = as_on_apache_kafka(yaml.safe_load(use.text)["config"])
        identities = {client: cluster.add_user(entry["as"]["scramUser"], _PASSWORD) for client, entry in clients.items()}
        deployed = Deployed(tmp_path_factory.mktemp("stack"), cluster, tools, topics=topics, clients=clients)
        cluster.await_in_sync(3, topics)
        client = deployed.client(use.client, identities[use.client])
        directory = tmp_path_factory.mktemp("host")
        written(directory, client.files(Format.CONFLUENT_KAFKA))
        shutil.copy(use.folder / "client.py", directory)
        return Given(cluster, tools, client, directory)

    return make


def data_pipeline(given: Given) -> None:
    """What can be parsed is cleaned, the rest put aside, and a second run has nothing left to do."""
    orders = [("raw.orders", f"k{number}", json.dumps({"id": number, "amount": 1.5})) for number in range(20)]
    given.feed([*orders, ("raw.orders", "bad", "not JSON")])
    given.run(_SILENCE)
    clean = [json.loads(text) for text in given.read("clean.orders", 20)]
    assert sorted(order["id"] for order in clean) == list(range(20))
    assert {order["cents"] for order in clean} == {150}
    assert given.read("dead-letters.clean", 1) == ["not JSON"]
    given.run(_SILENCE)
    assert _number_of(given, "clean.orders") == 20


def activity_tracking(given: Given) -> None:
    """Both topics are read as one stream, from the zone that it is told of."""
    events = [json.dumps({"visitor": "v1", "product": product}) for product in ("tea", "tea", "cup")]
    given.feed(
        [("activity.page-views", "v1", events[0]), ("activity.clicks", "v1", events[1]), ("activity.clicks", "v1", events[2])]
    )
    assert json.loads(given.run(_SILENCE, AZ_ID="use1-az2")) == {"v1": [["tea", 2], ["cup", 1]]}


def log_aggregation(given: Given) -> None:
    """Every line arrives; with the quota of the page, the source is slowed down and nothing is lost."""
    lines = [f"line {number}" for number in range(100)]
    assert given.run(stdin="\n".join(lines)) == "throttled 0.0 s\n"
    assert sorted(given.read("logs.applications", 100)) == sorted(lines)
    page = (ROOT / "stacks" / "log-aggregation" / "README.md").read_text(encoding="utf-8")
    (command,) = (line for line in page.splitlines() if line.startswith("kafka-configs.sh") and "--entity-name app-logs" in line)
    administrator = given.cluster.administrator
    place = {"BOOTSTRAP": administrator.bootstrap, "COMMAND_CONFIG": str(given.tools.client_file(administrator))}
    slow = command.replace("producer_byte_rate=5242880", "producer_byte_rate=100")
    assert slow != command
    for wanted in (command, slow):
        done = given.tools.shell(wanted, place)
        assert done.code == 0, done.text
    noise = "\n".join(os.urandom(400).hex() for _ in range(40))
    said = given.run(stdin=noise)
    assert float(said.split()[1]) > 0, said
    assert _number_of(given, "logs.applications") == 140


def iot_ingestion(given: Given) -> None:
    """Every reading arrives in its device's order, and is its device's state at once, not only when the gateway ends."""
    readings = [json.dumps({"device": f"d-{number % 3}", "celsius": number}) for number in range(12)]
    with given.started() as gateway:
        assert gateway.stdin is not None
        gateway.stdin.write("\n".join(readings) + "\n")
        gateway.stdin.flush()
        for topic in ("telemetry", "device-state"):
            arrived = given.read(topic, 12)
            for device in ("d-0", "d-1", "d-2"):
                assert [text for text in arrived if device in text] == [text for text in readings if device in text]
        assert gateway.poll() is None
        assert gateway.communicate(timeout=60)[0] == "3 devices\n"
    assert gateway.returncode == 0


def message_broker(given: Given) -> None:
    """Each command has one event, or one dead letter; an instance that died in the middle leaves nothing behind."""
    given.feed([("payments.commands", f"o{number}", json.dumps({"order": number, "cents": 5})) for number in range(10)])
    given.feed([("payments.commands", "bad", "{}")])
    given.run("payments-1", _SILENCE)
    given.feed([("payments.commands", "o10", json.dumps({"order": 10, "cents": 5}))])
    given.run("payments-2", _SILENCE)
    events = [json.loads(text)["order"] for text in given.read("payments.events", 11)]
    assert sorted(events) == list(range(11))
    assert given.read("payments.dead-letters", 1) == ["{}"]


def event_sourcing(given: Given) -> None:
    """Each replay reads all events of every order, in their order."""
    story = ["placed", "paid", "shipped"]
    given.feed([("orders.events", f"o{order}", json.dumps({"type": step})) for step in story for order in range(8)])
    whole = {f"o{order}": story for order in range(8)}
    assert [json.loads(given.run()) for _ in range(2)] == [whole, whole]


def migration(given: Given) -> None:
    """Behind before the group has read everything, and not behind when it has."""
    given.feed([("ORDERS_V2", f"o{number}", "order") for number in range(6)])
    assert json.loads(given.run(code=1)) == {"ORDERS_V2": 6, "customer-changes": 0}
    consumed(given.client.identity, "ORDERS_V2", 6, group="billing")
    assert json.loads(given.run()) == {"ORDERS_V2": 0, "customer-changes": 0}
    committed = given.cluster.admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions("billing")])["billing"].result()
    assert sum(place.offset for place in committed.topic_partitions) == 6


SCENES: dict[str, Callable[[Given], None]] = {
    "data-pipeline": data_pipeline,
    "activity-tracking": activity_tracking,
    "log-aggregation": log_aggregation,
    "iot-ingestion": iot_ingestion,
    "message-broker": message_broker,
    "event-sourcing": event_sourcing,
    "migration": migration,
}


def _number_of(given: Given, topic: str) -> int:
    """How many messages a topic has."""
    consumer = Consumer({**given.cluster.administrator.librdkafka(), "group.id": "counts"})
    try:
        numbers: Iterable[int] = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        ends = [consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30) for number in numbers]
        return sum(end - first for first, end in ends)
    finally:
        consumer.close()


def test_every_ready_stack_has_a_scene() -> None:
    assert list(SCENES) == list(TITLES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """By day one use is tried, each in its turn."""
    if "use" in metafunc.fixturenames:
        exhaustive = metafunc.config.getoption("exhaustive")
        turn = of_the_day(list(SCENES), exhaustive=exhaustive)
        # Processes that collect before and after midnight must collect the same names.
        metafunc.parametrize("use", turn, ids=turn if exhaustive else ["whose turn it is"])


def test_the_sample_client_does_what_its_page_says(use: str, given: Callable[[str], Given]) -> None:
    SCENES[use](given(use))
