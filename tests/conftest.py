"""How deep the tests go: what `make test` runs on every change, and what `make test-exhaustive` runs by night besides.

No test has a time limit, those that Hypothesis sets by itself included: a busy machine is nobody's mistake.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="every fault at every call, every mutant, many examples")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "exhaustive: what only --exhaustive runs")
    hypothesis.settings.register_profile("day", deadline=None, max_examples=40)
    hypothesis.settings.register_profile("exhaustive", deadline=None, max_examples=500)
    hypothesis.settings.load_profile("exhaustive" if config.getoption("exhaustive") else "day")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = _by_turns(items)
    if config.getoption("exhaustive"):
        return
    by_night = [item for item in items if item.get_closest_marker("exhaustive")]
    if by_night:
        config.hook.pytest_deselected(items=by_night)
        items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]


def _by_turns(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Tests in their order, but the files of `kafka` and `engine` by turns: real brokers are mostly waited for, the real engine
    keeps a core busy, and two processes that take one file after the other then have one of each.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    rooms = {room: [path for path in files if path.parent.name == room] for room in ("kafka", "engine")}
    pairs = itertools.zip_longest(*rooms.values())
    waiting = [path for pair in pairs for path in pair if path is not None]
    order = [*waiting, *(path for path in files if path not in waiting)]
    return [item for path in order for item in files[path]]


@pytest.fixture(scope="session")
def exhaustive(pytestconfig: pytest.Config) -> bool:
    """Whether everything is tried, or what stands for its kind."""
    return bool(pytestconfig.getoption("exhaustive"))
