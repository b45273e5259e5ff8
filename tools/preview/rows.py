"""The rows of a preview's document, made of what was found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tools.acls.document import client_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.capacity import Capacity
    from inventory.clusters import StatedWorkload
    from inventory.cost import MonthlyCost
    from inventory.rows import ResourceRow
    from inventory.serverless import ServerlessCapacity
    from tools.acls.coverage import Coverage
    from tools.preview.document import AclsRow, CapacityRow, CostRow, ExportRow, PreviewedRow, ServerlessRow, WorkloadRow


def resource_rows(rows: Sequence[ResourceRow]) -> list[PreviewedRow]:
    """The inventory without what is always empty in a preview of a new stack."""
    return [
        {
            "urn": row["urn"],
            "type": row["type"],
            "name": row["name"],
            "custom": row["custom"],
            "parent": row["parent"],
            "inputs": row["inputs"],
            "options": row["options"],
        }
        for row in rows
    ]


def capacity_row(capacity: Capacity) -> CapacityRow:
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
        "workload": _workload(workload),
        "brokersNeeded": {
            "throughput": needed.by_throughput,
            "partitions": needed.by_partitions,
            "storage": needed.by_storage,
        }
        if needed
        else None,
        "storage": {
            "volumeGiB": storage.volume_gib,
            "maximumGiB": storage.maximum_gib,
            "hoursNeeded": storage.hours_needed,
            "hoursHeld": _rounded(storage.hours_held),
            "hoursHeldAtMaximum": _rounded(storage.hours_held_at_maximum),
            "neededGiB": storage.needed_gib,
        }
        if storage
        else None,
        "warnings": capacity.warnings,
        "notes": capacity.notes,
    }


def serverless_row(capacity: ServerlessCapacity) -> ServerlessRow:
    """What a Serverless cluster is meant to use of its quotas."""
    return {
        "cluster": capacity.cluster,
        "urn": capacity.urn,
        "workload": _workload(capacity.workload),
        "quotas": [{"name": use.name, "used": use.used, "quota": use.quota, "unit": use.unit} for use in capacity.uses],
        "warnings": capacity.warnings,
        "notes": capacity.notes,
    }


def _workload(workload: StatedWorkload | None) -> WorkloadRow | None:
    if workload is None:
        return None
    return {
        "ingressMBps": workload.ingress_mb_per_second,
        "peakMBps": workload.peak_mb_per_second,
        "fanOut": workload.fan_out,
        "retentionHours": workload.retention_hours,
        "partitions": workload.partitions,
    }


def cost_row(cost: MonthlyCost) -> CostRow:
    """The monthly bill."""
    read = cost.prices_read
    return {
        "usdPerMonth": round(cost.usd, 2),
        "atLeast": not cost.is_whole,
        "usdFromWorkload": round(cost.usd_from_workload, 2),
        "region": cost.region,
        "priceRegions": list(cost.price_regions),
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
                "priceRegion": line.price.region if line.price else None,
                "about": bool(line.price and line.price.about),
                "note": line.note,
            }
            for line in cost.lines
        ],
        "free": dict(cost.free),
        "notes": cost.notes,
    }


def acls_row(coverage: Coverage | None) -> AclsRow | None:
    """Whose ACLs are enforced; None where no client needs any."""
    if coverage is None:
        return None
    return {
        "receipt": coverage.file,
        "appliedAt": coverage.applied_at,
        "problem": coverage.problem,
        "clients": client_rows(coverage),
        "removalsPending": list(coverage.left),
    }


def export_rows(preview: Mapping[str, Any], simulated: Mapping[str, Any], unknown: str) -> dict[str, ExportRow]:
    """The exports as the preview knows them, with examples for what it does not.

    Args:
        preview: The preview's exports.
        simulated: The simulated update's exports; may be empty.
        unknown: The marker of unknown values.
    """
    rows: dict[str, ExportRow] = {}
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
