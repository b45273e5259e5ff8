"""`python -m tools upgrade` on small repositories: whose change stays, what conflicts, and what it refuses to begin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from support.project_copies import commit_all
from tools.upgrade.command import main

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = {"name": "msk-platform", "description": "A platform", "runtime": "python", "config": {"a": {"default": 1}}}
LINES = "".join(f"line {number}\n" for number in range(1, 10))
TEMPLATE = {
    "Pulumi.yaml": yaml.safe_dump({**PROJECT, "template": {"config": {}}}),
    "Pulumi.dev.yaml": "config: {}\n",
    "README.md": "old\n",
    "__main__.py": "old = 1\n",
    "both.txt": LINES,
    "here.txt": "old\n",
    "gone.txt": "old\n",
    "gone-but-edited.txt": "old\n",
    "left-out.txt": "old\n",
    **{f"folder/same-{number}.txt": "old\n" for number in range(9)},
    "template.json": '{"team": ["Pulumi.*.yaml", "README.md", "policies/config/*"]}\n',
}
NEWER = {
    "Pulumi.yaml": yaml.safe_dump(
        {**PROJECT, "template": {}, "description": "New", "runtime": "newer", "options": {"refresh": "always"}}
    ),
    "Pulumi.dev.yaml": "config: {new: 1}\n",
    "Pulumi.stage.yaml": "config: {}\n",
    "README.md": "new\n",
    "CHANGELOG.md": "## 0.2.0\n\n### On a running cluster\n\n- Brokers restart\n  one by one.\n",
    "__main__.py": "new = 2\n",
    "both.txt": LINES.replace("line 1\n", "line one\n"),
    "left-out.txt": "new\n",
    "folder/added.txt": "new\n",
    "policies/config/dev.json": "{}\n",
}


def put(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template: a version that nobody has any more, the one that was cloned, and a newer one."""
    directory = tmp_path / "template"
    put(directory, {**TEMPLATE, "both.txt": "of old\n"})
    commit_all(directory, "first")
    put(directory, TEMPLATE)
    commit_all(directory, "cloned")
    put(directory, NEWER)
    for name in ("gone.txt", "gone-but-edited.txt"):
        (directory / name).unlink()
    commit_all(directory, "newer")
    return directory


@pytest.fixture
def clone(tmp_path: Path, template: Path) -> Path:
    """What `pulumi new` made of the template, committed, with what the team made of it after that."""
    assert template.is_dir()
    directory = tmp_path / "clone"
    put(directory, {**TEMPLATE, "Pulumi.yaml": yaml.safe_dump({**PROJECT, "name": "orders", "description": "Orders"})})
    commit_all(directory, "begun")
    put(
        directory,
        {
            "Pulumi.dev.yaml": "config: {ours: 1}\n",
            "README.md": "ours\n",
            "both.txt": LINES.replace("line 9\n", "line nine\n"),
            "here.txt": "ours\n",
            "gone-but-edited.txt": "ours\n",
            "ours.txt": "ours\n",
        },
    )
    (directory / "left-out.txt").unlink()
    commit_all(directory, "ours")
    return directory


def upgrade(template: Path, clone: Path, *options: str) -> int:
    return main([str(template), "--directory", str(clone), *options])


