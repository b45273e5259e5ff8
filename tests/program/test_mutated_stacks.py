"""Stack files that nobody would write: the answer to each is a plan or mistakes with their lines, never a traceback.

Each file is a stack that loads, with one to three of its values or keys changed, or a few bytes of its text. So that what is
behind the first check is reached too, a third of them at least must still make a plan.
"""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from offline.project.loading import load_project
from support.mutated_stacks import planned, text_of
from support.rich_stack import RICH
from support.stacks import SHIPPED, shipped_stack

if TYPE_CHECKING:
    from offline.project.loading import Project

FOLDER: Final = Path(__file__).parent / "broken_stacks"
BY_DAY, BY_NIGHT = 400, 10_000


def seeds(project: Project) -> list[str]:
    """The stack files of the tests that make a plan."""
    texts = [RICH, *map(shipped_stack, ("dev", "prod")), *(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml"))]
    sound = []
    for text in texts:
        (project.directory / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        if planned(project):
            sound.append(text)
    assert RICH in sound
    return sound


def test_whatever_stands_in_a_stack_file_is_a_plan_or_a_mistake_with_its_line(tmp_path: Path, exhaustive: bool) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes((SHIPPED / "Pulumi.yaml").read_bytes())
    project = load_project(tmp_path)
    texts = seeds(project)
    number = BY_NIGHT if exhaustive else BY_DAY
    # By day the same files as ever, by night others each time; the number in a failure's name makes its file again.
    first = datetime.datetime.now(datetime.UTC).toordinal() * BY_NIGHT if exhaustive else 0
    plans = 0
    for seed in range(first, first + number):
        chance = random.Random(seed)  # noqa: S311 - no secret
        data = text_of(chance.choice((RICH, chance.choice(texts))), chance)
        (tmp_path / "Pulumi.dev.yaml").write_bytes(data)
        try:
            plans += planned(project)
        # Anything that escapes is what this test looks for.
        except Exception as error:
            error.add_note(f"file {seed}:\n{data.decode('utf-8', 'replace')}")
            raise
    assert plans * 3 >= number, f"only {plans} of {number} files make a plan"
