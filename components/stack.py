"""The stack as Pulumi knows it: the one reader of Pulumi configuration."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from pathlib import Path

import pulumi
from pulumi.runtime import config as pulumi_config

from components.lines import line_of
from domain.checks.clones import warn_of_project_region, warn_of_template_name
from domain.git_remote import runbook_page
from domain.loading import load_stack
from domain.plan.platform import Plan
from domain.problems import SettingsError
from domain.settings.judged_day import pinned_day_warning
from domain.settings.outside import clear_credentials


def plan_of_stack() -> Plan:
    """The plan of this stack. Warns of what is worth a warning, and says what is worth knowing.

    Raises:
        pulumi.RunError: The stack file has mistakes; the message lists all of them.
    """
    region = pulumi.Config("aws").get("region") or ""
    files = _project_files()
    try:
        loaded = load_stack(
            _own_settings(),
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            region=region,
            today=_today(),
            whole=_whole_config(),
            file_text=_own_file(files),
            runbook=runbook_page(Path(pulumi.get_root_directory()).resolve(), _text_of),
        )
    except SettingsError as error:
        raise pulumi.RunError(_with_lines(error, _own_file(files))) from error
    warnings = (
        *loaded.warnings,
        *_encrypted_settings(),
        *_clear_credentials(),
        *_hints(files, loaded.settings.cluster_name, region),
    )
    for warning in warnings:
        pulumi.log.warn(warning)
    for note in loaded.plan.notes:
        pulumi.log.info(note)
    return loaded.plan


def _with_lines(error: SettingsError, file_text: str) -> str:
    """What the CLI prints: every mistake with the line of the stack file, as far as it stands there."""
    head, _, _ = str(error).partition("\n")
    project, stack = pulumi.get_project(), pulumi.get_stack()
    lines = [problem.line or line_of(problem.path, file_text, project=project) or 0 for problem in error.problems]
    told = sorted(zip(lines, map(str, error.problems), strict=True))
    return "\n".join([head, *(f"  - {f'Pulumi.{stack}.yaml:{line}: ' if line else ''}{mistake}" for line, mistake in told)])


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


def _clear_credentials() -> list[str]:
    """What to say of credentials that are not encrypted."""
    secrets = frozenset(key for key in pulumi_config.CONFIG.get() if pulumi_config.is_config_secret(key))
    return list(clear_credentials(_whole_config(), secrets))


def _project_files() -> dict[str, str]:
    """The texts of Pulumi.yaml and the stack files, by name: Pulumi does not tell what they say beside the configuration."""
    paths = sorted(Path(pulumi.get_root_directory()).glob("Pulumi*.y*ml"))
    return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}


def _text_of(path: Path) -> str | None:
    """The text of a file; None where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def _own_file(files: Mapping[str, str]) -> str:
    """The text of this stack's file; empty where it is elsewhere."""
    stack = pulumi.get_stack()
    return files.get(f"Pulumi.{stack}.yaml") or files.get(f"Pulumi.{stack}.yml") or ""


def _hints(files: Mapping[str, str], cluster_name: str, region: str) -> list[str]:
    """What to say of a name and a region that come from the template."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
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
