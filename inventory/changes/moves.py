"""A cluster that becomes one of another kind: from Standard or Express brokers to Serverless, or back.

To the engine these are two resources of two types: one is created, the other deleted, and neither knows of the other. No guard
sees both, so it is told from the steps of a preview.

Sources: MSK API reference, Clusters: no update changes a cluster's type, and a second cluster of one name is answered with 409,
"This cluster name already exists"; MSK Developer Guide, "Supported configurations" of MSK Replicator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from domain.msk.brokers import BrokerKind, broker_kind
from domain.msk.operations import covers
from domain.problems import printable
from inventory.changes.order import Order, Verdict
from inventory.changes.steps import differences
from inventory.clusters import cluster_name
from inventory.rows import CLUSTERS, SERVERLESS_CLUSTER, ResourceRow, get, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.changes.steps import Step

ANOTHER_KIND: Final = "another-kind"
SERVERLESS_REPLACED: Final = "serverless-replaced"

_KINDS: Final[Mapping[BrokerKind, str]] = {
    BrokerKind.STANDARD: "a cluster with Standard brokers",
    BrokerKind.EXPRESS: "a cluster with Express brokers",
    BrokerKind.SERVERLESS: "a Serverless cluster",
}
_GOES_TOO: Final = (
    "As far as it has them, its Kafka ACLs, SCRAM users, client certificates, configuration, broker logs and data key go too. "
    "Clients that sign in with anything but IAM cannot connect."
)
_CLUSTER_IN_ARN: Final = re.compile(r"arn:[a-z-]+:kafka:[^:]*:[^:]*:cluster/(?P<name>[^/]+)/")


def moves(steps: Sequence[Step]) -> Iterator[Order]:
    """Clusters that become another kind, and Serverless clusters that are replaced."""
    coming = [step for step in steps if step.row["type"] in CLUSTERS and step.op in ("create", "import")]
    for step in coming:
        going = [
            other
            for other in steps
            if other.row["type"] in CLUSTERS and other.row["type"] != step.row["type"] and other.op == "delete"
        ]
        same = [other for other in going if _are_one(other.row, step.row)]
        if len(same) == 1 or (len(going) == len(coming) == 1):
            yield _move(step.row, (same or going)[0])
        elif not going and _is_left(steps, step.row):
            yield _move(step.row, None)
    for step in steps:
        if step.row["type"] == SERVERLESS_CLUSTER and step.op == "replace":
            yield _replaced(step)
        elif step.row["type"] == SERVERLESS_CLUSTER and step.op == "update":
            yield from _unknown(step)


def _are_one(row: ResourceRow, other: ResourceRow) -> bool:
    """Whether two clusters are one to their program: by their names in it, or by their names in AWS."""
    return row["name"] == other["name"] or cluster_name(row) == cluster_name(other)


def _is_left(steps: Sequence[Step], cluster: ResourceRow) -> bool:
    """Whether what goes belonged to a cluster of this name that is there: protection stops a preview before it comes to it."""
    for step in steps:
        if step.op != "delete" or step.old is None:
            continue
        for value in (step.old["inputs"].get(name) for name in ("clusterArn", "resourceId")):
            arn = _CLUSTER_IN_ARN.match(value) if isinstance(value, str) else None
            if arn is not None and arn["name"] == cluster_name(cluster):
                return True
    return False


def _kind(cluster: ResourceRow) -> str:
    if cluster["type"] == SERVERLESS_CLUSTER:
        return _KINDS[BrokerKind.SERVERLESS]
    instance = get(cluster["inputs"], "brokerNodeGroupInfo.instanceType")
    return _KINDS[broker_kind(instance)] if isinstance(instance, str) and is_known(instance) else "a provisioned cluster"


def _move(new: ResourceRow, going: Step | None) -> Order:
    """What becomes of a cluster of one kind when the stack asks for another.

    Args:
        new: The cluster that comes.
        going: The step of the one that goes; None where the preview does not come to it.
    """
    old = going.old if going else None
    name = printable(cluster_name(old or new))
    was = _kind(old) if old else "a provisioned cluster" if new["type"] == SERVERLESS_CLUSTER else _KINDS[BrokerKind.SERVERLESS]
    left = going is not None and going.retained
    becomes = (
        "Pulumi would leave it in AWS and know nothing of it any more"
        if left
        else "it would be deleted with every message, topic and consumer offset in it"
    )
    message = [
        f"{name}, {was}, would become {_kind(new)}, which is another one: {becomes}.",
        "Its clients need other bootstrap names.",
    ]
    if new["type"] == SERVERLESS_CLUSTER and not left:
        message.append(_GOES_TOO)
    named = get(new["inputs"], "clusterName")
    taken = isinstance(named, str) and is_known(named) and named == cluster_name(old or new)
    if taken:
        message.append(
            "Pulumi creates the new cluster before it deletes the old one, and Amazon MSK refuses a second cluster named "
            f"{name}: the update would fail there, halfway."
        )
    return Order(new["urn"], ANOTHER_KIND, Verdict.REFUSED if taken else Verdict.REPLACES, " ".join(message), _way(new["type"]))


def _way(kind: str) -> tuple[str, ...]:
    """How to move from one kind to another without losing anything."""
    to_serverless = kind == SERVERLESS_CLUSTER
    topics = (
        "Create its topics there: python -m tools topics --apply." if to_serverless else "Its topics are created with the stack."
    )
    return (
        "Set brokerType back.",
        f"Create a second stack with the new brokerType, another clusterName and the same topics and clients. {topics}",
        "Copy messages and consumer offsets to it with MSK Replicator, which needs IAM on both clusters, in one account, and no "
        "kafka.t3.small; otherwise with MirrorMaker 2.",
        "When nothing lags behind, move the consumers, then the producers, with the files of python -m tools client.",
        "When the old cluster carries nothing any more: set protect: false in its stack, deploy, and run pulumi destroy.",
    )


def _unknown(step: Step) -> Iterator[Order]:
    """Properties that change in place though this tool knows none but tags that do."""
    for path in (difference.path for difference in differences(step)):
        if not covers(path, "tags"):
            yield Order(
                step.row["urn"],
                "unknown-property",
                Verdict.UNKNOWN,
                f"{path} would change in place, a property of a Serverless cluster of which this tool knows no such update: it "
                "cannot tell what Amazon MSK does with it.",
                ("Check it in the MSK Developer Guide; if it is safe, allow it by name with --allow.",),
            )


def _replaced(step: Step) -> Order:
    name = printable(cluster_name(step.old or step.row))
    paths = ", ".join(sorted({path.partition(".")[0].partition("[")[0] for path in step.replacing})) or "what changes"
    return Order(
        step.row["urn"],
        SERVERLESS_REPLACED,
        Verdict.REPLACES,
        f"Amazon MSK changes nothing of a Serverless cluster in place but its tags: {paths} would replace {name}, and every "
        "message, topic and consumer offset in it is lost. Its clients need a new bootstrap name.",
        (
            "Set it back: clusterName, network.existing, network.zones and network.clientVpcs stay as they were at creation.",
            "If it must change: create a second stack with another clusterName, copy messages and consumer offsets to it with "
            "MSK Replicator or MirrorMaker 2, move the clients, then remove this stack.",
        ),
    )
