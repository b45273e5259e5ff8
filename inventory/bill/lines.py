"""The lines of a bill: what each is about, what it rests on, and how things are counted in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inventory.prices import Price


class Basis(StrEnum):
    """What the amount of a line rests on."""

    FIXED = "fixed"
    """The resources alone: it is due as long as they are there."""
    WORKLOAD = "workload"
    """The stated workload: an estimate."""
    USAGE = "usage"
    """A usage that nobody has stated: no amount, but a price for each unit."""
    NOT_PRICED = "not priced"
    """No sourced price."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the bill.

    Attributes:
        key: What the line is about, whatever the number and the size: lines of two bills with the same key are held against
            each other.
        item: What is paid for.
        basis: What the amount rests on.
        quantity: How many units in a month; None where that is not known.
        price: The price of one unit; None where no price has a source.
        note: What else is to be known about the line; may be empty.
        grows_to: What it may grow to by itself, as the end of "6 volumes, "; empty where it does not.
    """

    key: str
    item: str
    basis: Basis
    quantity: float | None
    price: Price | None
    note: str = ""
    grows_to: str = ""

    @property
    def usd(self) -> float | None:
        """US dollars a month; None where it is by usage or not priced."""
        if self.quantity is None or self.price is None:
            return None
        return self.quantity * self.price.usd


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """How many there are of something, in words for people.

    Args:
        count: How many.
        singular: What one of them is called; a type token is no word and has no plural.
        plural: What several are called, where that is not the singular with an s.
    """
    several = plural or (f"{singular}es" if singular.endswith("s") else f"{singular}s")
    return f"{count} {singular if count == 1 or ':' in singular else several}"
