"""How large the brokers' EBS volumes must be, and what Amazon MSK allows them to be.

Rates are MB/s as AWS's sizing model has them: it multiplies MB/s by seconds, divides by 1024 and calls the
result GiB, so a "MB" is taken for a MiB (1 048 576 bytes). For a rate measured in 10^6 bytes that plans 4.9 %
too much, which is the side to err on.

Source of the formula: the sizing model of AWS's public agent-toolkit for Amazon MSK (average ingress, times
retention, times replication factor, divided by the share of the disk that may be used), August 2026.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from domain.msk.brokers import BrokerType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.msk.brokers import BrokerType


MINIMUM_GIB = 1
MAXIMUM_GIB = 16384
"""Volume of a broker, GiB. MSK API reference, ``EBSStorageInfo.volumeSize``."""

MINIMUM_INCREASE_GIB = 10
"""The least by which a volume can grow. MSK Developer Guide, "Manual scaling"."""

STEP_GIB = 10
"""Initial sizes are rounded up to a multiple of this, the step in which Amazon MSK lets a volume grow."""

FLOOR_GIB = 10
"""The smallest initial size. The ``__consumer_offsets`` and canary topics and open segments need room however
small the workload, and provisioned throughput needs 10 GiB (MSK Developer Guide, "Provision storage
throughput")."""

MINIMUM_TARGET_UTILIZATION = 10
MAXIMUM_TARGET_UTILIZATION = 80
"""Percent of the volume at which autoscaling acts. MSK Developer Guide, "Storage auto-scaling details"."""

HOURS_BETWEEN_INCREASES = 6
"""A volume can grow once in this many hours, by hand or by autoscaling; same page."""

MINIMUM_PROVISIONED_THROUGHPUT = 250
"""MiB/s; what a volume has without buying any. MSK Developer Guide, "Provision storage throughput"; less was measured to be
refused, `domain.msk.refusals`, ``provisioned-throughput-min``."""

MINIMUM_GIB_FOR_PROVISIONED_THROUGHPUT = 10
"""Volume that provisioned throughput needs, GiB; same page, and ``provisioned-throughput-volume-size``."""

_MEBIBYTES_PER_GIBIBYTE = 1024
_SECONDS_PER_HOUR = 3600


class StorageError(ValueError):
    """The workload needs more storage than volumes can have; the message says what to change."""


RETENTIONS: Final = {"log.retention.ms": 3_600_000, "log.retention.minutes": 60, "log.retention.hours": 1}
"""How many of a unit are an hour; the first one that is set decides. Apache Kafka documentation, "Broker Configs"."""


def retention_hours_in_force(properties: Mapping[str, object]) -> float | None:
    """How long brokers keep messages of topics that say nothing else, hours: what Kafka goes by, whatever a workload says.

    Args:
        properties: Server properties.

    Returns:
        Infinite for no limit; None where none is set, or what is set is no number.
    """
    for name, an_hour in RETENTIONS.items():
        text = str(properties.get(name, "")).strip()
        if text.startswith("-") and text[1:].isdecimal():
            return math.inf
        if text:
            return hours_kept(int(text) / an_hour) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
    return None


def hours_kept(hours: float) -> float:
    """The same, and infinite for a century or more: the largest number that Kafka counts is how people write "for ever"."""
    return hours if hours < _CENTURY else math.inf


_CENTURY: Final = 876_000


_MOST_DIGITS: Final = 19
"""Of what 64 bits hold."""


def needed_gib(
    ingress_mb_per_second: float,
    retention_hours: float,
    replication_factor: int,
    brokers: int,
    target_utilization_percent: float,
) -> float:
    """Storage that each broker needs, GiB, unrounded and unbounded.

    Args:
        ingress_mb_per_second: Average data that producers write, MB/s, before replication.
        retention_hours: How long it is kept on the volumes, hours.
        replication_factor: Copies of each message.
        brokers: Brokers of the cluster; partitions are taken to be spread evenly.
        target_utilization_percent: How full the volumes may be, percent.
    """
    if min(ingress_mb_per_second, retention_hours) < 0 or min(replication_factor, brokers) < 1:
        raise ValueError("Rates and times must not be negative; brokers and copies must be at least one.")
    if not 0 < target_utilization_percent <= 100:  # noqa: PLR2004 - percent
        raise ValueError("The target utilization must be more than 0 and at most 100 percent.")
    kept = ingress_mb_per_second * retention_hours * _SECONDS_PER_HOUR / _MEBIBYTES_PER_GIBIBYTE
    return kept * replication_factor / brokers / (target_utilization_percent / 100)


def initial_gib(
    ingress_mb_per_second: float,
    retention_hours: float,
    replication_factor: int,
    brokers: int,
    target_utilization_percent: float,
) -> int:
    """The volume each broker should begin with, GiB: what the workload needs, rounded up to ``STEP_GIB``.

    Arguments are those of `needed_gib`. The result is at least ``FLOOR_GIB``.

    Raises:
        StorageError: More than ``MAXIMUM_GIB`` a broker would be needed.
    """
    needed = needed_gib(ingress_mb_per_second, retention_hours, replication_factor, brokers, target_utilization_percent)
    # The largest volume, 16384 GiB, is no multiple of ten: a need just below it still fits.
    rounded = min(math.ceil(needed / STEP_GIB) * STEP_GIB, MAXIMUM_GIB)
    if needed > rounded:
        enough = math.ceil(needed * brokers / MAXIMUM_GIB)
        hours = int(retention_hours * MAXIMUM_GIB / needed)
        raise StorageError(
            f"needs {math.ceil(needed)} GiB on each of {brokers} brokers, but a broker has at most {MAXIMUM_GIB} GiB. Use "
            f"{enough} brokers or more, or keep messages {hours} hours or less."
        )
    return max(rounded, FLOOR_GIB)


def retention_hours_held(
    volume_gib: float,
    ingress_mb_per_second: float,
    replication_factor: int,
    brokers: int,
    target_utilization_percent: float = 100,
) -> float:
    """How many hours of messages volumes of this size hold: the inverse of `needed_gib`.

    Args:
        volume_gib: Volume of each broker, GiB.
        ingress_mb_per_second: Average data that producers write, MB/s, before replication.
        replication_factor: Copies of each message.
        brokers: Brokers of the cluster.
        target_utilization_percent: How full the volumes may be, percent; 100 is until they are full.

    Returns:
        Hours; infinity when nothing is written.
    """
    one_hour = needed_gib(ingress_mb_per_second, 1, replication_factor, brokers, target_utilization_percent)
    return math.inf if one_hour == 0 else volume_gib / one_hour


def provisioned_throughput_problem(broker: BrokerType, mib_per_second: int, volume_gib: int | None = None) -> str | None:
    """Why this much EBS throughput cannot be bought for this broker, or None when it can, or when nobody knows.

    Args:
        broker: The broker type.
        mib_per_second: What is to be bought, MiB/s for each broker.
        volume_gib: The broker's volume, GiB, when it is known.
    """
    maximum = broker.provisioned_throughput_maximum_mib_per_second
    if broker.is_express:
        return f"is not for Express brokers ({broker.name}): they have no volumes. Remove it."
    if maximum is None and broker.is_listed:
        return (
            f"is not available with {broker.name}: provisioned throughput needs kafka.m5.4xlarge or "
            "kafka.m7g.2xlarge, or larger. Remove it, or choose a larger brokerType."
        )
    if maximum is not None and not MINIMUM_PROVISIONED_THROUGHPUT <= mib_per_second <= maximum:
        return f"must be between {MINIMUM_PROVISIONED_THROUGHPUT} and {maximum} MiB/s with {broker.name}."
    if volume_gib is not None and volume_gib < MINIMUM_GIB_FOR_PROVISIONED_THROUGHPUT:
        return f"needs volumes of {MINIMUM_GIB_FOR_PROVISIONED_THROUGHPUT} GiB or more, not {volume_gib} GiB."
    return None


DEFAULT_VOLUME_THROUGHPUT = 250.0
"""MiB/s of a volume without provisioned throughput. MSK Developer Guide, "Provision storage throughput"."""


_SMALL_VOLUME_THROUGHPUT = 128.0


_THROUGHPUT_PER_GIB = 0.75
"""A small volume has less, 0.75 MiB/s a GiB and at least 128: AWS's agent-toolkit, performance guide."""


def volume_throughput(
    broker: BrokerType, provisioned_mib_per_second: float | None = None, volume_gib: float | None = None
) -> float | None:
    """EBS throughput of one Standard broker, MiB/s; None where AWS publishes none, or the broker type is not in the table.

    Args:
        broker: The broker type.
        provisioned_mib_per_second: What was bought; None for nothing.
        volume_gib: The volume's size, which limits it while it is small and nothing was bought; None for
            large enough.
    """
    if broker.ebs_mib_per_second is None:
        return None
    volume = provisioned_mib_per_second
    if volume is None:
        volume = DEFAULT_VOLUME_THROUGHPUT
        if volume_gib is not None:
            volume = min(volume, max(_SMALL_VOLUME_THROUGHPUT, _THROUGHPUT_PER_GIB * volume_gib))
    return min(broker.ebs_mib_per_second, volume)
