"""Writes a bare Pulumi program from an inventory: the same resources inline, on the SDK's own mocks, and nothing else.

It is what a preview is measured against: the least that registering these resources can cost. Values that are not known
in the inventory come from the resource they depend on, as in a program written by hand.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

from pulumi import _types

from inventory.rows import UNKNOWN, ResourceRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = '''\
"""The resources of a stack, inline, on the SDK's mocks."""

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {}


pulumi.runtime.set_mocks(Mocks(), project="bare", stack="dev", preview=True)

'''

_TAIL = """

pulumi.runtime.test(program)()
"""


def bare_program(rows: Sequence[ResourceRow]) -> str:
    """The text of the program.

    Args:
        rows: The inventory of a preview; components and providers are left out.
    """
    resources = [row for row in rows if row["custom"] and not row["type"].startswith("pulumi:")]
    names = {row["urn"]: f"r{number}" for number, row in enumerate(resources)}
    lines = [f"from {package} import {service}\n" for package, service in sorted({_service(row["type"]) for row in resources})]
    body = [f"    {names[row['urn']]} = {_constructor(row, names)}\n" for row in resources]
    return _HEAD + "".join(lines) + "\n\ndef program():\n" + "".join(body) + _TAIL


def _service(token: str) -> tuple[str, str]:
    module, _ = _class(token)
    package, _, service = module.rpartition(".")
    return package, service


def _class(token: str) -> tuple[str, str]:
    package, path, name = token.split(":")
    service = path.partition("/")[0]
    return f"pulumi_{package}" if service == "index" else f"pulumi_{package}.{service}", name


def _constructor(row: ResourceRow, names: Mapping[str, str]) -> str:
    module, name = _class(row["type"])
    service = importlib.import_module(module)
    args_class = getattr(service, f"{name}Args")
    dependencies: Mapping[str, list[str]] = row["options"].get("propertyDependencies", {})
    arguments = [repr(row["name"])]
    python_names = {wire: python for python, wire in _types.input_type_py_to_pulumi_names(args_class).items()}
    annotations = _types.input_type_types(args_class)
    for wire, value in row["inputs"].items():
        python = python_names.get(wire)
        if python is None or wire in ("__defaults", "tagsAll"):
            continue
        sources = [f"{names[urn]}.id" for urn in dependencies.get(wire, []) if urn in names]
        arguments.append(f"{python}={_value(value, annotations[wire], service, sources)}")
    return f"{module.rpartition('.')[2]}.{name}({', '.join(arguments)})"


def _value(value: Any, annotation: Any, service: Any, sources: Sequence[str]) -> str:
    """An expression for a value; blocks are of the typed class that the provider has for them."""
    if value == UNKNOWN:
        return sources[0] if sources else '"unknown"'
    if isinstance(value, list):
        inner = _inner(annotation)
        # A list of unknown ids: one of each resource that it depends on.
        if value and all(item == UNKNOWN for item in value) and len(sources) >= len(value):
            return f"[{', '.join(sources[-len(value) :])}]"
        return f"[{', '.join(_value(item, inner, service, sources) for item in value)}]"
    if isinstance(value, dict):
        block = _inner(annotation)
        if not inspect.isclass(block) or not _types.is_input_type(block):
            pairs = (f"{key!r}: {_value(item, None, service, sources)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        python_names = {wire: python for python, wire in _types.input_type_py_to_pulumi_names(block).items()}
        types = _types.input_type_types(block)
        given = (
            f"{python_names[wire]}={_value(item, types[wire], service, sources)}"
            for wire, item in value.items()
            if wire in python_names
        )
        return f"{service.__name__.rpartition('.')[2]}.{block.__name__}({', '.join(given)})"
    return repr(value)


def _inner(annotation: Any) -> Any:
    """The block's class in an annotation such as ``Optional[Input[Sequence[Input[Union[XArgs, XArgsDict]]]]]``."""
    if inspect.isclass(annotation) and _types.is_input_type(annotation):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if found is not None:
            return found
    return None
