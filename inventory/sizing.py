"""How many brokers and how much storage a workload needs.

The rules are those of AWS's own sizing model for Amazon MSK (the public agent-toolkit, August 2026; it
mirrors the "MSK Sizing" workbook): three Availability Zones of which one may be down, and brokers that run at
half of what they could. `brokers_needed` gives the model's answers with three deliberate differences:

* EBS throughput beyond what a volume has by itself is counted only where it was bought; the model takes it
  for granted. Hence it agrees with the model for sizes over 250 MiB/s when the broker's maximum is passed as
  provisioned throughput.
* Express brokers' egress is their documented sustained egress, twice the ingress; the model takes 2.5 times.
* The partitions that the model calls total replicas are counted here as partitions times replication factor.

kafka.t3.small has no published throughput: it is judged by its partitions and its storage only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from domain.msk.brokers import BrokerType
from domain.msk.volumes import MAXIMUM_GIB, STEP_GIB, needed_gib, retention_hours_held, volume_throughput
from inventory.clusters import (
    StatedWorkload,
)

STANDARD_UTILIZATION = 0.5
"""Share of a Standard broker's throughput that planning uses."""

EXPRESS_UTILIZATION = 0.75
"""Share of an Express broker's sustained ingress that planning uses."""

SAFE_DISK_PERCENT = 85
"""How full a volume may be. MSK Developer Guide, "Best practices for Standard brokers": alarm at 85."""

PLANNED_DISK_PERCENT = 50
"""How full the sizing model plans volumes to be."""

TIERED_PRIMARY_HOURS = 24
"""Hours that tiered storage is taken to keep on the volumes: the sizing workbook's default."""


@dataclass(frozen=True, slots=True)
class BrokersNeeded:
    """Brokers of a type that a workload needs, by what limits them; each a multiple of the zones.

    Attributes:
        by_throughput: For ingress and egress at peak; None where AWS publishes no throughput (t3), or none is known.
        by_partitions: For the recommended number of partition replicas; None where that is not known.
        by_storage: For volumes of at most 16384 GiB, half full; None for Express.
    """

    by_throughput: int | None
    by_partitions: int | None
    by_storage: int | None

    @property
    def brokers(self) -> int:
        """Brokers that satisfy all of them that are known; 0 where none is."""
        return max(self.by_throughput or 0, self.by_partitions or 0, self.by_storage or 0)


@dataclass(frozen=True, slots=True)
class Storage:
    """What the brokers' volumes hold.

    Attributes:
        volume_gib: Each broker's volume at first, GiB.
        maximum_gib: How far autoscaling may grow it, GiB; None without autoscaling.
        hours_needed: How long messages must stay on the volumes, hours: the stated retention; a day at most
            with tiered storage.
        hours_held: How long the first size holds them at the stated ingress, filled to 85 percent, hours.
        hours_held_at_maximum: The same at the maximum size; None without autoscaling.
        needed_gib: Volume of each broker that ``hours_needed`` takes, GiB, a multiple of ten; may be more
            than a broker can have.
    """

    volume_gib: int
    maximum_gib: int | None
    hours_needed: float
    hours_held: float
    hours_held_at_maximum: float | None
    needed_gib: int


def safe_ingress_of_broker(
    broker: BrokerType,
    fan_out: float,
    *,
    tiered: bool = False,
    provisioned_mib_per_second: float | None = None,
    volume_gib: float | None = None,
) -> float | None:
    """Client writes that one broker takes safely with a zone down, MB/s; None where AWS publishes no figure.

    A Standard broker's volume carries 6.5 times the ingress (1.5 from clients, 1.5 replicated in, 0.5 for
    lagging readers, 3.0 for rebalancing), its network 1.5 times the fan-out and 5.7 on top; tiered storage
    adds 1.5 to each.

    Args:
        broker: The broker type.
        fan_out: How many times each message is read.
        tiered: Whether older segments go to tiered storage.
        provisioned_mib_per_second: EBS throughput that was bought, MiB/s.
        volume_gib: The volume's size, GiB.
    """
    if broker.sustained_ingress_mb_per_second is not None and broker.sustained_egress_mb_per_second is not None:
        ingress = EXPRESS_UTILIZATION * broker.sustained_ingress_mb_per_second
        return min(ingress, broker.sustained_egress_mb_per_second / fan_out) if fan_out else ingress
    ebs = volume_throughput(broker, provisioned_mib_per_second, volume_gib)
    if ebs is None or broker.network_mib_per_second is None:
        return None
    more = 1.5 if tiered else 0.0
    return STANDARD_UTILIZATION * min(
        ebs / (6.5 + more),
        broker.network_mib_per_second / (1.5 * fan_out + 5.7 + more),
    )


