"""How fast `python -m tools topics` changes an Amazon MSK Serverless cluster: never faster than it takes, and no slower."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.model_cluster import Clock, ModelCluster
from tools.topics.limits import SERVERLESS_LIMITS, Pace, changed_partitions, in_pieces, seconds_of
from tools.topics.plan import Configure, Create, Delete, Grow, Present

if TYPE_CHECKING:
    from tools.topics.plan import Step

_SIZES = st.integers(1, 700)
_CREATIONS = st.lists(_SIZES, max_size=8).map(
    lambda sizes: [Create(f"new{number}", size, None, {}) for number, size in enumerate(sizes)]
)
_GROWTHS = st.lists(st.tuples(_SIZES, _SIZES), max_size=4).map(
    lambda pairs: [Grow(f"grown{number}", before, before + more) for number, (before, more) in enumerate(pairs)]
)
_DELETIONS = st.lists(st.integers(1, SERVERLESS_LIMITS.changed_partitions), max_size=4).map(
    lambda sizes: [Delete(f"old{number}", size) for number, size in enumerate(sizes)]
)


@given(_CREATIONS, _GROWTHS, _DELETIONS, st.lists(st.floats(0, 90), min_size=60, max_size=60))
def test_no_period_has_more_changes_than_the_cluster_takes(
    creations: Any, growths: Any, deletions: Any, durations: list[float]
) -> None:
    clock = Clock()
    pace = Pace(SERVERLESS_LIMITS, clock)
    changes: list[tuple[float, int]] = []
    steps = in_pieces([*creations, *growths, *deletions], SERVERLESS_LIMITS)
    for step, duration in zip(steps, (*durations, *durations), strict=False):
        clock.sleep(pace.wait(step))
        if changes:
            assert clock.time - changes[-1][0] >= 1 / SERVERLESS_LIMITS.requests_per_second - 1e-6
        clock.sleep(duration)
        pace.took(step)
        changes.append((clock.time, changed_partitions(step)))
    for moment, _ in changes:
        within = sum(number for other, number in changes if moment <= other < moment + SERVERLESS_LIMITS.period - 1e-6)
        assert within <= SERVERLESS_LIMITS.changed_partitions


@given(_CREATIONS, _GROWTHS)
def test_pieces_come_to_the_same_topics_and_none_is_too_large(creations: list[Step], growths: list[Grow]) -> None:
    before = {step.topic: Present(step.before, 3) for step in growths}
    whole, pieces = ModelCluster(before), ModelCluster(before)
    for step in (*creations, *growths):
        whole.carry_out(step)
    for step in in_pieces([*creations, *growths], SERVERLESS_LIMITS):
        assert 0 < changed_partitions(step) <= SERVERLESS_LIMITS.changed_partitions
        pieces.carry_out(step)
    assert pieces.topics == whole.topics


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ([], 0),
        ([Create("a", 250, None, {})], 0),
        ([Create("a", 100, None, {}), Create("b", 150, None, {})], 0.5),
        ([Create("a", 100, None, {}), Create("b", 151, None, {})], 300),
        ([Create("a", 600, None, {})], 600),
        ([Create("a", 250, None, {}), Configure("b", {}, {"retention.ms": "1"})], 0.5),
        ([Create("a", 1, None, {}), Delete("b", 700)], 300),
    ],
)
def test_how_long_it_takes_is_known_before(steps: list[Step], seconds: float) -> None:
    assert seconds_of(in_pieces(steps, SERVERLESS_LIMITS), SERVERLESS_LIMITS) == pytest.approx(seconds)


def test_a_cluster_of_your_own_brokers_sets_no_pace() -> None:
    steps: list[Step] = [Create("a", 5000, 3, {}), Delete("b", 700)]
    assert in_pieces(steps, None) == tuple(steps)
    assert seconds_of(steps, None) == 0


def test_what_was_changed_long_ago_no_longer_counts() -> None:
    clock = Clock()
    pace = Pace(replace(SERVERLESS_LIMITS, changed_partitions=10), clock)
    pace.took(Create("a", 10, None, {}))
    assert pace.wait(Create("b", 1, None, {})) == 300
    clock.sleep(300)
    assert pace.wait(Create("b", 10, None, {})) == 0
