"""What is worth counting, and being told of, in the brokers' logs.

Patterns are quoted terms, which CloudWatch Logs finds as they are, case and all (CloudWatch Logs User Guide, "Filter pattern
syntax"). The texts are those of Apache Kafka 3.9's source, in the class that each names. Amazon MSK's brokers log from level
INFO on (MSK Developer Guide, "Amazon MSK logging").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.monitoring.alarm_texts import described, duration, uncapitalized
from domain.monitoring.terms import Severity

if TYPE_CHECKING:
    from domain.monitoring.alarm_texts import Leads

PERIOD = 300
"""Seconds in which lines are counted."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Lines of the brokers' logs that are counted.

    Attributes:
        name: Its name; of one that alarms, its section in the runbook.
        term: What such a line contains.
        source: Where Kafka writes it.
        severity: How bad one line in a period is; None where lines are counted only.
        means: What such a line means, a sentence of the broker.
        first: What to do first, a sentence; empty where nobody is told.
    """

    name: str
    term: str
    source: str
    means: str
    severity: Severity | None = None
    first: str = ""

    @property
    def alarms(self) -> bool:
        """Whether somebody is told."""
        return self.severity is not None

    @property
    def pattern(self) -> str:
        """The filter pattern of CloudWatch Logs."""
        return f'"{self.term}"'

    def description(self, cluster: str, log_group: str, leads: Leads) -> str:
        """What CloudWatch says of its alarm.

        Args:
            cluster: The cluster's name.
            log_group: The brokers' log group. Its streams are a broker's each, and a metric of lines knows no broker.
            leads: Where to look.
        """
        happened = f'A broker of {cluster} logged 1 or more lines with "{self.term}" within {duration(PERIOD)}. {self.means}'
        which = f"Which broker: search log group {log_group} for {self.pattern}; the log stream names the broker."
        return described([happened, which, f"First: {uncapitalized(self.first)}"], leads, self.name)


WATCHES: tuple[Watch, ...] = (
    Watch(
        "disk-failed",
        "Stopping serving logs in dir",
        "kafka.log.LogManager, handleLogDirFailure",
        "It stopped serving a directory that it could not read or write; the replicas there are down.",
        Severity.CRITICAL,
        "Check whether the disk is full; if not, open a case with AWS Support.",
    ),
    Watch(
        "out-of-memory",
        "OutOfMemoryError",
        "java.lang.OutOfMemoryError",
        "It ran out of Java heap, and a part of it may have stopped.",
        Severity.CRITICAL,
        "Restart the broker while no partition is under-replicated.",
    ),
    Watch(
        "failed-authentication",
        "Failed authentication with",
        "org.apache.kafka.common.network.Selector",
        "A connection failed to authenticate.",
    ),
    Watch(
        "denied",
        "is Denied",
        "kafka.authorizer.logger",
        "The ACLs refused a client's request.",
    ),
    Watch(
        "isr-shrinks",
        "Shrinking ISR from",
        "kafka.cluster.Partition, maybeShrinkIsr",
        "A replica left the in-sync replicas of a partition.",
    ),
    Watch(
        "errors",
        "ERROR",
        "every class, the level of the line",
        "Something went wrong in a broker.",
    ),
)
"""What is counted, the worst first. Each is a metric of its own as soon as one line was found, and costs nothing until then."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query of CloudWatch Logs Insights.

    Attributes:
        name: Its name.
        text: The query.
    """

    name: str
    text: str


def _newest(term: str, parse: str = "", then: str = "sort @timestamp desc\n| limit 100") -> str:
    query = f"fields @timestamp, @logStream, @message\n| filter @message like /{term}/\n"
    return f"{query}{parse}| {then}"


QUERIES: tuple[SavedQuery, ...] = (
    SavedQuery("errors by broker", _newest("ERROR", then="stats count(*) as errors by @logStream, bin(5m)\n| sort errors desc")),
    SavedQuery("newest errors", _newest("ERROR")),
    SavedQuery(
        "failed connections",
        _newest(
            "Failed authentication with",
            "| parse @message 'Failed authentication with /* (' as address\n",
            "stats count(*) as connections by address\n| sort connections desc",
        ),
    ),
    SavedQuery(
        "denied by principal",
        _newest(
            "is Denied",
            "| parse @message 'Principal = * is Denied' as principal\n| parse @message 'on resource = * for' as resource\n",
            "stats count(*) as refusals by principal, resource\n| sort refusals desc",
        ),
    ),
    # Whoever leaves because it is gone, and whoever comes back, shows only where the leader starts with the replicas in sync.
    SavedQuery("leaders and in-sync replicas", _newest("Shrinking ISR from|starts at leader epoch")),
    SavedQuery("consumer groups that rebalance", _newest("Preparing to rebalance group")),
)
"""Questions that come up with alarms."""


def namespace(cluster: str) -> str:
    """The namespace of a cluster's own metrics: what is counted in its logs has no dimensions, which would cost a metric each.

    Args:
        cluster: The cluster's name.
    """
    return f"KafkaLogs/{cluster}"
