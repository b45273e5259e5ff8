"""The broker types of Amazon MSK: what each is, what it can carry, and what it costs.

Sources, by column:

* names: MSK Developer Guide, "Amazon MSK broker types" and "Amazon MSK broker instance sizes";
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
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


BROKERS_AS_OF = dt.date(2026, 8, 22)
"""The day the table of sizes was last held against its sources."""


class BrokerKind(StrEnum):
    """The two kinds of provisioned brokers.

    AWS upgrades a cluster from Standard to Express in place, with an operation that Pulumi does not have; there is no way back.
    """

    STANDARD = "standard"
    EXPRESS = "express"


@dataclass(frozen=True, slots=True)
class BrokerType:
    """One broker size of Amazon MSK.

    Attributes:
        name: The API's name, for example ``kafka.m7g.large``.
        kind: Standard or Express.
        vcpu: Virtual CPUs.
        memory_gib: Memory in GiB.
        network_gbps: Network bandwidth of the EC2 instance in Gbit/s, "up to" on the smaller sizes; None for
            Express brokers, whose throughput has quotas instead.
        network_mib_per_second: Baseline network bandwidth in MiB/s, which planning may count on; None where
            AWS publishes no figure (t3.small) and for Express brokers.
        ebs_mib_per_second: Highest EBS throughput in MiB/s the instance can use; None where AWS publishes no
            figure (t3.small) and for Express brokers, which have no volumes. Above 250 MiB/s it is only had
            by buying provisioned throughput.
        partitions_recommended: Partition replicas, leaders and followers, that AWS recommends at most.
        partitions_maximum: Partition replicas beyond which Amazon MSK refuses updates.
        usd_per_hour: On-demand price in ``PRICE_REGION``, USD an hour for each broker.
        has_kraft: Whether clusters of this type may have KRaft; the others have ZooKeeper, and cannot change to KRaft either.
        provisioned_throughput_maximum_mib_per_second: The most EBS throughput that can be bought, MiB/s; None
            when none can.
        sustained_ingress_mb_per_second: Express: client writes that are always carried, MB/s.
        maximum_ingress_mb_per_second: Express: client writes beyond which the broker throttles, MB/s.
        sustained_egress_mb_per_second: Express: client reads that are always carried, MB/s.
        maximum_egress_mb_per_second: Express: client reads beyond which the broker throttles, MB/s.
    """

    name: str
    kind: BrokerKind
    vcpu: int
    memory_gib: int
    network_gbps: float | None
    network_mib_per_second: float | None
    ebs_mib_per_second: float | None
    partitions_recommended: int
    partitions_maximum: int
    usd_per_hour: float
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
    def family(self) -> str:
        """The EC2 family: ``t3``, ``m5`` or ``m7g``."""
        return self.name.split(".")[1]

    @property
    def size(self) -> str:
        """The size within the family: ``small``, ``large`` ... ``24xlarge``."""
        return self.name.split(".")[2]

    @property
    def is_burstable(self) -> bool:
        """Whether the broker lives on CPU credits (t3), which is for development only."""
        return self.family.startswith("t")


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
) -> BrokerType:
    return BrokerType(
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
) -> BrokerType:
    return BrokerType(
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
_TABLE: tuple[BrokerType, ...] = (
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

BROKER_TYPES: Mapping[str, BrokerType] = MappingProxyType({row.name: row for row in _TABLE})
"""Every broker type of Amazon MSK by its name, Standard before Express, small before large."""

SMALLEST_WITH_KRAFT = "kafka.m7g.large"
"""The broker type to go to from one without KRaft."""

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
    parts = wanted.split(".")
    express_first = parts[0].startswith("exp")
    size = parts[-1] if len(parts) > 1 else ""

    def rank(row: BrokerType) -> tuple[bool, bool, bool, float, int, int]:
        alike = difflib.SequenceMatcher(None, wanted, row.name).ratio()
        return (
            row.name != wanted,
            row.is_express != express_first,
            row.size != size,
            -round(alike, 2) if row.family in parts or size not in _SIZES else 0.0,
            _FAMILY_ORDER.index(row.family),
            row.vcpu,
        )

    return [row.name for row in sorted(_TABLE, key=rank)][:count]


_SIZES = frozenset(row.size for row in _TABLE)


HOURS_PER_MONTH = 730
"""Hours of a month, as AWS's own calculators count them."""
