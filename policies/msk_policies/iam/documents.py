"""IAM policy documents, which travel as JSON texts, and with the aws-native provider as objects, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from msk_policies.iam.patterns import pattern
from msk_policies.kit.documents import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ALLOW, _DENY = "Allow", "Deny"


class Statement:
    """A statement of a policy.

    Attributes:
        number: Its place in the document, from 1.
        allows: Whether it allows; else it denies.
        fields: Everything that it says.
        condition: What narrows it; None where nothing does.
        principal: Whom it is about.
    """

    def __init__(self, number: int, fields: Mapping[str, Any]) -> None:
        self.number = number
        self.allows = fields["Effect"] == _ALLOW
        self.fields = fields
        self.condition: object = fields.get("Condition") or None
        self.principal: object = fields.get("Principal")

    @cached_property
    def actions(self) -> Sequence[str]:
        """The patterns of its actions, those that it leaves out included, in lower case: IAM takes no heed of case there."""
        return [text.lower() for text in _listed("Action", self.fields)]

    @cached_property
    def resources(self) -> Sequence[str]:
        """The patterns of its resources, likewise."""
        return _listed("Resource", self.fields)

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The services whose actions it is about; None where it may be about any."""
        named = [pattern(text).beginning.partition(":") for text in self.actions]
        if self.leaves_out_actions or any(not colon for _, colon, _ in named):
            return None
        return frozenset(service for service, _, _ in named)

    @property
    def leaves_out_actions(self) -> bool:
        """Whether it is about all actions but those that it names."""
        return "NotAction" in self.fields

    @property
    def leaves_out_resources(self) -> bool:
        """Whether it is about all resources but those that it names."""
        return "NotResource" in self.fields

    @property
    def place(self) -> str:
        """How a message names it."""
        return f"statement {self.number}"

    def about_action(self, action: str) -> bool:
        """Whether it is about an action, such as `kafka-cluster:readdata`, in lower case."""
        return self.leaves_out_actions != any(pattern(text).takes_in(action) for text in self.actions)

    def about_resource(self, arn: str) -> bool:
        """Whether it is about a resource."""
        return self.leaves_out_resources != any(pattern(text).takes_in(arn) for text in self.resources)


def _listed(name: str, fields: Mapping[str, Any]) -> list[str]:
    """What stands under a name, or under the name with Not before it, which goes before it where AWS would take neither."""
    return words(fields.get(f"Not{name}", fields.get(name)))


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
