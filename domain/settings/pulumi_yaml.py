"""What Pulumi.yaml and the documentation say about the settings, made from `StackSettings`."""

from __future__ import annotations

import datetime
import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from domain.settings.stack import StackSettings

_SCALARS = (str, int, bool)


def config_section() -> dict[str, dict[str, object]]:
    """The entries of Pulumi.yaml's ``config:`` for every setting.

    No entry has a `type`: the CLI would stop at the first value of a wrong one, in its own words and with no line, before the
    program can name every mistake of the file.

    Maps are declared with an empty default: Pulumi does not merge a default map with a stack's, so the defaults inside are filled
    in by the program. A block that is off unless it is given is left out: an empty default would be it, given.
    """
    section: dict[str, dict[str, object]] = {}
    for name, field in _fields(StackSettings):
        is_map = field.annotation not in _SCALARS
        if is_map and field.default is None:
            continue
        keys = [key for key, _ in _fields(_model(field.annotation))] if is_map else []
        description = f"{field.description} Keys: {', '.join(keys)}." if keys else str(field.description)
        section[name] = {"description": description, "default": {} if is_map else field.default}
    return section


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the settings table.

    Attributes:
        path: Where the setting stands, such as ``storage.maximumGiB``; ``<name>`` stands for a key of a map.
        kind: What may stand there.
        default: The default as the stack file would have it; empty where there is none.
        description: Its meaning.
    """

    path: str
    kind: str
    default: str
    description: str


def setting_rows() -> list[SettingRow]:
    """Every setting, in the order of the stack file."""
    return list(_rows(StackSettings, ""))


def settings_table() -> str:
    """The settings as a Markdown table."""
    lines = ["| setting | type | default | meaning |", "|---|---|---|---|"]
    for row in setting_rows():
        default = f"`{row.default}`" if row.default else ""
        lines.append(f"| `{row.path}` | {row.kind} | {default} | {row.description} |".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def _fields(model: type[BaseModel] | None) -> Iterator[tuple[str, FieldInfo]]:
    if model is not None:
        for name, field in model.model_fields.items():
            yield field.alias or name, field


def _model(annotation: object) -> type[BaseModel] | None:
    """The class of a block: the annotation itself, or the one that an optional, a list or a map holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in reversed(get_args(annotation)):
        block = _model(argument)
        if block is not None:
            return block
    return None


def _rows(model: type[BaseModel], prefix: str) -> Iterator[SettingRow]:
    for name, field in _fields(model):
        path = f"{prefix}{name}"
        block = _model(field.annotation)
        is_map = get_origin(field.annotation) is dict
        # A block without settings, such as as.role.ec2, is a setting itself.
        if block is None or is_map or not block.model_fields or path.startswith("authentication."):
            yield SettingRow(path, _kind(field.annotation), _default(field), str(field.description))
        if block is not None:
            yield from _rows(block, f"{path}.<name>." if is_map else f"{path}.")


_KINDS: dict[Any, str] = {str: "text", int: "integer", float: "number", bool: "true, false", datetime.date: "date"}


def _kind(annotation: object) -> str:
    origin, members = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        kind = _kind(members[0])
    elif origin is Literal:
        kind = ", ".join(str(member) for member in members)
    elif origin in (Union, types.UnionType):
        kind = " or ".join(dict.fromkeys(_kind(member) for member in members if member is not type(None)))
    elif origin is list:
        kind = f"list of {_kind(members[0])}"
    else:
        kind = _KINDS.get(annotation, "map")
    return kind


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined or field.default is None or isinstance(field.default, BaseModel):
        return ""
    if isinstance(field.default, float) and field.default.is_integer():
        return str(int(field.default))
    return field.default if isinstance(field.default, str) else json.dumps(field.default)
