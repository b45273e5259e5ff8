"""What a stack costs in a month, line by line, from the inventory alone.

Every AWS resource of the inventory is priced, known to be free, charged by a usage nobody has stated, or
listed as not priced by its type: nothing counts as zero in silence. Data volumes come from the stated
workload and are estimates; as in AWS's sizing model a MB/s is taken for 1/1024 GB a second, and a month has
730 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.monitoring.prometheus_scraping import SCRAPE_SECONDS
from domain.msk.brokers import BROKER_TYPES, HOURS_PER_MONTH, PRICE_REGION, PRICES_AS_OF, BrokerType
from inventory import prices
from inventory.capacity import TIERED_PRIMARY_HOURS
from inventory.clusters import (
    ClusterRows,
    StatedWorkload,
    cluster_name,
    number_of_zones,
    provisioned_throughput_of,
    volume_gib_of,
)
from inventory.rows import CLUSTER, UNKNOWN, ResourceRow, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from inventory.prices import Price


class Basis(StrEnum):
    """What the amount of a line rests on."""

    FIXED = "fixed"
    """The resources alone: it is due as long as they are there."""
    WORKLOAD = "workload"
    """The stated workload: an estimate."""
    USAGE = "usage"
    """A usage that nobody has stated: no amount, but a price for each unit."""
    NOT_PRICED = "not priced"
    """No sourced price."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the bill.

    Attributes:
        key: What the line is about, whatever the number and the size: lines of two bills with the same key are held against
            each other.
        item: What is paid for.
        basis: What the amount rests on.
        quantity: How many units in a month; None where that is not known.
        price: The price of one unit; None where no price has a source.
        note: What else is to be known about the line; may be empty.
    """

    key: str
    item: str
    basis: Basis
    quantity: float | None
    price: Price | None
    note: str = ""

    @property
    def usd(self) -> float | None:
        """US dollars a month; None where it is by usage or not priced."""
        if self.quantity is None or self.price is None:
            return None
        return self.quantity * self.price.usd


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
            notes.append(f"Prices are those of {PRICE_REGION}: this repository carries none for {self.region or 'this region'}.")
        missing = [line.item for line in self.lines if line.basis is Basis.NOT_PRICED]
        if missing:
            notes.append(f"Not in the sum, for want of a sourced price: {', '.join(missing)}.")
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
    for kind in sorted(by_type, key=lambda one: (one != CLUSTER, _order(one), one)):
        found = by_type[kind]
        if kind == CLUSTER:
            lines += [line for row in found for line in _cluster(inventory, row)]
        elif kind in _PRICED:
            lines += _PRICED[kind](found)
        elif kind not in FREE:
            lines.append(CostLine(kind, _counted(len(found), kind), Basis.NOT_PRICED, None, None))
        if kind in FREE:
            free.append((kind, len(found)))
    for kind, sorted_out in _SOME_FREE.items():
        unpaid, charged = sorted_out(by_type.get(kind, []))
        lines += charged
        if unpaid:
            free.append((kind, unpaid))
    return MonthlyCost(region, tuple(lines), tuple(sorted(free)))


def broker_price(broker: BrokerType) -> Price:
    """The price of an hour of one broker."""
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


def _cluster(inventory: ClusterRows, cluster: ResourceRow) -> Iterable[CostLine]:
    name = cluster_name(cluster)
    broker = BROKER_TYPES.get(str(get(cluster["inputs"], "brokerNodeGroupInfo.instanceType")))
    brokers = get(cluster["inputs"], "numberOfBrokerNodes")
    if broker is None or not isinstance(brokers, int):
        yield CostLine("cluster", f"cluster {name}", Basis.NOT_PRICED, None, None, "Its brokers are not in the catalogue.")
        return
    hours = brokers * HOURS_PER_MONTH
    undated = "The price of an hour is from an undated public list." if broker.is_burstable else ""
    yield CostLine("brokers", f"{brokers} brokers {broker.name}", Basis.FIXED, hours, broker_price(broker), undated)
    workload = inventory.workload(cluster)
    if broker.is_express:
        yield from _express(workload)
    else:
        yield from _volumes(inventory, cluster, brokers, workload)
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
        note = "AWS charges each hour of each mechanism, and what flows."
        yield CostLine("multi-VPC connectivity", "multi-VPC private connectivity", Basis.NOT_PRICED, None, None, note)
    yield from _log_delivery(cluster)
    level = get(cluster["inputs"], "enhancedMonitoring", "DEFAULT")
    if level != "DEFAULT":
        note = "CloudWatch charges each metric; how many there are depends on brokers, topics and partitions."
        yield CostLine("enhanced monitoring", f"enhanced monitoring {level}", Basis.NOT_PRICED, None, None, note)
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
            "Clients spread evenly over the zones, consumers reading from leaders. Reading from the nearest "
            "replica saves the consumers' part."
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
            note = f"CloudWatch charges each GB that it delivers, {name} what becomes of it."
            yield CostLine(f"broker logs to {sink}", f"broker logs delivered to {name}", Basis.NOT_PRICED, None, None, note)


def _express(workload: StatedWorkload | None) -> Iterable[CostLine]:
    stated = workload is not None
    basis = Basis.WORKLOAD if stated else Basis.USAGE
    data = month_of_data_gb(workload.ingress_mb_per_second) if workload else None
    kept = kept_gb(workload.ingress_mb_per_second, workload.retention_hours) if workload else None
    yield CostLine("Express data in", "Express data in", basis, data, prices.EXPRESS_DATA_IN)
    yield CostLine("Express storage", "Express storage", basis, kept, prices.EXPRESS_STORAGE, "One copy of the stated retention.")


def _volumes(inventory: ClusterRows, cluster: ResourceRow, brokers: int, workload: StatedWorkload | None) -> Iterable[CostLine]:
    volume = volume_gib_of(cluster)
    if volume is None:
        yield CostLine("broker volumes", "broker volumes", Basis.USAGE, None, prices.EBS_STORAGE, "Their size is not known.")
    else:
        maximum = inventory.autoscaling_maximum_gib(cluster)
        note = ""
        if maximum is not None and maximum > volume:
            most = brokers * maximum * prices.EBS_STORAGE.usd
            note = f"Autoscaling may grow them to {maximum} GiB each: {most:,.2f} a month."
        item = f"{brokers} volumes of {volume} GiB"
        yield CostLine("broker volumes", item, Basis.FIXED, float(brokers * volume), prices.EBS_STORAGE, note)
    bought = provisioned_throughput_of(cluster)
    if bought is not None:
        item = f"provisioned throughput {bought:.0f} MiB/s on {brokers} brokers"
        yield CostLine("provisioned throughput", item, Basis.FIXED, brokers * bought, prices.PROVISIONED_THROUGHPUT)
    if get(cluster["inputs"], "storageMode") == "TIERED":
        if workload is None:
            yield CostLine("tiered storage", "tiered storage", Basis.USAGE, None, prices.TIERED_STORAGE)
        else:
            hours = max(workload.retention_hours - TIERED_PRIMARY_HOURS, 0)
            note = f"One copy of what is older than {TIERED_PRIMARY_HOURS} hours."
            quantity = kept_gb(workload.ingress_mb_per_second, hours)
            yield CostLine("tiered storage", "tiered storage", Basis.WORKLOAD, quantity, prices.TIERED_STORAGE, note)


def _nat_gateways(rows: Sequence[ResourceRow]) -> list[CostLine]:
    count = len(rows)
    return [
        CostLine(
            "NAT gateways",
            _counted(count, "NAT gateway"),
            Basis.FIXED,
            count * HOURS_PER_MONTH,
            prices.NAT_GATEWAY_HOUR,
        ),
        CostLine("NAT gateway data", "data through NAT gateways", Basis.USAGE, None, prices.NAT_GATEWAY_DATA),
    ]


def _public_addresses(rows: Sequence[ResourceRow]) -> list[CostLine]:
    hours = len(rows) * HOURS_PER_MONTH
    return [CostLine("public addresses", _counted(len(rows), "public IPv4 address"), Basis.FIXED, hours, prices.PUBLIC_IPV4_HOUR)]


def _keys(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "Their first year; each yearly rotation adds as much again. Requests are by usage."
    return [CostLine("KMS keys", _counted(len(rows), "KMS key"), Basis.FIXED, float(len(rows)), prices.KMS_KEY, note)]


def _log_groups(rows: Sequence[ResourceRow]) -> list[CostLine]:
    groups = _counted(len(rows), "log group")
    return [
        CostLine("logs written", f"logs written, {groups}", Basis.USAGE, None, prices.LOG_INGESTION),
        CostLine("logs kept", f"logs kept, {groups}", Basis.USAGE, None, prices.LOG_STORAGE),
    ]


def _buckets(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "Amazon S3 charges what is kept, and each request."
    return [CostLine("buckets", f"objects kept, {_counted(len(rows), 'bucket')}", Basis.NOT_PRICED, None, None, note)]


def _secrets(rows: Sequence[ResourceRow]) -> list[CostLine]:
    return [CostLine("secrets", _counted(len(rows), "secret"), Basis.FIXED, float(len(rows)), prices.SECRET)]


def _private_authorities(rows: Sequence[ResourceRow]) -> list[CostLine]:
    by_price: dict[Price, int] = {}
    for row in rows:
        short = get(row["inputs"], "usageMode") == "SHORT_LIVED_CERTIFICATE"
        price = prices.SHORT_LIVED_PRIVATE_CA if short else prices.PRIVATE_CA
        by_price[price] = by_price.get(price, 0) + 1
    note = "Each certificate it signs is charged once, by usage."
    return [
        CostLine("private CAs", _counted(count, "private CA"), Basis.FIXED, float(count), price, note)
        for price, count in by_price.items()
    ]


def _alarms(rows: Sequence[ResourceRow]) -> list[CostLine]:
    metrics = [_metrics_charged(row) for row in rows]
    note = ""
    if sum(metrics) > len(rows):
        note = "CloudWatch charges each metric that an alarm looks at, and three for one that it works out the usual band of."
    return [CostLine("alarms", _counted(len(rows), "CloudWatch alarm"), Basis.FIXED, float(sum(metrics)), prices.ALARM, note)]


def _metrics_charged(alarm: ResourceRow) -> int:
    """How many metrics an alarm is charged for; Amazon CloudWatch pricing, alarms on metric math and on anomaly detection."""
    queries = get(alarm["inputs"], "metricQueries", [])
    if not isinstance(queries, list) or not queries:
        return 1
    if get(alarm["inputs"], "thresholdMetricId") is not None:
        return 3
    return max(1, sum(1 for query in queries if isinstance(query, dict) and query.get("metric")))


def _dashboards(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "Unless it is one of the account's first three with at most 50 metrics, which cost nothing."
    return [
        CostLine("dashboards", _counted(len(rows), "CloudWatch dashboard"), Basis.FIXED, float(len(rows)), prices.DASHBOARD, note)
    ]


def _metric_filters(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = "A metric is charged for the hours in which its filter found something."
    return [
        CostLine("log filters", f"metrics of {_counted(len(rows), 'log filter')}", Basis.USAGE, None, prices.CUSTOM_METRIC, note)
    ]


def _prometheus_workspaces(rows: Sequence[ResourceRow]) -> list[CostLine]:
    samples = 1000 * prices.SECONDS_PER_MONTH / SCRAPE_SECONDS
    usd = samples / 10_000_000 * (prices.PROMETHEUS_SAMPLES.usd + prices.PROMETHEUS_SAMPLES_COLLECTED.usd)
    queried, kept = prices.PROMETHEUS_SAMPLES_QUERIED, prices.PROMETHEUS_STORAGE
    note = (
        f"1,000 series, collected each minute, come to {usd:.2f} a month; above two billion samples to less. "
        f"What queries and rules read costs {queried.usd:.2f} for a {queried.unit}, what is kept {kept.usd:.2f} a {kept.unit}."
    )
    item = f"samples of {_counted(len(rows), 'Prometheus workspace')}"
    return [CostLine("Prometheus samples", item, Basis.USAGE, None, prices.PROMETHEUS_SAMPLES, note)]


def _scrapers(rows: Sequence[ResourceRow]) -> list[CostLine]:
    hours = float(len(rows) * HOURS_PER_MONTH)
    collected = prices.PROMETHEUS_SAMPLES_COLLECTED
    note = f"What it collects costs {collected.usd:.2f} for {collected.unit} besides."
    return [
        CostLine("Prometheus scrapers", _counted(len(rows), "Prometheus scraper"), Basis.FIXED, hours, prices.SCRAPER_HOUR, note)
    ]


def _grafana_workspaces(rows: Sequence[ResourceRow]) -> list[CostLine]:
    note = (
        "One editor of each is charged, whoever signs in; each further editor who signs in in a month costs "
        f"{prices.GRAFANA_EDITOR.usd:.2f}, each viewer {prices.GRAFANA_VIEWER.usd:.2f}."
    )
    return [
        CostLine(
            "Grafana workspaces",
            _counted(len(rows), "Grafana workspace"),
            Basis.FIXED,
            float(len(rows)),
            prices.GRAFANA_EDITOR,
            note,
        )
    ]


def _composite_alarms(rows: Sequence[ResourceRow]) -> list[CostLine]:
    return [
        CostLine(
            "composite alarms", _counted(len(rows), "composite alarm"), Basis.FIXED, float(len(rows)), prices.COMPOSITE_ALARM
        )
    ]


def _instances(rows: Sequence[ResourceRow]) -> list[CostLine]:
    types = sorted({str(get(row["inputs"], "instanceType")) for row in rows})
    note = f"Amazon EC2 charges each second of {', '.join(types)}, and the volume."
    return [CostLine("EC2 instances", _counted(len(rows), "EC2 instance"), Basis.NOT_PRICED, None, None, note)]


def _scaling_policies(rows: Sequence[ResourceRow]) -> list[CostLine]:
    item = _counted(len(rows), "scaling policy", "scaling policies")
    note = "Scaling is free; the CloudWatch alarms it makes are not."
    return [CostLine("alarms of scaling policies", f"alarms of {item}", Basis.USAGE, None, prices.ALARM, note)]


def _endpoints(rows: Sequence[ResourceRow]) -> tuple[int, list[CostLine]]:
    """How many of the VPC endpoints are free gateways, and lines for the others."""
    others = [row for row in rows if get(row["inputs"], "vpcEndpointType", "Gateway") != "Gateway"]
    lines = []
    if others:
        # One without subnets in the inventory has at least one.
        zones = sum(len(get(row["inputs"], "subnetIds") or [None]) for row in others)
        hours = float(zones * HOURS_PER_MONTH)
        where = _counted(zones, "zone") if zones > len(others) else ""
        lines += [
            CostLine(
                "interface endpoints",
                _counted(len(others), "interface endpoint"),
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
                "advanced parameters", _counted(paid, "advanced parameter"), Basis.FIXED, float(paid), prices.ADVANCED_PARAMETER
            )
        )
    if unknown:
        note = "Only those above 4 KB; what is in them is not known yet."
        lines.append(
            CostLine("SSM parameters", _counted(unknown, "SSM parameter"), Basis.USAGE, None, prices.ADVANCED_PARAMETER, note)
        )
    return len(rows) - paid - unknown, lines


def _counted(count: int, one: str, more: str | None = None) -> str:
    plural = more or (f"{one}es" if one.endswith("s") else f"{one}s")
    return f"{count} {one if count == 1 or ':' in one else plural}"


_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_PARAMETER = "aws:ssm/parameter:Parameter"
_STANDARD_PARAMETER_BYTES = 4096
"""Of a standard parameter's value. AWS Systems Manager User Guide, "Managing parameter tiers"."""

