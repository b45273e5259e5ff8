"""Stacks of this project under the real engine. Each is deployed once; tests get copies, which they may change."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.pulumi_cli import Stack, find_cli, plugins_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def cli() -> Path:
    found = find_cli()
    if isinstance(found, str):
        if os.environ.get("REQUIRE_PULUMI_CLI"):
            pytest.fail(found)
        # The commands of README.md need Python, git and make only; CI sets REQUIRE_PULUMI_CLI.
        pytest.skip(found)
    return found


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("engine")
    for part in ("plugins", "home"):
        (directory / part).mkdir()
    plugins_in(directory / "plugins")
    return directory


@pytest.fixture
def new_stack(cli: Path, shared: Path, tmp_path: Path) -> Callable[..., Stack]:
    """Makes a stack with nothing deployed: `new_stack("dev", protect=True)`."""
    return lambda name, **settings: Stack.new(tmp_path / f"new-{name}", name, cli, shared, **settings)


@pytest.fixture(scope="session")
def originals() -> dict[str, Stack]:
    return {}


@pytest.fixture
def deployed(cli: Path, shared: Path, tmp_path: Path, originals: dict[str, Stack]) -> Callable[..., Stack]:
    """Makes a stack that is deployed, as the repository has it or with other settings: `deployed("prod")`."""

    def copy(name: str, **settings: Any) -> Stack:
        key = f"{name} {json.dumps(settings, sort_keys=True)}"
        if key not in originals:
            stack = Stack.new(shared / f"stack-{len(originals)}", name, cli, shared, **settings)
            stack.up()
            originals[key] = stack
        return originals[key].copy(tmp_path / name)

    return copy
