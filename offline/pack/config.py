"""The configuration that a policy pack runs with, put together as the engine does it.

The pack's schema defaults come first, over them its initial configuration, over that the JSON file of the stack; the
result is validated against the schemas (`pkg/resource/analyzer/config.go` of the engine).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from offline.pack.process import PackError
from offline.protocol.wire import Value

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from jsonschema import ValidationError

ENFORCEMENT_LEVELS: Final = ("advisory", "mandatory", "disabled", "remediate")
"""The levels of the protocol, in the order of its numbers."""

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


class Mistake(NamedTuple):
    """Something wrong in the configuration of a policy pack."""

    message: str
    path: tuple[str, ...] = ()
    """The keys that lead to it in the stack's file; empty where the file as a whole is wrong."""
    line: int = 1
    """Its line in the file, where the keys do not tell."""


class PackConfigError(PackError):
    """The configuration of a policy pack can't be used."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = tuple(mistakes)
        """All of them."""


@dataclass(frozen=True, slots=True)
class PolicyConfig:
    """How one policy runs."""

    enforcement: str = ""
    """One of `ENFORCEMENT_LEVELS`; empty where nothing says."""
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicySchema:
    """What a pack says of one of its policies."""

    name: str
    enforcement: str
    properties: Mapping[str, Mapping[str, Any]] | None = None
    """The JSON schemas of its settings; None where it has none."""
    required: tuple[str, ...] = ()


def load_config_file(path: str | os.PathLike[str]) -> dict[str, PolicyConfig]:
    """Reads the JSON file that `pulumi preview --policy-pack-config` takes.

    Args:
        path: The file.

    Returns:
        What it says, by policy; `all` stands for every policy.

    Raises:
        PackConfigError: It is no such file.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PackConfigError([Mistake(f"{file.name}: {error.strerror}")]) from None
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise PackConfigError([Mistake(str(error), line=error.lineno)]) from None
    if not isinstance(document, dict):
        raise PackConfigError([Mistake("must be an object of policy names")])
    document.pop("environments", None)
    result = {}
    for name, given in document.items():
        config = _policy_config(name, given)
        if config.enforcement or config.properties:
            result[name] = config
    return result


def _policy_config(name: str, given: Value) -> PolicyConfig:
    level: Value
    if isinstance(given, str):
        level, properties = given, {}
    elif isinstance(given, dict):
        properties = {key: value for key, value in given.items() if key != "enforcementLevel"}
        level = given.get("enforcementLevel")
        if level is None:
            return PolicyConfig("", properties)
    else:
        message = f'parsing "{name}": {given} is not a valid value; must be a string or object'
        raise PackConfigError([Mistake(message, (name,))])
    if level not in ENFORCEMENT_LEVELS:
        message = f'parsing enforcement level for "{name}": "{level}" is not a valid enforcement level'
        raise PackConfigError([Mistake(message, (name,))])
    return PolicyConfig(level, properties)


def reconcile(
    policies: Iterable[PolicySchema],
    initial: Mapping[str, PolicyConfig],
    given: Mapping[str, PolicyConfig],
) -> dict[str, PolicyConfig]:
    """The configuration to send to the pack.

    Args:
        policies: The pack's policies.
        initial: The pack's own initial configuration.
        given: The stack's file.

    Returns:
        One entry for each policy, and for any other name that was configured.

    Raises:
        PackConfigError: A setting does not fit its schema, or a name is no policy of the pack.
    """
    policies = list(policies)
    result = {
        policy.name: PolicyConfig(
            policy.enforcement,
            {key: schema["default"] for key, schema in (policy.properties or {}).items() if "default" in schema},
        )
        for policy in policies
    }
    for layer in (initial, given):
        result = _applied(result, layer)
    mistakes = [mistake for policy in policies for mistake in _mistakes(policy, result[policy.name].properties)]
    if mistakes:
        raise PackConfigError(sorted(mistakes))
    for name, config in result.items():
        if not config.enforcement:
            names = ", ".join(policy.name for policy in policies)
            message = f'"{name}" is not a policy of the pack; its policies are {names}'
            raise PackConfigError([Mistake(message, (name,))])
    return result


