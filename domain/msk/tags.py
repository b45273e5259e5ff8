r"""What a tag may be, by the strictest of the services whose resources this template tags.

Sources: the patterns of IAM, CloudWatch Logs, AWS Private CA, Amazon Managed Service for Prometheus and Systems Manager in AWS's
API models, which are one and the same, ``[\p{L}\p{Z}\p{N}_.:/=+\-@]``, with 1 to 128 characters in a key and at most 256 in a
value; IAM User Guide, "Tags for IAM resources" (keys that differ only in case are one key); Tagging AWS Resources User Guide
(50 tags of a resource, ``aws:`` is AWS's own). AWS KMS answers anything else with TagException, Invalid tag.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAXIMUM_TAGS: Final = 50
"""Tags of a resource that users may set."""

NAME: Final = "Name"
"""The tag that this template gives to every resource that people look for by name in the console."""

_LONGEST_KEY = 128
_LONGEST_VALUE = 256
_MARKS = "_.:/=+-@"
_ALLOWED = f"letters, digits, spaces and {' '.join(_MARKS)}"


def tag_problems(key: str, value: str) -> Iterator[str]:
    """What AWS refuses of a tag; each a sentence that follows "path = value: "."""
    if not 1 <= len(key) <= _LONGEST_KEY:
        yield f"has a key of {len(key)} characters: AWS allows 1 to {_LONGEST_KEY}. Choose another key."
    if key.lower().startswith("aws:"):
        yield "has a key that begins with aws:, which AWS reserves. Choose another key."
    if strange := _strange(key):
        yield f"has {strange} in its key: AWS allows {_ALLOWED}. Choose another key."
    if len(value) > _LONGEST_VALUE:
        yield f"has a value of {len(value)} characters: AWS allows at most {_LONGEST_VALUE}. Shorten it."
    if strange := _strange(value):
        yield f"has {strange} in its value: AWS allows {_ALLOWED}. Remove it."


def keys_that_are_one(tags: Mapping[str, str]) -> dict[str, str]:
    """Keys that IAM takes for the one before, from which they differ only in case."""
    first: dict[str, str] = {}
    same = {}
    for key in tags:
        other = first.setdefault(key.casefold(), key)
        if other != key:
            same[key] = other
    return same


def has_outer_blanks(text: str) -> bool:
    """Whether a text begins or ends with a space: AWS's pages do not say which services keep it and which strip it."""
    return text != text.strip()


def _strange(text: str) -> str:
    """The characters that a tag may not have, each once."""
    strange = dict.fromkeys(character for character in text if not _is_allowed(character))
    return " ".join(character if character.isprintable() else f"U+{ord(character):04X}" for character in strange)


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    # The separators of lines and paragraphs are left out: nothing shows them as the one line that a tag is.
    return character in _MARKS or category[0] in "LN" or category == "Zs"
