"""What is wrong with a stack file, as data: where, what was found, what is allowed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a setting stands in the stack file, for example ``("storage", "maximumGiB")``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the stack file.

    Attributes:
        path: Where it stands.
        value: What was found there; ``ABSENT`` when the setting is missing.
        message: What is allowed and how to mend it: a sentence that follows "path = value: ".
    """

    path: Path
    value: object
    message: str

    def below(self, *block: str | int) -> Problem:
        """The same mistake in a block: its path begins with the block's."""
        return Problem((*block, *self.path), self.value, self.message)

    @property
    def setting(self) -> str:
        """The path as it is written in text: ``network.existing.subnetIds[1]``."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text

    def __str__(self) -> str:
        """One line a person can act on."""
        if self.value is ABSENT:
            return f"{self.setting}: {self.message}"
        return f"{self.setting} = {shown(self.value)}: {self.message}"


class _Absent:
    """The value of a setting that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Stands for the value where the mistake is that there is none."""

_LONGEST_VALUE = 60


def shown(value: object) -> str:
    """The value as the stack file would have it, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def printable(text: str) -> str:
    """Text that came from elsewhere, for people: what a terminal obeys, hides or turns around is escaped, line ends too."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii") for character in text
    )


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``name`` was most likely meant to be, or None when none is near."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    close_names = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close_names[0]] if close_names else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`` Did you mean X?`` with a leading blank, or nothing when no name is near."""
    candidate = nearest(name, names)
    return f" Did you mean {candidate}?" if candidate else ""


class SettingsError(Exception):
    """The stack file is wrong. Carries every mistake that was found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        count = len(self.problems)
        super().__init__(f"The stack file has {count} mistake{'s' if count > 1 else ''}:\n{lines}")
