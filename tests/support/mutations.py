"""Mutants of a platform: one thing about it changed for the worse, to see who notices.

Settings are changed as the settings' own schema allows (booleans flipped, choices, numbers at their bounds, values and blocks
taken out); resources as AWS would take them (booleans flipped, enumerations weakened, numbers at 0, 1 and a thousandfold, texts
emptied, networks opened to the world, policy documents widened to everybody, references to something else, blocks, resources and
their options taken out).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from support.pack import StackResource

_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the key that marks a value as secret
_EVERYBODY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
_WEAKER: Mapping[str, Sequence[str]] = {
    "TLS": ("TLS_PLAINTEXT", "PLAINTEXT"),
    "DISABLED": ("SERVICE_PROVIDED_EIPS",),
    "PER_TOPIC_PER_BROKER": ("PER_BROKER", "DEFAULT"),
    "kafka.m7g.xlarge": ("kafka.t3.small", "express.m7g.large"),
    "3.9.x.kraft": ("3.5.1", "1.1.1"),
    "LOCAL": ("TIERED",),
    "tcp": ("-1",),
    "ENCRYPT_DECRYPT": ("SIGN_VERIFY",),
    "SYMMETRIC_DEFAULT": ("RSA_2048",),
    "ALL": ("ACCEPT",),
}
_COMPUTED = ("arn", "id")
"""What a program does not choose; it stays, for others refer to it."""
Kind: TypeAlias = tuple[str, str]
_CIDR = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")


@dataclass(frozen=True)
class Mutant:
    """One change."""

    where: str
    """The setting, or the resource's type and property; places in lists are `*`."""
    what: str
    """What was done to it."""

    @property
    def kind(self) -> Kind:
        """What it shares with the same change to the same property of other resources of its type."""
        return self.where, self.what


@dataclass(frozen=True)
class SettingsMutant(Mutant):
    """A stack file with one change."""

    config: dict[str, Any]


@dataclass(frozen=True)
class ResourcesMutant(Mutant):
    """The resources of a stack with one change."""

    changed: StackResource | None
    """The resource as it is now; None where it is gone."""
    stack: list[StackResource]


