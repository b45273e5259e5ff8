"""The form of the table of permissions: what is granted on what, and what one resource type needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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
            place, ``{name}`` for the resource's own name, ``{cluster}``, ``{role}`` and ``{secret}`` for the name of every
            cluster, every role and every secret of the stack.
        reads: Whether the actions change nothing: previews and drift checks need these, and nothing else.
        condition: When it holds.
        why: Why `ANY` cannot be narrower.
        regional: Whether AWS answers in the stack's region. Global services answer elsewhere, so `ANY` is not kept to the region
            there: AWS Global Condition Context Keys, "aws:RequestedRegion".
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    reads: bool = False
    condition: Condition = field(default_factory=dict)
    why: str = ""
    regional: bool = True


@dataclass(frozen=True, slots=True)
class TypePermissions:
    """What one resource type needs.

    Attributes:
        grants: To create, read, update, tag and delete it.
        name_property: The input with the name that its ARN holds; empty where an ARN holds an id that AWS chooses.
        any_name: The pattern of its name where the program leaves it to be decided.
        of_inputs: What the resource needs besides, by what its inputs turn on.
        by_folder: Whether a name `folder/...` stands for all names in that folder: alarms come and go with brokers, there are
            hundreds, and a role takes ten managed policies (IAM User Guide, "IAM and AWS STS quotas").
    """

    grants: tuple[Grant, ...]
    name_property: str = ""
    any_name: str = ""
    of_inputs: Callable[[Mapping[str, object]], tuple[Grant, ...]] | None = None
    by_folder: bool = False

    def all_grants(self, inputs: Mapping[str, object]) -> tuple[Grant, ...]:
        """What a resource with these inputs needs."""
        return (*self.grants, *(self.of_inputs(inputs) if self.of_inputs else ()))


def listing(
    *actions: str, why: str = "Describe and List actions of this service do not support resource-level permissions."
) -> Grant:
    """Reading actions without resource-level permissions."""
    return Grant(actions, ANY, reads=True, why=why)
