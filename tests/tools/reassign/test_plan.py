"""Plans hold what they promise, whatever the cluster: nothing is lost, nothing moves that need not, all is even at the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.reassign.layout import (
    Layout,
    Partition,
    PlanError,
    bytes_evenness,
    leaders_evenness,
    partitions_evenness,
    removable_with,
)
from tools.reassign.plan import Move, batches, moves, seconds

_ZONES = ("use1-az1", "use1-az2", "use1-az4")


@dataclass(frozen=True)
class Case:
    layout: Layout
    removed: frozenset[int]

    @cached_property
    def plan(self) -> list[Move]:
        return moves(self.layout, self.removed)

    @cached_property
    def result(self) -> Layout:
        return self.layout.with_replicas({move.partition: move.after for move in self.plan})


def racks(brokers: int, zones: int = 3) -> dict[int, str]:
    """Brokers in zones by turns, as Amazon MSK numbers them."""
    return {broker: _ZONES[(broker - 1) % zones] for broker in range(1, brokers + 1)}


@st.composite
def anything(draw: st.DrawFn) -> Case:
    """Any replicas on any brokers, however uneven; one broker of each zone may go."""
    zones = draw(st.integers(1, 3))
    per_zone = draw(st.integers(2, 4))
    brokers = racks(zones * per_zone, zones)
    ids = st.permutations(sorted(brokers))
    replicas = {}
    for topic in range(draw(st.integers(1, 4))):
        factor = draw(st.integers(1, min(3, zones * (per_zone - 1))))
        for number in range(draw(st.integers(1, 8))):
            replicas[Partition(f"topic-{topic}", number)] = tuple(draw(ids)[:factor])
    sizes = {partition: draw(st.sampled_from((0, 1, 7, 1000, 10**9))) for partition in replicas}
    removed = frozenset(sorted(brokers)[-zones:]) if draw(st.booleans()) else frozenset()
    return Case(Layout(brokers, replicas, sizes), removed)


@st.composite
def on_three_zones(draw: st.DrawFn) -> Case:
    """As Amazon MSK runs production: three replicas in three zones; the last brokers are new, or go."""
    before, brokers = draw(st.sampled_from([(3, 6), (6, 9), (6, 12), (9, 9), (9, 6), (6, 3)]))
    layout = racks(max(before, brokers))
    in_zone = {zone: [broker for broker in range(1, before + 1) if layout[broker] == zone] for zone in _ZONES}
    replicas = {}
    for topic in range(draw(st.integers(1, 5))):
        for number in range(draw(st.integers(1, 40))):
            order = draw(st.permutations(_ZONES))
            replicas[Partition(f"topic-{topic}", number)] = tuple(draw(st.sampled_from(in_zone[zone])) for zone in order)
    sizes = {partition: draw(st.integers(0, 10**6)) for partition in replicas}
    return Case(Layout(layout, replicas, sizes), frozenset(range(brokers + 1, before + 1)))


def copied(plan: list[Move]) -> int:
    return sum(len(move.takers) for move in plan)


@given(anything())
def test_replicas_stay_as_many_on_as_many_brokers_and_in_as_many_racks(case: Case) -> None:
    stay = set(case.layout.racks) - case.removed
    zones = {case.layout.racks[broker] for broker in stay}
    for move in case.plan:
        assert len(move.after) == len(set(move.after)) == len(move.before)
        assert set(move.after) <= stay
        assert case.layout.spread(move.after) == min(len(zones), len(move.after))


@given(anything())
def test_brokers_that_go_hold_nothing(case: Case) -> None:
    held = case.result.partitions_by_broker
    assert all(held[broker] == 0 for broker in case.removed)


@given(anything())
def test_a_plan_over_its_own_result_is_empty(case: Case) -> None:
    assert moves(case.result, case.removed) == []


@given(anything())
def test_every_move_changes_something_and_no_partition_moves_twice(case: Case) -> None:
    plan = case.plan
    assert all(move.after != move.before for move in plan)
    assert len({move.partition for move in plan}) == len(plan)


@given(on_three_zones())
def test_bytes_end_within_ten_percent_of_the_mean_or_within_one_partition(case: Case) -> None:
    after = bytes_evenness(case.result.without(case.removed))
    assert after.is_even, after


@given(on_three_zones())
def test_nothing_moves_where_all_is_even(case: Case) -> None:
    now = case.layout
    if not case.removed and all(even(now).is_even for even in (bytes_evenness, leaders_evenness, partitions_evenness)):
        assert case.plan == []


@pytest.mark.parametrize(("before", "after"), [(3, 6), (6, 9), (9, 12), (6, 12)])
@pytest.mark.parametrize("partitions", [60, 180])
def test_new_brokers_get_their_share_and_nobody_else_anything(before: int, after: int, partitions: int) -> None:
    layout = _balanced(before, partitions, racks(after))
    plan = moves(layout)
    share = 3 * partitions * (after - before) / after
    assert share * 0.95 <= copied(plan) <= share * 1.05
    assert {broker for move in plan for broker in move.takers} <= set(range(before + 1, after + 1))
    result = layout.with_replicas({move.partition: move.after for move in plan})
    assert bytes_evenness(result).percent <= 10
    assert leaders_evenness(result).is_even
    assert partitions_evenness(result).is_even


@pytest.mark.parametrize(("before", "after"), [(9, 6), (6, 3), (12, 9)])
def test_of_brokers_that_go_each_replica_moves_once_and_no_other(before: int, after: int) -> None:
    layout = _balanced(before, 180, racks(before))
    removed = frozenset(range(after + 1, before + 1))
    plan = moves(layout, removed)
    assert copied(plan) == sum(layout.partitions_by_broker[broker] for broker in removed)
    result = layout.with_replicas({move.partition: move.after for move in plan}).without(removed)
    assert bytes_evenness(result).is_even
    assert leaders_evenness(result).is_even


def test_no_topic_crowds_on_the_new_brokers() -> None:
    small = _balanced(6, 120, racks(9), topic="small", size=1)
    large = _balanced(6, 60, racks(9), topic="large", size=1000)
    layout = Layout(racks(9), {**small.replicas, **large.replicas}, {**small.sizes, **large.sizes})
    result = layout.with_replicas({move.partition: move.after for move in moves(layout)})
    for topic, partitions in (("small", 120), ("large", 60)):
        only = {partition: replicas for partition, replicas in result.replicas.items() if partition.topic == topic}
        held = Layout(layout.racks, only, layout.sizes).partitions_by_broker
        assert max(held.values()) <= 1.25 * 3 * partitions / 9, (topic, held)


def test_replicas_in_one_rack_are_spread_and_the_leader_stays() -> None:
    partition = Partition("orders", 0)
    (move,) = moves(Layout(racks(6), {partition: (1, 4, 2)}, {partition: 10}))
    assert move.after[0] == 1
    assert {racks(6)[broker] for broker in move.after} == set(_ZONES)
    assert len(move.takers) == 1


def test_leaders_on_one_broker_are_spread_without_a_copy() -> None:
    layout = Layout(
        racks(3), {Partition("orders", number): (1, 2, 3) for number in range(9)}, {Partition("orders", n): 5 for n in range(9)}
    )
    plan = moves(layout)
    assert copied(plan) == 0
    assert len(plan) == 6
    assert leaders_evenness(layout.with_replicas({move.partition: move.after for move in plan})).furthest == 0


def test_too_few_brokers_for_the_replicas_are_refused() -> None:
    partition = Partition("orders", 0)
    with pytest.raises(PlanError, match="orders-0 has 3 replicas, and only 2 brokers stay"):
        moves(Layout(racks(3), {partition: (1, 2, 3)}, {partition: 1}), {3})


@given(on_three_zones(), st.sampled_from([10, 20]))
def test_batches_hold_every_move_once_and_no_more_than_they_may(case: Case, most: int) -> None:
    plan = case.plan
    cut = batches(plan, most)
    assert sorted(move.partition for batch in cut for move in batch) == sorted(move.partition for move in plan)
    assert all(0 < len(batch) <= most for batch in cut)
    assert len(cut) == -(-len(plan) // most)


def test_a_batch_takes_as_long_as_its_busiest_broker() -> None:
    first = Move(Partition("orders", 0), (1, 2, 3), (4, 2, 3), 6_000)
    second = Move(Partition("orders", 1), (2, 1, 3), (4, 1, 3), 4_000)
    order = Move(Partition("orders", 2), (1, 2, 3), (2, 1, 3), 9_000)
    assert seconds([[first, second], [order]], 1_000) == 10
    assert seconds([[first], [second]], 1_000) == 10
    assert order.bytes == 0


def _balanced(brokers: int, partitions: int, everywhere: dict[int, str], *, topic: str = "orders", size: int = 1000) -> Layout:
    in_zone = [[broker for broker in range(1, brokers + 1) if everywhere[broker] == zone] for zone in _ZONES]
    replicas = {}
    for number in range(partitions):
        turn = number // 3
        own = [brokers_of_zone[turn % len(brokers_of_zone)] for brokers_of_zone in in_zone]
        replicas[Partition(topic, number)] = tuple(own[number % 3 :] + own[: number % 3])
    return Layout(everywhere, replicas, dict.fromkeys(replicas, size))


@pytest.mark.parametrize(
    ("wanted", "removable"),
    [((), ()), ((7, 8, 9), (7, 8, 9)), ((7,), (7, 8, 9)), ((4, 5, 6), (7, 8, 9)), ((4, 7), (4, 5, 6, 7, 8, 9))],
)
def test_the_highest_brokers_of_each_zone_go_equally_many(wanted: tuple[int, ...], removable: tuple[int, ...]) -> None:
    assert removable_with(racks(9), wanted) == frozenset(removable)
