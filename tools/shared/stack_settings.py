"""A stack's settings, for the commands that answer from the stack file alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.git_remote import runbook_page
from domain.loading import load_stack
from domain.problems import SettingsError
from tools.shared.commands import CommandError, utc_today
from tools.shared.stack_config import stack_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from domain.loading import Loaded
    from domain.settings.stack import StackSettings
    from offline.project.loading import Project, StackConfig


@dataclass(frozen=True, slots=True)
class StackOfSettings:
    """A stack as its file has it.

    Attributes:
        project: The project's name.
        region: The stack's region.
        settings: Its settings, valid.
        directory: Where its file is.
    """

    project: str
    region: str
    settings: StackSettings
    directory: Path


def settings_of(directory: Path, stack: str) -> StackOfSettings:
    """Reads a stack's settings.

    Args:
        directory: Where Pulumi.yaml is.
        stack: The stack's name.

    Raises:
        CommandError: There is no such stack, or its configuration is wrong; the message says all that is.
    """
    project, config = stack_of(directory, stack)
    try:
        loaded = loaded_stack(project, config, today=utc_today())
    except SettingsError as error:
        raise CommandError(str(error)) from error
    return StackOfSettings(project.name, loaded.plan.region, loaded.settings, project.stack_directory)


def loaded_stack(
    project: Project, config: StackConfig, *, today: datetime.date, changes: Mapping[str, str] | None = None
) -> Loaded:
    """A stack as its program loads it.

    Args:
        project: The project.
        config: The stack's configuration.
        today: The day on which it is judged.
        changes: Settings that are otherwise than in its file.

    Raises:
        CommandError: The stack has no region.
        SettingsError: Its configuration is wrong; the error has all mistakes.
    """
    text = (project.stack_directory / config.file).read_text(encoding="utf-8", errors="replace")
    region = config.values.get("aws:region")
    if region is None:
        raise CommandError(f"aws:region is missing: set it in {config.file} or in {project.file}.")
    own = f"{project.name}:"
    values = {key.removeprefix(own): text for key, text in config.values.items() if key.startswith(own)}
    return load_stack(
        {**values, **(changes or {})},
        project=project.name,
        stack=config.stack,
        region=region,
        today=today,
        whole=config.values,
        file_text=text,
        runbook=runbook_page(project.directory.resolve(), _text_of),
    )


def _text_of(path: Path) -> str | None:
    """The text of a file; None where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
