"""Which Kafka versions a cluster may go to in place, by its guards.

The guards decide, and nothing else: what they let pass and the list of versions has for these brokers is a step. What AWS's
sources leave open is a step of which that is said. AWS's own answer for a cluster is GetCompatibleKafkaVersions, which needs the
account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.guards.cluster import refusals_on_update
from domain.guards.refusal import BROKER_TYPE, Inputs, text_at
from domain.msk.brokers import BrokerType, broker_type
from domain.msk.versions import (
    KAFKA_VERSIONS,
    VERSIONS_AS_OF,
    KafkaVersion,
    MetadataMode,
    is_downgrade,
    is_leaving_kraft,
    is_past_support,
    metadata_mode,
    runs_on,
)

if TYPE_CHECKING:
    import datetime


class Verdict(StrEnum):
    """Whether a version is a step."""

    IN_PLACE = "in place"
    NOT_KNOWN = "not known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """A newer version.

    Attributes:
        version: The version.
        verdict: Whether the cluster may go there.
        why: Why it is refused or not known, in sentences; empty for a step in place.
        guard: The guard that refuses it; None where none does.
    """

    version: KafkaVersion
    verdict: Verdict
    why: str = ""
    guard: str | None = None


def upgrade_steps(cluster: Inputs, today: datetime.date) -> list[Step] | None:
    """Every supported version that is newer than a cluster's, or has KRaft where the cluster has not.

    Args:
        cluster: The cluster's inputs, wire names.
        today: The day on which support is judged; a version past it is no step.

    Returns:
        The versions, oldest first; None where the cluster's version or broker type is not known.
    """
    now, broker = text_at(cluster, "kafkaVersion") or "", broker_type(text_at(cluster, BROKER_TYPE) or "")
    if now not in KAFKA_VERSIONS or broker is None or not broker.is_listed:
        return None
    newer = [
        version
        for version in KAFKA_VERSIONS.values()
        if version.name != now
        and not is_downgrade(now, version.name)
        and not is_leaving_kraft(now, version.name)
        and not is_past_support(version, today)
    ]
    return [step for version in newer if (step := _step(cluster, now, version, broker))]


def _step(cluster: Inputs, now: str, version: KafkaVersion, broker: BrokerType) -> Step | None:
    refusals = refusals_on_update(cluster, {**cluster, "kafkaVersion": version.name})
    if refusals:
        return Step(version, Verdict.REFUSED, refusals[0].message, refusals[0].rule)
    if not runs_on(version.name, broker) and not version.uncertain:
        return None
    why = open_question(now, version.name, broker)
    return Step(version, Verdict.NOT_KNOWN, why) if why else Step(version, Verdict.IN_PLACE)


def open_question(now: str, after: str, broker: BrokerType | None) -> str | None:
    """What AWS's sources leave open about an upgrade that no guard refuses, as a sentence; None where nothing.

    Args:
        now: The cluster's version.
        after: The version it would get. Of one that is not in the list nothing is said here.
        broker: Its broker type; None where that is not known.
    """
    version = KAFKA_VERSIONS.get(after)
    if version is None or broker is None or not broker.is_listed:
        return None
    if not runs_on(after, broker):
        return version.uncertain or f"This template's list of {VERSIONS_AS_OF} has no Kafka {after} for {broker.name}."
    if metadata_mode(now) is not metadata_mode(after) and broker.is_express:
        return (
            "AWS's documentation takes clusters from ZooKeeper to KRaft at 3.9.x, which Express brokers do not have with "
            "ZooKeeper: how they get there is not said."
        )
    return None


def leaves_zookeeper(now: str, after: str) -> bool:
    """Whether a step is the one from ZooKeeper to KRaft."""
    return metadata_mode(now) is MetadataMode.ZOOKEEPER and metadata_mode(after) is MetadataMode.KRAFT
