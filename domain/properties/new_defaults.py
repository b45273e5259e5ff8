"""Defaults that a newer Kafka has otherwise, of the properties that a stack may set.

Source: Apache Kafka, "Notable changes in 4.0.0", and KIP-1030. `tests/kafka/test_server_properties.py` holds the table against
what the brokers of both versions say themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.properties.definitions import TOPIC_LEVEL
from domain.properties.server import allowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.msk.brokers import BrokerKind
    from domain.properties.values import PropertyValue


@dataclass(frozen=True, slots=True)
class NewDefault:
    """A default that changes.

    Attributes:
        since: The first Kafka version with the new one, as numbers.
        name: The server property.
        before: The old default, as a file would have it.
        after: The new one.
        consequence: What that means, and what to do about it, in sentences.
        source: Where Apache Kafka says so.
        breaks: Whether messages may be refused where nobody does anything about it.
    """

    since: tuple[int, ...]
    name: str
    before: str
    after: str
    consequence: str
    source: str
    breaks: bool = False

    @property
    def topic_level(self) -> str | None:
        """The configuration with which a topic decides for itself; None where no topic can."""
        return next((name for name, server in TOPIC_LEVEL.items() if server == self.name), None)


NEW_DEFAULTS: tuple[NewDefault, ...] = (
    NewDefault(
        (4,),
        "log.message.timestamp.after.max.ms",
        str(2**63 - 1),
        "3600000",
        "A message that is dated more than an hour ahead of the broker's clock is refused (InvalidTimestampException); before, "
        "any was taken. It concerns topics with the producers' timestamps (message.timestamp.type: CreateTime). Where producers "
        "date messages ahead, set message.timestamp.after.max.ms in configs of those topics first.",
        'Apache Kafka, "Notable changes in 4.0.0"; KIP-1030',
        breaks=True,
    ),
    NewDefault(
        (4,),
        "num.recovery.threads.per.data.dir",
        "1",
        "2",
        "Brokers that stopped without order recover faster, and read more from their volumes meanwhile. Nothing to do.",
        'Apache Kafka, "Notable changes in 4.0.0"; KIP-1030',
    ),
)


def new_defaults_between(
    old: tuple[int, ...], new: tuple[int, ...], *, kind: BrokerKind, given: Mapping[str, PropertyValue]
) -> list[NewDefault]:
    """The defaults that change after one version and up to another, for a cluster that leaves them to the brokers.

    Args:
        old: The version now.
        new: The version to be.
        kind: Standard or Express: what a kind's configurations cannot set is not a stack's to decide.
        given: The server properties that the cluster's configuration sets.
    """
    return [row for row in NEW_DEFAULTS if old < row.since <= new and row.name not in given and row.name in allowed(kind)]
