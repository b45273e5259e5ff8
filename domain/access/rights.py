"""What a client may do with topics, groups and transactions, whichever way it proves who it is.

IAM statements (`domain.access.statements`) and Kafka ACLs (`domain.access.acls`) are both written from an `Access`, so the two
ways of enforcing it cannot say different things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

TOPIC_NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")
"""Apache Kafka, ``org.apache.kafka.common.internals.Topic``: the characters and the length of a topic's name."""

GROUP_NAME = re.compile(r"[A-Za-z0-9._:#/@+=-]{1,256}")
"""Groups and transactional ids may be any text to Kafka; these are the characters that an ARN and a shell take as they are.
MSK API reference: at most 256 characters of a group's name."""


@dataclass(frozen=True, slots=True)
class Names:
    """Some names, each whole or as the beginning of names.

    Attributes:
        exact: Names as they are.
        prefixes: Beginnings: every name that starts with one of them is meant.
    """

    exact: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact or self.prefixes)

    def __contains__(self, name: str) -> bool:
        return name in self.exact or name.startswith(self.prefixes)


def names(exact: Iterable[str] = (), prefixes: Iterable[str] = ()) -> Names:
    """Names in order, without those that a prefix already covers: the same intent always gives the same documents."""
    beginnings = sorted(set(prefixes))
    needed = tuple(
        beginning
        for beginning in beginnings
        if not any(beginning != other and beginning.startswith(other) for other in beginnings)
    )
    return Names(tuple(name for name in sorted(set(exact)) if not name.startswith(needed)), needed)


NONE = Names()

EVERY = Names(prefixes=("",))
"""Every name there is: each begins with nothing."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one client may do.

    Attributes:
        produce: Topics it writes to.
        transactional_ids: Transactions it writes in; none for a producer without transactions.
        consume: Topics it reads.
        groups: Consumer groups it reads as.
        streams_topics: Internal topics of a Kafka Streams application, which it creates, writes, reads, empties and deletes.
        connect_topics: Topics that workers of Kafka Connect keep their state in, which they create, write and read.
        administer: Topics it creates, alters, configures and deletes.
        administer_groups: Consumer groups whose offsets it resets and which it deletes.
        administer_cluster: Whether it alters the cluster and its dynamic configuration.
        observe_topics: Topics that it describes with their configuration; the cluster as well.
        observe_groups: Consumer groups that it describes; the cluster as well.
        operate: Whether it does what whoever is on call does to a running cluster: moves partitions, elects leaders, changes
            configuration, creates topics and deletes groups. It neither reads nor writes messages, and deletes no topic.
    """

    produce: Names = field(default=NONE)
    transactional_ids: Names = field(default=NONE)
    consume: Names = field(default=NONE)
    groups: Names = field(default=NONE)
    streams_topics: Names = field(default=NONE)
    connect_topics: Names = field(default=NONE)
    administer: Names = field(default=NONE)
    administer_groups: Names = field(default=NONE)
    administer_cluster: bool = False
    observe_topics: Names = field(default=NONE)
    observe_groups: Names = field(default=NONE)
    operate: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.produce
            or self.consume
            or self.streams_topics
            or self.connect_topics
            or self.administer
            or self.administer_groups
            or self.administer_cluster
            or self.observes
            or self.operate
        )

    @property
    def writes(self) -> bool:
        """Whether it writes to any topic, and so may write in transactions."""
        return bool(self.produce or self.streams_topics or self.connect_topics)

    @property
    def reads(self) -> bool:
        """Whether it reads any topic, and so may join groups."""
        return bool(self.consume or self.streams_topics or self.connect_topics)

    @property
    def observes(self) -> bool:
        """Whether it describes topics or groups beside those that it uses, and so the cluster."""
        return bool(self.observe_topics or self.observe_groups)
