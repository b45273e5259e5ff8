"""Text for GitHub's Markdown, which takes nothing in it for more than text, and sections as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tools.report.sections import Line, Table, on_one_line, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.report.sections import Node, Section

MOST_OF_A_CELL: Final = 1_000
"""Characters of a text that are shown."""

_ESCAPED: Final = re.compile(r"([\\`*_\[\]<>|~#&@!$])")
_LINKED: Final = re.compile(
    r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=GH)(?=-\d)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+:)", re.IGNORECASE
)
"""Where GitHub would find a mention, an issue, an address or an emoji in plain text: a comment there keeps it text."""


def plain(words: str, most: int = MOST_OF_A_CELL) -> str:
    """Text that Markdown takes for nothing but text, on one line, cut where it is long."""
    whole = on_one_line(" ".join(words.split()))
    parts = _LINKED.split(whole if len(whole) <= most else f"{whole[:most]}…")
    return "<!-- -->".join(_ESCAPED.sub(r"\\\1", part) for part in parts)


def markdown(sections: Iterable[Section]) -> str:
    """Sections of lines as Markdown: headings and lists, with a line end at the end."""
    return "\n\n".join("\n".join(_section(section)) for section in sections) + "\n"


def _section(section: Section) -> Iterator[str]:
    aside = text(section.aside)
    yield f"### {plain(text(section.title))}"
    yield ""
    if aside:
        yield f"_{plain(aside)}_"
        yield ""
    for block in section.blocks:
        yield from _block(block)


def _block(block: Line | Table | Node) -> Iterator[str]:
    if not isinstance(block, Line):
        raise TypeError("only lines have a form in Markdown here")
    mark = f"**{block.mark}** " if block.mark else ""
    yield f"- {mark}{plain(text(block.words))}"
    yield from (f"  - {plain(text(words))}" for words in block.below)
