"""Carries a plan out, step by step, so that it can be interrupted at any moment and run again.

Before the first change the receipt has all that may be this command's afterwards; after the last one, when the cluster was read
once more, what is. So nothing that an interrupted run made is ever taken for somebody else's.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from domain.access.acls import Acl, AclResource
from tools.acls.batches import batches_of
from tools.acls.plan import Pattern, plan_of, told
from tools.acls.receipt import Receipt, save
from tools.acls.rights import EVERY_OPERATION, EVERYBODY
from tools.shared.amounts import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from tools.acls.batches import Batch
    from tools.acls.plan import Plan
    from tools.acls.reading import Entry
    from tools.acls.terms import Terms

_PAUSES: Final = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds between two looks at the cluster: brokers hear of a change one after the other."""


class Cluster(Protocol):
    """The ACLs of a cluster: `tools.acls.kafka.Kafka`."""

    def entries(self) -> frozenset[Entry]:
        """The ACLs as they are now."""

    def add(self, batch: Batch) -> None:
        """Makes ACLs."""

    def remove(self, batch: Batch) -> None:
        """Takes ACLs away."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command.

    Attributes:
        adds: Whether it makes the ACLs; else it takes them away.
        batch: The ACLs.
        bridges: Whether they only keep resources open meanwhile.
    """

    adds: bool
    batch: Batch
    bridges: bool = False

    def __str__(self) -> str:
        acls = counted(len(list(self.batch.acls)), "ACL")
        if self.bridges:
            return f"{'kept open' if self.adds else 'no longer held open'}: {counted(len(self.batch.names), 'resource')}"
        return f"{'added' if self.adds else 'removed'} {acls} of {', '.join(self.batch.principals)}"


def steps_of(plan: Plan) -> list[Step]:
    """A plan's commands in their order: additions, then removals.

    What everybody may use until it has its first ACL stays open until all of them are there, where they come in several commands:
    a client that reads would else be refused while only the writer's are there, and most clients do not survive that.
    """
    added, removed = batches_of(plan.added), batches_of(acl for acl, _ in plan.removed)
    bridge = batches_of(_held_open(plan, added))
    return [
        *(Step(adds=True, batch=batch, bridges=True) for batch in bridge),
        *(Step(adds=True, batch=batch) for batch in added),
        *(Step(adds=False, batch=batch, bridges=True) for batch in bridge),
        *(Step(adds=False, batch=batch) for batch in removed),
    ]


def _held_open(plan: Plan, batches: Sequence[Batch]) -> Iterator[Acl]:
    """ACLs that keep open what a batch would close before another one lets in whom it names."""
    numbers: dict[Pattern, set[int]] = {}
    for number, batch in enumerate(batches):
        for name in batch.names:
            numbers.setdefault(Pattern(batch.resource.value, name, batch.prefixed), set()).add(number)
    for closed in plan.closed:
        if closed.partly:
            # What has ACLs already would be opened to everybody, not kept open.
            continue
        names = closed.pattern
        inside = [names] if not names.prefixed else [pattern for pattern in numbers if names.holds(pattern)]
        if len({number for pattern in inside for number in numbers[pattern]}) > 1:
            yield Acl(EVERYBODY, AclResource(names.resource), names.name, names.prefixed, EVERY_OPERATION)


@dataclass(frozen=True, slots=True)
class Applied:
    """How it ended.

    Attributes:
        left: What still differs; nothing, unless somebody changed it meanwhile or brokers have not heard of it.
        receipt: What was written.
    """

    left: Plan
    receipt: Receipt


def carry_out(
    cluster: Cluster,
    plan: Plan,
    terms: Terms,
    file: Path,
    *,
    cluster_id: str,
    ours: Collection[Acl],
    reset: Collection[str],
    done: list[Step],
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Applied:
    """Does the steps of a plan in their order, and writes the receipt before and after.

    Args:
        cluster: The cluster.
        plan: The plan, against which nothing stands.
        terms: What the stack wants.
        file: The receipt's file.
        cluster_id: The id that the cluster itself has.
        ours: What was applied to this cluster before.
        reset: Principals that somebody named.
        done: Takes each step when it is done, so that it is known whatever happens.
        say: Takes a line for people.
        sleep: Waits so many seconds.

    Raises:
        CommandError: A tool failed.
        OSError: The receipt cannot be written.
    """
    steps = steps_of(plan)
    bridge = {acl for step in steps if step.bridges for acl in step.batch.acls}
    begun = Receipt(
        terms.stack,
        terms.cluster,
        terms.region,
        cluster_id,
        _now(),
        complete=False,
        acls=frozenset([*ours, *terms.acls, *bridge]),
    )
    if steps:
        save(begun, file)
    for number, step in enumerate(steps, 1):
        (cluster.add if step.adds else cluster.remove)(step.batch)
        done.append(step)
        say(f"{number} of {len(steps)}: {step}")
    left = plan
    for pause in _PAUSES:
        sleep(pause)
        left = plan_of(terms, cluster.entries(), ours=begun.acls, reset=reset)
        if not left.changes:
            break
    receipt = settled(begun, left, terms)
    save(receipt, file)
    return Applied(left, receipt)


def settled(begun: Receipt, left: Plan, terms: Terms) -> Receipt:
    """The receipt of a run that ended.

    Args:
        begun: That of its beginning.
        left: What still differs.
        terms: What the stack wants.
    """
    return replace(
        begun,
        applied_at=_now(),
        complete=not left.changes,
        acls=begun.acls if left.changes else terms.acls,
        allows_more=tuple(told(left.beyond)),
    )


def receipt_of(terms: Terms, cluster_id: str, plan: Plan) -> Receipt:
    """The receipt of a cluster on which nothing is to be done."""
    begun = Receipt(terms.stack, terms.cluster, terms.region, cluster_id, _now(), complete=False, acls=frozenset())
    return settled(begun, plan, terms)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
