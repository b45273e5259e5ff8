"""Kafka's own command line tools: found, run, and asked. The only way in which this command touches a cluster."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.java_properties import parse_properties
from domain.problems import printable
from tools.reassign.reading import (
    Snapshot,
    brokers_in,
    moving_in,
    sizes_in,
    still_moving_in,
    throttled_brokers_in,
    topics_in,
)
from tools.shared.commands import FAILED, CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.reassign.layout import Partition, Replicas

_TOOLS: Final = (
    "kafka-broker-api-versions.sh",
    "kafka-configs.sh",
    "kafka-leader-election.sh",
    "kafka-log-dirs.sh",
    "kafka-reassign-partitions.sh",
    "kafka-topics.sh",
)
_CONFIG_OPTION: Final = {"kafka-leader-election.sh": "--admin.config"}
"""Where it is not ``--command-config``, which that tool has from Kafka 4.2 on only (KIP-1147)."""
_PLACEHOLDER: Final = "BOOTSTRAP"
_LAST_WORDS: Final = 8


def tools_of(directory: Path | None) -> dict[str, str]:
    """Where each of Kafka's tools is.

    Args:
        directory: Where Kafka is installed; None to look in KAFKA_HOME and on PATH.

    Raises:
        CommandError: Some are missing.
    """
    home = directory or (Path(os.environ["KAFKA_HOME"]) if os.environ.get("KAFKA_HOME") else None)
    places = [str(home / "bin"), str(home)] if home else []
    path = os.pathsep.join([*places, *([] if directory else [os.environ.get("PATH", "")])])
    # Some packages leave the ending away.
    paths = {tool: shutil.which(tool, path=path) or shutil.which(tool.removesuffix(".sh"), path=path) for tool in _TOOLS}
    if missing := [tool for tool, found in paths.items() if found is None]:
        where = str(directory) if directory else "KAFKA_HOME and on PATH"
        raise CommandError(f"Kafka's tools are not in {where}: {', '.join(missing)}. Give Kafka's directory with --kafka DIR.")
    return {tool: found for tool, found in paths.items() if found}


def bootstrap_of(client_file: Path) -> str:
    """The bootstrap servers in a client's ready file.

    Raises:
        CommandError: It has none, or is not there.
    """
    try:
        bootstrap = parse_properties(client_file.read_text(encoding="utf-8")).get("bootstrap.servers", "")
    except OSError as error:
        raise CommandError(
            f"--command-config {client_file}: {error.strerror}. Make the file with `python -m tools client --outputs`."
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"--command-config {client_file}: it is no properties file. Give client.properties.") from error
    if bootstrap in ("", _PLACEHOLDER):
        raise CommandError(
            f"--command-config {client_file}: bootstrap.servers is {bootstrap or 'missing'}. Make the file with `python -m tools "
            "client --outputs`, or give --bootstrap-server."
        )
    return bootstrap


class Kafka:
    """A cluster, through Kafka's tools.

    Every method may raise `CommandError`: a tool failed, in its own words, or prints what cannot be read.

    Args:
        tools: Where each tool is.
        bootstrap: The cluster's bootstrap servers.
        client_file: The client's properties.
    """

    def __init__(self, tools: Mapping[str, str], bootstrap: str, client_file: Path) -> None:
        self._tools = tools
        self._bootstrap = bootstrap
        self._client_file = client_file

    def snapshot(self) -> Snapshot:
        """The cluster as it is now."""
        questions = (
            ("kafka-broker-api-versions.sh",),
            ("kafka-topics.sh", "--describe"),
            ("kafka-log-dirs.sh", "--describe"),
            ("kafka-configs.sh", "--describe", "--entity-type", "brokers"),
        )
        # Each starts a Java program, which mostly waits.
        with ThreadPoolExecutor(len(questions)) as pool:
            brokers, topics, sizes, configs = pool.map(lambda question: self._run(*question), questions)
        described = topics_in(topics)
        throttles = [*throttled_brokers_in(configs), *(f"topic {topic}" for topic in described.throttled)]
        return Snapshot(brokers_in(brokers), described, sizes_in(sizes), throttles)

    def moving(self) -> set[Partition]:
        """The partitions that are being moved, whoever moves them."""
        return moving_in(self._run("kafka-reassign-partitions.sh", "--list"))

    def start(self, targets: Mapping[Partition, Replicas], throttle: int, *, moving: bool) -> None:
        """Starts to move partitions. Kafka's tool refuses while others are being moved.

        Args:
            targets: The replicas that each is to have.
            throttle: Bytes a second that a broker may copy, out and in, each.
            moving: Whether these are being moved already: they go on, with this throttle.
        """
        self._reassign(targets, "--execute", *(["--additional"] if moving else []), "--throttle", str(throttle))

    def still_moving(self, targets: Mapping[Partition, Replicas]) -> set[Partition]:
        """Which of them are not where they are to be yet. Once nothing moves, Kafka's tool takes the throttle off here."""
        return still_moving_in(self._reassign(targets, "--verify"), targets)

    def cancel(self, targets: Mapping[Partition, Replicas]) -> None:
        """Puts back those that are being moved, and takes the throttle off."""
        self._reassign(targets, "--cancel")

    def elect_preferred(self, partitions: Iterable[Partition]) -> None:
        """Makes the first replica of each the leader."""
        entries = [{"topic": partition.topic, "partition": partition.number} for partition in partitions]
        self._with_file(entries, "kafka-leader-election.sh", "--path-to-json-file", "--election-type", "preferred")

    def _reassign(self, targets: Mapping[Partition, Replicas], *arguments: str) -> str:
        entries = [
            {"topic": partition.topic, "partition": partition.number, "replicas": list(replicas)}
            for partition, replicas in targets.items()
        ]
        return self._with_file(entries, "kafka-reassign-partitions.sh", "--reassignment-json-file", *arguments)

    def _with_file(self, partitions: list[dict[str, object]], tool: str, option: str, *arguments: str) -> str:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory, "partitions.json")
            file.write_text(json.dumps({"version": 1, "partitions": partitions}), encoding="utf-8")
            return self._run(tool, *arguments, option, str(file))

    def _run(self, tool: str, *arguments: str) -> str:
        connection = ["--bootstrap-server", self._bootstrap, _CONFIG_OPTION.get(tool, "--command-config"), str(self._client_file)]
        done = subprocess.run([self._tools[tool], *connection, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not line.startswith("\tat ")]
            words = "\n".join(f"  {printable(line)}" for line in lines[:_LAST_WORDS])
            raise CommandError(f"{tool} {' '.join(arguments[:1])} failed (exit code {done.returncode}):\n{words}", FAILED)
        return done.stdout
