"""What an inventory says about one cluster: workload, server properties, volumes and their autoscaling.

A cluster's configuration and its scaling target are resources of their own. Which of several belongs to a
cluster is told by the dependencies between properties, by ARNs where those are known, or by there being only
one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.guards.losses import configs_of_text
from domain.java_properties import parse_properties
from domain.msk.volumes import retention_hours_in_force
from inventory.rows import (
    CLUSTER,
    CLUSTER_COMPONENT,
    SERVERLESS_CLUSTER,
    SERVERLESS_COMPONENT,
    ResourceRow,
    get,
    is_known,
    rows_of_type,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIGURATION = "aws:msk/configuration:Configuration"
TOPIC = "aws:msk/topic:Topic"
_MILLISECONDS_OF_AN_HOUR = 3_600_000
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


class ClusterRows:
    """An inventory, looked at from its clusters.

    What is looked up for each cluster is sorted once: an inventory of a hundred clusters takes a hundred times as long
    as one of one.

    Args:
        rows: The inventory.
    """

    def __init__(self, rows: Sequence[ResourceRow]) -> None:
        self.rows = rows
        self.clusters = rows_of_type(rows, CLUSTER)
        self.serverless = rows_of_type(rows, SERVERLESS_CLUSTER)
        self._by_urn = {row["urn"]: row for row in rows}
        self._configurations = rows_of_type(rows, CONFIGURATION)
        self._configuration_by_arn = _by_known(self._configurations, lambda row: get(row["outputs"], "arn"))
        self._targets = [
            row
            for row in rows_of_type(rows, AUTOSCALING_TARGET)
            if get(row["inputs"], "scalableDimension") == "kafka:broker-storage:VolumeSize"
        ]
        self._target_by_arn = _by_known(self._targets, lambda row: get(row["inputs"], "resourceId"))
        self._target_by_cluster = {urn: row for row in self._targets for urn in _depends_on(row, "resourceId")}

    def workload(self, cluster: ResourceRow) -> StatedWorkload | None:
        """The workload stated on the component around the cluster; None when none is, or not all of it is known.

        A peak that is not given is twice the average, as in the stack file. Messages are kept as long as the server properties
        say, whatever the workload says.
        """
        stated = self._stated(cluster, "workload")
        if not isinstance(stated, dict):
            return None

        def number(name: str) -> float | None:
            value = stated.get(name)
            return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

        ingress, fan_out, hours, partitions = (number(name) for name in ("ingressMBps", "fanOut", "retentionHours", "partitions"))
        if ingress is None or fan_out is None or hours is None or partitions is None:
            return None
        peak = number("peakMBps")
        in_force = retention_hours_in_force(self.server_properties(cluster))
        hours = hours if in_force is None or math.isinf(in_force) else in_force
        return StatedWorkload(ingress, 2 * ingress if peak is None else peak, fan_out, hours, int(partitions))

    def stated_topics(self, cluster: ResourceRow) -> dict[str, Any]:
        """The topics that the stack file says a Serverless cluster is to have, by name: Pulumi makes none there."""
        topics = self._stated(cluster, "topics")
        return topics if isinstance(topics, dict) else {}

    def _stated(self, cluster: ResourceRow, name: str) -> object:
        """What the component around a cluster says of it; None where it is another's, or says nothing."""
        component = self._by_urn.get(cluster["parent"])
        ours = component is not None and component["type"] in (CLUSTER_COMPONENT, SERVERLESS_COMPONENT)
        return get(component["inputs"], name) if component and ours else None

    def server_properties(self, cluster: ResourceRow) -> dict[str, str]:
        """The Kafka server properties of the cluster's MSK configuration; empty when none are known."""
        configuration = self._configuration(cluster)
        text = get(configuration["inputs"], "serverProperties") if configuration else None
        if not isinstance(text, str) or not is_known(text):
            return {}
        return parse_properties(text)

    def topics(self, cluster: ResourceRow) -> list[ResourceRow]:
        """The topics of the inventory that are the cluster's."""
        topics = rows_of_type(self.rows, TOPIC)
        if len(self.clusters) == 1:
            return topics
        arn = get(cluster["outputs"], "arn")
        return [
            topic
            for topic in topics
            if cluster["urn"] in _depends_on(topic, "clusterArn")
            or (isinstance(arn, str) and is_known(arn) and get(topic["inputs"], "clusterArn") == arn)
        ]

    def local_retention_hours(self, cluster: ResourceRow) -> float | None:
        """How long tiered topics keep messages on the volumes at most, hours.

        None where it is not known: there are no such topics, or one of them has no limit of its own.
        """
        stated = []
        for topic in self.topics(cluster):
            configs = configs_of_text(get(topic["inputs"], "configs"))
            if configs is None:
                return None
            if str(configs.get("remote.storage.enable")).strip().lower() != "true":
                continue
            text = str(configs.get("local.retention.ms")).strip()
            # -1 is no limit, -2 is as long as the topic keeps them at all. A long has 19 digits at most.
            if not re.fullmatch("[0-9]{1,19}", text):
                return None
            stated.append(int(text) / _MILLISECONDS_OF_AN_HOUR)
        return max(stated, default=None)

    def autoscaling_maximum_gib(self, cluster: ResourceRow) -> int | None:
        """How far storage autoscaling may grow each volume, GiB; None when there is no autoscaling."""
        target = self._target_by_cluster.get(cluster["urn"])
        if target is None:
            target = self._target_by_arn.get(str(get(cluster["outputs"], "arn")))
        if target is None and len(self.clusters) == len(self._targets) == 1:
            target = self._targets[0]
        maximum = get(target["inputs"], "maxCapacity") if target else None
        return int(maximum) if isinstance(maximum, int | float) else None

    def _configuration(self, cluster: ResourceRow) -> ResourceRow | None:
        arn = get(cluster["inputs"], "configurationInfo.arn")
        if arn is None:
            return None
        for urn in _depends_on(cluster, "configurationInfo"):
            row = self._by_urn.get(urn)
            if row and row["type"] == CONFIGURATION:
                return row
        only = self._configurations[0] if len(self._configurations) == 1 else None
        return self._configuration_by_arn.get(str(arn), only)


