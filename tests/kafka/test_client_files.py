"""From a stack file to messages: its topics, its clients' ACLs and their ready files, used as they are by real clients."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient

from domain.settings.clients import Format
from support.kafka.deployed import EVERYWHERE, Client, Deployed
from support.kafka.ready_files import module_of, read_by_confluent_kafka, settings_in, written

if TYPE_CHECKING:
    import types
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.tools import Output, Tools

# Looked up when the tests run: to type checking, this directory is the library.
kafka: Any = importlib.import_module("kafka")

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute


@dataclass(frozen=True)
class Platform:
    """A deployed stack file: topics made, ACLs applied.

    Attributes:
        topic: The topic that both clients use.
        clients: By name: `user` writes and reads, `certified` reads, `stranger` may do nothing.
    """

    topic: str
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def platform(running: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    directory = tmp_path_factory.mktemp("stack")
    suffix = directory.name.replace("_", "-")
    topic, group = f"orders.{suffix}", f"billing-{suffix}"
    identities = {
        "user": running.add_user(f"user-{suffix}", _PASSWORD),
        "certified": running.with_certificate(f"certified-{suffix}"),
        "stranger": running.add_user(f"stranger-{suffix}", _PASSWORD),
    }
    deployed = Deployed(
        directory,
        running,
        tools,
        topics={
            topic: {"partitions": 3, "retentionHours": 24, "compressionType": "lz4", "configs": {"segment.bytes": 1048576}},
            f"customers.{suffix}": {"partitions": 1, "cleanupPolicy": "compact", "minInsyncReplicas": 2},
        },
        clients={
            "user": {
                **EVERYWHERE,
                "as": {"scramUser": identities["user"].user},
                "produce": {"topics": [topic], "transactionalIds": [f"tx-{suffix}"]},
                "consume": {"topics": [topic], "groups": [group]},
            },
            "certified": {
                **EVERYWHERE,
                "as": {"certificate": identities["certified"].principal.removeprefix("User:")},
                "consume": {"prefixes": ["orders."], "groupPrefixes": ["billing-"]},
            },
            "stranger": {**EVERYWHERE, "as": {"scramUser": identities["stranger"].user}, "produce": {"topics": ["another"]}},
        },
    )
    return Platform(topic, {name: deployed.client(name, identity) for name, identity in identities.items()})


def test_the_topics_of_the_stack_file_are_there_as_it_says(platform: Platform, cluster: Cluster) -> None:
    configured = cluster.config_of_topic(platform.topic)
    assert configured.items() >= {"retention.ms": "86400000", "compression.type": "lz4", "segment.bytes": "1048576"}.items()
    metadata = cluster.metadata()
    assert metadata is not None
    partitions = metadata.topics[platform.topic].partitions
    assert len(partitions) == 3
    assert {len(partition.replicas) for partition in partitions.values()} == {3}


def console(tools: Tools, client: Client, tool: str, option: str, file: Path, *arguments: str, stdin: str = "") -> Output:
    command = f'printf %s "$MESSAGES" | {tool} --bootstrap-server "$BROKERS" {option} "$FILE" {" ".join(arguments)}'
    environment = {**client.environment, "BROKERS": client.connection.bootstrap, "FILE": str(file), "MESSAGES": stdin}
    return tools.shell(command, environment)


@pytest.mark.usefixtures("cluster")
def test_javas_files_produce_with_a_password_and_consume_with_a_certificate(
    platform: Platform, tools: Tools, tmp_path: Path
) -> None:
    user, certified = platform.clients["user"], platform.clients["certified"]
    # A transactional producer is not the console's: the same file without the transaction.
    lines = user.files(Format.JAVA)["producer.properties"].splitlines(keepends=True)
    producer = written(tmp_path, {"producer.properties": "".join(line for line in lines if not line.startswith("transact"))})
    sent = console(
        tools, user, "kafka-console-producer.sh", "--producer.config", producer["producer.properties"],
        "--topic", platform.topic, stdin="from java\n",
    )  # fmt: skip
    assert "ERROR" not in sent.text
    assert "Exception" not in sent.text
    consumer = written(tmp_path, certified.files(Format.JAVA))["consumer.properties"]
    read = console(
        tools, certified, "kafka-console-consumer.sh", "--consumer.config", consumer, "--topic", platform.topic,
        "--group", "billing-java",
        "--consumer-property", "auto.offset.reset=earliest", "--max-messages", "1", "--timeout-ms", "60000",
    )  # fmt: skip
    assert "from java" in read.output.splitlines(), read.text


def module_for(client: Client, wanted: Format, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    for name, value in client.environment.items():
        monkeypatch.setenv(name, value)
    return module_of(client.files(wanted))


@pytest.mark.usefixtures("cluster")
def test_the_module_for_confluent_kafka_writes_in_a_transaction_and_reads(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = module_for(platform.clients["user"], Format.CONFLUENT_KAFKA, monkeypatch)
    producer = confluent_kafka.Producer(module.PRODUCER)
    producer.init_transactions(60)
    producer.begin_transaction()
    producer.produce(platform.topic, b"from librdkafka")
    producer.commit_transaction(60)
    consumer = {**module.CONSUMER, "auto.offset.reset": "earliest"}
    assert b"from librdkafka" in read_by_confluent_kafka(consumer, platform.topic, b"from librdkafka")


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["user", "certified"])
def test_the_module_for_kafka_python_reaches_the_cluster(name: str, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    module = module_for(platform.clients[name], Format.KAFKA_PYTHON, monkeypatch)
    consumer = kafka.KafkaConsumer(**{**module.CONSUMER, "group_id": None})
    try:
        assert consumer.partitions_for_topic(platform.topic) == {0, 1, 2}
    finally:
        consumer.close()


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["user", "certified"])
def test_the_files_for_librdkafka_reach_the_cluster(name: str, platform: Platform) -> None:
    client = platform.clients[name]
    text = client.files(Format.LIBRDKAFKA)["librdkafka.conf"]
    settings = settings_in(text)
    settings["ssl.ca.location"] = client.environment["KAFKA_CA"]
    # What the comments at its head say that the program sets.
    taken = {"sasl.password": "KAFKA_PASSWORD"} if name == "user" else {
        "ssl.certificate.location": "KAFKA_CERTIFICATE", "ssl.key.location": "KAFKA_KEY",
    }  # fmt: skip
    for setting, variable in taken.items():
        assert f"The program sets {setting} to the value of {variable}." in text
        settings[setting] = client.environment[variable]
    assert platform.topic in AdminClient({**settings}).list_topics(platform.topic, timeout=30).topics


@pytest.mark.usefixtures("cluster")
def test_whom_the_stack_file_gives_nothing_here_is_refused_by_the_acls(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = module_for(platform.clients["stranger"], Format.CONFLUENT_KAFKA, monkeypatch)
    refused: list[Any] = []
    producer = confluent_kafka.Producer(module.PRODUCER)
    producer.produce(platform.topic, b"lost", on_delivery=lambda error, _message: refused.append(error))
    assert producer.flush(60) == 0
    assert [error.code() for error in refused] == [confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED]
