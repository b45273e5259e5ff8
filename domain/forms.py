"""What the JSON schema of the stack file says beside types: the rules of validators, in words that editors know.

Editors show ``patternErrorMessage`` and ``errorMessage`` in place of words of their own (yaml-language-server 1.25,
`baseValidator`), where a text has not its form, a key is missing, or one is there that must not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.config import JsonDict
from pydantic_core import CoreSchema

from domain.problems import NEVER_SUGGESTED

ONE_LINE = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*"
"""A text with no line break or other control character."""

VISIBLE = r"[\s\S]*\S[\s\S]*"
"""A text with something to see in it, as far as a regular expression can tell."""


@dataclass(frozen=True, slots=True)
class InSchema:
    """What the JSON schema of the stack file says of a value, beside its type: what a validator checks, in the schema's words.

    Attributes:
        keywords: JSON Schema's keywords, and those of editors (``patternErrorMessage``, ``errorMessage``).
    """

    keywords: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), **self.keywords}


def of_form(pattern: str, message: str, **more: object) -> InSchema:
    """That a text has a form.

    Args:
        pattern: A regular expression for the whole of it.
        message: What an editor says of a text that has it not.
        more: More keywords.
    """
    # JSON Schema's regular expressions are ECMA 262's: its groups are named otherwise, and it searches.
    plain = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    return InSchema({"pattern": f"^(?:{plain})$", "patternErrorMessage": message, **more})


EACH_ONCE = InSchema({"uniqueItems": True})
"""That a list names nothing twice."""


def suggested(names: Iterable[str]) -> InSchema:
    """Names of a map that editors suggest, but for those that lose data or open a door; all others are as good to them."""
    return InSchema({"propertyNames": {"anyOf": [{"enum": sorted(set(names) - NEVER_SUGGESTED)}, {"type": "string"}]}})


def without(*unwanted: str, message: str) -> JsonDict:
    """That a block has none of some keys.

    Args:
        unwanted: The keys.
        message: What an editor says where it has one.
    """
    return {"properties": dict.fromkeys(unwanted, False), "errorMessage": message}


def exactly_one(*keys: str) -> JsonDict:
    """That a block has exactly one of some keys."""
    message = exactly_one_message(keys)
    return {
        "anyOf": [{"required": [key], **without(*(other for other in keys if other != key), message=message)} for key in keys]
    }


def exactly_one_message(keys: Sequence[str]) -> str:
    """What is said where that is not so."""
    return f"must have exactly one of {', '.join(keys[:-1])} and {keys[-1]}."


def required(key: str, *, message: str) -> JsonDict:
    """That a block has a key.

    Args:
        key: The key.
        message: What an editor says where it has not.
    """
    return {"required": [key], "errorMessage": message}


def some_of(*keys: str, message: str, or_true: str = "") -> JsonDict:
    """That at least one of some lists of a block has something in it.

    Args:
        keys: The lists.
        message: What an editor says where none has.
        or_true: The key that may be true instead.
    """
    lists: list[Any] = [{**required(key, message=message), "properties": {key: {"minItems": 1}}} for key in keys]
    true: JsonDict = {**required(or_true, message=message), "properties": {or_true: {"enum": [True], "errorMessage": message}}}
    return {"anyOf": [*lists, *([true] if or_true else [])]}
