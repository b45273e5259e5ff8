"""What a cluster can carry, held against the workload it is meant for. Read from the inventory alone."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.msk.brokers import BROKERS_AS_OF, BrokerType, broker_type
from domain.msk.volumes import MAXIMUM_GIB
from inventory.clusters import (
    ClusterRows,
    StatedWorkload,
    cluster_name,
    number_of_zones,
    provisioned_throughput_of,
    volume_gib_of,
)
from inventory.quantities import amount, days
from inventory.rows import ResourceRow, get
from inventory.sizing import (
    SAFE_DISK_PERCENT,
    TIERED_PRIMARY_HOURS,
    BrokersNeeded,
    Storage,
    brokers_needed,
    safe_ingress_of_broker,
    storage_held,
    whole_zones,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        local_retention_hours: How long its tiered topics keep messages on the volumes at most; None where that is not known.
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
    local_retention_hours: float | None
    workload: StatedWorkload | None
    safe_ingress: float | None
    needed: BrokersNeeded | None
    storage: Storage | None

    @property
    def vcpu(self) -> int | None:
        """Virtual CPUs of all brokers together; None where they are not known."""
        return self._of_all(self.broker.vcpu)

    @property
    def memory_gib(self) -> int | None:
        """Memory of all brokers together, GiB; None where it is not known."""
        return self._of_all(self.broker.memory_gib)

    @property
    def partition_replicas(self) -> int | None:
        """Partitions times replication factor; None without workload."""
        return None if self.workload is None else self.workload.partitions * self.replication_factor

    @property
    def partitions_recommended(self) -> int | None:
        """Partition replicas that AWS recommends at most for all brokers together; None where that is not known."""
        return self._of_all(self.broker.partitions_recommended)

    @property
    def partitions_maximum(self) -> int | None:
        """Partition replicas beyond which Amazon MSK refuses updates, all brokers together; None where that is not known."""
        return self._of_all(self.broker.partitions_maximum)

    def _of_all(self, each: int | None) -> int | None:
        return None if each is None else each * self.brokers

    @property
    def warnings(self) -> list[str]:
        """What is too small for the workload, each with the number that fits."""
        if self.workload is None or self.needed is None or self.partition_replicas is None:
            return []
        warnings = [
            _throughput_warning(self, self.workload, self.needed),
            _partition_warning(self, self.partition_replicas, self.needed),
            _rate_of_partition_warning(self, self.workload),
            _storage_warning(self, self.storage) if self.storage else None,
        ]
        return [warning for warning in warnings if warning]

    @property
    def notes(self) -> list[str]:
        """What had to be assumed, and what is not known."""
        notes = []
        if not self.broker.is_listed:
            notes.append(
                f"{self.broker.name} is not in the list of {BROKERS_AS_OF}: its vCPU, memory, partitions and throughput are not "
                "known, and nothing is compared with them."
            )
        if self.workload is None:
            return [*notes, "No workload is stated for this cluster, so its capacity is not compared."]
        if self.safe_ingress is None and self.broker.is_listed:
            notes.append(f"AWS publishes no throughput for {self.broker.name}: not sized by throughput.")
        if not self.replication_factor_is_set:
            notes.append(f"Replication factor {self.replication_factor} is assumed, Amazon MSK's default here.")
        if self.tiered:
            local = self.local_retention_hours
            notes.append(
                f"Tiered storage: the volumes are assumed to keep {TIERED_PRIMARY_HOURS} hours."
                if local is None
                else f"Tiered storage: the volumes keep {amount(local)} hours, the longest local retention of the tiered topics."
            )
        return notes


def capacities(rows: Sequence[ResourceRow]) -> list[Capacity]:
    """Every cluster of the inventory whose brokers are known, against its workload."""
    inventory = ClusterRows(rows)
    known = (capacity_of(inventory, row) for row in inventory.clusters)
    return [capacity for capacity in known if capacity is not None]


def capacity_of(inventory: ClusterRows, cluster: ResourceRow) -> Capacity | None:
    """A cluster against its component's workload; None while broker type, number or zones are not known."""
    broker = broker_type(str(get(cluster["inputs"], "brokerNodeGroupInfo.instanceType")))
    brokers = get(cluster["inputs"], "numberOfBrokerNodes")
    zones = number_of_zones(cluster)
    if broker is None or zones is None or not isinstance(brokers, int):
        return None
    properties = inventory.server_properties(cluster)
    factor = _replication_factor(broker, properties, zones)
    workload = inventory.workload(cluster)
    volume = volume_gib_of(cluster)
    tiered = get(cluster["inputs"], "storageMode") == "TIERED"
    local = inventory.local_retention_hours(cluster) if tiered else None
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
            local_retention_hours=local,
            provisioned_mib_per_second=bought,
            volume_gib=volume,
        )
        if volume is not None:
            maximum = inventory.autoscaling_maximum_gib(cluster)
            storage = storage_held(
                volume,
                maximum,
                workload,
                replication_factor=factor,
                brokers=brokers,
                tiered=tiered,
                local_retention_hours=local,
            )
    return Capacity(
        cluster=cluster_name(cluster),
        urn=cluster["urn"],
        broker=broker,
        brokers=brokers,
        zones=zones,
        replication_factor=factor,
        replication_factor_is_set=broker.is_express or _REPLICATION_FACTOR in properties,
        tiered=tiered,
        local_retention_hours=local,
        workload=workload,
        safe_ingress=safe,
        needed=needed,
        storage=storage,
    )


