"""The Apache Kafka versions of Amazon MSK: when each came, when its support ends, and what runs it.

Sources: MSK Developer Guide, "Supported Apache Kafka versions" (names, release and end-of-support dates up to
4.0); endoflife.date ``amazon-msk``, 22 August 2026 (4.1, 4.2 and the ends of 3.6 and 3.7); what each kind of brokers takes, and
what Amazon MSK lists: the answers of CreateCluster and CreateConfiguration, September 2026 (`domain.msk.refusals`), and
terraform-provider-aws issue 48309.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.msk.brokers import BROKER_TYPES, HOURS_PER_MONTH, PRICE_REGION, SMALLEST_WITH_KRAFT, BrokerKind
from domain.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.msk.brokers import BrokerType

VERSIONS_AS_OF = dt.date(2026, 8, 22)
"""The day this table was last held against its sources."""


class MetadataMode(StrEnum):
    """Who keeps a cluster's metadata."""

    KRAFT = "KRaft"
    ZOOKEEPER = "ZooKeeper"


@dataclass(frozen=True, slots=True)
class KafkaVersion:
    """One version of Apache Kafka as Amazon MSK offers it.

    Attributes:
        name: The API's string, for example ``3.9.x.kraft``.
        released: The day Amazon MSK began to offer it.
        end_of_support: The last day of support; None when AWS has named none.
        metadata: Who keeps the metadata.
        broker_kinds: The kinds of brokers a new cluster of this version may have.
        uncertain: What AWS's sources leave open about ``broker_kinds``, as a sentence for people; None when
            nothing. Where it is set, a combination that is missing in ``broker_kinds`` is worth a warning,
            not a refusal.
    """

    name: str
    released: dt.date
    end_of_support: dt.date | None
    metadata: MetadataMode
    broker_kinds: frozenset[BrokerKind]
    uncertain: str | None = None

    @property
    def number(self) -> tuple[int, ...]:
        """The version's number; ``x`` counts as 0."""
        return version_number(self.name)

    @property
    def is_deprecated(self) -> bool:
        """Whether Amazon MSK lists the version as DEPRECATED, so that it creates no cluster with it.

        That is another thing than the end of support: 3.6.0 and 3.7.x are past it and still ACTIVE. Measured 2026-09-14,
        `domain.msk.refusals`, ``kafka-version-deprecated``.
        """
        return self.number < _FIRST_ACTIVE


_STANDARD = frozenset({BrokerKind.STANDARD})
_EXPRESS = frozenset({BrokerKind.EXPRESS})
_BOTH = _STANDARD | _EXPRESS

