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
from domain.settings.outside import CREDENTIALS, NAMESPACES, PROVIDER_KEYS, REGION_FORM, RISKS, ROOT_KEYS
from domain.settings.stack import StackSettings
from domain.settings.types import DECIMAL
from tools.generate.generated import parser_of_generator, renew

FILE: Final = Path("stack-file.schema.json")

Schema = dict[str, Any]

_SEEN: Final[Schema] = {
    "pattern": r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$",
    "patternErrorMessage": "has an invisible character. Remove it.",
}
_ENCRYPTED: Final[Schema] = {
    "required": ["secure"],
    # Not among `properties`, with which every text would be completed.
    "patternProperties": {"^secure$": {"type": "string"}},
    "additionalProperties": False,
}
"""What an object must be where text may stand: text that `pulumi config set --secret` encrypted."""
_PROPERTY: Final[Schema] = {"$ref": "#/definitions/property"}
_LARGEST: Final = 1.7976931348623157e308

_DEFINITIONS: Final[Schema] = {
    "unread": {
        "anyOf": [
            {"type": "object", **_ENCRYPTED},
            {"type": ["string", "number", "boolean", "array", "null"]},
        ],
    },
    "property": {
        "type": ["string", "number", "boolean", "object"],
        **_SEEN,
        "minProperties": 1,
        "propertyNames": _SEEN,
        "additionalProperties": _PROPERTY,
        "errorMessage": "must be text, a number, true or false.",
    },
}
"""A first-level setting that is no map, or encrypted as a whole; a property of Kafka, whose name may be written as a path."""

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
        "type": ["string", "object"],
        **_ENCRYPTED,
        "pattern": f"^{REGION_FORM}$",
        "patternErrorMessage": "must be an AWS region, such as eu-west-1.",
        "errorMessage": "must be text.",
        "examples": list(REGIONS),
        "description": "AWS region of this stack. Default: the one in Pulumi.yaml.",
    }
    provider = {f"aws:{key}": _of_provider(key) for key in sorted(PROVIDER_KEYS)}
    return {
        "type": ["object", "null"],
        "description": "The settings of this stack, and configuration of providers.",
        "properties": {**settings, **provider, "aws:region": region},
        "patternProperties": {
            # `pulumi config set` writes the project's name before a setting; which name that is, the project's file says.
            **{f"{others}{name}$": {"$ref": f"#/properties/config/properties/{name}"} for name in settings},
            **{f"^aws:config:{key}$": {"$ref": f"#/properties/config/properties/aws:{key}"} for key in sorted(PROVIDER_KEYS)},
            "^(?!aws:)[^:]*:(config:)?[^:]*$": {},
        },
        "additionalProperties": False,
    }


def _of_provider(key: str) -> Schema:
    """What the AWS provider is told, whatever it is. What opens or loses something is explained, and not suggested."""
    risk = RISKS.get(key)
    words = f"Configuration of the AWS provider. It {risk}" if risk else "Configuration of the AWS provider."
    return {"description": words, **({"doNotSuggest": True} if risk or key in CREDENTIALS else {})}


def _setting(written: Schema, definitions: Schema) -> Schema:
    """A setting of the first level, which the CLI hands over as text, whatever it is."""
    schema = _resolved(written, definitions)
    kind = schema["type"]
    if kind == "object":
        inside = _block(schema, definitions) if "properties" in schema else _map(schema, definitions)
        aside: Schema = {key: inside.pop(key) for key in ("description", "default", "examples") if key in inside}
        # `pulumi config set workload '{"partitions": 24}'` writes JSON as a text.
        text = {"type": ["object", "string"], "pattern": r"^\s*\{[\s\S]*\}\s*$", "patternErrorMessage": _NO_MAP}
        return {**aside, **text, "if": {"$ref": "#/definitions/unread"}, "else": inside}
    if kind == "integer":
        texts = "|".join(map(str, range(schema["minimum"], schema["maximum"] + 1)))
        words = f"must be at least {schema['minimum']} and at most {schema['maximum']}."
        text = {"pattern": f"^({texts})$", "patternErrorMessage": words, "errorMessage": "must be a whole number."}
        return {**schema, **_ENCRYPTED, **text, "type": [kind, "string", "object"]}
    if kind == "boolean":
        words = "must be true or false."
        text = {"pattern": "^(true|false)$", "patternErrorMessage": words, "errorMessage": words}
        return {**schema, **_ENCRYPTED, **text, "type": [kind, "string", "object"]}
    # Text: the CLI makes one of whatever stands there. Nothing is an empty one, numbers and booleans are what they look like.
    texts_of_others = (("null", ""), ("integer", "0"), ("boolean", "true"))
    kinds = [other for other, text in texts_of_others if re.search(schema["pattern"], text)]
    limit = {"minimum": 0} if "integer" in kinds else {}
    return {**schema, **_ENCRYPTED, **limit, "type": ["string", *kinds, "object"], "errorMessage": _NO_TEXT}


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
        schema = _block(schema, definitions)
        if not {"required", "anyOf"} & schema.keys():
            # `pulumi config set --path authentication.scram '{}'` writes a text.
            schema |= {"type": ["object", "string"], "pattern": r"^\{\}$", "patternErrorMessage": _NO_MAP}
    elif kind == "object":
        schema = _map(schema, definitions)
    elif kind == "array":
        schema["items"] = _plain(schema["items"], definitions)
    elif kind == "string" and "enum" not in schema:
        limits = {} if "pattern" in schema else _SEEN
        schema |= {**limits, **_ENCRYPTED, "type": ["string", "object"], "errorMessage": _NO_TEXT}
    elif kind == "number":
        limits = {} if "maximum" in schema else {"maximum": _LARGEST}
        text = {"pattern": f"^({DECIMAL})$", "errorMessage": "must be a number."}
        schema |= {**limits, **_ENCRYPTED, **text, "type": ["number", "string", "object"]}
    return schema


_NO_MAP: Final = "must be a map of settings."
_NO_TEXT: Final = "must be text: put it in quotes."


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
        return {**kept, "propertyNames": {**_SEEN, **names}, "additionalProperties": _PROPERTY}
    return {**kept, "propertyNames": names or _SEEN, "additionalProperties": _plain(value, definitions)}


def _described(schema: Schema) -> Schema:
    """With its default in the words that an editor shows, where they do not say it yet."""
    default, words = schema.get("default"), schema.get("description", "")
    if default in (None, "") or "Default" in words:
        return schema
    said = default if isinstance(default, str) else f"{default:g}" if isinstance(default, float) else json.dumps(default)
    return {**schema, "description": f"{words} Default: {said}."}
