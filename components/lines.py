"""Where a setting stands in the text of a stack file, for messages of a program that has no YAML parser at hand.

The Pulumi CLI parses the file and hands over values alone. Indentation leads to the line of everything that stands on a line of
its own; what is written on one line, in braces, is found at that line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.problems import Path

_KEY = re.compile(r"""(?P<quote>["']?)(?P<key>[^\s"'#{}\[\]][^"'#{}\[\]]*?)(?P=quote)[ \t]*:(?=[ \t]|$)""")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with something on it: its number, how far it is indented, and what it says."""

    number: int
    indent: int
    content: str

    @property
    def key(self) -> str | None:
        match = _KEY.match(self.content)
        return match["key"] if match else None


def line_of(path: Path, file_text: str, *, project: str) -> int | None:
    """The line of a setting, or of the innermost block around it that has a line; None where the file does not name it.

    Args:
        path: Where the setting stands, without ``config``.
        file_text: The text of the stack file.
        project: The project's name, which may stand before the first part of the path.
    """
    lines = _lines(file_text)
    at = next((place for place, line in enumerate(lines) if line.indent == 0 and line.key == "config"), None)
    if at is None:
        return None
    inside, number = _below(lines, at), None
    for depth, part in enumerate(path):
        names = {str(part), *({f"{project}:{part}"} if depth == 0 else ())}
        place = _item(inside, part) if isinstance(part, int) else _entry(inside, names)
        if place is None:
            return number
        number, inside = inside[place].number, _below(inside, place)
    return number


def _lines(file_text: str) -> list[_Line]:
    lines = (
        _Line(number, len(text) - len(text.lstrip(" ")), text.strip()) for number, text in enumerate(file_text.splitlines(), 1)
    )
    return [line for line in lines if line.content and line.content[0] != "#"]


def _below(lines: Sequence[_Line], place: int) -> list[_Line]:
    """The lines of the block that a line begins. Items of a list may stand as far to the left as their key."""
    first, block = lines[place], []
    listed = first.content[0] != "-"
    for line in lines[place + 1 :]:
        if line.indent < first.indent or (line.indent == first.indent and not (listed and line.content[0] == "-")):
            break
        block.append(line)
    if first.content[0] == "-":
        # The first entry of an item stands on the item's own line.
        rest = first.content[1:].lstrip(" ")
        return [_Line(first.number, first.indent + len(first.content) - len(rest), rest), *block] if rest else block
    return block


def _entry(lines: Sequence[_Line], names: set[str]) -> int | None:
    outermost = min((line.indent for line in lines), default=0)
    return next((place for place, line in enumerate(lines) if line.indent == outermost and line.key in names), None)


def _item(lines: Sequence[_Line], index: int) -> int | None:
    outermost = min((line.indent for line in lines), default=0)
    items = [place for place, line in enumerate(lines) if line.indent == outermost and line.content[0] == "-"]
    return items[index] if index < len(items) else None