def contents(directory: Path) -> dict[str, str]:
    files = (path for path in directory.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_the_templates_changes_come_and_the_teams_stay(template: Path, clone: Path) -> None:
    before = contents(clone)
    assert upgrade(template, clone) == 0
    after = contents(clone)
    project, manifest = yaml.safe_load(after.pop("Pulumi.yaml")), json.loads(after.pop("template.json"))
    del before["Pulumi.yaml"], before["template.json"], before["gone.txt"]
    assert after == before | {
        "__main__.py": "new = 2\n",
        "both.txt": LINES.replace("line 1\n", "line one\n").replace("line 9\n", "line nine\n"),
        "folder/added.txt": "new\n",
        "CHANGELOG.md": NEWER["CHANGELOG.md"],
    }
    assert project == {**PROJECT, "name": "orders", "description": "Orders", "runtime": "newer", "options": {"refresh": "always"}}
    assert len(manifest["base"]) == 40


def test_what_it_does_to_a_running_cluster_is_told(template: Path, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(template, clone, "--dry-run")
    assert "What it does to a running cluster:\n  - Brokers restart one by one.\n" in capsys.readouterr().out


def test_what_was_left_out_is_told(template: Path, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(template, clone)
    shown = capsys.readouterr().out
    assert "left-out.txt: left out" in shown
    assert "gone-but-edited.txt: kept" in shown
    assert "make generate" in shown
    assert "here.txt" not in shown


def test_a_dry_run_says_the_same_and_writes_nothing(template: Path, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(clone)
    assert upgrade(template, clone, "--dry-run") == 0
    would = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and ": " in line]
    assert contents(clone) == before
    upgrade(template, clone)
    shown = capsys.readouterr().out.splitlines()
    assert would
    assert set(would) <= set(shown)


def test_a_second_upgrade_goes_on_from_the_first(template: Path, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(template, clone)
    commit_all(clone, "upgraded")
    assert upgrade(template, clone) == 0
    assert "nothing to do" in capsys.readouterr().out
    put(template, {"here.txt": "newest\n", "__main__.py": "newest = 3\n"})
    commit_all(template, "newest")
    assert upgrade(template, clone) == 1
    assert contents(clone)["__main__.py"] == "newest = 3\n"
    assert "ours" in contents(clone)["here.txt"]
    assert "CONFLICTS: 1" in capsys.readouterr().out


def test_a_conflict_has_both_sides_in_the_file_and_the_rest_is_merged(template: Path, clone: Path) -> None:
    put(clone, {"both.txt": LINES.replace("line 1\n", "line I\n")})
    commit_all(clone, "ours again")
    assert upgrade(template, clone) == 1
    text = contents(clone)["both.txt"]
    assert all(f"\n{side}\n" in f"\n{text}" for side in ("line I", "line 1", "line one"))
    assert contents(clone)["__main__.py"] == "new = 2\n"


def test_the_base_is_right_when_the_team_changed_what_the_template_changed_next(
    template: Path, clone: Path, tmp_path: Path
) -> None:
    squashed = tmp_path / "squashed"
    put(squashed, contents(clone) | {"__main__.py": "old = 1\nours = 1\n"})
    commit_all(squashed, "without a history of its own")
    assert upgrade(template, squashed) == 1
    assert "new = 2" in contents(squashed)["__main__.py"]
    assert "ours = 1" in contents(squashed)["__main__.py"]


def test_a_program_stays_one(template: Path, clone: Path) -> None:
    put(template, {"run": "#!/bin/sh\n"})
    (template / "run").chmod(0o755)
    commit_all(template, "a program")
    upgrade(template, clone)
    assert (clone / "run").stat().st_mode & 0o111


def test_what_the_team_takes_for_its_own_is_left_alone_for_good(template: Path, clone: Path) -> None:
    patterns = json.loads((clone / "template.json").read_text())["team"]
    put(clone, {"template.json": json.dumps({"team": [*patterns, "__main__.py"]})})
    commit_all(clone, "the program is ours")
    upgrade(template, clone)
    assert contents(clone)["__main__.py"] == "old = 1\n"
    assert set(json.loads((clone / "template.json").read_text())["team"]) == {*patterns, "__main__.py"}


def test_a_dirty_clone_is_refused_so_that_nothing_is_lost(
    template: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(clone, {"new.txt": "not committed\n"})
    before = contents(clone)
    assert upgrade(template, clone) == 2
    assert "Commit or stash" in capsys.readouterr().err
    assert contents(clone) == before


def test_an_older_template_is_refused(template: Path, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(template, clone)
    commit_all(clone, "upgraded")
    assert upgrade(template, clone, "--to", "HEAD~1") == 2
    assert "only go forward" in capsys.readouterr().err


def test_a_template_that_the_clone_is_not_from_is_refused(
    tmp_path: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    put(other, {**{name: f"# other\n{text}" for name, text in TEMPLATE.items()}, "template.json": '{"team": []}'})
    commit_all(other, "something else")
    assert upgrade(other, clone) == 2
    assert "--base" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--base", "0" * 40], "git fetch"), (["--to", "v9"], "no commit v9")],
)
def test_a_commit_that_is_not_there_is_named_with_what_helps(
    template: Path, clone: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upgrade(template, clone, *options) == 2
    assert words in capsys.readouterr().err


def test_a_directory_without_git_is_refused_with_what_to_do(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even where the directory of temporary files is under git itself.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    put(tmp_path / "plain", TEMPLATE)
    assert upgrade(template, tmp_path / "plain") == 2
    assert "git init" in capsys.readouterr().err
    assert upgrade(tmp_path / "nowhere", tmp_path / "plain") == 2


def test_the_template_itself_is_not_upgraded(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert upgrade(template, template) == 2
    assert "pulumi new" in capsys.readouterr().err
