"""A stack's settings, for the commands that answer from the stack file alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.problems import SettingsError
from domain.settings_loading import load_settings
from offline.project import load_project
from offline.stack_file import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from domain.settings import StackSettings


class WrongSettingsError(Exception):
    """The stack's configuration is wrong; the message says all that is."""


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
        WrongSettingsError: There is no such stack, or its configuration is wrong.
    """
    try:
        project = load_project(directory)
        config = project.stack_config(stack)
    except ConfigError as error:
        raise WrongSettingsError("\n".join(str(one) for one in error.problems)) from error
    region = config.values.get("aws:region")
    if region is None:
        raise WrongSettingsError(f"aws:region is missing: set it in {config.file} or in {project.file}.")
    own = f"{project.name}:"
    values = {key.removeprefix(own): text for key, text in config.values.items() if key.startswith(own)}
    try:
        loaded = load_settings(values, project=project.name, stack=stack, region=region)
    except SettingsError as error:
        raise WrongSettingsError(str(error)) from error
    return StackOfSettings(project.name, region, loaded.settings)
