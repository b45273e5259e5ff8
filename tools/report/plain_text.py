"""Sections as plain text: no colours, no box drawing, nothing cut off, the same width everywhere."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tools.report.sections import Line, Mark, Node, Section, Table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.report.sections import Column

WIDTH = 100
"""Characters a line; a word that is longer is not broken."""

_GAP = "  "
_NARROWEST = 16


def plain_text(sections: Iterable[Section]) -> str:
    """The sections one below the other, with a line end at the end."""
    parts = ["\n".join(_section(section)) for section in sections]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    aside = text(section.aside)
    title = text(section.title)
    yield f"{title} ({aside})" if aside else title
    for block in section.blocks:
        yield from _block(block)


def _block(block: Line | Table | Node) -> Iterator[str]:
    if isinstance(block, Line):
        mark = "- " if block.mark is Mark.NOTE else f"{block.mark}: " if block.mark else ""
        yield from _paragraph(f"{mark}{text(block.words)}", 2)
        for words in block.below:
            yield from _paragraph(text(words), 6)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _node(block, 2)


def _paragraph(words: str, indent: int) -> list[str]:
    # What follows stands a little further in, so that the beginning of the next paragraph is seen.
    return _wrapped(words, WIDTH, " " * indent, " " * (indent + 2))


def _wrapped(words: str, width: int, first: str = "", others: str = "") -> list[str]:
    return textwrap.wrap(
        words,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _node(node: Node, indent: int) -> Iterator[str]:
    yield from _paragraph(text(node.label), indent)
    for child in node.children:
        yield from _node(child, indent + 2)


def _table(table: Table) -> Iterator[str]:
    rows = [tuple(text(cell) for cell in row) for row in table.rows]
    total = tuple(text(cell) for cell in table.total) if table.total else None
    titles = tuple(column.title for column in table.columns)
    everything = [titles, *rows, *([total] if total else [])]
    widths = [max(len(row[index]) for row in everything) for index in range(len(titles))]
    flexible = [index for index, column in enumerate(table.columns) if column.wraps]
    if flexible:
        fixed = sum(width for index, width in enumerate(widths) if index not in flexible)
        room = WIDTH - 2 - fixed - len(_GAP) * (len(widths) - 1)
        for index in flexible:
            share = room // len(flexible)
            widths[index] = max(min(widths[index], share), min(widths[index], _NARROWEST))
    if any(titles):
        yield from _row(titles, widths, table.columns)
    for row in rows:
        yield from _row(row, widths, table.columns)
    if total:
        yield from _row(
            tuple("-" * width if cell else "" for width, cell in zip(widths, total, strict=True)), widths, table.columns
        )
        yield from _row(total, widths, table.columns)


def _row(cells: tuple[str, ...], widths: list[int], columns: tuple[Column, ...]) -> Iterator[str]:
    broken = [
        _wrapped(cell, width) if column.wraps else [cell] for cell, width, column in zip(cells, widths, columns, strict=True)
    ]
    for index in range(max(map(len, broken))):
        line = [
            _aligned(lines[index] if index < len(lines) else "", width, right=column.right)
            for lines, width, column in zip(broken, widths, columns, strict=True)
        ]
        yield f"  {_GAP.join(line)}".rstrip()


def _aligned(cell: str, width: int, *, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
