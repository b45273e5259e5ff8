"""Reading IAM policy documents, which travel as JSON texts, and with the aws-native provider as objects, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msk_policies.kit.properties import UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

Statement = Mapping[str, Any]


def allowing(document: object) -> Iterator[tuple[str, Statement]]:
    """The statements of a policy document that allow something, each with how a message names it.

    What is no policy document has none: AWS refuses it.
    """
    statements = parsed(document).get("Statement", [])
    for index, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
            yield f"statement {index + 1}", statement


def texts(value: object) -> list[str]:
    """What may be one text or a list of them, as a list; anything else in it is left out."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def parsed(document: object) -> Mapping[str, Any]:
    """A JSON object, which may come as its text; empty where it is none, or holds what only deployment makes known."""
    try:
        read = json.loads(document) if isinstance(document, str) else plain(document)
    except (ValueError, RecursionError, UnknownValueError):
        return {}
    return read if isinstance(read, Mapping) else {}
