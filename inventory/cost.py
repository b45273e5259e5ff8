"""What a stack costs in a month, line by line, from the inventory alone.

Every AWS resource of the inventory is priced, known to be free, charged by a usage nobody has stated, or
listed as not priced by its type: nothing counts as zero in silence. Data volumes come from the stated
workload and are estimates; as in AWS's sizing model a MB/s is taken for 1/1024 GB a second, and a month has
730 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.msk.brokers import PRICE_REGION
from inventory.bill.clusters import cluster_lines
from inventory.bill.free import FREE
from inventory.bill.lines import Basis, CostLine, counted
from inventory.bill.logs import BROKER_LOGS, broker_log_group
from inventory.bill.resources import PRICED, SOME_FREE, place_in_bill
from inventory.bill.serverless import serverless_lines
from inventory.clusters import ClusterRows
from inventory.rows import CLUSTER, SERVERLESS_CLUSTER, ResourceRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from inventory.price_list import PriceList


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """The bill of a month.

    Attributes:
        region: Where the stack is to be.
        lines: The lines, of clusters first.
        free: Resource types that cost nothing by themselves, with how many of each there are.
    """

    region: str
    lines: tuple[CostLine, ...]
    free: tuple[tuple[str, int], ...]

    @property
    def usd(self) -> float:
        """US dollars a month of all lines that have an amount."""
        return sum(line.usd or 0.0 for line in self.lines)

    @property
    def usd_from_workload(self) -> float:
        """The part of it that is estimated from the stated workload."""
        return sum(line.usd or 0.0 for line in self.lines if line.basis is Basis.WORKLOAD)

    @property
    def is_whole(self) -> bool:
        """Whether every line has an amount. Otherwise the sum is the least that is paid: it lacks a price or a usage."""
        return all(line.usd is not None for line in self.lines)

    @property
    def price_regions(self) -> tuple[str, ...]:
        """The regions whose prices were taken, the stack's own first; that of this repository's prices where there is no line."""
        regions = {line.price.region for line in self.lines if line.price} or {PRICE_REGION}
        return tuple(sorted(regions, key=lambda name: (name != self.region, name)))

    @property
    def prices_read(self) -> tuple[date, date] | None:
        """The oldest and the newest date of the prices used; None without any."""
        dates = [line.price.as_of for line in self.lines if line.price]
        return (min(dates), max(dates)) if dates else None

    @property
    def notes(self) -> list[str]:
        """What holds for the whole bill."""
        notes = []
        others = [line.item for line in self.lines if line.price and line.price.region != self.region]
        if self.region not in self.price_regions and self.region != PRICE_REGION:
            notes.append(
                f"Prices are those of {PRICE_REGION}: this repository has none for {self.region or 'this region'}. "
                "docs/troubleshooting.md says how to read Amazon MSK's from AWS's price list."
            )
        elif others:
            notes.append(f"Priced as in {PRICE_REGION}, because no prices of {self.region} are known: {', '.join(others)}.")
        missing = [line.item for line in self.lines if line.basis is Basis.NOT_PRICED]
        if missing:
            notes.append(f"Not in the sum, because no sourced price is known: {', '.join(missing)}.")
        return notes


_CLUSTERS = (CLUSTER, SERVERLESS_CLUSTER)


def monthly_cost(rows: Sequence[ResourceRow], region: str, listed: PriceList | None = None) -> MonthlyCost:
    """The bill of a month for an inventory.

    Args:
        rows: The inventory.
        region: Where it is to be; only for saying whose prices these are.
        listed: Prices of Amazon MSK there, where they were read from AWS's list; another region's are left out.
    """
    inventory = ClusterRows(rows)
    listed = listed if listed and listed.region == region else None
    of_cluster = {cluster["urn"]: list(cluster_lines(inventory, cluster, listed)) for cluster in inventory.clusters}
    of_cluster |= {cluster["urn"]: list(serverless_lines(inventory, cluster, listed)) for cluster in inventory.serverless}
    logged = [
        broker_log_group(inventory, cluster)
        for cluster in inventory.clusters
        if any(line.key == BROKER_LOGS for line in of_cluster[cluster["urn"]])
    ]
    with_cluster = {group["urn"] for group in logged if group}
    by_type: dict[str, list[ResourceRow]] = {}
    for row in rows:
        if row["custom"] and row["type"].startswith(("aws:", "aws-native:")) and row["urn"] not in with_cluster:
            by_type.setdefault(row["type"], []).append(row)
    lines: list[CostLine] = []
    free: list[tuple[str, int]] = []
    for kind in sorted(by_type, key=lambda kind: (kind not in _CLUSTERS, place_in_bill(kind), kind)):
        of_kind = by_type[kind]
        if kind in _CLUSTERS:
            lines += [line for cluster in of_kind for line in of_cluster[cluster["urn"]]]
        elif kind in PRICED:
            lines += PRICED[kind](of_kind)
        elif kind in FREE:
            free.append((kind, len(of_kind)))
        else:
            lines.append(CostLine(kind, counted(len(of_kind), kind), Basis.NOT_PRICED, None, None))
    for kind, sorted_out in SOME_FREE.items():
        unpaid, charged = sorted_out(by_type.get(kind, []))
        lines += charged
        if unpaid:
            free.append((kind, unpaid))
    return MonthlyCost(region, tuple(lines), tuple(sorted(free)))
