"""Previews of ready stacks: what the program makes of a stack file that is none of the project's own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from domain.settings.pulumi_yaml import config_section
from inventory.capacity import capacities
from inventory.cost import monthly_cost
from inventory.serverless import serverless_capacities
from offline.engine.inventory import rows
from offline.engine.run import run_program
from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from offline.protocol.failures import HookRefused, UserError
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from inventory.capacity import Capacity
    from inventory.cost import MonthlyCost
    from inventory.rows import ResourceRow
    from inventory.serverless import ServerlessCapacity

PROJECT: Final = "kafka"
"""The project that ready stacks are previewed in, whatever the project is called that they are in: a cluster's name is
``kafka-event-sourcing``, and a clone's pages say what the template's say."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview of a stack file says.

    Attributes:
        rows: Its resources.
        region: Its region.
        capacity: What its brokers can carry; None for a Serverless cluster.
        quotas: What a Serverless cluster uses of its quotas; None where there are brokers.
        cost: Its monthly bill.
        warnings: What it warns of.
    """

    rows: list[ResourceRow]
    region: str
    capacity: Capacity | None
    quotas: ServerlessCapacity | None
    cost: MonthlyCost
    warnings: tuple[str, ...]

    @property
    def too_small(self) -> list[str]:
        """In what the cluster is too small for the stated load, a sentence each."""
        return [*(self.capacity.warnings if self.capacity else ()), *(self.quotas.warnings if self.quotas else ())]


def previewed(directory: Path, name: str, text: str, *, project_file: str | None = None) -> Preview:
    """Previews a stack file with the program of a project.

    Args:
        directory: Where the program is.
        name: The stack's name.
        text: The stack file.
        project_file: The text of Pulumi.yaml; None for one that says nothing but the settings' defaults.

    Raises:
        CommandError: Its configuration is wrong; the message says all that is.
    """
    with tempfile.TemporaryDirectory() as temporary:
        project = project_file or yaml.safe_dump({"name": PROJECT, "runtime": "python", "config": config_section()})
        Path(temporary, "Pulumi.yaml").write_text(project, encoding="utf-8")
        Path(temporary, f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
        try:
            config = load_project(temporary).stack_config(name)
            run = run_program(directory, config, dry_run=True)
        except ConfigError as error:
            raise CommandError("\n".join(str(mistake) for mistake in error.problems)) from error
        except (UserError, HookRefused) as error:
            raise CommandError(str(error)) from error
    inventory = rows(run)
    region = config.values.get("aws:region", "")
    return Preview(
        rows=inventory,
        region=region,
        capacity=next(iter(capacities(inventory)), None),
        quotas=next(iter(serverless_capacities(inventory)), None),
        cost=monthly_cost(inventory, region),
        warnings=tuple(diagnostic.message for diagnostic in run.diagnostics if diagnostic.severity == "warning"),
    )
