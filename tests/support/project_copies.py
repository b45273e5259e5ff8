"""Copies of this project that a test may change: with a stack file of its own, or whole as the template that teams clone."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

from support.stacks import ROOT, SHIPPED, project_with, shipped_stack
from test_repository import repository_files

if TYPE_CHECKING:
    from pathlib import Path


def copy_project(directory: Path, **settings: Any) -> Path:
    """A copy of the project with the dev stack that the template ships, and some settings of that stack changed.

    Args:
        directory: An empty directory.
        settings: Settings of the stack file to set.
    """
    content = yaml.safe_load(shipped_stack("dev"))
    content["config"] |= settings
    return project_with(directory, {"dev": yaml.safe_dump(content, sort_keys=False)})


def copy_template(directory: Path) -> Path:
    """A copy of the whole repository, as the template that `pulumi new` is given; also where the repository is a clone of it.

    Args:
        directory: Where it shall be; it need not be there.
    """
    for name in repository_files():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, directory / name)
    # In a clone the stacks are the team's, and Pulumi.yaml asks no questions any more.
    for path in directory.glob("Pulumi*.yaml"):
        path.unlink()
    for path in SHIPPED.glob("Pulumi*.yaml"):
        shutil.copy(path, directory)
    return directory


def commit_all(directory: Path, message: str) -> str:
    """Commits everything in a directory, which is put under git if it is not; returns the commit."""
    person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]
    commands = [["init", "--quiet"], ["add", "--all"], [*person, "commit", "--quiet", "--no-verify", "--message", message]]
    for command in [*commands, ["rev-parse", "HEAD"]]:
        done = subprocess.run(["git", *command], cwd=directory, check=True, capture_output=True, text=True)  # noqa: S607 - PATH's
    return done.stdout.strip()
