"""Where alarms say that the runbook is: at the git remote, at a stack's own address, or nowhere, which the preview says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from domain.loading import load_stack
from support.programs import of_type
from support.project_copies import copy_project
from support.stacks import ROOT, TODAY, run_stack

if TYPE_CHECKING:
    from pathlib import Path

EMAIL = {"alarmEmail": "streaming@example.com"}
PAGE = "https://github.com/acme/streaming/blob/HEAD/docs/runbook.md"
OWN = "https://wiki.example.com/kafka"
CONFIG = '[remote "origin"]\n\turl = https://build:a-token@github.com/acme/streaming.git\n'


def test_every_alarm_of_a_clone_ends_with_its_page_and_without_what_its_remote_hides(tmp_path: Path) -> None:
    project = copy_project(tmp_path, **EMAIL)
    (project / "docs").symlink_to(ROOT / "docs")
    (project / ".git").mkdir()
    (project / ".git" / "config").write_text(CONFIG, encoding="utf-8")
    made = run_stack("dev", directory=project, anew=True)
    texts = [alarm.inputs["alarmDescription"] for alarm in of_type(made, "aws:cloudwatch/metricAlarm:MetricAlarm")]
    assert texts
    assert all(f"{PAGE}#" in text for text in texts)
    assert not any("a-token" in text or "build" in text for text in texts)
    assert not any("monitoring.runbook" in diagnostic.message for diagnostic in made.diagnostics)


@pytest.mark.parametrize(
    ("settings", "page", "address", "asked"),
    [
        (EMAIL, PAGE, PAGE, False),
        ({**EMAIL, "monitoring": {"runbook": OWN}}, PAGE, OWN, False),
        ({**EMAIL, "monitoring": {"runbook": OWN}}, "", OWN, False),
        (EMAIL, "", "docs/runbook.md", True),
        # Nobody is told of alarms, so nobody wants to open their address.
        ({}, "", "docs/runbook.md", False),
    ],
)
def test_the_stack_files_address_comes_first_and_one_is_asked_for_where_none_is_known(
    settings: dict[str, Any], page: str, address: str, asked: bool
) -> None:
    config = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in settings.items()}
    loaded = load_stack(config, project="orders", stack="dev", region="us-east-1", today=TODAY, runbook=page)
    assert loaded.plan.alarms["runbook"] == address
    assert any("Set monitoring.runbook to its address." in warning for warning in loaded.warnings) is asked
