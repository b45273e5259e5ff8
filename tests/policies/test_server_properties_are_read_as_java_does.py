"""Server properties are read as the brokers read them: in Java's format, which has more than one way to end a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msk_policies.msk.java_properties import entries

NAMES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,3}", fullmatch=True)
VALUES = st.from_regex(r"([a-z0-9]+(,[a-z0-9]+)*)?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a.b=1", [("a.b", "1")]),
        ("  a.b : 1  ", [("a.b", "1")]),
        ("a.b 1", [("a.b", "1")]),
        ("a.b\t=\t1", [("a.b", "1")]),
        ("a.b", [("a.b", "")]),
        ("a.b==1", [("a.b", "=1")]),
        ("=1", [("", "1")]),
        ("a=1\r\nb=2\rc=3", [("a", "1"), ("b", "2"), ("c", "3")]),
        ("# a=1\n!b=2\n\n \t\nc=3", [("c", "3")]),
        ("a=\\\n   1", [("a", "1")]),
        ("a.\\\n  b=1", [("a.b", "1")]),
        ("a=1\\\\\nb=2", [("a", "1\\"), ("b", "2")]),
        ("a=1,\\\n  # 2", [("a", "1,# 2")]),
        ("a\\.b=1", [("a.b", "1")]),
        ("a\\=b=1", [("a=b", "1")]),
        ("\\u0061=\\u0031", [("a", "1")]),
        ("# was\u2028a=1", []),
        ("a=1\\", [("a", "1")]),
    ],
)
def test_each_way_to_write_an_entry(text: str, read: list[tuple[str, str]]) -> None:
    assert list(entries(text)) == read


@given(st.lists(st.tuples(NAMES, VALUES, st.sampled_from(["=", " = ", ":", " : "]), st.sampled_from(["", "  ", "\t"]))))
def test_whatever_separates_names_and_values_they_are_the_same(rows: list[tuple[str, str, str, str]]) -> None:
    text = "\n".join(f"{before}{name}{separator}{value}" for name, value, separator, before in rows)
    assert list(entries(text)) == [(name, value) for name, value, _, _ in rows]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for name, value in entries(text):
        assert value == value.strip()
        assert isinstance(name, str)
