"""Server properties as the brokers read them: Java's format, in which more than `=` ends a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANKS: Final = " \t\f"
_ENTRY: Final = re.compile(r"((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Each name with its value, in the order of the text. Java SE documentation, `java.util.Properties.load`.

    A line without a separator is a name without a value; a line that ends in an odd number of backslashes goes on in the next.
    """
    for line in _lines(text):
        match = _ENTRY.fullmatch(line)
        if match:
            yield _plain(match[1]), _plain(match[2]).strip()


def _lines(text: str) -> Iterator[str]:
    """The logical lines: no comments, no blank ones, continued ones joined."""
    begun = ""
    for natural in re.split(r"\r\n|\n|\r", text):
        line = natural.lstrip(_BLANKS)
        if not begun and (not line or line.startswith(("#", "!"))):
            continue
        line = begun + line
        if (len(line) - len(line.rstrip("\\"))) % 2:
            begun = line[:-1]
            continue
        begun = ""
        if line:
            yield line
    if begun:
        yield begun


def _plain(text: str) -> str:
    """A text with its escapes resolved."""
    return _ESCAPED.sub(
        lambda match: chr(int(match[1][1:], 16)) if len(match[1]) > 1 else _CONTROLS.get(match[1], match[1]), text
    )
