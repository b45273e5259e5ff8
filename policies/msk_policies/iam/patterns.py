"""The patterns of IAM: `*` stands for any text, `?` for one character, `${...}` for what a request makes known.

IAM User Guide, "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WILDCARDS: Final = "*?"
_PART: Final = re.compile(r"\$\{[^}]*\}|\*|\?")
_OPEN_DEFAULT: Final = re.compile(r"\$\{[^},]*,[^}]*[*?][^}]*\}")
"""A variable that is a wildcard where the request has none: it is taken for the wildcard."""
_ESCAPED: Final = {"${*}": "*", "${?}": "?", "${$}": "$"}
_VARIABLE: Final = "\x00"
"""What stands for a variable's value, in patterns as in what is held against them: some text, though never any text."""


class Pattern:
    """A pattern, made ready to be held against many texts.

    `*` takes in colons, too, as it does at the end of an ARN's segment. Most patterns are one text, or the beginning of texts:
    only the others need a regular expression.

    Attributes:
        beginning: What every text begins with that the pattern takes in.
    """

    def __init__(self, text: str) -> None:
        text = _opened(text)
        beginning = fixed_beginning(text)
        self.beginning = _plain(beginning)
        self._rest = re.sub(r"\*+", "*", text.removeprefix(beginning))
        # Stars in a row are one: the regular expression of many would take too long.
        self._compiled: re.Pattern[str] | None = None

    def takes_in(self, text: str) -> bool:
        """Whether the pattern takes in a text, case and all."""
        if not text.startswith(self.beginning):
            return False
        if self._rest in ("", "*"):
            return bool(self._rest) or len(text) == len(self.beginning)
        if self._compiled is None:
            self._compiled = _expression(self._rest)
        return self._compiled.fullmatch(text, len(self.beginning)) is not None


@lru_cache(maxsize=8192)
def pattern(text: str) -> Pattern:
    """The pattern that a text is."""
    return Pattern(text)


def is_fixed(text: str) -> bool:
    """Whether a pattern stands for a single text: no wildcard is in it, those that are escaped or in a variable aside."""
    return not any(part in WILDCARDS for part in _PART.findall(_opened(text)))


def fixed_beginning(text: str) -> str:
    """What every text that a pattern takes in begins with, its variables and all."""
    text = _opened(text)
    for part in _PART.finditer(text):
        if part[0] in WILDCARDS:
            return text[: part.start()]
    return text


def has_variables(text: str) -> bool:
    """Whether a request decides what a pattern stands for."""
    return any(part not in WILDCARDS and part not in _ESCAPED for part in _PART.findall(text))


def example(text: str, many: str, single: str) -> str:
    """A text that a pattern takes in.

    Args:
        text: The pattern.
        many: What to put for `*`; it is the whole text where the pattern is nothing else.
        single: What to put for `?`.
    """
    return _PART.sub(lambda part: {"*": many, "?": single}.get(part[0], _ESCAPED.get(part[0], _VARIABLE)), text)


def _opened(text: str) -> str:
    return _OPEN_DEFAULT.sub("*", text) if "${" in text else text


def _plain(text: str) -> str:
    """A text without wildcards as it is meant: escapes resolved, variables as what stands for them."""
    return _PART.sub(lambda part: _ESCAPED.get(part[0], _VARIABLE), text)


def _expression(text: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    parts, last = [], 0
    for part in _PART.finditer(text):
        parts.append(re.escape(text[last : part.start()]))
        parts.append(wild.get(part[0]) or re.escape(_plain(part[0])))
        last = part.end()
    return re.compile("".join([*parts, re.escape(text[last:])]), re.DOTALL)
