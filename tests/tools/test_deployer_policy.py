"""`python -m tools deployer-policy`: for every stack, and what it says of mistakes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from inventory.deployer.table import known
from offline.engine.inventory import rows
from support.project_copies import copy_project
from support.stacks import run_stack, shipped_project
from tools.deployer.command import main

if TYPE_CHECKING:
    from pathlib import Path

BROAD = {
    "network": {"natGateways": "perZone", "publicAccess": False, "flowLogs": {"retentionDays": 30}},
    "authentication": {"iam": {}, "scram": {}},
}


@pytest.mark.parametrize("arguments", [["--stack", "dev"], ["--stack", "prod", "--read-only"]])
def test_a_stacks_policy_is_json(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--directory", str(shipped_project()), "--account", "123456789012"]) == 0
    shown = json.loads(capsys.readouterr().out)
    documents = shown if isinstance(shown, list) else [shown]
    actions = {action for document in documents for statement in document["Statement"] for action in statement["Action"]}
    assert ("kafka:CreateCluster" in actions) is ("--read-only" not in arguments)
    assert "kafka:DescribeCluster" in actions


def test_the_reader_reads_this_clusters_secrets_files_and_state_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = copy_project(
        tmp_path, **BROAD, clients={"old": {"from": {"cidr": "10.0.0.0/24"}, "as": {"scramUser": "old"}, "observe": {}}}
    )
    place = ["--account", "123456789012", "--state-bucket", "acme-state"]
    assert main(["--directory", str(directory), "--stack", "dev", "--read-only", *place]) == 0
    shown = json.loads(capsys.readouterr().out)
    documents = shown if isinstance(shown, list) else [shown]
    on = {
        action: statement["Resource"]
        for document in documents
        for statement in document["Statement"]
        for action in statement["Action"]
    }
    secrets = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
    assert on["secretsmanager:GetSecretValue"] == [f"{secrets}AmazonMSK_msk-platform-dev_*-*"]
    assert "AmazonMSK_*" not in str(documents)
    assert f"{'arn:aws:s3:::acme-state'}/.pulumi/stacks/msk-platform/dev.json*" in on["s3:GetObject"]
    assert all("/dev" in arn or arn.endswith("/meta.yaml") for arn in on["s3:GetObject"])


def test_every_type_that_broad_settings_create_is_in_the_table(tmp_path: Path) -> None:
    made = rows(run_stack("dev", directory=copy_project(tmp_path, **BROAD)))
    assert {"aws:ec2/natGateway:NatGateway", "aws:ec2/flowLog:FlowLog"} <= {resource["type"] for resource in made}
    custom = {resource["urn"] for resource in made if resource["custom"] and resource["type"].startswith("aws:")}
    assert custom <= {known_value["urn"] for known_value, _ in known([{**resource} for resource in made])}


def test_a_file_with_a_type_nobody_knows_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = {"deployment": {"resources": [{"type": "aws:sqs/queue:Queue", "urn": "urn:x::queue", "custom": True}]}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    assert main([str(tmp_path / "state.json"), "--region", "eu-west-1"]) == 2
    assert "aws:sqs/queue:Queue" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--trust"], "--account and --repository"),
        (["--account", "12"], "12 digits"),
        (["--trust", "--account", "123456789012", "--repository", "acme", "--region", "eu-west-1"], "OWNER/REPOSITORY"),
        (["nowhere.json"], "cannot be read"),
        (["--state-bucket", "*"], "--state-bucket *: a bucket's name"),
        (["--state-bucket", "acme/*"], "--state-bucket"),
        (["--state-key", "alias/state"], "--state-key alias/state: give the ARN"),
        (["--state-key", "arn:aws:kms:*:123456789012:key/*"], "--state-key"),
        (["--region", "*"], "--region *: an AWS region"),
        (["--region", "eu-west-1\nx"], "--region eu-west-1\\nx"),
        (["--account", "123456789012 "], "12 digits"),
        (["--environment", "prod:*", "--trust"], "--environment prod:*"),
        (["--region", "*", "--state-bucket", "?"], "--state-bucket ?"),
    ],
)
def test_mistakes_are_named(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "environments"),
    [
        ([], ["prod"]),
        (["--read-only"], ["prod-preview", "prod-drift"]),
        (["--read-only", "--environment", "review"], ["review"]),
    ],
)
def test_a_role_trusts_environments_and_no_pull_request_as_such(
    options: list[str], environments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--stack", "prod", "--directory", str(shipped_project()), "--account", "123456789012", "--trust"]
    assert main([*arguments, "--repository", "acme/kafka", *options]) == 0
    (statement,) = json.loads(capsys.readouterr().out)["Statement"]
    subjects = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subjects == [f"repo:acme/kafka:environment:{environment}" for environment in environments]


def test_an_explanation_says_why_a_grant_is_on_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stack", "dev", "--directory", str(shipped_project()), "--explain"]) == 0
    assert "because: " in capsys.readouterr().out
