"""Terraform's plugin protocol, version 5, as far as planning needs it: a provider is asked what it would do, and does nothing.

Sources: terraform-plugin-go, `tfprotov5/internal/tfplugin5/tfplugin5.proto`; go-plugin, `docs/guide-plugin-write-non-go.md`.
A provider that gets no client certificate speaks without TLS, on a socket of this machine.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
from typing import TYPE_CHECKING, Any, Self

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Values are Terraform's, of any shape; messages have attributes that type checking cannot see.
Value = Any
Message = Any

_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
"""What a provider wants in TF_PLUGIN_MAGIC_COOKIE before it starts (Terraform, `internal/plugin/serve.go`)."""

_LARGEST_MESSAGE = 256 << 20

_FIELD = descriptor_pb2.FieldDescriptorProto
_TYPES = {"string": _FIELD.TYPE_STRING, "bytes": _FIELD.TYPE_BYTES, "int": _FIELD.TYPE_INT64, "bool": _FIELD.TYPE_BOOL}
_MESSAGES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "DynamicValue": {"msgpack": (1, "bytes"), "json": (2, "bytes")},
    "Diagnostic": {"severity": (1, "int"), "summary": (2, "string"), "detail": (3, "string")},
    "Step": {"attribute_name": (1, "string"), "element_key_string": (2, "string"), "element_key_int": (3, "int")},
    "AttributePath": {"steps": (1, "*Step")},
    "Attribute": {
        "name": (1, "string"),
        "type": (2, "bytes"),
        "required": (4, "bool"),
        "optional": (5, "bool"),
        "computed": (6, "bool"),
    },
    "Block": {"attributes": (2, "*Attribute"), "block_types": (3, "*NestedBlock")},
    "NestedBlock": {
        "type_name": (1, "string"),
        "block": (2, "Block"),
        "nesting": (3, "int"),
        "min_items": (4, "int"),
        "max_items": (5, "int"),
    },
    "Schema": {"version": (1, "int"), "block": (2, "Block")},
    "NamedSchema": {"key": (1, "string"), "value": (2, "Schema")},
    "SchemaReply": {"provider": (1, "Schema"), "resource_schemas": (2, "*NamedSchema"), "diagnostics": (4, "*Diagnostic")},
    "ConfigureRequest": {"terraform_version": (1, "string"), "config": (2, "DynamicValue")},
    "ConfigureReply": {"diagnostics": (1, "*Diagnostic")},
    "PlanRequest": {
        "type_name": (1, "string"),
        "prior_state": (2, "DynamicValue"),
        "proposed_new_state": (3, "DynamicValue"),
        "config": (4, "DynamicValue"),
        "prior_private": (5, "bytes"),
    },
    "PlanReply": {
        "planned_state": (1, "DynamicValue"),
        "requires_replace": (2, "*AttributePath"),
        "planned_private": (3, "bytes"),
        "diagnostics": (4, "*Diagnostic"),
    },
}


class Unknown:
    """A value that is known only after AWS has answered."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN = Unknown()


class PlanRefused(Exception):  # noqa: N818 - it says what the provider did, as its errors do
    """The provider answered a plan with errors."""


def _messages() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="tfplugin5-planning.proto", package="planning", syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            label = _FIELD.LABEL_REPEATED if kind.startswith("*") else _FIELD.LABEL_OPTIONAL
            if kind in _TYPES:
                message.field.add(name=field, number=number, label=label, type=_TYPES[kind])
            else:
                reference = f".planning.{kind.lstrip('*')}"
                message.field.add(name=field, number=number, label=label, type=_FIELD.TYPE_MESSAGE, type_name=reference)
    # The library's pool has no types.
    pool: Any = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"planning.{name}")) for name in _MESSAGES}


