"""Reading what a program asks AWS for.

The SDK hands over mappings and sequences of its own (no dict, no list), every number as a float, and raises
`UnknownValueError` at the touch of a value that only deployment makes known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

# The SDK has no public path to the one exception that its own documentation tells rules to expect.
from pulumi_policy.proxy import UnknownValueError

from msk_policies.kit.twins import TwinProps

__all__ = [
    "MALFORMED",
    "UnknownValueError",
    "counted",
    "decimal",
    "distinct_elements",
    "elements",
    "is_given",
    "plain",
    "put",
    "read",
    "read_if_known",
    "whole",
]

_DIGITS: Final = 9
"""Every number of so many digits is one that Kafka's `int` holds."""

MALFORMED: Final = object()
"""Stands for a value whose enclosing block is not a block: it equals nothing that a rule could accept."""


def read(props: Mapping[str, Any], path: str) -> object:
    """The value at a dotted path of wire names, such as `encryptionInfo.encryptionInTransit.inCluster`.

    Returns:
        None where the value or a block around it is missing or null, `MALFORMED` where one of those blocks is
        something else than a block.

    Raises:
        UnknownValueError: The value, or a block around it, is known only in deployment.
    """
    if isinstance(props, TwinProps):
        path, props = props.own_path(path), props.props
    value: object = props
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, Mapping):
            return MALFORMED
        value = value.get(name)
    return value


def read_if_known(props: Mapping[str, Any], path: str) -> object:
    """As `read`, but None for what is known only in deployment: for remedies, which may be less exact."""
    try:
        return read(props, path)
    except UnknownValueError:
        return None


def is_given(props: Mapping[str, Any], path: str) -> bool:
    """Whether a program sets the value at a dotted path: to something, be it known only in deployment; not to an empty text."""
    try:
        return read(props, path) not in (None, "", MALFORMED)
    except UnknownValueError:
        return True


def whole(value: object) -> int | None:
    """A whole number, which arrives as a float; None for everything else, true and false included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def decimal(value: object) -> int | None:
    """A whole number that is written as one, or as a text of up to nine digits: Kafka's properties are texts."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else None
    return whole(value)


def distinct_elements(value: object) -> int:
    """How many different elements a list has; 0 for what is not a list.

    Elements that are not known yet, such as ids of subnets made by the same deployment, count as different
    ones.
    """
    listed = elements(value)
    texts = {element for element in listed if isinstance(element, str)}
    return len(texts) + sum(not isinstance(element, str) for element in listed)


def elements(value: object) -> list[object]:
    """The elements of a list, None for those that are known only in deployment; nothing of what is no list."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return []
    return [_element(value, index) for index in range(len(value))]


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON allows, which no type says more exactly
    """Properties as dicts and lists of their own, secrets in the clear: to judge by, never to hand on."""
    if isinstance(value, Mapping):
        return {name: plain(value[name]) for name in value}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(value[index]) for index in range(len(value))]
    return value


def put(props: Mapping[str, Any], path: str, value: object) -> None:
    """Sets the value at a dotted path, in place; blocks on the way that are missing, or are no blocks, are made."""
    if isinstance(props, TwinProps):
        path, props = props.own_path(path), props.props
    *blocks, last = path.split(".")
    block: Any = props
    for name in blocks:
        if not isinstance(block.get(name), Mapping):
            block[name] = {}
        block = block[name]
    block[last] = value


def _element(value: Sequence[object], index: int) -> object:
    try:
        return value[index]
    except UnknownValueError:
        return None


def counted(number: int, noun: str) -> str:
    """`1 client subnet`, `2 client subnets`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
