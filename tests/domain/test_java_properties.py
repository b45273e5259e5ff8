"""Properties files are read as Java reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.java_properties import parse_properties
from domain.properties.server import render


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("  a : 1\r\nb 2\rc\t3\n", {"a": "1", "b": "2", "c": "3"}),
        ("# a=1\n! b=2\n\n   \nc=3", {"c": "3"}),
        ("a=1\na=2", {"a": "2"}),
        ("a", {"a": ""}),
        ("a = b = c ", {"a": "b = c "}),
        ("log.cleanup.policy=delete,\\\n   compact\nb=1", {"log.cleanup.policy": "delete,compact", "b": "1"}),
        # An even number of backslashes continues nothing, and neither does a comment.
        ("a=1\\\\\nb=2", {"a": "1\\", "b": "2"}),
        ("# a \\\nb=2", {"b": "2"}),
        ("a=1\\", {"a": "1"}),
        (r"log\.retention\:x=\u0031\t\n\z", {"log.retention:x": "1\t\nz"}),
        (r"a=\ud83d\ude00 \u12", {"a": "\N{GRINNING FACE} \\u12"}),
        # A line separator of Unicode is no end of a line.
        ("a=1\u2028b=2", {"a": "1\u2028b=2"}),
    ],
)
def test_a_file_is_read_as_java_reads_it(text: str, expected: dict[str, str]) -> None:
    assert parse_properties(text) == expected


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_what_is_written_is_read_back(properties: dict[str, str]) -> None:
    assert parse_properties(render(properties)) == properties
