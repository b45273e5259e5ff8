"""Which of several things is a day's turn: by day one of them is tried, with `--exhaustive` all."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def of_the_day(names: Sequence[str], *, exhaustive: bool) -> list[str]:
    """The names whose turn it is: the same for everybody on one day, each once in as many days as there are names.

    Args:
        names: All names.
        exhaustive: Whether all are wanted.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    return list(names) if exhaustive else [names[day.toordinal() % len(names)]]
