"""Reads an inventory from a file: a preview's document, a state export, or the rows alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from inventory.rows import ResourceRow


class NotAnInventoryError(CommandError):
    """The file is none; the message says what it should be."""


def rows_of_file(file: Path) -> list[ResourceRow]:
    """The resources in a file.

    Args:
        file: JSON of ``python -m tools preview --format json``, of ``pulumi stack export``, or a list of resources.

    Raises:
        NotAnInventoryError: It cannot be read, or holds no resources with type and urn.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotAnInventoryError(f"{file} cannot be read: {error}.") from error
    resources: Any = content
    for key in ("deployment", "resources"):
        resources = resources.get(key, resources) if isinstance(resources, dict) else resources
    if not isinstance(resources, list) or not all(
        isinstance(resource, dict) and "type" in resource and "urn" in resource for resource in resources
    ):
        raise NotAnInventoryError(
            f"{file} has no resources. Give the output of `python -m tools preview --format json` or `pulumi stack export`."
        )
    return [_row(resource) for resource in resources]


def region_of(rows: Iterable[ResourceRow]) -> str | None:
    """The region that the resources themselves name, where they name one."""
    regions = {row["inputs"].get("region") for row in rows} - {None}
    return str(regions.pop()) if len(regions) == 1 else None


def _row(resource: dict[str, Any]) -> ResourceRow:
    return {
        "urn": resource["urn"],
        "type": resource["type"],
        "name": resource.get("name") or resource["urn"].rpartition("::")[2],
        "custom": bool(resource.get("custom")),
        "parent": resource.get("parent") or "",
        "inputs": resource.get("inputs") or {},
        "outputs": resource.get("outputs") or {},
        "options": resource.get("options") or {},
    }
