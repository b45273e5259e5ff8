"""Patterns against the texts that they take in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.evidence.patterns import covers, matches, overlaps, readable, rests, shown, variables

_patterns = st.text("ab/*?", max_size=5)
_texts = st.text("ab/", max_size=5)


@given(_patterns, _patterns, _texts)
def test_what_a_pattern_covers_it_takes_in(general: str, special: str, text: str) -> None:
    if covers(general, special) and matches(special, text):
        assert matches(general, text)


@given(_patterns, _patterns, _texts)
def test_patterns_that_take_in_the_same_text_overlap(one: str, other: str, text: str) -> None:
    if matches(one, text) and matches(other, text):
        assert overlaps(one, other)


@given(_patterns, _patterns)
def test_patterns_that_cover_each_other_overlap_and_without_wildcards_it_is_the_same(one: str, other: str) -> None:
    assert covers(one, one)
    assert overlaps(one, other) == overlaps(other, one)
    if covers(one, other):
        assert overlaps(one, other)
    if not set("*?") & set(other):
        assert covers(one, other) == matches(one, other) == overlaps(one, other)


@given(_patterns, _texts, _texts)
def test_the_rest_of_a_pattern_takes_in_what_follows_the_beginning(pattern: str, beginning: str, text: str) -> None:
    taken = any(matches(rest, text) for rest in rests(pattern, (beginning,)))
    assert taken == matches(pattern, beginning + text)


@given(_patterns, st.text("ab", min_size=1, max_size=3), _texts)
def test_a_part_that_is_not_known_may_be_any(pattern: str, part: str, text: str) -> None:
    if matches(pattern, f"{part}/{text}"):
        assert any(matches(rest, text) for rest in rests(pattern, (None, "/")))


@given(_patterns, st.text("ab", min_size=1, max_size=3), _texts)
def test_what_surely_follows_a_part_that_is_not_known_follows_every_part(pattern: str, part: str, text: str) -> None:
    if any(matches(rest, text) for rest in rests(pattern, (None, "/"), surely=True)):
        assert matches(pattern, f"{part}/{text}")


@pytest.mark.parametrize(
    ("pattern", "rest"),
    [
        ("*", ["*"]),
        ("topic/*", ["*"]),
        ("topic/shop/*", ["*"]),
        ("topic/shop/*/orders", ["*/orders", "orders"]),
        ("topic/shop/0a/orders.*", ["orders.*"]),
        ("topic/other/*", []),
        ("group/shop/*", []),
    ],
)
def test_topics_that_patterns_of_arns_name(pattern: str, rest: list[str]) -> None:
    assert rests(pattern, ("topic/shop/0a/",)) == tuple(rest)


def test_variables_may_be_anything_and_escaped_wildcards_are_themselves() -> None:
    assert readable("orders-${aws:username}/**") == "orders-*/*"
    assert variables("orders-${aws:username}${*}") == ["${aws:username}"]
    escaped = readable("a${*}")
    assert not matches(escaped, "ab")
    assert shown(escaped) == "a*"
