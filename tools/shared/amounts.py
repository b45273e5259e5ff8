"""Numbers, bytes and time for people."""

from __future__ import annotations

from typing import Final

_STEP: Final = 1024
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")
_MINUTE: Final = 60
_HOUR: Final = 3600
_SECONDS_UP_TO: Final = 100
_MINUTES_UP_TO: Final = 3 * _HOUR


def size(number: float) -> str:
    """Bytes: ``12 MiB``, ``3.4 GiB``."""
    unit = 0
    while number >= _STEP and unit < len(_UNITS) - 1:
        number /= _STEP
        unit += 1
    return f"{number:.1f} {_UNITS[unit]}" if unit and number < _STEP / 100 else f"{number:.0f} {_UNITS[unit]}"


def duration(seconds: float) -> str:
    """Time: ``35 s``, ``12 min``, ``4.5 h``."""
    if seconds < _SECONDS_UP_TO:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _MINUTES_UP_TO else f"{seconds / _HOUR:.1f} h"


def counted(number: int, what: str, several: str = "") -> str:
    """``1 partition``, ``1,200 partitions``."""
    return f"{number:,} {what if number == 1 else several or what + 's'}"
