"""The alarms of a cluster: what follows from its kind, its brokers, its monitoring level and its clients.

Only metrics that the cluster emits are looked at (`domain.msk.metrics`); what a higher monitoring level would add can be asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.monitoring.rules import ALARM_RULES, FROM_FIGURES, RULES_BY_NAME
from domain.monitoring.terms import AlarmRule, Comparison, Query, Scope, Severity, Watched
from domain.msk.metrics import BROKER_ID, CLUSTER_NAME, CONSUMER_GROUP, NAMESPACE, TOPIC, emits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from domain.monitoring.terms import Lag
    from domain.msk.metrics import Level

LONGEST_NAME = 255
"""Characters of an alarm's name. CloudWatch API reference, ``PutMetricAlarm``, ``AlarmName``."""

MOST_CHILDREN = 100
"""Alarms that one composite alarm can look at. CloudWatch API reference, ``PutCompositeAlarm``."""

LONGEST_RULE = 10_240
"""Characters of a composite alarm's rule; same page."""

_DIGEST = 8
"""Letters that keep two names apart which are the same as far as there is room for them."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a stack wants otherwise of one rule.

    Attributes:
        threshold: The threshold; None leaves it.
        enabled: Whether there are such alarms at all.
    """

    threshold: float | None = None
    enabled: bool = True


NO_CHANGES: Mapping[str, Change] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm.

    Attributes:
        rule: What it is for.
        threshold: From when on, in the rule's unit; of a band, its width in standard deviations.
        subject: Which broker or topic, or which group and topic: the dimensions and their values beside the cluster's name.
    """

    rule: AlarmRule
    threshold: float
    subject: tuple[tuple[str, str], ...] = field(default=())

    @property
    def key(self) -> str:
        """Its name among the cluster's alarms: ``cpu/2``, ``consumer-lag/billing/orders.v1``. No topic's name has a slash."""
        return "/".join([self.rule.name, *(value for _, value in self.subject)])

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity

    def dimensions(self, query: Query) -> dict[str, str]:
        """The dimensions of one of its metrics, beside the cluster's name."""
        return dict((*self.subject, *query.more_dimensions))

    def sum_of_topics(self, cluster: str) -> str:
        """The Metrics Insights query of an alarm on all topics together: those that come later count too.

        Source: Amazon CloudWatch User Guide, "CloudWatch Metrics Insights query components and syntax".

        Args:
            cluster: The cluster's name.
        """
        (query,) = self.rule.queries
        series = f'SCHEMA("{NAMESPACE}", "{CLUSTER_NAME}", {TOPIC})'
        return " ".join(
            (
                f"SELECT {query.statistic.upper()}({query.metric})",
                f"FROM {series}",
                # A cluster's name has letters, digits and hyphens only.
                f"WHERE \"{CLUSTER_NAME}\" = '{cluster}'",
            )
        )

    def name(self, cluster: str) -> str:
        """Its name in CloudWatch, cut where it is too long, and then with a digest of what was cut."""
        whole = f"{cluster}/{self.key}"
        if len(whole) <= LONGEST_NAME:
            return whole
        digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST]
        return f"{whole[: LONGEST_NAME - _DIGEST - 1]}-{digest}"


def alarms(watched: Watched, lags: Sequence[Lag] = (), changes: Mapping[str, Change] = NO_CHANGES) -> tuple[Alarm, ...]:
    """The alarms of a cluster, in the order of the rules.

    Args:
        watched: The cluster.
        lags: The consumer groups whose lag is watched.
        changes: What the stack wants otherwise, by the rules' names.
    """
    return tuple(alarm for rule in ALARM_RULES for alarm in _alarms_of(rule, watched, lags, changes.get(rule.name, Change())))


def alarms_of_a_higher_level(
    watched: Watched, lags: Sequence[Lag] = (), changes: Mapping[str, Change] = NO_CHANGES
) -> dict[Level, tuple[Alarm, ...]]:
    """What each level above the cluster's would add to the one before it; levels that add nothing are left out.

    Arguments are those of `alarms`.
    """
    known = {alarm.key for alarm in alarms(watched, lags, changes)}
    added: dict[Level, tuple[Alarm, ...]] = {}
    # A Serverless cluster has no other level to go to.
    for level in watched.level.above if watched.broker else ():
        new = tuple(alarm for alarm in alarms(replace(watched, level=level), lags, changes) if alarm.key not in known)
        known |= {alarm.key for alarm in new}
        if new:
            added[level] = new
    return added


