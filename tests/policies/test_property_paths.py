"""Paths of properties in resource options: every notation of one path is that path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msk_policies.kit.property_paths import covers

NAMES = st.from_regex(r"[a-z][A-Za-z0-9]{0,8}", fullmatch=True)
WAYS = st.sampled_from([".{}", '["{}"]', ".*", "[*]"])


@given(st.lists(st.tuples(NAMES, WAYS), min_size=1, max_size=5), st.lists(NAMES, max_size=3))
def test_a_path_covers_itself_and_what_is_in_it_however_it_is_written(steps: list[tuple[str, str]], more: list[str]) -> None:
    written = "".join(way.format(name) for name, way in steps).removeprefix(".")
    assert covers(written, ".".join([*(name for name, _ in steps), *more]))


@given(st.lists(NAMES, min_size=1, max_size=5), NAMES)
def test_a_path_does_not_cover_what_is_around_it(names: list[str], deeper: str) -> None:
    assert not covers(".".join([*names, deeper]), ".".join(names))


@given(st.lists(NAMES, min_size=1, max_size=5), NAMES)
def test_a_path_does_not_cover_another(names: list[str], other: str) -> None:
    assert not covers(".".join([*names, other + "x"]), ".".join([*names, other]))


@pytest.mark.parametrize("text", ["", "a[", 'a["b"', "a[b]", '"a"', "a]"])
def test_what_is_no_path_covers_nothing(text: str) -> None:
    assert not covers(text, "a.b")


@given(st.text(max_size=12))
def test_any_text_is_read(text: str) -> None:
    assert covers(text, "a.b") in (True, False)
