"""Days in the examples of the documentation that must lie in the future: the last days of exemptions and acknowledgements.

They follow from the day on which README.md was captured, so that a check says the same on every day, and whoever writes the
generated files after a while moves them on.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Final

PAGES: Final = (Path("docs", "operations.md"), Path("docs", "policies.md"))
"""The pages with such examples, beside README.md."""

_LAST_DAY: Final = re.compile(r'("until": "|\buntil: "|\.until |\bexempt until )\d{4}-\d{2}-\d{2}')
_CAPTURED: Final = re.compile(r"(?<=<!-- preview of )(?P<stack>\S+) on (?P<day>\d{4}-\d{2}-\d{2})")
_OLD: Final = datetime.timedelta(days=180)
"""After this the day of the capture is moved on: the examples are still half a year ahead then."""
_AHEAD: Final = datetime.timedelta(days=365)
"""How far the examples are ahead of the capture: no exemption and no acknowledgement may end more than a year ahead."""


def captured_on(readme: str) -> datetime.date | None:
    """The day on which README.md was captured; None where it has no captured preview."""
    captured = _CAPTURED.search(readme)
    return datetime.date.fromisoformat(captured["day"]) if captured else None


def renewed(readme: str, clock: datetime.date) -> str:
    """README.md, captured today where its capture is old."""
    captured = captured_on(readme)
    return readme if captured is None or clock - captured <= _OLD else _CAPTURED.sub(rf"\g<stack> on {clock}", readme)


def with_example_days(text: str, captured: datetime.date | None) -> str:
    """A page whose examples last a year from the capture."""
    return text if captured is None else _LAST_DAY.sub(rf"\g<1>{captured + _AHEAD}", text)
