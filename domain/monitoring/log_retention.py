"""What a change of retention deletes of logs and metrics: for the guard and for `tools changes` alike.

Sources: CloudWatch Logs API reference, "PutRetentionPolicy" (events older than the period are deleted; without one they are
kept forever); Amazon S3 User Guide, "Expiring objects"; Amazon Managed Service for Prometheus User Guide, "Workspace
configuration".
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

LOGS: Final = "aws:cloudwatch/logGroup:LogGroup"
LIFECYCLES: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_DAYS: Final = {
    LOGS: ("retentionInDays", "log events"),
    "aws:amp/workspaceConfiguration:WorkspaceConfiguration": ("retentionPeriodInDays", "metrics"),
}
_RULES: Final = dict.fromkeys(LIFECYCLES, "rules") | dict.fromkeys(BUCKETS, "lifecycleRules")
NOT_KNOWN: Final = "not known before the update"
_FOREVER: Final = "forever"


@dataclass(frozen=True, slots=True)
class KeptLess:
    """What is kept for less long.

    Attributes:
        property: The property that says for how long.
        old: For how long until now.
        new: For how long from now on.
        sentence: What is deleted.
        certain: Whether it is, or may be: a value is not known yet.
    """

    property: str
    old: str
    new: str
    sentence: str
    certain: bool = True


def kept_less(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[KeptLess]:
    """What an update of a log group, a bucket's lifecycle or a workspace of Prometheus deletes.

    Args:
        kind: The type of the resource; of other types nothing is said.
        old: The inputs that it was deployed with, wire names; empty for rules that are new.
        new: The inputs that it would get.
    """
    if kind in _DAYS:
        yield from _fewer_days(old, new, *_DAYS[kind])
    elif kind in _RULES:
        yield from _expiring(old, new, _RULES[kind])


def _fewer_days(old: Mapping[str, Any], new: Mapping[str, Any], name: str, what: str) -> Iterator[KeptLess]:
    before, after = _days(old.get(name)), _days(new.get(name))
    if after in (before, math.inf):
        return
    was, will = (NOT_KNOWN if days is None else _words(days) for days in (before, after))
    if before is None or after is None:
        yield KeptLess(name, was, will, f"{what} may be deleted: {name} is {NOT_KNOWN}", certain=False)
    elif after < before:
        yield KeptLess(name, was, will, f"{what} older than {will} are deleted")


def _days(value: object) -> float | None:
    """Days; infinite for none or 0, None for not known."""
    if value in (None, 0):
        return math.inf
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _words(days: float) -> str:
    return _FOREVER if days == math.inf else f"{int(days)} days"


def _expiring(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[KeptLess]:
    """Rules that delete objects sooner than before, or that are new."""
    if old.get(name) == new.get(name):
        return
    if not isinstance(new.get(name), list | None):
        yield KeptLess(name, "as in the preview", NOT_KNOWN, "objects may be deleted: its rules are not known", certain=False)
        return
    before = _expirations(old.get(name))
    for (which, scope), days in _expirations(new.get(name)).items():
        was = min((had for (other, place), had in before.items() if other == which and place in (scope, "")), default=math.inf)
        if days < was:
            where = f" under {scope}" if scope else ""
            sentence = f"{which} older than {int(days)} days are deleted{where}"
            yield KeptLess(f"{name}.expiration", _words(was), f"{int(days)} days", sentence)


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
            given = rule.get(block)
            given = given if isinstance(given, dict) else {}
            number = next((amount for name in names if isinstance(amount := given.get(name), int | float)), None)
            # A date may be past: all that is there goes.
            if given.get("date") is not None:
                number = number or 0
            if number is not None and (number > 0 or given.get("date") is not None):
                days[words, place] = min(float(number), days.get((words, place), math.inf))
    return days
