"""Configurations of a certain size, and what Pulumi hands over of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from offline.project import go_yaml
from offline.project.loading import load_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_AWKWARD = '<\u2028é & "漢" \\ 😀>\n'
"""What is longer in JSON, longer still in JSON within JSON, or more bytes than characters."""


def handed_over(config: Mapping[str, str]) -> bytes:
    """The variable of the environment that the language host starts a program with, its closing NUL included."""
    return f"PULUMI_CONFIG={go_yaml.to_json(dict(config))}\0".encode()


def acknowledgement_of(reason: str) -> dict[str, Any]:
    """A setting that takes any text."""
    return {"fewer-brokers": {"reason": reason, "until": "2026-12-01"}}


def grow(directory: Path, stack: str, size: int) -> None:
    """Makes a stack's configuration so long that Pulumi hands over that many bytes.

    Args:
        directory: The project's.
        stack: The stack's name.
        size: Bytes, as `handed_over` counts them.
    """
    project = load_project(directory)
    file = directory / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    filling = ""
    for _ in range(2):
        # Any other way of writing the key would be a second setting.
        content["config"].pop("acknowledge", None)
        content["config"][f"{project.name}:acknowledge"] = acknowledgement_of(_AWKWARD + filling)
        file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=False), encoding="utf-8")
        filling = "x" * (size - len(handed_over(project.stack_config(stack).values)))
    assert filling == "", "the second writing has the size"
