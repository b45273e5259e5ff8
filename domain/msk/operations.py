"""How Amazon MSK takes an update of a cluster: which operation, in which order, and whether brokers restart.

The order is the one in which the AWS provider calls them (terraform-provider-aws, internal/service/kafka/cluster.go): Amazon MSK
does one at a time, and each waits for the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUTES_A_BROKER: Final = (10, 15)
"""How long one broker is away in a rolling update. MSK Developer Guide, "Update the broker size": 10-15 minutes a broker."""

STORAGE_COOLDOWN_HOURS: Final = 6
"""Hours between two changes of storage. MSK Developer Guide, "Scale up Amazon MSK Standard broker storage"."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the MSK API that updates a cluster.

    Attributes:
        name: Its name in the API.
        paths: Property paths (wire names) of ``aws:msk/cluster:Cluster`` that lead to it, each with all under it.
        restarts: Whether brokers restart, one after the other.
        note: What to know before; may be empty.
        source: Where that is said.
    """

    name: str
    paths: tuple[str, ...]
    restarts: bool
    note: str
    source: str


_STORAGE: Final = "brokerNodeGroupInfo.storageInfo"

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "UpdateConnectivity",
        ("brokerNodeGroupInfo.connectivityInfo",),
        True,
        "The listeners change: clients of a new listener need the bootstrap brokers that the stack exports afterwards.",
        'MSK Developer Guide, "Amazon MSK multi-VPC private connectivity in a single Region" and "Turn on public access"',
    ),
    Operation(
        "UpdateBrokerType",
        ("brokerNodeGroupInfo.instanceType",),
        True,
        "While one broker is down, the others carry its load: update only when CPU is below 60%.",
        'MSK Developer Guide, "Update the broker size"',
    ),
    Operation(
        "UpdateStorage",
        ("storageMode",),
        True,
        "Tiered storage cannot be turned off again for the cluster, only for each topic.",
        'MSK Developer Guide, "Tiered storage"; Apache Kafka, "Broker Configs": remote.log.storage.system.enable read at start',
    ),
    Operation(
        "UpdateBrokerStorage",
        (_STORAGE,),
        False,
        f"Volumes only grow, and the next storage change must wait at least {STORAGE_COOLDOWN_HOURS} hours, and until the "
        "volumes are optimized, which can take 24 hours or more.",
        'MSK Developer Guide, "Scale up Amazon MSK Standard broker storage"',
    ),
    Operation(
        "UpdateBrokerCount",
        ("numberOfBrokerNodes",),
        False,
        "Amazon MSK moves no partitions on Standard brokers, `python -m tools reassign` does: new brokers stay empty until then, "
        "and brokers that are removed must be empty before.",
        'MSK Developer Guide, "Expand the number of brokers" and "Remove a broker"',
    ),
    Operation(
        "UpdateMonitoring",
        ("enhancedMonitoring", "openMonitoring", "loggingInfo"),
        False,
        "",
        'MSK API reference, "UpdateMonitoring"',
    ),
    Operation(
        "UpdateRebalancing", ("rebalancing",), False, "", 'MSK Developer Guide, "Intelligent rebalancing for Express brokers"'
    ),
    Operation(
        "UpdateClusterConfiguration",
        ("configurationInfo",),
        True,
        "",
        'MSK Developer Guide, "Update the configuration of an Amazon MSK cluster"',
    ),
    Operation(
        "UpdateClusterKafkaVersion",
        ("kafkaVersion",),
        True,
        "The cluster cannot go back to the older version.",
        'MSK Developer Guide, "Upgrade the Apache Kafka version"',
    ),
    Operation(
        "UpdateSecurity",
        ("clientAuthentication", "encryptionInfo.encryptionInTransit.clientBroker"),
        True,
        "Afterwards, brokers refuse clients that use a mechanism that the update turns off.",
        'MSK Developer Guide, "Update security settings of a cluster"',
    ),
)
"""In the order in which the provider calls them."""

DYNAMIC_PROPERTIES: Final[frozenset[str]] = frozenset(
    {
        "compression.type", "log.cleaner.delete.retention.ms",
        "log.cleaner.min.cleanable.ratio", "log.cleanup.policy", "log.flush.interval.messages", "log.flush.interval.ms",
        "log.message.timestamp.after.max.ms", "log.message.timestamp.before.max.ms", "log.message.timestamp.difference.max.ms",
        "log.message.timestamp.type", "log.retention.bytes", "log.retention.ms",
        "log.roll.ms", "log.segment.bytes", "max.connections.per.ip", "message.max.bytes", "min.insync.replicas",
        "num.io.threads", "num.network.threads", "num.recovery.threads.per.data.dir", "num.replica.fetchers",
        "unclean.leader.election.enable",
    }
)  # fmt: skip
"""Server properties that Kafka itself can change on a running broker.

Apache Kafka documentation, "Broker Configs": update mode per-broker or cluster-wide. ``log.retention.hours`` and
``log.retention.minutes`` are read-only there, other than ``log.retention.ms``.
"""


def covers(path: str, changed: str) -> bool:
    """Whether a property path is, or is under, or is around another."""
    return path == changed or path.startswith((f"{changed}.", f"{changed}[")) or changed.startswith((f"{path}.", f"{path}["))


def operations_for(paths: Iterable[str]) -> list[Operation]:
    """The operations that a change of these properties leads to, in the order in which they are called.

    A configuration and a Kafka version that change together are one operation (terraform-provider-aws, cluster.go).
    """
    changed = list(paths)
    operations = [
        operation for operation in OPERATIONS if any(covers(path, other) for path in operation.paths for other in changed)
    ]
    if any(operation.name == "UpdateClusterKafkaVersion" for operation in operations):
        operations = [operation for operation in operations if operation.name != "UpdateClusterConfiguration"]
    return operations


def rolling_minutes(brokers: int, rounds: int = 1) -> tuple[int, int]:
    """The shortest and longest time of rolling restarts, minutes.

    Args:
        brokers: How many brokers there are.
        rounds: How often each restarts.
    """
    shortest, longest = MINUTES_A_BROKER
    return shortest * brokers * rounds, longest * brokers * rounds


def rolling_restart(brokers: int | None, *, express: bool, rounds: int = 1, why: str = "") -> str:
    """How long rolling restarts take, for people.

    Args:
        brokers: How many brokers there are; None where that is not known.
        express: Whether they are Express brokers, for which AWS publishes no duration.
        rounds: How often each restarts.
        why: What is said behind the number of rounds where there are several.
    """
    times = "" if rounds == 1 else f" ({rounds} rounds{why})"
    if express:
        return f"rolling restart, one broker at a time; AWS publishes no duration for Express brokers{times}"
    shortest, longest = MINUTES_A_BROKER
    each = f"{shortest}-{longest} minutes a broker"
    if brokers is None:
        return f"rolling restart, about {each}{times}"
    span = duration(rolling_minutes(brokers, rounds))
    return f"rolling restart, about {span} for {brokers} broker{'' if brokers == 1 else 's'} ({each}){times}"


_HOURS_FROM_MINUTES: Final = 180
"""From three hours on nobody counts in minutes."""


def duration(minutes: tuple[int, int]) -> str:
    """A span of time for people: ``60-90 minutes``, ``5-7.5 hours``."""
    shortest, longest = minutes
    if longest < _HOURS_FROM_MINUTES:
        return f"{shortest}-{longest} minutes"
    return f"{_hours(shortest)}-{_hours(longest)} hours"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")
