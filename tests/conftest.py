"""What holds for all tests: none has a time limit, and those of one file run after each other in one process.

A limit would have to be set by Hypothesis itself: a busy machine is nobody's mistake. Tests of one file share what it takes long
to make, and all tests on real brokers share a cluster of them, which a machine has room for once.
"""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("without-time-limits", deadline=None)
hypothesis.settings.load_profile("without-time-limits")

_BROKERS = Path(__file__).resolve().parent / "kafka"


# Before pytest-xdist's own, which looks for the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells pytest-xdist which tests go together (`--dist loadgroup`)."""
    for item in items:
        together = _BROKERS if item.path.is_relative_to(_BROKERS) else item.path
        item.add_marker(pytest.mark.xdist_group(str(together)))