def higher_level_note(watched: Watched, changes: Mapping[str, Change] = NO_CHANGES) -> str | None:
    """A sentence for the preview on what the next useful monitoring level would add; None where none adds any alarm."""
    for level, more in alarms_of_a_higher_level(watched, changes=changes).items():
        names = ", ".join(dict.fromkeys(alarm.rule.name for alarm in more))
        return f"monitoring.level {level} would add {len(more)} alarms: {names}."
    return None


def change_problem(name: str, threshold: float) -> str | None:
    """Why a stack cannot set a rule's threshold to this, or None when it can.

    Args:
        name: The rule's name.
        threshold: The threshold, in the rule's unit.
    """
    bounds = RULES_BY_NAME[name].bounds
    unit = RULES_BY_NAME[name].unit
    if name == "consumer-lag":
        return "is set for each client. Remove it, and set clients.<name>.consume.maxLagSeconds."
    if bounds is None:
        return "cannot be set: this alarm has a fixed threshold. Remove it, or set enabled: false."
    lowest, highest = bounds
    if not lowest <= threshold <= highest:
        return f"must be between {lowest:g} and {highest:g} {unit}."
    return None


def composite_rules(names: Collection[str]) -> list[str]:
    """Rules of composite alarms that together are in alarm when any of some alarms is.

    One rule where one is enough; a large cluster has more alarms than a composite alarm can look at, so there the rules are for
    alarms in between, which another composite alarm looks at.

    Args:
        names: The names of the alarms.

    Raises:
        ValueError: There are none.
    """
    if not names:
        raise ValueError("A composite alarm looks at one alarm or more.")
    rules: list[list[str]] = [[]]
    for name in sorted(names):
        term = f'ALARM("{name}")'
        if len(rules[-1]) == MOST_CHILDREN or len(" OR ".join([*rules[-1], term])) > LONGEST_RULE:
            rules.append([])
        rules[-1].append(term)
    return [" OR ".join(terms) for terms in rules]


def _alarms_of(rule: AlarmRule, watched: Watched, lags: Sequence[Lag], change: Change) -> Iterator[Alarm]:
    if not change.enabled:
        return
    for subject, own, times in _subjects(rule, watched, lags):
        threshold = _wanted(rule, watched, own, change)
        alarm = Alarm(rule, times * (threshold or 0), subject)
        if threshold is not None and _is_emitted(alarm, watched):
            yield alarm


def unknown_limits(watched: Watched) -> tuple[str, ...]:
    """The names of the rules whose threshold is a figure of the broker type that is not known: only the stack can say it."""
    broker = watched.broker
    return () if broker is None or broker.is_listed else FROM_FIGURES[watched.kind]


def limit(name: str, watched: Watched, changes: Mapping[str, Change]) -> float | None:
    """The threshold that a stack gives a cluster's alarm, or else the rule's own; None where the cluster has no such alarm.

    Args:
        name: The rule's name; not of one with a threshold for each consumer group.
        watched: The cluster.
        changes: What the stack wants otherwise, by the rules' names.
    """
    rule, change = RULES_BY_NAME[name], changes.get(name, Change())
    return _wanted(rule, watched, rule.threshold(watched), change) if change.enabled else None


def _wanted(rule: AlarmRule, watched: Watched, own: float | None, change: Change) -> float | None:
    if own is None and rule.name not in unknown_limits(watched):
        return None
    return own if change.threshold is None else change.threshold


def _subjects(
    rule: AlarmRule, watched: Watched, lags: Sequence[Lag]
) -> Iterator[tuple[tuple[tuple[str, str], ...], float | None, int]]:
    """What there is an alarm for, each with its threshold and how many times that it holds."""
    if rule.scope is Scope.GROUP:
        for lag in lags:
            yield ((CONSUMER_GROUP, lag.group), (TOPIC, lag.topic)), lag.seconds, 1
    elif rule.scope in (Scope.CLUSTER, Scope.ALL_TOPICS):
        yield (), rule.threshold(watched), 1
    elif rule.scope is Scope.TOPIC:
        for topic, partitions in watched.partitions_of_topics.items():
            yield ((TOPIC, topic),), rule.threshold(watched), partitions
    else:
        for number in range(1, watched.brokers + 1):
            yield ((BROKER_ID, str(number)),), rule.threshold(watched), 1


def _is_emitted(alarm: Alarm, watched: Watched) -> bool:
    more = {TOPIC} if alarm.rule.scope is Scope.ALL_TOPICS else set()
    return all(
        emits(watched.kind, watched.level, query.metric, {CLUSTER_NAME, *more, *alarm.dimensions(query)})
        for query in alarm.rule.queries
    )


def has_band(alarm: Alarm) -> bool:
    """Whether CloudWatch works the threshold out from what is usual."""
    return alarm.rule.comparison is Comparison.OUTSIDE_BAND
