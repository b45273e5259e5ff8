"""The commands that answer from the clients of a stack file: Kafka ACLs, and ready client configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.stacks import project_with
from tools.acls import command as acls
from tools.clients import client

if TYPE_CHECKING:
    from pathlib import Path

STACK = """
config:
  brokerType: kafka.m7g.large
  authentication: {iam: {}, scram: {}}
  topics:
    orders.v1: {partitions: 24}
  clients:
    api: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, produce: {topics: [orders.v1]}}
    erp: {from: {cidr: 10.90.0.0/24}, as: {scramUser: erp}, consume: {topics: [orders.v1], groups: [erp]}}
    ops: {from: {cidr: 10.90.1.0/24}}
    totals:
      from: {cidr: 10.40.0.0/20}
      as: {role: {ec2: {}}}
      streams: {applicationId: totals}
      consume: {topics: [orders.v1]}
"""
OUTPUTS = {
    "brokers": {"bootstrapBrokersSaslIam": "b-1.x:9098,b-2.x:9098", "bootstrapBrokersSaslScram": "b-1.x:9096,b-2.x:9096"},
    "clients": {"erp": {"secretArn": "arn:aws:secretsmanager:us-east-1:1:secret:AmazonMSK_erp"}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project_with(tmp_path, {"prod": STACK})
    return tmp_path


def options(project: Path, *more: str) -> list[str]:
    return ["--stack", "prod", "--directory", str(project), *more]


def test_acls_are_printed_for_those_whom_kafka_itself_must_let_in(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert acls.main(options(project, "--format", "sh")) == 0
    said = capsys.readouterr().out
    assert "User:erp" in said
    assert "api" not in said
    commands = [line for line in said.splitlines() if not line.startswith("#")]
    assert commands == [
        'kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$COMMAND_CONFIG" --add --allow-principal User:erp '
        f"--operation Describe --operation Read {resource}"
        for resource in ("--group erp", "--topic orders.v1")
    ]


def test_acls_that_are_there_are_left_and_those_nobody_needs_are_taken_away(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def listing(topic: str, principal: str) -> str:
        head = f"Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name={topic}, patternType=LITERAL)`: \n"
        return head + "".join(
            f"\t(principal={principal}, host=*, operation={operation}, permissionType=ALLOW)\n"
            for operation in ("DESCRIBE", "READ")
        )

    current = tmp_path / "acls.txt"
    current.write_text(
        listing("orders.v1", "User:erp") + listing("payroll", "User:erp") + listing("payroll", "User:somebody-else"),
        encoding="utf-8",
    )
    assert acls.main(options(project, "--format", "sh", "--current", str(current))) == 0
    commands = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]
    assert [("--remove" in command, command.rpartition(" --")[2]) for command in commands] == [
        (False, "group erp"),
        (True, "topic payroll"),
    ]
    assert all("User:erp" in command for command in commands)


def test_acls_are_data_for_other_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # No receipt says that they were applied.
    assert acls.main(options(project, "--format", "json")) == 1
    (those,) = json.loads(capsys.readouterr().out)["wanted"].values()
    assert {(item["resource"], item["name"], *item["operations"]) for item in those} == {
        (resource, name, "Describe", "Read") for resource, name in (("GROUP", "erp"), ("TOPIC", "orders.v1"))
    }


def test_a_stack_without_such_clients_needs_no_acls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_with(tmp_path, {"prod": "config: {}"})
    assert acls.main(options(tmp_path)) == 0
    assert "No client needs ACLs" in capsys.readouterr().out


def test_a_stack_file_with_mistakes_is_told_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_with(tmp_path, {"prod": "config: {brokersPerZone: 0, clients: {a: {}}}"})
    assert acls.main(options(tmp_path)) == 2
    of_acls = capsys.readouterr().err
    assert client.main(options(tmp_path, "--client", "api")) == 2
    assert capsys.readouterr().err == of_acls
    assert "brokersPerZone = 0" in of_acls
    assert "clients.a.from" in of_acls


def test_a_clients_file_has_the_brokers_of_its_mechanism(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(OUTPUTS), encoding="utf-8")
    assert client.main(options(project, "--client", "erp", "--outputs", str(outputs))) == 0
    said = capsys.readouterr().out
    assert "bootstrap.servers=b-1.x:9096,b-2.x:9096" in said
    assert "AmazonMSK_erp" in said
    assert "# --- consumer.properties" in said
    assert client.main(options(project, "--client", "api", "--outputs", str(outputs), "--format", "spring")) == 0
    assert '- "b-1.x:9098"' in capsys.readouterr().out


def test_a_file_for_kafka_streams_is_of_an_application_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["--format", "kafka-streams"]
    assert client.main(options(project, "--client", "totals", *wanted)) == 0
    said = capsys.readouterr().out
    assert "application.id=totals" in said
    assert "bootstrap.servers=BOOTSTRAP" in said
    assert client.main(options(project, "--client", "api", *wanted)) == 2
    assert "clients.api is no Kafka Streams application: it has no streams. Add streams:" in capsys.readouterr().err


def test_a_file_for_kafka_connect_is_of_its_workers_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main(options(project, "--client", "api", "--format", "connect")) == 2
    assert "clients.api is no Kafka Connect worker: it has no connect. Add connect:" in capsys.readouterr().err


def test_without_a_format_it_is_the_clients_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main(options(project, "--client", "totals")) == 0
    assert "application.id=totals" in capsys.readouterr().out


def test_python_is_confluent_kafka(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for name in ("python", "confluent-kafka"):
        assert client.main(options(project, "--client", "api", "--format", name)) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    with pytest.raises(SystemExit) as wrong:
        client.main(options(project, "--client", "api", "--format", "librdkafk"))
    assert wrong.value.code == 2
    assert "Did you mean librdkafka?" in capsys.readouterr().err


def test_before_a_deployment_names_stand_for_what_is_not_known(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main(options(project, "--client", "erp")) == 0
    assert "bootstrap.servers=BOOTSTRAP\n" in capsys.readouterr().out


def test_files_are_written_by_their_names(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "made" / "files"
    assert client.main(options(project, "--client", "api", "--to", str(target))) == 0
    names = sorted(file.name for file in target.iterdir())
    assert names == ["client.properties", "producer.properties"]
    assert capsys.readouterr().out.splitlines() == [str(target / name) for name in names]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--client", "er"], "Did you mean erp?"),
        (["--client", "ops"], 'Add "as"'),
        (["--client", "api", "--outputs", "absent.json"], "absent.json"),
    ],
)
def test_what_cannot_be_answered_says_why(project: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert client.main(options(project, *more)) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outputs", "words"),
    [("{", "is not JSON"), ("{}", "has no outputs"), ('{"brokers": {}}', "not deployed with IAM yet")],
)
def test_outputs_that_are_none_are_told_apart(
    project: Path, tmp_path: Path, outputs: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(outputs, encoding="utf-8")
    assert client.main(options(project, "--client", "api", "--outputs", str(file))) == 2
    assert words in capsys.readouterr().err
