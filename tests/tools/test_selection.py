"""Which stack is meant where none is named."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tools.preview.command import main as preview
from tools.shared.commands import add_directory, add_stack, parser_of
from tools.shared.selection import selected_stack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: shop # ours\nruntime: python\n", encoding="utf-8")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    for name in ("PULUMI_STACK", "PULUMI_BACKEND_URL"):
        monkeypatch.delenv(name, raising=False)
    return directory


def select(project: Path, text: str) -> None:
    """Writes what the CLI writes, with its name for the file."""
    digest = hashlib.sha1(str(project / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    workspaces = project.parent / "home" / "workspaces"
    workspaces.mkdir(parents=True, exist_ok=True)
    (workspaces / f"shop-{digest}-workspace.json").write_text(text, encoding="utf-8")


def stacks(**by_backend: str) -> str:
    return json.dumps({"stacks": {f"file://{name}": stack for name, stack in by_backend.items()}})


def test_dev_is_meant_where_nothing_is_selected(project: Path) -> None:
    selected = selected_stack(project)
    assert (selected.name, selected.why) == ("dev", "")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (stacks(a="organization/shop/prod"), "prod"),
        (stacks(a="acme/shop/prod"), "acme/prod"),
        ('{"stack": "prod"}', "prod"),
        (stacks(a="organization/shop/prod", b="organization/shop/test"), "dev"),
        ("{}", "dev"),
        ("not JSON", "dev"),
        ("[]", "dev"),
    ],
)
def test_the_stack_that_the_cli_selected_is_meant(project: Path, text: str, reference: str) -> None:
    select(project, text)
    assert selected_stack(project).reference == reference


def test_of_several_backends_the_one_in_use_decides(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    select(project, stacks(a="organization/shop/prod", b="organization/shop/test"))
    (project.parent / "home" / "credentials.json").write_text('{"current": "file://a"}', encoding="utf-8")
    assert selected_stack(project).name == "prod"
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file://b")
    assert selected_stack(project).name == "test"


def test_the_backend_of_the_project_goes_before_the_one_of_the_login(project: Path) -> None:
    """The CLI's order: PULUMI_BACKEND_URL, the project's file, the login."""
    select(project, stacks(a="organization/shop/prod", b="organization/shop/test"))
    (project.parent / "home" / "credentials.json").write_text('{"current": "file://a"}', encoding="utf-8")
    with (project / "Pulumi.yaml").open("a", encoding="utf-8") as file:
        file.write("\nbackend:\n  # Everybody's.\n  url: file://b\n")
    assert selected_stack(project).name == "test"


def test_the_environment_comes_first_and_an_option_before_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    select(project, stacks(a="organization/shop/prod"))
    monkeypatch.setenv("PULUMI_STACK", "acme/test")
    parser = parser_of("preview", "Previews.")
    add_stack(parser)
    add_directory(parser)
    options = parser.parse_args(["--directory", str(project)])
    assert (options.stack, options.stack_reference) == ("test", "acme/test")
    assert capsys.readouterr().err == "Stack acme/test, from PULUMI_STACK.\n"
    named = parser.parse_args(["--stack", "prod", "--directory", str(project)])
    assert (named.stack, named.stack_reference) == ("prod", "prod")
    assert not capsys.readouterr().err


def test_commands_follow_it_and_say_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    select(project, stacks(a="organization/shop/staging"))
    assert preview(["--directory", str(project)]) == 2
    said = capsys.readouterr().err
    assert "Stack staging, selected with `pulumi stack select`.\n" in said
    assert "there is no stack 'staging'" in said
