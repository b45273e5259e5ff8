"""Bad input: every command says what is wrong in one message, ends with 2, and shows no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.stacks import project_with
from tools.__main__ import main
from tools.shared.commands import CommandError
from tools.shared.stack_outputs import outputs_of

STACK = """
config:
  brokerType: kafka.m7g.large
  authentication: {iam: {}, scram: {}}
  monitoring: {prometheus: {scrapedBy: [{cidr: 10.90.0.0/24}]}}
  topics:
    orders.v1: {partitions: 24}
  clients:
    api: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, produce: {topics: [orders.v1]}}
    erp: {from: {cidr: 10.90.0.0/24}, as: {scramUser: erp}, consume: {topics: [orders.v1], groups: [erp]}}
"""

FILES: dict[str, bytes] = {
    "empty": b"",
    "object": b"{}",
    "list": b"[]",
    "null": b"null",
    "number": b"1",
    "text": b'"orders"',
    "cut": b'{"brokers": ',
    "deep": b"[" * 100_000,
    "binary": b"\x00\xff\xfe\x80",
    "utf16": "{}".encode("utf-16"),
    "types": json.dumps(
        {
            "brokers": ["b-1:9098"],
            "clusterName": 1,
            "ClusterInfo": [],
            "deployment": {"resources": [{"type": 1, "urn": None}]},
            "diagnostics": {},
            "steps": {"op": 1},
        }
    ).encode(),
}
"""What a file may hold that is none of those which a command reads."""

READ = {
    "acls": ("--stack=prod", "--directory=PROJECT", "--format=sh", "--current=FILE"),
    "changes": ("FILE",),
    "client": ("--stack=prod", "--directory=PROJECT", "--client=api", "--outputs=FILE"),
    "deployer-policy": ("FILE", "--region=eu-west-1"),
    "prices": ("--directory=PROJECT", "--from=FILE", "--region=eu-west-1"),
    "prometheus": ("--stack=prod", "--directory=PROJECT", "--outputs=FILE"),
    "reassign": ("--stack=prod", "--directory=PROJECT", "--command-config=PROJECT/Pulumi.yaml", "--cluster=FILE"),
    "shell": ("--stack=prod", "--directory=PROJECT", "--outputs=FILE", "--", "true"),
    "verdicts": ("FILE", "--stack=prod", "--base=PROJECT", "--change=PROJECT"),
}
"""The options of commands that read a file of their own."""

OF_STACKS = {
    "acls": ("--format=sh",),
    "check": (),
    "client": ("--client=api",),
    "deployer-policy": (),
    "preview": (),
    "prometheus": ("--outputs=-",),
    "upgrades": (),
}
"""The options of commands that read a stack file."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    return project_with(directory, {"prod": STACK}) or directory


def refused(capfd: pytest.CaptureFixture[str], command: str, *options: str) -> str:
    """What a command says that ends with 2 and without a traceback."""
    code = main([command, *options])
    out, err = capfd.readouterr()
    assert (code, "Traceback" in err) == (2, False), err or out
    said = (err or out).strip()
    assert said
    return said


@pytest.mark.parametrize("command", READ)
def test_a_file_that_is_none_of_a_commands_own(
    project: Path, tmp_path: Path, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.json"
    options = [option.replace("PROJECT", str(project)).replace("FILE", str(file)) for option in READ[command]]
    assert str(file) in refused(capfd, command, *options)
    for kind, content in FILES.items():
        # A cluster without a single ACL is listed as nothing.
        if (command, kind) != ("acls", "empty"):
            file.write_bytes(content)
            said = refused(capfd, command, *options)
            assert str(file) in said or "This preview cannot be read" in said, kind
    if command != "verdicts":
        file.unlink()
        file.mkdir()
        assert str(file) in refused(capfd, command, *options)


@pytest.mark.parametrize("command", OF_STACKS)
def test_a_stack_file_that_is_none(project: Path, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    file = project / "Pulumi.prod.yaml"
    stack = () if command == "check" else ("--stack=prod",)
    options = (*stack, f"--directory={project}", *OF_STACKS[command])
    for content in (FILES["binary"], FILES["list"], FILES["text"], FILES["deep"], b"config: [1]\n", b"config:\n  topics: 3\n"):
        file.write_bytes(content)
        refused(capfd, command, *options)
    file.unlink()
    file.mkdir()
    refused(capfd, command, *options)
    refused(capfd, command, *stack, f"--directory={project / 'Pulumi.yaml'}", *OF_STACKS[command])


@pytest.mark.parametrize(
    ("outputs", "path"),
    [
        ({"brokers": {"bootstrapBrokersSaslIam": "https://b-1.example.com:9098"}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": "b-1.example.com"}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": "b-1:9098, b-2:9098"}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": "b-1:9098\nssl.truststore.location=/x"}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": "b-1:9098\n"}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": '";rm -rf /;":9098'}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": {"bootstrapBrokersSaslIam": ["b-1:9098"]}}, "brokers.bootstrapBrokersSaslIam"),
        ({"brokers": "b-1:9098"}, "brokers is no map"),
        ({"clusterName": "orders; reboot"}, "clusterName"),
        ({"clusterArn": "arn:aws:kafka\nx"}, "clusterArn"),
        ({"securityGroupId": "$(id)"}, "securityGroupId"),
        ({"testClient": {"instanceId": "i-1 --x"}}, "testClient.instanceId"),
        ({"clients": {"erp": {"secretArn": "arn:'"}}}, "clients.erp.secretArn"),
    ],
)
def test_outputs_that_would_say_more_in_a_file_or_a_command_than_they_are(
    tmp_path: Path, outputs: dict[str, object], path: str
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(outputs))
    with pytest.raises(CommandError, match=path):
        outputs_of(str(file))


def test_outputs_of_a_deployed_stack_are_taken(tmp_path: Path) -> None:
    outputs = {
        "brokers": {"bootstrapBrokersSaslIam": "b-1.orders.c2.kafka.eu-west-1.amazonaws.com:9098,b-2-ipv6.x:20098", "none": ""},
        "clusterArn": "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/1b2-3",
        "clients": {"erp": {"secretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:AmazonMSK_orders_erp_1-aBc"}, "api": {}},
        "testClient": None,
    }
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(outputs))
    assert outputs_of(str(file)) == outputs
