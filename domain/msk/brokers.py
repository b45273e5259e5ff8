"""The broker types of Amazon MSK: what each is, what it can carry, and what it costs.

Sources, by column:

* names: MSK Developer Guide, "Amazon MSK broker types" and "Amazon MSK broker instance sizes"; that there are M8g brokers:
  "Initiate the upgrade" of a Standard cluster to Express brokers, autumn 2026, with no figures (`may_be_new`);
* vCPU, memory, EC2 network: Amazon EC2 instance types (the ``t3``, ``m5`` and ``m7g`` rows);
* EBS and network baselines, prices: the sizing model of AWS's public agent-toolkit for Amazon MSK, August
  2026 (the price of kafka.t3.small: an undated public price list);
* partitions: MSK Developer Guide, "Best practices" for Standard brokers and for Express brokers;
* KRaft: what CreateCluster answers to kafka.t3.small with a ``.kraft`` version, 14 September 2026, as quoted by the rule
  ``pf-msk-t3-small-not-kraft`` of badmintoncryer/cdk-preflight;
* provisioned throughput: MSK Developer Guide, "Provision storage throughput for Standard brokers"; what is refused below and
  above was measured, `domain.msk.refusals`, ``provisioned-throughput-*``;
* Express throughput: MSK Developer Guide, "Amazon MSK quota", throughput throttle limits by broker size.

Units are the sources' own: MiB/s where AWS speaks of EBS and network, MB/s where it speaks of client traffic.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.msk.serverless import SERVERLESS

if TYPE_CHECKING:
    from collections.abc import Mapping


BROKERS_AS_OF = dt.date(2026, 8, 22)
"""The day the table of sizes was last held against its sources."""

LONGEST_TRUST = dt.timedelta(days=180)
"""How long a list of broker types, versions or keys is trusted: AWS adds to them. What an older one lacks is only warned of."""


def is_outdated(as_of: dt.date, today: dt.date) -> bool:
    """Whether a list was last looked at too long ago to refuse by it what it lacks.

    Args:
        as_of: The day it was last held against its sources.
        today: The day on which that is judged.
    """
    return today - as_of > LONGEST_TRUST


class BrokerKind(StrEnum):
    """The two kinds of provisioned brokers, and Serverless, whose brokers nobody sees.

    AWS upgrades a cluster from Standard to Express in place, with an operation that Pulumi does not have; there is no way back.
    From and to Serverless there is none: it is another cluster.
    """

    STANDARD = "standard"
    EXPRESS = "express"
    SERVERLESS = "serverless"


PROVISIONED_KINDS = (BrokerKind.STANDARD, BrokerKind.EXPRESS)
"""The kinds with brokers that one chooses."""


@dataclass(frozen=True, slots=True)
class BrokerType:
    """One broker size of Amazon MSK.

    Of a type that is not in the table nothing is known but its name and its kind: all figures are None.

    Attributes:
        name: The API's name, for example ``kafka.m7g.large``.
        kind: Standard or Express; Serverless stands for a cluster without a broker type.
        vcpu: Virtual CPUs; None where they are not known.
        memory_gib: Memory in GiB; None where it is not known.
        network_gbps: Network bandwidth of the EC2 instance in Gbit/s, "up to" on the smaller sizes; None for
            Express brokers, whose throughput has quotas instead.
        network_mib_per_second: Baseline network bandwidth in MiB/s, which planning may count on; None where
            AWS publishes no figure (t3.small) and for Express brokers.
        ebs_mib_per_second: Highest EBS throughput in MiB/s the instance can use; None where AWS publishes no
            figure (t3.small) and for Express brokers, which have no volumes. Above 250 MiB/s it is only had
            by buying provisioned throughput.
        partitions_recommended: Partition replicas, leaders and followers, that AWS recommends at most; None where that is not
            known.
        partitions_maximum: Partition replicas beyond which Amazon MSK refuses updates; None where that is not known.
        usd_per_hour: On-demand price in ``PRICE_REGION``, USD an hour for each broker; None where it is not known.
        has_kraft: Whether clusters of this type may have KRaft; the others have ZooKeeper, and cannot change to KRaft either.
            Those that are not in the table may.
        provisioned_throughput_maximum_mib_per_second: The most EBS throughput that can be bought, MiB/s; None
            when none can, or where that is not known.
        sustained_ingress_mb_per_second: Express: client writes that are always carried, MB/s.
        maximum_ingress_mb_per_second: Express: client writes beyond which the broker throttles, MB/s.
        sustained_egress_mb_per_second: Express: client reads that are always carried, MB/s.
        maximum_egress_mb_per_second: Express: client reads beyond which the broker throttles, MB/s.
    """

    name: str
    kind: BrokerKind
    vcpu: int | None = None
    memory_gib: int | None = None
    network_gbps: float | None = None
    network_mib_per_second: float | None = None
    ebs_mib_per_second: float | None = None
    partitions_recommended: int | None = None
    partitions_maximum: int | None = None
    usd_per_hour: float | None = None
    has_kraft: bool = True
    provisioned_throughput_maximum_mib_per_second: int | None = None
    sustained_ingress_mb_per_second: float | None = None
    maximum_ingress_mb_per_second: float | None = None
    sustained_egress_mb_per_second: float | None = None
    maximum_egress_mb_per_second: float | None = None

    @property
    def is_express(self) -> bool:
        """Whether this is an Express broker."""
        return self.kind is BrokerKind.EXPRESS

    @property
    def is_standard(self) -> bool:
        """Whether this is a Standard broker: one with a volume of its own."""
        return self.kind is BrokerKind.STANDARD

    @property
    def is_serverless(self) -> bool:
        """Whether this is no broker type but a Serverless cluster."""
        return self.kind is BrokerKind.SERVERLESS

    @property
    def family(self) -> str:
        """The EC2 family, such as ``t3``, ``m5``, ``m7g`` or ``m8g``; empty for a Serverless cluster."""
        return "" if self.is_serverless else self.name.split(".")[1]

    @property
    def size(self) -> str:
        """The size within the family: ``small``, ``large`` ... ``24xlarge``; empty for a Serverless cluster."""
        return "" if self.is_serverless else self.name.split(".")[2]

    @property
    def is_listed(self) -> bool:
        """Whether it is in the table, so that its figures are known. A Serverless cluster lacks no figures: it has quotas."""
        return self.name in BROKER_TYPES or self.is_serverless

    @property
    def is_burstable(self) -> bool:
        """Whether the broker lives on CPU credits (t3), which is for development only."""
        return self.family.startswith("t")


@dataclass(frozen=True, slots=True)
class ListedBrokerType(BrokerType):
    """A broker size that the table has, so that what is known of every size is known of it."""

    vcpu: int = field(kw_only=True)
    memory_gib: int = field(kw_only=True)
    partitions_recommended: int = field(kw_only=True)
    partitions_maximum: int = field(kw_only=True)
    usd_per_hour: float = field(kw_only=True)


PRICES_AS_OF = dt.date(2026, 8, 1)
"""The first day of the month the prices were taken in. They are estimates from then on."""

PRICE_REGION = "us-east-1"
"""The region whose prices these are."""


def _standard(
    name: str,
    machine: tuple[int, int, float],
    rates: tuple[float | None, float | None, int | None],
    partitions: tuple[int, int],
    usd_per_hour: float,
    *,
    has_kraft: bool = True,
) -> ListedBrokerType:
    return ListedBrokerType(
        name=name,
        kind=BrokerKind.STANDARD,
        vcpu=machine[0],
        memory_gib=machine[1],
        network_gbps=machine[2],
        network_mib_per_second=rates[0],
        ebs_mib_per_second=rates[1],
        partitions_recommended=partitions[0],
        partitions_maximum=partitions[1],
        usd_per_hour=usd_per_hour,
        has_kraft=has_kraft,
        provisioned_throughput_maximum_mib_per_second=rates[2],
    )


def _express(
    name: str,
    machine: tuple[int, int],
    rates: tuple[float, float, float, float],
    partitions: tuple[int, int],
    usd_per_hour: float,
) -> ListedBrokerType:
    return ListedBrokerType(
        name=name,
        kind=BrokerKind.EXPRESS,
        vcpu=machine[0],
        memory_gib=machine[1],
        network_gbps=None,
        network_mib_per_second=None,
        ebs_mib_per_second=None,
        partitions_recommended=partitions[0],
        partitions_maximum=partitions[1],
        usd_per_hour=usd_per_hour,
        sustained_ingress_mb_per_second=rates[0],
        maximum_ingress_mb_per_second=rates[1],
        sustained_egress_mb_per_second=rates[2],
        maximum_egress_mb_per_second=rates[3],
    )


# One row a line, so that the table can be held against the pages it comes from.
# m5.24xlarge: the sizing model allows 4000 partitions in updates; the developer guide, the authority, 6000.
# m7g.xlarge: EC2 says up to 12.5 Gbit/s; some tables say 15.
# m7g.2xlarge: the guide gives 312.5 MiB/s of provisioned throughput; the API takes whole numbers.
# fmt: off
_TABLE: tuple[ListedBrokerType, ...] = (
    # (vCPU, GiB, Gbit/s), (network, EBS, provisioned; MiB/s), partitions (recommended, maximum), USD/h
    _standard("kafka.t3.small", (2, 2, 5), (None, None, None), (300, 300), 0.0456, has_kraft=False),
    _standard("kafka.m5.large", (2, 8, 10), (96, 81, None), (1000, 1500), 0.21),
    _standard("kafka.m5.xlarge", (4, 16, 10), (160, 144, None), (1000, 1500), 0.42),
    _standard("kafka.m5.2xlarge", (8, 32, 10), (320, 250, None), (2000, 3000), 0.84),
    _standard("kafka.m5.4xlarge", (16, 64, 10), (640, 593.75, 593), (4000, 6000), 1.68),
    _standard("kafka.m5.8xlarge", (32, 128, 10), (1280, 850, 850), (4000, 6000), 3.36),
    _standard("kafka.m5.12xlarge", (48, 192, 12), (1536, 1000, 1000), (4000, 6000), 5.04),
    _standard("kafka.m5.16xlarge", (64, 256, 20), (2560, 1000, 1000), (4000, 6000), 6.72),
    _standard("kafka.m5.24xlarge", (96, 384, 25), (3200, 1000, 1000), (4000, 6000), 10.08),
    _standard("kafka.m7g.large", (2, 8, 12.5), (117, 78.75, None), (1000, 1500), 0.204),
    _standard("kafka.m7g.xlarge", (4, 16, 12.5), (234, 156.25, None), (1000, 1500), 0.408),
    _standard("kafka.m7g.2xlarge", (8, 32, 15), (469, 312.5, 312), (2000, 3000), 0.816),
    _standard("kafka.m7g.4xlarge", (16, 64, 15), (937, 625, 625), (4000, 6000), 1.632),
    _standard("kafka.m7g.8xlarge", (32, 128, 15), (1875, 1000, 1000), (4000, 6000), 3.264),
    _standard("kafka.m7g.12xlarge", (48, 192, 22.5), (2812, 1000, 1000), (4000, 6000), 4.896),
    _standard("kafka.m7g.16xlarge", (64, 256, 30), (3750, 1000, 1000), (4000, 6000), 6.528),
    # (vCPU, GiB), (ingress sustained, maximum, egress sustained, maximum; MB/s), (partitions ...), USD/h
    _express("express.m7g.large", (2, 8), (15.6, 23.4, 31.2, 58.5), (1000, 1500), 0.408),
    _express("express.m7g.xlarge", (4, 16), (31.2, 46.8, 62.5, 117), (1000, 2000), 0.816),
    _express("express.m7g.2xlarge", (8, 32), (62.5, 93.7, 125, 234.2), (2500, 4000), 1.632),
    _express("express.m7g.4xlarge", (16, 64), (124.9, 187.5, 249.8, 468.7), (6000, 8000), 3.264),
    _express("express.m7g.8xlarge", (32, 128), (250, 375, 500, 937.5), (12000, 16000), 6.528),
    _express("express.m7g.12xlarge", (48, 192), (375, 562.5, 750, 1406.2), (16000, 24000), 9.792),
    _express("express.m7g.16xlarge", (64, 256), (500, 750, 1000, 1875), (20000, 32000), 13.056),
)
# fmt: on

BROKER_TYPES: Mapping[str, ListedBrokerType] = MappingProxyType({row.name: row for row in _TABLE})
"""Every broker type of Amazon MSK by its name, Standard before Express, small before large."""

SMALLEST_WITH_KRAFT = "kafka.m7g.large"
"""The broker type to go to from one without KRaft."""

_EC2_FAMILY = re.compile(r"(?P<series>[cdmrtxz]|i[ms]?)(?P<generation>[1-9]|1[0-9])(?P<options>[agi]?[bdenz]{0,2})")
_EC2_SIZE = re.compile(r"(nano|micro|small|medium|large|([2-9]|[1-9][0-9])?xlarge)")
"""How Amazon EC2 writes families for general work and sizes: Amazon EC2 User Guide, "Instance type naming conventions"."""

_FIRST_WITH_PROCESSOR = 6
"""From this generation on a family's name says whose processors it has: a, g or i."""

