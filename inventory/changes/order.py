"""What does not work in one update, or not at all, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of an order, the worst first."""

    REFUSED = "refused"
    """AWS or a guard refuses it: the update fails."""
    REPLACES = "replaces"
    """AWS has no such update: the provider replaces the cluster instead."""
    UNKNOWN = "not known"
    """This tool does not know what becomes of it: somebody has to look it up."""
    ADVICE = "advice"
    """It works, and there is a better way."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something that does not work in one update, or not at all.

    Attributes:
        urn: The resource it is about.
        rule: Its name.
        verdict: Whether it is refused, or what else it is.
        message: What is wrong.
        steps: What to do instead, in order.
    """

    urn: str
    rule: str
    verdict: Verdict
    message: str
    steps: tuple[str, ...]
