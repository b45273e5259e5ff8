"""What an alarm is made of: how bad it is, what it looks at, when that is too much, and the cluster it depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.msk.metrics import CLIENT_AUTHENTICATION, Level, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from domain.msk.brokers import BrokerType
    from domain.msk.metrics import ClusterKind, Level


class Severity(StrEnum):
    """Who is to hear of it, and when."""

    CRITICAL = "critical"
    """Clients cannot write or read, or soon will not: at any hour."""
    WARNING = "warning"
    """There is time until the next working day."""


class Missing(StrEnum):
    """What a period without data is taken for. CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data"."""

    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"
    """The alarm stays as it is."""
    MISSING = "missing"
    """The alarm says that it has not enough data."""


class Comparison(StrEnum):
    """How a value is held against the threshold, in CloudWatch's words."""

    ABOVE = "GreaterThanThreshold"
    AT_LEAST = "GreaterThanOrEqualToThreshold"
    BELOW = "LessThanThreshold"
    AT_MOST = "LessThanOrEqualToThreshold"
    OUTSIDE_BAND = "LessThanLowerOrGreaterThanUpperThreshold"


class Scope(StrEnum):
    """What there is one alarm for."""

    CLUSTER = "the cluster"
    ALL_TOPICS = "all topics together"
    TOPIC = "each topic"
    BROKER = "each broker"
    GROUP = "each consumer group and topic"


@dataclass(frozen=True, slots=True)
class Watched:
    """A cluster as far as its alarms depend on it.

    Attributes:
        broker: The broker type; None for a Serverless cluster.
        brokers: How many brokers there are; 0 for a Serverless cluster.
        level: The monitoring level.
        iam: Whether IAM access control is on.
        scram: Whether SASL/SCRAM is on.
        tls: Whether mutual TLS is on.
        volume_mib_per_second: EBS throughput of each broker, MiB/s; None where there are no volumes, or AWS publishes no figure.
        partitions_of_topics: How many partitions each topic has that is watched by itself, by its name.
    """

    broker: BrokerType | None
    brokers: int
    level: Level
    iam: bool = False
    scram: bool = False
    tls: bool = False
    volume_mib_per_second: float | None = None
    partitions_of_topics: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> ClusterKind:
        """The kind of cluster."""
        return kind_of(self.broker)


@dataclass(frozen=True, slots=True)
class Query:
    """A metric that an alarm looks at.

    Attributes:
        id: Its name in the alarm's expression.
        metric: The metric.
        statistic: What becomes of the data points of a period.
        authentication: The value of the dimension `Client Authentication`; empty where the metric has not got it.
    """

    id: str
    metric: str
    statistic: str
    authentication: str = ""

    @property
    def more_dimensions(self) -> tuple[tuple[str, str], ...]:
        """The dimensions it has beside those of the alarm's scope."""
        return ((CLIENT_AUTHENTICATION, self.authentication),) if self.authentication else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule:
    """One thing to be told of. Unless a rule says otherwise: of each broker, in working hours, of a value above its threshold.

    Attributes:
        name: Its name: the key in ``monitoring.alarms``.
        title: In a few words.
        scope: What there is one alarm for.
        queries: The metrics.
        threshold: The threshold for a cluster; None where the cluster needs no such alarm. A threshold that CloudWatch works out
            (`Comparison.OUTSIDE_BAND`) is the width of its band in standard deviations; of a topic (`Scope.TOPIC`) it is that of
            each of its partitions.
        unit: The threshold's unit.
        bounds: The least and the most that a stack may set the threshold to; None where it may not.
        comparison: When it is too much.
        period: Seconds of a data point.
        evaluated: How many data points are looked at.
        breaching: How many of those must be too much.
        severity: How bad.
        missing: What a period without data is taken for.
        missing_reason: Why.
        happened: What happened, to go on after "Broker 2 of orders": `{amount}` stands for what was more than the threshold, such
            as "more than 60%", and `{time}` for how long.
        means: What follows from it, a sentence.
        first: What to do first, a sentence.
        source: The public page it comes from.
        expression: Metric math over the queries' ids; empty where the one query is the value.
        shared_section: The heading of its section in the runbook, where several rules share one; empty where it is the name.
    """

    name: str
    title: str
    scope: Scope = Scope.BROKER
    queries: tuple[Query, ...]
    threshold: Callable[[Watched], float | None]
    unit: str
    bounds: tuple[float, float] | None = None
    comparison: Comparison = Comparison.ABOVE
    period: int
    evaluated: int
    breaching: int
    severity: Severity = Severity.WARNING
    missing: Missing = Missing.NOT_BREACHING
    missing_reason: str
    happened: str
    means: str
    first: str
    source: str
    expression: str = ""
    shared_section: str = ""

    @property
    def section(self) -> str:
        """The heading of its section in the runbook."""
        return self.shared_section or self.name


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind one group may be on one topic.

    Attributes:
        group: The consumer group.
        topic: The topic.
        seconds: How far it may be behind, seconds.
    """

    group: str
    topic: str
    seconds: int


@dataclass(frozen=True, slots=True)
class LagLimit:
    """How far behind a consumer group may be.

    Attributes:
        group: The group's name, or a prefix that ends in ``*``.
        topic: The topic's name.
        seconds: The most it may be behind.
    """

    group: str
    topic: str
    seconds: int
