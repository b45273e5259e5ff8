"""The project's own program with a stack file that a test writes."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from offline.engine import Run, run_program
from offline.project import load_project

if TYPE_CHECKING:
    from offline.aws_double import AwsDouble

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 23)
_PARTS = ("__main__.py", "components", "domain", "policies")


def project_with(directory: Path, stack_files: dict[str, str]) -> Path:
    """A project directory with this project's program and other stack files.

    Args:
        directory: An empty directory.
        stack_files: The text of each stack file by the stack's name.
    """
    shutil.copy(ROOT / "Pulumi.yaml", directory)
    for part in _PARTS:
        (directory / part).symlink_to(ROOT / part)
    for stack, text in stack_files.items():
        (directory / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
    return directory


def run_stack(stack: str, *, dry_run: bool = True, directory: Path = ROOT, double: AwsDouble | None = None) -> Run:
    """Runs the program of a project directory for one of its stacks."""
    return run_program(directory, load_project(directory).stack_config(stack), dry_run=dry_run, double=double)
