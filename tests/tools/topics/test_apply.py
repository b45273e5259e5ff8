"""A plan is carried out step by step, at the pace that the cluster takes, and what is done is known whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.model_cluster import Clock, ModelCluster
from tools.shared.commands import CommandError
from tools.topics.apply import carry_out, left_of, told
from tools.topics.limits import SERVERLESS_LIMITS
from tools.topics.plan import Configure, Create, Delete, Grow, Present, Wanted, plan_of
from tools.topics.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Collection

    from tools.topics.plan import Step
    from tools.topics.reading import Snapshot


def serverless(wanted: dict[str, Wanted]) -> Terms:
    return Terms("prod", wanted, False, True, frozenset(), SERVERLESS_LIMITS, SERVERLESS_LIMITS.servers, {}, {})


def test_a_large_plan_waits_and_says_so() -> None:
    terms = serverless({"large": Wanted(600, None), "small": Wanted(1, None)})
    cluster, clock = ModelCluster({}), Clock()
    done: list[Step] = []
    said: list[str] = []
    carry_out(cluster, plan_of(terms.wanted, {}), terms, clock, done=done, say=said.append)
    assert {name: topic.partitions for name, topic in cluster.topics.items()} == {"large": 600, "small": 1}
    assert clock.time == pytest.approx(900.5, abs=1)
    waits = [line for line in said if line.startswith("Waiting")]
    assert len(waits) == 3
    assert "MSK Serverless takes 250 new and deleted partitions in 5 min" in waits[0]
    assert done == cluster.steps
    assert left_of(cluster, terms, clock, reset=(), deleted=()) == ()


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_a_run_that_fails_is_gone_on_with_by_another_one(fails_at: int) -> None:
    wanted = {"a": Wanted(1, None), "b": Wanted(4, None, {"retention.ms": "7"})}
    terms = serverless(wanted)
    before = {"b": Present(2, 3), "old": Present(1, 3)}
    cluster, clock = ModelCluster(before, fails_at=fails_at), Clock()
    done: list[Step] = []
    with pytest.raises(CommandError, match="TimeoutException"):
        carry_out(cluster, plan_of(wanted, before, delete=["old"]), terms, clock, done=done, say=lambda _: None)
    assert done == cluster.steps[:-1]
    assert len(done) == fails_at - 1
    rest = plan_of(wanted, cluster.topics, delete=["old"])
    carry_out(cluster, rest, terms, clock, done=done, say=lambda _: None)
    assert left_of(cluster, terms, clock, reset=(), deleted=["old"]) == ()
    assert set(cluster.topics) == {"a", "b"}


class LateCluster(ModelCluster):
    """A cluster whose brokers hear of changes late: at first it shows none."""

    def __init__(self, looks: int) -> None:
        super().__init__({})
        self._looks = looks

    def snapshot(self, needed: Collection[str] = ()) -> Snapshot:
        self._looks -= 1
        return super().snapshot(needed) if self._looks < 0 else ModelCluster({}).snapshot()


def test_what_brokers_hear_of_late_is_waited_for_but_not_for_ever() -> None:
    terms = serverless({"a": Wanted(1, None)})
    for looks, left in ((0, 0), (4, 0), (5, 1)):
        cluster, clock = LateCluster(looks), Clock()
        cluster.carry_out(Create("a", 1, None, {}))
        assert len(left_of(cluster, terms, clock, reset=(), deleted=())) == left
        assert clock.time == (0 if looks == 0 else 15)


def test_what_is_done_is_told_in_words() -> None:
    steps = (
        Create("a", 1, None, {}),
        Grow("a", 1, 3),
        Configure("a", {}, {"retention.ms": "7", "segment.ms": None}),
        Delete("a", 3),
    )
    assert [told(step) for step in steps] == [
        "created a with 1 partition",
        "gave a 3 partitions, from 1",
        "configured a: retention.ms=7, segment.ms taken off",
        "deleted a",
    ]
