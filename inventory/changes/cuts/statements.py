"""Statements of IAM policies, and which of them a change takes away.

IAM User Guide, "IAM JSON policy elements reference": what a statement allows, and ``*`` and ``?`` in actions and resources.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inventory.rows import is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Allowed:
    """One thing that a statement allows.

    Attributes:
        principal: Whom, in a resource's policy or a role's trust; empty in an identity's.
        action: The action, with wildcards: ``kafka-cluster:ReadData``.
        resource: The resource, with wildcards; empty in a role's trust.
        limits: Conditions and other elements that limit it, as JSON; empty where there are none.
    """

    principal: str
    action: str
    resource: str
    limits: str = ""


def statements_of(policy: object) -> list[dict[str, object]] | None:
    """The statements of a policy document; None where it is not known or is none."""
    if not is_known(policy):
        return None
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except (ValueError, RecursionError):
            return None
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(isinstance(statement, dict) for statement in statements):
        return None
    return statements


def allowed_by(statements: Iterable[dict[str, object]]) -> Iterator[Allowed]:
    """What statements allow, one by one; what they deny is not in it."""
    for statement in statements:
        if statement.get("Effect") == "Allow":
            limits = {name: value for name, value in statement.items() if name not in _PLAIN}
            text = json.dumps(limits, sort_keys=True, default=str) if limits else ""
            for principal in _principals(statement.get("Principal")) or [""]:
                for action in _texts(statement.get("Action")) or [""]:
                    for resource in _texts(statement.get("Resource")) or [""]:
                        yield Allowed(principal, action, resource, text)


def denied_by(statements: Iterable[dict[str, object]]) -> set[str]:
    """The statements that deny something, as JSON."""
    return {
        json.dumps({name: value for name, value in statement.items() if name != "Sid"}, sort_keys=True, default=str)
        for statement in statements
        if statement.get("Effect") != "Allow"
    }


_PLAIN: Final = ("Sid", "Effect", "Principal", "Action", "Resource")


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _principals(value: object) -> list[str]:
    names = [name for part in value.values() for name in _texts(part)] if isinstance(value, dict) else _texts(value)
    # AWS takes an account as its number and as its root.
    return [_ROOT.sub(r"\1", name) for name in names]


_ROOT: Final = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text), re.IGNORECASE | re.DOTALL)


def is_covered(wanted: Allowed, given: Iterable[Allowed]) -> bool:
    """Whether others allow the same or more."""
    return any(
        other.principal in (wanted.principal, "*")
        and other.limits in ("", wanted.limits)
        and _pattern(other.action).fullmatch(wanted.action)
        and _pattern(other.resource).fullmatch(wanted.resource)
        for other in given
    )


def allows(statement: dict[str, object], action: str, resource_type: str, name: str | None) -> bool:
    """Whether a statement allows an action on something of a cluster, by its name; on anything of that type for None."""
    for allowed in allowed_by([statement]):
        if not _pattern(allowed.action).fullmatch(action):
            continue
        kind, pattern = parts_of(allowed.resource)
        if kind == "*" or (kind == resource_type and (name is None or _pattern(pattern).fullmatch(name))):
            return True
    return False


def parts_of(resource: str) -> tuple[str, str]:
    """What kind of thing of a cluster an ARN names, and its name: ``topic`` and ``orders.*``; ``*`` for everything."""
    kind, *names = resource.split(":", 5)[-1].split("/")
    if kind in ("", "*"):
        return "*", "*"
    if kind == "cluster" or len(names) < _NAMED_AFTER:
        return kind, names[0] if names else "*"
    # After the cluster's name and its ID; a resource may stop at a wildcard.
    return kind, "/".join(names[_NAMED_AFTER:]) or "*"


_NAMED_AFTER: Final = 2


_WORDS: Final = {
    "kafka-cluster:Connect": "connect",
    "kafka-cluster:ReadData": "read {}",
    "kafka-cluster:WriteData": "write to {}",
    "kafka-cluster:WriteDataIdempotently": "write idempotently",
    "kafka-cluster:AlterGroup": "join {}",
    "kafka-cluster:AlterTransactionalId": "write with {}",
    "kafka-cluster:CreateTopic": "create {}",
    "kafka-cluster:DeleteTopic": "delete {}",
    "kafka-cluster:AlterTopic": "alter {}",
    "kafka:CreateVpcConnection": "set up VPC connections",
}
_FOLLOWS: Final = ("Describe", "Get")
"""Actions that are told only where nothing else is lost: they go along with others."""


def in_words(lost: Iterable[Allowed]) -> str:
    """What can no longer be done, as the end of "can no longer"."""
    every = list(lost)
    telling = [item for item in every if not item.action.partition(":")[2].startswith(_FOLLOWS)] or every
    words = list(dict.fromkeys(_word(item) for item in telling))
    return ", ".join(words)


def _word(allowed: Allowed) -> str:
    kind, name = parts_of(allowed.resource)
    what = "everything" if kind == "*" else f"{_NOUNS.get(kind, kind)} {name}"
    return _WORDS.get(allowed.action, f"{allowed.action or 'do what its conditions say'} on {{}}").format(what)


_NOUNS: Final = {"topic": "topic", "group": "consumer group", "transactional-id": "transactional ID", "cluster": "cluster"}
