"""Settings of a rule: a JSON schema for the engine, and the same defaults where nobody set anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msk_policies.kit.properties import elements, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Setting(Protocol):
    """What a stack may set for a rule."""

    @property
    def name(self) -> str:
        """The key in the rule's configuration."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema that the engine holds a configured value against."""


class WholeNumberSetting:
    """A whole number of at least `minimum`.

    Attributes:
        name: The key in the rule's configuration.
        default: What holds when nothing is configured.
    """

    def __init__(self, name: str, description: str, *, default: int, minimum: int, maximum: int | None = None) -> None:
        self.name = name
        self.default = default
        self._minimum = minimum
        self._maximum = maximum
        self._description = description

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema that the engine holds a configured value against."""
        schema: dict[str, Any] = {
            "type": "integer",
            "description": self._description,
            "default": self.default,
            "minimum": self._minimum,
        }
        return schema if self._maximum is None else {**schema, "maximum": self._maximum}

    def of(self, config: Mapping[str, Any]) -> int:
        """The configured value, or the default; the engine has refused what breaks the schema."""
        value = whole(config.get(self.name))
        return self.default if value is None else value


class ChoiceSetting:
    """One of a few words.

    Attributes:
        name: The key in the rule's configuration.
        default: What holds when nothing is configured.
    """

    def __init__(self, name: str, description: str, choices: Sequence[str], *, default: str) -> None:
        self.name = name
        self.default = default
        self._choices = choices
        self._description = description

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema that the engine holds a configured value against."""
        return {
            "type": "string",
            "description": self._description,
            "default": self.default,
            "enum": list(self._choices),
        }

    def of(self, config: Mapping[str, Any]) -> str:
        """The configured word, or the default; the engine has refused what breaks the schema."""
        value = config.get(self.name)
        return value if isinstance(value, str) and value in self._choices else self.default


class NamesSetting:
    """A list of names, none by default.

    Attributes:
        name: The key in the rule's configuration.
    """

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self._description = description

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema that the engine holds a configured value against."""
        return {
            "type": "array",
            "description": self._description,
            "default": [],
            "items": {"type": "string", "minLength": 1},
        }

    def of(self, config: Mapping[str, Any]) -> list[str]:
        """The configured names; the engine has refused what breaks the schema."""
        return [name for name in elements(config.get(self.name)) if isinstance(name, str)]
