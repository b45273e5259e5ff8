"""What clusters cost: their brokers and volumes, what is written to them, and what flows to their clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.msk.brokers import HOURS_PER_MONTH, PRICES_AS_OF, BrokerType, broker_type
from inventory import prices
from inventory.bill.lines import Basis, CostLine
from inventory.bill.logs import broker_log_lines
from inventory.bill.metrics import metric_lines
from inventory.clusters import (
    ClusterRows,
    StatedWorkload,
    cluster_name,
    number_of_zones,
    provisioned_throughput_of,
    volume_gib_of,
)
from inventory.price_list import (
    EXPRESS_DATA_IN,
    EXPRESS_STORAGE,
    THROUGHPUT,
    TIERED,
    TIERED_RETRIEVAL,
    VOLUMES,
    broker_hours,
    price_of,
)
from inventory.rows import ResourceRow, get
from inventory.sizing import TIERED_PRIMARY_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.price_list import PriceList
    from inventory.prices import Price


def broker_price(broker: BrokerType) -> Price | None:
    """The price of an hour of one broker; None where the catalogue has none."""
    if broker.usd_per_hour is None:
        return None
    # No dated source has the price of the smallest broker: it is shown, and said to be so.
    source = "an undated public price list" if broker.is_burstable else "Amazon MSK pricing, as in AWS's public agent-toolkit"
    return prices.Price(broker.usd_per_hour, "hour", source, PRICES_AS_OF)


def month_of_data_gb(mb_per_second: float) -> float:
    """GB that flow in a month at this average rate."""
    return mb_per_second * prices.SECONDS_PER_MONTH / 1024


def kept_gb(mb_per_second: float, hours: float) -> float:
    """GB of one copy of the messages of this many hours."""
    return mb_per_second * hours * 3600 / 1024


def cross_zone_gb(workload: StatedWorkload, zones: int, *, nearest_replica: bool) -> float:
    """GB a month between clients and brokers in other zones, if clients are spread over the zones evenly.

    A producer writes to the leader, which is in another zone in all but one of ``zones`` cases. A consumer
    reads from the leader as well, unless it reads from the nearest replica.

    Args:
        workload: The stated workload.
        zones: Availability Zones of the cluster.
        nearest_replica: Whether consumers read from a replica in their own zone.
    """
    reads = 0.0 if nearest_replica else workload.fan_out
    return month_of_data_gb(workload.ingress_mb_per_second) * (1 + reads) * (zones - 1) / zones


def cluster_lines(inventory: ClusterRows, cluster: ResourceRow, listed: PriceList | None = None) -> Iterable[CostLine]:
    """The lines of one cluster.

    Args:
        inventory: Everything that is there, for what belongs to the cluster.
        cluster: The cluster's row.
        listed: Prices of Amazon MSK in the cluster's region, where they were read.
    """
    name = cluster_name(cluster)
    broker = broker_type(str(get(cluster["inputs"], "brokerNodeGroupInfo.instanceType")))
    brokers = get(cluster["inputs"], "numberOfBrokerNodes")
    if broker is None or not isinstance(brokers, int):
        note = "The type or the number of its brokers is not known."
        yield CostLine("cluster", f"cluster {name}", Basis.NOT_PRICED, None, None, note)
        return
    yield _brokers(broker, brokers, listed)
    hours = brokers * HOURS_PER_MONTH
    workload = inventory.workload(cluster)
    if broker.is_express:
        yield from _express(workload, listed)
    else:
        yield from _volumes(inventory, cluster, brokers, workload, listed)
    public_access = get(cluster["inputs"], "brokerNodeGroupInfo.connectivityInfo.publicAccess.type")
    if public_access == "SERVICE_PROVIDED_EIPS":
        yield CostLine(
            "public addresses of brokers",
            f"{brokers} public IPv4 addresses of brokers",
            Basis.FIXED,
            hours,
            prices.PUBLIC_IPV4_HOUR,
        )
    multi_vpc = get(cluster["inputs"], "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity.clientAuthentication")
    if isinstance(multi_vpc, dict) and (multi_vpc.get("tls") or any((multi_vpc.get("sasl") or {}).values())):
        note = "AWS charges for each hour of each mechanism, and for the data."
        yield CostLine("multi-VPC connectivity", "multi-VPC private connectivity", Basis.NOT_PRICED, None, None, note)
    yield from _log_delivery(cluster)
    yield from metric_lines(inventory, cluster, broker, brokers, workload)
    yield from broker_log_lines(inventory, cluster, brokers, workload)
    zones = number_of_zones(cluster)
    if workload is None or zones is None:
        note = "No workload is stated."
        yield CostLine("client traffic", "client traffic between zones", Basis.USAGE, None, prices.CROSS_ZONE, note)
        return
    selector = inventory.server_properties(cluster).get("replica.selector.class", "")
    nearest = selector.endswith("RackAwareReplicaSelector")
    note = (
        "Producers only: consumers with client.rack read in their own zone."
        if nearest
        else (
            "Clients spread evenly over the zones, consumers reading from leaders. Reading from the nearest replica saves the "
            "consumers' share."
        )
    )
    yield CostLine(
        "client traffic",
        "client traffic between zones",
        Basis.WORKLOAD,
        cross_zone_gb(workload, zones, nearest_replica=nearest),
        prices.CROSS_ZONE,
        note,
    )


def _log_delivery(cluster: ResourceRow) -> Iterable[CostLine]:
    """What CloudWatch charges for logs that it delivers elsewhere, whoever made the bucket or the stream."""
    for sink, name in (("s3", "Amazon S3"), ("firehose", "Amazon Data Firehose")):
        if get(cluster["inputs"], f"loggingInfo.brokerLogs.{sink}.enabled") is True:
            note = f"CloudWatch charges for each GB that it delivers; {name} charges for its own use."
            yield CostLine(f"broker logs to {sink}", f"broker logs delivered to {name}", Basis.NOT_PRICED, None, None, note)


def _brokers(broker: BrokerType, brokers: int, listed: PriceList | None) -> CostLine:
    item = f"{brokers} brokers {broker.name}"
    usual = broker_price(broker)
    price = (listed.own_price(broker_hours(broker.name), "hour") if listed else None) or usual
    if price is None:
        note = f"No price of {broker.name} is known. Read AWS's price list of the region with python -m tools prices."
        return CostLine("brokers", item, Basis.NOT_PRICED, None, None, note)
    undated = "The hourly price is from an undated public list." if broker.is_burstable and price is usual else ""
    return CostLine("brokers", item, Basis.FIXED, brokers * HOURS_PER_MONTH, price, undated)


def _express(workload: StatedWorkload | None, listed: PriceList | None) -> Iterable[CostLine]:
    stated = workload is not None
    basis = Basis.WORKLOAD if stated else Basis.USAGE
    data = month_of_data_gb(workload.ingress_mb_per_second) if workload else None
    kept = kept_gb(workload.ingress_mb_per_second, workload.retention_hours) if workload else None
    into, stored = (
        price_of(listed, EXPRESS_DATA_IN, prices.EXPRESS_DATA_IN),
        price_of(listed, EXPRESS_STORAGE, prices.EXPRESS_STORAGE),
    )
    yield CostLine("Express data in", "Express data in", basis, data, into)
    yield CostLine("Express storage", "Express storage", basis, kept, stored, "One copy of the stated retention.")


def _volumes(
    inventory: ClusterRows, cluster: ResourceRow, brokers: int, workload: StatedWorkload | None, listed: PriceList | None
) -> Iterable[CostLine]:
    volume = volume_gib_of(cluster)
    price = price_of(listed, VOLUMES, prices.EBS_STORAGE)
    if volume is None:
        yield CostLine("broker volumes", "broker volumes", Basis.USAGE, None, price, "Their size is not known.")
    else:
        maximum = inventory.autoscaling_maximum_gib(cluster)
        note = grows = ""
        if maximum is not None and maximum > volume:
            most = f"{brokers * maximum * price.usd:,.2f}"
            note = f"Autoscaling may grow them to {maximum} GiB each: {most} a month."
            grows = f"which may grow to {maximum} GiB each: {most}"
        item = f"{brokers} volumes of {volume} GiB"
        yield CostLine("broker volumes", item, Basis.FIXED, float(brokers * volume), price, note, grows_to=grows)
    bought = provisioned_throughput_of(cluster)
    if bought is not None:
        item = f"provisioned throughput {bought:.0f} MiB/s on {brokers} brokers"
        throughput = price_of(listed, THROUGHPUT, prices.PROVISIONED_THROUGHPUT)
        yield CostLine("provisioned throughput", item, Basis.FIXED, brokers * bought, throughput)
    if get(cluster["inputs"], "storageMode") == "TIERED":
        yield from _tier(workload, listed)


def _tier(workload: StatedWorkload | None, listed: PriceList | None) -> Iterable[CostLine]:
    price = price_of(listed, TIERED, prices.TIERED_STORAGE)
    about = "The price is approximate: it was calculated, not read from AWS's list of the region." if price.about else ""
    if workload is None:
        yield CostLine("tiered storage", "tiered storage", Basis.USAGE, None, price, about)
    else:
        hours = max(workload.retention_hours - TIERED_PRIMARY_HOURS, 0)
        note = f"One copy of what is older than {TIERED_PRIMARY_HOURS} hours. {about}".rstrip()
        quantity = kept_gb(workload.ingress_mb_per_second, hours)
        yield CostLine("tiered storage", "tiered storage", Basis.WORKLOAD, quantity, price, note)
    back = price_of(listed, TIERED_RETRIEVAL, prices.TIERED_RETRIEVAL)
    yield CostLine("tiered retrieval", "messages read back from tiered storage", Basis.USAGE, None, back)
