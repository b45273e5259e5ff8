"""A report as sections of lines, tables and trees: what is said, not how it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from domain.problems import printable


class Tone(StrEnum):
    """What a piece of text means; a terminal gives it a colour, plain text nothing."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text of one tone.

    Attributes:
        text: The text, without line ends.
        tone: What it means.
    """

    text: str
    tone: Tone = Tone.PLAIN


Words: TypeAlias = str | Piece | tuple["str | Piece", ...]
"""Text: as it is, of one tone, or of several."""


Cells: TypeAlias = tuple[Words, ...]
"""The cells of a row."""

TIMES: Final = "\N{MULTIPLICATION SIGN}"


_LINE_ENDS: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def on_one_line(text: str) -> str:
    """Text without line ends, and without anything else that a terminal would obey: it may come from elsewhere."""
    return printable(_LINE_ENDS.sub(" ", text))


def pieces(words: Words) -> tuple[Piece, ...]:
    """The same as pieces, each on one line."""
    parts = words if isinstance(words, tuple) else (words,)
    every = (Piece(part) if isinstance(part, str) else part for part in parts)
    return tuple(Piece(on_one_line(part.text), part.tone) for part in every)


def text(words: Words) -> str:
    """The same without tones."""
    return "".join(piece.text for piece in pieces(words))


class Mark(StrEnum):
    """What stands in front of a line."""

    NONE = ""
    PASSED = "pass"
    FAIL = "FAIL"
    ADVICE = "advice"
    WARNING = "warning"
    SKIPPED = "skipped"
    EXEMPT = "exempt"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, with a mark or none, and more paragraphs below it."""

    words: Words
    mark: Mark = Mark.NONE
    below: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: Its heading; a table whose columns have none has no heading line.
        right: Whether it is flush right, for numbers.
        wraps: Whether its cells may be broken into several lines; at least one column of a table may.
    """

    title: str = ""
    right: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns.

    Attributes:
        columns: The columns.
        rows: The rows, each with one cell a column.
        total: A last row that is set apart; None for none.
    """

    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    total: Cells | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree.

    Attributes:
        label: What it is.
        children: The nodes below it.
    """

    label: Words
    children: tuple[Node, ...] = ()


Block: TypeAlias = Line | Table | Node


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with a title.

    Attributes:
        title: Its title.
        blocks: What it says.
        aside: A few words behind the title, for example a count.
    """

    title: str
    blocks: tuple[Block, ...]
    aside: Words = field(default="")
