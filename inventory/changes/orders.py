"""Orders that AWS refuses, or that are better split, each with the steps to take instead.

What is refused is decided by `domain.guards.cluster`, as it is under `pulumi up`. The engine asks no guard before it replaces a
resource; here replacements are held against them as well.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Final

from domain.guards.cluster import refusals_on_update
from domain.guards.creation import refusals_on_create
from domain.guards.refusal import Refusal, at
from domain.guards.table import BROKER_KINDS, GUARDS, ONE_OPERATION
from domain.guards.topics import refusals_beside_upgrade, refusals_on_topic_update
from domain.guards.upgrades import open_question
from domain.msk.brokers import BROKER_TYPES, broker_type
from domain.msk.operations import OPERATIONS, STORAGE_COOLDOWN_HOURS, covers, operations_for
from domain.msk.versions import KAFKA_VERSIONS
from domain.problems import printable, shown
from inventory.changes.moves import moves
from inventory.changes.order import Order, Verdict
from inventory.changes.stack import TOPIC, StepsOfStack
from inventory.changes.stated import stated_topics
from inventory.changes.steps import differences
from inventory.rows import CLUSTER, CLUSTER_COMPONENT, get, is_known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from inventory.changes.steps import Step


def acknowledged(config: Mapping[str, object], project: str, today: datetime.date) -> frozenset[str]:
    """Guards that somebody answers for, as the stack's configuration says and on that day.

    Args:
        config: The configuration as `pulumi preview --json` prints it: every value is text.
        project: The project's name, whose setting it is; one of another namespace answers for nothing.
        today: The day on which ``until`` is judged.
    """
    value = config.get(f"{project}:acknowledge")
    try:
        answers = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        answers = None
    entries = answers.items() if isinstance(answers, dict) else ()
    return frozenset(rule for rule, entry in entries if isinstance(entry, dict) and _reaches(entry.get("until"), today))


def _reaches(until: object, today: datetime.date) -> bool:
    """Whether an acknowledgement still holds; what is no day of the calendar, the program refuses."""
    if not isinstance(until, str) or not _DAY.fullmatch(until):
        return False
    try:
        return datetime.date.fromisoformat(until[:10]) >= today
    except ValueError:
        return False


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00 \+0000 UTC)?")
"""A day, also as Pulumi hands one over that YAML took for a moment."""


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
    ordered += [*moves(every), *stated_topics(every)]
    stack = StepsOfStack(every)
    ordered += [order for step in stack.of_type(TOPIC) for order in _of_topic(step, stack)]
    ordered += [order for step in every if step.row["type"] == CLUSTER_COMPONENT for order in _without_effect(step)]
    return sorted(ordered, key=lambda order: list(Verdict).index(order.verdict))


def _of_topic(step: Step, stack: StepsOfStack) -> Iterator[Order]:
    """What is refused of a topic, also of one that goes, or stays as it is while its cluster gets another version."""
    if step.old is None:
        return
    cluster = stack.cluster_of(step.row)
    version = get(cluster.new["inputs"], "kafkaVersion") if cluster and cluster.new else None
    known = version if isinstance(version, str) and is_known(version) else None
    if step.op == "update" and step.new:
        refusals = refusals_on_topic_update(step.old["inputs"], step.new["inputs"], version=known)
    elif cluster and cluster.op == "update" and cluster.old and get(cluster.old["inputs"], "kafkaVersion") != version:
        remedy = (
            "Set kafkaVersion back and deploy, then raise it." if step.goes else "Raise it and deploy, then raise kafkaVersion."
        )
        refusals = refusals_beside_upgrade(step.old["inputs"], known, remedy)
    else:
        refusals = []
    for refusal in refusals:
        yield Order(step.row["urn"], refusal.rule, Verdict.REFUSED, refusal.message, GUARDS[refusal.rule].steps)


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
            f"{path} would be {shown_as}, a {what} that this tool does not know: it cannot tell whether Amazon MSK accepts it, "
            "what it restarts and what it costs.",
            ("Check it in the MSK Developer Guide; if it is safe, allow it by name with --allow.",),
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
                f"{path} would change, a property that this tool does not know: it cannot tell what Amazon MSK does with it.",
                ("Check it in the MSK Developer Guide; if it is safe, allow it by name with --allow.",),
            )


def _open_question(step: Step) -> Iterator[Order]:
    """An upgrade to a version that this tool knows, of which nobody says whether these brokers get it."""
    if step.op != "update" or step.old is None or step.new is None:
        return
    before, after = (get(row["inputs"], "kafkaVersion") for row in (step.old, step.new))
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return
    broker = broker_type(str(get(step.new["inputs"], "brokerNodeGroupInfo.instanceType")))
    if question := open_question(before, after, broker):
        yield Order(
            step.row["urn"],
            "uncertain-kafka-version",
            Verdict.UNKNOWN,
            f"kafkaVersion would change from {before} to {after}: whether Amazon MSK does it is not known. {question}",
            (
                "Ask AWS for this cluster: aws kafka get-compatible-kafka-versions --cluster-arn ARN.",
                "If it lists the version, allow the cluster by name with --allow.",
            ),
        )


_TABLES: Final = (
    ("brokerNodeGroupInfo.instanceType", frozenset(BROKER_TYPES), "broker type"),
    ("kafkaVersion", frozenset(KAFKA_VERSIONS), "Kafka version"),
    ("storageMode", frozenset({"LOCAL", "TIERED"}), "storage mode"),
    ("encryptionInfo.encryptionInTransit.clientBroker", frozenset({"TLS", "TLS_PLAINTEXT", "PLAINTEXT"}), "encryption"),
)
_NO_OPERATION: Final = ("tags", "tagsAll", "region")
"""Properties of a cluster that change without an operation of the MSK API on the cluster itself."""


def _without_effect(step: Step) -> Iterator[Order]:
    """A size of volumes that the component asks for and the engine leaves out (ignoreChanges), because autoscaling grows them."""
    if step.old is None or step.new is None:
        return
    before, after = (row["inputs"].get("storageGib") for row in (step.old, step.new))
    if before == after or not before or not after or step.new["inputs"].get("storageAutoscaling") is not True:
        return
    sizes = f"from {printable(shown(before))} to {printable(shown(after))}"
    yield Order(
        step.row["urn"],
        "setting-without-effect",
        Verdict.ADVICE,
        f"The size of new volumes would go {sizes} GiB (storage.initialGiB, or what the workload needs), and the volumes stay as "
        "they are: while storage.autoscaling is on, it alone grows the volumes of a running cluster.",
        ("To grow them yourself: set storage.autoscaling: false, and storage.initialGiB 10 GiB or more above today's size.",),
    )


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
    if BROKER_KINDS.isdisjoint(refusal.rule for refusal in refusals):
        yield from _unknown(step)
        if not any(refusal.property_path == "kafkaVersion" for refusal in refusals):
            yield from _open_question(step)
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
            "The cluster would be left without a configuration: Amazon MSK replaces a configuration with another, and never "
            "removes it.",
            ("Keep a configuration, with default values if you need no other values.",),
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
    most = _most_partitions(step)
    if most is not None:
        # MSK Developer Guide, "Update the broker size" and "Best practices": no smaller size above its most partitions.
        yield Order(
            urn,
            "smaller-broker",
            Verdict.ADVICE,
            f"Amazon MSK refuses the smaller broker type where a broker has more than {most} partition replicas.",
            ("Check the metric PartitionCount of each broker, and that smaller brokers carry the load.",),
        )
    if any(operation.name in ("UpdateBrokerStorage", "UpdateStorage") for operation in operations):
        # MSK Developer Guide, "Scale up Amazon MSK Standard broker storage".
        yield Order(
            urn,
            "storage-cooldown",
            Verdict.ADVICE,
            f"Amazon MSK refuses a change of storage within {STORAGE_COOLDOWN_HOURS} hours of the last one, including one by "
            "autoscaling, and while volumes are being optimized. A preview cannot know when the last change was.",
            (
                "Check when storage last changed: aws kafka list-cluster-operations-v2 --cluster-arn ARN.",
                f"Deploy once the last change is {STORAGE_COOLDOWN_HOURS} hours ago or more, and the cluster is ACTIVE.",
            ),
        )


def _most_partitions(step: Step) -> int | None:
    """Partition replicas that a smaller broker type takes at most; None where the type gets no smaller, or is not known."""
    before, after = (
        broker_type(str(get(row["inputs"], "brokerNodeGroupInfo.instanceType"))) if row else None for row in (step.old, step.new)
    )
    was, will = (broker.partitions_maximum if broker else None for broker in (before, after))
    return will if was is not None and will is not None and will < was else None


def _sequence(names: list[str]) -> str:
    return f"{', then '.join(names)}"


def _settings(paths: list[str], operation: str) -> list[str]:
    return [path for path in paths if any(needed.name == operation for needed in operations_for([path]))] or [
        "what belongs to it"
    ]
