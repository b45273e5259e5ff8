"""Where alarms say that the runbook is, in the whole program: at the git remote, at a stack's own address, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.programs import of_type
from support.project_copies import copy_project
from support.stacks import ROOT, run_stack

if TYPE_CHECKING:
    from pathlib import Path

EMAIL = {"alarmEmail": "streaming@example.com"}
PAGE = "https://github.com/acme/streaming/blob/HEAD/docs/runbook.md"
OWN = "https://wiki.example.com/kafka"
CONFIG = '[remote "origin"]\n\turl = https://build:a-token@github.com/acme/streaming.git\n'


@pytest.mark.parametrize(
    ("git", "monitoring", "address"),
    [(CONFIG, {}, PAGE), (CONFIG, {"runbook": OWN}, OWN), ("", {}, "docs/runbook.md")],
    ids=["remote", "stack file", "nowhere"],
)
def test_every_alarm_ends_with_an_address_that_opens_or_the_preview_asks_for_one(
    tmp_path: Path, git: str, monitoring: dict[str, str], address: str
) -> None:
    project = copy_project(tmp_path, **EMAIL, monitoring={"level": "DEFAULT", **monitoring})
    (project / "docs").symlink_to(ROOT / "docs")
    if git:
        (project / ".git").mkdir()
        (project / ".git" / "config").write_text(git, encoding="utf-8")
    made = run_stack("dev", dry_run=True, directory=project)
    texts = [alarm.inputs["alarmDescription"] for alarm in of_type(made, "aws:cloudwatch/metricAlarm:MetricAlarm")]
    assert texts
    assert all(f"{address}#" in text for text in texts)
    assert not any("a-token" in text for text in texts)
    asked = [diagnostic.message for diagnostic in made.diagnostics if "Set monitoring.runbook" in diagnostic.message]
    assert len(asked) == (0 if git else 1)


def test_where_nobody_is_told_of_alarms_their_address_is_not_asked_for(tmp_path: Path) -> None:
    made = run_stack("dev", dry_run=True, directory=copy_project(tmp_path))
    assert not any("monitoring.runbook" in diagnostic.message for diagnostic in made.diagnostics)
