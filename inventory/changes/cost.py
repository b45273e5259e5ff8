"""What a change costs: the bill of a month before and after, line by line, from the same code as the preview's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.bill.lines import Basis, CostLine
from inventory.cost import MonthlyCost, monthly_cost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.changes.steps import Step
    from inventory.price_list import PriceList


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of the bill that changes.

    Attributes:
        before: What was paid for; empty where the line is new.
        after: What will be paid for; empty where the line goes.
        basis: What the amounts rest on.
        usd_before: US dollars a month before; None where that is by usage or not priced.
        usd_after: US dollars a month after; None likewise.
    """

    before: str
    after: str
    basis: Basis
    usd_before: float | None
    usd_after: float | None

    @property
    def usd(self) -> float | None:
        """The difference a month; None where it is not known."""
        return None if self.usd_before is None or self.usd_after is None else self.usd_after - self.usd_before


@dataclass(frozen=True, slots=True)
class CostChange:
    """The bill before and after.

    Attributes:
        before: The bill of what is deployed, as far as the preview names it.
        after: The bill of what will be.
        lines: The lines that change.
    """

    before: MonthlyCost
    after: MonthlyCost
    lines: tuple[LineChange, ...]

    @property
    def usd(self) -> float:
        """The difference a month of all lines whose amounts are known before and after."""
        return sum(line.usd or 0.0 for line in self.lines)

    @property
    def not_known(self) -> tuple[str, ...]:
        """Lines that change by an amount that nobody can name: the difference is without them."""
        return tuple(line.after or line.before for line in self.lines if line.usd is None)


def cost_change(steps: Iterable[Step], region: str, listed: PriceList | None = None) -> CostChange:
    """What the steps cost.

    Args:
        steps: All steps of a preview.
        region: Where the stack is; only for saying whose prices these are.
        listed: Prices of Amazon MSK there, where they were read.
    """
    every = list(steps)
    before = monthly_cost([step.old for step in every if step.old], region, listed)
    after = monthly_cost([step.new for step in every if step.new], region, listed)
    return CostChange(before, after, tuple(_lines(before, after)))


def _lines(before: MonthlyCost, after: MonthlyCost) -> Iterable[LineChange]:
    old, new = _by_key(before.lines), _by_key(after.lines)
    for key in dict.fromkeys([*old, *new]):
        was, will = old.get(key, []), new.get(key, [])
        if [(line.item, line.usd, line.grows_to) for line in was] == [(line.item, line.usd, line.grows_to) for line in will]:
            continue
        if _sum(was) == _sum(will) == 0:
            continue
        basis = (will or was)[0].basis
        yield LineChange(_items(was), _items(will), basis, _sum(was), _sum(will))


def _by_key(lines: Iterable[CostLine]) -> dict[str, list[CostLine]]:
    by_key: dict[str, list[CostLine]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    return by_key


def _items(lines: list[CostLine]) -> str:
    return " and ".join(f"{line.item}, {line.grows_to}" if line.grows_to else line.item for line in lines)


def _sum(lines: list[CostLine]) -> float | None:
    """Dollars of the lines, nothing for none; None where one of them has no amount."""
    amounts = [line.usd for line in lines]
    return None if None in amounts else sum(amount for amount in amounts if amount is not None)
