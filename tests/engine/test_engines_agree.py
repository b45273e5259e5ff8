"""The offline preview and the real engine's preview of a stack list the same resources, with the same inputs and options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from offline.engine.inventory import rows
from support.engine.pulumi_cli import SOURCE_DATE_EPOCH
from support.stacks import run_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.engine.pulumi_cli import Stack

OPTIONS = (
    "protect", "ignoreChanges", "aliases", "retainOnDelete", "additionalSecretOutputs", "replaceOnChanges", "deletedWith",
)  # fmt: skip
"""The options that a preview's JSON shows with the same name and form. `dependsOn` is in it as `dependencies`."""


def shown_by_the_engine(stack: Stack) -> dict[str, dict[str, Any]]:
    return {step.urn: step.new for step in stack.preview() if step.op == "create"}


def shown_offline(stack: Stack) -> dict[str, dict[str, Any]]:
    return {row["urn"]: dict(row) for row in rows(run_stack(stack.name, directory=stack.project))}


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_both_engines_show_the_same_resources_inputs_and_options(
    name: str, new_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH)
    stack = new_stack(name, watched=True)
    real, offline = shown_by_the_engine(stack), shown_offline(stack)
    # A provider that the program does not make itself is the engine's own.
    defaults = {urn for urn in real if "::pulumi:providers:" in urn}
    assert real.keys() - defaults == offline.keys()
    for urn, row in offline.items():
        seen = real[urn]
        assert seen["type"] == row["type"]
        assert seen["custom"] is row["custom"]
        assert seen.get("parent", "") == row["parent"], urn
        assert seen.get("inputs", {}) == row["inputs"], urn
        assert {key: seen[key] for key in OPTIONS if seen.get(key)} == {
            key: row["options"][key] for key in OPTIONS if row["options"].get(key)
        }, urn
        assert sorted(seen.get("dependencies") or ()) == row["options"].get("dependsOn", []), urn
        assert {key: sorted(urns) for key, urns in (seen.get("propertyDependencies") or {}).items() if urns} == row[
            "options"
        ].get("propertyDependencies", {}), urn


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_what_is_deployed_has_the_outputs_and_exports_that_the_offline_preview_showed(
    name: str, deployed: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH)
    stack = deployed(name, watched=True)
    offline = run_stack(name, dry_run=False, directory=stack.project)
    exports = json.loads(stack.run("stack", "output", "--json").output)
    assert exports == offline.exports
