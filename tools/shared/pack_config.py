"""What is wrong with the files that configure the policy pack, `policies/config/<stack>.json`: each mistake with file and line.

The engine takes most of them silently. What a file names and the pack does not have, equal keys and values that do not fit are
`offline.pack.config`'s business; here is what an exemption says that cannot be meant: an end more than a year ahead, and a
resource that is nowhere.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.problems import nearest
from offline.pack.config import Mistake, PackConfigError
from offline.pack.config_file import line_of, read_config_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from offline.pack.pack import PolicyPack

POLICIES: Final = "policies"
_FOLDER: Final = "config"
LONGEST: Final = datetime.timedelta(days=366)
"""How far ahead of the day of the judgement an exemption may end, as the pack has it."""

_EXEMPTIONS: Final = "exemptions"
_UNTIL: Final = "until"
_ALIKE: Final = 0.85
"""How much of two URNs of one stack must be alike for one to be meant by the other: much of it always is."""


class PlacedMistake(NamedTuple):
    """A mistake, and where it stands.

    Attributes:
        message: What is wrong, and how to mend it.
        file: The file, from the project's directory.
        line: Its line, from 1.
    """

    message: str
    file: str
    line: int

    def __str__(self) -> str:
        """One line a person can act on."""
        return f"{self.file}:{self.line}: {self.message}"


def configuration_of(directory: Path, stack: str) -> Path:
    """The file that configures the pack for a stack; it need not exist.

    Args:
        directory: Where policies/ is.
        stack: The stack's name.
    """
    return directory / POLICIES / _FOLDER / f"{stack}.json"


def configurations(directory: Path) -> list[Path]:
    """All files that configure the pack, also those that other stacks begin with."""
    return sorted((directory / POLICIES / _FOLDER).glob("*.json"))


def named(file: Path) -> str:
    """A file as people know it: from the project's directory."""
    return f"{POLICIES}/{_FOLDER}/{file.name}"


def placed(file: Path, mistakes: Iterable[Mistake]) -> list[PlacedMistake]:
    """Mistakes with their lines, in the order of the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    found = [
        PlacedMistake(mistake.message, named(file), line_of(text, mistake.path) if mistake.path else mistake.line)
        for mistake in mistakes
    ]
    return sorted(dict.fromkeys(found), key=lambda mistake: mistake.line)


def mistakes_in(pack: PolicyPack, file: Path, today: datetime.date) -> list[Mistake]:
    """What is wrong with a file, whatever the resources are.

    Args:
        pack: The pack, started.
        file: The file.
        today: The day from which a year is counted.

    Raises:
        offline.pack.process.PackError: The pack does not say what it has.
    """
    return [*pack.mistakes(file), *too_long(file, today)]


def too_long(file: Path, today: datetime.date) -> list[Mistake]:
    """The exemptions that end more than a year ahead: they do not hold."""
    last = today + LONGEST
    return [
        Mistake(
            f"{rule}: an exemption ends within a year, so that somebody looks at it again. This one, until {until}, does not "
            f"hold. Set until to {last} or earlier.",
            (rule, _EXEMPTIONS, urn, _UNTIL),
        )
        for rule, urn, until in _exemptions(file)
        if (day := _day(until)) and day > last
    ]


def of_nothing(file: Path, urns: Collection[str]) -> list[Mistake]:
    """The exemptions of what is no resource of the stack: they exempt nothing.

    Args:
        file: The file.
        urns: The URNs of the stack's resources.
    """
    ends = {_end(urn): urn for urn in urns}
    return [
        Mistake(
            f"{rule} exempts {urn}, and the stack has no such resource.{_near(urn, urns, ends.get(_end(urn)))} Correct the "
            "URN, or remove the exemption.",
            (rule, _EXEMPTIONS, urn),
        )
        for rule, urn, _ in _exemptions(file)
        if urn not in urns
    ]


def _day(value: object) -> datetime.date | None:
    """The day that a text names; None for everything else, which the pack's schema refuses."""
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _near(urn: str, urns: Collection[str], elsewhere: str | None) -> str:
    """The right URN where only stack and project differ, as after a copy, else the nearest."""
    near = elsewhere or nearest(urn, urns, cutoff=_ALIKE)
    return f" Did you mean {near}?" if near else ""


def _end(urn: str) -> str:
    """What follows stack and project in a URN."""
    return urn.split("::", 2)[-1]


def _exemptions(file: Path) -> Iterator[tuple[str, str, object]]:
    """Rule, URN and last day of each exemption of a file, as far as it can be read."""
    try:
        given = read_config_file(file).given
    except PackConfigError:
        return
    for rule, config in given.items():
        exemptions = config.properties.get(_EXEMPTIONS)
        for urn, exemption in exemptions.items() if isinstance(exemptions, dict) else ():
            yield rule, urn, exemption.get(_UNTIL) if isinstance(exemption, dict) else None
