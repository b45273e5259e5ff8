"""What clients' rights open beyond the names that they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.access.rights import TOPIC_NAME
from domain.checks.registry import checks, warns
from domain.msk.internal_topics import CONNECT_TOPICS, internal_topics_of
from domain.plan.platform import Plan
from domain.problems import Problem
from domain.settings.clients import Client, Format, format_named

_INTERNAL = "__"
"""What the names of topics begin with that Kafka and Amazon MSK keep for themselves."""


@dataclass(frozen=True, slots=True)
class _Right:
    """A list of names in a client's entry.

    Attributes:
        use: The block: ``produce``, ``streams``, ``connect``, ``consume`` or ``admin``.
        key: The list in it.
        names: What is in it, or follows from it.
        kind: What it names: ``topic``, ``group`` or ``transactional id``.
        prefix: Whether it names beginnings.
    """

    use: str
    key: str
    names: list[str]
    kind: str
    prefix: bool


def _rights(client: Client) -> Iterator[_Right]:
    produce, streams, consume, admin = client.produce, client.streams, client.consume, client.admin
    if streams is not None:
        yield _Right("streams", "applicationId", [streams.beginning], "topic", prefix=True)
    if client.connect is not None:
        yield _Right("connect", "groupId", list(client.connect.topics), "topic", prefix=False)
    for use, topics in (("produce", produce), ("consume", consume), ("admin", admin)):
        if topics is not None:
            yield _Right(use, "topics", topics.topics, "topic", prefix=False)
            yield _Right(use, "prefixes", topics.prefixes, "topic", prefix=True)
    for use, groups in (("consume", consume), ("admin", admin)):
        if groups is not None:
            yield _Right(use, "groupPrefixes", groups.group_prefixes, "group", prefix=True)
    if produce is not None:
        yield _Right("produce", "transactionalIds", produce.transactional_ids, "transactional id", prefix=False)
        yield _Right("produce", "transactionalIdPrefixes", produce.transactional_id_prefixes, "transactional id", prefix=True)


def _named(plan: Plan) -> Iterator[tuple[str, _Right, int, str]]:
    """Every name of every right: the client, the right, its place in the list and the name."""
    for client_name, client in plan.settings.clients.items():
        for right in _rights(client):
            for index, name in enumerate(right.names):
                yield client_name, right, index, name


@checks("clients")
def _written_by_kafka_alone(plan: Plan) -> Iterator[Problem]:
    """Topics that no client can write to, whatever it may do."""
    for client, right, index, name in _named(plan):
        if (right.use, right.kind, right.prefix) != ("produce", "topic", False):
            continue
        if any(not topic.writable for topic in internal_topics_of(name, prefix=False)):
            yield Problem(
                ("clients", client, "produce", "topics", index),
                name,
                "is an internal topic of Kafka: brokers accept no messages for it from clients (Cannot append to internal "
                "topic). Remove it.",
            )


@warns("clients")
def _internal_topics(plan: Plan) -> Iterator[str]:
    for client, right, _, name in _named(plan):
        if right.kind != "topic":
            continue
        setting = f"clients.{client}.{right.use}.{right.key}: {name}"
        topics = internal_topics_of(name, prefix=right.prefix)
        if name.startswith(CONNECT_TOPICS) and right.use != "admin":
            # What MSK Connect asks for its workers' role.
            continue
        if topics:
            listed = ", ".join(topic.shown for topic in topics)
            verb = "covers" if right.prefix and name != listed else "names"
            meaning = {
                "produce": "it writes what Kafka and Amazon MSK rely on",
                "streams": f"it may delete them, and lose {'; '.join(dict.fromkeys(topic.losing for topic in topics))}",
                "connect": "its workers take them for their own, and write them",
                "consume": f"it reads {'; '.join(topic.reading for topic in topics)}",
                "admin": f"it may delete them, and lose {'; '.join(dict.fromkeys(topic.losing for topic in topics))}",
            }[right.use]
            yield f"{setting} {verb} internal topics of Kafka or Amazon MSK ({listed}): {meaning}. Name the client's own topics."
        elif name.startswith(_INTERNAL):
            yield (
                f"{setting} begins with two underscores, like the internal topics of Kafka and Amazon MSK. Make sure that it is "
                "the client's own."
            )


@warns("clients")
def _short_prefixes(plan: Plan) -> Iterator[str]:
    meanings = {
        ("produce", "topic"): "it writes to every topic that begins with it",
        ("consume", "topic"): "it reads every topic that begins with it",
        ("admin", "topic"): "it alters and deletes every topic that begins with it",
        ("consume", "group"): "it joins every group that begins with it, and moves the group's offsets",
        ("admin", "group"): "it resets and deletes every group that begins with it",
        ("produce", "transactional id"): "it fences every other producer whose transactional ID begins with it",
    }
    for client, right, _, name in _named(plan):
        if right.prefix and len(name) == 1:
            yield (
                f"clients.{client}.{right.use}.{right.key}: {name} is one character: {meanings[right.use, right.kind]}, whoever "
                "owns it. Write more of the name."
            )


@warns("clients")
def _one_transactional_id(plan: Plan) -> Iterator[str]:
    """Apache Kafka documentation, "Producer Configs", ``transactional.id``: the newest producer of an id fences the others."""
    first: dict[str, str] = {}
    for client, right, _, name in _named(plan):
        if right.kind == "transactional id" and not right.prefix and first.setdefault(name, client) != client:
            yield (
                f"clients.{client}.produce.transactionalIds: {name} is client {first[name]}'s too: of two producers with one ID, "
                "Kafka fences the older (ProducerFenced). Give each client IDs of its own."
            )


@warns("clients", "topics")
def _alike_to_kafka(plan: Plan) -> Iterator[str]:
    """Kafka refuses a topic whose name differs from another's in dots and underscores only; of `topics` it is an error."""
    known: dict[str, str] = {name.replace(".", "_"): name for name in plan.settings.topics}
    for client, right, _, name in _named(plan):
        if right.kind != "topic" or right.prefix:
            continue
        first = known.setdefault(name.replace(".", "_"), name)
        if first != name:
            yield (
                f"clients.{client}.{right.use}.topics: {name} and {first} are one name in Kafka's metrics, so Kafka creates only "
                "one of them. Name the topic that exists."
            )


