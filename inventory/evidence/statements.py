"""What statements of IAM allow and deny of a cluster: patterns of actions expanded, resources as names of topics and the like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.access.reach import CONTROL_EFFECTS, CONTROL_ON_TOPICS
from domain.access.statements import ACTIONS
from inventory.evidence.patterns import ANY, covers, matches, overlaps, readable, shown, variables
from inventory.evidence.rights import Verb
from inventory.evidence.targets import CLUSTER, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inventory.evidence.targets import Target


@dataclass(frozen=True, slots=True)
class Known:
    """An action that does something with a cluster.

    Attributes:
        kind: What it sits on.
        verb: What it does; None for what has no effect of its own.
    """

    kind: str
    verb: Verb | None


_VERBS: Final = {
    "Connect": Verb.CONNECT,
    "ReadData": Verb.READ,
    "WriteData": Verb.WRITE,
    "AlterGroup": Verb.READ,
    "AlterTransactionalId": Verb.WRITE,
    "WriteDataIdempotently": None,
}
_CONTROL_TOPICS: Final = ("CreateTopic", "DeleteTopic", "UpdateTopic")
"""Actions of Amazon MSK's own API that change topics."""


def _verb_of(action: str) -> Verb | None:
    if action in _VERBS:
        return _VERBS[action]
    return Verb.DESCRIBE if action.startswith("Describe") else Verb.ADMINISTER


def _control(action: str) -> Known:
    if action in CONTROL_ON_TOPICS:
        return Known(TOPIC, Verb.ADMINISTER if action in _CONTROL_TOPICS else None)
    if action == "CreateVpcConnection":
        return Known(CLUSTER, Verb.CONNECT)
    return Known(CLUSTER, Verb.ADMINISTER if CONTROL_EFFECTS[action] else None)


KNOWN: Final[Mapping[str, Known]] = {
    **{f"kafka-cluster:{name}": Known(action.resource_type.value, _verb_of(name)) for name, action in ACTIONS.items()},
    **{f"kafka:{name}": _control(name) for name in CONTROL_EFFECTS},
}
"""Every action of the two services, with what it sits on and does."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What one statement says of one action.

    Attributes:
        action: The action, such as kafka-cluster:ReadData.
        resource: A pattern of ARNs.
        excepted: Patterns of ARNs that it is not about (NotResource).
        conditions: The statement's conditions, in words.
    """

    action: str
    resource: str
    excepted: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def permissions_in(statements: Iterable[Mapping[str, object]], effect: str) -> Iterator[Permission]:
    """What the statements of one effect say, action by action. An effect that is neither word denies: it allows nothing."""
    for statement in statements:
        allows = statement.get("Effect") == "Allow"
        if allows != (effect == "Allow"):
            continue
        conditions = tuple(condition_words(statement.get("Condition")))
        excepted = tuple(map(readable, texts(statement.get("NotResource"))))
        resources = [ANY] if excepted else [*texts(statement.get("Resource"))]
        for action in _actions(statement):
            for resource in resources:
                decided = tuple(f"{name} is decided by each request" for name in variables(resource))
                yield Permission(action, readable(resource), excepted, (*conditions, *decided))


def _actions(statement: Mapping[str, object]) -> Iterator[str]:
    yield from (action for action in KNOWN if takes_in(statement, action))


def takes_in(statement: Mapping[str, object], action: str) -> bool:
    """Whether a statement is about an action."""
    wanted, unwanted = texts(statement.get("Action")), texts(statement.get("NotAction"))
    return any(matches(pattern, action, any_case=True) for pattern in wanted) or (
        bool(unwanted) and not any(matches(pattern, action, any_case=True) for pattern in unwanted)
    )


def texts(value: object) -> list[str]:
    """A text, or a list of texts, as a list."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def condition_words(block: object) -> Iterator[str]:
    """The conditions of a statement, each as its key, operator and values."""
    if block is None:
        return
    if not isinstance(block, dict):
        yield "a condition that cannot be read"
        return
    for operator, keys in block.items():
        for key, values in keys.items() if isinstance(keys, dict) else [("?", keys)]:
            listed = values if isinstance(values, list) else [values]
            yield f"{key} {operator} {', '.join(map(str, listed))}"


def names_of(permission: Permission, target: Target, *, surely: bool = False) -> list[str]:
    """The patterns of names, in a cluster, that a permission is about: that it may be about, or surely is."""
    names = target.names_in(permission.resource, KNOWN[permission.action].kind, surely=surely)
    excepted = excepted_of(permission, target, surely=not surely)
    return [name for name in names if not any(covers(other, name) for other in excepted)]


def excepted_of(permission: Permission, target: Target, *, surely: bool = False) -> list[str]:
    """The patterns of names, in a cluster, that a permission excepts: that it may except, or surely does."""
    kind = KNOWN[permission.action].kind
    return [name for pattern in permission.excepted for name in target.names_in(pattern, kind, surely=surely)]


def exceptions_of(permission: Permission, name: str, target: Target) -> tuple[str, ...]:
    """What of a name a permission excepts, in words."""
    return tuple(f"not {shown(other)}" for other in excepted_of(permission, target) if overlaps(other, name))


@dataclass(frozen=True, slots=True)
class Denied:
    """What denials take of a permission.

    Attributes:
        whole: Whether they certainly take all of it.
        names: Patterns of names that they certainly take.
        limits: What they take or may take, in words.
    """

    whole: bool
    names: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


def denied(denials: Sequence[Permission], action: str, name: str, target: Target) -> Denied:
    """What denials take of a permission.

    Args:
        denials: What is denied to its holder.
        action: The action.
        name: The pattern of names that is allowed.
        target: The cluster.
    """
    names: list[str] = []
    limits: list[str] = []
    for denial in denials:
        if denial.action != action:
            continue
        excepted = excepted_of(denial, target)
        if any(covers(other, name) for other in excepted):
            continue
        for pattern in names_of(denial, target):
            if not overlaps(pattern, name):
                continue
            what = shown(pattern) or "the cluster"
            but = f" but {', '.join(map(shown, excepted))}" if excepted else ""
            when = f" where {' and '.join(denial.conditions)}" if denial.conditions else ""
            limits.append(f"denied on {what}{but}{when}")
        if not denial.conditions:
            certain = names_of(denial, target, surely=True)
            names += [pattern for pattern in certain if not any(overlaps(other, pattern) for other in excepted)]
    if any(covers(pattern, name) for pattern in names):
        return Denied(whole=True)
    return Denied(False, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(limits)))
