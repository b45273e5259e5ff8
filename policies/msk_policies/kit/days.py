"""What day it is, and days in settings."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DATE_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
"""How a setting writes a day, such as 2026-12-01."""


def day(value: object) -> dt.date | None:
    """The day that a text names; None for everything else, such as 2026-02-30, which fits the pattern."""
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


class TodaySetting:
    """The day on which a rule judges; where it is not configured, SOURCE_DATE_EPOCH or the clock says."""

    name: Final = "today"
    schema: Final[dict[str, Any]] = {
        "type": "string",
        "pattern": DATE_PATTERN,
        "description": "The day on which support is judged, such as 2026-12-01. "
        "Without it the environment variable SOURCE_DATE_EPOCH counts, and without that the clock.",
    }

    def of(self, config: Mapping[str, Any]) -> dt.date:
        """The day (UTC)."""
        configured = day(config.get(self.name))
        if configured is not None:
            return configured
        now = dt.datetime.now(dt.UTC)
        try:
            epoch = int(os.environ.get("SOURCE_DATE_EPOCH", ""))
            now = dt.datetime.fromtimestamp(epoch, dt.UTC)
        except (ValueError, OverflowError, OSError):
            pass  # not set, or no time at all: the clock is as good a judge
        return now.date()


TODAY: Final = TodaySetting()
