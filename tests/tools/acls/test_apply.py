"""A run may be interrupted at every change, before or after it was done: run again, it ends the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from domain.access.acls import Acl, AclResource, acls
from domain.access.rights import EVERY, Access, names
from support.acl_clusters import ModelCluster
from tools.acls.apply import carry_out, steps_of
from tools.acls.plan import plan_of
from tools.acls.reading import Entry, entry_of
from tools.acls.receipt import receipt_in
from tools.acls.rights import allowed
from tools.acls.terms import Terms
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tools.acls.apply import Applied, Step

READER, WRITER, LEAVER = "User:reader", "User:writer", "User:leaver"
READS = tuple(acls(READER, Access(consume=names(["orders", "users"]), groups=names(["g"]))))
WRITES = tuple(acls(WRITER, Access(produce=names(["orders"], ["use"]))))
LEFT = tuple(acls(LEAVER, Access(produce=names(["orders.old"]), consume=names(["x"]))))
TERMS = Terms(
    stack="prod",
    cluster="shop-prod",
    region="eu-west-1",
    serverless=False,
    principals={"reader": (READER,), "writer": (WRITER,)},
    wanted={"reader": READS, "writer": WRITES},
    everyone=True,
    unauthenticated=False,
)
OTHERS = Entry("User:batch", "TOPIC", "payroll", "LITERAL", "Read")
BEFORE = {OTHERS, *map(entry_of, LEFT)}
AFTER = {OTHERS, *map(entry_of, (*READS, *WRITES))}


def run(
    cluster: ModelCluster, file: Path, terms: Terms = TERMS, *, known: Collection[Acl] = (), done: list[Step] | None = None
) -> Applied:
    """What the command does: reads the receipt and the cluster, plans, and applies."""
    receipt = receipt_in(file)
    ours = receipt.acls if receipt else frozenset(known)
    plan = plan_of(terms, cluster.entries(), ours=ours)
    waits: list[float] = []
    return carry_out(
        cluster, plan, terms, file, cluster_id="id", ours=ours, reset=(), done=[] if done is None else done,
        say=lambda _: None, sleep=waits.append,
    )  # fmt: skip


def changes() -> int:
    return len(steps_of(plan_of(TERMS, BEFORE, ours=LEFT)))


def test_additions_come_before_removals_and_the_receipt_says_what_is_there(tmp_path: Path) -> None:
    cluster, file = ModelCluster(BEFORE), tmp_path / "acls" / "prod.json"
    done: list[Step] = []
    applied = run(cluster, file, known=LEFT, done=done)
    assert cluster.held == AFTER
    of_leaver = [step for step in done if LEAVER in step.batch.principals]
    assert done[-len(of_leaver) :] == of_leaver
    assert not any(step.adds for step in of_leaver)
    assert receipt_in(file) == applied.receipt
    assert applied.receipt.complete
    assert applied.receipt.acls == {*READS, *WRITES}


@pytest.mark.parametrize("after", [True, False])
def test_interrupted_at_every_change_it_ends_the_same(tmp_path: Path, after: bool) -> None:
    assert changes() > 5
    for number in range(changes()):
        file = tmp_path / str(number) / "prod.json"
        file.parent.mkdir()
        cluster = ModelCluster(BEFORE, fails_at=number, after=after)
        with pytest.raises(CommandError):
            run(cluster, file, known=LEFT)
        begun = receipt_in(file)
        assert begun
        assert not begun.complete
        # All that may be ours is known to be: whatever the stack wants by then, nothing stays behind.
        other = ModelCluster(cluster.held)
        other_file = file.with_name("other.json")
        other_file.write_bytes(file.read_bytes())
        run(other, other_file, replace(TERMS, principals={}, wanted={}))
        assert other.held == {OTHERS}
        run(cluster, file)
        assert cluster.held == AFTER
        ended = receipt_in(file)
        assert ended
        assert ended.complete
        assert ended.acls == {*READS, *WRITES}


def test_nobody_is_shut_out_between_two_commands(tmp_path: Path) -> None:
    cluster = ModelCluster(BEFORE)
    run(cluster, tmp_path / "prod.json", known=LEFT)
    for entries in cluster.history:
        for acl in (*READS, *WRITES):
            names_of = [acl.name, f"{acl.name}r"] if acl.prefixed else [acl.name]
            for name in names_of:
                assert allowed(entries, acl.principal, acl.resource.value, name, acl.operation, everyone=True)


def test_what_one_command_closes_needs_nothing_to_hold_it_open() -> None:
    terms = replace(TERMS, principals={"reader": (READER,)}, wanted={"reader": READS})
    steps = steps_of(plan_of(terms, BEFORE, ours=()))
    assert [step.bridges for step in steps] == [False, False]
    assert not any(step.bridges for step in steps_of(plan_of(replace(TERMS, everyone=False), BEFORE, ours=())))


def test_what_has_acls_already_is_never_opened_meanwhile() -> None:
    """The first ACLs on every name, or on a beginning, are on names that have ACLs of their own, too."""
    watcher, caller = "User:watcher", "User:caller"
    wanted = {
        "caller": tuple(acls(caller, Access(operate=True, produce=names(prefixes=["pay"])))),
        "watcher": tuple(acls(watcher, Access(observe_topics=EVERY, observe_groups=EVERY, consume=names(prefixes=["pay"])))),
    }
    terms = replace(TERMS, principals={"caller": (caller,), "watcher": (watcher,)}, wanted=wanted)
    batches = [step.batch for step in steps_of(plan_of(terms, BEFORE, ours=())) if step.bridges and step.adds]
    assert {(batch.resource, batch.names) for batch in batches} == {
        (AclResource.CLUSTER, ("kafka-cluster",)),
        (AclResource.GROUP, ("*",)),
    }


def test_what_still_differs_is_told_and_the_receipt_is_not_complete(tmp_path: Path) -> None:
    class Deaf(ModelCluster):
        """Takes nothing away."""

        def remove(self, batch: object) -> None:
            pass

    cluster = Deaf(BEFORE)
    applied = run(cluster, tmp_path / "prod.json", known=LEFT)
    assert {acl for acl, _ in applied.left.removed} >= set(LEFT)
    assert not applied.receipt.complete
    assert set(LEFT) <= applied.receipt.acls


def test_without_changes_the_receipt_is_written_once(tmp_path: Path) -> None:
    cluster = ModelCluster(AFTER)
    applied = run(cluster, tmp_path / "prod.json")
    assert applied.receipt.complete
    assert len(cluster.history) == 1


def test_a_receipt_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    cluster = ModelCluster(BEFORE)
    with pytest.raises(FileNotFoundError):
        run(cluster, tmp_path / "gone" / "acls" / "prod.json", known=LEFT)
    assert len(cluster.history) == 1


def test_an_acl_of_everybody_that_was_there_is_never_taken_away(tmp_path: Path) -> None:
    everybody = Entry("User:*", AclResource.TOPIC.value, "orders", "LITERAL", "All")
    cluster = ModelCluster({*BEFORE, everybody})
    run(cluster, tmp_path / "prod.json", known=LEFT)
    assert cluster.held == {*AFTER, everybody}
