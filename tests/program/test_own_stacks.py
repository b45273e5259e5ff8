"""The stack files of this repository: the template's own, and in a clone the team's, whatever their number and their answers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from offline.project.loading import load_project
from support.stacks import ROOT, SHIPPED, TODAY
from tools.preview.run import preview

if TYPE_CHECKING:
    from pathlib import Path


def refusals(directory: Path) -> dict[str, list[str]]:
    """What stands against each stack of a project: mistakes in its file, guards and policies that say no."""
    said = {}
    for stack in load_project(directory).stacks():
        document = preview(directory, stack, TODAY)
        said[stack] = [f"{problem['file']}:{problem['line']}: {problem['message']}" for problem in document["problems"]]
        said[stack] += [
            f"{verdict['policy']}: {verdict['message']}"
            for verdict in document["verdicts"]
            if verdict["enforcement"] == "mandatory"
        ]
    return {stack: lines for stack, lines in said.items() if lines}


def shipped_without_tests(directory: Path) -> list[str]:
    """The files of the template's stacks that `tests/stacks` has not as they are; none in a clone, where they are the team's."""
    if "template" not in yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8")):
        return []
    names = {path.name for folder in (directory, SHIPPED) for path in folder.glob("Pulumi*.yaml")}
    changed = [name for name in names if _text(directory / name) != _text(SHIPPED / name)]
    ours, tested = directory / "policies" / "config", SHIPPED / "policies"
    names = {path.name for folder in (ours, tested) for path in folder.glob("*.json")}
    changed += [f"policies/config/{name}" for name in names if _text(ours / name) != _text(tested / name)]
    return sorted(changed)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def test_every_stack_of_the_repository_previews_and_passes_the_policies_with_their_configuration() -> None:
    assert refusals(ROOT) == {}


def test_the_tests_assert_on_the_very_stacks_that_the_template_ships() -> None:
    copies = "cp Pulumi*.yaml tests/stacks/; cp policies/config/* tests/stacks/policies/"
    assert shipped_without_tests(ROOT) == [], f"copy them: {copies}"


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.stage.yaml", "policies/config/prod.json"])
def test_a_stack_that_the_template_ships_and_no_test_asserts_on_is_noticed(name: str, tmp_path: Path) -> None:
    for path in SHIPPED.glob("Pulumi*.yaml"):
        shutil.copy(path, tmp_path)
    shutil.copytree(SHIPPED / "policies", tmp_path / "policies" / "config")
    with (tmp_path / name).open("a") as file:
        file.write("# another\n")
    assert shipped_without_tests(tmp_path) == [name]


def test_the_stacks_of_a_clone_are_its_own(tmp_path: Path) -> None:
    project = yaml.safe_load((SHIPPED / "Pulumi.yaml").read_text(encoding="utf-8"))
    del project["template"]
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    assert shipped_without_tests(tmp_path) == []
