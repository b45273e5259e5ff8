"""Resource hooks that stop what AWS would refuse, or what would lose data, at preview already."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

import pulumi

from domain.guards.cluster import refusals_on_update
from domain.guards.creation import refusals_on_create
from domain.guards.refusal import Refusal


class GuardRefusedError(Exception):
    """A guard says no. Its text is what the person who deploys reads."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        """What it says no to, each with its rule and its property, for whoever runs the program in the same process."""
        super().__init__("\n".join(str(refusal) for refusal in self.refusals))


def cluster_guards(name: str, *, today: datetime.date, acknowledged: Collection[str]) -> pulumi.ResourceHookBinding:
    """Hooks for a cluster: they see the old and the new inputs, which neither the program nor a policy does.

    Args:
        name: The component's name; hooks have names of their own that must be unique in a program.
        today: The day on which end of support is judged.
        acknowledged: Guards somebody answers for.
    """

    def before_create(args: pulumi.ResourceHookArgs) -> None:
        _refuse(refusals_on_create(args.new_inputs or {}, today=today, acknowledged=acknowledged))

    def before_update(args: pulumi.ResourceHookArgs) -> None:
        _refuse(refusals_on_update(args.old_inputs or {}, args.new_inputs or {}, acknowledged=acknowledged))

    at_preview_too = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(
        before_create=[pulumi.ResourceHook(f"{name}-before-create", before_create, opts=at_preview_too)],
        before_update=[pulumi.ResourceHook(f"{name}-before-update", before_update, opts=at_preview_too)],
    )


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise GuardRefusedError(refusals)