_SOME_FREE: Mapping[str, Callable[[Sequence[ResourceRow]], tuple[int, list[CostLine]]]] = {
    _ENDPOINT: _endpoints,
    _PARAMETER: _parameters,
}
"""Types of which some cost nothing: how many of them, and lines for the others."""

_PRICED: Mapping[str, Callable[[Sequence[ResourceRow]], list[CostLine]]] = {
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
    # Those of `_SOME_FREE` are sorted out there.
    **dict.fromkeys(_SOME_FREE, lambda _: []),
}
"""What each resource type costs, in the order of the bill."""

FREE: frozenset[str] = frozenset(
    {
        # A certificate is paid for once, when it is signed; a month of it costs nothing.
        "aws:acmpca/certificate:Certificate",
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
        # Rules are charged by the samples that they look at, which are the workspace's.
        "aws:amp/alertManagerDefinition:AlertManagerDefinition",
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
        "aws:appautoscaling/target:Target",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        # A query is charged by what it reads, each time that somebody asks it.
        "aws:cloudwatch/queryDefinition:QueryDefinition",
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        # A flow log's data is charged by the log group it goes to.
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:msk/clusterPolicy:ClusterPolicy",
        "aws:msk/configuration:Configuration",
        "aws:msk/scramSecretAssociation:ScramSecretAssociation",
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation",
        # Its partitions count among the brokers', its messages in their volumes.
        "aws:msk/topic:Topic",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:secretsmanager/secretVersion:SecretVersion",
        # Messages are charged; e-mail to a team that looks at its alarms stays below the thousand that cost nothing.
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
"""Types AWS charges nothing for by themselves: the pricing pages of VPC, IAM, KMS, SNS, Auto Scaling and MSK."""


def _order(kind: str) -> int:
    return list(_PRICED).index(kind) if kind in _PRICED else len(_PRICED)
