"""Violations that only advise, of a rule that refuses otherwise."""

from __future__ import annotations

from types import CellType, FunctionType
from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel

if TYPE_CHECKING:
    from pulumi_policy import ReportViolation

_LEVEL: Final = "enforcement_level"


def advising(report_violation: ReportViolation) -> ReportViolation:
    """The same report at the level advisory: the engine shows it in every preview and update, and goes on.

    The analyzer protocol has a level for each violation (`AnalyzeDiagnostic.enforcementLevel`), the SDK one for each rule,
    which it binds into the function that it hands over. This is that function with another level bound.

    Args:
        report_violation: What the SDK handed over.

    Raises:
        TypeError: The SDK binds no level: better no verdict than one that refuses what is exempt, or hides it.
    """
    if isinstance(report_violation, FunctionType) and _LEVEL in report_violation.__code__.co_freevars:
        cells = zip(report_violation.__code__.co_freevars, report_violation.__closure__ or (), strict=True)
        closure = tuple(CellType(EnforcementLevel.ADVISORY) if name == _LEVEL else cell for name, cell in cells)
        return FunctionType(report_violation.__code__, report_violation.__globals__, None, report_violation.__defaults__, closure)
    message = "This version of pulumi-policy has no level for a single violation. Install the version in requirements.txt."
    raise TypeError(message)
