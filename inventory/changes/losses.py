"""What an update takes from people though no resource goes: messages that are deleted, and clients that are cut off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.msk.operations import covers
from inventory.changes.access import access_cut
from inventory.changes.loss import Loss, LossKind
from inventory.changes.messages import MessageLoss, losses_of_servers, losses_of_topic, notes_on_local_retention
from inventory.changes.stack import TOPIC, StepsOfStack, properties_of_text
from inventory.changes.steps import Step
from inventory.clusters import CONFIGURATION
from inventory.rows import CLUSTER, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_SHOW_SAMES: Final = (
    "The settings that the topic inherits from its cluster are not in this preview, because the cluster does not change. "
    "`pulumi preview --json --show-sames` shows them."
)


@dataclass(frozen=True, slots=True)
class Losses:
    """What updates take from people.

    Attributes:
        losses: Everything that is lost or may be.
        notes: What is no loss and looks like one, by the resource's URN.
    """

    losses: tuple[Loss, ...]
    notes: Mapping[str, tuple[str, ...]]

    def of(self, urn: str) -> tuple[Loss, ...]:
        """What the change of a resource takes."""
        return tuple(loss for loss in self.losses if loss.urn == urn)


def losses(steps: Iterable[Step]) -> Losses:
    """What the updates of clusters, configurations and topics take from people."""
    stack = StepsOfStack(list(steps))
    taken: list[Loss] = []
    notes: dict[str, list[str]] = {}
    for step in stack.steps:
        kind = step.row["type"]
        if step.op not in ("update", "replace") or step.old is None or step.new is None:
            continue
        if kind == CONFIGURATION:
            taken += _messages(step, _of_configuration(step), stack.is_protected(step))
            notes[step.row["urn"]] = notes_on_local_retention(*_texts(step))
        elif kind == TOPIC and step.op == "update":
            lost = list(_messages(step, _of_topic(step, stack), stack.is_protected(step)))
            taken += lost
            notes[step.row["urn"]] = notes_on_local_retention(*map(_configs, _values(step, "configs")))
            if any(not loss.certain for loss in lost) and stack.properties_of(step.row) is None:
                notes[step.row["urn"]].append(_SHOW_SAMES)
        elif kind == CLUSTER and step.op == "update":
            taken += _messages(step, _of_other_configuration(step, stack), stack.is_protected(step))
            cut, notes[step.row["urn"]] = access_cut(step, stack)
            taken += cut
    return Losses(tuple(taken), {urn: tuple(said) for urn, said in notes.items() if said})


def _messages(step: Step, lost: Iterable[MessageLoss], protected: bool) -> Iterator[Loss]:
    for loss in lost:
        yield Loss(step.row["urn"], LossKind.MESSAGES, loss.property, loss.old, loss.new, loss.sentence, loss.certain, protected)


def _same(step: Step, name: str) -> bool:
    """Whether a property stays as it is; what is hidden on both sides may be another value."""
    old, new = _values(step, name)
    if old != new:
        return False
    return is_known(new) or not (step.differs is None or _sees(step, name))


def _sees(step: Step, name: str) -> bool:
    """Whether the provider sees a difference in a property."""
    return any(covers(name, path) for path in step.differs or ())


def _values(step: Step, name: str) -> tuple[object, object]:
    """A property as it is and as it will be.

    Where the program asks for the same as ever and the provider sees a difference all the same, somebody changed it in AWS.
    """
    old, new = (row["inputs"].get(name) if row else None for row in (step.old, step.new))
    if old == new and is_known(new) and step.old and _sees(step, name):
        old = step.old["outputs"].get(name, old)
    return old, new


def _texts(step: Step) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    old, new = _values(step, "serverProperties")
    return properties_of_text(old), properties_of_text(new)


def _of_configuration(step: Step) -> list[MessageLoss]:
    return [] if _same(step, "serverProperties") else losses_of_servers(*_texts(step))


def _of_other_configuration(step: Step, stack: StepsOfStack) -> list[MessageLoss]:
    """What another configuration, or another revision of it, deletes; its own new revision is its configuration's."""
    if step.old is None or step.new is None or _same(step, "configurationInfo"):
        return []
    if not step.new["inputs"].get("configurationInfo"):
        # Refused: see inventory.changes.orders.
        return []
    before, after = (stack.configuration(row) for row in (step.old, step.new))
    if before is not None and before is after and before.op != "same":
        # An update that failed midway left the cluster with an older revision, whose text is not in the preview.
        outputs = (before.old or before.row)["outputs"]
        latest, had = get(outputs, "latestRevision"), get(step.old["inputs"], "configurationInfo.revision")
        stale = isinstance(latest, int) and isinstance(had, int) and latest != had
        return losses_of_servers(None, stack.properties(step.new, old=False)) if stale else []
    old, new = stack.properties(step.old, old=True), stack.properties(step.new, old=False)
    if before is not None and before is after:
        # Of the revisions of one configuration a preview has the text of the latest alone. An update that failed midway leaves
        # the cluster with an older one.
        latest = get(before.row["outputs"], "latestRevision")
        revisions = (get(row["inputs"], "configurationInfo.revision") for row in (step.old, step.new))
        old, new = (text if revision == latest else None for revision, text in zip(revisions, (old, new), strict=True))
    return losses_of_servers(old, new)


def _configs(value: object) -> dict[str, object] | None:
    """A topic's configuration, which is JSON; None where it is not known."""
    if value is None or value == "":
        return {}
    if isinstance(value, str) and is_known(value):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _of_topic(step: Step, stack: StepsOfStack) -> list[MessageLoss]:
    if _same(step, "configs"):
        return []
    old, new = map(_configs, _values(step, "configs"))
    return losses_of_topic(old, new, stack.properties_of(step.row, old=True), stack.properties_of(step.row))


# --- Clients that are cut off ---------------------------------------------------------------------------------------------
