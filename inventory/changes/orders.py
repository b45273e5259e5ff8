"""Orders that AWS refuses, or that are better split, each with the steps to take instead.

What is refused is decided by `domain.guards.cluster`, as it is under `pulumi up`. The engine asks no guard before it replaces a
resource; here replacements are held against them as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.guards.cluster import refusals_on_update
from domain.guards.creation import refusals_on_create
from domain.guards.refusal import Refusal, at
from domain.guards.table import BROKER_KINDS, GUARDS, ONE_OPERATION
from domain.guards.topics import refusals_on_topic_update
from domain.msk.brokers import BROKER_TYPES
from domain.msk.operations import OPERATIONS, STORAGE_COOLDOWN_HOURS, covers, operations_for
from domain.msk.versions import KAFKA_VERSIONS
from domain.problems import printable, shown
from inventory.changes.stack import TOPIC
from inventory.changes.steps import differences
from inventory.rows import CLUSTER, get, is_known

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from inventory.changes.steps import Step


class Verdict(StrEnum):
    """What becomes of an order, the worst first."""

    REFUSED = "refused"
    """AWS or a guard refuses it: the update fails."""
    REPLACES = "replaces"
    """AWS has no such update: the provider replaces the cluster instead."""
    UNKNOWN = "not known"
    """This tool does not know what becomes of it: somebody has to look it up."""
    ADVICE = "advice"
    """It works, and there is a better way."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something that does not work in one update, or not at all.

    Attributes:
        urn: The resource it is about.
        rule: Its name.
        verdict: Whether it is refused, or what else it is.
        message: What is wrong.
        steps: What to do instead, in order.
    """

    urn: str
    rule: str
    verdict: Verdict
    message: str
    steps: tuple[str, ...]


def acknowledged(config: Mapping[str, object], today: datetime.date) -> frozenset[str]:
    """Guards that somebody answers for, as the stack's configuration says and on that day.

    Args:
        config: The configuration as `pulumi preview --json` prints it: every value is text.
        today: The day on which ``until`` is judged.
    """
    answered: set[str] = set()
    for key, value in config.items():
        if not key.endswith(":acknowledge") or not isinstance(value, str):
            continue
        try:
            answers = json.loads(value)
        except ValueError:
            # Another program's setting of that name.
            continue
        entries = answers.items() if isinstance(answers, dict) else ()
        answered.update(rule for rule, entry in entries if isinstance(entry, dict) and str(entry.get("until", "")) >= str(today))
    return frozenset(answered)


def orders(steps: Iterable[Step], *, today: datetime.date, answered: Collection[str] = ()) -> list[Order]:
    """What AWS or a guard refuses of these steps, and what is better split; refusals first.

    Args:
        steps: The steps.
        today: The day on which end of support is judged.
        answered: Guards somebody answers for.
    """
    every = list(steps)
    ordered = [
        order for step in every if step.row["type"] == CLUSTER for order in _of_cluster(step, today=today, answered=answered)
    ]
    versions = {get(step.new["inputs"], "kafkaVersion") for step in every if step.row["type"] == CLUSTER and step.new}
    # Of several clusters it is not known here whose a topic is.
    version = str(*versions) if len(versions) == 1 and all(map(is_known, versions)) else None
    ordered += [order for step in every if step.row["type"] == TOPIC for order in _of_topic(step, version)]
    return sorted(ordered, key=lambda order: list(Verdict).index(order.verdict))


def _of_topic(step: Step, version: str | None) -> Iterator[Order]:
    if step.op == "update" and step.old and step.new:
        for refusal in refusals_on_topic_update(step.old["inputs"], step.new["inputs"], version=version):
            yield Order(step.row["urn"], refusal.rule, Verdict.REFUSED, refusal.message, GUARDS[refusal.rule].steps)


_COUNT: Final = "numberOfBrokerNodes"
_SUBNETS: Final = "brokerNodeGroupInfo.clientSubnets"


def _of_layout(step: Step) -> Iterator[Order]:
    """Brokers that cannot be spread evenly over the subnets: measured 2026-09, `domain.msk.refusals`."""
    if step.new is None or step.op not in ("create", "update", "replace"):
        return
    brokers, subnets = (get(step.new["inputs"], path) for path in (_COUNT, _SUBNETS))
    if not isinstance(brokers, int) or not isinstance(subnets, list) or not subnets or brokers % len(subnets) == 0:
        return
    if (
        step.op == "update"
        and step.old
        and all(get(step.old["inputs"], path) == get(step.new["inputs"], path) for path in (_COUNT, _SUBNETS))
    ):
        return
    fewer = brokers - brokers % len(subnets)
    choice = f"{fewer} or {fewer + len(subnets)}" if fewer else str(len(subnets))
    yield Order(
        step.row["urn"],
        "broker-count-multiple-of-az",
        Verdict.REFUSED,
        f"The cluster would have {brokers} brokers in {len(subnets)} subnets, but Amazon MSK takes a multiple of the number of "
        f"subnets. Choose {choice} brokers.",
        (f"Choose {choice} brokers: the same number in each zone.",),
    )


def _unknown(step: Step) -> Iterator[Order]:
    """New values and properties that no table of this tool has: what AWS makes of them is not known."""
    if step.new is None or step.op not in ("create", "update", "replace"):
        return
    for path, known, what in _TABLES:
        old = get(step.old["inputs"], path) if step.old else None
        new = get(step.new["inputs"], path)
        if new is None or new == old or (isinstance(new, str) and new in known):
            continue
        shown_as = "not known before the update" if not is_known(new) else printable(shown(new))
        yield Order(
            step.row["urn"],
            f"unknown-{what.replace(' ', '-').lower()}",
            Verdict.UNKNOWN,
            f"{path} would be {shown_as}, a {what} that is not known to this tool: whether Amazon MSK takes it, what it restarts "
            "and what it costs is not known.",
            ("Check it in the MSK Developer Guide; if it is sound, allow it by name with --allow.",),
        )
    if step.op != "update":
        return
    paths = [difference.path for difference in differences(step)]
    for path in paths:
        if not any(covers(path, known) for operation in OPERATIONS for known in (*operation.paths, *_NO_OPERATION)):
            yield Order(
                step.row["urn"],
                "unknown-property",
                Verdict.UNKNOWN,
                f"{path} would change, a property that is not known to this tool: what Amazon MSK makes of it is not known.",
                ("Check it in the MSK Developer Guide; if it is sound, allow it by name with --allow.",),
            )


_TABLES: Final = (
    ("brokerNodeGroupInfo.instanceType", frozenset(BROKER_TYPES), "broker type"),
    ("kafkaVersion", frozenset(KAFKA_VERSIONS), "Kafka version"),
    ("storageMode", frozenset({"LOCAL", "TIERED"}), "storage mode"),
    ("encryptionInfo.encryptionInTransit.clientBroker", frozenset({"TLS", "TLS_PLAINTEXT", "PLAINTEXT"}), "encryption"),
)
_NO_OPERATION: Final = ("tags", "tagsAll", "region")
"""Properties of a cluster that change without an operation of the MSK API on the cluster itself."""


def _of_cluster(step: Step, *, today: datetime.date, answered: Collection[str]) -> Iterator[Order]:
    urn = step.row["urn"]
    refusals: list[Refusal] = []
    if step.op in ("update", "replace") and step.old and step.new:
        verdict = Verdict.REFUSED if step.op == "update" else Verdict.REPLACES
        for refusal in refusals_on_update(step.old["inputs"], step.new["inputs"], acknowledged=answered):
            if step.op == "replace" and refusal.rule in BROKER_KINDS:
                # The new cluster may have any broker type.
                continue
            refusals.append(refusal)
            yield Order(urn, refusal.rule, verdict, refusal.message, _instead(step, refusal.rule))
    if step.op in ("create", "replace") and step.new:
        # A replacement is a creation too: AWS refuses a new cluster what it would have let the old one have.
        for refusal in refusals_on_create(step.new["inputs"], today=today, acknowledged=answered):
            yield Order(urn, refusal.rule, Verdict.REFUSED, refusal.message, _instead(step, refusal.rule))
    yield from _of_layout(step)
    if BROKER_KINDS.isdisjoint(refusal.rule for refusal in refusals):
        yield from _unknown(step)
    if step.op == "update" and step.old and step.new:
        yield from _advice(step, {refusal.rule for refusal in refusals})


def _instead(step: Step, rule: str) -> tuple[str, ...]:
    if rule != ONE_OPERATION:
        return GUARDS[rule].steps
    # What connectivity depends on comes first.
    first = [
        setting
        for setting, path in (("authentication", "clientAuthentication"), ("brokerType", "brokerNodeGroupInfo.instanceType"))
        if step.old and step.new and at(step.old["inputs"], path) != at(step.new["inputs"], path)
    ]
    return (
        f"Change {' and '.join(first) or 'authentication and brokerType'} alone and deploy.",
        "When the cluster is ACTIVE again, change connectivity (network.publicAccess, multiVpc or ipv6) and deploy.",
    )


def _advice(step: Step, refused: Collection[str]) -> Iterator[Order]:
    urn = step.row["urn"]
    paths = [difference.path for difference in differences(step)]
    operations = operations_for(paths)
    if step.old and step.new and step.old["inputs"].get("configurationInfo") and not step.new["inputs"].get("configurationInfo"):
        # hashicorp/terraform-provider-aws issue 12895. No guard says it: to a hook, what is not known yet is as if left out.
        yield Order(
            urn,
            "configuration-detached",
            Verdict.REFUSED,
            "The cluster would be left without a configuration: Amazon MSK exchanges one for another, and never takes it away.",
            ("Keep a configuration, with default values if there is nothing else to say.",),
        )
    if not BROKER_KINDS.isdisjoint(refused):
        # Nothing is better split or later: it does not work at all.
        return
    restarting = [operation.name for operation in operations if operation.restarts]
    if len(operations) > 1 and restarting and ONE_OPERATION not in refused:
        names = [operation.name for operation in operations]
        # hashicorp/terraform-provider-aws issue 25061, and the order of internal/service/kafka/cluster.go.
        yield Order(
            urn,
            "several-operations",
            Verdict.ADVICE,
            f"Amazon MSK takes one operation at a time. The provider runs {_sequence(names)}; if one fails, the rest does not "
            "run, and the next update has to finish it.",
            tuple(f"Deploy {name} alone ({', '.join(_settings(paths, name))})." for name in names),
        )
    if any(operation.name in ("UpdateBrokerStorage", "UpdateStorage") for operation in operations):
        # MSK Developer Guide, "Scale up Amazon MSK Standard broker storage".
        yield Order(
            urn,
            "storage-cooldown",
            Verdict.ADVICE,
            f"Amazon MSK refuses a change of storage within {STORAGE_COOLDOWN_HOURS} hours of the last one, autoscaling's too, "
            "and while volumes are being optimised. A preview cannot know when that was.",
            (
                "Check when storage last changed: aws kafka list-cluster-operations-v2 --cluster-arn ARN.",
                f"Deploy once that is {STORAGE_COOLDOWN_HOURS} hours ago or more, and the cluster is ACTIVE.",
            ),
        )


def _sequence(names: list[str]) -> str:
    return f"{', then '.join(names)}"


def _settings(paths: list[str], operation: str) -> list[str]:
    return [path for path in paths if any(needed.name == operation for needed in operations_for([path]))] or [
        "what belongs to it"
    ]
