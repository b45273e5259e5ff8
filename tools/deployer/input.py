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
    found: Any = content
    for key in ("deployment", "resources"):
        found = found.get(key, found) if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(one, dict) and "type" in one and "urn" in one for one in found):
        raise NotAnInventoryError(
            f"{file} holds no resources: give what `python -m tools preview --format json` or `pulumi stack export` prints."
        )
    return [_row(one) for one in found]


def region_of(rows: Iterable[ResourceRow]) -> str | None:
    """The region that the resources themselves name, where they name one."""
    regions = {row["inputs"].get("region") for row in rows} - {None}
    return str(regions.pop()) if len(regions) == 1 else None


def _row(one: dict[str, Any]) -> ResourceRow:
    return {
        "urn": one["urn"],
        "type": one["type"],
        "name": one.get("name") or one["urn"].rpartition("::")[2],
        "custom": bool(one.get("custom")),
        "parent": one.get("parent") or "",
        "inputs": one.get("inputs") or {},
        "outputs": one.get("outputs") or {},
        "options": one.get("options") or {},
    }
