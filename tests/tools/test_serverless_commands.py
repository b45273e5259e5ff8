"""Every command on a Serverless stack: the answer, or why there is none and what to do instead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from domain.settings.clients import Format
from support.stacks import ROOT, project_with
from tools.__main__ import COMMANDS, main

if TYPE_CHECKING:
    from pathlib import Path

NAME = "boot-0a1b2c3d.c3.kafka-serverless.us-east-1.amazonaws.com:9098"
STACK = """
config:
  brokerType: serverless
  topics:
    orders.v1: {partitions: 24}
  clients:
    api: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, produce: {topics: [orders.v1]}}
    ops: {from: {cidr: 10.40.0.0/20}, as: {role: {ec2: {}}}, admin: {topics: [orders.v1]}}
"""
OF_THE_TEMPLATE = (
    "facts",
    "kinds",
    "policies",
    "guards",
    "dashboards",
    "settings",
    "schema",
    "pages",
    "new",
    "stack",
    "upgrade",
    "prices",
)
"""Commands that are about no stack, or a clone as a whole."""
ELSEWHERE = ("changes", "verdicts", "topics", "check", "up", "destroy", "client-files")
"""Commands whose answers are tested with what they read: tests/inventory/test_moves.py, tests/tools/topics, tests/tools/verbs."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project_with(tmp_path, {"case": STACK})
    (tmp_path / "stacks").symlink_to(ROOT / "stacks")
    (tmp_path / "outputs.json").write_text(json.dumps({"brokers": {"bootstrapBrokersSaslIam": NAME}}), encoding="utf-8")
    (tmp_path / "client.properties").write_text(f"bootstrap.servers={NAME}\n", encoding="utf-8")
    return tmp_path


def run(project: Path, command: str, *options: str) -> int:
    return main([command, "--stack", "case", "--directory", str(project), *options])


ANSWERS = {
    "acls": ((), 0, "needs no ACLs: on a Serverless cluster IAM alone decides"),
    "client": (("--client", "api", "--outputs", "{project}/outputs.json"), 0, f"bootstrap.servers={NAME}"),
    "deployer-policy": ((), 0, "kafka:CreateClusterV2"),
    "evidence": ((), 0, "write: client api"),
    "preview": ((), 0, "msk ServerlessCluster"),
    "prometheus": (("--outputs", "{project}/outputs.json"), 2, "is Serverless: its cluster has no exporters"),
    "reassign": (("--command-config", "{project}/client.properties"), 1, "Amazon MSK Serverless has no brokers of yours"),
    "shell": (("--outputs", "{project}/outputs.json", "--", "true"), 2, "Stack case has no host in its VPC"),
    "stacks": (("--use", "data-pipeline"), 1, "brokers: Serverless, where the use needs Standard."),
    "upgrades": ((), 2, "is Serverless: Amazon MSK chooses the Kafka version of its cluster"),
}


@pytest.mark.parametrize("command", ANSWERS)
def test_a_command_answers_or_says_why_it_cannot(project: Path, command: str, capfd: pytest.CaptureFixture[str]) -> None:
    options, code, said = ANSWERS[command]
    assert run(project, command, *(option.format(project=project) for option in options)) == code
    out, err = capfd.readouterr()
    assert said in (err or out)
    assert "Traceback" not in err


def test_no_command_is_left_out() -> None:
    assert set(COMMANDS) - {*ANSWERS, *OF_THE_TEMPLATE, *ELSEWHERE} == set()


@pytest.mark.parametrize("form", [form for form in Format if form not in (Format.KAFKA_STREAMS, Format.CONNECT)])
def test_every_ready_file_has_the_one_bootstrap_name(project: Path, form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = str(project / "outputs.json")
    assert run(project, "client", "--client", "ops", "--format", form.value, "--outputs", outputs) == 0
    said = capsys.readouterr().out
    assert NAME in said
    assert "SCRAM" not in said


@pytest.mark.parametrize("form", ["json", "sarif", "junit"])
def test_every_form_of_a_preview_is_made(project: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "preview", "--format", form) == 0
    assert "msk-policies" in capsys.readouterr().out


def test_the_deploying_role_may_make_the_endpoints_that_amazon_msk_makes_as_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, "deployer-policy", "--account", "123456789012") == 0
    policies = json.loads(capsys.readouterr().out)
    statements = [statement for policy in policies for statement in policy["Statement"]]
    arns = {action: statement["Resource"] for statement in statements for action in statement["Action"]}
    assert arns["kafka:DeleteCluster"] == ["arn:aws:kafka:us-east-1:123456789012:cluster/msk-platform-case/*"]
    assert {"ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints", "iam:CreateServiceLinkedRole"} <= arns.keys()
    # Nothing of what only provisioned clusters need.
    assert (
        not {"kafka:CreateCluster", "kafka:CreateConfiguration", "kafka:UpdateBrokerStorage", "kafka:CreateTopic"} & arns.keys()
    )
    assert run(project, "deployer-policy", "--read-only") == 0
    assert "kafka:GetBootstrapBrokers" in capsys.readouterr().out
