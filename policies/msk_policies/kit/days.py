"""What day it is, and days in settings."""

from __future__ import annotations

import datetime as dt
import os
from typing import Final

DATE_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
"""How a setting writes a day: YYYY-MM-DD."""


def day(value: object) -> dt.date | None:
    """The day that a text names; None for everything else, such as 30 February, which fits the pattern."""
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def today() -> dt.date:
    """The day on which the pack judges (UTC): the clock's, or that of SOURCE_DATE_EPOCH, which repeatable runs set.

    It is the same for all rules, and no setting: one that could be moved back would revive what has ended.
    """
    try:
        return dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "")), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        # Not set, or no time at all: the clock is as good a judge.
        return dt.datetime.now(dt.UTC).date()
