"""What the role that deploys a stack must be allowed to do: the look-up by resource type.

The table itself stands in `inventory.deployer.network` (everything of the VPC) and
`inventory.deployer.platform` (the rest), its form in `inventory.deployer.grants`. A new resource type is one entry in a
table: its grants, and the property that names it where its ARN holds a name.

Sources, where a grant names no other: the AWS Service Authorization Reference for resource types and condition keys of an action,
the ``handlers`` of the CloudFormation resource schemas for the actions that create, read, update and delete a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inventory.deployer.grants import TypePermissions
from inventory.deployer.network import NETWORK
from inventory.deployer.platform import PLATFORM
from inventory.rows import ResourceRow


class UnknownResourceTypesError(ValueError):
    """Resource types without an entry; the message names them and where to add one."""

    def __init__(self, types: Iterable[str]) -> None:
        self.types = tuple(sorted(set(types)))
        super().__init__(
            f"No permissions are known for {', '.join(self.types)}: add an entry to PLATFORM in inventory/deployer/platform.py."
        )


def table() -> Mapping[str, TypePermissions]:
    """The permissions of every resource type that is known."""
    return {**NETWORK, **PLATFORM}


def known(rows: Iterable[ResourceRow]) -> list[tuple[ResourceRow, TypePermissions]]:
    """The rows that AWS permissions are needed for, each with its type's entry.

    Components need some where they look something up; other providers than AWS's need none.

    Raises:
        UnknownResourceTypesError: The table lacks types of the AWS providers.
    """
    entries = table()
    entered: list[tuple[ResourceRow, TypePermissions]] = []
    unknown: set[str] = set()
    for row in rows:
        entry = entries.get(row["type"])
        if entry is not None:
            entered.append((row, entry))
        elif row["custom"] and row["type"].partition(":")[0] in ("aws", "aws-native"):
            unknown.add(row["type"])
    if unknown:
        raise UnknownResourceTypesError(unknown)
    return entered
