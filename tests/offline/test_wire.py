"""Property values on the wire."""

from __future__ import annotations

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from offline.protocol import wire
from offline.protocol.wire import Value
from support.programs import run_inline

NAMES = st.text(st.characters(codec="utf-8"), max_size=6).filter(lambda name: name != wire.SIGNATURE)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: int(number) if number.is_integer() else number)
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.just(wire.UNKNOWN)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3) | inner.map(wire.secret),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_property_values_survive_the_protocol(values: dict[str, Value]) -> None:
    assert wire.from_struct(wire.to_struct(values)) == values


@given(VALUES)
def test_a_redacted_value_shows_no_secret_and_keeps_its_shape_elsewhere(value: Value) -> None:
    shown = wire.plain({"secret": wire.secret([value, "hunter2"]), "open": value}, redact=True)
    assert shown["secret"] == wire.REDACTED
    assert not wire.contains(shown, wire.is_secret)
    assert "hunter2" not in str(shown["secret"])
    revealed = wire.plain({"open": value}, redact=False)["open"]
    if not wire.contains(value, wire.is_secret):
        assert shown["open"] == revealed == value


@given(VALUES)
def test_a_value_is_secret_only_once(value: Value) -> None:
    once = wire.secret(value)
    assert wire.secret(once) == once
    assert wire.is_secret(once)
    assert not wire.is_secret(wire.reveal(once)) or wire.is_secret(value)


def _without_nothing(value: Value) -> Value:
    """What the SDK keeps of a value: a null property does not exist."""
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nothing(inner) for inner in value]
    return value


PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(codec="utf-8"), max_size=8) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdefgh"), inner, max_size=3),
    max_leaves=8,
)


@given(value=PLAIN, secret=st.booleans(), dry_run=st.booleans())
def test_what_a_program_exports_arrives_as_it_was(*, value: Value, secret: bool, dry_run: bool) -> None:
    def program() -> None:
        pulumi.export("it", pulumi.Output.secret(value) if secret else pulumi.Output.from_input(value))

    arrived = run_inline(program, dry_run=dry_run).wire_exports.get("it")
    if secret:
        assert wire.is_secret(arrived)
    assert _without_nothing(wire.plain(arrived, redact=False)) == _without_nothing(value)


def test_the_stand_in_for_unknown_values_is_the_sdks_own() -> None:
    assert wire.UNKNOWN == rpc.UNKNOWN


def test_output_values_are_taken_apart_as_the_engine_stores_them() -> None:
    def output(**rest: Value) -> dict[str, Value]:
        return {wire.SIGNATURE: wire.OUTPUT_SIGNATURE, **rest}

    assert wire.without_outputs({"a": [output(value=1)]}) == {"a": [1]}
    assert wire.without_outputs(output()) == wire.UNKNOWN
    assert wire.without_outputs(output(value="x", secret=True)) == wire.secret("x")


def test_a_reference_to_a_resource_is_shown_as_its_urn() -> None:
    reference = {wire.SIGNATURE: wire.RESOURCE_SIGNATURE, "urn": "urn:pulumi:s::p::t::n", "id": "1"}
    assert wire.plain([reference], redact=True) == ["urn:pulumi:s::p::t::n"]


def test_what_is_no_property_value_is_refused() -> None:
    with pytest.raises(TypeError, match="a property value cannot be a set"):
        wire.to_struct({"a": {1}})
