"""Stacks of this project under the real engine. Each is deployed once; tests get copies, which they may change.

By day a stack is one that nothing watches: without alarms, dashboard and the like, unless the test is about them and says
`watched=True`. With `--exhaustive` every stack is watched as the template ships it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from support.engine.pulumi_cli import UNWATCHED, Stack, find_cli, plugins_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def _stack(root: Path, name: str, cli: Path, shared: Path, *, watched: bool, **settings: Any) -> Stack:
    stack = Stack.new(root, name, cli, shared, **({} if watched else UNWATCHED))
    stack.set(**settings)
    return stack


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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("engine")
    for part in ("plugins", "home"):
        (directory / part).mkdir()
    with plugins_in(directory / "plugins"):
        yield directory


@pytest.fixture
def new_stack(cli: Path, shared: Path, tmp_path: Path, exhaustive: bool) -> Callable[..., Stack]:
    """Makes a stack with nothing deployed: `new_stack("dev", protect=True)`."""

    def make(name: str, *, watched: bool = exhaustive, **settings: Any) -> Stack:
        return _stack(tmp_path / f"new-{name}", name, cli, shared, watched=watched, **settings)

    return make


@pytest.fixture(scope="session")
def originals() -> dict[str, Stack]:
    return {}


@pytest.fixture
def made_once(originals: dict[str, Stack], tmp_path: Path) -> Callable[[str, Callable[[], Stack]], Stack]:
    """Copies a stack that is made once for all tests: `made_once("with topics", make)`."""

    def copy(key: str, make: Callable[[], Stack]) -> Stack:
        if key not in originals:
            originals[key] = make()
        return originals[key].copy(tmp_path / f"copy-{len(list(tmp_path.iterdir()))}")

    return copy


@pytest.fixture
def deployed(
    cli: Path,
    shared: Path,
    originals: dict[str, Stack],
    made_once: Callable[[str, Callable[[], Stack]], Stack],
    exhaustive: bool,
) -> Callable[..., Stack]:
    """Makes a stack that is deployed, as the template ships it or with other settings: `deployed("prod")`."""

    def copy(name: str, *, watched: bool = exhaustive, **settings: Any) -> Stack:
        def make() -> Stack:
            stack = _stack(shared / f"stack-{len(originals)}", name, cli, shared, watched=watched, **settings)
            stack.up()
            return stack

        return made_once(json.dumps([name, watched, settings], sort_keys=True), make)

    return copy
