"""Every ready stack previews clean with the policies of prod, warns of nothing that its page does not explain, and is taken."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from domain.settings.judged_day import PINNED_DAY
from support.stacks import ROOT, TODAY, project_with, run_stack
from tools.preview.run import preview
from tools.stacks.uses import TITLES, read_use

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX = "msk-platform"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose stacks are the ready ones, each with the policies of prod."""
    directory = project_with(tmp_path_factory.mktemp("ready"), {name: read_use(ROOT, name).text for name in TITLES})
    policies = directory / "policies" / "config"
    for name in TITLES:
        shutil.copy(policies / "prod.json", policies / f"{name}.json")
    return directory


@pytest.mark.parametrize("name", TITLES)
def test_a_ready_stack_previews_clean_with_the_policies_of_prod(name: str, project: Path) -> None:
    document = preview(project, name, TODAY, new=True)
    assert document["problems"] == []
    assert document["exitCode"] == 0, document["verdicts"]
    assert document["result"].startswith("Fine")
    assert "fail" not in (document["policies"] or {"rules": {}})["rules"].values()
    explained = tuple(read_use(ROOT, name).warnings)
    warned = [row["message"] for row in document["warnings"]]
    assert [words for words in warned if not words.startswith(explained)] == []
    assert [start for start in explained if not any(words.startswith(start) for words in warned)] == []


@pytest.mark.parametrize("name", TITLES)
def test_all_of_a_ready_stack_is_taken(name: str, project: Path) -> None:
    # What AWS does not take fails here and in every run of this folder: conftest.py holds each against its table.
    run = run_stack(name, directory=project)
    warnings = [diagnostic.message for diagnostic in run.diagnostics if diagnostic.severity == "warning"]
    assert [words for words in warnings if not words.startswith((PINNED_DAY, *read_use(ROOT, name).warnings))] == []
