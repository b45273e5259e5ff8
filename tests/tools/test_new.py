"""`python -m tools new` with a CLI that only copies: what is refused before anything is done, what is given to it, what is left.

The real CLI makes a project of this template in `tests/engine/test_clone.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.project_copies import commit_all
from support.stacks import ROOT, SHIPPED
from tools.upgrade.new import main

CLI = """\
#!{python}
import json, os, shutil, sys
if sys.argv[1] == "version":
    print(os.environ.get("CLI_VERSION", "v3.250.0"))
elif sys.argv[1] == "stack":
    print(json.dumps([{{"name": "organization/orders/dev", "current": True, "resourceCount": 0}}]))
else:
    template, target = sys.argv[2], sys.argv[sys.argv.index("--dir") + 1]
    print(json.dumps(sys.argv[3:]))
    shutil.copytree(template, target, dirs_exist_ok=True)
    with open(target + "/Pulumi.yaml", "a") as project:
        project.write("  pulumi:tags: {{value: {{'pulumi:template': " + template + "}}}}\\n")
    sys.exit(int(os.environ.get("CLI_ENDS", "0")))
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template as far as the command looks at it, committed; then used: something was built in it."""
    directory = tmp_path / "the template"
    (directory / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "pulumi-cli", directory / ".ci")
    shutil.copy(SHIPPED / "Pulumi.yaml", directory)
    (directory / ".gitignore").write_text(".venv/\n", encoding="utf-8")
    commit_all(directory, "template")
    (directory / ".venv" / "lib").mkdir(parents=True)
    (directory / ".venv" / "lib64").symlink_to("lib")
    return directory


@pytest.fixture(autouse=True)
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The CLI on PATH, and none in the cache."""
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(CLI.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    language = program.with_name("pulumi-language-python")
    language.touch()
    language.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return program


def new(template: Path, target: str, name: str = "orders", *options: str) -> int:
    return main([f"--dir={target}", f"--name={name}", "--directory", str(template), "--", *options])


def files(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir() or path.is_symlink()}


def test_what_is_committed_is_copied_and_nothing_built(template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert new(template, "../my orders", "orders", "--yes", "-c", "brokerType=kafka.m7g.large") == 0
    target = tmp_path / "my orders"
    assert files(target) == {".ci/pulumi-cli", ".gitignore", "Pulumi.yaml"}
    assert os.access(target / ".ci" / "pulumi-cli", os.X_OK)
    said = capfd.readouterr()
    assert said.out.splitlines() == [f'["--yes", "-c", "brokerType=kafka.m7g.large", "--dir", "{target}", "--name", "orders"]']


def test_a_project_names_the_template_and_no_path_that_is_gone(template: Path, tmp_path: Path) -> None:
    assert new(template, "../orders") == 0
    project = yaml.safe_load((tmp_path / "orders" / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert project["config"]["pulumi:tags"]["value"] == {"pulumi:template": "msk-platform"}


def test_what_is_not_committed_is_told_and_left_out(template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (template / ".gitignore").write_text("", encoding="utf-8")
    (template / "draft.txt").write_text("", encoding="utf-8")
    assert new(template, "../orders") == 0
    assert "draft.txt" not in files(tmp_path / "orders")
    assert (tmp_path / "orders" / ".gitignore").read_text(encoding="utf-8") == ".venv/\n"
    assert "Note: this checkout has uncommitted changes" in capfd.readouterr().out


def test_an_empty_directory_is_taken(template: Path, tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    assert new(template, "../orders") == 0
    assert (tmp_path / "orders" / "Pulumi.yaml").is_file()


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_begun(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLI_VERSION", "v3.100.0")
    shutil.rmtree(template / ".git")
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "notes.txt").touch()
    before = files(tmp_path)
    assert new(template, "../orders", "orders.kafka") == 2
    said = capfd.readouterr().err
    assert "DIR: ../orders is not empty" in said
    assert "NAME: orders.kafka must be 1 to 59 letters, digits and hyphens" in said
    assert "bin/pulumi is v3.100.0, 3.250.0 or newer is needed." in said
    assert "https://www.pulumi.com/docs/install/" in said
    assert "This is not a git checkout of the template" in said
    assert "git init && git add --all && git commit" in said
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("target", "name", "says"),
    [
        ("", "orders", "DIR is missing"),
        ("../orders", "", "NAME is missing"),
        ("../bin/pulumi", "orders", "DIR: ../bin/pulumi is a file"),
        ("orders", "orders", "DIR: orders is inside this checkout"),
        (".", "orders", "DIR: . is inside this checkout"),
        ("../orders", "orders kafka", "NAME: orders kafka must be"),
        ("../orders", "-orders", "NAME: -orders must be"),
        ("../orders", "orders_kafka", "NAME: orders_kafka must be"),
        ("../orders", "o" * 60, "must be 1 to 59 letters"),
        ("../orders", "msk-platform", "NAME: msk-platform is the template's own name"),
        ("../orders", "Pulumi", "NAME: Pulumi is a name that Pulumi refuses"),
    ],
)
def test_a_wrong_directory_or_name_is_refused(
    target: str, name: str, says: str, template: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = files(template.parent)
    assert new(template, target, name) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert says in line
    assert files(template.parent) == before


def test_without_a_cli_it_says_how_to_get_one(template: Path, capfd: pytest.CaptureFixture[str], cli: Path) -> None:
    cli.unlink()
    assert new(template, "../orders") == 2
    said = capfd.readouterr().err
    assert said.startswith("There is no Pulumi CLI 3.250.0 or newer:")
    assert "https://www.pulumi.com/docs/install/" in said


def test_a_project_is_no_template(template: Path, capfd: pytest.CaptureFixture[str]) -> None:
    project = yaml.safe_load((template / "Pulumi.yaml").read_text(encoding="utf-8"))
    del project["template"]
    (template / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    commit_all(template, "made")
    assert new(template, "../orders") == 2
    assert "This is a project made from the template" in capfd.readouterr().err


@pytest.mark.parametrize(("target", "there"), [("../orders", False), ("../new/orders", False), ("../orders", True)])
def test_of_a_project_that_failed_half_way_nothing_is_left(
    target: str, there: bool, template: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        (template.parent / "orders").mkdir()
    before = set(template.parent.rglob("*"))
    monkeypatch.setenv("CLI_ENDS", "255")
    assert new(template, target) == 3
    assert set(template.parent.rglob("*")) == before
    said = capfd.readouterr().err
    assert f"`pulumi new` failed (exit code 255). Its files in {target} were removed." in said
    assert "pulumi stack rm organization/orders/dev" in said


def test_make_hands_over_its_variables_and_none_of_the_environment(template: Path, tmp_path: Path) -> None:
    """The recipe alone: what it would bring .venv to is not made here."""
    python = template / ".venv" / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    shutil.copy(ROOT / "Makefile", template)
    command = ["make", "new", "DIR=../my orders", 'ARGS=--yes -d "All orders"']
    environment = {**os.environ, "NAME": "host", "PYTHON": ""}
    done = subprocess.run(command, cwd=template, env=environment, capture_output=True, text=True, check=True)
    handed = ("-m", "tools", "new", "--dir=../my orders", "--name=", "--", "--yes", "-d", "All orders")
    assert done.stdout.endswith("".join(f"<{part}>" for part in handed))
    assert not (tmp_path / "my orders").exists()


def test_a_cli_that_cannot_run_python_programs_makes_none(
    template: Path, cli: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.with_name("pulumi-language-python").unlink()
    assert new(template, "../orders-kafka") == 2
    assert "has no pulumi-language-python beside it" in capsys.readouterr().err
    assert not (tmp_path / "orders-kafka").exists()


def test_a_directory_with_something_in_it_is_left_alone_however_it_is_written(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "full" / "precious"
    precious.mkdir(parents=True)
    monkeypatch.setenv("CLI_ENDS", "1")
    assert new(template, "../full/not-there/..") == 2
    assert "is not empty" in capsys.readouterr().err
    assert precious.is_dir()
