"""Apache Kafka's command line tools, by the names they have in its download, and the clients that tests use."""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.kafka.installation import java, loaded_classes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.kafka.connections import Connection

# Each tool's class, under all names that it has had: some moved in 4.0.
_CLASSES = {
    "kafka-acls.sh": ("org.apache.kafka.tools.AclCommand", "kafka.admin.AclCommand"),
    "kafka-broker-api-versions.sh": (
        "org.apache.kafka.tools.BrokerApiVersionsCommand",
        "kafka.admin.BrokerApiVersionsCommand",
    ),
    "kafka-cluster.sh": ("org.apache.kafka.tools.ClusterTool",),
    "kafka-configs.sh": ("org.apache.kafka.tools.ConfigCommand", "kafka.admin.ConfigCommand"),
    "kafka-console-consumer.sh": ("org.apache.kafka.tools.consumer.ConsoleConsumer",),
    "kafka-console-producer.sh": ("org.apache.kafka.tools.ConsoleProducer", "kafka.tools.ConsoleProducer"),
    "kafka-consumer-groups.sh": ("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",),
    "kafka-features.sh": ("org.apache.kafka.tools.FeatureCommand",),
    "kafka-get-offsets.sh": ("org.apache.kafka.tools.GetOffsetShell", "kafka.tools.GetOffsetShell"),
    "kafka-leader-election.sh": ("org.apache.kafka.tools.LeaderElectionCommand",),
    "kafka-log-dirs.sh": ("org.apache.kafka.tools.LogDirsCommand",),
    "kafka-reassign-partitions.sh": ("org.apache.kafka.tools.reassign.ReassignPartitionsCommand",),
    "kafka-transactions.sh": ("org.apache.kafka.tools.TransactionsCommand",),
    "kafka-topics.sh": ("org.apache.kafka.tools.TopicCommand",),
}
_CONFIG_OPTION = {
    "kafka-console-consumer.sh": "--consumer.config",
    "kafka-console-producer.sh": "--producer.config",
}


@dataclass(frozen=True)
class Output:
    """How a tool ended. Kafka's console tools end with 0 whatever happened: their words count."""

    code: int
    output: str
    """Standard output."""
    text: str
    """Standard output and standard error."""


class Tools:
    """The tools of one Kafka, in a directory that a command can have on its PATH.

    Args:
        directory: An empty directory.
        kafka: The directory with Kafka's jars.
    """

    def __init__(self, directory: Path, kafka: Path) -> None:
        self.directory = directory
        self._count = itertools.count()
        there = {name for jar in kafka.glob("kafka*.jar") for name in zipfile.ZipFile(jar).namelist()}
        for name, classes in _CLASSES.items():
            (main,) = [class_ for class_ in classes if f"{class_.replace('.', '/')}.class" in there]
            script = directory / name
            script.write_text(_script(main, kafka), encoding="utf-8")
            script.chmod(0o755)

    def run(
        self,
        tool: str,
        connection: Connection,
        *arguments: str,
        settings: Mapping[str, str] | None = None,
        stdin: str = "",
    ) -> Output:
        """Runs a tool for a client.

        Args:
            tool: Its name, such as `kafka-topics.sh`.
            connection: How the client connects.
            arguments: The tool's options besides those that say where the cluster is.
            settings: Properties of the client besides those of its connection.
            stdin: What the tool reads.
        """
        file = self.client_file(connection, settings)
        option = _CONFIG_OPTION.get(tool, "--command-config")
        command = [str(self.directory / tool), "--bootstrap-server", connection.bootstrap, option, str(file), *arguments]
        return _finished(subprocess.run(command, input=stdin, capture_output=True, text=True, check=False))

    def client_file(self, connection: Connection, settings: Mapping[str, str] | None = None) -> Path:
        """Writes the properties file of a client, without the bootstrap servers."""
        file = self.directory / f"client-{next(self._count)}.properties"
        properties = {**connection.java(), **(settings or {})}
        file.write_text("".join(f"{key}={value}\n" for key, value in properties.items()), encoding="utf-8")
        return file

    def shell(self, command: str, environment: Mapping[str, str]) -> Output:
        """Runs a command line as a person would, with the tools on PATH and some variables set."""
        path = f"{self.directory}{os.pathsep}{os.environ['PATH']}"
        everything = {"PATH": path, **environment}
        return _finished(
            subprocess.run(["sh", "-c", command], env=everything, capture_output=True, text=True, check=False)  # noqa: S607 - PATH's sh
        )


def _script(main: str, kafka: Path) -> str:
    """What runs a tool. The first run keeps the classes that it has loaded, as it ends; those that come later begin with them."""
    archive = loaded_classes(main, [kafka])
    later = java(main, [kafka], f"-XX:SharedArchiveFile={archive}")
    first = java(main, [kafka], "-Xlog:disable", "-XX:ArchiveClassesAtExit=$kept")
    place = shlex.quote(str(archive))
    return f"""#!/bin/sh
[ ! -e {place} ] || exec {shlex.join(later)} "$@"
kept={place}.$$
{shlex.join(first).replace("'-XX:ArchiveClassesAtExit=$kept'", '-XX:ArchiveClassesAtExit="$kept"')} "$@"
code=$?
[ ! -e "$kept" ] || mv "$kept" {place}
exit $code
"""


def _finished(done: subprocess.CompletedProcess[str]) -> Output:
    return Output(done.returncode, done.stdout, done.stdout + done.stderr)
