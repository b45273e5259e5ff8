"""The plan: what components are told."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

import components
from components.component import Component
from domain.loading import load_settings
from domain.plan.monitoring import broker_log_group_name


def component_classes() -> list[type[Component]]:
    modules = [import_module(f"components.{module.name}") for module in iter_modules(components.__path__)]
    classes = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return sorted((kind for kind in classes if issubclass(kind, Component) and kind is not Component), key=str)


@pytest.mark.parametrize("kind", component_classes(), ids=lambda kind: kind.__name__)
def test_what_an_annotation_calls_optional_is_optional_at_run_time(kind: type[Component]) -> None:
    # Under `from __future__ import annotations` a TypedDict takes every NotRequired field for a required one.
    annotations = {name: str(getattr(hint, "__forward_arg__", hint)) for name, hint in kind.args_type.__annotations__.items()}
    marked = {name for name, text in annotations.items() if text.removeprefix("typing.").startswith("NotRequired[")}
    assert marked == set(kind.args_type.__optional_keys__)  # type: ignore[attr-defined]  # only a TypedDict has it


def test_the_brokers_log_group_is_outside_the_resource_policys_limit() -> None:
    settings = load_settings({"clusterName": "orders"}, project="p", stack="s", region="eu-west-1").settings
    assert broker_log_group_name(settings).startswith("/aws/vendedlogs/")
