"""A real Kafka Streams application with the ready file of a client, and with no more access than the stack file gives it."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from domain.clients.files import render
from domain.settings.clients import Format
from support.kafka.clients import Producing
from support.kafka.deployed import EVERYWHERE
from support.kafka.installation import java
from support.kafka.ready_files import read_by_confluent_kafka, settings_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.connections import Connection
    from support.kafka.deployed import Client, Deploy
    from support.kafka.installation import Installation
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_PATIENCE = 120.0
_QUICKLY = {
    # Who was killed is missed after this, and not after 45 seconds; what was read is deleted as soon, and not after 30.
    "consumer.session.timeout.ms": "6000",
    "consumer.heartbeat.interval.ms": "1000",
    "repartition.purge.interval.ms": "100",
}


@dataclass(frozen=True)
class Application:
    """`WordCount` with a client's ready file.

    Attributes:
        command: The command that runs it.
        environment: The variables that its file names.
    """

    command: list[str]
    environment: dict[str, str]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        """Runs it until it ends or is killed, without a word of farewell."""
        environment = {"PATH": os.environ["PATH"], **self.environment}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(self.command, env=environment, start_new_session=True, **pipes) as process:
            try:
                yield process
            finally:
                process.kill()


@dataclass(frozen=True)
class Names:
    """What a stack file calls the application and its topics."""

    application: str
    texts: str
    counts: str
    foreign: str

    @property
    def internal(self) -> dict[str, str]:
        """Its internal topics, with how each is cleaned up."""
        return {f"{self.application}-words-repartition": "delete", f"{self.application}-counts-changelog": "compact"}


@pytest.fixture
def application(installation: Installation, programs: Path, tmp_path: Path) -> Callable[[Client, Names], Application]:
    """Makes the application of a client's ready file."""

    def made(client: Client, names: Names) -> Application:
        connection = replace(client.connection, application_id=names.application)
        (text,) = render(connection, Format.KAFKA_STREAMS).values()
        settings = settings_in(text) | _QUICKLY | {"state.dir": str(tmp_path / "state")}
        file = tmp_path / "streams.properties"
        file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
        command = [*java("WordCount", [programs, installation.streams]), str(file), names.texts, names.counts]
        return Application(command, client.environment)

    return made


@pytest.fixture
def with_acls_of_its_own(cluster: Cluster, tools: Tools) -> Iterator[Cluster]:
    """The cluster, on which a test may give ACLs: while nobody has any, everyone may create topics."""
    yield cluster
    removed = tools.run("kafka-acls.sh", cluster.administrator, "--remove", "--force", "--cluster")
    assert removed.code == 0, removed.text


def first_and_next_offset(cluster: Cluster, topic: str) -> tuple[int, int]:
    """Of a topic's only partition."""
    consumer = Consumer({**cluster.administrator.librdkafka(), "group.id": "unused"})
    try:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
        return low, high
    finally:
        consumer.close()


def counted(cluster: Cluster, names: Names, *wanted: str) -> list[str]:
    """The counts of committed transactions, up to the last of those that are waited for."""
    settings = {
        **cluster.administrator.librdkafka(),
        "group.id": f"{names.counts}-reader",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
    }
    return [value.decode() for value in read_by_confluent_kafka(settings, names.counts, *(text.encode() for text in wanted))]


def test_an_application_counts_exactly_with_its_grant_goes_on_after_a_kill_and_is_refused_without_it(
    with_acls_of_its_own: Cluster,
    deploy: Deploy,
    application: Callable[[Client, Names], Application],
    new_name: Callable[[str], str],
) -> None:
    cluster, user = with_acls_of_its_own, new_name("totals")
    names = Names(application=user, texts=new_name("texts"), counts=new_name("counts"), foreign=new_name("foreign"))
    identity, owner = cluster.add_user(user, _PASSWORD), cluster.with_certificate(new_name("owner"))
    topics = {topic: {"partitions": 1} for topic in (names.texts, names.counts, names.foreign)}
    clients = {
        # Amazon MSK lets everyone in where nobody has an ACL: somebody else has them on all that the application needs.
        "owner": {
            **EVERYWHERE,
            "as": {"certificate": owner.principal.removeprefix("User:")},
            "produce": {"topics": [names.foreign], "transactionalIdPrefixes": [names.application]},
            "admin": {"prefixes": [f"{names.application}-"], "groups": [names.application], "cluster": True},
        },
        user: {
            **EVERYWHERE,
            "as": {"scramUser": user},
            "produce": {"topics": [names.counts]},
            "consume": {"topics": [names.texts], "groups": [names.counts]},
        },
    }
    deployed = deploy(topics, clients)
    writer = Producing(cluster.administrator)
    writer.send(names.texts, ["to be or not", "to be"])

    with application(deployed.client(user, identity), names).running() as process:
        # Its input stays open: it ends by itself.
        assert process.wait(_PATIENCE) == 1
        said = process.stdout.read() if process.stdout else ""
    assert "AuthorizationException: " in said
    assert internal_topics(cluster, names) == set()

    # The owner's ACLs stay: what a stack file no longer names, the commands leave alone.
    streams = {"consume": {"topics": [names.texts]}, "streams": {"applicationId": names.application}}
    deployed.write(topics, {user: {**clients[user], **streams}})
    granted = application(deployed.client(user, identity), names)
    with granted.running():
        counted(cluster, names, "to 2", "be 2", "or 1", "not 1")
    assert internal_topics(cluster, names) == names.internal.keys()
    for topic, policy in names.internal.items():
        config = cluster.config_of_topic(topic)
        assert (config["cleanup.policy"], config["min.insync.replicas"]) == (policy, "2")
        cluster.await_in_sync(3, [topic])

    writer.send(names.texts, ["to be"])
    with granted.running():
        # What it had counted is in its changelog only: its store was in the memory that is gone.
        counts = counted(cluster, names, "to 3", "be 3")
        repartition = f"{names.application}-words-repartition"
        cluster.until(lambda _: first_and_next_offset(cluster, repartition)[0] > 0, f"deleted messages of {repartition}")
    assert len(counts) == len(set(counts)), "a word was counted twice"
    # Each transaction ends with a marker, which is no message.
    assert first_and_next_offset(cluster, names.counts)[1] > len(counts)
    assert_refused(identity, names.foreign)


def internal_topics(cluster: Cluster, names: Names) -> set[str]:
    metadata = cluster.metadata()
    assert metadata
    return {topic for topic in metadata.topics if topic.startswith(names.application)}


def assert_refused(identity: Connection, topic: str) -> None:
    producing = Producing(identity)
    producing.send(topic, ["not mine"])
    assert producing.refusals() == {"TOPIC_AUTHORIZATION_FAILED"}
