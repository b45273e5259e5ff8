"""How the configuration of a pack is put together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from offline.pack.config import PackConfigError, PolicyConfig, PolicySchema, reconcile
from offline.pack.config_file import _keys, line_of, read_config_file

if TYPE_CHECKING:
    from pathlib import Path

SIZE = {"type": "integer", "minimum": 2, "maximum": 9, "default": 3, "description": "how many"}
POLICIES = [
    PolicySchema("size", "mandatory", {"size": SIZE, "names": {"type": "array", "items": {"type": "string"}}}),
    PolicySchema("plain", "advisory"),
]


def reconciled(initial: dict[str, PolicyConfig] | None = None, given: dict[str, PolicyConfig] | None = None) -> Any:
    return reconcile(POLICIES, initial or {}, given or {})


def test_defaults_come_first_then_the_packs_own_then_the_files() -> None:
    assert reconciled()["size"] == PolicyConfig("mandatory", {"size": 3})
    initial = {"size": PolicyConfig("advisory", {"size": 4, "names": ["a"]})}
    assert reconciled(initial)["size"] == PolicyConfig("advisory", {"size": 4, "names": ["a"]})
    file = {"size": PolicyConfig("", {"size": 5})}
    assert reconciled(initial, file)["size"] == PolicyConfig("advisory", {"size": 5, "names": ["a"]})


def test_all_stands_for_every_policy_and_a_policys_own_level_is_over_it() -> None:
    config = reconciled(given={"all": PolicyConfig("disabled"), "plain": PolicyConfig("mandatory")})
    assert (config["size"].enforcement, config["plain"].enforcement) == ("disabled", "mandatory")


def test_a_required_setting_must_be_given() -> None:
    policy = PolicySchema("p", "mandatory", {"a": {"type": "string"}}, ("a",))
    with pytest.raises(PackConfigError, match="p: 'a' is a required property"):
        reconcile([policy], {}, {})
    assert reconcile([policy], {}, {"p": PolicyConfig("", {"a": "x"})})["p"].properties == {"a": "x"}


SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null"]),
        "minimum": st.integers(-2, 2),
        "maximum": st.integers(-2, 2),
        "enum": st.lists(st.sampled_from([1, "a", True, None]), min_size=1, max_size=3),
        "items": st.just({"type": "integer"}),
        "pattern": st.just("^a"),
        "default": st.integers(),
    },
)
SETTINGS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from(["a", "b", [], [1], ["x"], {}])


@given(schema=SCHEMAS, value=SETTINGS)
def test_a_setting_is_refused_exactly_where_its_schema_refuses_it(schema: dict[str, Any], value: Any) -> None:
    policy = PolicySchema("p", "mandatory", {"it": {key: part for key, part in schema.items() if key != "default"}})
    valid = Draft7Validator(dict(policy.properties or {})["it"]).is_valid(value)
    try:
        reconcile([policy], {}, {"p": PolicyConfig("", {"it": value})})
    except PackConfigError:
        assert not valid
    else:
        assert valid


@pytest.mark.parametrize(("choices", "value"), [([1], True), ([True], 1), ([[0]], [False])])
def test_a_boolean_is_no_number_among_choices(choices: list[Any], value: Any) -> None:
    policy = PolicySchema("p", "mandatory", {"it": {"enum": choices}})
    with pytest.raises(PackConfigError):
        reconcile([policy], {}, {"p": PolicyConfig("", {"it": value})})


def test_every_mistake_is_told_with_the_keys_that_lead_to_it() -> None:
    given = {"size": PolicyConfig("", {"size": 1, "names": ["a", 2]})}
    with pytest.raises(PackConfigError) as caught:
        reconciled(given=given)
    assert [mistake.path for mistake in caught.value.mistakes] == [("size", "names", "1"), ("size", "size")]


def test_a_value_that_breaks_a_pattern_is_told_by_what_the_pattern_is_for() -> None:
    reason = {"type": "string", "pattern": r"\S", "description": "Say why."}
    policy = PolicySchema("p", "mandatory", {"why": {"type": "object", "additionalProperties": reason}})
    with pytest.raises(PackConfigError, match=r'^p: why\.a: " " is not allowed\. Say why\.$'):
        reconcile([policy], {}, {"p": PolicyConfig("", {"why": {"a": " "}})})


def test_every_policy_and_setting_that_is_not_there_is_refused_with_the_nearest_one() -> None:
    file = {
        "size": PolicyConfig("", {"sise": 3, "today": "2019-01-01"}),
        "plian": PolicyConfig("disabled"),
        "plain": PolicyConfig("", {"a": 1}),
        "all": PolicyConfig("advisory", {"b": 1}),
    }
    with pytest.raises(PackConfigError) as caught:
        reconciled(given=file)
    assert {mistake.path: mistake.message for mistake in caught.value.mistakes} == {
        ("size", "sise"): "size has no setting sise. Did you mean size? Its settings are size, names.",
        ("size", "today"): "size has no setting today. Its settings are size, names.",
        ("plian",): "plian is no policy of the pack. Did you mean plain?",
        ("plain", "a"): "plain has no setting a. It has no settings.",
        ("all", "b"): "all has a level only: b is a setting of single policies.",
    }


@pytest.mark.parametrize("until", ["2026-02-30", "tomorrow", "20260228", "2026-2-28", ""])
def test_a_day_that_the_calendar_does_not_have_is_refused_once(until: str) -> None:
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date", "description": "Give a day."}
    policy = PolicySchema("p", "mandatory", {"until": day})
    assert reconcile([policy], {}, {"p": PolicyConfig("", {"until": "2026-02-28"})})
    with pytest.raises(PackConfigError) as caught:
        reconcile([policy], {}, {"p": PolicyConfig("", {"until": until})})
    assert [mistake.message for mistake in caught.value.mistakes] == [f'p: until: "{until}" is not allowed. Give a day.']


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ('{\n"size": {"size": 3},\n"size": "disabled"\n}', [(3, "size stands here for the second time: ")]),
        ('{"size": {"size": 3,\n"s\\u0069ze": 4}}', [(2, "size.size stands here for the second time: ")]),
        ('{"a": [{"b": 1},\n{"b": 1, "b": 2}]}', [(2, "a.1.b stands here for the second time: "), (1, "a = [{")]),
        ('{"size": {"names": ["}", "{", "size", "size"], "size": 3}}', []),
        ('{"size": "of"}', [(1, 'size: "of" is no level. Levels are advisory, mandatory, disabled or remediate.')]),
        ('{\n"size": {\n"enforcementLevel": "mandatry"}}', [(3, 'size: "mandatry" is no level. Did you mean mandatory? ')]),
        ('{"size": {"enforcementLevel": 1}}', [(1, "size: 1 is no level. ")]),
        ('{"size": 3,\n"plain": null}', [(1, "size = 3: give a level"), (2, "plain = null: give a level")]),
        ('{"environments": ["dev"]}', []),
    ],
)
def test_what_a_file_says_twice_or_at_no_level_is_told_with_its_line(
    text: str, mistakes: list[tuple[int, str]], tmp_path: Path
) -> None:
    path = tmp_path / "prod.json"
    path.write_text(text, encoding="utf-8")
    found = [
        (line_of(text, mistake.path) if mistake.path else mistake.line, mistake) for mistake in read_config_file(path).mistakes
    ]
    assert [line for line, _ in found] == [line for line, _ in mistakes]
    for (_, mistake), (_, beginning) in zip(found, mistakes, strict=True):
        assert mistake.message.startswith(beginning)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'{\n"size": }', 2),
        (b"{\n\n", 3),
        (b'{"size": {"size": NaN}}', 1),
        (b'{\n"size": "\xff"}', 2),
        (b"[]", 1),
        (b"[" * 100_000, 1),
        (b'\xef\xbb\xbf{"size": "disabled"}', 1),
    ],
)
def test_what_is_no_json_is_told_with_its_line(content: bytes, line: int, tmp_path: Path) -> None:
    path = tmp_path / "prod.json"
    path.write_bytes(content)
    with pytest.raises(PackConfigError) as caught:
        read_config_file(path)
    assert [mistake.line for mistake in caught.value.mistakes] == [line]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=12,
)


@given(document=st.dictionaries(st.text(max_size=3), JSON), indent=st.sampled_from([None, 0, 2]))
def test_a_text_without_equal_keys_has_none_and_every_key_is_found_where_it_stands(document: dict[str, Any], indent: Any) -> None:
    text = json.dumps(document, indent=indent)
    assert not [keys for keys, _, again in _keys(text) if again]
    lines = text.split("\n")
    for path, line, _ in _keys(text):
        assert json.dumps(path[-1]) in lines[line - 1]
    assert sorted({path[0] for path, _, _ in _keys(text)}) == sorted(document)


def test_a_line_is_found_by_the_keys_that_lead_to_it() -> None:
    text = '{\n"a": {\n"b": 1},\n"c": {\n"b": 2}}'
    lines = [line_of(text, path) for path in ((), ("a",), ("a", "b"), ("c", "b"), ("c", "d"))]
    assert lines == [1, 2, 3, 5, 4]
