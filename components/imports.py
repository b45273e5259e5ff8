"""Taking over what runs already: what every component whose resource may be there has in common."""

from __future__ import annotations

import hashlib
from typing import TypedDict

import pulumi

from domain.guards.takeover import frozen_refusal, frozen_replacement
from domain.plan.takeover import ImportIntent


class ImportOptions(TypedDict, total=False):
    """The options of a resource that is taken over, with the names and meanings of `pulumi.ResourceOptions`."""

    import_: str
    ignore_changes: list[str] | None
    hooks: pulumi.ResourceHookBinding


class TakeoverRefusedError(Exception):
    """What is taken over would be changed. Its text is what the person who deploys reads."""


def import_options(name: str, args: ImportIntent) -> ImportOptions:
    """Options of the resource that these arguments take over; none where it is to be created.

    Args:
        name: The resource's logical name.
        args: The arguments.
    """
    import_id = args.get("import_id")
    if not import_id:
        return {}
    options: ImportOptions = {"import_": import_id, "ignore_changes": list(args.get("kept") or ()) or None}
    if args.get("frozen"):
        options["hooks"] = _frozen(name)
    return options


def _frozen(name: str) -> pulumi.ResourceHookBinding:
    def before_update(args: pulumi.ResourceHookArgs) -> None:
        raise TakeoverRefusedError(frozen_refusal(args.type, args.name, args.old_inputs or {}, args.new_inputs or {}))

    def before_create(args: pulumi.ResourceHookArgs) -> None:
        # An import runs no hook: what is created under an import id is a replacement.
        raise TakeoverRefusedError(frozen_replacement(args.name))

    at_preview_too = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(
        before_create=[pulumi.ResourceHook(f"{name}-not-replaced", before_create, opts=at_preview_too)],
        before_update=[pulumi.ResourceHook(f"{name}-not-changed", before_update, opts=at_preview_too)],
    )


def import_name(name: str, import_id: str | None) -> str:
    """The logical name of a resource, which tells what is taken over from what is created, and one id from another.

    Under one name another id would be an "import-replacement": the engine (3.259) then deletes what stood under the name before,
    protected or not. Under names of their own, protection keeps the one that would go.
    """
    return f"{name}-{hashlib.sha256(import_id.encode()).hexdigest()[:7]}" if import_id else name
