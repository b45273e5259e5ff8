"""What everything around a cluster costs, by its resource type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.monitoring.prometheus_scraping import SCRAPE_SECONDS
from domain.msk.brokers import HOURS_PER_MONTH
from inventory import prices
from inventory.bill.lines import Basis, CostLine, counted
from inventory.rows import UNKNOWN, ResourceRow, get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from inventory.prices import Price


def _nat_gateways(rows: Sequence[ResourceRow]) -> list[CostLine]:
    count = len(rows)
    return [
        CostLine(
            "NAT gateways",
            counted(count, "NAT gateway"),
            Basis.FIXED,
            count * HOURS_PER_MONTH,
            prices.NAT_GATEWAY_HOUR,
        ),
        CostLine("NAT gateway data", "data through NAT gateways", Basis.USAGE, None, prices.NAT_GATEWAY_DATA),
    ]


def _public_addresses(rows: Sequence[ResourceRow]) -> list[CostLine]:
    hours = len(rows) * HOURS_PER_MONTH
    return [CostLine("public addresses", counted(len(rows), "public IPv4 address"), Basis.FIXED, hours, prices.PUBLIC_IPV4_HOUR)]


def _keys(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "Their first year; each yearly rotation adds as much again. Requests are charged by usage."
    return [CostLine("KMS keys", counted(len(rows), "KMS key"), Basis.FIXED, float(len(rows)), prices.KMS_KEY, note)]


def _log_groups(rows: Sequence[ResourceRow]) -> list[CostLine]:
    groups = counted(len(rows), "log group")
    return [
        CostLine("logs written", f"logs written, {groups}", Basis.USAGE, None, prices.LOG_INGESTION),
        CostLine("logs kept", f"logs kept, {groups}", Basis.USAGE, None, prices.LOG_STORAGE),
    ]


def _buckets(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "Amazon S3 charges for storage and for each request."
    return [CostLine("buckets", f"objects kept, {counted(len(rows), 'bucket')}", Basis.NOT_PRICED, None, None, note)]


def _secrets(rows: Sequence[ResourceRow]) -> list[CostLine]:
    return [CostLine("secrets", counted(len(rows), "secret"), Basis.FIXED, float(len(rows)), prices.SECRET)]


def _private_authorities(rows: Sequence[ResourceRow]) -> list[CostLine]:
    by_price: dict[Price, int] = {}
    for row in rows:
        short = get(row["inputs"], "usageMode") == "SHORT_LIVED_CERTIFICATE"
        price = prices.SHORT_LIVED_PRIVATE_CA if short else prices.PRIVATE_CA
        by_price[price] = by_price.get(price, 0) + 1
    note = "Each certificate it signs is charged once, by usage."
    return [
        CostLine("private CAs", counted(count, "private CA"), Basis.FIXED, float(count), price, note)
        for price, count in by_price.items()
    ]


def _alarms(rows: Sequence[ResourceRow]) -> list[CostLine]:
    metrics = [_metrics_charged(row) for row in rows]
    notes = []
    if sum(metrics) > len(rows):
        notes.append("CloudWatch charges for each metric that an alarm watches, and for three with an anomaly detection band.")
    if queried := sum(map(_is_query, rows)):
        notes.append(f"{counted(queried, 'alarm')} on all topics together: CloudWatch charges for each topic that there is.")
    item, note = counted(len(rows), "CloudWatch alarm"), " ".join(notes)
    return [CostLine("alarms", item, Basis.FIXED, float(sum(metrics)), prices.ALARM, note)]


def _is_query(alarm: ResourceRow) -> bool:
    """Whether an alarm asks CloudWatch Metrics Insights, which charges for each metric that the query finds."""
    queries = get(alarm["inputs"], "metricQueries", [])
    return isinstance(queries, list) and any(str(get(query, "expression", "")).startswith("SELECT ") for query in queries)


def _metrics_charged(alarm: ResourceRow) -> int:
    """How many metrics an alarm is charged for; Amazon CloudWatch pricing, alarms on metric math and on anomaly detection."""
    queries = get(alarm["inputs"], "metricQueries", [])
    if not isinstance(queries, list) or not queries:
        return 1
    if get(alarm["inputs"], "thresholdMetricId") is not None:
        return 3
    return max(1, sum(1 for query in queries if isinstance(query, dict) and query.get("metric")))


def _dashboards(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "The account's first three dashboards with at most 50 metrics are free."
    return [
        CostLine("dashboards", counted(len(rows), "CloudWatch dashboard"), Basis.FIXED, float(len(rows)), prices.DASHBOARD, note)
    ]


def _metric_filters(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "A metric is charged for the hours in which its filter matches."
    return [
        CostLine("log filters", f"metrics of {counted(len(rows), 'log filter')}", Basis.USAGE, None, prices.CUSTOM_METRIC, note)
    ]


def _prometheus_workspaces(rows: Sequence[ResourceRow]) -> list[CostLine]:
    samples = 1000 * prices.SECONDS_PER_MONTH / SCRAPE_SECONDS
    usd = samples / 10_000_000 * (prices.PROMETHEUS_SAMPLES.usd + prices.PROMETHEUS_SAMPLES_COLLECTED.usd)
    queried, kept = prices.PROMETHEUS_SAMPLES_QUERIED, prices.PROMETHEUS_STORAGE
    note = (
        f"1,000 series, collected each minute, cost {usd:.2f} a month, and less above two billion samples. "
        f"Queries and rules cost {queried.usd:.2f} for a {queried.unit}, storage {kept.usd:.2f} a {kept.unit}."
    )
    item = f"samples of {counted(len(rows), 'Prometheus workspace')}"
    return [CostLine("Prometheus samples", item, Basis.USAGE, None, prices.PROMETHEUS_SAMPLES, note)]


def _scrapers(rows: Sequence[ResourceRow]) -> list[CostLine]:
    hours = float(len(rows) * HOURS_PER_MONTH)
    collected = prices.PROMETHEUS_SAMPLES_COLLECTED
    note = f"The samples that it collects cost {collected.usd:.2f} for {collected.unit} more."
    return [
        CostLine("Prometheus scrapers", counted(len(rows), "Prometheus scraper"), Basis.FIXED, hours, prices.SCRAPER_HOUR, note)
    ]


def _grafana_workspaces(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = (
        "Each is charged for one editor, whether or not anyone signs in; each further editor who signs in during a month costs "
        f"{prices.GRAFANA_EDITOR.usd:.2f}, each viewer {prices.GRAFANA_VIEWER.usd:.2f}."
    )
    return [
        CostLine(
            "Grafana workspaces",
            counted(len(rows), "Grafana workspace"),
            Basis.FIXED,
            float(len(rows)),
            prices.GRAFANA_EDITOR,
            note,
        )
    ]


def _composite_alarms(rows: Sequence[ResourceRow]) -> list[CostLine]:
    return [
        CostLine("composite alarms", counted(len(rows), "composite alarm"), Basis.FIXED, float(len(rows)), prices.COMPOSITE_ALARM)
    ]


def _instances(rows: Sequence[ResourceRow]) -> list[CostLine]:
    types = sorted({str(get(row["inputs"], "instanceType")) for row in rows})
    note = f"Amazon EC2 charges for each second of {', '.join(types)}, and for its volume."
    return [CostLine("EC2 instances", counted(len(rows), "EC2 instance"), Basis.NOT_PRICED, None, None, note)]


def _scaling_policies(rows: Sequence[ResourceRow]) -> list[CostLine]:
    item = counted(len(rows), "scaling policy", "scaling policies")
    note = "Scaling is free; the CloudWatch alarms that it creates are not."
    return [CostLine("alarms of scaling policies", f"alarms of {item}", Basis.USAGE, None, prices.ALARM, note)]


def _endpoints(rows: Sequence[ResourceRow]) -> tuple[int, list[CostLine]]:
    """How many of the VPC endpoints are free gateways, and lines for the others."""
    others = [row for row in rows if get(row["inputs"], "vpcEndpointType", "Gateway") != "Gateway"]
    lines = []
    if others:
        # One without subnets in the inventory has at least one.
        zones = sum(len(get(row["inputs"], "subnetIds") or [None]) for row in others)
        hours = float(zones * HOURS_PER_MONTH)
        where = counted(zones, "zone") if zones > len(others) else ""
        lines += [
            CostLine(
                "interface endpoints",
                counted(len(others), "interface endpoint"),
                Basis.FIXED,
                hours,
                prices.INTERFACE_ENDPOINT_HOUR,
                where and f"In {where}.",
            ),
            CostLine(
                "interface endpoint data", "data through interface endpoints", Basis.USAGE, None, prices.INTERFACE_ENDPOINT_DATA
            ),
        ]
    return len(rows) - len(others), lines


def _parameters(rows: Sequence[ResourceRow]) -> tuple[int, list[CostLine]]:
    """How many SSM parameters are free, and lines for the others; with Intelligent-Tiering their size decides."""
    paid = unknown = 0
    for row in rows:
        tier = get(row["inputs"], "tier", "Standard")
        value = get(row["inputs"], "insecureValue", get(row["inputs"], "value"))
        if tier == "Advanced":
            paid += 1
        elif tier == "Intelligent-Tiering" and (not isinstance(value, str) or value == UNKNOWN):
            unknown += 1
        elif tier == "Intelligent-Tiering" and len(value.encode()) > _STANDARD_PARAMETER_BYTES:
            paid += 1
    lines = []
    if paid:
        lines.append(
            CostLine(
                "advanced parameters", counted(paid, "advanced parameter"), Basis.FIXED, float(paid), prices.ADVANCED_PARAMETER
            )
        )
    if unknown:
        note = "AWS charges only for those above 4 KB; their content is not known yet."
        lines.append(
            CostLine("SSM parameters", counted(unknown, "SSM parameter"), Basis.USAGE, None, prices.ADVANCED_PARAMETER, note)
        )
    return len(rows) - paid - unknown, lines


_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


_PARAMETER = "aws:ssm/parameter:Parameter"


_STANDARD_PARAMETER_BYTES = 4096
"""Of a standard parameter's value. AWS Systems Manager User Guide, "Managing parameter tiers"."""

