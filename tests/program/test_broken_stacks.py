"""Stack files with mistakes, each with exactly what a person is told.

Beside each `broken_stacks/NAME.yaml` stands `NAME.txt`: the exit code, then every refusal with the line and the setting it names.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.stacks import TODAY, project_with
from tools.preview.run import preview

if TYPE_CHECKING:
    from tools.preview.document import Document

FOLDER = Path(__file__).parent / "broken_stacks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def told(document: Document) -> str:
    """What the preview says no to, a paragraph each."""
    lines = [f"exit code {document['exitCode']}"]
    lines += [f"line {problem['line']}: {problem['message']}" for problem in document["problems"]]
    lines += [
        f"line {verdict['line']}, {verdict['setting']}: {verdict['policy']}: {verdict['message']}"
        for verdict in document["verdicts"]
        if verdict["enforcement"] == "mandatory"
    ]
    return "\n\n".join(lines) + "\n"


def test_there_are_broken_stacks_and_each_has_its_text() -> None:
    assert len(NAMES) >= 17
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_stack_is_told_exactly_this(name: str, tmp_path: Path) -> None:
    directory = project_with(tmp_path, {"dev": (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")})
    assert told(preview(directory, "dev", TODAY, new=True)) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
