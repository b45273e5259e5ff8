"""What holds for every test here: the day on which support dates are judged, and that AWS takes what is called good."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from offline.engine.inventory import rows
from offline.engine.run import run_program
from support import stacks
from support.pack import CLUSTER, SERVERLESS_CLUSTER
from support.stacks import TODAY
from support.taken import refused_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from offline.engine.run import Run


@pytest.fixture(autouse=True)
def pinned_day(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(midnight.timestamp())))


@pytest.fixture(autouse=True)
def _what_is_accepted_is_taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every stack that a test here runs to its end, and so calls good, is one that AWS takes."""
    refusals: list[dict[str, list[str]]] = []

    def run_and_hold(*args: Any, **options: Any) -> Run:
        run = run_program(*args, **options)
        if any(row["type"] in (CLUSTER, SERVERLESS_CLUSTER) for row in rows(run)):
            refusals.append(refused_of(run))
        return run

    monkeypatch.setattr(stacks, "run_program", run_and_hold)
    yield
    assert not any(refusals), refusals
