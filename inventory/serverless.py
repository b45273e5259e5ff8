"""What a Serverless cluster is meant to carry, held against its quotas. Read from the inventory alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.msk.serverless import (
    EGRESS_MB_PER_SECOND,
    INGRESS_MB_PER_SECOND,
    MOST_COMPACTED_PARTITIONS,
    MOST_PARTITIONS,
    PARTITION_EGRESS_MB_PER_SECOND,
    PARTITION_INGRESS_MB_PER_SECOND,
)
from inventory.clusters import ClusterRows, StatedWorkload, cluster_name
from inventory.quantities import amount
from inventory.rows import ResourceRow, get

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How much of a quota a cluster is meant to use.

    Attributes:
        name: What the quota is of.
        used: How much is stated.
        quota: The quota.
        unit: The unit of both.
        beyond: What Amazon MSK does beyond it.
        remedy: What helps.
    """

    name: str
    used: float
    quota: float
    unit: str
    beyond: str
    remedy: str

    @property
    def warning(self) -> str | None:
        """That it is too much, a sentence; None while it fits."""
        if self.used <= self.quota:
            return None
        return (
            f"{self.name}: {amount(self.used)} {self.unit} exceed a Serverless cluster's quota, {amount(self.quota)}: Amazon "
            f"MSK {self.beyond}. {self.remedy}"
        )


@dataclass(frozen=True, slots=True)
class ServerlessCapacity:
    """One Serverless cluster against its workload.

    Attributes:
        cluster: The cluster's name, or its logical name while that is not known.
        urn: The cluster's URN.
        workload: What it must carry; None when nothing was stated.
        uses: What it uses of each quota; none without a workload.
    """

    cluster: str
    urn: str
    workload: StatedWorkload | None
    uses: tuple[QuotaUse, ...]

    @property
    def warnings(self) -> list[str]:
        """What does not fit, each with what helps."""
        return [use.warning for use in self.uses if use.warning]

    @property
    def notes(self) -> list[str]:
        """What had to be assumed, and what is not known."""
        if self.workload is None:
            return ["No workload is stated for this cluster, so its quotas are not compared."]
        return [
            "Each partition's share assumes that keys spread evenly over all partitions.",
            "Connections (3,000, 100 attempts a second), requests (15,000 a second) and consumer groups (500) are not compared: "
            "no setting states them.",
        ]


def serverless_capacities(rows: Sequence[ResourceRow]) -> list[ServerlessCapacity]:
    """Every Serverless cluster of the inventory against its workload."""
    inventory = ClusterRows(rows)
    return [_capacity(inventory, cluster) for cluster in inventory.serverless]


def _capacity(inventory: ClusterRows, cluster: ResourceRow) -> ServerlessCapacity:
    workload = inventory.workload(cluster)
    uses = tuple(_uses(workload, inventory.stated_topics(cluster))) if workload else ()
    return ServerlessCapacity(cluster_name(cluster), cluster["urn"], workload, uses)


_PROVISIONED = "Use a kafka.* or express.* brokerType."


def _uses(workload: StatedWorkload, topics: Mapping[str, object]) -> Iterator[QuotaUse]:
    written, read = workload.peak_mb_per_second, workload.peak_mb_per_second * workload.fan_out
    partitions = serverless_partitions(workload, topics)
    compacted = sum(partitions_of(topic) for topic in topics.values() if "compact" in _cleanup_of(topic))
    yield QuotaUse("Ingress", written, INGRESS_MB_PER_SECOND, "MB/s at peak", "slows producers", _PROVISIONED)
    fewer = "Read with fewer groups, or use a kafka.* or express.* brokerType."
    yield QuotaUse("Egress", read, EGRESS_MB_PER_SECOND, "MB/s at peak", "slows consumers", fewer)
    for name, rate, quota in (
        ("Ingress of a partition", written, PARTITION_INGRESS_MB_PER_SECOND),
        ("Egress of a partition", read, PARTITION_EGRESS_MB_PER_SECOND),
    ):
        more = f"Use {-(-rate // quota):.0f} partitions or more."
        yield QuotaUse(name, rate / partitions, quota, "MB/s at peak", "slows its clients", more)
    yield QuotaUse("Partitions", partitions, MOST_PARTITIONS, "leaders", "refuses more", _PROVISIONED)
    if compacted:
        remedy = "Use fewer, or a kafka.* or express.* brokerType."
        yield QuotaUse("Compacted partitions", compacted, MOST_COMPACTED_PARTITIONS, "leaders", "refuses more", remedy)


def serverless_partitions(workload: StatedWorkload, topics: Mapping[str, object]) -> int:
    """Partitions of a Serverless cluster: those that are stated, or those of its topics where they are more."""
    return max(workload.partitions, sum(partitions_of(topic) for topic in topics.values()))


def partitions_of(topic: object) -> int:
    """The partitions of a stated topic; 0 where they are not known."""
    number = get(topic, "partitions")
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _cleanup_of(topic: object) -> str:
    return str(get(topic, ("configs", "cleanup.policy"), "delete"))
