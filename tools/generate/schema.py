"""`python -m tools schema`: writes the JSON schema by which editors complete and check stack files, from `StackSettings`.

The schema says what the loader says of each setting by itself, and a test holds that over generated files. Three things a stack
file has that the classes do not speak of, since the Pulumi CLI makes one of them of the other: text for numbers and for whole
maps (`pulumi config set`), encrypted values, and keys with the project's name before them.

Draft 7, in which all references stand alone: what editors know best.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from domain.msk.regions import REGIONS
from domain.settings.outside import NAMESPACES, PROVIDER_KEYS, REGION_FORM, RISKS, ROOT_KEYS
from domain.settings.stack import StackSettings
from domain.settings.types import DECIMAL
from tools.generate.generated import parser_of_generator, renew

FILE: Final = Path("stack-file.schema.json")

Schema = dict[str, Any]

_SEEN: Final[Schema] = {
    "pattern": r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$",
    "patternErrorMessage": "has an invisible character. Remove it.",
}
_ENCRYPTED: Final[Schema] = {"$ref": "#/definitions/encrypted"}
_PROPERTY: Final[Schema] = {"$ref": "#/definitions/property"}
_LARGEST: Final = 1.7976931348623157e308

_DEFINITIONS: Final[Schema] = {
    "encrypted": {
        "type": "object",
        "required": ["secure"],
        # Not among `properties`, where every text would be completed with it.
        "patternProperties": {"^secure$": {"type": "string"}},
        "additionalProperties": False,
        "errorMessage": "must be text, or a value that `pulumi config set --secret` encrypted.",
    },
    "unread": {
        "anyOf": [_ENCRYPTED, {"type": "string", "pattern": r"^\s*\{[\s\S]*\}\s*$"}],
    },
    "property": {
        "if": {"type": "object"},
        "then": {"minProperties": 1, "propertyNames": _SEEN, "additionalProperties": _PROPERTY},
        "else": {"type": ["string", "number", "boolean"], **_SEEN},
    },
}
"""Encrypted values, maps that are not read here (encrypted, or JSON as text), Kafka's properties (their names may be paths)."""

_ROOT: Final[dict[str, Schema]] = {
    "encryptedkey": {
        "type": ["string", "null"],
        "description": "The encrypted key of encrypted values. Pulumi writes it.",
    },
    "encryptionsalt": {"type": ["string", "null"], "description": "The salt of encrypted values. Pulumi writes it."},
    "environment": {
        "type": ["array", "object", "null"],
        "description": "Pulumi ESC environments whose configuration is under this stack's.",
    },
    "secretsprovider": {
        "type": ["string", "null"],
        "description": "What encrypts values, such as awskms://alias/pulumi?region=eu-west-1. Pulumi writes it.",
    },
}


def main(arguments: list[str]) -> int:
    """Writes or checks the schema.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = parser_of_generator("schema", f"Writes {FILE}, by which editors complete and check stack files.").parse_args(
        arguments
    )
    file: Path = options.directory / FILE
    present = file.read_text(encoding="utf-8") if file.exists() else ""
    return renew("schema", options.directory, FILE, present, schema_text(), check=options.check)


def schema_text() -> str:
    """The file's text."""
    return json.dumps(stack_file_schema(), indent=1, ensure_ascii=False) + "\n"


def stack_file_schema() -> Schema:
    """The JSON schema of a stack file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Stack file",
        "description": "Pulumi.<stack>.yaml. The settings stand under config; docs/settings.md has them in a table.",
        "type": ["object", "null"],
        "properties": {"config": _config(), **{key: _ROOT[key] for key in ROOT_KEYS if key != "config"}},
        "additionalProperties": False,
        "errorMessage": f"Pulumi reads {', '.join(ROOT_KEYS)} in a stack file. Settings go under config, indented.",
        "definitions": _DEFINITIONS,
    }


def _config() -> Schema:
    whole = StackSettings.model_json_schema(by_alias=True)
    settings = {name: _setting(schema, whole["$defs"]) for name, schema in whole["properties"].items()}
    others = f"^(?!({'|'.join(NAMESPACES)}):)[^:]*:(config:)?"
    region: Schema = {
        "type": "string",
        "pattern": f"^{REGION_FORM}$",
        "patternErrorMessage": "must be an AWS region, such as eu-west-1.",
        "examples": list(REGIONS),
        "description": "AWS region of this stack. Default: the one in Pulumi.yaml.",
    }
    provider = {f"aws:{key}": {"description": _of_provider(key)} for key in sorted(PROVIDER_KEYS)}
    return {
        "type": ["object", "null"],
        "description": "The settings of this stack, and configuration of providers.",
        "properties": {**settings, **provider, "aws:region": _or(region, _ENCRYPTED, of="object")},
        "patternProperties": {
            # `pulumi config set` writes the project's name before a setting; which name that is, the project's file says.
            **{f"{others}{name}$": {"$ref": f"#/properties/config/properties/{name}"} for name in settings},
            **{f"^aws:config:{key}$": {"$ref": f"#/properties/config/properties/aws:{key}"} for key in sorted(PROVIDER_KEYS)},
            "^(?!aws:)[^:]*:(config:)?[^:]*$": {},
        },
        "additionalProperties": False,
    }


def _of_provider(key: str) -> str:
    risk = RISKS.get(key)
    return f"Configuration of the AWS provider. It {risk}" if risk else "Configuration of the AWS provider."


def _setting(written: Schema, definitions: Schema) -> Schema:
    """A setting of the first level, which the CLI hands over as text, whatever it is."""
    schema = _resolved(written, definitions)
    kind = schema["type"]
    if kind == "object":
        inside = _block(schema, definitions) if "properties" in schema else _map(schema, definitions)
        return _or(inside, {"$ref": "#/definitions/unread"})
    if kind == "integer":
        texts = "|".join(map(str, range(schema["minimum"], schema["maximum"] + 1)))
        words = f"must be at least {schema['minimum']} and at most {schema['maximum']}."
        schema = _or(schema, {"pattern": f"^({texts})$", "patternErrorMessage": words}, of="string")
    elif kind == "boolean":
        schema = _or(schema, {"enum": ["true", "false"], "errorMessage": "must be true or false."}, of="string")
    else:
        schema = _first_text(schema)
    return _or(schema, _ENCRYPTED, of="object")


def _first_text(schema: Schema) -> Schema:
    """A text as the CLI makes one of whatever stands there: nothing is an empty text, numbers and booleans are their digits."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], *([None] if "" in schema["enum"] else [])], "type": ["string", "null"]}
    texts = (("null", ""), ("integer", "0"), ("boolean", "true"))
    kinds = [kind for kind, text in texts if re.search(schema["pattern"], text)]
    return {**schema, "type": ["string", *kinds] if kinds else "string", **({"minimum": 0} if "integer" in kinds else {})}