_SERIES, _OLD, _NEW = "([cdmrtxz]|i[ms]?)", "[1-5][agi]?", "([6-9]|1[0-9])[agi]"
BROKER_TYPE = rf"(kafka|express)\.{_SERIES}({_OLD}|{_NEW})[bdenz]{{0,2}}\.{_EC2_SIZE.pattern}"
"""The regular expression of the names that `broker_type` knows a type for."""


def broker_kind(name: str) -> BrokerKind:
    """The kind of brokers of a type, in the table or not: its first part says which."""
    if name == SERVERLESS:
        return BrokerKind.SERVERLESS
    return BrokerKind.EXPRESS if name.startswith("express.") else BrokerKind.STANDARD


def broker_type(name: str) -> BrokerType | None:
    """The broker type of this name: the table's row, or one without figures where AWS's form is all there is to go by.

    Args:
        name: The API's name, for example ``kafka.m7g.large``.

    Returns:
        None where the name has not the form of a broker type.
    """
    return BROKER_TYPES.get(name) or (BrokerType(name, broker_kind(name)) if _parts(name) else None)


def may_be_new(name: str) -> bool:
    """Whether AWS may have added a broker type since the table was looked at: a family newer than all that the table has.

    That is a later generation of a series (``m8g``), or a generation at least as late as the latest in the table of a series that
    it has not got (``r7g``). ``kafka.m7g.24xlarge``, ``kafka.m6g.large`` and ``kafka.r5.xlarge`` are none: AWS adds no older
    machines, and the sizes of a family came together.

    Args:
        name: A name that is not in the table.
    """
    family = _parts(name)
    if family is None:
        return False
    series, generation = family
    known = [parts for row in _TABLE if (parts := _parts(row.name))]
    of_series = [number for other, number in known if other == series]
    return generation > max(of_series) if of_series else generation >= max(number for _, number in known)


