"""What is wrong with a stack file, as data: where, what was found, what is allowed."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
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
        line: Its line in the stack file, where the path does not lead there: it stands outside the configuration.
    """

    path: Path
    value: object
    message: str
    line: int | None = None

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
    text = printable(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def printable(text: str) -> str:
    """Text that came from elsewhere, for people: what a terminal obeys, hides or turns around is escaped, line ends too."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii") for character in text
    )


_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters, marks and a symbol that show nothing; what else shows nothing says so by its category."""


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text: nothing, spaces of any width, also of none, control characters, fillers."""
    return all(
        unicodedata.category(character)[0] in "ZC" or character in _BLANK_LETTERS or "\ufe00" <= character <= "\ufe0f"
        for character in text
    )


NEVER_SUGGESTED = frozenset(
    {
        "allow.everyone.if.no.acl.found",
        "auto.create.topics.enable",
        "compact",
        "delete",
        "delete.topic.enable",
        "plaintext",
        "publicaccess",
        "tls_plaintext",
        "unauthenticated",
        "unclean.leader.election.enable",
    }
)
"""Names, in lower case, that lose messages, open a door or empty a topic: who wants them writes them without a hint."""

_LONGEST_NAME = 256

_OPPOSITES = (
    ("accept", "refuse"), ("allow", "deny"), ("clean", "unclean"), ("create", "delete"), ("delete", "compact"),
    ("disable", "enable"), ("disabled", "enabled"), ("exclude", "include"), ("first", "last"), ("grow", "shrink"),
    ("high", "low"), ("in", "out"), ("inbound", "outbound"), ("initial", "maximum"), ("local", "remote"), ("max", "min"),
    ("maximum", "minimum"), ("off", "on"), ("private", "public"), ("produce", "consume"), ("read", "write"), ("start", "stop"),
    ("true", "false"), ("up", "down"),
)  # fmt: skip
"""Words of which one says the contrary of the other, or another end of the same thing."""


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def _opposite(name: str, candidate: str) -> bool:
    """Whether one name says the contrary of the other."""
    words, others = _words(name), _words(candidate)
    pairs = (*_OPPOSITES, *((word, f"un{word}") for word in words | others))
    return any(
        (pair in words and other in others - words) or (other in words and pair in others - words)
        for pair, other in pairs
        if not (pair in words & others or other in words & others)
    )


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The one of ``names`` that ``name`` was most likely meant to be, or None when none is near.

    None too where that one loses data, opens a door or means the opposite: the next best is not what was meant either.

    Args:
        name: What was written.
        names: What there is.
        cutoff: How much of it must be alike, from 0 to 1.
    """
    by_lower = {candidate.lower(): candidate for candidate in names}
    # Comparing takes time with the square of the length, and no name is that long.
    written = name.lower() if len(name) <= _LONGEST_NAME else ""
    close_names = difflib.get_close_matches(written, by_lower, n=1, cutoff=cutoff)
    candidate = by_lower[close_names[0]] if close_names else None
    if candidate is None or candidate.lower() in NEVER_SUGGESTED or _opposite(name, candidate):
        return None
    return candidate


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
