"""The rules as a file that Prometheus and Amazon Managed Service for Prometheus load."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.monitoring.prometheus_rules import AlertRule, RecordingRule
from domain.monitoring.prometheus_scraping import INTERVAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_RULES: Final = 20
"""Rules of a group in Amazon Managed Service for Prometheus, unless AWS raised its quota "Rules per rule group". Its User Guide,
"Amazon Managed Service for Prometheus service quotas"; the figure is from a listing of Service Quotas of 2022."""


def rule_groups(recordings: Sequence[RecordingRule], alerts: Sequence[AlertRule]) -> list[list[RecordingRule | AlertRule]]:
    """The rules in groups of at most `MOST_RULES`: what is computed ahead with the alerts that read it, then the others.

    A group is evaluated in order, and groups in none (Amazon Managed Service for Prometheus User Guide, "Using rules to modify or
    monitor metrics as they are received").

    Raises:
        ValueError: What is computed ahead and what reads it are more rules than a group has.
    """
    reading = [alert for alert in alerts if any(recording.name in alert.expression for recording in recordings)]
    first: list[RecordingRule | AlertRule] = [*recordings, *reading]
    if len(first) > MOST_RULES:
        raise ValueError(f"{len(first)} rules read one another, and a group has {MOST_RULES}.")
    others: list[RecordingRule | AlertRule] = [alert for alert in alerts if alert not in reading]
    return [first, *(others[start : start + MOST_RULES] for start in range(0, len(others), MOST_RULES))]


def render_rules(cluster: str, recordings: Sequence[RecordingRule], alerts: Sequence[AlertRule], *, runbook: str) -> str:
    """The rules as a file.

    Args:
        cluster: The cluster's name.
        recordings: What is computed ahead.
        alerts: The alerts.
        runbook: Where the runbook is.
    """
    lines = ["groups:"]
    for number, group in enumerate(rule_groups(recordings, alerts), start=1):
        name = f"{cluster}-kafka" if number == 1 else f"{cluster}-kafka-{number}"
        lines += [f"  - name: {json.dumps(name)}", f"    interval: {INTERVAL}", "    rules:"]
        for rule in group:
            lines += _recording(rule) if isinstance(rule, RecordingRule) else _alert(cluster, rule, runbook)
    return "\n".join(lines) + "\n"


def _recording(recording: RecordingRule) -> Iterator[str]:
    yield f"      - record: {recording.name}"
    yield f"        expr: {json.dumps(recording.expression)}"


def _alert(cluster: str, alert: AlertRule, runbook: str) -> Iterator[str]:
    yield f"      - alert: {alert.name}"
    yield f"        expr: {json.dumps(alert.expression)}"
    yield f"        for: {alert.hold}"
    yield "        labels:"
    yield f"          severity: {alert.severity.value}"
    yield f"          cluster: {json.dumps(cluster)}"
    yield from (f"          {label}: {json.dumps(value)}" for label, value in alert.labels)
    yield "        annotations:"
    yield f"          summary: {json.dumps(alert.summary)}"
    yield f"          action: {json.dumps(alert.action)}"
    yield f"          runbook: {json.dumps(f'{runbook}#{alert.section}')}"
