"""What a cluster can carry, held against the workload it is meant for. Read from the inventory alone.

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
from typing import TYPE_CHECKING

from domain.msk.brokers import BROKER_TYPES, BrokerType
from domain.msk.volumes import MAXIMUM_GIB, STEP_GIB, needed_gib, retention_hours_held, volume_throughput
from inventory.clusters import (
    ClusterRows,
    StatedWorkload,
    cluster_name,
    number_of_zones,
    provisioned_throughput_of,
    volume_gib_of,
)
from inventory.rows import ResourceRow, get

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        by_throughput: For ingress and egress at peak; None where AWS publishes no throughput (t3).
        by_partitions: For the recommended number of partition replicas.
        by_storage: For volumes of at most 16384 GiB, half full; None for Express.
    """

    by_throughput: int | None
    by_partitions: int
    by_storage: int | None

    @property
    def brokers(self) -> int:
        """Brokers that satisfy all of them."""
        return max(self.by_throughput or 0, self.by_partitions, self.by_storage or 0)


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


@dataclass(frozen=True, slots=True)
class Capacity:
    """One cluster against its workload.

    Attributes:
        cluster: The cluster's name, or its logical name while that is not known.
        urn: The cluster's URN.
        broker: Its broker type.
        brokers: How many it has.
        zones: In how many Availability Zones.
        replication_factor: Copies of each partition.
        replication_factor_is_set: Whether the configuration says so; else Amazon MSK's default is taken.
        tiered: Whether older segments go to tiered storage.
        workload: What it must carry; None when nothing was stated.
        safe_ingress: MB/s that all brokers together take safely at the stated fan-out; None where AWS
            publishes no figure.
        needed: Brokers the workload needs; None without workload.
        storage: What the volumes hold; None without volumes (Express), workload or known size.
    """

    cluster: str
    urn: str
    broker: BrokerType
    brokers: int
    zones: int
    replication_factor: int
    replication_factor_is_set: bool
    tiered: bool
    workload: StatedWorkload | None
    safe_ingress: float | None
    needed: BrokersNeeded | None
    storage: Storage | None

    @property
    def vcpu(self) -> int:
        """Virtual CPUs of all brokers together."""
        return self.broker.vcpu * self.brokers

    @property
    def memory_gib(self) -> int:
        """Memory of all brokers together, GiB."""
        return self.broker.memory_gib * self.brokers

    @property
    def partition_replicas(self) -> int | None:
        """Partitions times replication factor; None without workload."""
        return None if self.workload is None else self.workload.partitions * self.replication_factor

    @property
    def partitions_recommended(self) -> int:
        """Partition replicas that AWS recommends at most for all brokers together."""
        return self.broker.partitions_recommended * self.brokers

    @property
    def partitions_maximum(self) -> int:
        """Partition replicas beyond which Amazon MSK refuses updates, all brokers together."""
        return self.broker.partitions_maximum * self.brokers

    @property
    def warnings(self) -> list[str]:
        """What is too small for the workload, each with the number that fits."""
        if self.workload is None or self.needed is None or self.partition_replicas is None:
            return []
        found = [
            _throughput_warning(self, self.workload, self.needed),
            _partition_warning(self, self.partition_replicas, self.needed),
            _storage_warning(self, self.storage) if self.storage else None,
        ]
        return [one for one in found if one]

    @property
    def notes(self) -> list[str]:
        """What had to be assumed."""
        if self.workload is None:
            return ["No workload is stated for this cluster: there is nothing to hold its capacity against."]
        notes = []
        if self.safe_ingress is None:
            notes.append(f"AWS publishes no throughput for {self.broker.name}: not sized by throughput.")
        if not self.replication_factor_is_set:
            notes.append(f"Replication factor {self.replication_factor} is assumed, Amazon MSK's default here.")
        if self.tiered:
            notes.append(f"Tiered storage: the volumes are taken to keep {TIERED_PRIMARY_HOURS} hours.")
        return notes


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