_NAMED = 3
"""Topics that a warning names; of more, it says how many."""


@warns("clients", "topics")
def _taken_for_internal_topics(plan: Plan) -> Iterator[str]:
    """Topics that a Kafka Streams application may empty and delete, though they are not its own."""
    clients = plan.settings.clients
    applications = {name: client.streams for name, client in clients.items() if client.streams}
    for name, streams in applications.items():
        setting = f"clients.{name}.streams.applicationId: {streams.application_id}"
        begun = [topic for topic in sorted(plan.settings.topics) if topic.startswith(streams.beginning)]
        others = [topic for topic in begun if not streams.has_internal(topic)]
        if others:
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            yield (
                f"{setting} gives it the topics that begin with {streams.beginning}, so also {', '.join(others[:_NAMED])}{more}: "
                "it may write, empty and delete them like its internal topics. Choose another applicationId or other names."
            )
        for other, longer in applications.items():
            if longer.application_id.startswith(streams.beginning):
                yield (
                    f"{setting} gives it the topics and transactions that begin with {streams.beginning}, so also those of "
                    f"client {other}'s application {longer.application_id}: it may read, write and delete its state. Choose an "
                    "applicationId with which no other begins."
                )


@warns("clients")
def _groups_of_streams(plan: Plan) -> Iterator[str]:
    """Kafka refuses a consumer in a group whose members divide their work by another protocol (InconsistentGroupProtocol)."""
    first: dict[str, str] = {}
    clients = plan.settings.clients
    for name, client in clients.items():
        application_id = client.streams.application_id if client.streams else ""
        if application_id and first.setdefault(application_id, name) != name:
            yield (
                f"clients.{name}.streams.applicationId: {application_id} is client {first[application_id]}'s too: Kafka takes "
                "the instances of both for one application, and divides its input among them. Give each application its own ID."
            )
    for name, client in clients.items():
        for group in client.consume.groups if client.consume else ():
            if group in first:
                yield (
                    f"clients.{name}.consume.groups: {group} is the group of client {first[group]}'s Kafka Streams application: "
                    "Kafka refuses other consumers in it. Name another group."
                )


@warns("clients")
def _workers_of_connect(plan: Plan) -> Iterator[str]:
    """Workers with one group are one Connect cluster; workers with one topic and two groups overwrite each other's state."""
    workers = {name: client.connect for name, client in plan.settings.clients.items() if client.connect}
    first: dict[str, str] = {}
    keeper: dict[str, str] = {}
    for name, connect in workers.items():
        if first.setdefault(connect.group_id, name) != name:
            yield (
                f"clients.{name}.connect.groupId: {connect.group_id} is client {first[connect.group_id]}'s too: Kafka takes the "
                "workers of both for one Connect cluster, and divides the connectors among them. Give each cluster its own group."
            )
            continue
        for topic in connect.topics:
            if keeper.setdefault(topic, name) != name:
                yield (
                    f"clients.{name}.connect keeps its state in {topic}, and client {keeper[topic]} too: each overwrites the "
                    "other's. Give each its own configTopic, offsetTopic and statusTopic."
                )
    for name, client in plan.settings.clients.items():
        for group in client.consume.groups if client.consume else ():
            if group in first and first[group] != name:
                yield (
                    f"clients.{name}.consume.groups: {group} is the group of client {first[group]}'s Connect workers: Kafka "
                    "refuses consumers in it. Name another group."
                )


@checks("clients")
def _formats(plan: Plan) -> Iterator[Problem]:
    """Formats that are of one kind of client alone."""
    for name, client in plan.settings.clients.items():
        blocks = {Format.KAFKA_STREAMS: ("streams", client.streams), Format.CONNECT: ("connect", client.connect)}
        for index, wanted in enumerate(client.formats):
            block, given = blocks.get(format_named(wanted), ("", client))
            if given is None:
                yield Problem(
                    ("clients", name, "formats", index), wanted, f"needs {block}. Add {block}, or remove {wanted} from formats."
                )


@checks("clients")
def _state_of_connect(plan: Plan) -> Iterator[Problem]:
    for name, client in plan.settings.clients.items():
        connect = client.connect
        if connect is None:
            continue
        path = ("clients", name, "connect", "groupId")
        if not all(map(TOPIC_NAME.fullmatch, connect.topics)):
            yield Problem(
                path,
                connect.group_id,
                "has characters that no topic's name has, or is too long for one. Set configTopic, offsetTopic and statusTopic.",
            )
        elif len(set(connect.topics)) < len(connect.topics):
            yield Problem(
                path,
                connect.group_id,
                "has one topic for two of configTopic, offsetTopic and statusTopic: workers need three.",
            )
        for index, group in enumerate(client.consume.groups if client.consume else ()):
            if group == connect.group_id:
                yield Problem(
                    ("clients", name, "consume", "groups", index),
                    group,
                    "is connect.groupId: Kafka refuses consumers in the workers' group. A sink connector reads as connect- and "
                    "its name.",
                )
