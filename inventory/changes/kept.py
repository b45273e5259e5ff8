"""What AWS keeps for less long: logs, objects and metrics; and keys that are disabled.

Sources: CloudWatch Logs API reference, "PutRetentionPolicy" (events older than the period are deleted; without one they are
kept for ever); Amazon S3 User Guide, "Expiring objects"; AWS KMS Developer Guide, "Enabling and disabling keys" and "Delete an
AWS KMS key"; Amazon Managed Service for Prometheus User Guide, "Workspace configuration".
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from inventory.changes.loss import Loss, LossKind
from inventory.changes.stateful import KEYS
from inventory.rows import get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.changes.stack import StepsOfStack
    from inventory.changes.steps import Step

LOGS: Final = "aws:cloudwatch/logGroup:LogGroup"
_METRICS: Final = "aws:amp/workspaceConfiguration:WorkspaceConfiguration"
LIFECYCLES: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_DAYS: Final = {LOGS: ("retentionInDays", "log events"), _METRICS: ("retentionPeriodInDays", "metrics")}
_NOT_KNOWN: Final = "not known before the update"


def kept_less(step: Step, stack: StepsOfStack) -> Iterator[Loss]:
    """What the change of a log group, bucket, workspace or key deletes, or makes unreadable."""
    kind = step.row["type"]
    new = step.new["inputs"] if step.new is not None else None
    if kind in LIFECYCLES and new is not None:
        yield from _expiring(step, stack, step.old["inputs"] if step.old else {}, new, "rules")
        return
    if step.op not in ("update", "replace") or step.old is None or new is None:
        return
    old = step.old["inputs"]
    if kind in _DAYS:
        name, what = _DAYS[kind]
        yield from _fewer_days(step, stack, name, what)
    elif kind in BUCKETS:
        yield from _expiring(step, stack, old, new, "lifecycleRules")
    elif kind in KEYS and step.op == "update":
        was, will = (values.get("isEnabled", values.get("enabled", True)) for values in (old, new))
        if was is not False and will is not True:
            certain = will is False
            sentence = f"what the key encrypts {'cannot' if certain else 'may not'} be read or written while it is disabled"
            yield _loss(step, stack, "isEnabled", "enabled", "disabled" if certain else _NOT_KNOWN, sentence, certain=certain)


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


def _fewer_days(step: Step, stack: StepsOfStack, name: str, what: str) -> Iterator[Loss]:
    before, after = (_days(row["inputs"].get(name)) for row in (step.old, step.new) if row is not None)
    if after in (before, math.inf):
        return
    words = [_NOT_KNOWN if days is None else "forever" if days == math.inf else f"{int(days)} days" for days in (before, after)]
    if before is None or after is None:
        yield _loss(step, stack, name, words[0], words[1], f"{what} may be deleted: {name} is {_NOT_KNOWN}", certain=False)
    elif after < before:
        yield _loss(step, stack, name, words[0], words[1], f"{what} older than {words[1]} are deleted", certain=True)


def _days(value: object) -> float | None:
    """Days; infinite for none or 0, None for not known."""
    if value in (None, 0):
        return math.inf
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _expiring(step: Step, stack: StepsOfStack, old: dict[str, Any], new: dict[str, Any], name: str) -> Iterator[Loss]:
    """Rules that delete objects sooner than before, or that are new."""
    if old.get(name) == new.get(name):
        return
    if step.op == "create" and _is_new_bucket(step, stack):
        return
    if not is_known(new.get(name)):
        yield _loss(
            step, stack, name, "as in the preview", _NOT_KNOWN, "objects may be deleted: its rules are not known", certain=False
        )
        return
    before = _expirations(old.get(name))
    for (which, scope), days in _expirations(new.get(name)).items():
        was = min((had for (other, place), had in before.items() if other == which and place in (scope, "")), default=math.inf)
        if days < was:
            told = "forever" if was == math.inf else f"{int(was)} days"
            where = f" under {scope}" if scope else ""
            sentence = f"{which} older than {int(days)} days are deleted{where}"
            yield _loss(step, stack, f"{name}.expiration", told, f"{int(days)} days", sentence, certain=True)


def _is_new_bucket(step: Step, stack: StepsOfStack) -> bool:
    urns = get(step.row["options"], ("propertyDependencies", "bucket"), [])
    return any(other.row["urn"] in urns and other.op == "create" for other in stack.steps)


def _expirations(rules: object) -> dict[tuple[str, str], float]:
    """Days after which objects go, by what goes and where."""
    days: dict[tuple[str, str], float] = {}
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict) or rule.get("status") == "Disabled" or rule.get("enabled") is False:
            continue
        scope = rule.get("filter") or rule.get("prefix") or ""
        prefix = scope.get("prefix") if isinstance(scope, dict) and set(scope) == {"prefix"} else scope
        place = prefix if isinstance(prefix, str) else json.dumps(scope, sort_keys=True, default=str) if scope else ""
        for block, words, names in (
            ("expiration", "objects", ("days",)),
            ("noncurrentVersionExpiration", "old versions of objects", ("noncurrentDays", "days")),
        ):
            amounts = [get(rule, (block, name)) for name in names]
            number = next((amount for amount in amounts if isinstance(amount, int | float)), None)
            if number is None and get(rule, (block, "date")) is not None:
                number = 0
            if number is not None and (number > 0 or get(rule, (block, "date")) is not None):
                days[words, place] = min(float(number), days.get((words, place), math.inf))
    return days


def _loss(step: Step, stack: StepsOfStack, name: str, old: str, new: str, sentence: str, *, certain: bool) -> Loss:  # noqa: PLR0917 - one sentence
    return Loss(step.row["urn"], LossKind.DATA, name, old, new, sentence, certain, stack.is_protected(step))
