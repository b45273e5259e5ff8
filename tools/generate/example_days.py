"""Days in the examples of the documentation that must lie in the future: the last days of exemptions and acknowledgements.

They follow from the day of the preview that docs/preview.md shows, so that a check says the same on every day, and whoever writes
the generated files after a while moves them on.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Final

CAPTURE: Final = Path("docs", "preview.md")
"""The page that shows a preview and says of which day."""

PAGES: Final = (Path("docs", "operations.md"), Path("docs", "policies.md"), Path("docs", "troubleshooting.md"))
"""The pages with such examples."""

_LAST_DAY: Final = re.compile(r'("until": "|\buntil: "|\.until |\bexempt until )\d{4}-\d{2}-\d{2}')
_CAPTURED: Final = re.compile(r"(?<=preview of )(?P<stack>\S+) on (?P<day>\d{4}-\d{2}-\d{2})(?=: .*-->)")
_OLD: Final = datetime.timedelta(days=180)
"""After this the day of the capture is moved on: the examples are still half a year ahead then."""
_AHEAD: Final = datetime.timedelta(days=365)
"""How far the examples are ahead of the capture: no exemption and no acknowledgement may end more than a year ahead."""


def captured_on(page: str) -> datetime.date | None:
    """The day of a page's captured preview; None where it has none."""
    captured = _CAPTURED.search(page)
    return datetime.date.fromisoformat(captured["day"]) if captured else None


def day_of_capture(page: str, clock: datetime.date) -> datetime.date | None:
    """The day that the preview shall be of: the one that the page says, or today where that is long ago."""
    captured = captured_on(page)
    return clock if captured is not None and clock - captured > _OLD else captured


def captured_again(page: str, captured: datetime.date | None) -> str:
    """A page whose captured preview is of another day."""
    return page if captured is None else _CAPTURED.sub(rf"\g<stack> on {captured}", page)


def with_example_days(text: str, captured: datetime.date | None) -> str:
    """A page whose examples last a year from the capture."""
    return text if captured is None else _LAST_DAY.sub(rf"\g<1>{captured + _AHEAD}", text)
