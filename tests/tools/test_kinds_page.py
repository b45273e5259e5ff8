"""Settings and cluster kinds: every setting on every kind changes something, is refused, or is said to change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from domain.settings.stack import StackSettings
from offline.engine.inventory import rows
from offline.protocol.failures import HookRefused, UserError
from support.stacks import project_with, run_stack
from tools.generate.kind_examples import EXAMPLES, KINDS, REGION, Example
from tools.generate.kinds_page import Outcome, cell_of, configurations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


EVERY = [pytest.param(example, kind, id=f"{example.setting}-{kind}") for example in EXAMPLES for kind in KINDS]


@pytest.mark.parametrize(("example", "kind"), EVERY)
def test_no_setting_is_taken_and_changes_nothing_in_silence(example: Example, kind: str) -> None:
    assert cell_of(example, kind).outcome is not Outcome.SILENT


@pytest.mark.parametrize("kind", KINDS)
def test_what_every_example_is_added_to_is_sound(kind: str) -> None:
    example = Example("alarmEmail", "streaming@example.com")
    assert cell_of(example, kind).outcome is Outcome.WORKS


def _blocks(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for argument in get_args(annotation):
            yield from _blocks(argument)


def _settings(block: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every setting that has no settings in it, with `*` for names in maps and places in lists."""
    for name, field in block.model_fields.items():
        here = (*path, field.alias or name)
        blocks = list(_blocks(field.annotation))
        text = str(field.annotation)
        inner = (*here, "*") if "dict[" in text or "list[" in text else here
        if not blocks or not any(inside.model_fields for inside in blocks):
            yield here
        for inside in blocks:
            yield from _settings(inside, inner)


def _covers(example: Example, setting: tuple[str, ...]) -> bool:
    same = all(part in ("*", given) for part, given in zip(setting, example.path, strict=False))
    return same and len(example.path) <= len(setting)


def test_every_setting_has_an_example() -> None:
    settings = set(_settings(StackSettings)) - {("brokerType",)}
    # On by itself: nothing but taking it out changes it, and then another mechanism has to be there.
    settings -= {("authentication", "iam"), ("clients", "*", "as", "role", "ecs")}
    assert len(settings) > 100
    assert not [".".join(setting) for setting in sorted(settings) if not any(_covers(example, setting) for example in EXAMPLES)]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("example", "kind"), EVERY)
def test_what_works_changes_the_inventory(example: Example, kind: str, tmp_path: Path) -> None:
    """Whether the program does with a plan what the plan says."""
    if cell_of(example, kind).outcome is not Outcome.WORKS or example.told:
        return
    inventories = []
    for name, config in zip(("without", "given"), configurations(example, kind), strict=True):
        directory = tmp_path / name
        directory.mkdir()
        text = yaml.safe_dump({"config": {"aws:region": REGION, "clusterName": "p-s", **config}})
        try:
            run = run_stack("dev", directory=project_with(directory, {"dev": text}))
        except UserError:
            assert name == "without", "what is given was found sound"
            return
        except HookRefused as refusal:
            # Of a cluster that is not there yet: AWS takes it later only.
            of_new_clusters = "new cluster" in refusal.message
            assert of_new_clusters
            assert name == "given"
            return
        inventories.append(rows(run))
    assert inventories[0] != inventories[1]
