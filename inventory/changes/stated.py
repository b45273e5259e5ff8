"""Topics that the stack file states for a Serverless cluster: no resources, and made as stated by `python -m tools topics`.

Pulumi takes any change of them without a word. What it comes to as soon as somebody applies it is told here.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from domain.guards.messages import losses_of_topic
from domain.guards.safety import partitions_of, topic_safety_of
from domain.msk.serverless import TOPIC_CONFIGS
from domain.problems import printable
from inventory.changes.cuts.people import WRITE
from inventory.changes.loss import Loss, LossKind
from inventory.changes.order import Order, Verdict
from inventory.rows import SERVERLESS_COMPONENT, get

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inventory.changes.cuts.people import People
    from inventory.changes.steps import Step

TOPICS_BY_COMMAND: Final = "topics-by-command"
STATED_AND_IMPOSSIBLE: Final = "stated-and-impossible"
_DEFAULTS: Final[Mapping[str, object]] = {
    name: TOPIC_CONFIGS[name] for name in ("cleanup.policy", "retention.bytes", "retention.ms")
}
"""What holds for topics that say nothing else."""
_AT_CREATION: Final = "cleanup.policy"
_WHEN: Final = "once python -m tools topics --apply runs, "
_NAMED: Final = 5
"""So many topics are named; of more the number is said."""

Topics = dict[str, dict[str, Any]]


def stated_topics(steps: Iterable[Step]) -> Iterator[Order]:
    """How changes of stated topics reach their clusters, and which cannot."""
    for step in steps:
        if step.row["type"] != SERVERLESS_COMPONENT or step.new is None or step.op not in ("create", "update"):
            continue
        before, after = _topics(step.old), _topics(step.new)
        if before is None or after is None:
            yield _advice(step, "What they were or will be is not in this preview.", delete=False)
        elif before != after:
            yield _advice(step, " ".join(_changed(before, after)), delete=bool(before.keys() - after.keys()))
            yield from _impossible(step, before, after)


def _advice(step: Step, changed: str, *, delete: bool) -> Order:
    stack = step.row["urn"].split("::")[0].removeprefix("urn:pulumi:")
    command = f"python -m tools topics --stack {stack} --command-config client.properties --apply"
    steps = [f"Deploy, then run on a host that reaches the cluster: {command}."]
    if delete:
        steps.append("To delete topics that the stack file no longer has, with their messages, name each: --delete TOPIC.")
    return Order(
        step.row["urn"],
        TOPICS_BY_COMMAND,
        Verdict.ADVICE,
        f"The topics of the stack file change, and Pulumi changes none on a Serverless cluster. {changed}",
        tuple(steps),
    )


def _impossible(step: Step, before: Topics, after: Topics) -> Iterator[Order]:
    """Changes that no topic takes that was created as the stack file said; whether it was, only its cluster knows."""
    for name in sorted(before.keys() & after.keys()):
        policy = _policy(before[name], TOPIC_CONFIGS[_AT_CREATION])
        for setting, was, will, why in (
            ("partitions", before[name]["partitions"], after[name]["partitions"], "Kafka cannot remove partitions"),
            # What the stack file names no more stays in the cluster.
            (_AT_CREATION, policy, _policy(after[name], policy), "MSK Serverless sets it only when a topic is created"),
        ):
            if will < was if setting == "partitions" else will != was:
                yield Order(
                    step.row["urn"],
                    STATED_AND_IMPOSSIBLE,
                    Verdict.UNKNOWN,
                    f"topics.{printable(name)}: {setting} would change from {printable(str(was))} to {printable(str(will))}, but "
                    f"{why}: if the topic was created as stated until now, python -m tools topics --apply refuses every change.",
                    (
                        "Revert it, or create a topic with another name and move its clients there.",
                        "If the topic in the cluster is as the stack file says now, as python -m tools topics shows, allow it by "
                        "name with --allow.",
                    ),
                )


def _topics(row: Mapping[str, Any] | None) -> Topics | None:
    """The topics that a component states; None where they are not known, or not in a form that this tool reads."""
    topics = get(row["inputs"], "topics", {}) if row else {}
    if not isinstance(topics, dict):
        return None
    whole = all(
        isinstance(topic, dict) and isinstance(topic.get("partitions"), int) and isinstance(topic.get("configs", {}), dict)
        for topic in topics.values()
    )
    return topics if whole else None


def _changed(before: Topics, after: Topics) -> Iterator[str]:
    both = sorted(before.keys() & after.keys())
    changed = [name for name in both if before[name] != after[name]]
    dropped = [name for name in changed if before[name].get("configs", {}).keys() - after[name].get("configs", {}).keys()]
    for what, names in (
        ("New: {}.", sorted(after.keys() - before.keys())),
        ("Changed: {}.", changed),
        ("No longer in the stack file: {}; a topic stays in the cluster until --delete TOPIC deletes it.",
         sorted(before.keys() - after.keys())),
        ("Settings taken out of the stack file: {}; they stay in the cluster until --reset TOPIC takes them off.", dropped),
    ):  # fmt: skip
        if names:
            yield what.format(_listed(names))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(printable, names[:_NAMED]))
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _policy(topic: Mapping[str, Any], usual: str) -> str:
    return str(topic.get("configs", {}).get(_AT_CREATION, usual))


def losses_of_stated(step: Step, protected: bool, people: People) -> Iterator[Loss]:
    """What a change of stated topics takes from people as soon as somebody applies it.

    Args:
        step: The update of a Serverless cluster's component.
        protected: Whether the cluster is protected.
        people: The clients as they are.
    """
    before, after = _topics(step.old), _topics(step.new)
    urn = step.row["urn"]
    if before is None or after is None:
        sentence = f"{_WHEN}messages may be deleted: what the topics were or will be is not known"
        yield Loss(urn, LossKind.MESSAGES, "topics", "not in the preview", "not in the preview", sentence, False, protected)
        return
    for name in sorted(before.keys() & after.keys()):
        clients, whom = people.whom(name)
        was = {**_DEFAULTS, **before[name].get("configs", {})}
        # What the stack file names no more stays as it is, and the cleanup policy does too: see `stated_topics`.
        will = {**was, **{config: value for config, value in after[name].get("configs", {}).items() if config != _AT_CREATION}}
        for loss in losses_of_topic(was, will, {}, {}):
            yield Loss(
                urn, LossKind.MESSAGES, f"topics.{name}.{loss.property}", loss.old, loss.new, f"{_WHEN}{loss.sentence}",
                loss.certain, protected, clients, whom=whom, guard=loss.guard,
            )  # fmt: skip
        for safety in topic_safety_of(was, will, {}, {}):
            users = tuple(chain(*people.users(name, WRITE))) or ("producers",)
            yield Loss(
                urn, LossKind.ACCESS if safety.cannot else LossKind.SAFETY, f"topics.{name}.{safety.property}", safety.old,
                safety.new, f"{_WHEN}{safety.sentence}", safety.certain, protected, users if safety.cannot else clients,
                safety.cannot, "" if safety.cannot else whom, safety.guard,
            )  # fmt: skip
        if added := partitions_of(before[name]["partitions"], after[name]["partitions"]):
            yield Loss(
                urn, LossKind.ORDER, f"topics.{name}.partitions", added[0], added[1], f"{_WHEN}{added[2]}",
                certain="may" not in added[2], protected=False, clients=clients, whom=whom,
            )  # fmt: skip