def settings_mutants(config: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[SettingsMutant]:
    """Every setting, whether the stack file has it or not, changed in each way its schema allows; and what is given taken out.

    Args:
        config: The `config:` of a stack file.
        schema: The JSON schema of the settings.
    """
    for path in _given(config):
        yield SettingsMutant(".".join(path), "taken out", _without(config, path))
    for path, leaf in _leaves(schema, schema.get("$defs", {})):
        for value in _values(leaf):
            if value != _at(config, path, leaf.get("default")):
                yield SettingsMutant(".".join(path), f"set to {value!r}", _with(config, path, value))


def resources_mutants(stack: Sequence[StackResource]) -> Iterator[ResourcesMutant]:
    """Every property and option of every resource changed, and every resource taken out.

    Of resources that there is one of for each broker, `<name>/<broker>`, the first one stands for all.
    """
    names = {(resource.type, resource.name) for resource in stack}
    for place, resource in enumerate(stack):
        # A name that ends in a network's prefix length, 10.0.0.0/16, is none of these: it has no first one.
        first = re.sub(r"/\d+$", "/1", resource.name)
        if first != resource.name and (resource.type, first) in names:
            continue
        before, after = stack[:place], stack[place + 1 :]
        yield ResourcesMutant(resource.type, "taken out", None, [*before, *after])
        options = [replace(resource, protect=False)] if resource.protect else []
        options += [replace(resource, ignore_changes=())] if resource.ignore_changes else []
        for changed, option in zip(options, ("protect", "ignoreChanges"), strict=False):
            yield ResourcesMutant(f"{resource.type} option {option}", "taken out", changed, [*before, changed, *after])
        for path, what, properties in _changed(resource.properties):
            where = ".".join("*" if part.isdigit() else part for part in path.split("."))
            # What is held by value now has no dependency any more.
            refers = {key: names for key, names in resource.refers.items() if key != path.split(".", maxsplit=1)[0]}
            changed = replace(resource, properties=properties, refers=refers)
            yield ResourcesMutant(f"{resource.type} {where}", what, changed, [*before, changed, *after])


def _changed(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, value in _parts({name: value for name, value in properties.items() if name not in _COMPUTED}):
        for what, new in _worse(path[-1], value):
            whole = copy.deepcopy(dict(properties))
            block: Any = whole
            for part in path[:-1]:
                block = block[part]
            if what == "taken out":
                del block[path[-1]]
            else:
                block[path[-1]] = new
            yield ".".join(map(str, path)), what, whole


def _parts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value in properties, blocks and lists themselves included; secrets are whole."""
    if path:
        yield path, value
    if isinstance(value, Mapping) and _SECRET not in value:
        for name, inner in value.items():
            yield from _parts(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _parts(inner, (*path, place))


def _worse(name: Any, value: Any) -> Iterator[tuple[str, Any]]:
    yield "taken out", None
    if isinstance(value, bool):
        yield f"set to {not value}", not value
    elif isinstance(value, int | float):
        yield from ((f"set to {number:g}", number) for number in (0, 1, value * 1000) if number != value)
    elif isinstance(value, str) and name == "serverProperties":
        yield from _worse_server_properties(value)
    elif isinstance(value, str):
        yield from _worse_text(value)


def _worse_text(value: str) -> Iterator[tuple[str, Any]]:
    if value.startswith("{"):
        yield "allowed to everybody", _EVERYBODY
    elif _CIDR.fullmatch(value):
        yield "opened to the world", "0.0.0.0/0"
    elif value in _WEAKER:
        yield from ((f"set to {weaker}", weaker) for weaker in _WEAKER[value])
    elif value.startswith("arn:"):
        yield "set to something else", re.sub(r"[^:/]*$", "0", value)
    else:
        yield "emptied", ""


def _worse_server_properties(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    for place, line in enumerate(lines):
        name, _, value = line.partition("=")
        rest = [*lines[:place], *lines[place + 1 :]]
        yield f"{name} taken out", "\n".join(rest)
        other = {"true": "false", "false": "true"}.get(value, "1" if value.isdecimal() else "")
        yield f"{name} set to {other or 'nothing'}", "\n".join([*rest, f"{name}={other}"])


def _given(config: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if path:
        yield path
    if isinstance(config, Mapping):
        for name, inner in config.items():
            yield from _given(inner, (*path, name))


def _leaves(
    node: Mapping[str, Any], definitions: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if not isinstance(node, Mapping):
        return  # what no file may have
    if "$ref" in node:
        node = {**definitions[node["$ref"].rpartition("/")[2]], **{key: value for key, value in node.items() if key != "$ref"}}
    if "anyOf" in node:
        for choice in node["anyOf"]:
            if choice.get("type") != "null":
                yield from _leaves(choice, definitions, path)
    elif "properties" in node:
        for name, inner in node["properties"].items():
            yield from _leaves(inner, definitions, (*path, name))
    else:
        yield path, node


def _values(leaf: Mapping[str, Any]) -> Iterator[Any]:
    if "enum" in leaf:
        numbers = all(isinstance(value, int) and not isinstance(value, bool) for value in leaf["enum"])
        yield from (min(leaf["enum"]), max(leaf["enum"])) if numbers else leaf["enum"]
        return
    match leaf.get("type"):
        case "boolean":
            yield from (True, False)
        case "integer" | "number":
            lowest = leaf.get("minimum", leaf.get("exclusiveMinimum", 0))
            yield from (lowest - 1, lowest, leaf.get("maximum", 10**6), leaf.get("maximum", 10**9) + 1)
        case "string":
            yield from ("", "nothing-like-it")
        case "array":
            yield []
        case "object":
            yield {}


def _at(config: Any, path: Sequence[str], default: Any) -> Any:
    for name in path:
        if not isinstance(config, Mapping) or name not in config:
            return default
        config = config[name]
    return config


def _with(config: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    whole = copy.deepcopy(dict(config))
    block = whole
    for name in path[:-1]:
        if not isinstance(block.get(name), dict):
            block[name] = {}
        block = block[name]
    block[path[-1]] = value
    return whole


def _without(config: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    whole = copy.deepcopy(dict(config))
    block = whole
    for name in path[:-1]:
        block = block[name]
    del block[path[-1]]
    return whole
