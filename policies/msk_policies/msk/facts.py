"""The facts about Amazon MSK that the rules judge by: the generated `facts.json` beside this package."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

_FILE = Path(__file__).parents[2] / "facts.json"

_DOCUMENT: dict[str, dict[str, dict[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))


LONGEST_TRUST: Final = dt.timedelta(days=180)
"""How long lists of versions, sizes and keys are trusted: AWS adds to them, and moves the ends of support it has named."""


class Fact(NamedTuple):
    """One fact.

    Attributes:
        value: What is so.
        source: The public page that says it.
        as_of: The day it was last held against that page.
    """

    value: Any
    source: str
    as_of: dt.date

    def outdated(self, today: dt.date) -> bool:
        """Whether this was looked at too long ago to block a deployment by it, where AWS may have changed it."""
        return today - self.as_of > LONGEST_TRUST


def fact(group: str, name: str) -> Fact:
    """The fact of this name.

    Raises:
        KeyError: There is none: the file is older than the rule that asks.
    """
    entry = _DOCUMENT[group][name]
    return Fact(entry["value"], entry["source"], dt.date.fromisoformat(entry["asOf"]))