def _parts(name: str) -> tuple[str, int] | None:
    """The series and the generation of a broker type's family; None where the name has not AWS's form."""
    kind, _, rest = name.partition(".")
    family_name, _, size = rest.partition(".")
    family = _EC2_FAMILY.fullmatch(family_name)
    if kind not in ("kafka", "express") or family is None or not _EC2_SIZE.fullmatch(size):
        return None
    generation = int(family["generation"])
    if generation >= _FIRST_WITH_PROCESSOR and not family["options"].startswith(("a", "g", "i")):
        return None
    return family["series"], generation


_LIKE_SERVERLESS = 0.75
"""From this likeness on a name is Serverless misspelt: no broker type's name comes near it."""

_FAMILY_ORDER = ("m7g", "m5", "t3")
"""The families, the one to suggest first first: m7g is the newer and the cheaper one."""


def nearest_broker_types(name: str, count: int = 3) -> list[str]:
    """The broker types that ``name``, which is none, was most likely meant to be.

    The same size in the families Amazon MSK has comes first (``kafka.r5.xlarge``: ``kafka.m7g.xlarge`` before
    ``kafka.m5.xlarge``), names that look alike come next (``kafka.m7g.xlage``).

    Args:
        name: What was asked for.
        count: How many names to return; there are always that many, as long as there are broker types.
    """
    wanted = name.strip().lower()
    if difflib.get_close_matches(wanted, [SERVERLESS], cutoff=_LIKE_SERVERLESS):
        return [SERVERLESS, *nearest_broker_types("", count - 1)] if count > 1 else [SERVERLESS]
    parts = wanted.split(".")
    express_first = parts[0].startswith("exp")
    size = parts[-1] if len(parts) > 1 else ""

    def rank(row: BrokerType) -> tuple[bool, bool, bool, float, int]:
        alike = difflib.SequenceMatcher(None, wanted, row.name).ratio()
        return (
            row.name != wanted,
            row.is_express != express_first,
            row.size != size,
            -round(alike, 2) if row.family in parts or size not in _SIZES else 0.0,
            _FAMILY_ORDER.index(row.family),
        )

    return [row.name for row in sorted(_TABLE, key=rank)][:count]


_SIZES = frozenset(row.size for row in _TABLE)


HOURS_PER_MONTH = 730
"""Hours of a month, as AWS's own calculators count them."""
