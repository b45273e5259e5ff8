from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.brokers import BROKER_TYPES
from domain.msk.volumes import (
    FLOOR_GIB,
    MAXIMUM_GIB,
    STEP_GIB,
    StorageError,
    initial_gib,
    needed_gib,
    provisioned_throughput_problem,
    retention_hours_held,
)

rates = st.floats(0.001, 50, allow_nan=False)
hours = st.floats(1, 24 * 30)
factors = st.integers(1, 4)
broker_counts = st.integers(1, 60)
utilizations = st.integers(10, 80)


def _size(rate: float, kept: float, factor: int, brokers: int, utilization: float) -> int | None:
    try:
        return initial_gib(rate, kept, factor, brokers, utilization)
    except StorageError:
        return None


def test_the_formula_gives_what_awss_sizing_model_gives() -> None:
    # 10 MB/s for 24 hours with RF 3 at half-full volumes: 10 * 24 * 3600 * 3 / 1024 * 2 GiB in all.
    assert needed_gib(10, 24, 3, 6, 50) * 6 == pytest.approx(5062.5)
    assert initial_gib(10, 24, 3, 6, 50) == 850


@given(rates, hours, factors, broker_counts, utilizations)
def test_a_volume_is_a_whole_step_within_the_limits_and_holds_what_was_asked(
    rate: float, kept: float, factor: int, brokers: int, utilization: int
) -> None:
    size = _size(rate, kept, factor, brokers, utilization)
    if size is None:
        assert needed_gib(rate, kept, factor, brokers, utilization) > MAXIMUM_GIB
        return
    assert FLOOR_GIB <= size <= MAXIMUM_GIB
    assert size % STEP_GIB == 0 or size == MAXIMUM_GIB
    assert retention_hours_held(size, rate, factor, brokers, utilization) >= kept * (1 - 1e-9)


@given(rates, hours, factors, broker_counts, utilizations)
def test_no_volume_is_a_step_larger_than_it_must_be(
    rate: float, kept: float, factor: int, brokers: int, utilization: int
) -> None:
    size = _size(rate, kept, factor, brokers, utilization)
    if size is not None and size > FLOOR_GIB:
        assert size - needed_gib(rate, kept, factor, brokers, utilization) < STEP_GIB


@given(rates, hours, factors, broker_counts, st.floats(1, 3))
def test_more_to_keep_never_needs_less_storage(rate: float, kept: float, factor: int, brokers: int, more: float) -> None:
    size = _size(rate, kept, factor, brokers, 60) or math.inf
    for larger in (
        _size(rate * more, kept, factor, brokers, 60),
        _size(rate, kept * more, factor, brokers, 60),
        _size(rate, kept, factor + 1, brokers, 60),
    ):
        assert (larger or math.inf) >= size


@given(rates, hours, factors, st.integers(1, 59), st.integers(10, 79))
def test_more_brokers_or_fuller_volumes_never_need_more_storage_each(
    rate: float, kept: float, factor: int, brokers: int, utilization: int
) -> None:
    size = _size(rate, kept, factor, brokers, utilization) or math.inf
    assert (_size(rate, kept, factor, brokers + 1, utilization) or math.inf) <= size
    assert (_size(rate, kept, factor, brokers, utilization + 1) or math.inf) <= size


def test_a_need_just_below_the_largest_volume_gets_the_largest_volume() -> None:
    rate = 1024 / 3600
    assert initial_gib(16_383 * rate, 1, 1, 1, 100) == MAXIMUM_GIB


def test_a_need_just_above_the_largest_volume_is_refused() -> None:
    rate = 1024 / 3600
    with pytest.raises(StorageError, match="needs 16385 GiB"):
        initial_gib(16_384.5 * rate, 1, 1, 1, 100)


def test_too_much_for_the_brokers_is_refused_with_what_would_do() -> None:
    with pytest.raises(StorageError) as refusal:
        initial_gib(100, 168, 3, 6, 60)
    message = str(refusal.value)
    assert "49219 GiB on each of 6 brokers" in message
    assert "19 brokers or more" in message
    assert "55 hours or less" in message
    assert initial_gib(100, 168, 3, 19, 60) <= MAXIMUM_GIB
    assert initial_gib(100, 55, 3, 6, 60) <= MAXIMUM_GIB


@pytest.mark.parametrize("arguments", [(-1, 1, 3, 3, 60), (1, -1, 3, 3, 60), (1, 1, 0, 3, 60), (1, 1, 3, 0, 60), (1, 1, 3, 3, 0)])
def test_impossible_quantities_are_a_mistake_of_the_caller(
    arguments: tuple[float, float, int, int, float],
) -> None:
    with pytest.raises(ValueError, match="must"):
        needed_gib(*arguments)


def test_nothing_written_is_held_for_ever_on_the_smallest_volume() -> None:
    assert initial_gib(0, 168, 3, 3, 60) == FLOOR_GIB
    assert retention_hours_held(100, 0, 3, 3) == math.inf


@given(st.sampled_from(sorted(BROKER_TYPES)), st.integers(1, 3000))
def test_provisioned_throughput_is_refused_exactly_outside_what_the_broker_can_have(name: str, rate: int) -> None:
    broker = BROKER_TYPES[name]
    maximum = broker.provisioned_throughput_maximum_mib_per_second
    message = provisioned_throughput_problem(broker, rate)
    assert (message is None) == (maximum is not None and 250 <= rate <= maximum)
    if message:
        assert name in message


@pytest.mark.parametrize(
    ("broker", "words"),
    [
        ("kafka.m5.large", "kafka.m5.4xlarge or kafka.m7g.2xlarge"),
        ("express.m7g.large", "Remove it"),
        ("kafka.m5.4xlarge", "between 250 and 593 MiB/s"),
    ],
)
def test_a_refusal_of_provisioned_throughput_names_the_remedy(broker: str, words: str) -> None:
    message = provisioned_throughput_problem(BROKER_TYPES[broker], 900)
    assert message is not None
    assert words in message


def test_provisioned_throughput_needs_a_volume_of_ten_gib() -> None:
    broker = BROKER_TYPES["kafka.m5.4xlarge"]
    assert provisioned_throughput_problem(broker, 300, 10) is None
    assert "10 GiB or more" in (provisioned_throughput_problem(broker, 300, 9) or "")
