"""What things cost, with where and when the price was read. Broker hours are in the broker catalogue.

All prices are AWS's on-demand list prices in `domain.msk.brokers.PRICE_REGION`, in US dollars, before taxes, free
tiers and discounts. They are estimates from the day they were read, and other regions have other prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.msk.brokers import HOURS_PER_MONTH, PRICE_REGION, PRICES_AS_OF

SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600

_SIZING_MODEL = "sizing model of AWS's public agent-toolkit for Amazon MSK"
_VPC_PAGE = "Amazon VPC pricing, NAT gateway example (US East), as transcribed by api-evangelist/amazon-vpc"
_CLOUDWATCH_PAGE = "Amazon CloudWatch pricing, US East (N. Virginia), as tabulated by cloudburn.io and c3x.dev"
_CLOUDWATCH_AS_OF = date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit.

    Attributes:
        usd: US dollars for one unit.
        unit: What one unit is, for example "GB-month".
        source: The page the price was read from.
        as_of: When it was read, or when the page says it held.
        region: The region that has it.
        about: Whether it was worked out and not read.
    """

    usd: float
    unit: str
    source: str
    as_of: date
    region: str = PRICE_REGION
    about: bool = False


EBS_STORAGE = Price(0.10, "GB-month", _SIZING_MODEL, PRICES_AS_OF)
"""Volumes of Standard brokers. A month of one GB that is there, used or not."""

PROVISIONED_THROUGHPUT = Price(0.08, "MB/s-month", _SIZING_MODEL, PRICES_AS_OF)
"""EBS throughput that was bought. All of it: no source says that the first 250 MiB/s are free."""

_TIER = (
    "not from AWS's list for us-east-1: worked out from ap-southeast-1's (AWS Price List, AmazonMSK, {there}) by what other "
    "storage costs there"
)
TIERED_STORAGE = Price(0.06, "GB-month", _TIER.format(there="0.0652"), date(2026, 8, 12), about=True)
"""Messages in tiered storage, one copy. It is not the price of Amazon S3, which the sizing model takes."""

TIERED_RETRIEVAL = Price(0.0015, "GB", _TIER.format(there="0.0018"), date(2026, 8, 12), about=True)
"""Messages read back from tiered storage."""

EXPRESS_STORAGE = Price(0.10, "GB-month", _SIZING_MODEL, PRICES_AS_OF)
"""Messages kept by Express brokers, one copy, as much as there is."""

EXPRESS_DATA_IN = Price(0.01, "GB", _SIZING_MODEL, PRICES_AS_OF)
"""Data that producers write to Express brokers."""

_SERVERLESS = "us-east-1 figures in public projects, verified 2026-09-28"
SERVERLESS_HOUR = Price(0.75, "hour", _SERVERLESS, date(2026, 9, 28))
"""A Serverless cluster that is there."""

SERVERLESS_PARTITION_HOUR = Price(0.0015, "partition-hour", _SERVERLESS, date(2026, 9, 28))
"""A partition of a Serverless cluster, leaders only."""

_SERVERLESS_DATA = "not from AWS's list for us-east-1: public pages agree on it, and ap-northeast-2's has the same ratios"
SERVERLESS_DATA_IN = Price(0.10, "GB", _SERVERLESS_DATA, date(2026, 9, 28), about=True)
"""Data that producers write to a Serverless cluster."""

SERVERLESS_DATA_OUT = Price(0.05, "GB", _SERVERLESS_DATA, date(2026, 9, 28), about=True)
"""Data that consumers read from a Serverless cluster."""

SERVERLESS_STORAGE = Price(0.10, "GB-month", _SERVERLESS_DATA, date(2026, 9, 28), about=True)
"""Messages that a Serverless cluster keeps, one copy."""

CROSS_ZONE = Price(0.02, "GB", _SIZING_MODEL, PRICES_AS_OF)
"""Between a client and a broker in another Availability Zone, 0.01 on each side. Replication is free."""

KMS_KEY = Price(1.00, "key-month", "AWS Key Management Service pricing, key storage, as read by cloudburn.io", date(2026, 3, 14))
"""A customer key in its first year; a rotation adds as much again."""

NAT_GATEWAY_HOUR = Price(0.045, "hour", _VPC_PAGE, date(2026, 9, 20))
NAT_GATEWAY_DATA = Price(0.045, "GB", _VPC_PAGE, date(2026, 9, 20))
PUBLIC_IPV4_HOUR = Price(
    0.005,
    "hour",
    "Amazon VPC pricing, public IPv4 addresses, as tabulated by cloudburn.io",
    date(2026, 2, 24),
)
"""A public IPv4 address, in use or not."""

INTERFACE_ENDPOINT_HOUR = Price(
    0.01,
    "hour",
    "Amazon VPC pricing, interface endpoints in one zone, us-east-1, as tabulated by factualminds.com",
    date(2026, 6, 13),
)
"""An interface endpoint in one Availability Zone."""

