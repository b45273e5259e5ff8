"""Topics of Kafka's and Amazon MSK's own, named whole or by the beginnings of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.msk.internal_topics import INTERNAL_TOPICS, internal_topics_of


def names_of(name: str, *, prefix: bool) -> set[str]:
    return {topic.name for topic in internal_topics_of(name, prefix=prefix)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__consumer_offsets", {"__consumer_offsets"}),
        ("__consumer_offsets2", set()),
        ("__amazon_msk_canary_state", {"__amazon_msk_canary"}),
        ("__amazon_msk_connect_offsets_orders_1", {"__amazon_msk_connect_"}),
        ("_schemas", set()),
        ("orders", set()),
    ],
)
def test_a_whole_name_is_one_of_them_or_not(name: str, expected: set[str]) -> None:
    assert names_of(name, prefix=False) == expected


@given(st.sampled_from(INTERNAL_TOPICS).flatmap(lambda topic: st.integers(1, len(topic.name)).map(lambda end: topic.name[:end])))
def test_every_beginning_of_one_takes_it_in(beginning: str) -> None:
    taken = names_of(beginning, prefix=True)
    assert taken >= {topic.name for topic in INTERNAL_TOPICS if topic.name.startswith(beginning)}


def test_a_beginning_that_is_longer_takes_in_none_but_those_of_several() -> None:
    assert names_of("__consumer_offsets_", prefix=True) == set()
    assert names_of("__amazon_msk_connect_offsets_", prefix=True) == {"__amazon_msk_connect_"}
    assert names_of("_s", prefix=True) == set()
