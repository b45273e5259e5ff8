"""A stack's configuration as its program gets it, for the commands that need no preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from offline.project.loading import Project, StackConfig


def stack_of(directory: Path, stack: str) -> tuple[Project, StackConfig]:
    """Reads a project and the configuration of one of its stacks.

    Args:
        directory: Where Pulumi.yaml is.
        stack: The stack's name.

    Raises:
        CommandError: There is no such stack, or its file is wrong; the message says all that is.
    """
    try:
        project = load_project(directory)
        return project, project.stack_config(stack)
    except ConfigError as error:
        raise CommandError("\n".join(str(mistake) for mistake in error.problems)) from error
