"""What a use needs of a stack, held against the resources of its preview.

`needs.yaml` of a ready stack says what its use needs; each key is one of `NEEDS`. A need that this code does not know is a
mistake, not a need that is met.
"""

from __future__ import annotations

import fnmatch
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from domain.access.mechanisms import Mechanism
from domain.monitoring.rules import IAM_CONNECTIONS, IAM_CONNECTIONS_PER_SECOND
from domain.problems import did_you_mean
from domain.properties.definitions import RACK_AWARE_SELECTOR
from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tools.stacks.graph import Graph, TopicNode

_LARGEST_BY_DEFAULT: Final = 1_048_588
"""``message.max.bytes`` of Kafka where nothing is set."""
_IDLE_BY_DEFAULT_MS: Final = 600_000
"""``connections.max.idle.ms`` of Kafka where nothing is set."""
_MILLISECONDS_OF_A_MINUTE: Final = 60_000


def failing(needs: Mapping[str, Any], graph: Graph, too_small: Sequence[str]) -> list[str]:
    """The needs that a stack does not meet, a sentence each; empty where it meets all.

    Args:
        needs: What the use needs.
        graph: The stack's resources.
        too_small: In what its cluster is too small for the stated load.

    Raises:
        CommandError: A need is not known.
    """
    for name in needs:
        if name not in NEEDS:
            raise CommandError(f"needs.{name} is not a need.{did_you_mean(name, NEEDS)} Needs are {', '.join(NEEDS)}.")
    unwritten = [f"topics.{name}: no client writes it." for name in graph.topics if not graph.writers(name)]
    unread = [f"topics.{name}: no client reads it." for name in graph.topics if not graph.readers(name)]
    said = [sentence for name, given in needs.items() for sentence in NEEDS[name](given, graph)]
    return [*said, *unwritten, *unread, *(f"capacity: {sentence}" for sentence in too_small)]


