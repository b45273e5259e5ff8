"""Whether the brokers that stay carry the stated load while one restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.capacity import capacity_of
from inventory.clusters import ClusterRows
from inventory.quantities import amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.changes.steps import Step


def headroom_note(step: Step, every: Iterable[Step]) -> str:
    """What each of the other brokers takes while one is away, against what it takes safely (`inventory.sizing`).

    Args:
        step: The update of a cluster.
        every: All steps of the preview.
    """
    row = step.old or step.row
    found = capacity_of(ClusterRows([other.old or other.row for other in every]), row)
    if found is None or found.workload is None:
        return (
            "Whether the others carry the load while one broker is away is not known: no workload is stated for this cluster in "
            "this preview. pulumi preview --json --show-sames shows what does not change."
        )
    others, peak = found.brokers - 1, found.workload.peak_mb_per_second
    if others < 1:
        return "There is one broker only: while it restarts, nobody reads or writes."
    if found.safe_ingress is None:
        return (
            f"Whether the other {others} carry the stated peak of {amount(peak)} MB/s while one broker is away is not known: no "
            f"safe throughput of {found.broker.name} is known."
        )
    each, safe = peak / others, found.safe_ingress / found.brokers
    load = f"each of the other {others} takes {amount(each)} MB/s at the stated peak of {amount(peak)}, and {amount(safe)} safely"
    if each <= safe:
        return f"While one broker is away, {load}: enough."
    return f"While one broker is away, {load}: too much. Deploy at a quiet hour, or add brokers first."
