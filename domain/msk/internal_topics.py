"""Topics that Kafka and Amazon MSK keep for themselves: what is in them, and what someone with rights on them can do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InternalTopic:
    """A topic that no client made.

    Attributes:
        name: Its name, or the beginning of the names of several.
        prefixed: Whether it is the beginning of names.
        writable: Whether a client may write to it. Brokers take no messages for topics that are Kafka's own (Apache Kafka,
            ``ReplicaManager``, "Cannot append to internal topic").
        reading: What reading it tells.
        losing: What is lost with it.
    """

    name: str
    prefixed: bool
    writable: bool
    reading: str
    losing: str

    def covers(self, name: str) -> bool:
        """Whether it is a topic, named whole."""
        return name.startswith(self.name) if self.prefixed else name == self.name

    @property
    def shown(self) -> str:
        """Its name, with a star for the beginning of names."""
        return f"{self.name}*" if self.prefixed else self.name


INTERNAL_TOPICS: tuple[InternalTopic, ...] = (
    InternalTopic(
        "__consumer_offsets", False, False, "the offsets of every consumer group", "the offsets of every consumer group"
    ),
    InternalTopic("__transaction_state", False, False, "every transaction and who writes it", "every transaction that is open"),
    InternalTopic("__share_group_state", False, False, "the offsets of every share group", "the offsets of every share group"),
    InternalTopic("__amazon_msk_canary", True, True, "Amazon MSK's own checks", "Amazon MSK's own checks of the cluster"),
    InternalTopic(
        "__amazon_msk_connect_", True, True, "the state of MSK Connect's connectors", "the state of MSK Connect's connectors"
    ),
)
"""Apache Kafka, ``org.apache.kafka.common.internals.Topic``, ``INTERNAL_TOPICS``; MSK Developer Guide, "Amazon MSK default
cluster configuration" and "Internal topics used by MSK Connect"."""

CANARY_TOPICS = "__amazon_msk_canary"
"""What the names of Amazon MSK's own checks begin with. They may stay on a broker that is removed (MSK Developer Guide, "Remove a
broker from an Amazon MSK cluster")."""

CONNECT_TOPICS = "__amazon_msk_connect_"
"""What the names of MSK Connect's own topics begin with. Its workers read, write and create them with their role."""


def internal_topics_of(name: str, *, prefix: bool) -> list[InternalTopic]:
    """The internal topics that a name is, or that the beginning of names takes in."""
    if not prefix:
        return [topic for topic in INTERNAL_TOPICS if topic.covers(name)]
    return [topic for topic in INTERNAL_TOPICS if topic.name.startswith(name) or (topic.prefixed and name.startswith(topic.name))]
