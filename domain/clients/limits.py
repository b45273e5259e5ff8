"""What a cluster takes at most, as far as a client's files must say it: messages and transactions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.access.rights import Names

MESSAGE_BYTES = 1_048_588
"""``message.max.bytes`` of brokers that are told nothing. Apache Kafka documentation, "Broker Configs"."""

REQUEST_BYTES = 104_857_600
"""``socket.request.max.bytes``, likewise: whatever a topic takes, a request with it is no larger."""

TRANSACTION_MS = 900_000
"""``transaction.max.timeout.ms``, likewise: brokers refuse a producer that asks for more (InvalidTransactionTimeout)."""

_LEAST = 1_000
"""Bytes. librdkafka, CONFIGURATION.md: the least ``message.max.bytes``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cluster takes at most.

    Attributes:
        message_bytes: The largest batch, and so the largest message, of a topic that says nothing.
        topics: The largest batch of topics that say it, bytes by name.
        transaction_ms: The longest transaction, milliseconds.
    """

    message_bytes: int = MESSAGE_BYTES
    topics: Mapping[str, int] = field(default_factory=dict)
    transaction_ms: int = TRANSACTION_MS

    def largest(self, topics: Collection[Names]) -> int:
        """The most bytes that any of some topics takes as one message; the cluster's where there are no topics."""
        return self._within(max(self._of(topics), default=self.message_bytes))

    def smallest(self, topics: Collection[Names]) -> int:
        """The most bytes that each of some topics takes."""
        return self._within(min(self._of(topics), default=self.message_bytes))

    def _of(self, topics: Collection[Names]) -> Iterator[int]:
        for names in topics:
            yield from (self.topics.get(name, self.message_bytes) for name in names.exact)
            if names.prefixes:
                # Of topics that the stack file does not name, too.
                yield self.message_bytes
                yield from (size for name, size in self.topics.items() if name in names)

    def _within(self, size: int) -> int:
        return min(max(size, _LEAST), REQUEST_BYTES)
