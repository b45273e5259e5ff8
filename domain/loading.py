"""From the configuration of a stack to `StackSettings`, with every mistake reported at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.checks import problems_of, warnings_of
from domain.checks.registry import touched
from domain.msk.regions import UnknownRegionError, default_zones
from domain.msk.versions import default_version
from domain.plan.platform import Plan
from domain.problems import ABSENT, Path, Problem, SettingsError
from domain.reading import read_settings, settings_of_model
from domain.settings.config_size import size_problem, size_warning
from domain.settings.outside import default_tags, outside_problems, outside_warnings, region_problem
from domain.settings.stack import MAXIMUM_CLUSTER_NAME, StackSettings


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stack that is sound.

    Attributes:
        plan: Its plan, with its settings.
        warnings: What deserves a warning, a sentence each.
    """

    plan: Plan
    warnings: tuple[str, ...]

    @property
    def settings(self) -> StackSettings:
        """The stack's settings."""
        return self.plan.settings


def load_stack(
    config: Mapping[str, str],
    *,
    project: str,
    stack: str,
    region: str,
    today: datetime.date,
    whole: Mapping[str, str] | None = None,
    file_text: str = "",
    runbook: str = "",
) -> Loaded:
    """The plan of a stack.

    Args:
        config: The project's configuration as Pulumi hands it to a program: names without namespace, values as
            strings, objects as JSON.
        project: The project's name.
        stack: The stack's name; with the project's it makes the default of ``clusterName``.
        region: The AWS region; it gives the default Availability Zones.
        today: The day on which support and acknowledgements are judged.
        whole: The configuration of all namespaces, with full keys, whose size counts; this project's alone when not given.
        file_text: The text of the stack's file, for what stands outside its configuration; empty where it is not known.
        runbook: The address of the project's runbook, for a stack that names none; empty where it is not known.

    Raises:
        SettingsError: The stack file has mistakes; it carries all of them.
    """
    read = read_settings(config)
    problems, known = list(read.problems), settings_of_model(StackSettings)
    whole = whole or {f"{project}:{name}": text for name, text in config.items()}
    problems += outside_problems(whole, project=project, settings=known, file_text=file_text)
    if wrong_region := region_problem(region, has_zones=read.names_zones):
        problems.append(wrong_region)
    invalid = {*read.invalid} | {problem.path for problem in problems}
    settings = _with_derived_defaults(
        read.settings, project=project, stack=stack, region=region, problems=problems, invalid=invalid
    )
    if runbook and not settings.monitoring.runbook:
        settings = settings.model_copy(update={"monitoring": settings.monitoring.model_copy(update={"runbook": runbook})})
    plan = Plan(settings, region=region, today=today, stack=stack, default_tags=default_tags(whole))
    problems += problems_of(plan, invalid)
    if too_large := size_problem(whole, project=project):
        problems.append(too_large)
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.setting))
    almost = size_warning(whole, project=project)
    return Loaded(
        plan,
        (
            *warnings_of(plan),
            *outside_warnings(whole, project=project, settings=known, file_text=file_text),
            *([almost] if almost else []),
        ),
    )


def _with_derived_defaults(
    settings: StackSettings,
    *,
    project: str,
    stack: str,
    region: str,
    problems: list[Problem],
    invalid: set[Path],
) -> StackSettings:
    """Fills in the defaults that depend on where the stack is: its name and its zones."""
    update: dict[str, object] = {}
    if not settings.cluster_name and ("clusterName",) not in invalid:
        name = re.sub(r"[^A-Za-z0-9-]+", "-", f"{project}-{stack}").strip("-")
        if not name:
            problems.append(
                Problem(
                    ("clusterName",),
                    ABSENT,
                    "is required: the project's and the stack's names have no letter or digit for a default. Set it.",
                )
            )
        if len(name) > MAXIMUM_CLUSTER_NAME:
            problems.append(
                Problem(
                    ("clusterName",),
                    ABSENT,
                    f"is required: the default, {name}, has more than {MAXIMUM_CLUSTER_NAME} characters. Set a shorter name.",
                )
            )
        update["cluster_name"] = name
    if not settings.kafka_version and not settings.is_serverless:
        update["kafka_version"] = default_version(settings.broker)
    network = settings.network
    unasked = not network.zones and not network.existing
    if unasked and touched(("import", "subnets"), invalid):
        invalid.add(("network", "zones"))
    elif unasked and settings.imported.subnets:
        update["network"] = network.model_copy(update={"zones": sorted(settings.imported.subnets)})
    elif unasked and not touched(("network", "zones"), invalid):
        try:
            update["network"] = network.model_copy(update={"zones": list(default_zones(region))})
        except UnknownRegionError as error:
            if ("aws:region",) not in invalid:
                problems.append(Problem(("network", "zones"), ABSENT, str(error)))
            invalid.add(("network", "zones"))
    return settings.model_copy(update=update)
