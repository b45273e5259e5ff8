"""How far behind consumer groups may be, from what the clients of the stack file say.

CloudWatch has the lag of a group by the group's and the topic's whole names. Of topics that a client names by the beginning of
their names, those of the stack file are known; of groups, none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.monitoring.terms import Lag, LagLimit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from domain.settings.clients import ClientAccess, Consume


@dataclass(frozen=True, slots=True)
class NotWatched:
    """A lag that nobody will be told of.

    Attributes:
        client: The client.
        name: The group or the beginning of names.
        reason: Why not, and what to do.
    """

    client: str
    name: str
    reason: str

    def __str__(self) -> str:
        """A sentence for the preview."""
        return f"clients.{self.client}.consume: no alarm watches the lag of {self.name}: {self.reason}"


def lags(clients: Mapping[str, ClientAccess], topics: Collection[str]) -> tuple[tuple[Lag, ...], tuple[NotWatched, ...]]:
    """The lags to watch and those that cannot be.

    Where two clients read a topic as one group, the smaller limit holds.

    Args:
        clients: The clients by name.
        topics: The names of the stack file's topics.

    Returns:
        The lags by group and topic, and what is not watched.
    """
    limits: dict[tuple[str, str], int] = {}
    unwatched: list[NotWatched] = []
    for name in sorted(clients):
        consume = clients[name].consume
        if consume is None or consume.max_lag_seconds is None:
            continue
        unwatched += _unwatched(name, consume, topics)
        for group in clients[name].groups:
            for topic in known_topics(consume, topics) if ":" not in group else ():
                limit = limits.get((group, topic), consume.max_lag_seconds)
                limits[group, topic] = min(limit, consume.max_lag_seconds)
    watched = tuple(Lag(group, topic, seconds) for (group, topic), seconds in sorted(limits.items()))
    return watched, tuple(unwatched)


def known_topics(consume: Consume, topics: Collection[str]) -> list[str]:
    """The topics that a client reads, as far as they are known by their whole names; sorted."""
    begun = {topic for topic in topics if topic.startswith(tuple(consume.prefixes))}
    return sorted({*consume.topics, *begun})


def _unwatched(client: str, consume: Consume, topics: Collection[str]) -> Iterator[NotWatched]:
    for group in consume.groups:
        if ":" in group:
            # MSK Developer Guide, "Monitor consumer lags".
            yield NotWatched(client, group, "Amazon MSK reports no lag for groups with a colon in their names. Rename the group.")
    for prefix in consume.group_prefixes:
        yield NotWatched(client, f"{prefix}*", "CloudWatch needs full names. List the groups in groups.")
    for prefix in consume.prefixes:
        if not any(topic.startswith(prefix) for topic in topics):
            yield NotWatched(client, f"{prefix}*", "no topic in the stack file begins with it. List the topics in topics.")


def lag_limits(clients: Mapping[str, ClientAccess], topics: Collection[str]) -> tuple[LagLimit, ...]:
    """How far behind the consumer groups of clients may be; of groups that are named by a prefix, any.

    Two clients that share a group share its strictest limit.

    Args:
        clients: The clients by name.
        topics: The names of the stack file's topics.
    """
    limits = {(lag.group, lag.topic): lag.seconds for lag in lags(clients, topics)[0]}
    for client in clients.values():
        consume = client.consume
        if consume is None or consume.max_lag_seconds is None:
            continue
        for prefix in consume.group_prefixes:
            for topic in known_topics(consume, topics):
                key = (f"{prefix}*", topic)
                limits[key] = min(limits.get(key, consume.max_lag_seconds), consume.max_lag_seconds)
    return tuple(LagLimit(group, topic, seconds) for (group, topic), seconds in sorted(limits.items()))
