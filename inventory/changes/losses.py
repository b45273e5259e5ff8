"""What a change takes from people beside what goes with its resources: messages, logs, safety, and clients' access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.guards.losses import configs_of_text
from domain.guards.messages import MessageLoss, losses_of_servers, losses_of_topic, notes_on_local_retention
from domain.guards.safety import SafetyLoss, partitions_of, replication_of, safety_of, topic_safety_of
from domain.guards.table import SMALLER_MESSAGES
from domain.msk.operations import covers
from inventory.changes.cuts.doors import doors_cut
from inventory.changes.cuts.mechanisms import access_cut, listens
from inventory.changes.cuts.people import FILES, WRITE, People
from inventory.changes.cuts.permissions import CLUSTER_POLICY, ROLE, permissions_cut, resource_policy_cut, trust_cut
from inventory.changes.cuts.sign_in import sign_in_cut
from inventory.changes.kept import losses_of_kept, notes_on_keys
from inventory.changes.loss import Loss, LossKind
from inventory.changes.stack import TOPIC, StepsOfStack, properties_of_text
from inventory.changes.stated import losses_of_stated
from inventory.changes.steps import Step
from inventory.clusters import CONFIGURATION
from inventory.rows import CLUSTER, SERVERLESS_COMPONENT, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_SHOW_SAMES: Final = (
    "The settings that the topic inherits from its cluster are not in this preview, because the cluster does not change. "
    "pulumi preview --json --show-sames shows them."
)


@dataclass(frozen=True, slots=True)
class Losses:
    """What changes take from people.

    Attributes:
        losses: Everything that is lost or may be.
        notes: What is no loss and looks like one, by the resource's URN.
        people: The clients as they are.
    """

    losses: tuple[Loss, ...]
    notes: Mapping[str, tuple[str, ...]]
    people: People

    def of(self, urn: str) -> tuple[Loss, ...]:
        """What the change of a resource takes."""
        return tuple(loss for loss in self.losses if loss.urn == urn)


def losses(steps: Iterable[Step]) -> Losses:
    """What the changes of a stack take from people, beside what is in resources that go."""
    stack = StepsOfStack(list(steps))
    before = People(step.old for step in stack.steps if step.old is not None)
    after = People(step.new for step in stack.steps if step.new is not None)
    taken: list[Loss] = []
    notes: dict[str, list[str]] = {}
    for step in stack.steps:
        kind, urn = step.row["type"], step.row["urn"]
        if kind == CONFIGURATION and step.op in ("update", "replace"):
            taken += _messages(step, _of_configuration(step), stack.is_protected(step), before.whom(None))
            taken += _safety(step, safety_of(*_texts(step), servers=True, express=stack.is_express(step)), stack, before)
            notes[urn] = notes_on_local_retention(*_texts(step))
        elif kind == TOPIC and step.op == "update":
            lost = list(_messages(step, _of_topic(step, stack), stack.is_protected(step), before.whom(_topic_name(step))))
            taken += [*lost, *_of_topic_s_safety(step, stack, before)]
            notes[urn] = notes_on_local_retention(*map(configs_of_text, _values(step, "configs")))
            if any(not loss.certain for loss in lost) and stack.properties_of(step.row) is None:
                notes[urn].append(_SHOW_SAMES)
        elif kind == CLUSTER and step.op == "update" and step.old and step.new:
            taken += _messages(step, _of_other_configuration(step, stack), stack.is_protected(step), before.whom(None))
            texts = _other_texts(step, stack)
            taken += _safety(step, safety_of(*texts, servers=True, express=stack.is_express(step)), stack, before)
            cut, notes[urn] = access_cut(step, stack)
            taken += cut
        elif kind == SERVERLESS_COMPONENT and step.op == "update":
            taken += losses_of_stated(step, stack.is_protected(step), before)
        elif kind == CLUSTER_POLICY and step.op in ("update", "replace", "delete"):
            taken += resource_policy_cut(step, stack)
        elif kind == ROLE and step.op in ("update", "replace", "delete"):
            taken += trust_cut(step, stack, before)
        else:
            taken += losses_of_kept(step, stack)
            taken += sign_in_cut(step, stack, before, after)
            notes[urn] = notes_on_keys(step)
    taken += permissions_cut(stack, before, after)
    taken += doors_cut(stack, lambda port: listens(stack, port))
    # What is left in AWS goes on as before.
    left = {step.row["urn"] for step in stack.steps if step.op == "delete" and step.retained}
    told = tuple(loss for loss in dict.fromkeys(taken) if loss.urn not in left)
    return Losses(told, {urn: tuple(said) for urn, said in notes.items() if said}, before)


def _messages(step: Step, lost: Iterable[MessageLoss], protected: bool, whom: tuple[tuple[str, ...], str]) -> Iterator[Loss]:
    for loss in lost:
        yield Loss(
            step.row["urn"], LossKind.MESSAGES, loss.property, loss.old, loss.new, loss.sentence, loss.certain, protected,
            whom[0], whom=whom[1], guard=loss.guard,
        )  # fmt: skip


def _safety(
    step: Step, lost: Iterable[SafetyLoss], stack: StepsOfStack, people: People, topic: str | None = None
) -> Iterator[Loss]:
    for loss in lost:
        clients, whom = _cut_off(loss, people, topic) if loss.cannot else people.whom(topic)
        yield Loss(
            step.row["urn"], LossKind.ACCESS if loss.cannot else LossKind.SAFETY, loss.property, loss.old, loss.new,
            loss.sentence, loss.certain, stack.is_protected(step), clients,
            loss.cannot, whom, loss.guard,
        )  # fmt: skip


def _cut_off(loss: SafetyLoss, people: People, topic: str | None) -> tuple[tuple[str, ...], str]:
    """The clients whom a loss of access may concern: all without IAM by ACLs, all that write by the size of batches."""
    if loss.guard != SMALLER_MESSAGES:
        return _without_iam(people)
    sure, perhaps = people.users(topic, WRITE)
    return (*sure, *perhaps) or ("producers",), ""


def _without_iam(people: People) -> tuple[tuple[str, ...], str]:
    names = {
        str(row["inputs"].get("client"))
        for row in people.rows
        if row["type"] == FILES and row["inputs"].get("mechanism") != "IAM"
    }
    return tuple(sorted(names)) or ("clients without IAM",), ""


def _topic_name(step: Step) -> str:
    name = step.row["inputs"].get("name")
    return name if isinstance(name, str) and is_known(name) else step.row["name"]


def _of_topic_s_safety(step: Step, stack: StepsOfStack, people: People) -> Iterator[Loss]:
    topic = _topic_name(step)
    before, after = map(configs_of_text, _values(step, "configs"))
    safety = topic_safety_of(before, after, stack.properties_of(step.row, old=True), stack.properties_of(step.row))
    yield from _safety(step, safety, stack, people, topic)
    yield from _safety(step, replication_of(*_values(step, "replicationFactor")), stack, people, topic)
    added = partitions_of(*_values(step, "partitionCount"))
    if added:
        clients, whom = people.whom(topic)
        yield Loss(
            step.row["urn"], LossKind.ORDER, "partitionCount", *added, certain="may" not in added[2],
            protected=False, clients=clients, whom=whom,
        )  # fmt: skip


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
    texts = _other_texts(step, stack)
    return [] if texts == ({}, {}) else losses_of_servers(*texts)


def _other_texts(step: Step, stack: StepsOfStack) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """The properties before and after, where it is the cluster's change that exchanges them; both empty where it is not."""
    nothing: tuple[dict[str, str], dict[str, str]] = ({}, {})
    if step.old is None or step.new is None or _same(step, "configurationInfo"):
        return nothing
    if not step.new["inputs"].get("configurationInfo"):
        # Refused: see inventory.changes.orders.
        return nothing
    before, after = (stack.configuration(row) for row in (step.old, step.new))
    if before is not None and before is after and before.op != "same":
        # An update that failed midway left the cluster with an older revision, whose text is not in the preview.
        outputs = (before.old or before.row)["outputs"]
        latest, had = get(outputs, "latestRevision"), get(step.old["inputs"], "configurationInfo.revision")
        stale = isinstance(latest, int) and isinstance(had, int) and latest != had
        return (None, stack.properties(step.new, old=False)) if stale else nothing
    old, new = stack.properties(step.old, old=True), stack.properties(step.new, old=False)
    if before is not None and before is after:
        # Of the revisions of one configuration a preview has the text of the latest alone. An update that failed midway leaves
        # the cluster with an older one.
        latest = get(before.row["outputs"], "latestRevision")
        revisions = (get(row["inputs"], "configurationInfo.revision") for row in (step.old, step.new))
        old, new = (text if revision == latest else None for revision, text in zip(revisions, (old, new), strict=True))
    return old, new


def _of_topic(step: Step, stack: StepsOfStack) -> list[MessageLoss]:
    if _same(step, "configs"):
        return []
    old, new = map(configs_of_text, _values(step, "configs"))
    return losses_of_topic(old, new, stack.properties_of(step.row, old=True), stack.properties_of(step.row))
