"""The volumes a stack gets: what was asked for, and what follows from the workload where nothing was."""

from __future__ import annotations

import math
from dataclasses import dataclass

from domain.msk.volumes import MAXIMUM_GIB, initial_gib, needed_gib
from domain.plan.properties import replication_factor_of, retention_hours_of
from domain.settings.cluster import Storage, Workload
from domain.settings.stack import StackSettings

ROOM_TO_GROW = 2
"""How many times what one broker in each zone would need a volume may grow to by default."""


@dataclass(frozen=True, slots=True)
class StoragePlan:
    """Each broker's volume.

    Attributes:
        initial_gib: Its size at first, GiB.
        maximum_gib: How far autoscaling may grow it, GiB; None when autoscaling is off.
    """

    initial_gib: int
    maximum_gib: int | None


def plan_storage(
    storage: Storage,
    workload: Workload,
    replication_factor: int,
    *,
    zones: int,
    brokers_per_zone: int,
    retention_hours: float | None = None,
) -> StoragePlan:
    """Works out the volumes of Standard brokers.

    Args:
        storage: The stack's storage settings.
        workload: What must be kept, and for how long.
        replication_factor: Copies of each message.
        zones: Availability Zones of the cluster.
        brokers_per_zone: Brokers in each.
        retention_hours: How long messages are kept, where server properties say otherwise than the workload.

    Raises:
        StorageError: The workload needs more than a volume can hold.
    """
    hours = workload.retention_hours if retention_hours is None else retention_hours

    def needed(brokers: int) -> tuple[float, float, int, int]:
        return workload.ingress_mb_per_second, hours, replication_factor, brokers

    initial = storage.initial_gib
    if initial is None:
        initial = initial_gib(*needed(zones * brokers_per_zone), storage.target_utilization)
    if not storage.autoscaling:
        return StoragePlan(initial, None)
    if storage.maximum_gib is not None:
        return StoragePlan(initial, storage.maximum_gib)
    # Of the smallest cluster, whatever this one is: brokers that are added later must not lower the limit of volumes that have
    # grown already.
    base = storage.initial_gib or max(math.ceil(needed_gib(*needed(zones), storage.target_utilization)), initial)
    return StoragePlan(initial, min(ROOM_TO_GROW * base, MAXIMUM_GIB))


def initial_size_note(settings: StackSettings) -> str | None:
    """What the preview says of a size that a running cluster does not take; None where it takes it."""
    if not settings.broker.is_standard or settings.storage.initial_gib is None or not settings.storage.autoscaling:
        return None
    return (
        "storage.initialGiB is the size of a new cluster's volumes. It changes nothing on a running cluster while "
        "storage.autoscaling is on: autoscaling alone grows the volumes then."
    )


def storage_of(settings: StackSettings) -> StoragePlan | None:
    """The volumes of a stack; None for Express brokers and Serverless clusters, which have none."""
    if not settings.broker.is_standard:
        return None
    return plan_storage(
        settings.storage,
        settings.workload,
        replication_factor_of(settings),
        zones=settings.number_of_zones,
        brokers_per_zone=settings.brokers_per_zone,
        retention_hours=retention_hours_of(settings),
    )