def _brokers(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    if graph.kind not in given["kinds"]:
        yield f"brokers: {graph.kind}, where the use needs {' or '.join(given['kinds'])}."
        return
    zones = len(graph.zones)
    if zones < given["zones"]:
        yield f"brokers: {zones} zones, where the use needs {given['zones']}."
    elif graph.brokers < given.get("perZone", 0) * zones:
        yield f"brokers: {graph.brokers // zones} in each zone, where the use needs {given['perZone']}."


def _workload(given: Mapping[str, list[float]], graph: Graph) -> Iterator[str]:
    for name, (least, most) in given.items():
        stated = graph.workload.get(name)
        if stated is None or not least <= stated <= most:
            yield f"workload.{name}: {stated}, where the use has {least} to {most}."


def _topics(given: list[Mapping[str, Any]], graph: Graph) -> Iterator[str]:
    for wanted in given:
        names = wanted["names"]
        topics = [topic for name, topic in graph.topics.items() if fnmatch.fnmatchcase(name, names)]
        if len(topics) < wanted.get("atLeast", 1):
            yield f"topics: {len(topics)} named {names}, where the use needs {wanted.get('atLeast', 1)}."
        for topic in topics:
            for fault in _faults(topic, wanted, graph):
                yield f"topics.{topic.name}: {fault}"


def _faults(topic: TopicNode, wanted: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    if "cleanup" in wanted and topic.cleanup != wanted["cleanup"]:
        yield f"cleanup.policy is {topic.cleanup}, where the use needs {wanted['cleanup']}."
    if "tiered" in wanted and topic.is_tiered is not wanted["tiered"]:
        yield f"{'is' if topic.is_tiered else 'is not'} in tiered storage."
    hours = topic.retention_hours
    if wanted.get("unlimited") and hours != float("inf"):
        yield "does not keep its messages for ever."
    kept = graph.workload.get("retentionHours", 0) if hours is None else hours
    for name, amount, words in (("retentionHours", kept, "hours of messages"), ("partitions", topic.partitions, "partitions")):
        least, most = wanted.get(name, (amount, amount))
        if not least <= amount <= most:
            yield f"has {amount:g} {words}, where the use needs {least} to {most}."
    if "compression" in wanted and topic.configs.get("compression.type") not in wanted["compression"]:
        yield f"is not compressed with {' or '.join(wanted['compression'])}."
    if "groups" in wanted:
        groups = {group for client in graph.readers(topic.name) for group in client.groups if not group.endswith("*")}
        if len(groups) < wanted["groups"]:
            yield f"is read by {len(groups)} groups, where the use has {wanted['groups']}."


def _rack_aware(_given: bool, graph: Graph) -> Iterator[str]:
    if graph.properties.get("replica.selector.class") != RACK_AWARE_SELECTOR:
        yield "rackAwareReads: replica.selector.class does not let consumers read in their own zone."


def _connections(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    for topic in given["topics"]:
        writers = graph.writers(topic)
        if not writers:
            yield f"connections: nobody writes {topic}."
        for client in writers:
            if client.mechanism != Mechanism.IAM:
                continue
            brokers = max(graph.brokers, 1)
            for words, wanted, each in (
                ("connections at once", given["atOnce"], IAM_CONNECTIONS),
                ("new connections a second", given["newPerSecond"], IAM_CONNECTIONS_PER_SECOND),
            ):
                if wanted > each * brokers:
                    yield f"connections: {client.name} uses IAM, whose brokers take {each * brokers} {words}, not {wanted}."


def _quotas(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    sources = [client.name for client in graph.clients.values() if client.produce and client.mechanism == given["mechanism"]]
    if len(sources) < given["sources"]:
        yield f"quotas: {len(sources)} sources have a {given['mechanism']} user each, where the use needs {given['sources']}."
    if not any(client.administers_cluster for client in graph.clients.values()):
        yield "quotas: no client may administer the cluster, and so nobody can set quotas."


def _no_access_without_acl(_given: bool, graph: Graph) -> Iterator[str]:
    if graph.properties.get("allow.everyone.if.no.acl.found") != "false":
        yield "noAccessWithoutAcl: allow.everyone.if.no.acl.found is not false."


def _exactly_once(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    handlers = [client for client in graph.clients.values() if client.consume and client.produce]
    services = [client for client in handlers if client.transactional_ids]
    if len(services) < given["services"]:
        yield f"exactlyOnce: {len(services)} services have transactional ids, where the use has {given['services']}."
    for client in handlers:
        if not client.transactional_ids:
            yield f"exactlyOnce: {client.name} reads and writes without a transactional id, so it handles some messages twice."


def _dead_letters(given: str, graph: Graph) -> Iterator[str]:
    topics = [name for name in graph.topics if fnmatch.fnmatchcase(name, given)]
    for client in graph.clients.values():
        if client.consume and client.produce and not any(client.writes(topic) for topic in topics):
            yield f"deadLetters: {client.name} has no topic named {given} for what it cannot handle."


def _replay(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    replaying = [
        client.name
        for client in graph.clients.values()
        if any(group.endswith("*") and fnmatch.fnmatchcase(group[:-1], given["groups"]) for group in client.groups)
    ]
    if not replaying:
        yield f"replay: no client may read as a group named {given['groups']}."
    forever = [topic for topic in graph.topics.values() if topic.retention_hours == float("inf")]
    following = max(
        (len({group for c in graph.readers(topic.name) for group in c.groups if not group.endswith("*")}) for topic in forever),
        default=0,
    )
    stated = float(graph.workload.get("fanOut", 0))
    if stated < following + given["times"]:
        yield (
            f"replay: workload.fanOut is {stated:g}: {following} groups follow the newest, which leaves no room for "
            f"{given['times']} replays."
        )


def _is_protected(given: bool, graph: Graph) -> Iterator[str]:
    if graph.is_protected is not given:
        yield "isProtected: the cluster can be deleted."


def _lag_alarms(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    if not graph.lag_alarms:
        yield "lagAlarms: nobody is told of a group that is behind."
    for (group, topic), seconds in graph.lag_alarms.items():
        if seconds > given["slowestSeconds"]:
            yield f"lagAlarms: {group} may be {seconds:g} s behind on {topic}, where the use allows {given['slowestSeconds']} s."
    if given.get("allGroups"):
        watched = {group for group, _ in graph.lag_alarms}
        groups = {group for client in graph.clients.values() for group in client.groups}
        for group in sorted(groups - watched):
            yield f"lagAlarms: nobody is told when {group} is behind."


def _identical(given: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    for name, partitions in given["topics"].items():
        topic = graph.topics.get(name)
        if topic is None:
            yield f"identical.topics: the old cluster has {name}, and this stack does not."
        elif topic.partitions != partitions:
            yield f"identical.topics: {name} has {topic.partitions} partitions, and {partitions} on the old cluster."
    groups = {group for client in graph.clients.values() for group in client.groups}
    for group in given["groups"]:
        if group not in groups:
            yield f"identical.groups: nobody may read as {group}, which the old cluster has."
    users = {client.name for client in graph.clients.values() if client.mechanism == Mechanism.SCRAM}
    for user in given["scramUsers"]:
        if user not in users:
            yield f"identical.scramUsers: the old cluster has the user {user}, and this stack does not."


def _mechanisms(given: list[str], graph: Graph) -> Iterator[str]:
    for mechanism in given:
        if not any(listener.startswith(f"SASL/{mechanism} ") for listener in graph.listeners):
            yield f"mechanisms: {mechanism} is off."


def _largest_message(given: int, graph: Graph) -> Iterator[str]:
    bytes_allowed = int(graph.properties.get("message.max.bytes", _LARGEST_BY_DEFAULT))
    if bytes_allowed != given:
        bound = "at most" if bytes_allowed > given else "at least"
        yield f"largestMessageBytes: message.max.bytes is {bytes_allowed}, where the use needs {bound} {given}."


def _idle_connections(given: int, graph: Graph) -> Iterator[str]:
    idle = int(graph.properties.get("connections.max.idle.ms", _IDLE_BY_DEFAULT_MS)) / _MILLISECONDS_OF_A_MINUTE
    if idle < given:
        yield f"idleConnectionMinutes: brokers close a connection after {idle:g} quiet minutes, where the use needs {given}."


NEEDS: Final[Mapping[str, Callable[[Any, Graph], Iterator[str]]]] = MappingProxyType(
    {
        "brokers": _brokers,
        "workload": _workload,
        "topics": _topics,
        "rackAwareReads": _rack_aware,
        "connections": _connections,
        "quotas": _quotas,
        "noAccessWithoutAcl": _no_access_without_acl,
        "exactlyOnce": _exactly_once,
        "deadLetters": _dead_letters,
        "replay": _replay,
        "isProtected": _is_protected,
        "lagAlarms": _lag_alarms,
        "identical": _identical,
        "mechanisms": _mechanisms,
        "largestMessageBytes": _largest_message,
        "idleConnectionMinutes": _idle_connections,
    }
)
"""What a use may need, by its name in needs.yaml."""
