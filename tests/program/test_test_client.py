"""The test client in the whole program: what AWS would receive, what it costs, and what deploying it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from domain.settings.test_client import CLIENT
from inventory.bill.lines import Basis
from inventory.cost import monthly_cost
from inventory.deployer.table import known
from offline.engine.inventory import rows
from offline.engine.run import Run
from support.programs import inputs, of_type
from support.project_copies import copy_project
from support.stacks import run_stack

if TYPE_CHECKING:
    from pathlib import Path

INSTANCE = "aws:ec2/instance:Instance"
WHEELS = {"packages": "s3://orders-artifacts/packages"}
NOBODY: dict[str, Any] = {"applications": {"from": {"cidr": "10.40.0.0/20"}}}
"""Without the stack's own clients, which need IAM."""


def run(tmp_path: Path, *, dry_run: bool = False, **settings: Any) -> Run:
    return run_stack("dev", dry_run=dry_run, directory=copy_project(tmp_path, **settings))


def test_nothing_of_it_is_there_unless_asked_for(tmp_path: Path) -> None:
    without = run(tmp_path)
    assert of_type(without, INSTANCE) == []
    assert "testClient" not in without.exports


@pytest.mark.parametrize("authentication", [{"iam": {}}, {"scram": {}}], ids=["IAM", "SCRAM"])
@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_a_vpc_only_cluster_gets_a_host_and_the_command_that_opens_a_session(
    tmp_path: Path, authentication: dict[str, Any], dry_run: bool
) -> None:
    made = run(tmp_path, dry_run=dry_run, testClient=WHEELS, authentication=authentication, clients=NOBODY)
    assert inputs(made, INSTANCE)["instanceType"] == "t4g.small"
    if not dry_run:
        shown = made.exports["testClient"]
        assert shown["session"] == f"aws ssm start-session --region us-east-1 --target {shown['instanceId']}"
        assert shown["files"].endswith(f"/clients/{CLIENT}")


def test_what_makes_it_is_in_the_deployers_permissions_and_its_endpoints_on_the_bill(tmp_path: Path) -> None:
    made = rows(run(tmp_path, testClient=WHEELS, authentication={"scram": {}}, clients=NOBODY))
    custom = {resource["urn"] for resource in made if resource["custom"] and resource["type"].startswith("aws:")}
    assert custom <= {known_value["urn"] for known_value, _ in known([{**resource} for resource in made])}
    lines = {line.item: line for line in monthly_cost([{**resource} for resource in made], "us-east-1").lines}
    assert lines["3 interface endpoints"].usd == pytest.approx(3 * 730 * 0.01)
    assert lines["1 EC2 instance"].basis is Basis.NOT_PRICED
