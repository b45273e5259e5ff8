"""What an inventory says about one cluster: workload, server properties, volumes and their autoscaling.

A cluster's configuration and its scaling target are resources of their own. Which of several belongs to a
cluster is told by the dependencies between properties, by ARNs where those are known, or by there being only
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.inventory import CLUSTER, CLUSTER_COMPONENT, ResourceRow, get, is_known, parent_of, rows_of_type

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIGURATION = "aws:msk/configuration:Configuration"
AUTOSCALING_TARGET = "aws:appautoscaling/target:Target"
AUTOSCALING_POLICY = "aws:appautoscaling/policy:Policy"


@dataclass(frozen=True, slots=True)
class StatedWorkload:
    """What the stack file says the cluster must carry; units as in the stack file.

    Attributes:
        ingress_mb_per_second: Average data written by producers, MB/s, before replication.
        peak_mb_per_second: Highest data rate written, MB/s.
        fan_out: How many times each message is read.
        retention_hours: How long messages are kept, hours.
        partitions: Partitions of all topics, without replicas.
    """

    ingress_mb_per_second: float
    peak_mb_per_second: float
    fan_out: float
    retention_hours: float
    partitions: int


def cluster_name(cluster: ResourceRow) -> str:
    """The cluster's name, or its logical name while the other is not known."""
    name = get(cluster["inputs"], "clusterName")
    return name if isinstance(name, str) and is_known(name) else cluster["name"]


def number_of_zones(cluster: ResourceRow) -> int | None:
    """In how many Availability Zones the brokers stand, one a client subnet; None while that is not known."""
    subnets = get(cluster["inputs"], "brokerNodeGroupInfo.clientSubnets")
    return len(subnets) if isinstance(subnets, list) and subnets else None


def workload_of(rows: Sequence[ResourceRow], cluster: ResourceRow) -> StatedWorkload | None:
    """The workload stated on the component around the cluster; None when none is, or not all of it is known.

    A peak that is not given is twice the average, as in the stack file.
    """
    component = parent_of(rows, cluster)
    if component is None or component["type"] != CLUSTER_COMPONENT:
        return None
    stated = get(component["inputs"], "workload")
    if not isinstance(stated, dict):
        return None

    def number(name: str) -> float | None:
        value = stated.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    ingress, fan_out, hours, partitions = (number(name) for name in ("ingressMBps", "fanOut", "retentionHours", "partitions"))
    if ingress is None or fan_out is None or hours is None or partitions is None:
        return None
    peak = number("peakMBps")
    return StatedWorkload(ingress, 2 * ingress if peak is None else peak, fan_out, hours, int(partitions))


def provisioned_throughput_of(cluster: ResourceRow) -> float | None:
    """EBS throughput bought for each broker, MiB/s; None when none was."""
    block = get(cluster["inputs"], "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput")
    throughput = get(block, "volumeThroughput")
    return float(throughput) if get(block, "enabled") is True and isinstance(throughput, int | float) else None


def volume_gib_of(cluster: ResourceRow) -> int | None:
    """Size of each broker's volume, GiB; None where there are none or the size is not known."""
    size = get(cluster["inputs"], "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize")
    return int(size) if isinstance(size, int | float) else None


def server_properties_of(rows: Sequence[ResourceRow], cluster: ResourceRow) -> dict[str, str]:
    """The Kafka server properties of the cluster's MSK configuration; empty when none are known."""
    configuration = _configuration_of(rows, cluster)
    text = get(configuration["inputs"], "serverProperties") if configuration else None
    if not isinstance(text, str) or not is_known(text):
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def autoscaling_maximum_gib(rows: Sequence[ResourceRow], cluster: ResourceRow) -> int | None:
    """How far storage autoscaling may grow each volume, GiB; None when there is no autoscaling."""
    targets = [
        row
        for row in rows_of_type(rows, AUTOSCALING_TARGET)
        if get(row["inputs"], "scalableDimension") == "kafka:broker-storage:VolumeSize"
    ]
    mine = [
        row
        for row in targets
        if cluster["urn"] in _depends_on(row, "resourceId")
        or _same_known(get(row["inputs"], "resourceId"), get(cluster["outputs"], "arn"))
    ]
    if not mine and len(rows_of_type(rows, CLUSTER)) == 1:
        mine = targets
    maximum = get(mine[0]["inputs"], "maxCapacity") if mine else None
    return int(maximum) if isinstance(maximum, int | float) else None


def _configuration_of(rows: Sequence[ResourceRow], cluster: ResourceRow) -> ResourceRow | None:
    configurations = rows_of_type(rows, CONFIGURATION)
    arn = get(cluster["inputs"], "configurationInfo.arn")
    if arn is None:
        return None
    named = _depends_on(cluster, "configurationInfo")
    for row in configurations:
        if row["urn"] in named or _same_known(arn, get(row["outputs"], "arn")):
            return row
    return configurations[0] if len(configurations) == 1 else None


def _depends_on(row: ResourceRow, name: str) -> Sequence[str]:
    urns = get(row["options"], ("propertyDependencies", name))
    return urns if isinstance(urns, list) else ()


def _same_known(one: object, other: object) -> bool:
    return isinstance(one, str) and is_known(one) and one == other
