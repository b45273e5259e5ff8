"""A stack file changed as text, so that its comments and its layout stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_SALT: Final = ("encryptionsalt", "encryptedkey", "secretsprovider")
"""What a stack's file has beside its configuration, where values of it are encrypted: that stack's alone."""


def encrypted_in(text: str) -> list[str]:
    """The paths of the encrypted values of a stack file."""
    return list(_encrypted(yaml.safe_load(text) or {}, ()))


def _encrypted(value: object, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            yield ".".join(path[1:])
            return
        for key, inner in value.items():
            yield from _encrypted(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _encrypted(inner, (*path, str(number)))


_SCHEMA_LINE: Final = re.compile(r"^(# yaml-language-server: \$schema=)\S*$", re.MULTILINE)


def with_schema(text: str, place: str) -> str:
    """The text with the line by which editors find the stack file's schema.

    Args:
        text: The text.
        place: Where the schema is, from the file's own directory.
    """
    if _SCHEMA_LINE.search(text):
        return _SCHEMA_LINE.sub(lambda match: f"{match[1]}{place}", text, count=1)
    return f"# yaml-language-server: $schema={place}\n{text}"


def with_region(text: str, region: str) -> str:
    """The text with a region in its configuration, and without the keys that another stack's secrets were made with."""
    for key in _SALT:
        text = without(text, key, of_config=False)
    config = _config(text)
    if config is None:
        return f"{text.rstrip()}\nconfig:\n  aws:region: {region}\n".lstrip()
    if config.flow_style:
        return _rewritten(text, region)
    for key, value in config.value:
        if key.value == "aws:region":
            return text[: value.start_mark.index] + region + text[value.end_mark.index :]
    first = config.value[0][0].start_mark
    return f"{text[: first.index]}aws:region: {region}\n{' ' * first.column}{text[first.index :]}"


def without(text: str, key: str, *, of_config: bool = True) -> str:
    """The text without the lines of a key.

    Args:
        text: The text.
        key: The key.
        of_config: Whether the key is one of the configuration, or stands beside it.
    """
    root = yaml.compose(text)
    block = _config(text) if of_config else root
    if not isinstance(block, yaml.MappingNode):
        return text
    if block.flow_style:
        content = yaml.safe_load(text)
        (content["config"] if of_config else content).pop(key, None)
        return text if content == yaml.safe_load(text) else str(yaml.safe_dump(content, sort_keys=False))
    lines = text.splitlines(keepends=True)
    for found, value in block.value:
        if found.value == key:
            end = value.end_mark.line + (1 if value.end_mark.column else 0)
            return "".join([*lines[: found.start_mark.line], *lines[max(end, found.start_mark.line + 1) :]])
    return text


def _config(text: str) -> yaml.MappingNode | None:
    root = yaml.compose(text)
    if not isinstance(root, yaml.MappingNode):
        return None
    found = next((value for key, value in root.value if key.value == "config"), None)
    return found if isinstance(found, yaml.MappingNode) and found.value else None


def _rewritten(text: str, region: str) -> str:
    """A configuration in braces, written anew: nothing but the comments above it is lost."""
    content = yaml.safe_load(text)
    head = re.match(r"(?:\s*#[^\n]*\n)*", text)
    body = {**content, "config": {"aws:region": region, **{k: v for k, v in content["config"].items() if k != "aws:region"}}}
    return (head[0] if head else "") + str(yaml.safe_dump(body, sort_keys=False))