def whole_zones(count: float, zones: int) -> int:
    """The smallest multiple of the zones that is at least ``count``, and at least one broker in each."""
    # Rounded first, so that 3.0000000000000004 brokers are 3.
    return max(math.ceil(round(count, 9) / zones), 1) * zones


def brokers_needed(
    broker: BrokerType,
    workload: StatedWorkload,
    *,
    replication_factor: int = 3,
    zones: int = 3,
    tiered: bool = False,
    local_retention_hours: float | None = None,
    provisioned_mib_per_second: float | None = None,
    volume_gib: float | None = None,
) -> BrokersNeeded:
    """How many brokers of a type a workload needs. The module says how AWS's sizing model differs.

    Args:
        broker: The broker type.
        workload: What is to be carried.
        replication_factor: Copies of each partition.
        zones: Availability Zones; the answers are multiples of it.
        tiered: Whether older segments go to tiered storage.
        local_retention_hours: With tiered storage, how long messages stay on the volumes; None where that is assumed.
        provisioned_mib_per_second: EBS throughput bought for each broker, MiB/s.
        volume_gib: Size of each volume, GiB; None for large enough not to limit throughput.
    """
    safe = safe_ingress_of_broker(
        broker,
        workload.fan_out,
        tiered=tiered,
        provisioned_mib_per_second=provisioned_mib_per_second,
        volume_gib=volume_gib,
    )
    by_storage = None
    if not broker.is_express:
        kept = _hours_on_volumes(workload, local_retention_hours, tiered=tiered)
        total = needed_gib(workload.ingress_mb_per_second, kept, replication_factor, 1, PLANNED_DISK_PERCENT)
        by_storage = whole_zones(total / MAXIMUM_GIB, zones)
    recommended, replicas = broker.partitions_recommended, workload.partitions * replication_factor
    return BrokersNeeded(
        by_throughput=None if safe is None else whole_zones(workload.peak_mb_per_second / safe, zones),
        by_partitions=None if recommended is None else whole_zones(replicas / recommended, zones),
        by_storage=by_storage,
    )


def _hours_on_volumes(workload: StatedWorkload, local_retention_hours: float | None, *, tiered: bool) -> float:
    if not tiered:
        return workload.retention_hours
    # What topics state holds also where it is longer than what the workload says.
    return min(workload.retention_hours, TIERED_PRIMARY_HOURS) if local_retention_hours is None else local_retention_hours


def storage_held(
    volume_gib: int,
    maximum_gib: int | None,
    workload: StatedWorkload,
    *,
    replication_factor: int,
    brokers: int,
    tiered: bool,
    local_retention_hours: float | None = None,
) -> Storage:
    """How long volumes of a size hold what is written.

    Args:
        volume_gib: Each broker's volume, GiB.
        maximum_gib: How far autoscaling may grow it, GiB; None without autoscaling.
        workload: What is written, and how long it is to be kept.
        replication_factor: Copies of each message.
        brokers: Brokers of the cluster.
        tiered: Whether older segments leave the volumes.
        local_retention_hours: With tiered storage, how long messages stay on the volumes; None where that is assumed.
    """

    def held(size: int) -> float:
        return retention_hours_held(size, workload.ingress_mb_per_second, replication_factor, brokers, SAFE_DISK_PERCENT)

    hours = _hours_on_volumes(workload, local_retention_hours, tiered=tiered)
    needed = needed_gib(workload.ingress_mb_per_second, hours, replication_factor, brokers, SAFE_DISK_PERCENT)
    return Storage(
        volume_gib=volume_gib,
        maximum_gib=maximum_gib,
        hours_needed=hours,
        hours_held=held(volume_gib),
        hours_held_at_maximum=None if maximum_gib is None else held(maximum_gib),
        needed_gib=math.ceil(round(needed / STEP_GIB, 9)) * STEP_GIB,
    )
