"""How the configuration of a pack is put together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from offline.pack.config import PackConfigError, PolicyConfig, PolicySchema, ignored, line_of, reconcile

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


def test_settings_that_no_policy_has_are_named() -> None:
    given = {"size": PolicyConfig("", {"size": 3, "today": "2019-01-01"}), "plain": PolicyConfig("", {"a": 1})}
    assert [mistake.path for mistake in ignored(POLICIES, given)] == [("size", "today"), ("plain", "a")]


def test_a_line_is_found_by_the_keys_that_lead_to_it() -> None:
    text = '{\n"a": {\n"b": 1},\n"c": {\n"b": 2}}'
    lines = [line_of(text, path) for path in ((), ("a",), ("a", "b"), ("c", "b"), ("c", "d"))]
    assert lines == [1, 2, 3, 5, 4]
