"""`python -m tools check`: every stack of a project, each with its own policies, and the worst of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support.stacks import project_with, shipped_stack
from tools.verbs.check import in_order, main

if TYPE_CHECKING:
    from pathlib import Path

TODAY = ["--today", "2026-11-23"]


@pytest.fixture(autouse=True)
def _day_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


def lines(text: str) -> dict[str, str]:
    """The line of each stack."""
    return {found[1]: found[0] for found in re.finditer(r"^  (dev|prod|test|bad) .*$", text, re.MULTILINE)}


def test_every_stack_has_a_line_and_the_worst_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stacks = {"dev": shipped_stack("dev"), "test": shipped_stack("dev")}
    project = project_with(tmp_path, stacks)
    # Judged by what dev may do, test would pass.
    assert main(["--directory", str(project), *TODAY]) == 1
    shown = capsys.readouterr().out
    said = lines(shown)
    assert list(said) == ["dev", "test"]
    assert "Fine" in said["dev"]
    assert re.search(r"at least [\d,]+\.\d\d +1 warning", said["dev"])
    assert "Refused: " in said["test"]
    assert "make preview STACK=test" in shown
    assert "make preview STACK=dev" not in shown


def test_dev_comes_first_and_prod_last() -> None:
    assert in_order(["accounts", "dev", "prod", "staging"]) == ["dev", "accounts", "staging", "prod"]


def test_a_stack_file_that_is_wrong_is_worse_than_one_that_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = project_with(tmp_path, {"bad": "config:\n  storge: 1\n"})
    assert main(["--directory", str(project), *TODAY]) == 2
    assert "The configuration is wrong" in lines(capsys.readouterr().out)["bad"]


def test_a_project_without_stacks_says_how_to_start_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(project_with(tmp_path, {})), *TODAY]) == 2
    assert "make stack" in capsys.readouterr().err


def test_a_configuration_that_no_stack_has_must_make_sense_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = project_with(tmp_path, {"dev": shipped_stack("dev")})
    (project / "policies" / "config" / "sandbox.json").write_text('{\n"minimum-broker": "disabled"}', encoding="utf-8")
    assert main(["--directory", str(project), *TODAY]) == 2
    shown = capsys.readouterr().out
    assert "Fine" in lines(shown)["dev"]
    assert "policies/config/sandbox.json:2: minimum-broker is no policy of the pack. Did you mean minimum-brokers?" in " ".join(
        shown.split()
    )
