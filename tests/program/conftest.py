"""The day on which support dates are judged is the same in every test."""

from __future__ import annotations

import datetime

import pytest

from support.stacks import TODAY


@pytest.fixture(autouse=True)
def pinned_day(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(midnight.timestamp())))
