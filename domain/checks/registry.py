"""The registry of checks: what must hold between settings, and what deserves a warning though nothing is wrong.

A check takes the plan, which has the settings, and yields what it finds. It says which settings it needs, and is left out
while one of them is itself wrong.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.msk.brokers import is_outdated
from domain.plan.platform import Plan
from domain.problems import Path, Problem

_Finding = TypeVar("_Finding", Problem, str)
_Find = Callable[[Plan], Iterable[_Finding]]


@dataclass(frozen=True, slots=True)
class _Check(Generic[_Finding]):
    """A look at several settings at once.

    Attributes:
        needs: The settings it looks at, none of which may be wrong, nor anything in them.
        after_others: Whether what the others found counts as wrong too: it judges what follows from many settings.
        find: What it finds.
        listed: The day of the list by which it judges, to which AWS adds: from an old one nothing is refused, only warned of.
        provisioned: Whether it looks at what only a provisioned cluster has.
    """

    needs: tuple[Path, ...]
    after_others: bool
    find: _Find[_Finding]
    listed: datetime.date | None = None
    provisioned: bool = False

    def concerns(self, plan: Plan) -> bool:
        """Whether the plan has what it looks at."""
        return not (self.provisioned and plan.settings.is_serverless)

    def only_warns(self, today: datetime.date) -> bool:
        """Whether the list it judges by is too old to refuse by."""
        return self.listed is not None and is_outdated(self.listed, today)


_CHECKS: list[_Check[Problem]] = []
_WARNINGS: list[_Check[str]] = []


def checks(
    *needs: str | Path, after_others: bool = False, listed: datetime.date | None = None, provisioned: bool = False
) -> Callable[[_Find[Problem]], _Find[Problem]]:
    """Registers a check that finds mistakes.

    Args:
        needs: The settings it looks at, with dots; as a path where a name in it has dots of its own.
        after_others: Whether it waits for what the others find.
        listed: The day of the list of broker types or versions that it judges by; None where it judges by none.
        provisioned: Whether it looks at what only a provisioned cluster has: brokers, volumes, server properties.
    """
    return lambda find: _registered(_CHECKS, needs, find, after_others=after_others, listed=listed, provisioned=provisioned)


def warns(*needs: str, provisioned: bool = False) -> Callable[[_Find[str]], _Find[str]]:
    """Registers a check that finds what deserves a warning; it looks at valid settings only.

    Args:
        needs: The settings it looks at.
        provisioned: Whether it looks at what only a provisioned cluster has.
    """
    return lambda find: _registered(_WARNINGS, needs, find, after_others=False, provisioned=provisioned)


def _registered(
    registry: list[_Check[_Finding]],
    needs: Iterable[str | Path],
    find: _Find[_Finding],
    *,
    after_others: bool,
    listed: datetime.date | None = None,
    provisioned: bool = False,
) -> _Find[_Finding]:
    paths = tuple(tuple(need.split(".")) if isinstance(need, str) else need for need in needs)
    registry.append(_Check(paths, after_others, find, listed, provisioned))
    return find


def problems_of(plan: Plan, invalid: Collection[Path] = ()) -> list[Problem]:
    """Every mistake between settings.

    Args:
        plan: The plan; settings that were wrong have their defaults in it.
        invalid: The paths of those that were wrong. Their own mistakes are reported already, and what hangs on them shows once
            they are mended.
    """
    problems: list[Problem] = []
    wrong = set(invalid)
    refusing = [check for check in _CHECKS if check.concerns(plan) and not check.only_warns(plan.today)]
    for after_others in (False, True):
        for check in refusing:
            if check.after_others is after_others and not any(touched(need, wrong) for need in check.needs):
                problems += [problem for problem in check.find(plan) if not after_others or not touched(problem.path, wrong)]
        wrong |= {problem.path for problem in problems}
    return problems


def warnings_of(plan: Plan) -> list[str]:
    """What a person should know about valid settings though nothing is wrong, and what is wrong by an old list only."""
    by_old_lists = [
        f"{problem} This comes from a list of {check.listed}, which is too old to refuse by. Check whether it is still true."
        for check in _CHECKS
        if check.concerns(plan) and check.only_warns(plan.today)
        for problem in check.find(plan)
    ]
    return [*by_old_lists, *(warning for check in _WARNINGS if check.concerns(plan) for warning in check.find(plan))]


def touched(path: Path, invalid: Iterable[Path]) -> bool:
    """Whether a setting, something in it or the block it is in is among the wrong ones."""
    return any(path[: len(wrong)] == wrong or wrong[: len(path)] == path for wrong in invalid)
