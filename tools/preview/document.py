"""What a preview found, as one JSON document: what the text report is made of, and what other programs read.

Keys, always all of them:

* ``project``, ``stack``, ``region``, ``today``, ``isToday``: what was previewed, the day it was judged on, and whether that is
  the clock's (UTC). ``region`` is null where it is not set.
* ``result``: how it ended, as a sentence: "Fine: ..." stands alone only where nothing refuses and no critical rule is off or
  only advises, nothing is exempt, and every mandatory rule could judge.
* ``resources``: the inventory of the preview, in the order of registration. Each has ``urn``, ``type``, ``name``,
  ``custom``, ``parent``, ``inputs`` and ``options``. What is not known before AWS answers is Pulumi's marker
  (`inventory.rows.UNKNOWN`), secrets are "[secret]".
* ``policies``: the pack's ``name`` and ``version``, its ``rules`` by name, each "pass", "fail", "advice", "exempt",
  "not judged" (a mandatory rule that could not tell), "could not run" (one that only advises) or "disabled", and ``about``
  them, by name: ``displayName``, ``description``, ``severity``, ``enforcement``, ``remediation``, ``url``, ``tags`` and
  ``framework``; null when nothing was judged.
* ``verdicts``: what the pack or a guard said, the mandatory first: ``policy``, ``enforcement`` ("mandatory" or
  "advisory"), ``severity``, ``kind`` ("violation", "exempt", "could_not_run", "not_judged" or "guard"), ``resource`` (its URN,
  or empty), ``message``, ``setting`` (dotted path in the stack file, or null), ``file`` and ``line`` (or null), ``seenIn``
  (of "preview" and "simulated update"), and for what is exempt its last day and why: ``until`` and ``reason`` (or null).
* ``capacity``: for each cluster what it carries and what it must carry, with ``warnings`` and ``notes``.
* ``cost``: ``usdPerMonth``, ``usdFromWorkload`` (the estimated part of it), ``region``, ``priceRegion``,
  ``pricesRead`` (oldest and newest), ``lines`` (``item``, ``basis``, ``quantity``, ``unit``, ``usdPerUnit``,
  ``usdPerMonth``, ``source``, ``asOf``, ``note``), ``free`` (type: number) and ``notes``; null when nothing was previewed.
* ``exports``: by name ``value`` (as a preview knows it), ``known``, and ``example`` (from the simulated update) when it
  is not known.
* ``warnings``: ``message`` and ``resource`` of everything worth a look.
* ``output``: lines that the program printed or logged for information.
* ``problems``: mistakes in the configuration, or why the tool failed: ``setting``, ``value``, ``message``, ``file``,
  ``line``.
* ``exitCode``: that of the command.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.capacity import Capacity
    from inventory.cost import MonthlyCost
    from inventory.rows import ResourceRow

Place = tuple[str, int] | None
"""A file's name and a line's number, or nothing."""


class VerdictRow(TypedDict):
    """What the pack or a guard said; see the module."""

    policy: str
    enforcement: str
    severity: str
    kind: str
    resource: str
    message: str
    setting: str | None
    file: str | None
    line: int | None
    seenIn: list[str]
    until: str | None
    reason: str | None


class ProblemRow(TypedDict):
    """A mistake in the configuration, or a failure of the tool; see the module."""

    setting: str | None
    value: Any
    message: str
    file: str | None
    line: int | None


class WarningRow(TypedDict):
    """Something worth a look."""

    message: str
    resource: str


class AboutRow(TypedDict):
    """What a rule of the pack is for; see the module."""

    displayName: str
    description: str
    severity: str
    enforcement: str
    remediation: str
    url: str
    tags: list[str]
    framework: str


class PoliciesRow(TypedDict):
    """The pack and what became of each rule."""

    name: str
    version: str
    rules: dict[str, str]
    about: dict[str, AboutRow]


class Document(TypedDict):
    """The whole; see the module."""

    project: str
    stack: str
    region: str | None
    today: str
    isToday: bool
    result: str
    resources: list[dict[str, Any]]
    policies: PoliciesRow | None
    verdicts: list[VerdictRow]
    capacity: list[dict[str, Any]]
    cost: dict[str, Any] | None
    exports: dict[str, dict[str, Any]]
    warnings: list[WarningRow]
    output: list[str]
    problems: list[ProblemRow]
    exitCode: int


def empty_document(*, project: str, stack: str, region: str | None, today: str) -> Document:
    """A document about which nothing is known yet."""
    return {
        "project": project,
        "stack": stack,
        "region": region,
        "today": today,
        "isToday": True,
        "result": "",
        "resources": [],
        "policies": None,
        "verdicts": [],
        "capacity": [],
        "cost": None,
        "exports": {},
        "warnings": [],
        "output": [],
        "problems": [],
        "exitCode": 0,
    }


def resource_rows(rows: Sequence[ResourceRow]) -> list[dict[str, Any]]:
    """The inventory without what is always empty in a preview of a new stack."""
    return [{key: value for key, value in row.items() if key != "outputs"} for row in rows]


def capacity_row(capacity: Capacity) -> dict[str, Any]:
    """A cluster's capacity."""
    workload, needed, storage = capacity.workload, capacity.needed, capacity.storage
    return {
        "cluster": capacity.cluster,
        "urn": capacity.urn,
        "brokerType": capacity.broker.name,
        "brokers": capacity.brokers,
        "zones": capacity.zones,
        "vcpu": capacity.vcpu,
        "memoryGiB": capacity.memory_gib,
        "replicationFactor": capacity.replication_factor,
        "partitionReplicas": capacity.partition_replicas,
        "partitionReplicasRecommended": capacity.partitions_recommended,
        "partitionReplicasMaximum": capacity.partitions_maximum,
        "safeIngressMBps": _rounded(capacity.safe_ingress),
        "tiered": capacity.tiered,
        "workload": workload
        and {
            "ingressMBps": workload.ingress_mb_per_second,
            "peakMBps": workload.peak_mb_per_second,
            "fanOut": workload.fan_out,
            "retentionHours": workload.retention_hours,
            "partitions": workload.partitions,
        },
        "brokersNeeded": needed
        and {
            "throughput": needed.by_throughput,
            "partitions": needed.by_partitions,
            "storage": needed.by_storage,
        },
        "storage": storage
        and {
            "volumeGiB": storage.volume_gib,
            "maximumGiB": storage.maximum_gib,
            "hoursNeeded": storage.hours_needed,
            "hoursHeld": _rounded(storage.hours_held),
            "hoursHeldAtMaximum": _rounded(storage.hours_held_at_maximum),
            "neededGiB": storage.needed_gib,
        },
        "warnings": capacity.warnings,
        "notes": capacity.notes,
    }


