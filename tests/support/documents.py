"""The commands that stand in a document, section by section."""

from __future__ import annotations

import re

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands_by_section(text: str) -> dict[str, str]:
    """The `sh` blocks of each section that has any, one after the other, by the section's title."""
    parts = _SECTION.split(text)
    sections = {title: "".join(_BLOCK.findall(body)) for title, body in zip(parts[1::2], parts[2::2], strict=True)}
    assert sum(map(len, sections.values())) == len("".join(_BLOCK.findall(text))), "an sh block stands before all sections"
    return {title: commands for title, commands in sections.items() if commands}
