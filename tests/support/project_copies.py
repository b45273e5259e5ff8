"""Copies of this project whose stack file, program or policy pack a test may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from support.stacks import ROOT, project_with

if TYPE_CHECKING:
    from pathlib import Path


def copy_project(directory: Path, **settings: Any) -> Path:
    """A copy of the project with its dev stack alone, and some settings of that stack changed.

    Args:
        directory: An empty directory.
        settings: Settings of the stack file to set.
    """
    content = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    content["config"] |= settings
    return project_with(directory, {"dev": yaml.safe_dump(content, sort_keys=False)})
