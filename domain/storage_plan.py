"""The volumes a stack gets: what was asked for, and what follows from the workload where nothing was."""

from __future__ import annotations

from dataclasses import dataclass

from domain.settings import Storage, Workload
from domain.storage import MAXIMUM_GIB, initial_gib

ROOM_TO_GROW = 2
"""How many times its initial size a volume may grow to by default: a doubling leaves time to act and bounds the cost."""


@dataclass(frozen=True, slots=True)
class StoragePlan:
    """Each broker's volume.

    Attributes:
        initial_gib: Its size at first, GiB.
        maximum_gib: How far autoscaling may grow it, GiB; None when autoscaling is off.
    """

    initial_gib: int
    maximum_gib: int | None


def plan_storage(storage: Storage, workload: Workload, replication_factor: int, brokers: int) -> StoragePlan:
    """Works out the volumes of Standard brokers.

    Args:
        storage: The stack's storage settings.
        workload: What must be kept, and for how long.
        replication_factor: Copies of each message.
        brokers: Brokers of the cluster.

    Raises:
        StorageError: The workload needs more than a volume can hold.
    """
    initial = storage.initial_gib
    if initial is None:
        initial = initial_gib(
            workload.ingress_mb_per_second,
            workload.retention_hours,
            replication_factor,
            brokers,
            storage.target_utilization,
        )
    if not storage.autoscaling:
        return StoragePlan(initial, None)
    return StoragePlan(initial, storage.maximum_gib or min(ROOM_TO_GROW * initial, MAXIMUM_GIB))
