"""The patterns of IAM: `*` stands for any text, `?` for one character, `${...}` for what a request makes known.

IAM User Guide, "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WILDCARDS: Final = "*?"
_PART: Final = re.compile(r"\$\{[^}]*\}|\*|\?")
_ESCAPED: Final = {"${*}": "*", "${?}": "?", "${$}": "$"}
_VARIABLE: Final = "\x00"
"""What stands for a variable's value, in patterns as in what is held against them: some text, though never any text."""


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern takes in a text, case and all; `*` takes in colons, too, as it does at the end of an ARN's segment."""
    return _compiled(pattern).fullmatch(text) is not None


def is_fixed(pattern: str) -> bool:
    """Whether a pattern stands for a single text: no wildcard is in it, those that are escaped or in a variable aside."""
    return not any(part in WILDCARDS for part in _PART.findall(pattern))


def fixed_beginning(pattern: str) -> str:
    """What every text that a pattern takes in begins with, its variables and all."""
    for part in _PART.finditer(pattern):
        if part[0] in WILDCARDS:
            return pattern[: part.start()]
    return pattern


def has_variables(pattern: str) -> bool:
    """Whether a request decides what a pattern stands for."""
    return any(part not in WILDCARDS and part not in _ESCAPED for part in _PART.findall(pattern))


def example(pattern: str, many: str, single: str) -> str:
    """A text that a pattern takes in.

    Args:
        pattern: The pattern.
        many: What to put for `*`; it is the whole text where the pattern is nothing else.
        single: What to put for `?`.
    """
    return _PART.sub(lambda part: {"*": many, "?": single}.get(part[0], _ESCAPED.get(part[0], _VARIABLE)), pattern)


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    # Wildcards in a row are one: a pattern of many would take the engine too long.
    pattern = re.sub(r"\*[*]+", "*", pattern)
    parts, last = [], 0
    for part in _PART.finditer(pattern):
        parts.append(re.escape(pattern[last : part.start()]))
        parts.append(wild.get(part[0]) or re.escape(_ESCAPED.get(part[0], _VARIABLE)))
        last = part.end()
    return re.compile("".join([*parts, re.escape(pattern[last:])]), re.DOTALL)
