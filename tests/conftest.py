"""How deep the tests go: what `make test` runs on every change, and what `make test-exhaustive` runs by night besides.

No test has a time limit, those that Hypothesis sets by itself included: a busy machine is nobody's mistake.
"""

from __future__ import annotations

import hypothesis
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="every fault at every call, every mutant, many examples")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "exhaustive: what only --exhaustive runs")
    hypothesis.settings.register_profile("day", deadline=None, max_examples=40)
    hypothesis.settings.register_profile("exhaustive", deadline=None, max_examples=500)
    hypothesis.settings.load_profile("exhaustive" if config.getoption("exhaustive") else "day")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("exhaustive"):
        return
    by_night = [item for item in items if item.get_closest_marker("exhaustive")]
    if by_night:
        config.hook.pytest_deselected(items=by_night)
        items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]


@pytest.fixture(scope="session")
def exhaustive(pytestconfig: pytest.Config) -> bool:
    """Whether everything is tried, or what stands for its kind."""
    return bool(pytestconfig.getoption("exhaustive"))
