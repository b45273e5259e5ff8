"""From ZooKeeper to KRaft in place: the conditions of Amazon MSK, and what its guard refuses by them.

Source: MSK Developer Guide, "Migrate from ZooKeeper to KRaft mode", prerequisites.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.guards.refusal import BROKER_TYPE, PUBLIC_ACCESS, Inputs, Refusal, any_true, at, text_at
from domain.guards.table import ZOOKEEPER_TO_KRAFT
from domain.msk.brokers import BROKER_TYPES, SMALLEST_WITH_KRAFT, BrokerType
from domain.msk.versions import KRAFT_MIGRATION

_ZONES = 3
_ARN = '--cluster-arn "$(pulumi stack output clusterArn)"'


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the move.

    Attributes:
        name: The condition, in a few words.
        met: Whether the cluster meets it; None where its inputs do not tell.
        remedy: What to do where it is not met, or how to see whether it is: sentences.
        why: For the guard, how its sentence goes on where the condition is not met; empty for what the guard leaves to others.
    """

    name: str
    met: bool | None
    remedy: str
    why: str = ""


def kraft_conditions(cluster: Inputs) -> list[Condition]:
    """The conditions under which Amazon MSK takes a cluster from ZooKeeper to KRaft in place.

    Args:
        cluster: The cluster's inputs, wire names.
    """
    version, broker = text_at(cluster, "kafkaVersion"), BROKER_TYPES.get(text_at(cluster, BROKER_TYPE) or "")
    source, target = KRAFT_MIGRATION
    both = text_at(cluster, PUBLIC_ACCESS) not in (None, "DISABLED") and any_true(at(cluster, "openMonitoring"))
    conditions = [
        Condition(
            f"Kafka {source}",
            version == source if version else None,
            "Amazon MSK has no such version for Express brokers, and does not say how theirs get to KRaft: ask AWS."
            if broker and broker.is_express
            else f"Set kafkaVersion to {source}, and deploy.",
            f"but only from {source} to {target}. Upgrade to {source} first, then to {target}.",
        ),
        Condition(
            "not public access and open monitoring at once",
            not both,
            "Set network.publicAccess to false, or remove monitoring.prometheus, and deploy.",
        ),
        Condition(
            "no advertised.listeners on running brokers",
            None,
            "kafka-configs.sh --bootstrap-server ... --entity-type brokers --describe must not print any.",
        ),
        Condition(
            "state ACTIVE, no pending operation",
            None,
            f"aws kafka describe-cluster-v2 {_ARN} --query ClusterInfo.State",
        ),
    ]
    return conditions if broker and broker.is_express else [*_of_standard(cluster, version, broker), *conditions]


def _of_standard(cluster: Inputs, version: str | None, broker: BrokerType | None) -> list[Condition]:
    """What is asked of Standard brokers alone, and of those that are not in the list."""
    subnets = at(cluster, "brokerNodeGroupInfo.clientSubnets")
    zones = len(subnets) if isinstance(subnets, list) else None
    return [
        Condition(
            "a broker type with KRaft",
            broker.has_kraft if broker else None,
            f"Set brokerType to {SMALLEST_WITH_KRAFT} or larger and kafkaVersion to {version}, and deploy."
            if broker
            else "The broker type is not in this template's list: ask AWS.",
            f"but not for clusters of {broker.name}. Set kafkaVersion to {version}, and change brokerType first."
            if broker
            else "",
        ),
        Condition(
            f"{_ZONES} Availability Zones",
            None if zones is None else zones == _ZONES,
            f"A cluster cannot get another zone: make a second one with KRaft in {_ZONES} zones, replicate to it with MSK "
            "Replicator, move clients.",
            f"but only in {_ZONES} Availability Zones, not {zones}. Set kafkaVersion to {version}.",
        ),
        Condition(
            "no access to ZooKeeper",
            None,
            "Move tools that ask ZooKeeper to the brokers (--bootstrap-server). Then turn it off, which Pulumi cannot: aws kafka "
            f"update-connectivity {_ARN} --current-version VERSION --zookeeper-access Enabled=false. VERSION is "
            "ClusterInfo.CurrentVersion of aws kafka describe-cluster-v2.",
        ),
    ]


def refusals_to_kraft(old: Inputs, before: str, after: str) -> list[Refusal]:
    """What is refused of going from a version with ZooKeeper to one with KRaft.

    Args:
        old: The inputs the cluster was deployed with.
        before: Its version.
        after: The version it would get.
    """
    broker = BROKER_TYPES.get(text_at(old, BROKER_TYPE) or "")
    if broker and broker.is_express:
        # Express brokers have no 3.9.x; how theirs change from 3.8.x is not documented.
        return []
    unmet = [condition.why for condition in kraft_conditions(old) if condition.met is False and condition.why]
    if not unmet and (before, after) != KRAFT_MIGRATION:
        source, target = KRAFT_MIGRATION
        unmet = [f"but only from {source} to {target}. Upgrade to {target} first, then to {after}."]
    return [
        Refusal(
            ZOOKEEPER_TO_KRAFT,
            "kafkaVersion",
            f"kafkaVersion would change from {before} to {after}, from ZooKeeper to KRaft. Amazon MSK makes this change in "
            f"place, {why}",
        )
        for why in unmet[:1]
    ]
