"""Reading JSON documents, such as IAM policies, which travel as texts, and with the aws-native provider as objects, too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from msk_policies.kit.properties import UnknownValueError, plain, read

_UNREAD: Final[ContextVar[list[str] | None]] = ContextVar("_UNREAD", default=None)
"""The paths of documents that a rule asked for in vain, while it judges."""


@contextmanager
def noting_unread() -> Iterator[list[str]]:
    """Notes which documents the rules inside ask for that only deployment makes known: they judge without them.

    Yields:
        The documents' paths, once the rules have asked.
    """
    paths: list[str] = []
    token = _UNREAD.set(paths)
    try:
        yield paths
    finally:
        _UNREAD.reset(token)


def unread_words(paths: list[str]) -> str:
    """What a rule could not judge for want of documents, as a sentence."""
    named = list(dict.fromkeys(paths))
    return f"{', '.join(named)} {'is' if len(named) == 1 else 'are'} known only in the deployment, which judges it."


def read_document(props: Mapping[str, Any], path: str) -> object:
    """The document at a dotted path; None, and a note of it, where it, or a part of it, is known only in deployment."""
    try:
        value = read(props, path)
        if isinstance(value, Mapping):
            plain(value)
    except UnknownValueError:
        if (paths := _UNREAD.get()) is not None:
            paths.append(path)
        return None
    return value


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