SOME_FREE: Mapping[str, Callable[[Sequence[ResourceRow]], tuple[int, list[CostLine]]]] = {
    _ENDPOINT: _endpoints,
    _PARAMETER: _parameters,
}
"""Types of which some cost nothing: how many of them, and lines for the others."""

PRICED: Mapping[str, Callable[[Sequence[ResourceRow]], list[CostLine]]] = {
    "aws:ec2/natGateway:NatGateway": _nat_gateways,
    "aws:ec2/eip:Eip": _public_addresses,
    "aws:ec2/instance:Instance": _instances,
    "aws:kms/key:Key": _keys,
    "aws:acmpca/certificateAuthority:CertificateAuthority": _private_authorities,
    "aws:secretsmanager/secret:Secret": _secrets,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarms,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite_alarms,
    "aws:cloudwatch/dashboard:Dashboard": _dashboards,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filters,
    "aws:amp/workspace:Workspace": _prometheus_workspaces,
    "aws:amp/scraper:Scraper": _scrapers,
    "aws:grafana/workspace:Workspace": _grafana_workspaces,
    "aws:appautoscaling/policy:Policy": _scaling_policies,
    "aws:cloudwatch/logGroup:LogGroup": _log_groups,
    "aws:s3/bucket:Bucket": _buckets,
    # Those of `SOME_FREE` are sorted out there.
    **dict.fromkeys(SOME_FREE, lambda _: []),
}
"""What each resource type costs, in the order of the bill."""


def place_in_bill(kind: str) -> int:
    """Where the lines of a resource type stand in the bill; what is not priced stands last."""
    return list(PRICED).index(kind) if kind in PRICED else len(PRICED)
