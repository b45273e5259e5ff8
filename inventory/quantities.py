"""Quantities in words for people."""

from __future__ import annotations

import math

_NO_DECIMALS_FROM = 100


_HOURS_OF_A_DAY = 24


def amount(value: float) -> str:
    """A number for people: at most one decimal below 100, none above, no trailing zero."""
    text = f"{value:.0f}" if abs(value) >= _NO_DECIMALS_FROM else f"{value:.1f}"
    return text.removesuffix(".0")


def days(hours: float) -> str:
    """A time for people: days, or hours below one day."""
    if math.isinf(hours):
        return "any number of days"
    if hours < _HOURS_OF_A_DAY:
        return f"{amount(hours)} hours"
    number = amount(hours / _HOURS_OF_A_DAY)
    return f"{number} day" if number == "1" else f"{number} days"