def cost_row(cost: MonthlyCost) -> dict[str, Any]:
    """The monthly bill."""
    read = cost.prices_read
    return {
        "usdPerMonth": round(cost.usd, 2),
        "usdFromWorkload": round(cost.usd_from_workload, 2),
        "region": cost.region,
        "priceRegion": cost.price_region,
        "pricesRead": [day.isoformat() for day in read] if read else None,
        "lines": [
            {
                "item": line.item,
                "basis": line.basis.value,
                "quantity": _rounded(line.quantity),
                "unit": line.price.unit if line.price else None,
                "usdPerUnit": line.price.usd if line.price else None,
                "usdPerMonth": None if line.usd is None else round(line.usd, 2),
                "source": line.price.source if line.price else None,
                "asOf": line.price.as_of.isoformat() if line.price else None,
                "note": line.note,
            }
            for line in cost.lines
        ],
        "free": dict(cost.free),
        "notes": cost.notes,
    }


def export_rows(preview: Mapping[str, Any], simulated: Mapping[str, Any], unknown: str) -> dict[str, dict[str, Any]]:
    """The exports as the preview knows them, with examples for what it does not.

    Args:
        preview: The preview's exports.
        simulated: The simulated update's exports; may be empty.
        unknown: The marker of unknown values.
    """
    rows: dict[str, dict[str, Any]] = {}
    for name, value in preview.items():
        known = not _holds(value, unknown)
        rows[name] = {"value": value, "known": known}
        if not known and name in simulated:
            rows[name]["example"] = simulated[name]
    return rows


def _holds(value: object, marker: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(item, marker) for item in value.values())
    if isinstance(value, list):
        return any(_holds(item, marker) for item in value)
    return value == marker


def _rounded(value: float | None) -> float | None:
    """A number without the noise of binary fractions; JSON has no infinity."""
    return None if value is None or math.isinf(value) else round(value, 3)
