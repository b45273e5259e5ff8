"""What a change does to what is deployed, in plain words: resource by resource, from the steps of a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.msk.brokers import broker_type
from domain.msk.operations import DYNAMIC_PROPERTIES, Operation, operations_for, rolling_restart
from inventory.changes.cuts.people import People, owner_of
from inventory.changes.headroom import headroom_note
from inventory.changes.loss import Loss, LossKind, listed
from inventory.changes.losses import losses
from inventory.changes.stack import TOPIC
from inventory.changes.stateful import KEYS, UNKNOWN_TYPE, Stateful, holds_nothing, is_known_type, stateful
from inventory.changes.steps import Difference, Step, differences
from inventory.rows import CLUSTER, CLUSTERS, ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Effect(StrEnum):
    """What becomes of a resource, the worst first."""

    DATA_LOSS = "data loss"
    MESSAGES = "messages deleted"
    DATA_DELETED = "data deleted"
    CUT_OFF = "clients cut off"
    REPLACEMENT = "replacement"
    DELETION = "deletion"
    ROLLING_RESTART = "rolling restart"
    IN_PLACE = "in place"
    CREATION = "new"
    LEFT = "left in AWS"
    PROTECTION = "protection"


ORDER = tuple(Effect)
"""The order in which effects are told."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a stateful resource.

    Attributes:
        step: What the engine does.
        kind: What the resource holds.
        effect: What becomes of it.
        summary: The same in plain words.
        differences: The properties that change.
        operations: The operations of the MSK API, in their order; none for other resources.
        notes: What else is to be known, most important first.
        losses: What is taken from people beside what the resource holds.
        clients: Whose it is, or who reads what is lost with a cluster or a topic that goes.
        owner: Whose it is, by its tags; empty where they do not say.
    """

    step: Step
    kind: Stateful
    effect: Effect
    summary: str
    differences: tuple[Difference, ...]
    operations: tuple[Operation, ...] = ()
    notes: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    clients: tuple[str, ...] = ()
    owner: str = ""

    @property
    def loses_data(self) -> bool:
        """Whether all that it holds is lost."""
        return self.effect is Effect.DATA_LOSS


def changes(steps: Iterable[Step]) -> list[Change]:
    """The changes to stateful resources, the worst first."""
    every = list(steps)
    lost = losses(every)
    by_urn: dict[str, list[Loss]] = {}
    for loss in lost.losses:
        by_urn.setdefault(loss.urn, []).append(loss)
    changed = []
    for step in every:
        taken = tuple(by_urn.get(step.row["urn"], ()))
        kind = _kind(step, taken)
        if kind and (step.op != "same" or step.unprotects):
            change = _with_losses(_change(step, kind, every), taken, lost.notes.get(step.row["urn"], ()))
            changed.append(_with_people(change, lost.people))
    return sorted(changed, key=_rank)


def _kind(step: Step, taken: tuple[Loss, ...]) -> Stateful | None:
    """What a resource holds; None where its change is no matter for this report."""
    resource_type = step.row["type"]
    known = stateful(resource_type)
    if known is None and step.goes and step.row["custom"] and not is_known_type(resource_type):
        return UNKNOWN_TYPE
    return known or (holds_nothing(resource_type) if taken else None)


def _with_people(change: Change, people: People) -> Change:
    """The change with whose the resource is and, where all that it holds is lost, with who is hurt."""
    row = change.step.old or change.step.row
    owner = owner_of(row)
    client = people.client_of(row)
    if not change.loses_data or row["type"] not in (*CLUSTERS, TOPIC):
        return replace(change, owner=owner, clients=(client,) if client else ())
    name = row["inputs"].get("name")
    clients, whom = people.whom(name if row["type"] == TOPIC and isinstance(name, str) else None)
    everybody = people.clients if row["type"] in CLUSTERS else clients
    said = f"Its clients: {listed(everybody)}." if row["type"] in CLUSTERS and everybody else whom
    return replace(change, owner=owner, clients=everybody, notes=(*change.notes, said))


def _rank(change: Change) -> tuple[bool, bool, int, bool]:
    """The worst first: what is gone, then what loses something and stays."""
    return not change.loses_data, not change.losses, ORDER.index(change.effect), change.step.row["type"] not in CLUSTERS


def _with_losses(change: Change, lost: tuple[Loss, ...], notes: tuple[str, ...]) -> Change:
    """The change with what it takes from people though the resource stays."""
    if not lost:
        return replace(change, notes=(*notes, *change.notes))
    certain = {(loss.kind, loss.certain) for loss in lost}
    said = [
        _TAKEN[kind].format("are" if (kind, True) in certain else "may be")
        for kind in LossKind
        if any(kind is taken for taken, _ in certain)
    ]
    # What is true of a configuration that goes is not true of the properties it takes along.
    told = tuple(note.removeprefix("No data is lost. ") for note in change.notes if note != "It holds no data.")
    return replace(
        change,
        effect=_worse(change, {kind for kind, _ in certain}),
        summary=f"{change.summary.removesuffix(', no data lost')}: {' and '.join(said)}",
        notes=(*notes, *told),
        losses=lost,
    )


def _worse(change: Change, kinds: set[LossKind]) -> Effect:
    """The effect of a change that takes something; a cluster's is its restart, and a resource's that goes stays what it is."""
    if change.step.row["type"] == CLUSTER or change.effect not in (
        Effect.IN_PLACE,
        Effect.REPLACEMENT,
        Effect.DELETION,
        Effect.CREATION,
    ):
        return change.effect
    worst = {LossKind.MESSAGES: Effect.MESSAGES, LossKind.DATA: Effect.DATA_DELETED, LossKind.ACCESS: Effect.CUT_OFF}
    return next((effect for kind, effect in worst.items() if kind in kinds), change.effect)


_TAKEN: Final = {
    LossKind.MESSAGES: "messages {} deleted",
    LossKind.DATA: "data {} deleted or unreadable",
    LossKind.SAFETY: "messages {} less safe",
    LossKind.ACCESS: "clients {} cut off",
    LossKind.ORDER: "keys {} spread over two partitions each",
}


def _change(step: Step, kind: Stateful, every: Sequence[Step]) -> Change:
    changed = tuple(differences(step))
    if step.goes:
        return _goes(step, kind, changed)
    if step.op == "same" or (step.unprotects and not changed):
        return Change(step, kind, Effect.PROTECTION, "protection is removed, nothing else changes", changed)
    if step.op in ("create", "import"):
        words = "taken over as it is" if step.op == "import" else "created"
        return Change(step, kind, Effect.CREATION, words, changed)
    if step.row["type"] == CLUSTER:
        return _update_of_cluster(step, kind, changed, every)
    return Change(step, kind, Effect.IN_PLACE, "in place", changed)


def _goes(step: Step, kind: Stateful, changed: tuple[Difference, ...]) -> Change:
    """A replacement or a deletion."""
    deleted = step.op == "delete"
    if step.retained:
        words = "Pulumi removes it from the state and leaves it in AWS (retainOnDelete)" + (
            "" if deleted else "; a new one is created"
        )
        return Change(step, kind, Effect.LEFT, words, changed)
    verb = "deleted" if deleted else "replaced"
    notes = [kind.consequence]
    if not deleted and step.delete_first is not None:
        first = "The old one is deleted before the new one is created: in between, neither exists."
        later = "The new one is created before the old one is deleted."
        notes.append(first if step.delete_first else later)
    if step.row["type"] in KEYS and step.old:
        days = get(step.old["inputs"], "deletionWindowInDays", 30)
        notes.append(f"Its deletion window is {days} days." if is_known(days) else "Its deletion window is not known.")
    if not kind.holds_data:
        return Change(
            step, kind, Effect.DELETION if deleted else Effect.REPLACEMENT, f"{verb}, no data lost", changed, (), (*notes,)
        )
    if kind is UNKNOWN_TYPE:
        return Change(step, kind, Effect.DATA_LOSS, f"{verb}: {kind.lost} may be lost", changed, (), (*notes,))
    return Change(step, kind, Effect.DATA_LOSS, f"{verb}: {kind.lost} {_are(kind.lost)} lost", changed, (), (*notes,))


def _are(what: str) -> str:
    return "are" if what.endswith("s") or what.startswith(("all ", "the logs")) else "is"


def _update_of_cluster(step: Step, kind: Stateful, changed: tuple[Difference, ...], every: Sequence[Step]) -> Change:
    operations = operations_for(difference.path for difference in changed)
    rolling = [operation for operation in operations if operation.restarts]
    notes = [f"{operation.name}: {operation.note}" for operation in operations if operation.note]
    if [operation.name for operation in operations if operation.restarts] == ["UpdateClusterConfiguration"]:
        notes += _configuration_notes(every)
    if not rolling:
        return Change(step, kind, Effect.IN_PLACE, "in place, no restart", changed, tuple(operations), tuple(notes))
    notes.insert(0, headroom_note(step, every))
    return Change(step, kind, Effect.ROLLING_RESTART, _rolling(step, rolling), changed, tuple(operations), tuple(notes))


def _rolling(step: Step, rolling: Sequence[Operation]) -> str:
    brokers = _brokers(step.old)
    broker = broker_type(str(get(step.row["inputs"], "brokerNodeGroupInfo.instanceType")))
    times = "" if len(rolling) == 1 else f", one for each of {', '.join(operation.name for operation in rolling)}"
    return rolling_restart(brokers, express=broker is not None and broker.is_express, rounds=len(rolling), why=times)


_MOST_BROKERS = 1000
"""More than a cluster can have is no number to count time with."""


def _brokers(row: ResourceRow | None) -> int | None:
    count = get(row["inputs"], "numberOfBrokerNodes") if row else None
    if not isinstance(count, int | float) or isinstance(count, bool):
        return None
    return int(count) if 0 < count <= _MOST_BROKERS else None


def _configuration_notes(every: Sequence[Step]) -> list[str]:
    """Whether the new properties need a restart at all."""
    names = {
        difference.path.removeprefix("serverProperties.")
        for step in every
        if step.row["type"] == "aws:msk/configuration:Configuration"
        for difference in differences(step)
        if difference.path.startswith("serverProperties.")
    }
    if names and names <= DYNAMIC_PROPERTIES:
        return [
            f"Kafka can change {', '.join(sorted(names))} on a running broker, and Amazon MSK restarts brokers only "
            "when necessary: it may not restart them."
        ]
    return []
