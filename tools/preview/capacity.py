"""What a cluster can carry, in the report of a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.quantities import amount, days
from tools.report.sections import TIMES, Column, Line, Mark, Piece, Section, Table, Tone

if TYPE_CHECKING:
    from tools.preview.document import BrokersNeededRow, CapacityRow, ServerlessRow, StorageRow, WorkloadRow
    from tools.report.sections import Cells


def capacity_section(row: CapacityRow) -> Section:
    """A provisioned cluster against its workload."""
    workload, storage = row["workload"], row["storage"]
    per_zone = row["brokers"] // row["zones"]
    cells: list[Cells] = [
        (
            "Brokers",
            f"{row['brokers']} {TIMES} {row['brokerType']}",
            f"{row['zones']} zones with {per_zone} each; {_machines(row)}",
        )
    ]
    if workload:
        if row["partitionReplicas"] is not None:
            cells.append(_partitions(row, workload, row["partitionReplicas"]))
        cells.append(_ingress(row, workload))
    if storage:
        cells.append(_storage(storage))
    if needed := row["brokersNeeded"]:
        cells.append(_needed(row, needed))
    table = Table((Column(), Column(), Column(wraps=True)), tuple(cells))
    lines = [Line(Piece(warning, Tone.WARNING), Mark.WARNING) for warning in row["warnings"]]
    lines += [Line(Piece(note, Tone.QUIET), Mark.NOTE) for note in row["notes"]]
    title = f"Capacity of {row['cluster']}"
    return Section(title, (table, *lines), aside="against the stated workload" if workload else "")


def serverless_section(row: ServerlessRow) -> Section:
    """What a Serverless cluster is meant to use of its quotas."""
    cells: list[Cells] = [
        (use["name"], (f"{amount(use['used'])} of {amount(use['quota'])}, ", _share(use["used"], use["quota"])), use["unit"])
        for use in row["quotas"]
    ]
    table = [Table((Column(), Column(), Column(wraps=True)), tuple(cells))] if cells else []
    lines = [Line(Piece(warning, Tone.WARNING), Mark.WARNING) for warning in row["warnings"]]
    lines += [Line(Piece(note, Tone.QUIET), Mark.NOTE) for note in row["notes"]]
    return Section(f"Quotas of {row['cluster']}", (*table, *lines), aside="Serverless, against the stated workload")


def _machines(row: CapacityRow) -> str:
    if row["vcpu"] is None or row["memoryGiB"] is None:
        return "vCPU and memory not known"
    return f"{row['vcpu']} vCPU, {row['memoryGiB']} GiB memory"


_ONE_PERCENT: Final = 0.01


def _share(used: float, limit: float) -> Piece:
    share = used / limit
    tone = Tone.GOOD if share <= 1 else Tone.WARNING
    return Piece(f"{share:.0%}" if share >= _ONE_PERCENT or not used else "under 1%", tone)


def _partitions(row: CapacityRow, workload: WorkloadRow, used: int) -> Cells:
    recommended = row["partitionReplicasRecommended"]
    factor, stated = row["replicationFactor"], workload["partitions"]
    if recommended is None:
        return (
            "Partitions",
            f"{used} replicas",
            f"{stated} with replication factor {factor}; how many are recommended is not known",
        )
    figure = (f"{used} of {recommended} replicas, ", _share(used, recommended))
    more = f"; at most {row['partitionReplicasMaximum']}" if row["partitionReplicasMaximum"] != recommended else ""
    return ("Partitions", figure, f"{stated} with replication factor {factor}; {recommended} recommended{more}")


def _ingress(row: CapacityRow, workload: WorkloadRow) -> Cells:
    peak, fan_out, safe = workload["peakMBps"], workload["fanOut"], row["safeIngressMBps"]
    how = f"peak; safe with fan-out {amount(fan_out)} and one zone down"
    if safe is None:
        listed = row["partitionReplicasRecommended"] is not None
        why = "AWS publishes no throughput for this type" if listed else "this type's throughput is not known"
        return ("Ingress", f"{amount(peak)} MB/s at peak", f"not sized: {why}")
    return ("Ingress", (f"{amount(peak)} of {amount(safe)} MB/s, ", _share(peak, safe)), how)


def _needed(row: CapacityRow, needed: BrokersNeededRow) -> Cells:
    """How many brokers of this type would do, and what for."""
    by_limit = {
        "hold the partitions": needed["partitions"],
        "store the messages": needed["storage"],
        "carry the throughput": needed["throughput"],
    }
    known = [f"{brokers} to {limit}" for limit, brokers in by_limit.items() if brokers]
    missing = "" if row["partitionReplicasRecommended"] is not None else "not known for partitions and throughput"
    details = "; ".join(part for part in (", ".join(known), missing) if part)
    if not known:
        return ("Needed", "not known", details)
    most = max(brokers or 0 for brokers in by_limit.values())
    if most > row["brokers"]:
        return ("Needed", Piece(f"{most} brokers, and there are {row['brokers']}", Tone.WARNING), details)
    return ("Needed", Piece(f"{most} of the {row['brokers']} brokers", Tone.GOOD), details)


def _storage(storage: StorageRow) -> Cells:
    """How long messages fit on the volumes, against how long they are kept."""

    def room(hours: float | None) -> str:
        return f"room for {'any time' if hours is None else days(hours)}"

    hours = [hours for hours in (storage["hoursHeld"], storage["hoursHeldAtMaximum"]) if hours is not None]
    enough = not hours or max(hours) >= storage["hoursNeeded"]
    grows = storage["maximumGiB"]
    kept = days(storage["hoursNeeded"])
    more = f"; {room(storage['hoursHeldAtMaximum'])} once grown to {grows} GiB" if grows else ""
    return (
        "Storage",
        Piece(f"{room(storage['hoursHeld'])} of messages", Tone.GOOD if enough else Tone.WARNING),
        f"{kept} {'is' if kept.startswith('1 ') else 'are'} kept; {storage['volumeGiB']} GiB a broker, up to 85% full{more}",
    )
