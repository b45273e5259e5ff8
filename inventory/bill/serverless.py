"""What Serverless clusters cost: by the hour, by their partitions, and by what is written, read and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.msk.brokers import HOURS_PER_MONTH
from inventory import prices
from inventory.bill.clusters import kept_gb, month_of_data_gb
from inventory.bill.lines import Basis, CostLine
from inventory.price_list import (
    SERVERLESS_DATA_IN,
    SERVERLESS_DATA_OUT,
    SERVERLESS_HOURS,
    SERVERLESS_PARTITION_HOURS,
    SERVERLESS_STORAGE,
    price_of,
)
from inventory.serverless import serverless_partitions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.clusters import ClusterRows
    from inventory.price_list import PriceList
    from inventory.rows import ResourceRow


def serverless_lines(inventory: ClusterRows, cluster: ResourceRow, listed: PriceList | None = None) -> Iterable[CostLine]:
    """The lines of one Serverless cluster.

    Args:
        inventory: Everything that is there, for what belongs to the cluster.
        cluster: The cluster's row.
        listed: Prices of Amazon MSK in the cluster's region, where they were read.
    """
    hour = price_of(listed, SERVERLESS_HOURS, prices.SERVERLESS_HOUR)
    yield CostLine("Serverless cluster", "Serverless cluster", Basis.FIXED, HOURS_PER_MONTH, hour)
    workload = inventory.workload(cluster)
    basis = Basis.WORKLOAD if workload else Basis.USAGE
    partitions = into = out = kept = None
    if workload:
        partitions = float(serverless_partitions(workload, inventory.stated_topics(cluster)))
        into = month_of_data_gb(workload.ingress_mb_per_second)
        out = workload.fan_out * into
        kept = kept_gb(workload.ingress_mb_per_second, workload.retention_hours)
    for item, quantity, usage_type, usual, note in (
        (
            "Serverless partitions",
            None if partitions is None else partitions * HOURS_PER_MONTH,
            SERVERLESS_PARTITION_HOURS,
            prices.SERVERLESS_PARTITION_HOUR,
            "" if partitions is None else f"{partitions:g} partitions.",
        ),
        ("Serverless data in", into, SERVERLESS_DATA_IN, prices.SERVERLESS_DATA_IN, ""),
        ("Serverless data out", out, SERVERLESS_DATA_OUT, prices.SERVERLESS_DATA_OUT, ""),
        ("Serverless storage", kept, SERVERLESS_STORAGE, prices.SERVERLESS_STORAGE, "One copy of the stated retention."),
    ):
        price = price_of(listed, usage_type, usual)
        about = "The price is approximate: it was not read from AWS's list of the region." if price.about else ""
        yield CostLine(item, item, basis, quantity, price, f"{note} {about}".strip())
