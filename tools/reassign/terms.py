"""On what terms partitions of a stack's cluster may be moved: who moves them, how many at a time, how fast, and how much fits."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from domain.msk.brokers import BrokerKind
from domain.msk.volumes import volume_throughput
from domain.plan.volumes import StoragePlan, storage_of
from domain.problems import shown
from inventory.sizing import EXPRESS_UTILIZATION, SAFE_DISK_PERCENT, STANDARD_UTILIZATION
from tools.shared.amounts import size
from tools.shared.commands import REFUSED, CommandError

if TYPE_CHECKING:
    from domain.msk.brokers import BrokerType
    from domain.settings.stack import StackSettings
    from tools.reassign.layout import Layout

MEGABYTE: Final = 1_000_000
"""Bytes."""
_MEBIBYTE: Final = 1 << 20
_GIBIBYTE: Final = 1 << 30
_MOST_IN_A_BATCH: Final = {BrokerKind.STANDARD: 10, BrokerKind.EXPRESS: 20}
"""Partitions of one call of `kafka-reassign-partitions.sh`. MSK Developer Guide, "Best practices for Standard brokers" and "Best
practices for Express brokers"."""
_REBALANCING: Final = 3.0 / 6.5
"""What AWS's sizing model keeps of a volume's throughput for moving partitions; see `inventory.sizing`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms.

    Attributes:
        stack: The stack's name.
        broker: The brokers' type.
        brokers: How many brokers the stack has.
        most: Partitions in a batch at most.
        throttle: Bytes a second that a broker may copy, out and in, each; None where AWS publishes nothing to go by.
        reason: Why so many.
        storage: The brokers' volumes; None for Express brokers, which have none.
    """

    stack: str
    broker: BrokerType
    brokers: int
    most: int
    throttle: int | None
    reason: str
    storage: StoragePlan | None

    def lack_of_room(self, now: Layout, after: Layout) -> list[str]:
        """What brokers could not hold, as sentences; what they hold already is theirs."""
        storage, most = self.storage, self.broker.partitions_maximum
        room = (storage.maximum_gib or storage.initial_gib) * _GIBIBYTE * SAFE_DISK_PERCENT // 100 if storage else None
        problems = []
        for broker, held in after.bytes_by_broker.items():
            if room is not None and held > max(room, now.bytes_by_broker[broker]):
                problems.append(
                    f"Broker {broker} would hold {size(held)}, and {SAFE_DISK_PERCENT} % of its largest volume are {size(room)}."
                )
            partitions = after.partitions_by_broker[broker]
            if most is not None and partitions > max(most, now.partitions_by_broker[broker]):
                problems.append(f"Broker {broker} would hold {partitions} partitions, and {self.broker.name} takes {most}.")
        return problems


def terms_of(stack: str, settings: StackSettings, described: dict[str, Any] | None) -> Terms:
    """The terms of a stack.

    Args:
        stack: Its name.
        settings: Its settings.
        described: What AWS says of the cluster; None if it was not asked.

    Raises:
        CommandError: Amazon MSK moves the partitions itself, or does something else just now.
    """
    broker = settings.broker
    if broker.is_serverless:
        raise CommandError(f"Stack {stack}: {_SERVERLESS}", REFUSED)
    if described is not None:
        _check_cluster(described)
    if broker.is_express:
        _check_paused(described)
    throttle, reason = _throttle(settings)
    return Terms(stack, broker, settings.number_of_brokers, _MOST_IN_A_BATCH[broker.kind], throttle, reason, storage_of(settings))


def described_in(file: str) -> dict[str, Any]:
    """The cluster in what `aws kafka describe-cluster-v2` prints.

    Args:
        file: The file; ``-`` for standard input.

    Raises:
        CommandError: It holds none.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        cluster = json.loads(text)["ClusterInfo"]
        return {"State": cluster["State"], "ClusterType": cluster["ClusterType"], **cluster}
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise CommandError(f"--cluster {file}: it is not the JSON of `aws kafka describe-cluster-v2`.") from error


_SERVERLESS: Final = "Amazon MSK Serverless has no brokers of yours: it places partitions itself."


def _check_cluster(described: dict[str, Any]) -> None:
    if described["ClusterType"] == "SERVERLESS":
        raise CommandError(_SERVERLESS, REFUSED)
    if described["State"] != "ACTIVE":
        raise CommandError(f"The cluster is {shown(described['State'])}. Wait until it is ACTIVE.", REFUSED)


def _check_paused(described: dict[str, Any] | None) -> None:
    if described is None:
        raise CommandError(
            "Express brokers: Amazon MSK's intelligent rebalancing moves the partitions, and while it is ACTIVE nobody else can. "
            "By default it is. If it is PAUSED, show that:\n"
            '  aws kafka describe-cluster-v2 --cluster-arn "$(pulumi stack output clusterArn)" | python -m tools reassign '
            "--cluster - ...",
            REFUSED,
        )
    status = ((described.get("Provisioned") or {}).get("Rebalancing") or {}).get("Status")
    if status != "PAUSED":
        raise CommandError(
            f"Intelligent rebalancing is {shown(status or 'not told')}: Amazon MSK moves the partitions of these Express brokers "
            "itself. Only while it is PAUSED may you.",
            REFUSED,
        )


def _throttle(settings: StackSettings) -> tuple[int | None, str]:
    broker, storage = settings.broker, storage_of(settings)
    if broker.sustained_ingress_mb_per_second is not None:
        free = (1 - EXPRESS_UTILIZATION) * broker.sustained_ingress_mb_per_second
        return int(free * MEGABYTE), f"what planning leaves free of {broker.name}'s sustained ingress"
    volume = volume_throughput(broker, settings.storage.provisioned_throughput, storage.initial_gib if storage else None)
    if volume is None:
        return None, ""
    share = volume * STANDARD_UTILIZATION * _REBALANCING
    return int(share * _MEBIBYTE), f"what AWS's sizing model keeps of {broker.name}'s volume for moving partitions"
