"""The stacks that tests assert on, and projects with a stack file that a test writes.

`tests/stacks` has the project and the stacks as the template ships them. Exact assertions are made on these alone: the stack
files at the top of the repository are the team's own in a clone, under another name and with other answers, and what is asked of
them is only what holds for every sound stack (`tests/program/test_own_stacks.py`).
"""

from __future__ import annotations

import atexit
import datetime
import functools
import os
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from offline.engine.run import Run, run_program
from offline.project.loading import load_project

if TYPE_CHECKING:
    from offline.aws.double import AwsDouble

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "tests" / "stacks"
"""Pulumi.yaml, the stack files and the policies' configuration for each, as the template ships them."""
TODAY = datetime.date(2026, 11, 23)


def source_date_epoch(day: datetime.date) -> str:
    """A day as SOURCE_DATE_EPOCH says it."""
    return str(int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp()))


_RUNS: dict[tuple[object, ...], bytes] = {}
"""Runs by all that they depend on, pickled: a test that changes its copy changes no other test's."""
_PARTS = ("__main__.py", "components", "domain")


def shipped_stack(stack: str) -> str:
    """The text of a stack file as the template ships it."""
    return (SHIPPED / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")


def project_with(directory: Path, stack_files: dict[str, str]) -> Path:
    """A project directory with this repository's program and pack, the template's Pulumi.yaml and other stack files.

    Args:
        directory: An empty directory.
        stack_files: The text of each stack file by the stack's name.
    """
    shutil.copy(SHIPPED / "Pulumi.yaml", directory)
    for part in _PARTS:
        (directory / part).symlink_to(ROOT / part)
    (directory / "policies").mkdir()
    for path in (ROOT / "policies").iterdir():
        # What a team allows its own stacks is not allowed to these: they have what the template ships.
        if path.name not in ("config", "__pycache__"):
            (directory / "policies" / path.name).symlink_to(path)
    shutil.copytree(SHIPPED / "policies", directory / "policies" / "config")
    for stack, text in stack_files.items():
        (directory / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
    return directory


@functools.cache
def shipped_project() -> Path:
    """A project directory with the stacks that the template ships; no test changes it."""
    directory = Path(tempfile.mkdtemp(prefix="shipped-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return project_with(directory, {stack: shipped_stack(stack) for stack in load_project(SHIPPED).stacks()})


def run_stack(
    stack: str, *, dry_run: bool = True, directory: Path | None = None, double: AwsDouble | None = None, anew: bool = False
) -> Run:
    """Runs the program for a stack of a project directory: one that the template ships, unless another is named.

    A run is made once in a session: whoever asks again for the same configuration, on the same day, has a copy of it.

    Args:
        stack: The stack's name.
        dry_run: Whether to preview rather than to simulate an update.
        directory: Made by `project_with`.
        double: Plays AWS; with one, the program always runs.
        anew: Whether the program runs whoever ran it before, with its modules loaded anew.
    """
    project = directory or shipped_project()
    config = load_project(project).stack_config(stack)
    if anew:
        return run_program(project, config, dry_run=dry_run, double=double)
    # Where the program itself is: run through a link, it would import all its modules anew each time.
    program = (project / "__main__.py").resolve().parent
    if double or program != ROOT:
        return run_program(program, config, dry_run=dry_run, double=double)
    key = (config.project, stack, *config.values.items(), config.secret_keys, dry_run, os.environ.get("SOURCE_DATE_EPOCH"))
    if key not in _RUNS:
        _RUNS[key] = pickle.dumps(run_program(ROOT, config, dry_run=dry_run))
    run: Run = pickle.loads(_RUNS[key])  # noqa: S301 - made here
    return run
