"""What newer versions of Apache Kafka change for clients, and for what stands on a cluster besides, a row each.

Sources: Apache Kafka, "Upgrading", notable changes of 4.0.0, 4.1.0 and 4.2.0 (kafka.apache.org/43/getting-started/upgrade);
KIP-896 for the versions of other clients. What changes for server properties and topics is in `domain.properties`: their
definitions say which versions have them, `domain.properties.new_defaults` which have other defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Concern(StrEnum):
    """Whom a change concerns."""

    TOPICS = "topics made elsewhere"
    BROKERS = "what was set on running brokers"
    CLIENTS = "clients"
    PRODUCERS = "producers"
    CONSUMERS = "consumers"
    TRANSACTIONS = "producers with transactions"


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """A change.

    Attributes:
        since: The first version with it, as numbers.
        concern: Whom it concerns.
        text: What changes, and what to do about it, in sentences.
        source: Where Apache Kafka says so.
        breaks: Whether who does nothing about it may be cut off.
    """

    since: tuple[int, ...]
    concern: Concern
    text: str
    source: str
    breaks: bool = False


NOTES_SINCE = (3, 9)
"""The version after which this table begins: what came with it or before is not in it."""

NOTES_UP_TO = (4, 2)
"""The newest version whose notes were read for this table."""

_4_0, _4_1, _4_2 = (f'Apache Kafka, "Notable changes in {version}"' for version in ("4.0.0", "4.1.0", "4.2.0"))

RELEASE_NOTES: tuple[ReleaseNote, ...] = (
    ReleaseNote(
        (4,),
        Concern.TOPICS,
        "A topic with segment.bytes below 1048576 stops a broker of 4.0 or newer at its start, and the upgrade with it (Error "
        "starting LogManager). Raise it before: kafka-configs.sh --bootstrap-server ... --entity-type topics --describe shows "
        "what topics have that were made elsewhere.",
        f"{_4_0}; KIP-1030; measured with Kafka 4.3.1",
        breaks=True,
    ),
    ReleaseNote(
        (4,),
        Concern.CLIENTS,
        "Brokers no longer speak the protocol of clients before 2.1, and cut them off. Upgrade those first: Kafka's Java "
        "clients, Streams, Connect and MirrorMaker to 2.1 or newer, librdkafka (and confluent-kafka) to 1.8.2, kafka-python to "
        "2.0.2, Sarama to 1.30.1, KafkaJS to 1.15.0. Other libraries: KIP-896.",
        f"{_4_0}; KIP-896",
        breaks=True,
    ),
    ReleaseNote(
        (4,),
        Concern.CLIENTS,
        "Clients keep their versions. Kafka's own libraries of 4.0 need Java 11, Connect and the command line tools Java 17, and "
        "they no longer have what was deprecated before: upgrade them after the cluster.",
        _4_0,
    ),
    ReleaseNote(
        (4,),
        Concern.PRODUCERS,
        "Java producers of 4.0 or newer wait 5 ms for a batch unless they set linger.ms, as ready files do; up to 3.9 they sent "
        "at once.",
        _4_0,
    ),
    ReleaseNote(
        (4,),
        Concern.CONSUMERS,
        "Brokers have the new consumer group protocol (KIP-848). Groups keep theirs until a consumer sets group.protocol: "
        "consumer.",
        _4_0,
    ),
    ReleaseNote(
        (4,),
        Concern.TRANSACTIONS,
        "Producers of 4.0 or newer use the stronger transaction protocol (KIP-890): let them abort on "
        "TransactionAbortableException and TimeoutException.",
        _4_0,
    ),
    ReleaseNote(
        (4, 1),
        Concern.BROKERS,
        "Clusters with eligible leader replicas (KIP-966), which new ones of 4.1 have, drop a min.insync.replicas that was set "
        "on a single running broker. What the stack's configuration says stays.",
        f"{_4_1}; rehearsed with Kafka 4.3.1",
    ),
    ReleaseNote(
        (4, 1),
        Concern.PRODUCERS,
        "Java producers of 4.1 or newer refuse flush() within a callback, which could hang before.",
        _4_1,
    ),
    ReleaseNote(
        (4, 2),
        Concern.CLIENTS,
        "Kafka's command line tools of 4.2 call their options by other names; the old ones work until 5.0.",
        _4_2,
    ),
)
"""From the oldest version on."""


def notes_between(old: tuple[int, ...], new: tuple[int, ...]) -> list[ReleaseNote]:
    """What is new after one version and up to another."""
    return [note for note in RELEASE_NOTES if old < note.since <= new]