INTERFACE_ENDPOINT_DATA = Price(0.01, "GB", "AWS PrivateLink pricing, first PB of a month", date(2026, 6, 13))
"""Data through an interface endpoint."""

LOG_INGESTION = Price(0.50, "GB", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""Log data that CloudWatch Logs takes in, standard class; flow logs as well, up to their first 10 TB."""

LOG_STORAGE = Price(0.03, "GB-month", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""Log data that is kept, compressed."""

LOG_COMPRESSION = 0.15
"""What is left of log data when it is kept. Amazon CloudWatch pricing, examples of archived logs."""

ALARM = Price(0.10, "alarm metric-month", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""A standard-resolution alarm, for each metric that it looks at."""

DASHBOARD = Price(3.00, "dashboard-month", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""A dashboard; an account's first three, of up to 50 metrics each, cost nothing."""

CUSTOM_METRIC = Price(0.30, "metric-month", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""A metric that AWS charges for, for the hours in which it has values: an account's first 10,000."""

_METRIC_TIERS = "Amazon CloudWatch pricing, metrics by tier, as tabulated by github.com/nishinoshake/aws-rough"
METRIC_TIERS: tuple[tuple[float, Price], ...] = (
    (10_000, CUSTOM_METRIC),
    (250_000, Price(0.10, "metric-month", _METRIC_TIERS, date(2022, 4, 29))),
    (1_000_000, Price(0.05, "metric-month", _METRIC_TIERS, date(2022, 4, 29))),
    (float("inf"), Price(0.02, "metric-month", _METRIC_TIERS, date(2022, 4, 29))),
)
"""Metrics of an account up to a number, and what each of them costs."""

COMPOSITE_ALARM = Price(0.50, "alarm-month", _CLOUDWATCH_PAGE, _CLOUDWATCH_AS_OF)
"""An alarm over other alarms."""

_PROMETHEUS_LIST = "AWS Price List, AmazonPrometheus, us-east-1, as tabulated by a public comparison of regions"
_PROMETHEUS_AS_OF = date(2025, 11, 13)
PROMETHEUS_SAMPLES = Price(0.90, "10 million samples", _PROMETHEUS_LIST, _PROMETHEUS_AS_OF)
"""Samples that Amazon Managed Service for Prometheus takes in, the first two billion of a month; those after them cost less."""

PROMETHEUS_SAMPLES_COLLECTED = Price(0.03, "10 million samples", _PROMETHEUS_LIST, _PROMETHEUS_AS_OF)
"""Samples that a managed scraper collects, beside what it costs to take them in."""

PROMETHEUS_SAMPLES_QUERIED = Price(0.10, "billion samples", _PROMETHEUS_LIST, _PROMETHEUS_AS_OF)
"""Samples that queries and rules read, above the first 200 billion of a month."""

PROMETHEUS_STORAGE = Price(0.03, "GB-month", _PROMETHEUS_LIST, _PROMETHEUS_AS_OF)
"""Metrics that are kept, above the first 10 GB."""

SCRAPER_HOUR = Price(0.04, "hour", _PROMETHEUS_LIST, _PROMETHEUS_AS_OF)
"""A managed scraper that is there."""

_GRAFANA_PAGE = "Amazon Managed Grafana pricing"
GRAFANA_EDITOR = Price(9.00, "editor-month", _GRAFANA_PAGE, date(2026, 11, 27))
"""Somebody who may edit and who signs in during a month. A workspace is charged for one at least, whoever signs in."""

GRAFANA_VIEWER = Price(5.00, "viewer-month", _GRAFANA_PAGE, date(2026, 11, 27))
"""Somebody who may only look, and who signs in during a month."""

_PRIVATE_CA_PAGE = "AWS Private CA pricing, private certificate authority operation"
PRIVATE_CA = Price(400.00, "CA-month", _PRIVATE_CA_PAGE, date(2026, 11, 23))
"""A private CA that signs certificates of any validity. Each certificate is charged besides, once."""

SHORT_LIVED_PRIVATE_CA = Price(50.00, "CA-month", _PRIVATE_CA_PAGE, date(2026, 11, 23))
"""A private CA in short-lived certificate mode."""

SECRET = Price(
    0.40,
    "secret-month",
    "AWS Secrets Manager pricing, pricing examples, as transcribed by api-evangelist/amazon-secrets-manager",
    date(2026, 9, 20),
)

ADVANCED_PARAMETER = Price(
    0.05,
    "parameter-month",
    "AWS Systems Manager pricing, Parameter Store, as tabulated by think-with-tech.blogspot.com",
    date(2025, 10, 21),
)
"""A parameter above 4 KB; smaller ones are free. AWS Systems Manager User Guide, "Managing parameter tiers"."""
