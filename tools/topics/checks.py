"""What stands against a plan: all of it is said before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.guards.losses import topic_refusals
from domain.guards.messages import losses_of_topic
from domain.guards.safety import partitions_of, topic_safety_of
from domain.guards.topics import refusals_on_topic_update
from domain.msk.internal_topics import internal_topics_of
from domain.problems import did_you_mean
from domain.properties.values import words_of
from tools.topics.plan import INTERNAL, Configure, Create, Delete, Grow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from domain.guards.messages import MessageLoss
    from domain.guards.safety import SafetyLoss
    from tools.topics.limits import Limits
    from tools.topics.plan import Plan, Present
    from tools.topics.reading import Snapshot
    from tools.topics.terms import Terms


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a plan is not carried out.

    Attributes:
        message: What is wrong, and what to do instead.
        guard: The guard that somebody may answer for, or that says what Kafka refuses; empty for none.
    """

    message: str
    guard: str = ""

    def __str__(self) -> str:
        return f"{self.message} [{self.guard}]" if self.guard else self.message


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say against a plan.

    Attributes:
        objections: Why it is not carried out.
        warnings: What it takes, which nothing forbids or somebody answers for.
    """

    objections: tuple[Objection, ...]
    warnings: tuple[str, ...]


def verdict_on(
    plan: Plan, terms: Terms, snapshot: Snapshot, *, reset: Collection[str] = (), delete: Collection[str] = ()
) -> Verdict:
    """Judges a plan.

    Args:
        plan: The plan.
        terms: What the stack's settings say.
        snapshot: The cluster.
        reset: Topics whose settings somebody wants taken off.
        delete: Topics that somebody wants deleted.
    """
    objections = [
        *_named_to_delete(terms, snapshot.topics, delete),
        *_named_to_reset(terms, snapshot.topics, reset),
        *_impossible(terms, snapshot.topics),
        *_colliding(plan, snapshot.topics),
    ]
    if terms.limits:
        objections += [*_only_at_creation(plan, terms.limits), *_too_many(plan, terms.limits, snapshot.topics)]
    warnings = [*_beyond_a_period(plan, terms.limits)] if terms.limits else []
    servers = {**terms.servers, **snapshot.servers}
    for step in plan.steps:
        if isinstance(step, Grow) and (words := partitions_of(step.before, step.after)):
            warnings.append(f"topics.{step.topic}.partitions: {words[2]}.")
        elif isinstance(step, Configure):
            refused, allowed = _losses(step, snapshot.topics[step.topic], servers, terms)
            objections += refused
            warnings += allowed
    return Verdict(tuple(objections), tuple(warnings))


def _named_to_delete(terms: Terms, present: Mapping[str, Present], delete: Collection[str]) -> Iterator[Objection]:
    for name in sorted(set(delete)):
        named = f"--delete {name}: "
        if name.startswith(INTERNAL):
            internal = internal_topics_of(name, prefix=False)
            what = f" It holds {internal[0].losing}." if internal else ""
            yield Objection(f"{named}names with two underscores in front are those of Kafka's and Amazon MSK's own topics.{what}")
        elif name in terms.wanted:
            yield Objection(f"{named}the stack file names it. Remove topics.{name} first.")
        elif places := terms.used_by.get(name):
            yield Objection(f"{named}clients of the stack file use it. Remove it from {', '.join(places)} first.")
        elif applications := [client for client, streams in terms.streams.items() if streams.has_internal(name)]:
            yield Objection(
                f"{named}it is called like an internal topic of {', '.join(applications)}, which holds the application's state "
                "or messages on their way. Remove the client first."
            )
        elif name not in present:
            # What is like it is not suggested: whoever takes the hint deletes it.
            yield Objection(f"{named}this client sees no such topic. Leave it out if it is deleted already.")


def _named_to_reset(terms: Terms, present: Mapping[str, Present], reset: Collection[str]) -> Iterator[Objection]:
    for name in sorted(set(reset)):
        if name not in terms.wanted:
            yield Objection(f"--reset {name}: it is not in the stack file's topics.{did_you_mean(name, terms.wanted)}")
        elif name not in present:
            yield Objection(f"--reset {name}: it is not on the cluster yet, so nothing is set on it. Leave it out.")


def _impossible(terms: Terms, present: Mapping[str, Present]) -> Iterator[Objection]:
    """What Kafka does not do to a topic that is there."""
    for name, wanted in sorted(terms.wanted.items()):
        now = present.get(name)
        if now is None:
            continue
        counts = ({"partitionCount": now.partitions}, {"name": name, "partitionCount": wanted.partitions})
        yield from (Objection(refusal.message, refusal.rule) for refusal in refusals_on_topic_update(*counts))
        if wanted.replication_factor not in (None, now.replication_factor):
            yield Objection(
                f"topics.{name}.replicationFactor would change from {now.replication_factor} to {wanted.replication_factor}, but "
                "only a reassignment of its partitions changes that (kafka-reassign-partitions.sh), which shows another factor "
                f"while it lasts. Set replicationFactor to {now.replication_factor}, or reassign them first."
            )


def _colliding(plan: Plan, present: Mapping[str, Present]) -> Iterator[Objection]:
    """Kafka's metrics take dots and underscores for the same."""
    names = {name.replace(".", "_"): name for name in present}
    for step in plan.steps:
        if isinstance(step, Create) and (other := names.get(step.topic.replace(".", "_"))):
            yield Objection(
                f"topics.{step.topic} collides with {other}, which is on the cluster: Kafka's metrics treat dots and underscores "
                "alike, so Kafka refuses the second topic. Choose another name."
            )