def cluster_name(cluster: ResourceRow) -> str:
    """The cluster's name, or its logical name while the other is not known."""
    name = get(cluster["inputs"], "clusterName")
    return name if isinstance(name, str) and is_known(name) else cluster["name"]


def number_of_zones(cluster: ResourceRow) -> int | None:
    """In how many Availability Zones the brokers stand, one a client subnet; None while that is not known."""
    subnets = get(cluster["inputs"], "brokerNodeGroupInfo.clientSubnets")
    return len(subnets) if isinstance(subnets, list) and subnets else None


def provisioned_throughput_of(cluster: ResourceRow) -> float | None:
    """EBS throughput bought for each broker, MiB/s; None when none was."""
    block = get(cluster["inputs"], "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.provisionedThroughput")
    throughput = get(block, "volumeThroughput")
    return float(throughput) if get(block, "enabled") is True and isinstance(throughput, int | float) else None


def volume_gib_of(cluster: ResourceRow) -> int | None:
    """Size of each broker's volume, GiB; None where there are none or the size is not known."""
    size = get(cluster["inputs"], "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize")
    return int(size) if isinstance(size, int | float) else None


def _depends_on(row: ResourceRow, name: str) -> Sequence[str]:
    urns = get(row["options"], ("propertyDependencies", name))
    return urns if isinstance(urns, list) else ()


def _by_known(rows: Sequence[ResourceRow], key: Callable[[ResourceRow], object]) -> dict[str, ResourceRow]:
    """The rows by a text, as far as it is known."""
    keyed = ((key(row), row) for row in rows)
    return {text: row for text, row in keyed if isinstance(text, str) and is_known(text)}
