"""Reading JSON documents, such as IAM policies, which travel as texts, and with the aws-native provider as objects, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msk_policies.kit.properties import UnknownValueError, plain


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
