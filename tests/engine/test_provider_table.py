"""The table of what the real AWS provider replaces is whole, speaks pulumi-aws's names, and the double decides by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.replacements import REPLACING, TABLE, WRITTEN_BY_HAND, differences, replacing
from support.provider_facts.generate import VERSION
from support.provider_facts.pairs import PAIRS
from support.provider_facts.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack


def decided(type_: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    paths = differences(type_, old, new)
    return "replace" if replacing(type_, paths, old, new) else "update" if paths else "none"


def test_the_table_names_the_version_of_the_provider_that_was_asked() -> None:
    assert TABLE["provider"] == f"hashicorp/aws {VERSION}"


def test_every_type_was_planned_or_is_named_with_the_reason() -> None:
    assert TABLE["types"].keys() | TABLE["unplanned"].keys() == SUBJECTS.keys()
    assert all(TABLE["unplanned"].values())
    assert all(type_name["inputs"] for type_name in TABLE["types"].values())


def test_every_type_that_the_stacks_have_is_in_the_table(deployed: Callable[..., Stack]) -> None:
    types = {key.split("|")[0] for name in ("dev", "prod") for key in deployed(name, watched=True).cloud.resources()}
    assert "aws:msk/cluster:Cluster" in types
    assert types <= REPLACING.keys()


_NAMES = """
import json, sys
from support.provider_facts.generate import Names
print(json.dumps({type_: sorted(Names(type_).all()) for type_ in json.load(sys.stdin)}))
"""


@pytest.fixture(scope="module")
def inputs_of() -> dict[str, list[str]]:
    """The inputs of each type's class: from a process of its own, for pulumi-aws's parts cannot be imported twice in one."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", _NAMES],
        input=json.dumps(sorted(REPLACING)),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("type_", sorted(REPLACING))
def test_every_path_is_an_input_of_the_pulumi_class(type_: str, inputs_of: dict[str, list[str]]) -> None:
    inputs = set(inputs_of[type_])
    entry = TABLE["types"].get(type_, {"inputs": {}, "kept_when_absent": [], "without_order": []})
    told = {*entry["inputs"], *entry["kept_when_absent"], *entry["without_order"], *WRITTEN_BY_HAND.get(type_, {})}
    assert told - inputs == set()


def test_what_the_provider_does_not_have_is_not_in_its_table() -> None:
    for type_, entry in TABLE["types"].items():
        assert not set(entry["not_in_provider"]) & entry["inputs"].keys(), type_


def test_every_change_that_hangs_on_values_was_asked() -> None:
    assert [(pair["type"], pair["what"]) for pair in TABLE["pairs"]] == [(type_, what) for type_, what, _, _ in PAIRS]


@pytest.mark.parametrize("pair", TABLE["pairs"], ids=lambda pair: pair["what"])
def test_the_double_decides_as_the_provider(pair: dict[str, Any]) -> None:
    assert decided(pair["type"], pair["old"], pair["new"]) == pair["verdict"]