def _resolved(written: Schema, definitions: Schema) -> Schema:
    """A value's schema without references and without what only Python has: titles, and null where a setting may be left out."""
    schema = {key: value for key, value in written.items() if key not in ("title", "anyOf", "$ref")}
    if "$ref" in written:
        return _resolved({**definitions[written["$ref"].rpartition("/")[2]], **schema}, definitions)
    members = [member for member in written.get("anyOf", ()) if member != {"type": "null"}]
    if len(members) < len(written.get("anyOf", ())):
        (member,) = members
        given = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
        return _resolved({**member, **given}, definitions)
    return _described({**schema, **({"anyOf": members} if members else {})})


def _plain(written: Schema, definitions: Schema) -> Schema:
    """The schema of a value within a block."""
    schema = _resolved(written, definitions)
    kind = schema["type"]
    if kind == "object" and "properties" in schema:
        block = _block(schema, definitions)
        # `pulumi config set --path authentication.scram '{}'` writes a text.
        empty = {"enum": ["{}"], "errorMessage": "must be a map of settings."}
        schema = block if {"required", "anyOf"} & block.keys() else _or(block, empty, of="string")
    elif kind == "object":
        schema = _map(schema, definitions)
    elif kind == "array":
        schema = {**schema, "items": _plain(schema["items"], definitions)}
    elif kind == "string" and "enum" not in schema:
        schema = _or({**({} if "pattern" in schema else _SEEN), **schema}, _ENCRYPTED, of="object")
    elif kind == "number":
        bounded = {**({} if "maximum" in schema else {"maximum": _LARGEST}), **schema}
        words = {"pattern": f"^({DECIMAL})$", "patternErrorMessage": "must be a number."}
        schema = _or(_or(bounded, words, of="string"), _ENCRYPTED, of="object")
    return schema


def _block(schema: Schema, definitions: Schema) -> Schema:
    return {**schema, "properties": {key: _plain(value, definitions) for key, value in schema["properties"].items()}}


def _map(schema: Schema, definitions: Schema) -> Schema:
    """A map by names: the form of each name, and of what stands behind it."""
    kept = {key: value for key, value in schema.items() if key not in ("patternProperties", "propertyNames")}
    names = schema.get("propertyNames", {})
    value = kept.pop("additionalProperties", None)
    for pattern, of_form in schema.get("patternProperties", {}).items():
        names, value = {**names, "pattern": pattern}, of_form
    if "anyOf" in value:
        # Text, a number, true or false: a property of Kafka.
        return {**kept, "propertyNames": _SEEN, "additionalProperties": _PROPERTY}
    return {**kept, "propertyNames": names or _SEEN, "additionalProperties": _plain(value, definitions)}


def _or(schema: Schema, other: Schema, *, of: str = "") -> Schema:
    """A value that may be another than its schema says, in a form that says what is wrong with the one that was meant.

    Args:
        schema: The schema.
        other: The other value's.
        of: The type that it has, where what has this type is to be judged by it alone.
    """
    aside = {key: value for key, value in schema.items() if key in _ASIDE}
    core = {key: value for key, value in schema.items() if key not in _ASIDE}
    return {**aside, "if": {"type": of}, "then": other, "else": core} if of else {**aside, "if": other, "else": core}


_ASIDE: Final = ("description", "default", "examples")
"""What stands beside the choice between two forms, for whichever it is."""


def _described(schema: Schema) -> Schema:
    """With its default in the words that an editor shows, where they do not say it yet."""
    default, words = schema.get("default"), schema.get("description", "")
    if default in (None, "") or "Default" in words:
        return schema
    said = default if isinstance(default, str) else json.dumps(default)
    return {**schema, "description": f"{words} Default: {said}."}
