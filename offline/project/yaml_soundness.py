"""What makes a YAML document one that cannot be read, though a parser takes it.

The CLI reads with gopkg.in/yaml.v3, which has the same refusals (`decode.go`: keys that are there twice, anchors that contain
themselves, excessive aliasing; `yamlprivateh.go`: control characters; `scannerc.go`: too deep). Its limits are wider where a
number is given here: what is refused here and not there cannot be handed to a program in 128 KiB.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST: Final = 100
"""Blocks within blocks, aliases followed. No setting stands deeper than 7."""

MOST_VALUES: Final = 100_000
"""Values of a document, aliases followed. Each takes two bytes at least of the 128 KiB that a program can be handed."""

_NOT_READABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""YAML 1.2, "5.1 Character Set"."""

_PREFIX: Final = "tag:yaml.org,2002:"
_SCALAR_TAGS: Final = frozenset(
    f"{_PREFIX}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Why a file is not YAML that the CLI accepts."""

    message: str
    line: int
    """From 1."""


class _Extent(NamedTuple):
    """How far a value reaches, aliases followed."""

    values: int
    depth: int


def unreadable_characters(text: str) -> Iterator[YamlProblem]:
    """The first character of each line that no YAML document may hold."""
    for number, line in enumerate(text.split("\n"), 1):
        match = _NOT_READABLE.search(line)
        if match:
            yield YamlProblem(f"has the control character U+{ord(match[0]):04X}, which YAML does not allow. Remove it.", number)


def too_deep(text: str, loader: type[yaml.SafeLoader]) -> YamlProblem | None:
    """Where a document has too many blocks within blocks; asked before it is composed, which takes a stack frame for each.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return YamlProblem(_deep_message(), _line(event))
    return None


def unsound(root: yaml.Node) -> list[YamlProblem]:
    """Everything that is wrong with a composed document."""
    problems = list(_malformed(root, {}, ()))
    if problems:
        return problems
    extent = _extent(root, {})
    line = _line(root)
    if extent.values > MOST_VALUES:
        return [YamlProblem("document contains excessive aliasing. Write values out, or refer to fewer.", line)]
    return [YamlProblem(_deep_message(), line)] if extent.depth > DEEPEST else []


def _line(part: yaml.Event | yaml.Node) -> int:
    return int(part.start_mark.line) + 1 if part.start_mark else 1


def is_merge(key: yaml.Node) -> bool:
    """Whether a key is `<<`, which takes over what another mapping has."""
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


def _deep_message() -> str:
    return f"has more than {DEEPEST} nested blocks. Remove brackets or indentation."


def _malformed(node: yaml.Node, done: dict[int, yaml.Node], above: tuple[int, ...]) -> Iterator[YamlProblem]:
    line = _line(node)
    if id(node) in above:
        yield YamlProblem("an anchor's value contains itself. Remove the alias in it.", line)
        return
    if id(node) in done:
        return
    done[id(node)] = node
    tags = _SCALAR_TAGS if isinstance(node, yaml.ScalarNode) else {f"{_PREFIX}{'map' if _is_mapping(node) else 'seq'}"}
    if node.tag not in tags:
        tag = node.tag.replace(_PREFIX, "!!")
        yield YamlProblem(f"has the tag {tag}, which this program does not read. Write the value itself, text in quotes.", line)
    if isinstance(node, yaml.SequenceNode):
        for element in node.value:
            yield from _malformed(element, done, (*above, id(node)))
    elif isinstance(node, yaml.MappingNode):
        yield from _malformed_keys(node)
        for _, value in node.value:
            yield from _malformed(value, done, (*above, id(node)))


def _malformed_keys(node: yaml.MappingNode) -> Iterator[YamlProblem]:
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            yield YamlProblem("a key must be text, not a list or a map.", line)
        elif is_merge(key):
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if not all(_is_mapping(part) for part in merged):
                yield YamlProblem("map merge requires map or sequence of maps as the value", line)
        elif key.value in lines:
            yield YamlProblem(f'mapping key "{key.value}" already defined at line {lines[key.value]}', line)
        else:
            lines[key.value] = line


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _extent(node: yaml.Node, known: dict[int, _Extent]) -> _Extent:
    if id(node) in known:
        return known[id(node)]
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        inner = node.value
    elif isinstance(node, yaml.MappingNode):
        inner = [value for _, value in node.value]
    extents = [_extent(value, known) for value in inner]
    extent = _Extent(
        1 + sum(value.values for value in extents), 1 + max((value.depth for value in extents), default=0) if inner else 0
    )
    known[id(node)] = extent
    return extent
