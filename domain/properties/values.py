"""Values of Kafka's properties, of brokers and of topics: how they are written, and what is wrong with one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from domain.msk.versions import MetadataMode, metadata_mode, version_number
from domain.properties.definitions import PropertyType

if TYPE_CHECKING:
    from domain.properties.definitions import PropertyDefinition

PropertyValue = str | int | float | bool
"""A value as a stack file has it."""


def version_message(definition: PropertyDefinition, version: str) -> str | None:
    """Why a Kafka version does not have the property, or None where it has."""
    number = version_number(version)
    if definition.zookeeper_only and metadata_mode(version) is MetadataMode.KRAFT:
        return f"has no effect on Kafka {version}, which has no ZooKeeper. Remove it."
    if definition.since and number < definition.since:
        first = ".".join(map(str, definition.since))
        return f"needs Kafka {first}.0 or newer, not {version}. Remove it, or raise kafkaVersion."
    if definition.until and number >= definition.until:
        remedy = f"Use {definition.instead} instead." if definition.instead else "Remove it."
        return f"no longer exists in Kafka {version}. {remedy}"
    return None


_TYPE_LIMITS = {
    PropertyType.INT: (-(2**31), 2**31 - 1),
    PropertyType.LONG: (-(2**63), 2**63 - 1),
}


def value_message(definition: PropertyDefinition, value: PropertyValue, version: str) -> str | None:
    """What a Kafka version allows, where the value is not."""
    if isinstance(value, str) and (message := _text_message(value)):
        return message
    if definition.type is PropertyType.BOOLEAN:
        # Apache Kafka reads booleans whatever their case.
        return None if text_of(value).lower() in ("true", "false") else "must be true or false."
    if definition.type in (PropertyType.INT, PropertyType.LONG, PropertyType.DOUBLE):
        number = number_of(value, whole=definition.type is not PropertyType.DOUBLE)
        if number is None and isinstance(value, str) and value.startswith("+"):
            return "must be a number without a plus sign. Remove it."
        minimum = definition.minimum_of(version_number(version))
        if number is not None and _in_range(definition, minimum, number):
            return None
        why = f" {definition.why}" if definition.why and number is not None and _is_outside(definition, number) else ""
        return f"{_range_message(definition, minimum)}{why}"
    return _words_message(definition, value)


def _words_message(definition: PropertyDefinition, value: PropertyValue) -> str | None:
    words = words_of(value) if definition.type is PropertyType.LIST else [text_of(value)]
    if definition.choices:
        if all(word in definition.choices for word in words):
            return None
        either = " or both, separated by a comma" if definition.type is PropertyType.LIST else ""
        why = f" {definition.why}" if definition.why else ""
        return f"must be {_one_of(definition.choices)}{either}.{why}"
    return None if isinstance(value, str) and value else "must be text."


def _text_message(text: str) -> str | None:
    """What no value may have in it, whatever it stands for: Kafka reads some of it as another value, or as two."""
    if not text.isprintable():
        unseen = next(character for character in text if not character.isprintable())
        name = "a line break" if unseen in "\r\n" else f"the invisible character U+{ord(unseen):04X}"
        return f"has {name} in it. Write it on one line, in plain characters."
    if text != text.strip():
        return "has a space at its beginning or end. Remove it."
    return None


def _in_range(definition: PropertyDefinition, minimum: float | None, number: float) -> bool:
    if definition.unlimited and number == -1:
        return True
    lowest, highest = _TYPE_LIMITS.get(definition.type, (float("-inf"), float("inf")))
    lower = lowest if minimum is None else minimum
    upper = highest if definition.maximum is None else definition.maximum
    return lower <= number <= upper


def _is_outside(definition: PropertyDefinition, number: float) -> bool:
    """Whether a number is outside the range of all versions, and not only of a newer one's."""
    above = definition.maximum is not None and number > definition.maximum
    return above or (definition.minimum is not None and number < definition.minimum)


def _range_message(definition: PropertyDefinition, minimum: float | None) -> str:
    kind = "a number" if definition.type is PropertyType.DOUBLE else "a whole number"
    limits = _TYPE_LIMITS.get(definition.type)
    upper = definition.maximum if definition.maximum is not None else limits[1] if limits else None
    minus_one = f", or -1 for {definition.minus_one}" if definition.unlimited else ""
    if minimum is not None and upper is not None:
        return f"must be {kind} from {int(minimum)} to {int(upper)}{minus_one}."
    if upper is not None:
        return f"must be {kind} of at most {int(upper)}{minus_one}."
    return f"must be {kind}{minus_one}."


def _one_of(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def text_of(value: PropertyValue) -> str:
    """The value as it stands in the file: booleans in lower case, whole numbers without a fraction."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def words_of(value: PropertyValue) -> list[str]:
    """The words of a list, which commas part."""
    return [word.strip() for word in text_of(value).split(",")]


_MOST_DIGITS = 40
"""More than any number has that Kafka reads, and fewer than Python refuses to read."""


def is_whole(text: str) -> bool:
    """Whether a text is a whole number that Kafka can have: digits of ASCII, and no more of them than 64 bits take."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def number_of(value: PropertyValue, *, whole: bool) -> float | None:
    """The number a value stands for, or None when it stands for none."""
    if isinstance(value, bool) or (isinstance(value, int) and value.bit_length() > 4 * _MOST_DIGITS):
        return None
    text = text_of(value)
    if len(text) > _MOST_DIGITS:
        return None
    # With a plus sign Kafka reads it too, and what judges the value elsewhere does not (`is_whole`).
    if not re.fullmatch(r"-?[0-9]+" if whole else r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        return None
    return int(text) if whole else float(text)