# name, released, end of support, kinds. The guide gives no release dates for 1.1.1 and 2.1.0: these are the
# days the service's preview and its general availability were announced.
_ROWS: tuple[tuple[str, str, str | None, frozenset[BrokerKind]], ...] = (
    ("1.1.1", "2018-11-29", "2024-06-05", _STANDARD),
    ("2.1.0", "2019-05-30", "2024-06-05", _STANDARD),
    ("2.2.1", "2019-07-31", "2024-06-08", _STANDARD),
    ("2.3.1", "2019-12-19", "2024-06-08", _STANDARD),
    ("2.4.1", "2020-04-02", "2024-06-08", _STANDARD),
    ("2.4.1.1", "2020-09-09", "2024-06-08", _STANDARD),
    ("2.5.1", "2020-09-30", "2024-06-08", _STANDARD),
    ("2.6.0", "2020-10-21", "2024-09-11", _STANDARD),
    ("2.6.1", "2021-01-19", "2024-09-11", _STANDARD),
    ("2.6.2", "2021-04-29", "2024-09-11", _STANDARD),
    ("2.6.3", "2021-12-21", "2024-09-11", _STANDARD),
    ("2.7.0", "2020-12-29", "2024-09-11", _STANDARD),
    ("2.7.1", "2021-05-25", "2024-09-11", _STANDARD),
    ("2.7.2", "2021-12-21", "2024-09-11", _STANDARD),
    ("2.8.0", "2021-05-19", "2024-09-11", _STANDARD),
    ("2.8.1", "2022-10-28", "2024-09-11", _STANDARD),
    ("2.8.2.tiered", "2022-10-28", "2025-01-14", _STANDARD),
    ("3.1.1", "2022-06-22", "2024-09-11", _STANDARD),
    ("3.2.0", "2022-06-22", "2024-09-11", _STANDARD),
    ("3.3.1", "2022-10-26", "2024-09-11", _STANDARD),
    ("3.3.2", "2023-03-02", "2024-09-11", _STANDARD),
    ("3.4.0", "2023-05-04", "2025-08-04", _STANDARD),
    ("3.5.1", "2023-09-26", "2025-10-23", _STANDARD),
    ("3.6.0", "2023-11-16", "2026-06-01", _STANDARD),
    ("3.7.x", "2024-05-29", "2026-09-01", _STANDARD),
    ("3.7.x.kraft", "2024-05-29", "2026-09-01", _STANDARD),
    ("3.8.x", "2025-02-20", None, _BOTH),
    ("3.8.x.kraft", "2025-02-20", None, _STANDARD),
    # Express brokers refuse 3.9.x at creation: there 3.9 is KRaft only (terraform-provider-aws issue 48309).
    ("3.9.x", "2025-04-21", None, _STANDARD),
    ("3.9.x.kraft", "2025-04-21", None, _BOTH),
    ("4.0.x.kraft", "2025-05-16", None, _STANDARD),
    ("4.1.x.kraft", "2025-10-15", None, _STANDARD),
    ("4.2.x.kraft", "2026-07-15", None, _EXPRESS),
)

_UNCERTAIN: Mapping[str, str] = {
    "3.6.0": "Amazon MSK no longer creates clusters with Express brokers and 3.6.0; an existing cluster keeps it until it is "
    "upgraded. For a new cluster, use 3.8.x or 3.9.x.kraft.",
    "4.2.x.kraft": "Amazon MSK announced 4.2 for Express brokers in July 2026 and has not said when Standard "
    "brokers get it. If Amazon MSK refuses it, use 4.1.x.kraft.",
}

_FIRST_KRAFT_ONLY = (4,)
_FIRST_ACTIVE = (3, 6)

LISTED_BESIDES = ("3.6.0.1", "3.8.link")
"""Strings that Amazon MSK lists beside `KAFKA_VERSIONS`, as DEPRECATED: a configuration may name them, no cluster is created with
them. Measured 2026-09-13, `domain.msk.refusals`, ``config-kafka-versions-unknown``."""


def version_number(name: str) -> tuple[int, ...]:
    """The numbers of a version string; ``x`` counts as 0, a suffix such as ``.kraft`` is left out."""
    numbers: list[int] = []
    for part in name.split("."):
        if part.lower() == "x":
            numbers.append(0)
        elif re.fullmatch(r"[0-9]{1,9}", part):
            numbers.append(int(part))
        else:
            # No more digits than a number has: Python reads no thousands of them.
            leading = re.match(r"[0-9]{1,9}", part)
            if leading:
                numbers.append(int(leading.group()))
            break
    return tuple(numbers)


def metadata_mode(name: str) -> MetadataMode:
    """Who keeps the metadata under a version, known here or not: KRaft with ``.kraft`` and from 4.0 on."""
    kraft = name.endswith(".kraft") or version_number(name) >= _FIRST_KRAFT_ONLY
    return MetadataMode.KRAFT if kraft else MetadataMode.ZOOKEEPER


KAFKA_VERSIONS: Mapping[str, KafkaVersion] = MappingProxyType(
    {
        name: KafkaVersion(
            name,
            dt.date.fromisoformat(released),
            dt.date.fromisoformat(ends) if ends else None,
            metadata_mode(name),
            kinds,
            _UNCERTAIN.get(name),
        )
        for name, released, ends, kinds in _ROWS
    }
)
"""Every version Amazon MSK has offered, by the API's string, oldest number first."""

_DEFAULTS: Mapping[MetadataMode, str] = {MetadataMode.KRAFT: "3.9.x.kraft", MetadataMode.ZOOKEEPER: "3.9.x"}


