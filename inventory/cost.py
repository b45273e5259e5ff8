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
from inventory.bill.resources import PRICED, SOME_FREE, place_in_bill
from inventory.clusters import (
    ClusterRows,
)
from inventory.rows import CLUSTER, ResourceRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


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
    def price_region(self) -> str:
        """The region whose prices were taken."""
        return PRICE_REGION

    @property
    def prices_read(self) -> tuple[date, date] | None:
        """The oldest and the newest date of the prices used; None without any."""
        dates = [line.price.as_of for line in self.lines if line.price]
        return (min(dates), max(dates)) if dates else None

    @property
    def notes(self) -> list[str]:
        """What holds for the whole bill."""
        notes = []
        if self.region != PRICE_REGION:
            notes.append(f"Prices are those of {PRICE_REGION}: this repository has none for {self.region or 'this region'}.")
        missing = [line.item for line in self.lines if line.basis is Basis.NOT_PRICED]
        if missing:
            notes.append(f"Not in the sum, because no sourced price is known: {', '.join(missing)}.")
        return notes


def monthly_cost(rows: Sequence[ResourceRow], region: str) -> MonthlyCost:
    """The bill of a month for an inventory.

    Args:
        rows: The inventory.
        region: Where it is to be; only for saying whose prices these are.
    """
    inventory = ClusterRows(rows)
    by_type: dict[str, list[ResourceRow]] = {}
    for row in rows:
        if row["custom"] and row["type"].startswith(("aws:", "aws-native:")):
            by_type.setdefault(row["type"], []).append(row)
    lines: list[CostLine] = []
    free: list[tuple[str, int]] = []
    for kind in sorted(by_type, key=lambda kind: (kind != CLUSTER, place_in_bill(kind), kind)):
        of_kind = by_type[kind]
        if kind == CLUSTER:
            lines += [line for cluster in of_kind for line in cluster_lines(inventory, cluster)]
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
