"""IAM policy documents, which travel as JSON texts, and with the aws-native provider as objects, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msk_policies.iam.patterns import pattern
from msk_policies.kit.documents import parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_ALLOW, _DENY = "Allow", "Deny"


class Statement:
    """A statement of a policy.

    Attributes:
        number: Its place in the document, from 1.
        allows: Whether it allows; else it denies.
        fields: Everything that it says.
        condition: What narrows it; None where nothing does.
        principal: Whom it is about.
        actions: The patterns of its actions, those that it leaves out included.
        resources: The patterns of its resources, likewise.
    """

    def __init__(self, number: int, fields: Mapping[str, Any]) -> None:
        self.number = number
        self.allows = fields["Effect"] == _ALLOW
        self.fields = fields
        self.condition: object = fields.get("Condition") or None
        self.principal: object = fields.get("Principal")
        self.actions, self._about_action = _matcher("Action", fields, str.lower)
        self.resources, self._about_resource = _matcher("Resource", fields, str)

    @property
    def place(self) -> str:
        """How a message names it."""
        return f"statement {self.number}"

    def about_action(self, action: str) -> bool:
        """Whether it is about an action, such as `kafka-cluster:readdata`, in lower case: IAM takes no heed of case there."""
        return self._about_action(action)

    def about_resource(self, arn: str) -> bool:
        """Whether it is about a resource."""
        return self._about_resource(arn)


def _matcher(name: str, fields: Mapping[str, Any], form: Callable[[str], str]) -> tuple[Sequence[str], Callable[[str], bool]]:
    """The patterns that stand under a name, or under the name with Not before it, and how to hold a text against them."""
    leaves_out = f"Not{name}" in fields
    texts = [form(text) for text in words(fields.get(f"Not{name}" if leaves_out else name))]
    takes_in = [pattern(text).takes_in for text in texts]

    def matches(text: str) -> bool:
        for one in takes_in:
            if one(text):
                return not leaves_out
        return leaves_out

    return texts, matches


class Document:
    """A policy: its statements that allow or deny something.

    The same text is the same object, so that what is decided of it is decided once.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements: Sequence[Statement] = tuple(statements)

    @property
    def allowing(self) -> list[Statement]:
        """The statements that allow something."""
        return [statement for statement in self.statements if statement.allows]

    @property
    def denying(self) -> list[Statement]:
        """The statements that deny something."""
        return [statement for statement in self.statements if not statement.allows]


def document(value: object) -> Document:
    """What a policy document says.

    What is no policy document says nothing: AWS refuses it. Neither does one that holds what only deployment makes known.
    """
    if isinstance(value, str):
        return _from_text(value)
    whole = parsed(value)
    return _from_text(json.dumps(whole)) if whole else _NOTHING


def words(value: object) -> list[str]:
    """What may be one value or a list of them, as texts: true, false and numbers as JSON writes them, as IAM takes them."""
    values = value if isinstance(value, list) else [value]
    return [text if isinstance(text, str) else json.dumps(text) for text in values if isinstance(text, str | bool | int | float)]


@lru_cache(maxsize=4096)
def _from_text(text: str) -> Document:
    """Read once, for several rules ask."""
    given = parsed(text).get("Statement", [])
    return Document(_statements(given if isinstance(given, list) else [given]))


def _statements(given: Iterable[object]) -> Iterator[Statement]:
    for index, fields in enumerate(given):
        if isinstance(fields, Mapping) and fields.get("Effect") in (_ALLOW, _DENY):
            yield Statement(index + 1, fields)


_NOTHING: Final = Document(())