KRAFT_MIGRATION = (_DEFAULTS[MetadataMode.ZOOKEEPER], _DEFAULTS[MetadataMode.KRAFT])
"""The only way from ZooKeeper to KRaft in place, old and new version. MSK Developer Guide, "Migrate from ZooKeeper to KRaft"."""


def default_version(broker: BrokerType) -> str:
    """The version of a stack that names none: 3.9.x with KRaft, or with ZooKeeper where the broker type has no KRaft."""
    return _DEFAULTS[MetadataMode.KRAFT if broker.has_kraft else MetadataMode.ZOOKEEPER]


def runs_on(name: str, broker: BrokerType) -> bool:
    """Whether a cluster with brokers of this type may have a version.

    Of a version that is unknown here only one thing is certain: with KRaft it runs on no type that has none.
    """
    version = KAFKA_VERSIONS.get(name)
    if metadata_mode(name) is MetadataMode.KRAFT and not broker.has_kraft:
        return False
    return version is None or (broker.kind in version.broker_kinds and (broker.family != "m7g" or supports_m7g(name)))


def created_with(kind: BrokerKind) -> list[str]:
    """The versions that CreateCluster takes for a kind of brokers, oldest first.

    A cluster that is there may have another: an upgrade, or a creation years ago, gave it that. Measured 2026-09-14,
    `domain.msk.refusals`, ``kafka-version-deprecated`` and ``express-kafka-version``.
    """
    return [version.name for version in KAFKA_VERSIONS.values() if kind in version.broker_kinds and not version.is_deprecated]


def nearest_version(name: str, broker: BrokerType) -> str | None:
    """The version that ``name``, which is none, was most likely meant to be; None when none is near.

    Args:
        name: What was asked for. A bare number is that number with KRaft where there is such a version.
        broker: The type that has to run it.
    """
    versions = [version for version in KAFKA_VERSIONS if runs_on(version, broker)]
    if re.fullmatch(r"[0-9.x]+", name):
        return max((version for version in versions if _order(version)[0] == _order(name)[0]), key=_order, default=None)
    return nearest(name, versions)


def may_be_new_version(name: str) -> bool:
    """Whether Amazon MSK may have added a version since the table was looked at: it is newer than all that the table has.

    Args:
        name: A version that is not in the table.
    """
    return _order(name) > max(map(_order, KAFKA_VERSIONS))


def is_past_support(version: KafkaVersion, today: dt.date) -> bool:
    """Whether support has ended: from the day after the version's last day on."""
    return version.end_of_support is not None and today > version.end_of_support


_NOTED_BEFORE_END = dt.timedelta(days=180)
"""So long before the end of a version's support the preview speaks of it: time to upgrade one stack after the other."""


def end_of_support_note(name: str, today: dt.date, stack: str) -> str | None:
    """That support of a version ends soon, and what tells of the next ones; None where it does not, or where it has ended.

    After the end the guards and the policy pack speak.

    Args:
        name: The version, in the table or not.
        today: The day on which that is judged.
        stack: The stack's name.
    """
    version = KAFKA_VERSIONS.get(name)
    if version is None or version.end_of_support is None or is_past_support(version, today):
        return None
    left = version.end_of_support - today
    if left > _NOTED_BEFORE_END:
        return None
    return (
        f"Amazon MSK supports Kafka {name} until {version.end_of_support} ({left.days} days), and then upgrades the cluster by "
        f"itself. `python -m tools upgrades --stack {stack}` shows the next versions and what they change."
    )


def _order(name: str) -> tuple[tuple[int, ...], bool]:
    numbers = version_number(name)
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers, metadata_mode(name) is MetadataMode.KRAFT


def is_downgrade(old: str, new: str) -> bool:
    """Whether going from ``old`` to ``new`` is going back.

    A smaller number is; so is ZooKeeper after KRaft of the same number. The strings need not be in the table:
    they are compared by their numbers, where ``x`` and a missing number count as 0.
    """
    return _order(new) < _order(old)


