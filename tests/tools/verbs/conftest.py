"""A `pulumi` on PATH, a project, and somebody at the keyboard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.fake_pulumi import FakePulumi
from support.stacks import project_with, shipped_stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    directory = tmp_path / "bin"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory), prepend=os.pathsep)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return FakePulumi(directory)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the stacks that the template ships, and one without a configuration of its policies."""
    directory = tmp_path / "project"
    directory.mkdir()
    return project_with(directory, {name: shipped_stack(name) for name in ("dev", "prod")} | {"test": shipped_stack("dev")})


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Puts somebody at the keyboard who gives an answer: `answered("y")`; returns what they are asked."""

    def somebody(answer: str) -> list[str]:
        asked: list[str] = []
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

        def reply(prompt: str = "") -> str:
            asked.append(prompt)
            return answer

        monkeypatch.setattr("builtins.input", reply)
        return asked

    return somebody
