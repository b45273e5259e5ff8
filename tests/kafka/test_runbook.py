"""Every command of Kafka's in the runbook and in operations.md, on real brokers, as the person on call: with the rights of
`operate` alone, as Kafka's ACLs, and the client's ready file. That person neither reads nor writes a message."""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from domain.access.acls import acls
from domain.access.mechanisms import Mechanism
from domain.clients.java import java_files
from domain.clients.plan import connection_of
from domain.settings.clients import ClientAccess
from support.documents import kafka_commands
from support.kafka.authorization import apply, withdraw
from support.kafka.clients import Producing, consumed
from support.stacks import ROOT
from tools.place.terms import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_USER = "on-call"
_TOPIC = "runbook.orders"
_GROUP = "runbook-billing"
PLACEHOLDERS = {"TOPIC": _TOPIC, "GROUP": _GROUP}
"""What stands for a name of the reader's in a document, and what it is here. Each of them is used."""
_AT_ONCE = 2
"""Tools at a time: each is a Java program that keeps a processor busy while it starts."""


def documented() -> dict[str, list[str]]:
    """The commands by the document and its heading."""
    return {name: kafka_commands((ROOT / "docs" / name).read_text(encoding="utf-8")) for name in ("runbook.md", "operations.md")}


def filled(command: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        command = re.sub(rf"(?<![\w.-]){re.escape(placeholder)}(?![\w.-])", value, command)
    return command


@dataclass(frozen=True)
class OnCall:
    """The shell of the operator's place, as far as it is the same here: the variables, the tools, and the client's file.

    Attributes:
        directory: Where the client's file is.
        environment: The variables.
        connection: Who is on call.
        cluster: The brokers.
    """

    directory: Path
    environment: dict[str, str]
    connection: Any
    cluster: Cluster

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Runs a line, also one whose command says nothing of where the cluster is: `make shell CMD=...` adds that."""
        return subprocess.run(
            ["/bin/bash", "-o", "pipefail", "-c", line_of([line])],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def on_call(running: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnCall]:
    directory = tmp_path_factory.mktemp("on-call")
    connection = running.add_user(_USER, _PASSWORD)
    client = ClientAccess.model_validate({"as": {"scramUser": _USER}, "operate": {}})
    ready = connection_of(_USER, client, Mechanism.SCRAM, bootstrap=connection.bootstrap, region="eu-west-1")
    (directory / "client.properties").write_text(java_files(ready)["client.properties"], encoding="utf-8")
    running.create_topic(_TOPIC, partitions=3)
    producing = Producing(running.administrator)
    producing.send(_TOPIC, ["first"])
    assert producing.acknowledged == ["first"]
    assert consumed(running.administrator, _TOPIC, 1, group=_GROUP) == ["first"]
    rights = acls(connection.principal, client.access)
    apply(rights, running, tools)
    trusted = tmp_path_factory.mktemp("trust") / "trust.p12"
    words = ["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", str(running.authority.certificate)]
    subprocess.run(
        [*words, "-keystore", str(trusted), "-storetype", "PKCS12", "-storepass", "changeit"], check=True, capture_output=True
    )
    environment = {
        "PATH": f"{tools.directory}{os.pathsep}{os.environ['PATH']}",
        "BOOTSTRAP": connection.bootstrap,
        "KAFKA_PASSWORD": _PASSWORD,
        "JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStore={trusted} -Djavax.net.ssl.trustStorePassword=changeit",
    }
    try:
        yield OnCall(directory, environment, connection, running)
    finally:
        # Its ACLs are on every topic, and other tests' topics have none.
        withdraw(connection.principal, running)
        running.admin.delete_topics([_TOPIC])


def test_there_are_commands_in_both_documents() -> None:
    found = documented()
    assert len(found["runbook.md"]) > 10
    assert found["operations.md"]
    everything = "\n".join(command for commands in found.values() for command in commands)
    assert {name for name in PLACEHOLDERS if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", everything)} == set(
        PLACEHOLDERS
    )
    assert not re.search(r"\b[A-Z]{4,}\b", re.sub(r'"\$[A-Z]+"|[\'"].*?[\'"]', "", filled(everything))), (
        "a name that stands for another"
    )


@pytest.mark.exhaustive
@pytest.mark.usefixtures("cluster")
def test_who_operates_runs_every_command_and_reads_and_writes_no_message(on_call: OnCall) -> None:
    lines = sorted({filled(command) for commands in documented().values() for command in commands})
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        ended = dict(zip(lines, pool.map(on_call.run, lines), strict=True))
    failed = {line: done.stdout + done.stderr for line, done in ended.items() if done.returncode or refused(done)}
    assert failed == {}
    # What a tool prints where it sees nothing looks like what it prints where nothing is wrong.
    largest = next(done.stdout for line, done in ended.items() if line.startswith("kafka-log-dirs.sh"))
    assert re.search(rf"^[1-9][0-9]* {re.escape(_TOPIC)}$", largest, flags=re.MULTILINE), largest
    assert _GROUP in next(done.stdout for line, done in ended.items() if line.endswith("--group " + _GROUP))

    producing = Producing(on_call.connection)
    producing.send(_TOPIC, ["second"])
    assert producing.refusals() == {"TOPIC_AUTHORIZATION_FAILED"}
    read = on_call.run(
        f'kafka-console-consumer.sh --bootstrap-server "$BOOTSTRAP" --consumer.config client.properties --topic {_TOPIC} '
        # As no member of a group, which would be refused first.
        "--partition 0 --offset earliest --max-messages 1 --timeout-ms 20000"
    )
    assert "first" not in read.stdout
    assert "TopicAuthorizationException" in read.stdout + read.stderr


def refused(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether brokers did not let it: some tools end with 0 all the same."""
    return "AuthorizationException" in done.stdout + done.stderr or "Authorization failed" in done.stdout + done.stderr
