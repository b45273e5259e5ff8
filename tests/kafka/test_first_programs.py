"""The programs of docs/access.md, as they stand there, with a client's ready files on real brokers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from domain.clients.versions import CONFLUENT_KAFKA, IAM_AUTH, KAFKA_CLIENTS, KAFKA_PYTHON, SIGNER
from domain.settings.clients import Format
from support.kafka.deployed import EVERYWHERE, Deployed
from support.kafka.installation import java
from support.kafka.ready_files import written
from support.stacks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from support.kafka.cluster import Cluster
    from support.kafka.deployed import Client
    from support.kafka.installation import Installation
    from support.kafka.tools import Tools

_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_TOPIC = "orders.v1"
_PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def program(title: str, language: str) -> str:
    """The program that follows a line of the page."""
    (text,) = re.findall(rf"\n{re.escape(title)}:\n\n```{language}\n(.*?)```", _PAGE, re.DOTALL)
    return str(text)


PROGRAMS = {
    Format.JAVA: ("Java (`java -cp 'libs/*' Hello.java`)", "java", "Hello.java"),
    Format.CONFLUENT_KAFKA: ("Python with confluent-kafka", "python", "hello.py"),
    Format.KAFKA_PYTHON: ("Python with kafka-python", "python", "hello.py"),
}


@pytest.fixture(scope="module")
def hello(running: Cluster, tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> tuple[Client, str]:
    """The client of the page and its topic, which no other test has."""
    directory = tmp_path_factory.mktemp("first")
    topic, group = f"{_TOPIC}-{directory.name}", "hello"
    user = running.add_user(f"hello-{directory.name}", _PASSWORD)
    entry = {
        **EVERYWHERE,
        "as": {"scramUser": user.user},
        "produce": {"topics": [topic]},
        "consume": {"topics": [topic], "groups": [group]},
    }
    deployed = Deployed(directory, running, tools, topics={topic: {"partitions": 1}}, clients={"hello": entry})
    return deployed.client("hello", user), topic


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("wanted", PROGRAMS)
def test_a_first_program_sends_and_receives(
    wanted: Format, hello: tuple[Client, str], installation: Installation, tmp_path: Path
) -> None:
    client, topic = hello
    title, language, file = PROGRAMS[wanted]
    written(tmp_path, {**client.files(wanted), file: program(title, language).replace(_TOPIC, topic)})
    command = java(file, [installation.kafka]) if language == "java" else [sys.executable, file]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120, env={**os.environ, **client.environment}
    )
    assert done.returncode == 0, done.stderr
    assert "order-1 hello" in done.stdout.splitlines(), done.stderr


def test_the_page_names_the_packages_in_the_versions_that_the_files_name() -> None:
    for line in (KAFKA_CLIENTS.maven, IAM_AUTH.maven, KAFKA_CLIENTS.gradle, IAM_AUTH.gradle):
        assert line in _PAGE
    for library in (CONFLUENT_KAFKA, KAFKA_PYTHON):
        assert f"pip install '{library.requirement}' '{SIGNER.requirement}'" in _PAGE
    for package in (CONFLUENT_KAFKA, KAFKA_PYTHON, SIGNER):
        assert re.search(rf"\| {re.escape(package.name)} \| {re.escape(package.lowest)}\b", _PAGE)


def test_what_is_called_tested_is_what_the_tests_run(installation: Installation) -> None:
    for jar in (KAFKA_CLIENTS, IAM_AUTH):
        directory = installation.kafka if jar is KAFKA_CLIENTS else installation.iam
        assert (directory / f"{jar.artifact}-{jar.tested}.jar").is_file()
