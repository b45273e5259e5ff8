"""Kafka's own command line tools: where they are, whom they connect as, and how they are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.java_properties import parse_properties
from domain.problems import printable
from tools.shared.commands import FAILED, CommandError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

_CONFIG_OPTION: Final = {"kafka-cluster.sh": "--config", "kafka-leader-election.sh": "--admin.config"}
"""Where it is not ``--command-config``, which those tools have from Kafka 4.2 on only (KIP-1147)."""
_VERB_FIRST: Final = frozenset({"kafka-cluster.sh"})
"""Tools whose first word says what they do; their options follow it."""
LETTERS: Final = {"LC_ALL": "C.UTF-8"}
"""Java takes and prints letters beyond ASCII as its locale has them, and as question marks where that is plain C."""
_PLACEHOLDER: Final = "BOOTSTRAP"
_LAST_WORDS: Final = 8


def add_kafka(parser: argparse.ArgumentParser, whose: str) -> None:
    """Adds `--command-config`, `--bootstrap-server` and `--kafka`; see `bootstrap_of` and `tools_of`.

    Args:
        parser: The command's parser.
        whose: Whose properties they are.
    """
    parser.add_argument("--command-config", type=Path, metavar="FILE", help=f"{whose}; needed where the command runs (not --via)")
    parser.add_argument("--bootstrap-server", metavar="HOSTS", help="the brokers (default: bootstrap.servers of that file)")
    parser.add_argument("--kafka", type=Path, metavar="DIR", help="where Kafka is installed (default: KAFKA_HOME, then PATH)")


def tools_of(directory: Path | None, needed: Iterable[str]) -> dict[str, str]:
    """Where each of Kafka's tools is.

    Args:
        directory: Where Kafka is installed; None to look in KAFKA_HOME and on PATH.
        needed: The tools, by the names that they have in Kafka's download.

    Raises:
        CommandError: Some are missing.
    """
    home = directory or (Path(os.environ["KAFKA_HOME"]) if os.environ.get("KAFKA_HOME") else None)
    places = [str(home / "bin"), str(home)] if home else []
    path = os.pathsep.join([*places, *([] if directory else [os.environ.get("PATH", "")])])
    # Some packages leave the ending away.
    paths = {tool: shutil.which(tool, path=path) or shutil.which(tool.removesuffix(".sh"), path=path) for tool in needed}
    if missing := [tool for tool, place in paths.items() if place is None]:
        where = str(directory) if directory else "KAFKA_HOME and on PATH"
        raise CommandError(f"Kafka's tools are not in {where}: {', '.join(missing)}. Give Kafka's directory with --kafka DIR.")
    return {tool: place for tool, place in paths.items() if place}


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


_HOST: Final = re.compile(r"[^,\s]+\.kafka(?P<serverless>-serverless)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?(?::\d+)?")
"""A name of Amazon MSK's own: ``boot-12ab34cd.c2.kafka-serverless.us-east-1.amazonaws.com:9098``."""


def why_another_cluster(bootstrap: str, region: str, *, serverless: bool) -> str:
    """Why bootstrap servers are not those of a stack's cluster, as far as AWS's names tell; empty where they may be.

    Args:
        bootstrap: The bootstrap servers.
        region: The stack's region.
        serverless: Whether the stack's cluster is a Serverless one.
    """
    kinds = {True: "a Serverless", False: "a provisioned"}
    for host in bootstrap.split(","):
        match = _HOST.fullmatch(host.strip())
        if match and (bool(match["serverless"]), match["region"]) != (serverless, region):
            there = f"{kinds[bool(match['serverless'])]} cluster in {match['region']}"
            return f"{host.strip()} is {there}, and the stack has {kinds[serverless]} one in {region}."
    return ""


class KafkaTools:
    """Kafka's tools for one cluster and one client.

    Args:
        tools: Where each tool is.
        bootstrap: The cluster's bootstrap servers.
        client_file: The client's properties.
    """

    def __init__(self, tools: Mapping[str, str], bootstrap: str, client_file: Path) -> None:
        self._tools = tools
        self._bootstrap = bootstrap
        self._client_file = client_file

    def client_properties(self) -> str:
        """The client's properties, as they stand in its file.

        Raises:
            CommandError: It is no properties file.
        """
        try:
            return self._client_file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise CommandError(
                f"--command-config {self._client_file}: it is no properties file. Give client.properties."
            ) from error

    def run(self, tool: str, *arguments: str) -> str:
        """Runs a tool, and returns what it prints.

        Args:
            tool: Its name, such as ``kafka-topics.sh``.
            arguments: Its options besides those that say where the cluster is.

        Raises:
            CommandError: It failed; the message has its own words.
        """
        return self._said(tool, arguments, {})

    def _said(self, tool: str, arguments: Sequence[str], files: Mapping[str, str]) -> str:
        connection = ["--bootstrap-server", self._bootstrap, _CONFIG_OPTION.get(tool, "--command-config"), str(self._client_file)]
        verb, options = (arguments[:1], arguments[1:]) if tool in _VERB_FIRST else ((), arguments)
        done = self._ended([self._tools[tool], *verb, *connection, *options], files)
        if done.returncode:
            lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not line.startswith("\tat ")]
            words = "\n".join(f"  {printable(line)}" for line in lines[:_LAST_WORDS])
            raise CommandError(f"{tool} {' '.join(arguments[:1])} failed (exit code {done.returncode}):\n{words}", FAILED)
        return done.stdout

    def run_with_file(self, tool: str, *arguments: str, option: str, text: str) -> str:
        """Runs a tool that reads a file, as `run` does.

        Args:
            tool: Its name.
            arguments: Its options besides.
            option: The option that names the file.
            text: What is in it.
        """
        with tempfile.TemporaryDirectory() as directory:
            file = str(Path(directory, "input.json"))
            return self._said(tool, [*arguments, option, file], {file: text})

    def _ended(self, words: Sequence[str], files: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Runs a command, and writes the files that it reads first, by their paths."""
        for path, text in files.items():
            Path(path).write_text(text, encoding="utf-8")
        environment = {**os.environ, **LETTERS}
        return subprocess.run(words, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False)
