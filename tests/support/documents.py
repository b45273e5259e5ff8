"""The blocks that stand in the documents of the repository: commands, and what readers paste into their files."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.stacks import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (?P<mark>[^>]*) -->\n+ *\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document.

    Attributes:
        document: The document's path from the top of the repository.
        line: The line that the block's text begins in.
        language: What the fence says that it is; empty for nothing.
        text: What stands in it, without the indentation of a list.
        mark: What the comment before it says, as in `<!-- stack: prod -->`; empty where there is none.
    """

    document: str
    line: int
    language: str
    text: str
    mark: str

    @property
    def place(self) -> str:
        """Where it stands, such as ``docs/access.md:12``."""
        return f"{self.document}:{self.line}"


def documents() -> list[Path]:
    """What users read: README.md, docs/ and the pages of the ready stacks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "stacks").glob("*/README.md"))]


def blocks(document: Path) -> Iterator[Block]:
    """A document's fenced blocks, in order."""
    text = document.read_text(encoding="utf-8")
    for fence in _FENCE.finditer(text):
        mark = _MARK.search(text, 0, fence.start())
        yield Block(
            document=document.relative_to(ROOT).as_posix(),
            line=text.count("\n", 0, fence.start("text")) + 1,
            language=fence["language"],
            text=textwrap.dedent(fence["text"]),
            mark=mark["mark"] if mark else "",
        )


_COMMAND_LANGUAGES = ("sh", "console")
_BLOCK_WORDS = {"for": "done", "while": "done", "if": "fi", "case": "esac"}


def statements(block: Block) -> list[str]:
    """A block's commands, each whole: a loop is one, and so is what goes on after a backslash; comments are left out."""
    whole: list[str] = []
    open_until = ""
    for line in _whole_lines(block.text):
        text = re.sub(r"(^|\s)#.*$", "", line).rstrip()
        if not text.strip():
            continue
        if open_until or (whole and whole[-1].endswith(("|", "&&"))):
            whole[-1] += f"\n{text}"
        else:
            whole.append(text.strip())
            open_until = _BLOCK_WORDS.get(text.split()[0], "")
        if open_until and text.split()[0] == open_until:
            open_until = ""
    return whole


def commands(document: Path) -> Iterator[tuple[Block, str]]:
    """A document's commands in order, with the block that each stands in."""
    for block in blocks(document):
        if block.language in _COMMAND_LANGUAGES:
            for statement in statements(block):
                yield block, statement


def commands_by_section(text: str) -> dict[str, str]:
    """The `sh` blocks of each section that has any, one after the other, by the section's title."""
    parts = _SECTION.split(text)
    sections = {title: "".join(_COMMANDS.findall(body)) for title, body in zip(parts[1::2], parts[2::2], strict=True)}
    assert sum(map(len, sections.values())) == len("".join(_COMMANDS.findall(text))), "an sh block stands before all sections"
    return {title: commands for title, commands in sections.items() if commands}


_TOOL = r"kafka-[a-z-]+\.sh"
_SPAN = re.compile(rf"`({_TOOL}\s[^`]+)`")


def kafka_commands(text: str) -> list[str]:
    """The commands of Kafka's tools in a document, in order: the lines of its blocks, and code in its sentences.

    A tool that is only named is no command. A line of a block that calls one must begin with it, so that none is passed over.
    """
    found = []
    for fence in _FENCE.finditer(text):
        for line in _whole_lines(textwrap.dedent(fence["text"])):
            if re.match(_TOOL, line):
                found.append(line)
            else:
                assert not re.search(rf"(?:^|[\s|;&(]){_TOOL}\s", line), f"does not begin with its tool: {line}"
    prose = _FENCE.sub("", text)
    return [*found, *(" ".join(span.split()) for span in _SPAN.findall(prose))]


def _whole_lines(text: str) -> list[str]:
    """The lines of a shell: what goes on after a backslash or a pipe is one."""
    return re.sub(r"\\\n\s*|(?<=\|)\n\s*", lambda end: " " if end[0].startswith("\\") else "", text).splitlines()
