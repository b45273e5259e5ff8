"""The day that a run judges on, where that is another than the clock's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime


PINNED_DAY: Final = "Support dates, acknowledgements and exemptions are judged on another day: "
"""How a program's warning begins that it judges on another day than the clock's."""


def judged_on(day: datetime.date, *, is_today: bool) -> str:
    """What to say beside a verdict: the day, and that it is not today where it is not."""
    return f"judged on {day}{'' if is_today else ', not today'}"


def pinned_day_warning(day: datetime.date) -> str:
    """What a program warns of that judges on another day than the clock's."""
    return f"{PINNED_DAY}SOURCE_DATE_EPOCH says {day}, which is not today. Unset it to judge on today's date."
