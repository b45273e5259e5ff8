"""The plan: what components are told."""

from __future__ import annotations

import datetime
import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages

import pytest

import components
from components.component import Component
from domain import checks
from domain.loading import load_stack
from domain.plan.monitoring import broker_log_group_name
from support.stacks import TODAY


def component_classes() -> list[type[Component]]:
    modules = [
        import_module(module.name)
        for module in walk_packages(components.__path__, "components.")
        if not module.name.startswith("components.access.files")
    ]
    classes = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return sorted((kind for kind in classes if issubclass(kind, Component) and kind is not Component), key=str)


@pytest.mark.parametrize("kind", component_classes(), ids=lambda kind: kind.__name__)
def test_what_an_annotation_calls_optional_is_optional_at_run_time(kind: type[Component]) -> None:
    # Under `from __future__ import annotations` a TypedDict takes every NotRequired field for a required one.
    annotations = {name: str(getattr(hint, "__forward_arg__", hint)) for name, hint in kind.args_type.__annotations__.items()}
    marked = {name for name, text in annotations.items() if text.removeprefix("typing.").startswith("NotRequired[")}
    assert marked == set(kind.args_type.__optional_keys__)  # type: ignore[attr-defined]  # only a TypedDict has it


def test_the_brokers_log_group_is_outside_the_resource_policys_limit() -> None:
    settings = load_stack({"clusterName": "orders"}, project="p", stack="s", region="eu-west-1", today=TODAY).settings
    assert broker_log_group_name(settings).startswith("/aws/vendedlogs/")


def test_every_module_of_checks_is_in_the_registry() -> None:
    for room in (checks, checks.kinds):
        folder = Path(room.__path__[0])
        named = {module.name for module in iter_modules(room.__path__) if not module.ispkg}
        registering = {name for name in named if re.search("@(checks|warns)\\(", (folder / f"{name}.py").read_text())}
        assert registering
        assert registering <= set(room.__all__)


@pytest.mark.parametrize(("day", "number"), [("2026-03-04", 0), ("2026-03-05", 1), ("2026-09-01", 1), ("2026-09-02", 0)])
def test_half_a_year_before_support_ends_a_stack_has_one_note_that_names_the_command(day: str, number: int) -> None:
    config = {"brokerType": "kafka.m7g.large", "kafkaVersion": "3.7.x.kraft"}
    loaded = load_stack(config, project="p", stack="prod", region="eu-west-1", today=datetime.date.fromisoformat(day))
    commands = [note for note in (*loaded.plan.notes, *loaded.warnings) if "python -m tools upgrades --stack prod" in note]
    assert len(commands) == number