class Provider:
    """A running provider process; a context manager."""

    def __init__(self, program: Path, config: Mapping[str, Value]) -> None:
        """Starts and configures the provider.

        Args:
            program: The provider's executable.
            config: Its configuration, without what is empty.

        Raises:
            PlanRefused: The provider does not take this configuration.
        """
        self._messages = _messages()
        environment = {"TF_PLUGIN_MAGIC_COOKIE": _COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5", "PATH": os.environ.get("PATH", "")}
        self._process = subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        address = self._process.stdout.readline().split("|")[3]
        options = [("grpc.max_receive_message_length", _LARGEST_MESSAGE)]
        self._channel = grpc.insecure_channel(f"unix:{address}", options=options)
        reply = self._call("GetSchema", "SchemaReply")
        self.resources = {schema.key: schema.value.block for schema in reply.resource_schemas}
        values = {attribute.name: config.get(attribute.name) for attribute in reply.provider.block.attributes}
        blocks: dict[str, Value] = {block_type.type_name: [] for block_type in reply.provider.block.block_types}
        request = self._messages["ConfigureRequest"](terraform_version="1.11.4", config=self._dynamic({**values, **blocks}))
        self._refuse(self._call("Configure", "ConfigureReply", request))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def plan(self, type_: str, prior: Value, proposed: Value, config: Value) -> tuple[Value, list[str]]:
        """What the resource would be, and the paths that make it another resource.

        Raises:
            PlanRefused: The provider has no plan for this.
        """
        request = self._messages["PlanRequest"](
            type_name=type_,
            prior_state=self._dynamic(prior),
            proposed_new_state=self._dynamic(proposed),
            config=self._dynamic(config),
        )
        reply = self._call("PlanResourceChange", "PlanReply", request)
        self._refuse(reply)
        planned, _ = _unpack(reply.planned_state.msgpack, 0)
        return planned, [".".join(step.attribute_name for step in path.steps) for path in reply.requires_replace]

    def _dynamic(self, value: Value) -> Message:
        return self._messages["DynamicValue"](msgpack=_pack(value))

    def _call(self, method: str, reply: str, request: Message = None) -> Message:
        call: Any = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self._messages[reply].FromString,
        )
        return call(request if request is not None else self._messages["ConfigureReply"]())

    @staticmethod
    def _refuse(reply: Message) -> None:
        if errors := [
            f"{diagnostic.summary} {diagnostic.detail}" for diagnostic in reply.diagnostics if diagnostic.severity == 1
        ]:
            raise PlanRefused("; ".join(errors))


def type_of(attribute: Message) -> Value:
    """The type of an attribute as Terraform writes it: `"string"`, `["set", "string"]`, ..."""
    return json.loads(attribute.type)


def _pack(value: Value) -> bytes:  # noqa: PLR0911 - one case for each of the format's forms
    """MessagePack, in its longest forms: what sends little need not save."""
    if isinstance(value, Unknown):
        return b"\xd4\x00\x00"
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return b"\xd3" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        return b"\xdb" + struct.pack(">I", len(text)) + text
    if isinstance(value, dict):
        inner = b"".join(_pack(key) + _pack(one) for key, one in value.items())
        return b"\xdf" + struct.pack(">I", len(value)) + inner
    return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(_pack, value))


_SIZED = {
    0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I",
    0xC7: ">B", 0xC8: ">H", 0xC9: ">I",
}  # fmt: skip
_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}


def _unpack(data: bytes, at: int) -> tuple[Value, int]:  # noqa: C901, PLR0911 - one case for each of the format's forms
    code, at = data[at], at + 1
    if code <= 0x7F:
        return code, at
    if code >= 0xE0:
        return code - 0x100, at
    if code in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[code], at
    if code in _NUMBERS:
        size = struct.calcsize(_NUMBERS[code])
        return struct.unpack(_NUMBERS[code], data[at : at + size])[0], at + size
    if 0xD4 <= code <= 0xD8:
        return UNKNOWN, at + 1 + (1 << (code - 0xD4))
    if code in _SIZED:
        size = struct.calcsize(_SIZED[code])
        length, at = struct.unpack(_SIZED[code], data[at : at + size])[0], at + size
    else:
        length = code & (0x1F if 0xA0 <= code <= 0xBF else 0x0F)
    if 0xA0 <= code <= 0xBF or code in (0xD9, 0xDA, 0xDB):
        return data[at : at + length].decode(), at + length
    if code in (0xC7, 0xC8, 0xC9):
        return UNKNOWN, at + 1 + length
    if code & 0xF0 == 0x80 or code in (0xDE, 0xDF):
        result: dict[str, Value] = {}
        for _ in range(length):
            key, at = _unpack(data, at)
            result[key], at = _unpack(data, at)
        return result, at
    items = []
    for _ in range(length):
        item, at = _unpack(data, at)
        items.append(item)
    return items, at
