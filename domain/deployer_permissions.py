"""What the role that deploys a stack must be allowed to do: the form of the table, and the look-up by resource type.

The table itself stands in `domain.deployer_permissions_network` (everything of the VPC) and
`domain.deployer_permissions_platform` (the rest). A new resource type is one entry there: its grants, and the property that names
it where its ARN holds a name.

Sources, where a grant names no other: the AWS Service Authorization Reference for resource types and condition keys of an action,
the ``handlers`` of the CloudFormation resource schemas for the actions that create, read, update and delete a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.inventory import ResourceRow

Condition = Mapping[str, Mapping[str, str]]
"""Condition operator, condition key, value; placeholders as in `Grant.resources`."""

ANY = ("*",)
"""All resources: only where the action supports no narrower, and the grant says why."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on resources.

    Attributes:
        actions: Such as ``kafka:CreateCluster``; never with a wildcard.
        resources: ARN patterns. ``{partition}``, ``{region}``, ``{account}`` and ``{dns}`` (of service principals) stand for the
            place, ``{name}`` for the resource's own name, ``{cluster}`` and ``{role}`` for the name of every cluster and every
            role of the stack.
        reads: Whether the actions change nothing: previews and drift checks need these, and nothing else.
        condition: When it holds.
        why: Why `ANY` cannot be narrower.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    reads: bool = False
    condition: Condition = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class TypePermissions:
    """What one resource type needs.

    Attributes:
        grants: To create, read, update, tag and delete it.
        name_property: The input with the name that its ARN holds; empty where an ARN holds an id that AWS chooses.
        any_name: The pattern of its name where the program leaves it to be decided.
    """

    grants: tuple[Grant, ...]
    name_property: str = ""
    any_name: str = ""


class UnknownResourceTypes(ValueError):  # noqa: N818 - reads as what it says in `except UnknownResourceTypes`
    """Resource types without an entry; the message names them and where to add one."""

    def __init__(self, types: Iterable[str]) -> None:
        self.types = tuple(sorted(set(types)))
        super().__init__(
            f"No permissions are known for {', '.join(self.types)}: "
            "add an entry to PLATFORM in domain/deployer_permissions_platform.py."
        )


def listing(*actions: str, why: str = "Describe and List actions of this service know no resources.") -> Grant:
    """Reading actions without resource-level permissions."""
    return Grant(actions, ANY, reads=True, why=why)


def table() -> Mapping[str, TypePermissions]:
    """The permissions of every resource type that is known."""
    from domain.deployer_permissions_network import NETWORK  # noqa: PLC0415 - both tables are made of what stands above
    from domain.deployer_permissions_platform import PLATFORM  # noqa: PLC0415 - as above

    return {**NETWORK, **PLATFORM}


def known(rows: Iterable[ResourceRow]) -> list[tuple[ResourceRow, TypePermissions]]:
    """The rows that AWS permissions are needed for, each with its type's entry.

    Components need some where they look something up; other providers than AWS's need none.

    Raises:
        UnknownResourceTypes: The table lacks types of the AWS providers.
    """
    entries = table()
    found: list[tuple[ResourceRow, TypePermissions]] = []
    unknown: set[str] = set()
    for row in rows:
        entry = entries.get(row["type"])
        if entry is not None:
            found.append((row, entry))
        elif row["custom"] and row["type"].partition(":")[0] in ("aws", "aws-native"):
            unknown.add(row["type"])
    if unknown:
        raise UnknownResourceTypes(unknown)
    return found
