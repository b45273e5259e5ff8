"""What a change takes from people though the resource stays, or holds no data itself, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LossKind(StrEnum):
    """What is lost, the worst first."""

    MESSAGES = "messages"
    """Messages are deleted."""
    DATA = "data"
    """Logs, objects or what a key encrypts."""
    SAFETY = "safety"
    """Messages are not deleted, and one broker's failure may now lose them."""
    ACCESS = "access"
    """Clients are cut off."""
    ORDER = "order"
    """Messages with the same key come to lie in two partitions."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the change of a resource takes from people.

    Attributes:
        urn: The resource whose change it is.
        kind: Messages, clients' access, or what else is lost.
        property: The property that changes; empty where the resource goes.
        old: What it was, in words.
        new: What it will be, in words.
        sentence: What becomes of messages, data or clients, a sentence without its full stop.
        certain: Whether it is so; otherwise a value is not known, or it depends on what no preview shows, and it may be.
        protected: Whether somebody has to allow it: the cluster, or the resource itself, is protected.
        clients: The clients that are cut off, or that read what is lost.
        cannot: What each of them can no longer do, as the end of "can no longer"; empty where they are not cut off.
        whom: Who is hurt, one sentence; empty where ``sentence`` says it.
        guard: The guard that refuses it on a protected stack, and that can be acknowledged; empty where there is none.
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
    cannot: str = ""
    whom: str = ""
    guard: str = ""


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names in one phrase: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
