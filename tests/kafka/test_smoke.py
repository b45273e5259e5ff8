"""The test client's program against real brokers: what it measures, and what it says when it is not let in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from domain.access.acls import AclResource, acls
from domain.access.mechanisms import Mechanism
from domain.clients.connection import PASSWORD_VARIABLE, TRUSTED_CA_VARIABLE, ClientConnection
from domain.clients.plan import connection_of
from domain.clients.python import kafka_python_files
from domain.settings.test_client import CLIENT, host_client
from support.kafka.server_files import Listener
from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.kafka.cluster import Cluster

PROGRAM = ROOT / "components" / "access" / "files" / "smoke.py"
_PASSWORD = "correct horse"  # noqa: S105 - of a user that lives for a minute
_FEW = ("--messages", "300", "--timeout", "60")

Run = tuple[int, str, str]


@pytest.fixture
def smoke(cluster: Cluster, tmp_path: Path) -> Callable[..., Run]:
    """Runs the program with the ready file that the test client has, as the host does."""
    cluster.add_user(CLIENT, _PASSWORD)

    def run(*options: str, password: str | None = _PASSWORD, bootstrap: str = "", ca: Path | None = None) -> Run:
        connection = connection_of(
            CLIENT,
            host_client(Mechanism.SCRAM),
            Mechanism.SCRAM,
            bootstrap=bootstrap or cluster.bootstrap(Listener.SCRAM),
            region="eu-west-1",
        )
        return _run(tmp_path, connection, options, password, ca or cluster.authority.certificate)

    return run


def _run(directory: Path, connection: ClientConnection, options: tuple[str, ...], password: str | None, ca: Path) -> Run:
    for name, text in kafka_python_files(connection).items():
        (directory / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "--client", str(directory / "kafka_client.py"), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env={
            "PATH": os.environ["PATH"],
            TRUSTED_CA_VARIABLE: str(ca),
            **({PASSWORD_VARIABLE: password} if password is not None else {}),
        },
    )
    return done.returncode, done.stdout, done.stderr


def of(run: Run) -> dict[str, Any]:
    code, output, errors = run
    assert output, errors
    result: dict[str, Any] = json.loads(output)
    assert result["ok"] is (code == 0), errors
    return result


def test_every_partition_is_written_and_read_and_the_times_are_told(smoke: Callable[..., Run], cluster: Cluster) -> None:
    result = of(smoke("--json", *_FEW))
    assert (result["ok"], result["topic"], result["partitions"], result["messages"]) == (True, CLIENT, 3, 300)
    for side in ("produced", "consumed"):
        assert result[side]["messagesPerSecond"] > 0
    for latency in ("acknowledgedMs", "endToEndMs"):
        assert 0 < result[latency]["p50"] <= result[latency]["p99"]
    metadata = cluster.metadata()
    assert metadata
    partitions = metadata.topics[CLIENT].partitions
    assert {len(partition.replicas) for partition in partitions.values()} == {3}
    assert len({partition.leader for partition in partitions.values()}) == 3
    assert cluster.config_of_topic(CLIENT)["retention.ms"] == "3600000"


def test_a_person_gets_a_table(smoke: Callable[..., Run]) -> None:
    code, output, errors = smoke(*_FEW)
    assert code == 0, errors
    assert "300 of 1000 bytes, acks=all: none missing, none duplicated" in output
    assert [line.split("  ")[0] for line in output.splitlines()] == [
        "topic", "messages", "produced", "consumed", "acknowledged", "end to end",
    ]  # fmt: skip


def test_with_one_broker_stopped_it_works_and_says_which_is_not_reached(smoke: Callable[..., Run], cluster: Cluster) -> None:
    of(smoke("--json", *_FEW))  # so that its topic is there
    cluster.stop_broker(2)
    result = of(smoke("--json", *_FEW))
    assert result["ok"], result
    (warning,) = result["warnings"]
    assert warning.startswith(cluster.bootstrap(Listener.SCRAM).split(",")[1])


@pytest.mark.parametrize("as_json", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_a_wrong_password_is_refused_and_said_so(smoke: Callable[..., Run], as_json: bool) -> None:
    code, output, errors = smoke(*_FEW[:2], "--timeout", "10", *(["--json"] if as_json else []), password="guessed")  # noqa: S106 - it is wrong
    assert code == 1
    assert errors.startswith("smoke: authentication-refused: The brokers refuse this client's identity: wrong password")
    assert "Traceback" not in errors
    assert (json.loads(output)["failure"] == "authentication-refused") if as_json else output == ""


def test_a_topic_that_it_may_not_write_is_no_timeout_but_said_so(smoke: Callable[..., Run], cluster: Cluster) -> None:
    topic = f"forbidden-{uuid.uuid4().hex[:8]}"
    cluster.create_topic(topic, partitions=3)
    _allow(cluster, "User:somebody-else", topic)
    code, _, errors = smoke(*_FEW[:2], "--timeout", "20", "--topic", topic)
    assert code == 1
    assert errors.startswith("smoke: not-authorized: The brokers do not authorize this client"), errors


def test_where_nobody_listens_there_is_no_route(smoke: Callable[..., Run]) -> None:
    code, _, errors = smoke(*_FEW, bootstrap="127.0.0.1:1,127.0.0.1:2")
    assert code == 1
    assert errors.startswith("smoke: no-route: No broker can be reached. Check that the cluster exists")


def test_brokers_with_a_certificate_of_somebody_else_are_not_trusted(smoke: Callable[..., Run], tmp_path: Path) -> None:
    from support.kafka.certificates import CertificateAuthority  # noqa: PLC0415 - makes a CA, here only

    code, _, errors = smoke(*_FEW, ca=CertificateAuthority(tmp_path / "stranger", "somebody else").certificate)
    assert code == 1
    assert errors.startswith("smoke: tls: No broker can be reached over TLS.")


def test_without_a_password_the_environment_is_said_to_lack_it(smoke: Callable[..., Run]) -> None:
    code, _, errors = smoke(*_FEW, password=None)
    assert code == 1
    assert errors.startswith("smoke: client-file: ")
    assert PASSWORD_VARIABLE in errors


def _allow(cluster: Cluster, principal: str, topic: str) -> None:
    """Lets one principal write a topic: whoever has no ACL of it is refused from then on."""
    from confluent_kafka.admin import (  # type: ignore[attr-defined] # noqa: PLC0415 - its public names, not marked so; here only
        AclBinding,
        AclOperation,
        AclPermissionType,
        ResourcePatternType,
        ResourceType,
    )

    binding = AclBinding(
        ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW
    )
    for future in cluster.admin.create_acls([binding]).values():
        future.result()


def test_the_acls_that_are_printed_for_it_name_its_own_topic_and_groups_only() -> None:
    found = acls(f"User:{CLIENT}", host_client(Mechanism.SCRAM).access)
    assert found
    assert {item.name for item in found if item.resource in (AclResource.TOPIC, AclResource.GROUP)} == {CLIENT}
