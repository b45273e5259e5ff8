r"""Reads the text of a Java properties file, as the broker reads that of an MSK configuration.

Source: Java SE API, ``java.util.Properties.load``. What Java refuses, an incomplete ``\u`` escape, stays as it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANKS: Final = " \t\f"
_ENDS: Final = re.compile(r"\r\n|\r|\n")
_CONTINUED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\$")
"""An odd number of backslashes at the end."""
_KEY: Final = re.compile(r"(?:\\.|[^\\=: \t\f])*", re.DOTALL)
_SEPARATOR: Final = re.compile(r"[ \t\f]*[=:]?[ \t\f]*")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.)|$)", re.DOTALL)
_NAMED: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "u": "\\u"}


def parse_properties(text: str) -> dict[str, str]:
    """The properties of a file; of a name that is there twice, the last."""
    properties = {}
    for line in _logical_lines(text):
        key = _KEY.match(line)
        end = key.end() if key else 0
        separator = _SEPARATOR.match(line, end)
        properties[_plain(line[:end])] = _plain(line[separator.end() if separator else end :])
    return properties


def _logical_lines(text: str) -> Iterator[str]:
    line, continued = "", False
    for part in _ENDS.split(text):
        stripped = part.lstrip(_BLANKS)
        if not continued and (not stripped or stripped[0] in "#!"):
            continue
        continued = bool(_CONTINUED.search(stripped))
        line += stripped[:-1] if continued else stripped
        if not continued:
            yield line
            line = ""
    if line:
        yield line


def _plain(text: str) -> str:
    def meant(escape: re.Match[str]) -> str:
        code, character = escape.groups()
        return chr(int(code, 16)) if code else _NAMED.get(character or "", character or "")

    # Characters beyond the first 65 536 are two escapes.
    return _ESCAPE.sub(meant, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
