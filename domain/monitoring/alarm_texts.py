"""What an alarm says to the person it wakes: what happened, to which broker, topic or group, with its limit, and where to look.

Amazon SNS sends the description in an e-mail of plain text, as it is; CloudWatch's console reads it as Markdown. Both show
sentences in lines of their own, and an address at the end of a line as a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.monitoring.terms import Comparison
from domain.msk.metrics import BROKER_ID, CONSUMER_GROUP, TOPIC
from domain.msk.regions import partition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.monitoring.alarms import Alarm
    from domain.monitoring.terms import AlarmRule

LONGEST_DESCRIPTION = 1024
"""Characters of an alarm's description. CloudWatch API reference, ``PutMetricAlarm``, ``AlarmDescription``."""

_LONGEST_OF_A_NAME = 96
"""Characters of a group's or a topic's name in a description that would be too long with the whole of both."""

_CONSOLES = {"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com", "aws-eusc": "amazonaws-eusc.eu"}
"""The AWS console's domain by partition, where it is another than aws.amazon.com. AWS General Reference, "AWS Management Console
endpoints"; of the European Sovereign Cloud, its own user guide."""

_COUNTED = ("partitions", "packets", "connections")
"""Units of which more than none is one."""

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a person looks next.

    Attributes:
        runbook: Where the runbook is: an address, or a path in the repository.
        dashboard: The dashboard's address; None where the cluster has no dashboard.
    """

    runbook: str
    dashboard: str | None = None

    def lines(self, section: str) -> list[str]:
        """The last lines of a description.

        Args:
            section: The alarm's section in the runbook.
        """
        return [*([f"Dashboard: {self.dashboard}"] if self.dashboard else []), f"Runbook: {self.runbook}#{section}"]


def dashboard_address(region: str, name: str) -> str:
    """Where a dashboard is in the AWS console.

    Args:
        region: The dashboard's region.
        name: Its name.
    """
    domain = _CONSOLES.get(partition(region), "aws.amazon.com")
    return f"https://{region}.console.{domain}/cloudwatch/home?region={region}#dashboards:name={name}"


def described(sentences: Sequence[str], leads: Leads, section: str) -> str:
    """A description: its sentences, then where to look.

    Args:
        sentences: What happened and what to do, a line each.
        leads: Where to look.
        section: The alarm's section in the runbook.
    """
    return "\n".join([*sentences, *leads.lines(section)])


def description(alarm: Alarm, cluster: str, leads: Leads) -> str:
    """What an alarm on a metric of a cluster says.

    Args:
        alarm: The alarm.
        cluster: The cluster's name.
        leads: Where to look.
    """

    def text(longest: int | None) -> str:
        happened = f"{_subject(alarm, cluster, longest)} {_predicate(alarm)}. {alarm.rule.means}"
        return described([happened, f"First: {uncapitalized(alarm.rule.first)}"], leads, alarm.rule.section)

    whole = text(None)
    return whole if len(whole) <= LONGEST_DESCRIPTION else text(_LONGEST_OF_A_NAME)


def uncapitalized(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence[0].lower() + sentence[1:]


def amount(rule: AlarmRule, threshold: float) -> str:
    """What an alarm's value is when the alarm is on, such as "more than 60%" or "100 or fewer credits".

    Args:
        rule: Its rule.
        threshold: Its threshold, in the rule's unit.
    """
    if rule.comparison is Comparison.ABOVE and threshold == 0 and rule.unit in _COUNTED:
        return rule.unit
    limit = quantity(rule.unit, threshold)
    number, blank, counted = limit.partition(" ")
    return {
        Comparison.ABOVE: f"more than {limit}",
        Comparison.OUTSIDE_BAND: f"more than {limit}",
        Comparison.AT_LEAST: f"{number} or more{blank}{counted}",
        Comparison.AT_MOST: f"{number} or fewer{blank}{counted}",
        Comparison.BELOW: f"less than {limit}",
    }[rule.comparison]


def quantity(unit: str, value: float) -> str:
    """A number as people read it, such as "60%", "1,000 partitions" or "12 MB/s".

    Args:
        unit: The unit of the alarm's rule.
        value: The number in this unit.
    """
    if unit == "%":
        return f"{value:g}%"
    if unit == "of 1":
        return f"{100 * value:g}%"
    if unit.startswith("bytes/s"):
        return f"{value / _MB:,.6g} MB/s" if value >= _MB / 1000 else f"{value:g} bytes/s"
    words = {"s": "seconds", "connections/s": "connections a second"}.get(unit, unit)
    return f"{value:,.0f} {words}" if float(value).is_integer() else f"{value:,.6g} {words}"


def duration(seconds: int) -> str:
    """A time as people say it: "1 minute", "15 minutes"."""
    minutes = seconds // 60
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _predicate(alarm: Alarm) -> str:
    rule = alarm.rule
    return rule.happened.format(amount=amount(rule, alarm.threshold), time=duration(rule.period * rule.evaluated))


def _subject(alarm: Alarm, cluster: str, longest: int | None) -> str:
    names = {dimension: _cut(value, longest) for dimension, value in alarm.subject}
    if BROKER_ID in names:
        return f"Broker {names[BROKER_ID]} of {cluster}"
    if CONSUMER_GROUP in names:
        return f"Consumer group {names[CONSUMER_GROUP]} of {cluster}, reading topic {names[TOPIC]},"
    if TOPIC in names:
        return f"Topic {names[TOPIC]} of {cluster}"
    return f"Cluster {cluster}"


def _cut(name: str, longest: int | None) -> str:
    if longest is None or len(name) <= longest:
        return name
    # Names of one team begin alike: what tells them apart stands at the end.
    half = (longest - 3) // 2
    return f"{name[:half]}...{name[-half:]}"
