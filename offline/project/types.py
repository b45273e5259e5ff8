"""The typed `config:` section of Pulumi.yaml, and what the CLI says to a value of the wrong type.

Wording and order of the checks are those of the CLI (`sdk/go/common/workspace/project.go`, `pkg/workspace/config.go`),
except that all mistakes are found at once, each with its line.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from offline.project.go_yaml import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from offline.project.go_yaml import Node

TYPES: Final = ("string", "integer", "boolean", "array", "object")
"""The types that Pulumi.yaml can give a configuration key."""

_ATTRIBUTES: Final = ("type", "items", "description", "secret", "default", "value")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")


@dataclass(frozen=True, slots=True)
class Items:
    """The type of an array's elements."""

    type: str
    items: Items | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """One key of Pulumi.yaml's `config:` section."""

    key: str
    """The full key, `namespace:name`."""
    written: str
    """The key as it is written."""
    line: int
    """The key's line in Pulumi.yaml, from 1."""
    type: str | None = None
    items: Items | None = None
    secret: bool = False
    default: Value = None
    value: Value = None

    @property
    def type_name(self) -> str:
        """The type as the CLI writes it: `integer`, `array<string>`, ..."""
        return _type_name(self.type or "", self.items)

    @property
    def given(self) -> Value:
        """The project's own value, which a stack can override; None for none."""
        return self.default if self.default is not None else self.value


def _type_name(type_: str, items: Items | None) -> str:
    return f"array<{_type_name(items.type, items.items)}>" if items else type_


def fits(type_: str, items: Items | None, value: Value) -> bool:
    """Whether a configuration value has a type, as the CLI judges it.

    Args:
        type_: One of `TYPES`.
        items: The type of the elements, for an array.
        value: The value; numbers and booleans of a stack file arrive as text.

    Returns:
        Text that reads as an integer or a boolean is one; text is never a list or an object.
    """
    return _FITS[type_](value) if items is None else _fits_all(items, value)


def _fits_all(items: Items, value: Value) -> bool:
    return isinstance(value, list) and all(fits(items.type, items.items, element) for element in value)


def _is_integer(value: Value) -> bool:
    if isinstance(value, str):
        return bool(_INTEGER.fullmatch(value))
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


_FITS: Final[Mapping[str, Callable[[Value], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false"),
    "object": lambda value: isinstance(value, dict),
    # An array without the type of its elements is refused where it is declared.
    "array": lambda value: isinstance(value, list),
}


def content(text: str, *, structured: bool) -> Value:
    """What the type of a stack's value is judged on: text, or what its JSON holds."""
    return json.loads(text) if structured else text


class DeclarationError(Exception):
    """A key of Pulumi.yaml's `config:` section is not declared in a way the CLI accepts."""


def declare(project: str, written: str, line: int, node: Node) -> Declaration:
    """Reads one key of the `config:` section.

    Args:
        project: The project's name.
        written: The key as written.
        line: Its line.
        node: What is written under it.

    Returns:
        The declaration; the short form `key: value` is a default, or a value for another namespace's key.

    Raises:
        DeclarationError: In the CLI's words where it has them.
    """
    own = ":" not in written or written.startswith(f"{project}:")
    key = written if ":" in written else f"{project}:{written}"
    if key.count(":") != 1:
        message = f"could not parse {key} as a configuration key (configuration keys should be of the form `<namespace>:<name>`)"
        raise DeclarationError(message)
    if re.search(r"[.\[\]\"]", written.partition(":")[2] or written):
        message = f"The configuration key '{written}' reads as a path into another key; use letters and digits"
        raise DeclarationError(message)
    raw = node.value()
    if not isinstance(raw, dict):
        if raw is None or isinstance(raw, float):
            message = f"The configuration key '{written}' must be text, an integer, a boolean, a list or a declaration"
            raise DeclarationError(message)
        return Declaration(key, written, line, **{"default" if own else "value": raw})
    problem = next(_malformed(written, raw), None)
    if problem:
        raise DeclarationError(problem)
    declaration = Declaration(
        key=key,
        written=written,
        line=line,
        type=raw.get("type"),
        items=_items(raw.get("items")),
        secret=bool(raw.get("secret", False)),
        default=raw.get("default"),
        value=raw.get("value"),
    )
    problem = _invalid(declaration, own=own)
    if problem:
        raise DeclarationError(problem)
    return declaration


def _items(raw: Value) -> Items | None:
    return Items(raw["type"], _items(raw.get("items"))) if isinstance(raw, dict) and "type" in raw else None


def _malformed(written: str, raw: dict[str, Any]) -> Iterator[str]:
    for attribute in raw:
        if attribute not in _ATTRIBUTES:
            allowed = ", ".join(f"'{name}'" for name in sorted(_ATTRIBUTES))
            yield f"#/config/{written}: '{attribute}' not allowed; the allowed attributes are {allowed}"
    if "type" in raw and raw["type"] not in TYPES:
        yield f"#/config/{written}/type: must be one of {', '.join(TYPES)}, not {raw['type']!r}"
    if "secret" in raw and not isinstance(raw["secret"], bool):
        yield f"#/config/{written}/secret: must be true or false"
    items = raw.get("items")
    while items is not None:
        if not isinstance(items, dict) or items.get("type") not in TYPES:
            yield f"#/config/{written}/items: must have a type, one of {', '.join(TYPES)}"
            break
        items = items.get("items")


def _invalid(declaration: Declaration, *, own: bool) -> str | None:
    key = declaration.written
    if declaration.default is not None and declaration.value is not None:
        return f"project config '{key}' cannot have both a 'default' and 'value' attribute"
    return _invalid_own(declaration) if own else _invalid_foreign(declaration)


def _invalid_own(declaration: Declaration) -> str | None:
    key, type_, items = declaration.written, declaration.type, declaration.items
    if type_ == "array" and items is None:
        return (
            f"The configuration key '{key}' declares an array but does not specify the underlying type via the 'items' attribute"
        )
    if type_ and declaration.default is not None and not fits(type_, items, declaration.default):
        return f"The default value specified for configuration key '{key}' is not of the expected type '{declaration.type_name}'"
    return None


def _invalid_foreign(declaration: Declaration) -> str | None:
    key = declaration.written
    if declaration.type:
        return f"Configuration key '{key}' is not namespaced by the project and should not define a type"
    if declaration.default is not None:
        return (
            f"Configuration key '{key}' is not namespaced by the project and should not define a default value. "
            "Did you mean to use the 'value' attribute instead of 'default'?"
        )
    if declaration.value is None:
        return f"Configuration key '{key}' is namespaced and must provide an attribute 'value'"
    return None