def is_leaving_kraft(old: str, new: str) -> bool:
    """Whether going from ``old`` to ``new`` would go from KRaft back to ZooKeeper, which no cluster can."""
    return metadata_mode(old) is MetadataMode.KRAFT and metadata_mode(new) is MetadataMode.ZOOKEEPER


def supports_tiered_storage(name: str) -> bool:
    """Whether a version has tiered storage: 2.8.2.tiered, and 3.6.0 and newer.

    Source: MSK Developer Guide, "Tiered storage for Standard brokers".
    """
    return name == "2.8.2.tiered" or version_number(name) >= (3, 6)


def supports_m7g(name: str) -> bool:
    """Whether a version runs on Standard M7g brokers: 2.8.2, and 3.3.2 and newer.

    Source: MSK Developer Guide, "Amazon MSK broker types".
    """
    number = version_number(name)
    return number == (2, 8, 2) or number >= (3, 3, 2)


def supports_public_access(name: str) -> bool:
    """Whether a version can have public access: 2.6.0 and newer.

    Source: MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster".
    """
    return version_number(name) >= (2, 6)


def supports_multi_vpc_connectivity(name: str) -> bool:
    """Whether a version can have multi-VPC private connectivity: 2.7.1 and newer.

    Source: MSK Developer Guide, "Amazon MSK multi-VPC private connectivity in a single Region".
    """
    return version_number(name) >= (2, 7, 1)


def supports_dual_stack(name: str) -> bool:
    """Whether a version can have the network type DUAL, which is IPv6 beside IPv4: 3.6.0 and newer.

    Source: MSK Developer Guide, "Configure dual-stack network type for an Amazon MSK cluster".
    """
    return version_number(name) >= (3, 6)


def supports_broker_removal(name: str) -> bool:
    """Whether brokers can be removed from a cluster of this version: 2.8.1 and newer.

    Source: MSK Developer Guide, "Remove a broker from an Amazon MSK cluster".
    """
    return version_number(name) >= (2, 8, 1)


def without_kraft_note(broker: BrokerType, brokers: int, region: str) -> str | None:
    """What brokers without KRaft mean for a cluster, and what those with it cost more; None where brokers have KRaft.

    Args:
        broker: The cluster's broker type.
        brokers: How many it has.
        region: Where it is. The list prices are one region's: nothing is said of what it costs in others.
    """
    if broker.has_kraft or broker.usd_per_hour is None:
        return None
    last = max((version for version in KAFKA_VERSIONS if runs_on(version, broker)), key=version_number)
    larger = BROKER_TYPES[SMALLEST_WITH_KRAFT]
    more = (larger.usd_per_hour - broker.usd_per_hour) * brokers * HOURS_PER_MONTH
    price = (
        f"{brokers} brokers of {larger.name} cost {more:,.2f} USD more a month (list prices of {region}, brokers only)"
        if region == PRICE_REGION
        else f"use {larger.name} (this repository has no prices for {region})"
    )
    return (
        f"{broker.name} does not support KRaft or Kafka versions after {'.'.join(map(str, version_number(last)[:2]))}. For KRaft "
        f"and Kafka 4: {price}."
    )


def recommended_version(kind: BrokerKind, today: dt.date, metadata: MetadataMode = MetadataMode.KRAFT) -> str:
    """The version to take for a new cluster.

    ``3.9.x.kraft`` as long as it is supported: it is KRaft, runs on both kinds of brokers and upgrades to
    4.x. After that the newest supported KRaft version of the kind. The same with ZooKeeper, from ``3.9.x`` on.

    Args:
        kind: The kind of its brokers.
        today: The day on which support is judged.
        metadata: Who is to keep the metadata: ZooKeeper for a broker type without KRaft.
    """
    supported = [
        version
        for version in KAFKA_VERSIONS.values()
        if kind in version.broker_kinds and version.metadata is metadata and not is_past_support(version, today)
    ]
    default = _DEFAULTS[metadata]
    if not supported or any(version.name == default for version in supported):
        return default
    return max(supported, key=lambda version: version.number).name
