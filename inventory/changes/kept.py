"""What AWS keeps for less long: logs, objects and metrics; and keys that are disabled.

Sources: `domain.monitoring.log_retention`; AWS KMS Developer Guide, "Enabling and disabling keys" and "Delete an AWS KMS key".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.guards.table import SHORTER_LOG_RETENTION
from domain.monitoring.log_retention import LIFECYCLES, LOGS, NOT_KNOWN, KeptLess, kept_less
from inventory.changes.loss import Loss, LossKind
from inventory.changes.stateful import KEYS
from inventory.rows import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.changes.stack import StepsOfStack
    from inventory.changes.steps import Step


def losses_of_kept(step: Step, stack: StepsOfStack) -> Iterator[Loss]:
    """What the change of a log group, bucket, workspace or key deletes, or makes unreadable."""
    kind = step.row["type"]
    if step.new is None:
        return
    old = step.old["inputs"] if step.old is not None else {}
    new = step.new["inputs"]
    updated = step.op in ("update", "replace") and step.old is not None
    # Rules of a bucket that was there delete what it holds.
    if updated or (kind in LIFECYCLES and not (step.op == "create" and _is_new_bucket(step, stack))):
        for kept in kept_less(kind, old, new):
            yield _loss(step, stack, kept, SHORTER_LOG_RETENTION if updated and kind in (LOGS, *LIFECYCLES) else "")
    if updated and kind in KEYS and step.op == "update":
        was, will = (values.get("isEnabled", values.get("enabled", True)) for values in (old, new))
        if was is not False and will is not True:
            certain = will is False
            sentence = f"what the key encrypts {'cannot' if certain else 'may not'} be read or written while it is disabled"
            kept = KeptLess("isEnabled", "enabled", "disabled" if certain else NOT_KNOWN, sentence, certain)
            yield _loss(step, stack, kept)


def notes_on_keys(step: Step) -> list[str]:
    """What a change of a key's deletion window means: nothing, until the key is deleted."""
    if step.row["type"] not in KEYS or step.op != "update" or step.old is None or step.new is None:
        return []
    before, after = (row["inputs"].get("deletionWindowInDays", _LONGEST_WINDOW) for row in (step.old, step.new))
    if before == after:
        return []
    if not all(isinstance(days, int | float) for days in (before, after)):
        return ["deletionWindowInDays: its new value is not known before the update."]
    if after > before:
        return []
    return [
        f"deletionWindowInDays: {int(before)} \N{RIGHTWARDS ARROW} {int(after)}. Nothing is deleted now: once the key is "
        f"scheduled for deletion, {int(after)} days remain to cancel it."
    ]


_LONGEST_WINDOW: Final = 30
"""Days; also what AWS takes where nothing is said."""


def _is_new_bucket(step: Step, stack: StepsOfStack) -> bool:
    urns = get(step.row["options"], ("propertyDependencies", "bucket"), [])
    return any(other.row["urn"] in urns and other.op == "create" for other in stack.steps)


def _loss(step: Step, stack: StepsOfStack, kept: KeptLess, guard: str = "") -> Loss:
    return Loss(
        step.row["urn"], LossKind.DATA, kept.property, kept.old, kept.new, kept.sentence, kept.certain, stack.is_protected(step),
        guard=guard,
    )  # fmt: skip
