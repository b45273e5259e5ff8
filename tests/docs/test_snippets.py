"""What README.md and docs/ show of a stack file and of the pack's configuration is whole: in a fresh clone, it previews."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.documents import Block, blocks, documents
from support.iam_lint import Kind, findings
from support.stacks import TODAY, project_with, shipped_stack
from tools.preview.run import preview

if TYPE_CHECKING:
    from pathlib import Path

ALL = [block for document in documents() for block in blocks(document)]
OF_STACK_FILES = [block for block in ALL if block.language == "yaml"]
OF_IAM = [block for block in ALL if block.language == "json" and "Statement" in json.loads(block.text)]
OF_THE_PACK = [block for block in ALL if block.language == "json" and block not in OF_IAM]


def project_of(block: Block, directory: Path) -> tuple[Path, str]:
    """A fresh clone and the stack of it that a block is for.

    The stack is dev, and the pack's configuration is the stack's own, unless the comment before the block names others:
    `<!-- stack: prod, policies: sandbox -->`.
    """
    named = dict(part.split(": ") for part in block.mark.split(", ")) if block.mark else {}
    stack = named.pop("stack", "dev")
    project = project_with(directory, {stack: shipped_stack(stack)})
    configurations = project / "policies" / "config"
    shutil.copy(configurations / f"{named.pop('policies', stack)}.json", directory / "own.json")
    shutil.copy(directory / "own.json", configurations / f"{stack}.json")
    assert not named, f"{block.place}: no test knows {named}"
    return project, stack


def beside(present: Any, pasted: Any) -> Any:
    """Two maps as one, map by map; where both have a value, the pasted one."""
    if not isinstance(present, dict) or not isinstance(pasted, dict):
        return pasted
    return {**present, **{key: beside(present[key], value) if key in present else value for key, value in pasted.items()}}


def against(directory: Path, stack: str) -> list[str]:
    """What a preview of the stack refuses."""
    document = preview(directory, stack, TODAY, new=True)
    mistakes = [problem["message"] for problem in document["problems"]]
    mistakes += [
        f"{verdict['policy']}: {verdict['message']}" for verdict in document["verdicts"] if verdict["enforcement"] == "mandatory"
    ]
    return mistakes if document["exitCode"] else []


def test_there_are_snippets_of_both_kinds() -> None:
    assert len(OF_STACK_FILES) >= 9
    assert len(OF_THE_PACK) >= 4


@pytest.mark.parametrize("block", OF_STACK_FILES, ids=lambda block: block.place)
def test_a_snippet_of_a_stack_file_is_whole_and_previews_in_a_fresh_clone(block: Block, tmp_path: Path) -> None:
    pasted = yaml.safe_load(block.text)
    assert list(pasted) == ["config"], "it begins with config:, as the stack file does"
    project, stack = project_of(block, tmp_path)
    stack_file = project / f"Pulumi.{stack}.yaml"
    stack_file.write_text(
        yaml.safe_dump(beside(yaml.safe_load(stack_file.read_text(encoding="utf-8")), pasted)), encoding="utf-8"
    )
    assert against(project, stack) == []


@pytest.mark.parametrize("block", OF_THE_PACK, ids=lambda block: block.place)
def test_a_snippet_of_the_packs_configuration_previews_in_a_fresh_clone(block: Block, tmp_path: Path) -> None:
    project, stack = project_of(block, tmp_path)
    configuration = project / "policies" / "config" / f"{stack}.json"
    present = json.loads(configuration.read_text(encoding="utf-8"))
    configuration.write_text(json.dumps(beside(present, json.loads(block.text))), encoding="utf-8")
    assert against(project, stack) == []


@pytest.mark.parametrize("block", OF_IAM, ids=lambda block: block.place)
def test_a_policy_is_one_that_iam_takes(block: Block) -> None:
    assert findings({block.place: (Kind.IDENTITY, json.loads(block.text))}) == []


def test_a_snippet_that_lacks_something_is_noticed(tmp_path: Path) -> None:
    text = "config:\n  clients:\n    totals: {from: {cidr: 10.90.0.0/24}, consume: {topics: [orders.v1], groups: [totals]}}\n"
    (mistake,) = against(project_with(tmp_path, {"dev": text}), "dev")
    assert "identity" in mistake
