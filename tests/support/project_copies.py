"""Copies of this project whose stack file, program or policy pack a test may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

_SHARED = ("domain", "components", "policies", "__main__.py", "Pulumi.yaml")


def copy_project(root: Path, to: Path, *, stack: str = "dev", **settings: Any) -> Path:
    """A copy of the project with one stack, whose settings are its own and over them the ones given.

    Args:
        root: The project.
        to: An empty directory; what a test does not replace is linked into it.
        stack: The stack whose file is copied.
        settings: Settings of the stack file to set; None takes a setting out.
    """
    for name in _SHARED:
        (to / name).symlink_to(root / name)
    content = yaml.safe_load((root / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    for key, value in settings.items():
        if value is None:
            content["config"].pop(key, None)
        else:
            content["config"][key] = value
    (to / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return to
