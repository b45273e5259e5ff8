"""Stack files as an editor sees them and as the loader sees them, each with what is wrong with it there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import jsonschema
import yaml

from domain.reading import read_settings, settings_of_model
from domain.settings.outside import outside_problems, region_problem
from domain.settings.stack import StackSettings
from offline.project import go_yaml
from offline.project.go_yaml import Node, YamlError
from offline.project.stack_file import entries_of, stray_entries
from tools.generate.schema import stack_file_schema

PROJECT: Final = "msk-platform"

_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_editors_read(text: str) -> Any:
    """The content by YAML 1.2, "10.3. Core Schema", which editors read by; the CLI keeps more of YAML 1.1."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    return None if node is None else _content(node)


def _content(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _content(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_content(item) for item in node.value]
    return str(node.value) if getattr(node, "style", None) else _plain_scalar(str(node.value))


def _plain_scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) < 4000 and re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+", text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def as_the_cli_reads(text: str) -> Node | None:
    """The content as the Pulumi CLI takes it.

    Raises:
        YamlError: It is no YAML that the CLI accepts.
    """
    return go_yaml.parse(text)


def refused_by_types(node: Node | None) -> list[str]:
    """What is wrong with a file for the CLI, the settings' types, and for whoever looks at what stands beside the settings."""
    entries, problems, _ = entries_of(PROJECT, "Pulumi.dev.yaml", node)
    refused = [problem.message for problem in (*problems, *stray_entries("Pulumi.dev.yaml", node))]
    whole = {key: entry.text for key, entry in entries.items()}
    own = {key.removeprefix(f"{PROJECT}:"): text for key, text in whole.items() if key.startswith(f"{PROJECT}:")}
    refused += map(str, read_settings(own).problems)
    refused += map(str, outside_problems(whole, project=PROJECT, settings=settings_of_model(StackSettings), file_text=""))
    if "aws:region" in whole and (wrong := region_problem(whole["aws:region"], has_zones=True)):
        refused.append(str(wrong))
    return refused


def refused_by_schema(content: Any) -> list[str]:
    """What an editor underlines."""
    return [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(content)]


def said_by_editors(content: Any) -> list[str]:
    """What an editor says of a file: the schema's own words where it has some."""
    return sorted(_said(error) for error in _validator().iter_errors(content))


def _said(error: jsonschema.ValidationError) -> str:
    inner = next((each for each in error.context or () if isinstance(each.schema, dict)), error)
    schema = inner.schema if isinstance(inner.schema, dict) else {}
    own = schema.get("patternErrorMessage") if inner.validator == "pattern" else None
    words = own or schema.get("errorMessage") or inner.message
    return f"{error.json_path.removeprefix('$.config.')}: {words}"


@cache
def _validator() -> Any:
    return _as_ecma(jsonschema.Draft7Validator)(stack_file_schema(), format_checker=jsonschema.FormatChecker())


def _as_ecma(validator: Any) -> Any:
    """The validator with ECMA 262's regular expressions, as JSON Schema has it: their $ is the very end, their \\d ASCII's."""

    def pattern(_: Any, wanted: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        if isinstance(instance, str) and not re.search(_python(wanted), instance, re.ASCII):
            yield jsonschema.ValidationError(f"{json.dumps(instance)} does not match {wanted!r}")

    def pattern_properties(validator: Any, wanted: dict[str, Any], instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
        for name, schema in wanted.items() if isinstance(instance, dict) else ():
            for key, value in instance.items():
                if re.search(_python(name), key, re.ASCII):
                    yield from validator.descend(value, schema, path=key, schema_path=name)

    extended: Any = jsonschema.validators.extend
    return extended(validator, {"pattern": pattern, "patternProperties": pattern_properties})


@cache
def _python(pattern: str) -> str:
    return re.sub(r"\$(?=\)|$|\||/)", r"\\Z", pattern)


def same(of_editor: Any, of_cli: Any) -> bool:
    """Whether both read the same: dates, which the CLI makes moments of, taken for what was written."""
    if isinstance(of_editor, dict) and isinstance(of_cli, dict):
        return of_editor.keys() == of_cli.keys() and all(same(value, of_cli[key]) for key, value in of_editor.items())
    if isinstance(of_editor, list) and isinstance(of_cli, list):
        return len(of_editor) == len(of_cli) and all(map(same, of_editor, of_cli))
    if isinstance(of_editor, str) and isinstance(of_cli, str):
        return of_editor == of_cli.removesuffix(" 00:00:00 +0000 UTC")
    return isinstance(of_editor, bool) == isinstance(of_cli, bool) and of_editor == of_cli


__all__ = [
    "YamlError",
    "as_editors_read",
    "as_the_cli_reads",
    "refused_by_schema",
    "refused_by_types",
    "said_by_editors",
    "same",
]
