"""Reads an inventory from a file: a preview's document, a state export, or the rows alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from domain.problems import printable
from tools.shared.commands import CommandError, Mistakes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from inventory.rows import ResourceRow


_WRITTEN: Final = {
    "account": (r"\d{12}|\*", "an AWS account ID has 12 digits"),
    "region": (r"[a-z]{2,3}(-[a-z]+)+-\d{1,2}", "an AWS region is written like eu-west-1"),
    "state_bucket": (
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, and a role reads one bucket's state",
    ),
    "state_key": (
        r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
        "give the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID; IAM does not look behind an alias",
    ),
    "environment": (r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,254}", "an environment's name has letters, digits, blanks and . _ / -"),
}
"""How an option's value has to look, and what is said where it does not. What is written into a policy must not widen it."""


def check_options(options: argparse.Namespace) -> None:
    """Looks at the values that go into a policy as they are.

    Args:
        options: The command's options.

    Raises:
        CommandError: Some are wrong; the message names them all.
    """
    mistakes = Mistakes()
    for name, (pattern, words) in _WRITTEN.items():
        given = getattr(options, name)
        for value in given if isinstance(given, list) else [given] if given else []:
            with mistakes.gathered():
                if not re.fullmatch(pattern, value):
                    raise CommandError(f"--{name.replace('_', '-')} {printable(value)}: {words}.")
    mistakes.end()


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
    except OSError as error:
        raise NotAnInventoryError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise NotAnInventoryError(f"{file} cannot be read: it is not JSON ({error}).") from error
    resources: Any = content
    for key in ("deployment", "resources"):
        resources = resources.get(key, resources) if isinstance(resources, dict) else resources
    if not isinstance(resources, list) or not resources or not all(map(_is_resource, resources)):
        raise NotAnInventoryError(
            f"{file} has no resources. Give the output of `python -m tools preview --format json` or `pulumi stack export`."
        )
    return [_row(resource) for resource in resources]


def _is_resource(resource: object) -> bool:
    """Whether a value has the shape of a resource: its type and URN, and maps where maps belong."""
    if not isinstance(resource, dict):
        return False
    words = all(isinstance(resource.get(key), str) for key in ("type", "urn"))
    optional = all(isinstance(resource.get(key), str | None) for key in ("name", "parent"))
    return words and optional and all(isinstance(resource.get(key), dict | None) for key in ("inputs", "outputs", "options"))


def region_of(rows: Iterable[ResourceRow]) -> str | None:
    """The region that the resources themselves name, where they name one."""
    regions = {region for row in rows if isinstance(region := row["inputs"].get("region"), str)}
    return regions.pop() if len(regions) == 1 else None


def stack_and_project(rows: Sequence[ResourceRow]) -> tuple[str, str]:
    """The stack and the project that resources belong to, by their URNs; ``*`` where these do not say.

    Raises:
        NotAnInventoryError: They belong to several.
    """
    named = {tuple(row["urn"].split("::")[:2]) for row in rows if row["urn"].startswith("urn:pulumi:")}
    if len(named) > 1:
        raise NotAnInventoryError("The resources belong to more than one stack. Give one stack's at a time.")
    stack, *project = next(iter(named), ("*", "*"))
    return stack.removeprefix("urn:pulumi:"), project[0] if project else "*"


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
