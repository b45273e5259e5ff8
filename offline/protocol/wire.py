"""Property values as Pulumi's protocol carries them, as plain Python values.

A property value is `None`, a bool, a number, a string, a list or a dict. Whole numbers are `int`. An unknown value is
the string `UNKNOWN`, and a secret is the dict that `secret` makes, both exactly as on the wire, so that a value can go
to the SDK and to a policy pack as it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.protobuf import struct_pb2

Value: TypeAlias = Any
"""A property value. JSON's types have no recursive name that type checkers and dict literals both accept."""

Message: TypeAlias = Any
"""A message of the protocol. The generated classes are typed, but not for being filled in by name."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's own stand-in for a value that a preview can't know (`UnknownStringValue` of its protocol)."""

REDACTED: Final = "[secret]"
"""What is shown instead of a secret, as in `pulumi preview --json`."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a dict as one of the protocol's special values."""

SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker, not a password
"""The value of `SIGNATURE` in a secret."""

OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""The value of `SIGNATURE` in an output value: a value with its own secretness and dependencies."""

RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""The value of `SIGNATURE` in a reference to a resource."""


def secret(value: Value) -> dict[str, Value]:
    """The secret that holds `value`; a secret stays as it is."""
    if is_secret(value):
        return dict(value)
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def is_secret(value: Value) -> bool:
    """Whether the value itself, not merely something in it, is a secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET_SIGNATURE


def reveal(value: Value) -> Value:
    """The value without its secret wrapper, if it has one; secrets inside it stay secrets."""
    return value["value"] if is_secret(value) else value


def is_unknown(value: Value) -> bool:
    """Whether the value itself is unknown."""
    return isinstance(value, str) and value == UNKNOWN


def contains(value: Value, predicate: Callable[[Value], bool]) -> bool:
    """Whether `predicate` holds for the value or for anything in it."""
    if predicate(value):
        return True
    if isinstance(value, dict):
        return any(contains(inner, predicate) for inner in value.values())
    if isinstance(value, list):
        return any(contains(inner, predicate) for inner in value)
    return False


def without_outputs(value: Value) -> Value:
    """The value with output values taken apart into plain, unknown and secret values, as the engine stores them."""
    if isinstance(value, list):
        return [without_outputs(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == OUTPUT_SIGNATURE:
        inner = without_outputs(value["value"]) if "value" in value else UNKNOWN
        return secret(inner) if value.get("secret") else inner
    return {key: without_outputs(inner) for key, inner in value.items()}


def plain(value: Value, *, redact: bool) -> Value:
    """The value without the protocol's wrappers, for people and for JSON.

    Args:
        value: A property value.
        redact: Secrets become `REDACTED` instead of what they hold.

    Returns:
        A value of JSON's types. Unknown values stay `UNKNOWN`; a reference to a resource becomes its URN.
    """
    if isinstance(value, dict):
        match value.get(SIGNATURE):
            case None:
                return {key: plain(inner, redact=redact) for key, inner in value.items()}
            case signature if signature == SECRET_SIGNATURE:
                return REDACTED if redact else plain(value["value"], redact=redact)
            case signature if signature == RESOURCE_SIGNATURE:
                return value["urn"]
            case _:
                return {key: plain(inner, redact=redact) for key, inner in value.items() if key != SIGNATURE}
    if isinstance(value, list):
        return [plain(inner, redact=redact) for inner in value]
    return value


def from_struct(struct: struct_pb2.Struct) -> dict[str, Value]:
    """The property values in a protocol message, by name in order: a message keeps no order of its own."""
    return {key: _from_value(value) for key, value in sorted(struct.fields.items())}


def _from_value(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(inner) for inner in value.list_value.values]
    return None


def to_struct(values: Mapping[str, Value]) -> struct_pb2.Struct:
    """The protocol message that carries these property values."""
    from google.protobuf.struct_pb2 import Struct  # noqa: PLC0415 - reading configuration does without protobuf

    struct = Struct()
    for key, value in values.items():
        _put(struct.fields[key], value)
    return struct


def _put(target: struct_pb2.Value, value: Value) -> None:
    if isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        fields = target.struct_value.fields
        for key, inner in value.items():
            _put(fields[key], inner)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for inner in value:
            _put(target.list_value.values.add(), inner)
    elif value is None:
        target.null_value = 0  # type: ignore[assignment]  # NULL_VALUE, with no import of protobuf for one number
    else:
        message = f"a property value cannot be a {type(value).__name__}: {value!r}"
        raise TypeError(message)
