"""Random values that are the same every time."""

from __future__ import annotations

import importlib
import string
from typing import Any

import pulumi
import pulumi_random
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.aws.random import random_outputs, random_preview
from offline.protocol import wire
from support.programs import run_inline


def made(kind: str, inputs: dict[str, Any], urn: str = "u") -> dict[str, Any]:
    identifier, outputs = random_outputs(f"random:index/{kind[0].lower()}{kind[1:]}:{kind}", inputs, urn)
    return {"id": identifier, **{key: wire.reveal(value) for key, value in outputs.items()}}


@given(length=st.integers(1, 64), special=st.booleans(), upper=st.booleans())
def test_a_password_has_the_length_and_the_letters_asked_for(*, length: int, special: bool, upper: bool) -> None:
    text = made("RandomPassword", {"length": length, "special": special, "upper": upper, "overrideSpecial": "!?"})["result"]
    allowed = string.ascii_lowercase + string.digits + ("!?" if special else "") + (string.ascii_uppercase if upper else "")
    assert len(text) == length
    assert set(text) <= set(allowed)


def test_a_password_has_at_least_as_many_of_a_kind_as_asked_for() -> None:
    text = made("RandomPassword", {"length": 8, "minNumeric": 3, "minUpper": 5})["result"]
    assert sum(letter.isdigit() for letter in text) == 3
    assert sum(letter.isupper() for letter in text) == 5


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("RandomBytes", {"length": 8}),
        ("RandomId", {"byteLength": 8}),
        ("RandomInteger", {"min": 1, "max": 10**9}),
        ("RandomPassword", {"length": 20}),
        ("RandomShuffle", {"inputs": list("abcdefghijkl"), "resultCount": 6}),
        ("RandomString", {"length": 20}),
        ("RandomUuid", {}),
    ],
)
def test_a_value_follows_from_the_urn_alone(kind: str, inputs: dict[str, Any]) -> None:
    assert made(kind, inputs) == made(kind, inputs)
    assert made(kind, inputs) != made(kind, inputs, "other")
    token = f"random:index/{kind[0].lower()}{kind[1:]}:{kind}"
    assert set(random_preview(token)) == set(made(kind, inputs)) - {"id"}
    assert hasattr(importlib.import_module("pulumi_random"), kind)


def test_every_result_is_within_its_bounds() -> None:
    assert 3 <= made("RandomInteger", {"min": 3, "max": 5})["result"] <= 5
    assert sorted(made("RandomShuffle", {"inputs": ["b", "a"]})["results"]) == ["a", "b"]
    assert made("RandomPet", {"prefix": "x", "separator": "_"})["id"].startswith("x_")
    assert made("RandomId", {"byteLength": 2, "prefix": "p-"})["hex"].startswith("p-")


def test_a_programs_password_is_a_secret_that_is_unknown_until_it_is_made() -> None:
    def program() -> None:
        pulumi.export("it", pulumi_random.RandomPassword("p", length=9).result)

    assert wire.reveal(run_inline(program).wire_exports["it"]) == wire.UNKNOWN
    done = run_inline(program, dry_run=False).wire_exports["it"]
    assert wire.is_secret(done)
    assert len(wire.reveal(done)) == 9


def test_a_resource_of_another_provider_has_an_id_and_its_inputs() -> None:
    identifier, outputs = random_outputs("other:index:Thing", {"a": 1}, "u")
    assert (bool(identifier), outputs, random_preview("other:index:Thing")) == (True, {}, ())
