"""A small writer of SVG: boxes, text and arrows, the same bytes for the same drawing.

Colours are chosen for a white background, which each picture brings along, so that pages with a dark one show the same.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

INK: Final = "#1f2933"
FAINT: Final = "#52606d"
LINE: Final = "#9aa5b1"
PAPER: Final = "#ffffff"
PALETTE: Final = ("#0b6e99", "#b45309", "#0f766e", "#9d174d", "#4d7c0f", "#6d28d9", "#b91c1c", "#334e68", "#a16207", "#0369a1")
"""Colours that people with colour-blindness tell apart by their lightness too; each reads as text on white."""

_FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_WIDTHS: Final = {
    "narrow": ("iljtf.,:;'|!()[]- /", 0.36),
    "wide": ("mwMW@%", 0.95),
    "capital": ("ABCDEFGHIJKLNOPQRSTUVXYZ_&+\N{MULTIPLICATION SIGN}", 0.74),
}
_USUAL: Final = 0.61
_BOLD: Final = 1.07


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the widest of the fonts that may show it.

    Args:
        text: The text.
        size: Its size.
        bold: Whether it is bold.
    """
    return sum(_width_of(letter) for letter in text) * size * (_BOLD if bold else 1)


def _width_of(letter: str) -> float:
    return next((width for letters, width in _WIDTHS.values() if letter in letters), _USUAL)


def fitted(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """A text that is cut where it is wider than there is room."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text}…"


class Drawing:
    """A picture.

    Args:
        width: Its width.
        title: What it shows, in a few words.
        description: The same as sentences, for those who cannot see it.
    """

    def __init__(self, width: float, title: str, description: str) -> None:
        self._width = width
        self._title = title
        self._description = description
        self._parts: list[str] = []
        self._colours: list[str] = []

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str = PAPER, stroke: str = LINE, dashed: bool = False
    ) -> None:
        """A box with round corners."""
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="6" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="1.5"{dashes}/>'
        )

    def text(
        self, x: float, y: float, words: str, *, size: float = 13, bold: bool = False, colour: str = INK, anchor: str = "start"
    ) -> None:
        """A line of text; `y` is its baseline."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{weight} fill="{colour}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def arrow(self, start: tuple[float, float], end: tuple[float, float], colour: str, *, label: str = "") -> None:
        """A curved arrow from left to right.

        Args:
            start: Where it begins.
            end: Where its head is.
            colour: Its colour.
            label: What a pointer that rests on it is told.
        """
        if colour not in self._colours:
            self._colours.append(colour)
        (x1, y1), (x2, y2) = start, end
        bend = (x2 - x1) / 2
        told = f"<title>{escape(label)}</title>" if label else ""
        self._parts.append(
            f'<path d="M{_n(x1)} {_n(y1)} C{_n(x1 + bend)} {_n(y1)} {_n(x2 - bend)} {_n(y2)} {_n(x2 - 5)} {_n(y2)}" fill="none" '
            f'stroke="{colour}" stroke-width="1.8" stroke-opacity="0.85" marker-end="url(#head{self._colours.index(colour)})">'
            f"{told}</path>"
        )

    def rendered(self, height: float) -> str:
        """The picture's text.

        Args:
            height: Its height, which is known when everything is drawn.
        """
        heads = "".join(
            f'<marker id="head{number}" viewBox="0 0 10 10" refX="4" refY="5" markerWidth="6" markerHeight="6" orient="auto">'
            f'<path d="M0 0 L10 5 L0 10 z" fill="{colour}"/></marker>'
            for number, colour in enumerate(self._colours)
        )
        width, tall = _n(self._width), _n(height)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {tall}" width="{width}" height="{tall}" role="img" '
            f'aria-labelledby="title desc" font-family={quoteattr(_FONT)}>'
        )
        return "\n".join(
            [
                head,
                f'<title id="title">{escape(self._title)}</title>',
                f'<desc id="desc">{escape(self._description)}</desc>',
                *([f"<defs>{heads}</defs>"] if heads else []),
                f'<rect width="{width}" height="{tall}" rx="10" fill="{PAPER}"/>',
                *self._parts,
                "</svg>\n",
            ]
        )


def _n(number: float) -> str:
    """A number with at most one digit behind the point."""
    return f"{number:.1f}".removesuffix(".0")
