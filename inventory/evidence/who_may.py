"""Who may do what with the clusters of an inventory: gathered from everything in it that gives somebody a right."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from inventory.changes.cuts.people import CLIENTS
from inventory.clusters import TOPIC
from inventory.evidence.holders import Holders
from inventory.evidence.identities import (
    identities_of,
    rights_by_cluster_policies,
    rights_of_aws_policies,
    rights_of_identities,
    roads_to_others,
    without_connect,
)
from inventory.evidence.kafka_acls import rights_of_acls, rights_stated, rights_without_acls
from inventory.evidence.patterns import ANY, covers
from inventory.evidence.rights import Right, Unresolved, Verb, WhoMay
from inventory.evidence.targets import targets_of
from inventory.rows import SERVERLESS_COMPONENT, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inventory.rows import ResourceRow

_KAFKA_TOPIC = "kafka:index/topic:Topic"


def who_may(rows: Iterable[ResourceRow]) -> WhoMay:
    """Everybody who may do something, in order; what cannot be read is listed and never left out.

    Args:
        rows: The inventory.
    """
    every = tuple(rows)
    targets, holders = targets_of(every), Holders(every)
    unresolved: list[Unresolved] = holders.unresolved
    stated_for = targets[0].name if len(targets) == 1 else "the stack's cluster"
    rights = [
        *without_connect([*rights_of_identities(holders, targets), *rights_of_aws_policies(holders, targets)]),
        *rights_by_cluster_policies(holders, targets),
        *rights_of_acls(every, targets, unresolved),
        *rights_stated(every, stated_for, unresolved),
        *rights_without_acls(every, unresolved),
    ]
    unresolved += roads_to_others(holders)
    together = _together(rights)
    return WhoMay(
        tuple(together),
        tuple(dict.fromkeys(_with_stated(one, every) for one in unresolved)),
        tuple(identities_of(holders, {right.holder for right in together} | {one.about for one in unresolved})),
        tuple(target.name for target in targets),
        tuple(topics_of(every)),
    )


def holders_of(who: WhoMay, verb: Verb, topic: str) -> list[Right]:
    """The rights of everybody who may do something with a topic: those on it, and on what takes it in."""
    return [right for right in who.rights if right.kind == "topic" and right.verb is verb and is_on(right, topic)]


def is_on(right: Right, topic: str) -> bool:
    """Whether a right is on a topic, or on all that a pattern takes in, and is not denied there."""
    return covers(right.name, topic) and not any(covers(pattern, topic) for pattern in right.excepted)


def topics_of(rows: Sequence[ResourceRow]) -> list[str]:
    """The topics that an inventory names: its own, and those that a Serverless stack states."""
    names: list[str] = []
    for row in rows:
        if row["type"] in (TOPIC, _KAFKA_TOPIC):
            name = row["inputs"].get("name", row["inputs"].get("topicName"))
            names += [name] if isinstance(name, str) and is_known(name) else []
        elif row["type"] == SERVERLESS_COMPONENT and isinstance(stated := row["inputs"].get("topics"), dict):
            names += stated
    return sorted(dict.fromkeys(names))


def _together(rights: Iterable[Right]) -> list[Right]:
    """One right for all the actions that give the same."""
    actions: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for right in rights:
        key = (
            right.cluster,
            right.kind,
            right.name,
            right.holder,
            right.verb,
            right.decided,
            right.source,
            right.limits,
            right.excepted,
        )
        actions[key] += right.actions
    order = {verb: place for place, verb in enumerate(Verb)}
    kinds = ("topic", "group", "transactional-id", "cluster")
    merged = [
        Right(holder, cluster, kind, name, verb, tuple(sorted(dict.fromkeys(those))), decided, source, limits, excepted)
        for (cluster, kind, name, holder, verb, decided, source, limits, excepted), those in actions.items()
    ]
    return sorted(
        merged,
        key=lambda right: (
            right.cluster,
            kinds.index(right.kind),
            right.name == ANY,
            right.name,
            right.holder,
            order[right.verb],
            right.source,
            right.limits,
        ),
    )


def _with_stated(one: Unresolved, rows: Sequence[ResourceRow]) -> Unresolved:
    """What the program states of a client whose policy a deployment decides."""
    client = one.about.removeprefix("client ")
    if client == one.about:
        return one
    for row in rows:
        stated = get(row["inputs"], ("access", client)) if row["type"] == CLIENTS else None
        if isinstance(stated, dict) and is_known(stated):
            words = [f"{key} {', '.join(value)}" for key, value in stated.items() if isinstance(value, list)]
            words += [key for key, value in stated.items() if value is True]
            return Unresolved(one.about, one.urn, one.why, "; ".join(words))
    return one
