"""YAML as Go reads it, and JSON as Go writes it; what is expected was printed by the real CLI."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.project import go_yaml
from offline.project.go_yaml import Value, YamlError


def value_of(text: str) -> Value:
    node = go_yaml.parse(text)
    assert node is not None
    return node.value()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-12-01", '"2026-12-01 00:00:00 +0000 UTC"'),
        ("2026-12-01T10:00:00Z", '"2026-12-01 10:00:00 +0000 UTC"'),
        ("2026-12-01 10:00:00", '"2026-12-01 10:00:00 +0000 UTC"'),
        ("2026-12-01T10:00:00.50+02:00", '"2026-12-01 10:00:00.5 +0200 +0200"'),
        ("2026-13-45", '"2026-13-45"'),
        ("'2026-12-01'", '"2026-12-01"'),
        ("yes", '"yes"'),
        ("on", '"on"'),
        ("y", '"y"'),
        ("true", "true"),
        ("'true'", '"true"'),
        ("~", "null"),
        ("010", "8"),
        ("08", "8"),
        ("-0x10", "-16"),
        ("+5", "5"),
        ("1_000", "1000"),
        ("2.0", "2"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-0.0", "0"),
        ("1e5", "100000"),
        ("1e21", "1e+21"),
        ("0.0000001", "1e-7"),
        ("0.00001234", "0.00001234"),
        ("1e400", '"1e400"'),
        ("123456789012345678", "123456789012345678"),
        ("3.9.x", '"3.9.x"'),
        ("1.0.0", '"1.0.0"'),
        ("!!str 5", '"5"'),
        ('"<&>"', '"\\u003c\\u0026\\u003e"'),
        ('"ü\\u2028"', '"ü\\u2028"'),
        ('"\\0\\b\\f\\x1f\\x7f"', '"\\u0000\\b\\f\\u001f\x7f"'),
        ("{b: 1, a: [x, {}]}", '{"a":["x",{}],"b":1}'),
        ("{5: a, true: b, ~: c, 1.5: d}", '{"1.5":"d","5":"a","\\u003cnil\\u003e":"c","true":"b"}'),
        ("|\n  two\n  lines\n", '"two\\nlines\\n"'),
    ],
)
def test_values_are_read_as_the_cli_reads_them(written: str, shown: str) -> None:
    assert go_yaml.to_json(value_of(f"it: {written}")["it"]) == shown


def test_merged_mappings_are_under_the_mappings_own_keys() -> None:
    text = "base: &b {a: 1, c: 3}\nother: &o {a: 5, d: 4}\nit: {a: 2, <<: [*b, *o]}\n"
    assert value_of(text)["it"] == {"a": 2, "c": 3, "d": 4}


TEXT = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_the_json_is_json_with_the_same_value(value: Value) -> None:
    text = go_yaml.to_json(value)
    assert json.loads(text) == value
    assert not {"<", ">", "&", "\u2028"} & set(text)


@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_json_that_is_read_as_yaml_is_the_same_value(value: Value) -> None:
    assert value_of(json.dumps(value, ensure_ascii=False)) == value


def test_an_empty_file_has_no_root() -> None:
    assert go_yaml.parse("# only a remark\n") is None
    assert go_yaml.parse("\ufeff") is None


@pytest.mark.parametrize(("text", "line"), [("a: [", 2), ("a: 1\nb: {a: 1, a: 2}\n", 2), ("a:\n\t- b\n", 2)])
def test_what_is_not_yaml_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(YamlError) as caught:
        go_yaml.parse(text)
    assert caught.value.problems[0].line in {line, line - 1}
