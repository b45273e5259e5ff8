"""Sections on a terminal, in colour, as wide as the terminal but not wider than one can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text
from rich.tree import Tree

from tools.report.sections import Line, Mark, Node, Section, Table, Tone, pieces, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from tools.report.sections import Block, Words

WIDEST: Final = 120
"""Columns beyond which lines are no longer pleasant to read."""

_QUIET: Final = "dim"
"""Half of whatever colour text has: the colour that terminals call bright black is the background in some dark themes."""

_STYLES: Final = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.QUIET: _QUIET,
    Tone.GOOD: "green",
    Tone.WARNING: "yellow",
    Tone.BAD: "bold red",
    Tone.NAME: "cyan",
}

_MARKS: Final = {
    Mark.PASSED: ("✓", "green"),
    Mark.FAIL: ("✗", "bold red"),
    Mark.ADVICE: ("!", "yellow"),
    Mark.WARNING: ("!", "yellow"),
    Mark.EXEMPT: ("!", "yellow"),
    Mark.SKIPPED: ("\N{EN DASH}", _QUIET),
    Mark.NOTE: ("·", _QUIET),
}


def show(sections: Iterable[Section], console: Console) -> None:
    """Prints the sections.

    Args:
        sections: What to print.
        console: Where to.
    """
    width = min(console.width, WIDEST)
    for section in sections:
        console.print(_section(section, width), width=width)
        console.print()


def show_on(stream: TextIO, sections: Iterable[Section]) -> None:
    """Prints the sections on one of the process's streams.

    Args:
        stream: Standard output or standard error.
        sections: What to print.
    """
    show(sections, Console(file=stream, highlight=False))


def _section(section: Section, width: int) -> RenderableType:
    title = Text()
    title.append(text(section.title), "bold")
    if section.aside:
        title.append("  ")
        title.append_text(_text(section.aside, quiet=True))
    title.append(" ")
    title.append("─" * max(width - title.cell_len, 0), _QUIET)
    return Group(title, *(Padding(_block(block), (0, 0, 0, 2)) for block in section.blocks))


def _block(block: Block) -> RenderableType:
    if isinstance(block, Line):
        return _line(block)
    if isinstance(block, Table):
        return _table(block)
    tree = Tree(_text(block.label), guide_style=_QUIET)
    _grow(tree, block)
    return tree


def _text(words: Words, *, quiet: bool = False) -> Text:
    result = Text(overflow="fold")
    for piece in pieces(words):
        style = _STYLES[Tone.QUIET if quiet and piece.tone is Tone.PLAIN else piece.tone]
        result.append(piece.text, style)
    return result


def _line(line: Line) -> RenderableType:
    below = [_text(words, quiet=True) for words in line.below]
    if line.mark is Mark.NONE:
        return Group(_text(line.words), *(Padding(row, (0, 0, 0, 2)) for row in below))
    symbol, style = _MARKS[line.mark]
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(symbol, style), _text(line.words))
    for row in below:
        grid.add_row("", row)
    return grid


def _table(table: Table) -> RenderableType:
    titled = any(column.title for column in table.columns)
    made = RichTable(
        box=box.SIMPLE_HEAD if titled else None,
        show_header=titled,
        show_edge=False,
        pad_edge=False,
        # With a heading, the box puts a blank of its own between columns.
        padding=(0, 1 if titled else 2, 0, 0),
        header_style=_QUIET,
        border_style=_QUIET,
    )
    for column in table.columns:
        made.add_column(
            column.title,
            justify="right" if column.right else "left",
            no_wrap=not column.wraps,
            overflow="fold",
        )
    for row in table.rows:
        made.add_row(*(_text(cell) for cell in row))
    if table.total:
        made.add_section()
        made.add_row(*(_text(cell) for cell in table.total))
    return made


def _grow(tree: Tree, node: Node) -> None:
    for child in node.children:
        _grow(tree.add(_text(child.label)), child)
