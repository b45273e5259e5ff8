"""The plan of `python -m tools topics`: carried out, it leaves nothing to do, and takes nothing away that nobody named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.model_cluster import ModelCluster
from tools.topics.plan import Configure, Create, Delete, Grow, Present, Wanted, plan_of, same_value

_NAMES = st.sampled_from(["orders", "orders.v1", "payments", "audit-log", "customers_eu"])
_CONFIGS = st.dictionaries(
    st.sampled_from(["cleanup.policy", "retention.ms", "segment.ms", "min.insync.replicas"]),
    st.sampled_from(["1", "2", "604800000"]),
)
_WANTED = st.dictionaries(_NAMES, st.builds(Wanted, st.integers(1, 600), st.sampled_from([1, 3, None]), _CONFIGS))
_PRESENT = st.dictionaries(_NAMES, st.builds(Present, st.integers(1, 600), st.sampled_from([1, 3]), _CONFIGS))
_DEFAULTS = st.fixed_dictionaries({"retention.ms": st.just("604800000"), "min.insync.replicas": st.sampled_from(["1", "2"])})
_SOME = st.sets(_NAMES)


@given(_WANTED, _PRESENT, _DEFAULTS, st.fixed_dictionaries({"reset": _SOME, "delete": _SOME}), st.booleans())
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(
    wanted: Any, present: Any, defaults: Any, named: Any, by_effect: bool
) -> None:
    cluster = ModelCluster(present, defaults)
    options = {**named, "by_effect": by_effect}
    for step in plan_of(wanted, cluster.topics, **options).steps:
        cluster.carry_out(step)
    assert plan_of(wanted, cluster.topics, **options).steps == ()
    for name, topic in wanted.items():
        assert cluster.topics[name].partitions >= topic.partitions
        assert topic.configs.items() <= cluster.topics[name].effective.items()
        if not by_effect:
            assert topic.configs.items() <= cluster.topics[name].own.items()


@given(_WANTED, _PRESENT, _SOME, _SOME, st.data())
def test_a_plan_that_is_interrupted_anywhere_is_gone_on_with_to_the_same_end(
    wanted: Any, present: Any, reset: Any, delete: Any, data: st.DataObject
) -> None:
    at_once, interrupted = ModelCluster(present), ModelCluster(present)
    steps = plan_of(wanted, present, reset=reset, delete=delete).steps
    for step in steps:
        at_once.carry_out(step)
    for step in steps[: data.draw(st.integers(0, len(steps)))]:
        interrupted.carry_out(step)
    for step in plan_of(wanted, interrupted.topics, reset=reset, delete=delete).steps:
        interrupted.carry_out(step)
    assert interrupted.topics == at_once.topics


@given(_WANTED, _PRESENT, _SOME, _SOME, st.booleans())
def test_nothing_goes_that_is_not_named(wanted: Any, present: Any, reset: Any, delete: Any, by_effect: bool) -> None:
    cluster = ModelCluster(present)
    plan = plan_of(wanted, cluster.topics, reset=reset, delete=delete, by_effect=by_effect)
    for step in plan.steps:
        cluster.carry_out(step)
    assert set(present) - set(cluster.topics) == set(delete) & set(present) - set(wanted)
    for name, topic in present.items():
        if name not in cluster.topics:
            continue
        after = cluster.topics[name]
        assert after.partitions >= topic.partitions
        lost = set(topic.own) - set(after.own)
        named = name in reset and name in wanted
        assert lost == (set(topic.own) - set(wanted[name].configs) if named else set())
        if name not in wanted:
            assert after.own == topic.own
            assert name in plan.others


def test_the_steps_come_in_the_order_in_which_they_are_safe() -> None:
    wanted = {
        "a": Wanted(4, 3, {"retention.ms": "7"}),
        "b": Wanted(2, 3),
        "c": Wanted(1, 3, {"segment.ms": "10"}),
    }
    present = {"a": Present(2, 3), "c": Present(1, 3), "old": Present(5, 3)}
    assert plan_of(wanted, present, delete=["old"]).steps == (
        Create("b", 2, 3, {}),
        Grow("a", 2, 4),
        Configure("a", {}, {"retention.ms": "7"}),
        Configure("c", {}, {"segment.ms": "10"}),
        Delete("old", 5),
    )


def test_topics_of_kafka_and_of_amazon_msk_are_never_deleted() -> None:
    present = {"__consumer_offsets": Present(50, 3), "_mine": Present(1, 3)}
    assert plan_of({}, present, delete=[*present]).steps == (Delete("_mine", 1),)


def test_what_is_set_on_a_topic_alone_stays_and_is_told_until_it_is_reset() -> None:
    throttle = "leader.replication.throttled.replicas"
    own = {"segment.ms": "10", "retention.ms": "7", throttle: "0:1"}
    wanted, present = {"a": Wanted(1, 3, {"retention.ms": "7"})}, {"a": Present(1, 3, own, own)}
    plan = plan_of(wanted, present)
    assert plan.steps == ()
    assert plan.kept == {"a": {"segment.ms": "10"}}
    (step,) = plan_of(wanted, present, reset=["a"]).steps
    # Throttles are those who move partitions'; they take them off.
    assert step == Configure("a", {"segment.ms": "10"}, {"segment.ms": None})


def test_what_the_cluster_gives_anyway_is_set_on_the_topic_unless_its_effect_is_enough() -> None:
    wanted = {"a": Wanted(1, None, {"retention.ms": "604800000"})}
    present = {"a": Present(1, 3, {}, {"retention.ms": "604800000"})}
    assert plan_of(wanted, present, by_effect=True).steps == ()
    (step,) = plan_of(wanted, present).steps
    assert step == Configure("a", {"retention.ms": "604800000"}, {"retention.ms": "604800000"})


@pytest.mark.parametrize(
    ("setting", "first", "second", "same"),
    [
        ("cleanup.policy", "compact,delete", "delete, compact", True),
        ("cleanup.policy", "compact,delete", "compact", False),
        ("retention.ms", "0604800000", "604800000", True),
        ("retention.ms", "-1", "1", False),
        ("min.cleanable.dirty.ratio", "0.5", "0.50", True),
        ("preallocate", "TRUE", "true", True),
        ("compression.type", "LZ4", "lz4", False),
        ("compression.type", "lz4", " lz4 ", True),
        ("unknown.to.us", "1.0", "1", False),
    ],
)
def test_two_texts_are_one_value_where_kafka_takes_them_for_one(setting: str, first: str, second: str, same: bool) -> None:
    assert same_value(setting, first, second) is same
