"""A stack's settings, for the commands that answer from the stack file alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.loading import load_stack
from domain.problems import SettingsError
from tools.shared.commands import CommandError, utc_today
from tools.shared.stack_config import stack_of

if TYPE_CHECKING:
    from pathlib import Path

    from domain.settings.stack import StackSettings


@dataclass(frozen=True, slots=True)
class StackOfSettings:
    """A stack as its file has it.

    Attributes:
        project: The project's name.
        region: The stack's region.
        settings: Its settings, valid.
    """

    project: str
    region: str
    settings: StackSettings


def settings_of(directory: Path, stack: str) -> StackOfSettings:
    """Reads a stack's settings.

    Args:
        directory: Where Pulumi.yaml is.
        stack: The stack's name.

    Raises:
        CommandError: There is no such stack, or its configuration is wrong; the message says all that is.
    """
    project, config = stack_of(directory, stack)
    text = (project.stack_directory / config.file).read_text(encoding="utf-8", errors="replace")
    region = config.values.get("aws:region")
    if region is None:
        raise CommandError(f"aws:region is missing: set it in {config.file} or in {project.file}.")
    own = f"{project.name}:"
    values = {key.removeprefix(own): text for key, text in config.values.items() if key.startswith(own)}
    try:
        loaded = load_stack(
            values, project=project.name, stack=stack, region=region, today=utc_today(), whole=config.values, file_text=text
        )
    except SettingsError as error:
        raise CommandError(str(error)) from error
    return StackOfSettings(project.name, region, loaded.settings)
