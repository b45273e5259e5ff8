"""What the brokers' logs in CloudWatch Logs cost, estimated from the stated workload.

No source says how much a broker writes to its log. What is taken for it is this project's own assumption, and each line says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.msk.brokers import HOURS_PER_MONTH
from inventory import prices
from inventory.bill.lines import Basis, CostLine
from inventory.rows import get, is_known, rows_of_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.clusters import ClusterRows, StatedWorkload
    from inventory.rows import ResourceRow

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BROKER_LOGS = "broker logs written"
"""The key of the line of what brokers write to their own log group."""

MB_OF_A_BROKER_AND_DAY = 10
"""What a broker writes to its log in a day at level INFO: groups, snapshots, elections."""

KB_OF_A_SEGMENT = 3
"""What a replica's segment leaves in the log when it is rolled, and again deleted: about a dozen lines."""

_SEGMENT_BYTES = 1024**3
_ROLL_HOURS = 168
"""Kafka's own `log.segment.bytes` and `log.roll.hours`."""

_DAYS = HOURS_PER_MONTH / 24


def broker_log_group(inventory: ClusterRows, cluster: ResourceRow) -> ResourceRow | None:
    """The log group of the inventory that the brokers write to; None where they write to none, or to one of somebody else's."""
    sink = get(cluster["inputs"], "loggingInfo.brokerLogs.cloudwatchLogs")
    name = get(sink, "logGroup")
    if get(sink, "enabled") is not True or not isinstance(name, str) or not is_known(name):
        return None
    return next((row for row in rows_of_type(inventory.rows, LOG_GROUP) if get(row["inputs"], "name") == name), None)


def gb_of_logs(workload: StatedWorkload, brokers: int, replicas: int, segment_bytes: float) -> float:
    """GB that the brokers write to their logs in a month.

    Args:
        workload: The stated workload.
        brokers: How many brokers there are.
        replicas: Copies of each partition.
        segment_bytes: How large a segment becomes before it is rolled.
    """
    filled = workload.ingress_mb_per_second * prices.SECONDS_PER_MONTH * 1024**2 / segment_bytes
    rolled = workload.partitions * HOURS_PER_MONTH / _ROLL_HOURS
    segments = replicas * max(filled, rolled)
    return (brokers * MB_OF_A_BROKER_AND_DAY * _DAYS + segments * KB_OF_A_SEGMENT / 1024) / 1024


def broker_log_lines(
    inventory: ClusterRows, cluster: ResourceRow, brokers: int, workload: StatedWorkload | None
) -> Iterator[CostLine]:
    """The lines of the brokers' own log group; none where there is none, or no workload is stated."""
    group = broker_log_group(inventory, cluster)
    if group is None or workload is None:
        return
    properties = inventory.server_properties(cluster)
    replicas = _number(properties.get("default.replication.factor"), 3)
    written = gb_of_logs(workload, brokers, int(replicas), _number(properties.get("log.segment.bytes"), _SEGMENT_BYTES))
    note = (
        f"Assumed, because no source says it: {MB_OF_A_BROKER_AND_DAY} MB per broker and day, and {KB_OF_A_SEGMENT} KB for each "
        "replica's segment. Clients that fail, and restarts, write more."
    )
    yield CostLine(BROKER_LOGS, "broker logs written", Basis.WORKLOAD, written, prices.LOG_INGESTION, note)
    days = get(group["inputs"], "retentionInDays")
    if not isinstance(days, int) or days <= 0:
        note = "They are kept forever: the cost grows each month."
        yield CostLine("broker logs kept", "broker logs kept", Basis.USAGE, None, prices.LOG_STORAGE, note)
        return
    kept = written * days / _DAYS * prices.LOG_COMPRESSION
    note = f"Once {days} days of logs are kept; compressed to {prices.LOG_COMPRESSION:.0%}, as in AWS's examples."
    yield CostLine("broker logs kept", "broker logs kept", Basis.WORKLOAD, kept, prices.LOG_STORAGE, note)


def _number(text: str | None, usual: float) -> float:
    try:
        value = float(text or usual)
    except ValueError:
        return usual
    return value if value > 0 else usual
