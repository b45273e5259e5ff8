"""What the types say of a configuration: from texts to `StackSettings`, with every mistake that a setting makes by itself.

The JSON schema of the stack file says the same to editors, and a test holds the two together. What takes several settings to be
judged is `domain.checks`'s.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from domain.msk.brokers import nearest_broker_types
from domain.problems import ABSENT, Path, Problem, did_you_mean, printable
from domain.settings.stack import StackSettings

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
"""A whole number as the Pulumi CLI hands one over, whether the stack file has it as a number or as text."""


@dataclass(frozen=True, slots=True)
class Read:
    """A configuration as the types see it.

    Attributes:
        settings: The settings; those that are wrong stand at their defaults.
        problems: Every mistake.
        invalid: The paths of the settings that are wrong.
        names_zones: Whether it names zones or subnets, right or wrong.
    """

    settings: StackSettings
    problems: tuple[Problem, ...]
    invalid: frozenset[Path]
    names_zones: bool


def read_settings(config: Mapping[str, str]) -> Read:
    """The settings of a configuration, and what is wrong with each.

    Args:
        config: The project's configuration as Pulumi hands it to a program: names without namespace, values as strings, objects
            as JSON.
    """
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, text in config.items():
        field = settings_of_model(StackSettings).get(name)
        if field is None:
            problems.append(_unknown((name,), text, StackSettings))
            continue
        value, problem = _parsed(name, text, field)
        if problem:
            problems.append(problem)
        else:
            values[name] = value
    problems += _empty_values(values)
    problems += _unseen_characters(values)
    settings, invalid = _validated(values, problems)
    return Read(
        settings,
        tuple(problems),
        frozenset(invalid | {problem.path for problem in problems}),
        _names_zones(values.get("network")),
    )


def settings_of_model(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The settings of a block, by their names in the stack file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _parsed(name: str, text: str, field: FieldInfo) -> tuple[object, Problem | None]:
    if field.annotation is str:
        return text, None
    if field.annotation is bool:
        return (text == "true", None) if text in ("true", "false") else (None, Problem((name,), text, _MESSAGES["bool_type"]))
    if field.annotation is int and not _WHOLE.fullmatch(text):
        return None, Problem((name,), text, _MESSAGES["int_type"])
    try:
        return json.loads(text), None
    except (ValueError, RecursionError):
        # Python reads no number of thousands of digits, and no brackets in brackets without end.
        return None, Problem((name,), text, _MESSAGES["int_type"] if field.annotation is int else _map_message((name,)))


def _empty_values(value: object, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Keys with nothing behind them: YAML reads them as null, and nobody can tell what was meant."""
    if value is None:
        yield Problem(path, ABSENT, "has no value. Write {} for an empty block, or remove the line.")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _empty_values(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _empty_values(item, (*path, index))


def _unseen_characters(value: object, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Texts with a control character or half of one: AWS and terminals refuse them, obey them, or do not show them."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unseen_characters(str(key), (*path, key))
            yield from _unseen_characters(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unseen_characters(item, (*path, index))
    elif isinstance(value, str):
        unseen = next((each for each in value if unicodedata.category(each) in ("Cc", "Cs") and each not in "\t\n"), None)
        if unseen:
            yield Problem(path, printable(value), f"has the invisible character U+{ord(unseen):04X}. Remove it.")


def _without_empty(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_empty(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_empty(item) for item in value if item is not None]
    return value


def _names_zones(network: object) -> bool:
    return isinstance(network, Mapping) and not {"zones", "existing"}.isdisjoint(network)


def _validated(values: Mapping[str, object], problems: list[Problem]) -> tuple[StackSettings, set[Path]]:
    """The settings and the paths of those that are wrong.

    What is wrong is taken out, and stands at its default, so that what it does not touch can still be looked at.
    """
    rest = {key: _without_empty(value) for key, value in values.items() if value is not None}
    invalid: set[Path] = set()
    while True:
        try:
            return StackSettings.model_validate(rest), invalid
        except ValidationError as error:
            errors = error.errors(include_url=False)
        if not invalid:
            # Later rounds find only what the taking out broke.
            problems += [_problem(detail, rest) for detail in errors]
        # The innermost first: what was around it may be wrong itself, and is then still there to be taken out alone.
        for path in sorted({_path_in(detail["loc"], rest) for detail in errors}, key=lambda path: (-len(path), str(path))):
            invalid.add(path)
            _take_out(rest, path)


def _take_out(values: dict[str, object], path: Path) -> None:
    """Removes what stands at a path, or the block in which it is missing; of a list the whole."""
    if path == ("brokerType",):
        # What it was meant to be: much hangs on its kind, and on whether it has KRaft.
        (values["brokerType"],) = nearest_broker_types(str(values.get("brokerType")), 1)
        return
    block: Any = values
    containers: list[tuple[dict[Any, Any], Any]] = []
    for part in path:
        if isinstance(block, dict) and part in block:
            containers.append((block, part))
            block = block[part]
    if containers:
        container, key = containers[-1]
        del container[key]


_MESSAGES = {
    "int_type": "must be a whole number.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "finite_number": "must be a finite number.",
    "int_parsing_size": "is too large a number.",
    "float_type": "must be a number.",
    "float_parsing": "must be a number.",
    "bool_type": "must be true or false.",
    "bool_parsing": "must be true or false.",
    "string_type": "must be text.",
    "list_type": "must be a list.",
    "missing": "is missing.",
    "date_from_datetime_parsing": "must be a date, YYYY-MM-DD.",
    "date_parsing": "must be a date, YYYY-MM-DD.",
    "date_type": "must be a date, YYYY-MM-DD.",
}


def _problem(error: ErrorDetails, values: Mapping[str, object]) -> Problem:
    path = _path_in(error["loc"], values)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(path, error["input"], model_at(path[:-1]))
    if kind == "missing":
        return Problem(path, ABSENT, "is missing.")
    if kind == "value_error":
        message = str(context["error"])
    elif kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        message = _bounds_message(path)
    elif kind == "literal_error":
        message = f"must be one of {str(context['expected']).replace(' or ', ', ')}."
        message = message.replace("'", "")
        if isinstance(error["input"], str):
            message += did_you_mean(error["input"], re.findall(r"'([^']+)'", str(context["expected"])))
    elif kind == "too_short":
        message = f"must have {context['min_length']} or more entries."
    elif kind == "too_long":
        message = f"must have at most {context['max_length']} entries."
    elif kind == "string_too_long":
        message = f"has {len(str(error['input']))} characters: at most {context['max_length']} are allowed. Shorten it."
    else:
        message = _kind_message(kind, path, error["input"]) or _MESSAGES.get(kind, error["msg"] + ".")
    # What is left out has no value, though something beside it asks for it.
    return Problem(path, ABSENT if error["input"] is None else error["input"], message)


def _path_in(location: tuple[str | int, ...], values: Mapping[str, object]) -> tuple[str | int, ...]:
    """Pydantic's location without the markers it adds for keys of maps and members of unions."""
    path: list[str | int] = []
    value: Any = values
    for index, part in enumerate(location):
        last = index == len(location) - 1
        if _holds(value, part):
            value = value[part]
        elif not (last and isinstance(value, Mapping)) or part == "[key]":
            continue
        path.append(part)
    return tuple(path)


def _holds(block: object, part: str | int) -> bool:
    return part in block if isinstance(block, Mapping) else isinstance(block, list) and isinstance(part, int)


def model_at(path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The class that describes the block at this path."""
    annotation: Any = StackSettings
    for part in path:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = settings_of_model(annotation).get(str(part))
            if field is None:
                return None
            annotation = field.annotation
        else:
            # A map's value or a list's member.
            annotation = get_args(annotation)[-1]
        annotation = _without_optional(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _without_optional(annotation: Any) -> Any:  # noqa: ANN401 - type annotations have no common type
    members = [member for member in get_args(annotation) if member is not type(None)]
    return members[0] if len(members) == 1 and len(get_args(annotation)) == 2 else annotation  # noqa: PLR2004 - X | None


def _unknown(path: tuple[str | int, ...], value: object, model: type[BaseModel] | None) -> Problem:
    names = list(settings_of_model(model)) if model else []
    allowed = f" Allowed here: {', '.join(names)}." if names else ""
    return Problem(path, value, f"is not a setting.{did_you_mean(str(path[-1]), names)}{allowed}")


def _kind_message(kind: str, path: Path, value: object) -> str:
    """What to write where a value of another kind stands; empty for kinds that need no more than their name."""
    if kind in ("model_type", "dict_type"):
        return _map_message(path)
    if kind == "list_type" and re.fullmatch(r"[\w.:/, -]+", str(value)):
        return f"must be a list; write [{value}]."
    if kind == "string_type" and not isinstance(value, (list, Mapping)):
        # Quotes make no text of a block.
        return 'must be text; put it in quotes: "...".'
    return ""


def _map_message(path: Path) -> str:
    if model := model_at(path):
        if not settings_of_model(model):
            return "must be {}: it has no settings."
        return f"must be a map of settings. Allowed here: {', '.join(settings_of_model(model))}."
    if model := model_at((*path, "")):
        return f"must be a map of names to settings. Allowed in each: {', '.join(settings_of_model(model))}."
    return "must be a map."


def _bounds_message(path: tuple[str | int, ...]) -> str:
    model = model_at(path[:-1])
    bounds: dict[str, object] = {}
    if model is not None:
        for item in settings_of_model(model)[str(path[-1])].metadata:
            for name in ("gt", "ge", "lt", "le"):
                if getattr(item, name, None) is not None:
                    bounds[name] = getattr(item, name)
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    return f"must be {' and '.join(f'{words[name]} {bound}' for name, bound in bounds.items())}."
