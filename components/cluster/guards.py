"""Resource hooks that stop what AWS would refuse, or what would lose data, at preview already."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

import pulumi

from domain.guards.cluster import refusals_on_update
from domain.guards.creation import refusals_on_create
from domain.guards.losses import configuration_refusals, log_refusals, topic_refusals
from domain.guards.refusal import Refusal
from domain.guards.topics import refusals_on_topic_update


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


def configuration_guard(name: str, *, express: bool, acknowledged: Collection[str]) -> pulumi.ResourceHook:
    """A hook before updates of a protected cluster's configuration: what they take from people.

    Args:
        name: The component's name.
        express: Whether the brokers will be Express brokers.
        acknowledged: Guards somebody answers for.
    """

    def before_update(args: pulumi.ResourceHookArgs) -> None:
        old, new = args.old_inputs or {}, args.new_inputs or {}
        _refuse(configuration_refusals(old, new, express=express, acknowledged=acknowledged))

    return pulumi.ResourceHook(f"{name}-before-update", before_update, opts=pulumi.ResourceHookOptions(on_dry_run=True))


def topic_guard(
    name: str, server_properties: str, *, version: str, protect: bool, acknowledged: Collection[str]
) -> pulumi.ResourceHook:
    """A hook before updates of topics: what Kafka refuses, and what a protected topic would lose.

    Args:
        name: The component's name.
        server_properties: The cluster's, which hold for topics that say nothing else.
        version: The cluster's Kafka version.
        protect: Whether the topics are protected.
        acknowledged: Guards somebody answers for.
    """

    def before_update(args: pulumi.ResourceHookArgs) -> None:
        old, new = args.old_inputs or {}, args.new_inputs or {}
        losses = topic_refusals(old, new, server_properties, acknowledged=acknowledged) if protect else []
        _refuse([*refusals_on_topic_update(old, new, version=version), *losses])

    return pulumi.ResourceHook(f"{name}-before-update", before_update, opts=pulumi.ResourceHookOptions(on_dry_run=True))


def log_guard(name: str, kind: str, setting: Sequence[str]) -> pulumi.ResourceHookBinding:
    """A hook before updates of what says how long a protected stack's logs are kept.

    Args:
        name: The resource's name.
        kind: Its type.
        setting: Where the stack file says how long they are kept.
    """

    def before_update(args: pulumi.ResourceHookArgs) -> None:
        _refuse(log_refusals(kind, args.old_inputs or {}, args.new_inputs or {}, setting))

    hook = pulumi.ResourceHook(f"{name}-before-update", before_update, opts=pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise GuardRefusedError(refusals)
