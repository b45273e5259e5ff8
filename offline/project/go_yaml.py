"""Reads YAML as the Pulumi CLI does, and keeps the line of everything.

The CLI is written in Go and reads YAML 1.2-like scalars (gopkg.in/yaml.v3): `yes` and `on` are strings, `010` is eight,
a bare date is a point in time. PyYAML follows YAML 1.1, so only its parser is used here, not its idea of values.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from offline.project.yaml_soundness import YamlProblem, is_merge, too_deep, unreadable_characters, unsound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value: TypeAlias = Any
"""What YAML can hold: None, bool, int, float, str, or a list or dict of these."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: Final[dict[str, Value]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

_STRING_TAG: Final = "tag:yaml.org,2002:str"
_INTEGER: Final = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?P<separator>[Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(?P<fraction>\d+))?(?P<zone>Z|[-+]\d{2}:\d{2})?)?",
    re.ASCII,
)
_INT64: Final = 2**63
_UINT64: Final = 2**64
_LONGEST_INTEGER: Final = 70
"""Characters of an integer of 64 bits, in base two and with its sign and prefix; Python refuses to read thousands of digits."""


class YamlError(Exception):
    """A file is not YAML that the CLI accepts."""

    def __init__(self, problems: Sequence[YamlProblem]) -> None:
        super().__init__("; ".join(f"line {problem.line}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)


class Node:
    """A YAML value that knows its line and its parts."""

    __slots__ = ("_node",)

    def __init__(self, node: yaml.Node) -> None:
        self._node = node

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        """Whether it is a sequence."""
        return isinstance(self._node, yaml.SequenceNode)

    def items(self) -> Iterator[tuple[str, int, Node]]:
        """The entries of a mapping: key, the key's line from 1, value. Merged mappings (`<<`) come first."""
        if not isinstance(self._node, yaml.MappingNode):
            return
        own = [(key, value) for key, value in self._node.value if not is_merge(key)]
        for key, value in self._node.value:
            if is_merge(key):
                merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for part in reversed(merged):
                    yield from Node(part).items()
        for key, value in own:
            name = _scalar(key) if isinstance(key, yaml.ScalarNode) else "?"
            yield "<nil>" if name is None else text_of(name), int(key.start_mark.line) + 1, Node(value)

    def get(self, key: str) -> Node | None:
        """The value under a key of a mapping."""
        last = None
        for name, _, value in self.items():
            if name == key:
                last = value
        return last

    def elements(self) -> list[Node]:
        """The elements of a sequence."""
        return [Node(node) for node in self._node.value] if self.is_sequence else []

    def value(self) -> Value:
        """The value: None, bool, int, float, str, list or dict, as the CLI takes it."""
        if self.is_mapping:
            return {name: node.value() for name, _, node in self.items()}
        if isinstance(self._node, yaml.ScalarNode):
            return _scalar(self._node)
        return [node.value() for node in self.elements()]

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line, from 1, of the deepest part of the path that is there; a key's own line rather than its value's."""
        line, node = self.line, self
        for step in path:
            if isinstance(step, int) or (node.is_sequence and step.isascii() and step.isdecimal()):
                elements = node.elements()
                if len(str(step)) > _LONGEST_INTEGER or not 0 <= int(step) < len(elements):
                    break
                node = elements[int(step)]
                line = node.line
                continue
            matching = [(at, value) for name, at, value in node.items() if name == step]
            if not matching:
                break
            line, node = matching[-1]
        return line


def parse(text: str) -> Node | None:
    """Reads a YAML document, with or without a byte order mark.

    Returns:
        Its root; None for a file without one.

    Raises:
        YamlError: It is no YAML, or nothing that the CLI would hand to a program.
    """
    text = text.removeprefix("\ufeff")
    problems = list(unreadable_characters(text))
    if problems:
        raise YamlError(problems)
    try:
        deep = too_deep(text, _Loader)
        if deep:
            raise YamlError([deep])
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = ", ".join(part for part in (error.context, error.problem) if part)
        raise YamlError([YamlProblem(message, mark.line + 1 if mark else 1)]) from None
    except yaml.YAMLError as error:
        raise YamlError([YamlProblem(" ".join(str(error).split()), 1)]) from None
    if root is None:
        return None
    problems = unsound(root)
    if problems:
        raise YamlError(problems)
    return Node(root)


def _scalar(node: yaml.ScalarNode) -> Value:
    text = str(node.value)
    if node.style:
        return text
    value = _plain(text)
    if not isinstance(value, str) and node.tag == _STRING_TAG:
        # PyYAML does not say whether a tag was written; it was, if it isn't the one it would have guessed.
        guess = yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], [])
        if any(pattern.match(text) for _, pattern in guess):
            return text
    return value


def _plain(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    moment = _moment(text)
    if moment is not None:
        return moment
    digits = text.replace("_", "")
    if len(digits) <= _LONGEST_INTEGER and _INTEGER.fullmatch(digits):
        number = _integer(digits)
        if -_INT64 <= number < _UINT64:
            return number
    if _FLOAT.fullmatch(digits) and math.isfinite(float(digits)):
        return float(digits)
    return text


def _integer(digits: str) -> int:
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-").lower()
    if digits.startswith(("0x", "0b", "0o")):
        return sign * int(digits, 0)
    if digits.startswith("0") and digits != "0":
        return sign * int(digits, 8)
    return sign * int(digits)


def _moment(text: str) -> str | None:
    """What Go prints for a point in time; None where the text is not one."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, separator, hour, minute, second, fraction, zone = match.groups()
    if separator and bool(zone) == (separator == " "):
        return None
    try:
        when = datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 - the zone is text
    except ValueError:
        return None
    rest = f".{fraction[:9].rstrip('0')}".rstrip(".") if fraction else ""
    if zone in {None, "Z", "+00:00"}:
        name = "+0000 UTC"
    else:
        offset = zone.replace(":", "")
        name = f"{offset} {offset}"
    return f"{when:%Y-%m-%d %H:%M:%S}{rest} {name}"


def text_of(value: Value) -> str:
    """A value as Go prints it where text is wanted: strings as they are, everything else as JSON."""
    return value if isinstance(value, str) else to_json(value)


def to_json(value: Value) -> str:
    """A value as Go's JSON: no spaces, keys in order, `<`, `>` and `&` escaped, whole numbers without a point."""
    return "".join(_json(value))


def _json(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for index, key in enumerate(sorted(value)):
            yield ("," if index else "") + _quoted(key) + ":"
            yield from _json(value[key])
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, element in enumerate(value):
            yield "," if index else ""
            yield from _json(element)
        yield "]"
    elif isinstance(value, str):
        yield _quoted(value)
    elif isinstance(value, float):
        yield _number(value)
    else:
        yield json.dumps(value)


_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    for character, escape in _ESCAPES.items():
        quoted = quoted.replace(character, escape)
    return quoted


_PLAIN_FROM: Final = 1e-6
_PLAIN_TO: Final = 1e21


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _PLAIN_TO:
        return str(int(value))
    if _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        return format(decimal.Decimal(repr(value)), "f")
    mantissa, _, exponent = repr(value).partition("e")
    sign, digits = exponent[0], exponent[1:].lstrip("0")
    return f"{mantissa}e{sign if sign == '-' else '+'}{digits}"