def _only_at_creation(plan: Plan, limits: Limits) -> Iterator[Objection]:
    for step in plan.steps:
        if isinstance(step, Configure):
            for setting in sorted(limits.only_at_creation & step.after.keys()):
                now, then = step.before.get(setting, "not known"), step.after[setting] or "the cluster's"
                yield Objection(
                    f"topics.{step.topic}: {setting} would change from {now} to {then}, but MSK Serverless sets it only when a "
                    "topic is made. Revert it, or make a topic with another name and move its clients there."
                )


def _too_many(plan: Plan, limits: Limits, present: Mapping[str, Present]) -> Iterator[Objection]:
    """What the cluster would have before anything is deleted: deletions come last."""
    partitions = {name: topic.partitions for name, topic in present.items()}
    compacted = {name for name, topic in present.items() if _is_compacted(topic.effective)}
    for step in plan.steps:
        if isinstance(step, Create):
            partitions[step.topic] = step.partitions
            compacted |= {step.topic} if _is_compacted(step.configs) else set()
        elif isinstance(step, Grow):
            partitions[step.topic] = step.after
    if not any(isinstance(step, Create | Grow) for step in plan.steps):
        return
    for number, most, what in (
        (sum(partitions.values()), limits.leaders, "partitions"),
        (sum(partitions[name] for name in compacted), limits.compacted_leaders, "partitions of compacted topics"),
    ):
        if number > most:
            yield Objection(
                f"The cluster would have {number} {what}, and MSK Serverless takes {most}. Use fewer partitions, or delete "
                "topics in a run of its own first, while the new ones are not in the stack file yet."
            )


def _beyond_a_period(plan: Plan, limits: Limits) -> Iterator[str]:
    """Topics with more partitions than the cluster makes or deletes at a time."""
    most, minutes = limits.changed_partitions, limits.period / 60
    for step in plan.steps:
        if isinstance(step, Create) and step.partitions > most:
            yield (
                f"topics.{step.topic} is made with {most} partitions and grows to {step.partitions}: until it has them all, "
                "messages with a key must not be written, or those of one key lie in two partitions."
            )
        elif isinstance(step, Delete) and step.partitions > most:
            yield (
                f"{step.topic} has {step.partitions} partitions and goes as a whole, while MSK Serverless deletes {most} in "
                f"{minutes:g} minutes: whether it takes that is not documented."
            )


def _is_compacted(configs: Mapping[str, str]) -> bool:
    return "compact" in words_of(configs.get("cleanup.policy", ""))


def _losses(step: Configure, now: Present, servers: Mapping[str, str], terms: Terms) -> tuple[list[Objection], list[str]]:
    """What a change takes: what nobody answers for on a protected stack, and the rest."""
    before = {**step.before, **now.own}
    after = {name: value for name, value in {**now.own, **step.after}.items() if value is not None}
    text = "".join(f"{name}={value}\n" for name, value in servers.items())
    acknowledged = terms.acknowledged
    refused = (
        topic_refusals({"configs": before}, {"name": step.topic, "configs": after}, text, acknowledged=acknowledged)
        if terms.protect
        else []
    )
    losses: list[MessageLoss | SafetyLoss] = [*losses_of_topic(before, after, servers, servers)]
    losses += topic_safety_of(before, after, servers, servers)
    allowed = [
        f"topics.{step.topic}: {loss.property} changes from {loss.old} to {loss.new}: {loss.sentence}"
        f"{f' [{loss.guard} is acknowledged]' if loss.guard in acknowledged else ''}."
        for loss in losses
        if not terms.protect or loss.guard in acknowledged
    ]
    return [Objection(refusal.message, refusal.rule) for refusal in refused], allowed
