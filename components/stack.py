"""The stack as Pulumi knows it: the one reader of Pulumi configuration."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pulumi
from pulumi.runtime import config as pulumi_config

from domain.checks.clones import warn_of_project_region, warn_of_template_name
from domain.loading import load_stack
from domain.plan.platform import Plan
from domain.problems import SettingsError
from domain.settings.judged_day import pinned_day_warning


def plan_of_stack() -> Plan:
    """The plan of this stack. Warns of what is worth a warning, and says what is worth knowing.

    Raises:
        pulumi.RunError: The stack file has mistakes; the message lists all of them.
    """
    region = pulumi.Config("aws").require("region")
    try:
        loaded = load_stack(
            _own_settings(),
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            region=region,
            today=_today(),
            whole=_whole_config(),
        )
    except SettingsError as error:
        raise pulumi.RunError(str(error)) from error
    for warning in (*loaded.warnings, *_encrypted_settings(), *_hints(loaded.settings.cluster_name, region)):
        pulumi.log.warn(warning)
    for note in loaded.plan.notes:
        pulumi.log.info(note)
    return loaded.plan


def _whole_config() -> dict[str, str]:
    """The stack's configuration of all namespaces, with full keys."""
    return {**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}


def _own_settings() -> dict[str, str]:
    """Every value of this project's configuration: asked by name alone, a misspelt setting would never be noticed."""
    own = f"{pulumi.get_project()}:"
    return {key.removeprefix(own): value for key, value in _whole_config().items() if key.startswith(own)}


def _encrypted_settings() -> list[str]:
    """What to say of settings that were encrypted: they take part in names and sizes, which are no secret in AWS or the state."""
    own = f"{pulumi.get_project()}:"
    return [
        f"{key.removeprefix(own)} is encrypted in the stack file, but the state and AWS store it in clear text."
        for key in sorted(pulumi_config.CONFIG.get())
        if key.startswith(own) and pulumi_config.is_config_secret(key)
    ]


def _hints(cluster_name: str, region: str) -> list[str]:
    """What to say of a name and a region that come from the template; which files say a region is nothing that Pulumi tells."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    paths = sorted(Path(pulumi.get_root_directory()).glob("Pulumi*.y*ml"))
    files = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    return [
        *warn_of_template_name(_whole_config(), project=project, stack=stack, cluster_name=cluster_name),
        *warn_of_project_region(files, stack=stack, region=region),
    ]


def _today() -> datetime.date:
    """The day on which support dates are judged; SOURCE_DATE_EPOCH pins it where a run must be repeatable, with a warning."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    clock = datetime.datetime.now(datetime.UTC).date()
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date() if epoch else clock
    if day != clock:
        pulumi.log.warn(pinned_day_warning(day))
    return day
