"""The checks of settings against each other: each says what it needs, and is left out while that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.msk.regions import storage_autoscaling_available
from domain.problems import Problem
from domain.settings.stack import StackSettings

_Finding = TypeVar("_Finding")


Path = tuple[str | int, ...]
"""Where a setting stands in the stack file."""


@dataclass(frozen=True, slots=True)
class _Check(Generic[_Finding]):
    """A look at several settings at once.

    Attributes:
        needs: The settings it looks at: it is left out while one of them, or something in it, is itself wrong.
        find: What it finds.
    """

    needs: tuple[Path, ...]
    find: Callable[[StackSettings], Iterable[_Finding]]


_CHECKS: list[_Check[Problem]] = []


_WARNINGS: list[_Check[str]] = []


_ProblemFinder = Callable[[StackSettings], Iterable[Problem]]


_WarningFinder = Callable[[StackSettings], Iterable[str]]


def checks(*needs: str) -> Callable[[_ProblemFinder], _ProblemFinder]:
    def register(find: _ProblemFinder) -> _ProblemFinder:
        _CHECKS.append(_Check(tuple(tuple(one.split(".")) for one in needs), find))
        return find

    return register


def warns(*needs: str) -> Callable[[_WarningFinder], _WarningFinder]:
    def register(find: _WarningFinder) -> _WarningFinder:
        _WARNINGS.append(_Check(tuple(tuple(one.split(".")) for one in needs), find))
        return find

    return register


def check(settings: StackSettings, invalid: Collection[Path] = ()) -> list[Problem]:
    """Every mistake between settings.

    Args:
        settings: The settings; those that were wrong have their defaults.
        invalid: The paths of those that were wrong. Their own mistakes are reported already, and what hangs on them shows once
            they are mended.
    """
    return [problem for one in _CHECKS if not any(touched(need, invalid) for need in one.needs) for problem in one.find(settings)]


def touched(path: Path, invalid: Collection[Path]) -> bool:
    """Whether a setting, something in it or the block it is in is among the wrong ones."""
    return any(path[: len(wrong)] == wrong or wrong[: len(path)] == path for wrong in invalid)


def warn(settings: StackSettings, *, region: str) -> list[str]:
    """What a person should know about valid settings though nothing is wrong.

    Args:
        settings: The settings.
        region: The region they are for.
    """
    warnings = [warning for one in _WARNINGS for warning in one.find(settings)]
    if settings.storage.autoscaling and not settings.broker.is_express and not storage_autoscaling_available(region):
        warnings.append(
            f"storage.autoscaling may not exist in {region}: AWS's documentation left it out when it last listed regions. "
            "If the deployment fails there, set storage.autoscaling to false."
        )
    return warnings