def _multiple(count: float, zones: int) -> int:
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
    primary_retention_hours: float = TIERED_PRIMARY_HOURS,
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
        primary_retention_hours: With tiered storage, how long messages stay on the volumes.
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
        kept = min(primary_retention_hours, workload.retention_hours) if tiered else workload.retention_hours
        total = needed_gib(workload.ingress_mb_per_second, kept, replication_factor, 1, PLANNED_DISK_PERCENT)
        by_storage = _multiple(total / MAXIMUM_GIB, zones)
    return BrokersNeeded(
        by_throughput=None if safe is None else _multiple(workload.peak_mb_per_second / safe, zones),
        by_partitions=_multiple(workload.partitions * replication_factor / broker.partitions_recommended, zones),
        by_storage=by_storage,
    )


def capacities(rows: Sequence[ResourceRow]) -> list[Capacity]:
    """Every cluster of the inventory whose brokers are known, against its workload."""
    inventory = ClusterRows(rows)
    found = (capacity_of(inventory, row) for row in inventory.clusters)
    return [one for one in found if one is not None]


def capacity_of(inventory: ClusterRows, cluster: ResourceRow) -> Capacity | None:
    """A cluster against its component's workload; None while broker type, number or zones are not known."""
    broker = BROKER_TYPES.get(str(get(cluster["inputs"], "brokerNodeGroupInfo.instanceType")))
    brokers = get(cluster["inputs"], "numberOfBrokerNodes")
    zones = number_of_zones(cluster)
    if broker is None or zones is None or not isinstance(brokers, int):
        return None
    properties = inventory.server_properties(cluster)
    factor = _replication_factor(broker, properties, zones)
    workload = inventory.workload(cluster)
    volume = volume_gib_of(cluster)
    tiered = get(cluster["inputs"], "storageMode") == "TIERED"
    safe: float | None = None
    needed = storage = None
    if workload is not None:
        bought = provisioned_throughput_of(cluster)
        each = safe_ingress_of_broker(
            broker, workload.fan_out, tiered=tiered, provisioned_mib_per_second=bought, volume_gib=volume
        )
        safe = None if each is None else each * brokers
        needed = brokers_needed(
            broker,
            workload,
            replication_factor=factor,
            zones=zones,
            tiered=tiered,
            provisioned_mib_per_second=bought,
            volume_gib=volume,
        )
        if volume is not None:
            maximum = inventory.autoscaling_maximum_gib(cluster)
            storage = storage_held(volume, maximum, workload, replication_factor=factor, brokers=brokers, tiered=tiered)
    return Capacity(
        cluster=cluster_name(cluster),
        urn=cluster["urn"],
        broker=broker,
        brokers=brokers,
        zones=zones,
        replication_factor=factor,
        replication_factor_is_set=broker.is_express or _REPLICATION_FACTOR in properties,
        tiered=tiered,
        workload=workload,
        safe_ingress=safe,
        needed=needed,
        storage=storage,
    )


def storage_held(
    volume_gib: int,
    maximum_gib: int | None,
    workload: StatedWorkload,
    *,
    replication_factor: int,
    brokers: int,
    tiered: bool,
) -> Storage:
    """How long volumes of a size hold what is written.

    Args:
        volume_gib: Each broker's volume, GiB.
        maximum_gib: How far autoscaling may grow it, GiB; None without autoscaling.
        workload: What is written, and how long it is to be kept.
        replication_factor: Copies of each message.
        brokers: Brokers of the cluster.
        tiered: Whether older segments leave the volumes.
    """

    def held(size: int) -> float:
        return retention_hours_held(size, workload.ingress_mb_per_second, replication_factor, brokers, SAFE_DISK_PERCENT)

    hours = min(workload.retention_hours, TIERED_PRIMARY_HOURS) if tiered else workload.retention_hours
    needed = needed_gib(workload.ingress_mb_per_second, hours, replication_factor, brokers, SAFE_DISK_PERCENT)
    return Storage(
        volume_gib=volume_gib,
        maximum_gib=maximum_gib,
        hours_needed=hours,
        hours_held=held(volume_gib),
        hours_held_at_maximum=None if maximum_gib is None else held(maximum_gib),
        needed_gib=math.ceil(round(needed / STEP_GIB, 9)) * STEP_GIB,
    )