_REPLICATION_FACTOR = "default.replication.factor"


def _replication_factor(broker: BrokerType, properties: Mapping[str, str], zones: int) -> int:
    """Copies of a partition: three with Express, else the configuration's, else Amazon MSK's default."""
    if broker.is_express:
        return 3
    stated = properties.get(_REPLICATION_FACTOR, "")
    # As many digits as brokers have at most: Python refuses to read thousands of them.
    return int(stated) if re.fullmatch("[1-9][0-9]{0,3}", stated) else min(zones, 3)


def _throughput_warning(capacity: Capacity, workload: StatedWorkload, needed: BrokersNeeded) -> str | None:
    if capacity.safe_ingress is None or needed.by_throughput is None or workload.peak_mb_per_second <= capacity.safe_ingress:
        return None
    return (
        f"The stated peak of {amount(workload.peak_mb_per_second)} MB/s exceeds the {amount(capacity.safe_ingress)} MB/s that "
        f"{capacity.brokers} {capacity.broker.name} brokers safely take at a fan-out of {amount(workload.fan_out)}. "
        f"Use {needed.by_throughput // capacity.zones} brokers per zone, or a larger broker type."
    )


def _partition_warning(capacity: Capacity, replicas: int, needed: BrokersNeeded) -> str | None:
    recommended, maximum = capacity.partitions_recommended, capacity.partitions_maximum
    if recommended is None or maximum is None or needed.by_partitions is None or replicas <= recommended:
        return None
    beyond = "the maximum" if replicas > maximum else "what AWS recommends"
    limit = maximum if replicas > maximum else recommended
    blocked = " (Amazon MSK then refuses updates of the cluster)" if replicas > maximum else ""
    return (
        f"{replicas} partition replicas exceed {beyond} for {capacity.brokers} {capacity.broker.name} brokers, "
        f"{limit}{blocked}. Use {needed.by_partitions // capacity.zones} brokers per zone, or a larger broker type."
    )


EXPRESS_PARTITION_MB_PER_SECOND = 15
"""Client writes to a partition on Express brokers, MB/s. MSK Developer Guide, "Amazon MSK quota", Express brokers."""


def _rate_of_partition_warning(capacity: Capacity, workload: StatedWorkload) -> str | None:
    most = EXPRESS_PARTITION_MB_PER_SECOND * workload.partitions
    if not capacity.broker.is_express or workload.peak_mb_per_second <= most:
        return None
    return (
        f"The stated peak of {amount(workload.peak_mb_per_second)} MB/s exceeds the {EXPRESS_PARTITION_MB_PER_SECOND} MB/s that "
        f"Express brokers take for each of {workload.partitions} partitions. Use "
        f"{math.ceil(workload.peak_mb_per_second / EXPRESS_PARTITION_MB_PER_SECOND)} partitions or more."
    )


def _storage_warning(capacity: Capacity, storage: Storage) -> str | None:
    held = storage.hours_held if storage.hours_held_at_maximum is None else storage.hours_held_at_maximum
    held = max(held, storage.hours_held)
    if held >= storage.hours_needed:
        return None
    size = storage.volume_gib if storage.maximum_gib is None else max(storage.maximum_gib, storage.volume_gib)
    which = "" if storage.maximum_gib is None else " at most"
    text = (
        f"{capacity.brokers} volumes of{which} {size} GiB hold {days(held)} of messages ({SAFE_DISK_PERCENT}% full), but the "
        f"retention needs {days(storage.hours_needed)}. "
    )
    if storage.needed_gib > MAXIMUM_GIB:
        enough = whole_zones(storage.needed_gib * capacity.brokers / MAXIMUM_GIB, capacity.zones)
        return (
            f"{text}A volume has at most {MAXIMUM_GIB} GiB: use {enough // capacity.zones} brokers per zone, or less retention."
        )
    return text + f"Use {storage.needed_gib} GiB per broker."
