"""What somebody has to allow, and by which names: a topic's, a client's, a cluster's, a resource's, or its URN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.changes.cuts.doors import INGRESS
from inventory.changes.loss import LossKind
from inventory.rows import is_known
from tools.changes.headline import name_of
from tools.shared.urns import name_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from inventory.changes.effects import Change


@dataclass(frozen=True, slots=True)
class Allowances:
    """What has to be allowed, and what is.

    Attributes:
        needed: URNs that somebody has to allow.
        allowed: URNs that are allowed, of these and of others that lose something.
        acknowledged: The guards of the stack file that allow it, for each URN that needs nothing but these.
        problems: Names that name nothing, or more than one thing.
        names: The shortest name of each URN that means this one alone, or this client's.
    """

    needed: tuple[str, ...]
    allowed: tuple[str, ...]
    problems: tuple[str, ...]
    names: Mapping[str, str]
    acknowledged: Mapping[str, tuple[str, ...]]


def allowances(
    changed: Iterable[Change],
    needed: Sequence[str],
    allow: Collection[str],
    *,
    answered: Collection[str] = (),
    unknown: Collection[str] = (),
    every_loss: bool = False,
) -> Allowances:
    """Which of what is lost is allowed.

    Args:
        changed: The changes.
        needed: URNs that somebody has to allow.
        allow: The names and URNs that are given.
        answered: Guards that somebody answers for in the stack file.
        unknown: URNs of which it is not known what becomes of them: only their names allow them.
        every_loss: Whether everything that is lost is allowed; what is not known is not.
    """
    by_urn = {change.step.row["urn"]: change for change in changed}
    losing = list(dict.fromkeys([*needed, *(urn for urn, change in by_urn.items() if change.losses)]))
    resources = {urn: _resource_names(urn, by_urn.get(urn)) for urn in losing}
    clients = {urn: _client(by_urn.get(urn)) for urn in losing}
    allowed: set[str] = set()
    problems = []
    for name in dict.fromkeys(allow):
        meant = _meant(name, resources, clients)
        if not meant:
            problems.append(_nothing(name, losing, needed, resources, clients))
        elif len(meant) > 1:
            urns = ", ".join(urn for urns in meant for urn in sorted(urns))
            problems.append(f"--allow {name}: more than one thing has this name. Give the URN of what you mean: {urns}")
        else:
            allowed |= meant[0]
    names = {urn: _shortest(urn, resources, clients) for urn in losing}
    lost = [urn for urn in needed if urn not in unknown]
    acknowledged = {urn: guards for urn in lost if (guards := _answered(by_urn.get(urn), answered))}
    allowed.update(lost if every_loss else acknowledged)
    return Allowances(tuple(needed), tuple(urn for urn in losing if urn in allowed), tuple(problems), names, acknowledged)


def _answered(change: Change | None, answered: Collection[str]) -> tuple[str, ...]:
    """The guards by which the stack file allows all that a change takes; none where it takes anything else."""
    if change is None or change.step.goes or change.step.unprotects:
        return ()
    guards = tuple(dict.fromkeys(loss.guard for loss in change.losses if loss.protected))
    return guards if all(guard in answered for guard in guards) else ()


def _resource_names(urn: str, change: Change | None) -> tuple[str, ...]:
    """The names of a resource, the shortest first: as people know it, its logical name, its URN."""
    names = [name_in(urn), urn]
    if change is not None:
        row = change.step.old or change.step.row
        given = row["inputs"].get("name")
        known = [given] if isinstance(given, str) and given and is_known(given) else []
        sources = [loss.old for loss in change.losses if loss.property == INGRESS]
        names = [*(known if change.kind.noun == "topic" else []), name_of(change.step), *names, *sources]
    return tuple(dict.fromkeys(names))


def _client(change: Change | None) -> str | None:
    """The one client to whom all that a change takes belongs; None where it is not one client's."""
    if change is None:
        return None
    if change.loses_data:
        holds_others = change.kind.noun in ("cluster", "serverless cluster", "topic")
        return _word(change.clients[0]) if len(change.clients) == 1 and not holds_others else None
    clients = {client for loss in change.losses for client in loss.clients}
    only_access = all(loss.kind is LossKind.ACCESS for loss in change.losses)
    return _word(clients.pop()) if only_access and len(clients) == 1 and not change.operations else None


def _word(client: str) -> str:
    """A client in one word: ``10.0.0.0/16`` of "clients from 10.0.0.0/16"."""
    return client.rpartition(" ")[2] or client


def _meant(name: str, resources: Mapping[str, tuple[str, ...]], clients: Mapping[str, str | None]) -> list[set[str]]:
    """What a name may mean: one resource, or all that a client loses."""
    if name in resources:
        return [{name}]
    of_client = {urn for urn, client in clients.items() if client == name}
    meant = [of_client] if of_client else []
    return [*meant, *({urn} for urn, names in resources.items() if name in names and urn not in of_client)]


def _shortest(urn: str, resources: Mapping[str, tuple[str, ...]], clients: Mapping[str, str | None]) -> str:
    client = clients[urn]
    candidates = [client] if client is not None else []
    names = (name for name in (*candidates, *resources[urn]) if not name.startswith("-"))
    return next((name for name in names if len(_meant(name, resources, clients)) == 1), urn)


def _nothing(
    name: str,
    losing: Sequence[str],
    needed: Sequence[str],
    resources: Mapping[str, tuple[str, ...]],
    clients: Mapping[str, str | None],
) -> str:
    if not needed:
        return f"--allow {name}: nothing in this preview needs it. Remove the option."
    names = dict.fromkeys(_shortest(urn, resources, clients) for urn in losing if urn in needed)
    return f"--allow {name}: nothing of this name needs it. What does: {', '.join(names)} ({', '.join(needed)})"
