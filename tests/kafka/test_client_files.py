"""From a stack file to messages: its topics, its clients' ACLs and their ready files, used as they are by real clients."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from domain.client_files import Format, render
from domain.client_plan import connection_of
from domain.plan import plan_platform
from domain.settings_loading import load_settings
from support.stacks import project_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from domain.client_connection import ClientConnection
    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.tools import Output, Tools

# Looked up when the tests run: to type checking, this directory is the library.
kafka: Any = importlib.import_module("kafka")

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_orders-AbCdEf"  # noqa: S105 - a name
_TRUST = "changeit"


@dataclass(frozen=True)
class Client:
    """A client of the stack file with what it has on its host.

    Attributes:
        connection: What its files are rendered from.
        environment: The variables that its files name.
        identity: How the cluster knows it.
    """

    connection: ClientConnection
    environment: dict[str, str]
    identity: Connection

    def files(self, wanted: Format) -> dict[str, str]:
        return render(self.connection, wanted)


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
def platform(
    running: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory, printed_acls: Callable[[list[str]], str]
) -> Platform:
    directory = tmp_path_factory.mktemp("stack")
    suffix = directory.name.replace("_", "-")
    topic, group = f"orders.{suffix}", f"billing-{suffix}"
    identities = {
        "user": running.add_user(f"user-{suffix}", _PASSWORD),
        "certified": running.with_certificate(f"certified-{suffix}"),
        "stranger": running.add_user(f"stranger-{suffix}", _PASSWORD),
    }
    everywhere = {"from": {"cidr": "10.40.0.0/20"}}
    config = {
        "authentication": {"scram": {}, "tls": {"certificateAuthorityArns": [_AUTHORITY]}},
        "topics": {
            topic: {"partitions": 3, "retentionHours": 24, "compressionType": "lz4", "configs": {"segment.bytes": 1048576}},
            f"customers.{suffix}": {"partitions": 1, "cleanupPolicy": "compact", "minInsyncReplicas": 2},
        },
        "clients": {
            "user": {
                **everywhere,
                "as": {"scramUser": identities["user"].user},
                "produce": {"topics": [topic], "transactionalIds": [f"tx-{suffix}"]},
                "consume": {"topics": [topic], "groups": [group]},
            },
            "certified": {
                **everywhere,
                "as": {"certificate": identities["certified"].principal.removeprefix("User:")},
                "consume": {"prefixes": ["orders."], "groupPrefixes": ["billing-"]},
            },
            "stranger": {**everywhere, "as": {"scramUser": identities["stranger"].user}, "produce": {"topics": ["another"]}},
        },
    }
    project_with(directory, {"prod": json.dumps({"config": config})})
    texts = {name: json.dumps(value) for name, value in config.items()}
    settings = load_settings(texts, project="orders", stack="prod", region="eu-west-1").settings

    admin = AdminClient({**running.administrator.librdkafka()})
    wanted = [
        NewTopic(one.name, one.partitions, one.replication_factor, config=json.loads(one.configs))
        for one in plan_platform(settings).topics
    ]
    for done in admin.create_topics(wanted).values():
        done.result(30)

    script = printed_acls(["--stack", "prod", "--directory", str(directory)])
    place = {
        "BOOTSTRAP": running.administrator.bootstrap,
        "COMMAND_CONFIG": str(tools.client_file(running.administrator)),
    }
    applied = tools.shell(script, place)
    assert applied.code == 0, applied.text

    trust = directory / "trust.p12"
    subprocess.run(
        ["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", str(running.administrator.trusted),  # noqa: S607 - the JDK's
         "-keystore", str(trust), "-storetype", "PKCS12", "-storepass", _TRUST],
        check=True, capture_output=True,
    )  # fmt: skip
    return Platform(
        topic,
        {name: _client(name, settings.clients[name], identity, trust) for name, identity in identities.items()},
    )


_AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd-12ab-34cd-56ef-1234567890ab"


def _client(name: str, entry: Any, identity: Connection, trust: Path) -> Client:
    connection = connection_of(
        name, entry, entry.identity.mechanism, bootstrap=identity.bootstrap, region="eu-west-1", secret=_SECRET
    )
    # On Amazon MSK the system trusts the brokers' CA; here Java and the libraries are told of the test's.
    environment = {
        "JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStore={trust} -Djavax.net.ssl.trustStorePassword={_TRUST}",
        "KAFKA_CA": str(identity.trusted),
        "KAFKA_PASSWORD": identity.password,
    }
    if identity.certificate:
        environment |= {
            "KAFKA_KEYSTORE": str(identity.certificate.keystore),
            "KAFKA_CERTIFICATE": str(identity.certificate.certificate),
            "KAFKA_KEY": str(identity.certificate.key),
        }
    return Client(connection, environment, identity)


@pytest.fixture(scope="module")
def printed_acls() -> Callable[[list[str]], str]:
    """Runs `python -m tools acls` in a process of its own, and returns what it printed."""

    def run(arguments: list[str]) -> str:
        command = [sys.executable, "-m", "tools", "acls", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    return run


def test_the_topics_of_the_stack_file_are_there_as_it_says(platform: Platform, cluster: Cluster) -> None:
    configured = cluster.config_of_topic(platform.topic)
    assert configured.items() >= {"retention.ms": "86400000", "compression.type": "lz4", "segment.bytes": "1048576"}.items()
    metadata = cluster.metadata()
    assert metadata is not None
    partitions = metadata.topics[platform.topic].partitions
    assert len(partitions) == 3
    assert {len(one.replicas) for one in partitions.values()} == {3}


def console(tools: Tools, client: Client, tool: str, option: str, file: Path, *arguments: str, stdin: str = "") -> Output:
    command = f'printf %s "$MESSAGES" | {tool} --bootstrap-server "$BROKERS" {option} "$FILE" {" ".join(arguments)}'
    environment = {**client.environment, "BROKERS": client.connection.bootstrap, "FILE": str(file), "MESSAGES": stdin}
    return tools.shell(command, environment)


def written(directory: Path, files: dict[str, str]) -> dict[str, Path]:
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return {name: directory / name for name in files}


@pytest.mark.usefixtures("cluster")
def test_javas_files_produce_with_a_password_and_consume_with_a_certificate(
    platform: Platform, tools: Tools, tmp_path: Path
) -> None:
    user, certified = platform.clients["user"], platform.clients["certified"]
    # A transactional producer is not the console's: the same file without the transaction.
    lines = user.files(Format.JAVA)["producer.properties"].splitlines(keepends=True)
    producer = written(tmp_path, {"producer.properties": "".join(one for one in lines if not one.startswith("transact"))})
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


def module_of(client: Client, wanted: Format, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    for name, value in client.environment.items():
        monkeypatch.setenv(name, value)
    (text,) = client.files(wanted).values()
    module = types.ModuleType("kafka_client")
    exec(compile(text, "kafka_client.py", "exec"), module.__dict__)  # noqa: S102 - the file is there to be run
    return module


@pytest.mark.usefixtures("cluster")
def test_the_module_for_confluent_kafka_writes_in_a_transaction_and_reads(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = module_of(platform.clients["user"], Format.CONFLUENT_KAFKA, monkeypatch)
    producer = confluent_kafka.Producer(module.PRODUCER)
    producer.init_transactions(60)
    producer.begin_transaction()
    producer.produce(platform.topic, b"from librdkafka")
    producer.commit_transaction(60)
    consumer = confluent_kafka.Consumer({**module.CONSUMER, "auto.offset.reset": "earliest"})
    try:
        consumer.subscribe([platform.topic])
        found = []
        for _ in range(60):
            message = consumer.poll(1)
            if message is not None:
                assert message.error() is None, message.error()
                found.append(message.value())
            if b"from librdkafka" in found:
                break
        assert b"from librdkafka" in found
    finally:
        consumer.close()


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["user", "certified"])
def test_the_module_for_kafka_python_reaches_the_cluster(name: str, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    module = module_of(platform.clients[name], Format.KAFKA_PYTHON, monkeypatch)
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
    settings = dict(line.split("=", 1) for line in text.splitlines() if not line.startswith("#"))
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
    module = module_of(platform.clients["stranger"], Format.CONFLUENT_KAFKA, monkeypatch)
    refused: list[Any] = []
    producer = confluent_kafka.Producer(module.PRODUCER)
    producer.produce(platform.topic, b"lost", on_delivery=lambda error, _message: refused.append(error))
    assert producer.flush(60) == 0
    assert [error.code() for error in refused] == [confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED]