def _applied(result: Mapping[str, PolicyConfig], config: Mapping[str, PolicyConfig]) -> dict[str, PolicyConfig]:
    applied = dict(result)
    if "all" in config and config["all"].enforcement:
        level = config["all"].enforcement
        applied = {name: PolicyConfig(level, entry.properties) for name, entry in applied.items()}
    for name, entry in config.items():
        before = applied.get(name, PolicyConfig())
        applied[name] = PolicyConfig(entry.enforcement or before.enforcement, {**before.properties, **entry.properties})
    return applied


def ignored(policies: Iterable[PolicySchema], given: Mapping[str, PolicyConfig]) -> list[Mistake]:
    """Settings that no policy has: the engine takes them without a word, and they change nothing.

    Args:
        policies: The pack's policies.
        given: The stack's file.
    """
    return [
        Mistake(f"{policy.name} has no setting {name}: it changes nothing. Remove it.", (policy.name, name))
        for policy in policies
        if policy.name in given
        for name in given[policy.name].properties
        if name not in (policy.properties or {})
    ]


def line_of(text: str, path: Iterable[str]) -> int:
    """The line, from 1, on which the last of the keys that lead to something stands in a JSON text; 1 where there is none."""
    place = 0
    for key in path:
        at = text.find(json.dumps(key, ensure_ascii=False), place)
        place = place if at < 0 else at
    return text.count("\n", 0, place) + 1


def _mistakes(policy: PolicySchema, values: Mapping[str, Any]) -> list[Mistake]:
    if policy.properties is None:
        return []
    missing = [name for name in policy.required if name not in values]
    obvious = all(_obviously_fits(policy.properties[name], value) for name, value in values.items() if name in policy.properties)
    if obvious and not missing:
        return []
    # Loading the validator takes longer than judging sixty resources, so only what is not obvious pays for it.
    from jsonschema import Draft7Validator  # noqa: PLC0415

    schema = {"type": "object", "properties": dict(policy.properties), "required": list(policy.required)}
    return [_mistake(policy.name, error) for error in Draft7Validator(schema).iter_errors(dict(values))]


def _mistake(policy: str, error: ValidationError) -> Mistake:
    path = tuple(map(str, error.absolute_path))
    what, remedy = error.message, error.schema.get("description") if isinstance(error.schema, dict) else None
    if error.validator == "pattern" and remedy:
        # A pattern tells people less than what it is there for.
        what = f"{json.dumps(error.instance, ensure_ascii=False)} is not allowed. {remedy}"
    return Mistake(": ".join(part for part in (policy, ".".join(path), what) if part), (policy, *path))


def _obviously_fits(schema: Mapping[str, Any], value: Value) -> bool:
    for keyword, constraint in schema.items():
        if keyword in {"default", "description", "title"}:
            continue
        if keyword == "type" and isinstance(constraint, str):
            fits = _has_type(constraint, value)
        elif keyword in {"minimum", "maximum"} and _has_type("number", value):
            fits = value >= constraint if keyword == "minimum" else value <= constraint
        elif keyword == "items" and isinstance(constraint, dict) and isinstance(value, list):
            fits = all(_obviously_fits(constraint, element) for element in value)
        elif keyword in {"properties", "additionalProperties"}:
            # What an empty object has fits whatever is said of it.
            fits = value == {}
        elif keyword == "enum":
            # Of texts only: to Python True is 1, and a list of one of them the other, as it is not in JSON.
            fits = isinstance(value, str) and value in constraint
        else:
            fits = False
        if not fits:
            return False
    return True


def _has_type(name: str, value: Value) -> bool:
    if name in {"number", "integer"}:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (name == "number" or float(value).is_integer())
    return name in _TYPES and isinstance(value, _TYPES[name])