_REPLICATION_FACTOR = "default.replication.factor"


def _replication_factor(broker: BrokerType, properties: Mapping[str, str], zones: int) -> int:
    """Copies of a partition: three with Express, else the configuration's, else Amazon MSK's default."""
    if broker.is_express:
        return 3
    stated = properties.get(_REPLICATION_FACTOR, "")
    return int(stated) if stated.isdigit() and int(stated) > 0 else min(zones, 3)


def _throughput_warning(one: Capacity, workload: StatedWorkload, needed: BrokersNeeded) -> str | None:
    if one.safe_ingress is None or needed.by_throughput is None or workload.peak_mb_per_second <= one.safe_ingress:
        return None
    return (
        f"{one.brokers} {one.broker.name} brokers safely take {amount(one.safe_ingress)} MB/s at a "
        f"fan-out of {amount(workload.fan_out)}, and the stated peak is "
        f"{amount(workload.peak_mb_per_second)} MB/s. Have {needed.by_throughput // one.zones} brokers "
        "per zone, or a larger broker type."
    )


def _partition_warning(one: Capacity, replicas: int, needed: BrokersNeeded) -> str | None:
    if replicas <= one.partitions_recommended:
        return None
    beyond = "the maximum" if replicas > one.partitions_maximum else "what AWS recommends"
    limit = one.partitions_maximum if replicas > one.partitions_maximum else one.partitions_recommended
    blocked = " (Amazon MSK then refuses updates of the cluster)" if replicas > one.partitions_maximum else ""
    return (
        f"{replicas} partition replicas are more than {beyond} for {one.brokers} {one.broker.name} brokers, "
        f"{limit}{blocked}. Have {needed.by_partitions // one.zones} brokers per zone, "
        "or a larger broker type."
    )


def _storage_warning(one: Capacity, storage: Storage) -> str | None:
    held = storage.hours_held if storage.hours_held_at_maximum is None else storage.hours_held_at_maximum
    held = max(held, storage.hours_held)
    if held >= storage.hours_needed:
        return None
    size = storage.volume_gib if storage.maximum_gib is None else max(storage.maximum_gib, storage.volume_gib)
    which = "" if storage.maximum_gib is None else " at most"
    text = (
        f"{one.brokers} volumes of{which} {size} GiB hold {days(held)} of messages "
        f"({SAFE_DISK_PERCENT}% full), and {days(storage.hours_needed)} are to be kept. "
    )
    if storage.needed_gib > MAXIMUM_GIB:
        enough = _multiple(storage.needed_gib * one.brokers / MAXIMUM_GIB, one.zones)
        return text + f"Have {enough // one.zones} brokers per zone, for a volume has at most {MAXIMUM_GIB} GiB, or keep less."
    return text + f"Have {storage.needed_gib} GiB per broker."


_NO_DECIMALS_FROM = 100
_HOURS_OF_A_DAY = 24


def amount(value: float) -> str:
    """A number for people: at most one decimal below 100, none above, no trailing zero."""
    text = f"{value:.0f}" if abs(value) >= _NO_DECIMALS_FROM else f"{value:.1f}"
    return text.removesuffix(".0")


def days(hours: float) -> str:
    """A time for people: days, or hours below one day."""
    if math.isinf(hours):
        return "any number of days"
    if hours < _HOURS_OF_A_DAY:
        return f"{amount(hours)} hours"
    number = amount(hours / _HOURS_OF_A_DAY)
    return f"{number} day" if number == "1" else f"{number} days"
