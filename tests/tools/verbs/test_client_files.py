"""`python -m tools client-files`: a client's files with the brokers that are deployed, or with what stands for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.project_copies import copy_project
from tools.verbs.client import main

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake_pulumi import FakePulumi

BROKERS = "b-1.dev.example.com:9098,b-2.dev.example.com:9098"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a client."""
    directory = tmp_path / "project"
    directory.mkdir()
    api = {"from": {"cidr": "10.40.0.0/24"}, "as": {"role": {"ec2": {}}}, "consume": {"topics": ["orders"], "groups": ["api"]}}
    return copy_project(directory, clients={"orders-api": api})


def files(project: Path, *options: str) -> int:
    return main(["--directory", str(project), "--stack", "dev", *options])


def test_the_brokers_are_those_that_are_deployed(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pulumi.says(stack_output={"out": json.dumps({"brokers": {"bootstrapBrokersSaslIam": BROKERS}})})
    assert files(project, "--client", "orders-api", "--to", str(tmp_path / "api")) == 0
    assert pulumi.calls[0][:5] == ["stack", "output", "--json", "--stack", "dev"]
    assert f"bootstrap.servers={BROKERS}" in (tmp_path / "api" / "consumer.properties").read_text(encoding="utf-8")
    said = capfd.readouterr()
    # Standard output is for the files alone, or their names.
    assert "$ pulumi stack output --json --stack dev" in said.err
    assert "pulumi" not in said.out


def test_a_stack_that_is_not_deployed_gets_a_placeholder_and_says_so(
    project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi.says(stack_output={"out": "{}"})
    assert files(project, "--client", "orders-api", "--format", "librdkafka") == 0
    said = capfd.readouterr()
    assert "Stack dev is not deployed yet. BOOTSTRAP stands for the brokers' addresses." in said.err
    assert "bootstrap.servers=BOOTSTRAP" in said.out


def test_without_a_cli_it_is_the_same(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert files(project, "--client", "orders-api") == 0
    said = capfd.readouterr()
    assert "no `pulumi` on PATH" in said.err
    assert "bootstrap.servers=BOOTSTRAP" in said.out


def test_whose_files_is_asked_for(project: Path, pulumi: FakePulumi, capfd: pytest.CaptureFixture[str]) -> None:
    assert files(project, "--client", "") == 2
    assert "make client NAME=orders-api" in capfd.readouterr().err
    assert pulumi.calls == []
