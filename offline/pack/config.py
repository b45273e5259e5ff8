"""The configuration that a policy pack runs with, put together as the engine does it.

The pack's schema defaults come first, over them its initial configuration, over that the JSON file of the stack; the
result is validated against the schemas (`pkg/resource/analyzer/config.go` of the engine).
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from offline.pack.process import PackError
from offline.protocol.wire import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jsonschema import ValidationError

ENFORCEMENT_LEVELS: Final = ("advisory", "mandatory", "disabled", "remediate")
"""The levels of the protocol, in the order of its numbers."""

LEVEL: Final = "enforcementLevel"
"""The key of a policy's level, beside its settings."""

EVERY_POLICY: Final = "all"
"""The name that stands for every policy."""

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


_OF_TEXTS: Final = ("pattern", "format")
"""The keywords of a schema that say how a text is written."""


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


def level_mistake(name: str, level: Value, *path: str) -> Mistake | None:
    """What is wrong with a level; None where it is one.

    Args:
        name: The policy.
        level: What its configuration gives as its level.
        path: The keys that lead to it below the policy's name.
    """
    if isinstance(level, str) and level in ENFORCEMENT_LEVELS:
        return None
    levels = f"{', '.join(ENFORCEMENT_LEVELS[:-1])} or {ENFORCEMENT_LEVELS[-1]}"
    near = _near(level, ENFORCEMENT_LEVELS) if isinstance(level, str) else ""
    return Mistake(f"{name}: {json.dumps(level, ensure_ascii=False)} is no level.{near} Levels are {levels}.", (name, *path))


def reconcile(
    policies: Iterable[PolicySchema],
    initial: Mapping[str, PolicyConfig],
    given: Mapping[str, PolicyConfig],
    wrong: Iterable[Mistake] = (),
) -> dict[str, PolicyConfig]:
    """The configuration to send to the pack.

    Args:
        policies: The pack's policies.
        initial: The pack's own initial configuration.
        given: The stack's file.
        wrong: What is known to be wrong with that already.

    Returns:
        One entry for each policy.

    Raises:
        PackConfigError: A setting does not fit its schema, or the file names what the pack does not have.
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
    mistakes = [*wrong, *unknown_names(policies, given)]
    mistakes += sorted(mistake for policy in policies for mistake in _mistakes(policy, result[policy.name].properties))
    if mistakes:
        raise PackConfigError(mistakes)
    return {policy.name: result[policy.name] for policy in policies}


def _applied(result: Mapping[str, PolicyConfig], config: Mapping[str, PolicyConfig]) -> dict[str, PolicyConfig]:
    applied = dict(result)
    if EVERY_POLICY in config and config[EVERY_POLICY].enforcement:
        level = config[EVERY_POLICY].enforcement
        applied = {name: PolicyConfig(level, entry.properties) for name, entry in applied.items()}
    for name, entry in config.items():
        before = applied.get(name, PolicyConfig())
        applied[name] = PolicyConfig(entry.enforcement or before.enforcement, {**before.properties, **entry.properties})
    return applied


def unknown_names(policies: Iterable[PolicySchema], given: Mapping[str, PolicyConfig]) -> list[Mistake]:
    """The policies and settings that a file names and the pack does not have: the engine takes most of them without a word.

    Args:
        policies: The pack's policies.
        given: The stack's file.
    """
    known = {policy.name: policy for policy in policies}
    mistakes = []
    for name, config in given.items():
        if name == EVERY_POLICY:
            mistakes += [
                Mistake(f"{name} has a level only: {setting} is a setting of single policies.", (name, setting))
                for setting in config.properties
            ]
        elif name not in known:
            mistakes.append(Mistake(f"{name} is no policy of the pack.{_near(name, known)}", (name,)))
        else:
            settings = known[name].properties or {}
            words = f"Its settings are {', '.join(settings)}." if settings else "It has no settings."
            mistakes += [
                Mistake(f"{name} has no setting {setting}.{_near(setting, settings)} {words}", (name, setting))
                for setting in config.properties
                if setting not in settings
            ]
    return mistakes


def _near(name: str, names: Iterable[str]) -> str:
    """The nearest right name, where it looks like a typing error."""
    nearest = difflib.get_close_matches(name, list(names), n=1, cutoff=0.75)
    return f" Did you mean {nearest[0]}?" if nearest else ""


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
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    # What is no day is not written as one either: one mistake for each place.
    errors = {
        tuple(error.absolute_path) + ((error.message,) if error.validator not in _OF_TEXTS else ()): error
        for error in validator.iter_errors(dict(values))
    }
    return [_mistake(policy.name, error) for error in errors.values()]


def _mistake(policy: str, error: ValidationError) -> Mistake:
    path = tuple(map(str, error.absolute_path))
    what, remedy = error.message, error.schema.get("description") if isinstance(error.schema, dict) else None
    if error.validator in _OF_TEXTS and remedy:
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
