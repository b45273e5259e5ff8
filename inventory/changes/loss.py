"""What the update of a resource takes from people though the resource stays, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LossKind(StrEnum):
    """What is lost."""

    MESSAGES = "messages"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Loss:
    """What the update of a resource takes from people.

    Attributes:
        urn: The resource whose change it is.
        kind: Messages, or clients' access.
        property: The property that changes.
        old: What it was, in words.
        new: What it will be, in words.
        sentence: What becomes of messages or clients, a sentence without its full stop.
        certain: Whether it is so; otherwise a value is not known, and it may be.
        protected: Whether the cluster, or the topic itself, is protected: then somebody has to allow it.
        clients: The clients that are cut off.
    """

    urn: str
    kind: LossKind
    property: str
    old: str
    new: str
    sentence: str
    certain: bool
    protected: bool
    clients: tuple[str, ...] = ()
