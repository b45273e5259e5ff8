"""What Kafka's own tools print, read. What cannot be read is an error: a plan must not rest on half of a cluster."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.msk.internal_topics import CANARY_TOPICS
from domain.problems import shown
from tools.reassign.layout import Layout, Partition
from tools.shared.commands import FAILED, REFUSED, CommandError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tools.reassign.layout import Replicas

_BROKER: Final = re.compile(
    r"(?P<address>\S+:\d+) \(id: (?P<id>\d+) rack: (?P<rack>\S+)(?: isFenced: (?P<fenced>\w+))?\) -> (?P<is>.*)"
)
_THROTTLED_TOPIC: Final = re.compile(r"\b(?:leader|follower)\.replication\.throttled\.replicas=.")
_THROTTLED_BROKER: Final = re.compile(r"\s+(?:leader|follower)\.replication\.throttled\.rate=.*")
_CONFIGS_OF: Final = re.compile(r"(?:Dynamic|Default) configs for (?P<whose>broker \d+|brokers in the cluster) are:")
_MOVING: Final = re.compile(r"(?P<partition>\S+): replicas: [\d,]+\.(?: adding: [\d,]+\.)?(?: removing: [\d,]+\.)?")
_VERIFIED: Final = re.compile(r"Reassignment of partition (?P<partition>\S+) is (?P<how>complete|completed|still in progress)\.")
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that serves clients.

    Attributes:
        address: Its name and port.
        rack: Its rack, which is an Availability Zone; None if it has none.
    """

    address: str
    rack: str | None


@dataclass(frozen=True, slots=True)
class Topics:
    """What `kafka-topics.sh --describe` says.

    Attributes:
        replicas: The replicas of each partition; of one that is being moved, those it will have.
        leaders: Their leaders; None for a partition without one.
        lagging: Partitions that are being moved or have replicas which are not in sync.
        throttled: Topics whose replication is throttled.
    """

    replicas: dict[Partition, Replicas]
    leaders: dict[Partition, int | None]
    lagging: list[Partition]
    throttled: list[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cluster at one moment.

    Attributes:
        brokers: Its brokers by their IDs.
        topics: Its topics.
        sizes: The bytes of a replica of each partition.
        throttles: Whose replication is throttled: ``broker 3``, ``topic orders``.
    """

    brokers: dict[int, Broker]
    topics: Topics
    sizes: dict[Partition, int]
    throttles: list[str]

    def layout(self) -> Layout:
        """Its partitions on its brokers, without the topics of Amazon MSK's own checks, which stay where they are.

        Raises:
            CommandError: A broker has no rack or does not serve, or a size is not known.
        """
        if homeless := [broker for broker, about in self.brokers.items() if about.rack is None]:
            raise CommandError(
                f"{some('Broker', homeless)} no broker.rack: which replicas share a zone is not known, so none is moved.", REFUSED
            )
        replicas = {
            partition: those for partition, those in self.topics.replicas.items() if not partition.topic.startswith(CANARY_TOPICS)
        }
        if gone := {broker for those in replicas.values() for broker in those} - set(self.brokers):
            raise CommandError(
                f"Replicas are on brokers that do not serve: {listed(gone)}. Wait until every broker does.", REFUSED
            )
        described = {partition.topic for partition in self.topics.replicas}
        if hidden := sorted({partition.topic for partition in self.sizes} - described):
            raise CommandError(
                f"Brokers hold topics that this client may not describe: {', '.join(hidden[:_SHOWN])}. Give it "
                "operate: {}, or try again if one was deleted just now.",
                REFUSED,
            )
        if unknown := sorted(set(replicas) - set(self.sizes)):
            raise CommandError(f"kafka-log-dirs.sh does not say how large these are: {listed(unknown)}. Try again.", FAILED)
        racks = {broker: about.rack for broker, about in self.brokers.items() if about.rack is not None}
        return Layout(racks, replicas, {partition: self.sizes[partition] for partition in replicas})


def listed(things: Collection[int] | Collection[Partition]) -> str:
    """The first few, in order, and how many more."""
    names = [str(thing) for thing in sorted(things)]
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def joined(brokers: Collection[int]) -> str:
    """As the option takes them: ``7,8,9``."""
    return ",".join(map(str, sorted(brokers)))


def some(what: str, things: Collection[int]) -> str:
    """``Broker 3 has``, ``Brokers 3, 4 have``."""
    return f"{what}{'s' if len(things) > 1 else ''} {listed(things)} {'have' if len(things) > 1 else 'has'}"


def brokers_in(text: str) -> dict[int, Broker]:
    """The brokers in what `kafka-broker-api-versions.sh` prints.

    Raises:
        CommandError: There are none, or one did not answer.
    """
    brokers = {}
    for line in text.splitlines():
        if " (id: " not in line:
            continue
        match = _BROKER.fullmatch(line)
        if match is None or match["is"] != "(" or match["fenced"] not in (None, "false"):
            raise CommandError(f"A broker does not serve. kafka-broker-api-versions.sh says: {shown(line)}", FAILED)
        brokers[int(match["id"])] = Broker(match["address"], None if match["rack"] == "null" else match["rack"])
    if not brokers:
        raise _unreadable("kafka-broker-api-versions.sh", text)
    return dict(sorted(brokers.items()))


def topics_in(text: str) -> Topics:
    """The topics in what `kafka-topics.sh --describe` prints.

    Raises:
        CommandError: A line is not what Kafka's tools print, or partitions are missing.
    """
    topics = Topics({}, {}, [], [])
    expected = 0
    for line in filter(str.strip, text.splitlines()):
        fields = {name: value.strip() for name, _, value in (field.partition(":") for field in line.strip().split("\t"))}
        try:
            if "PartitionCount" in fields:
                expected += int(fields["PartitionCount"])
                if _THROTTLED_TOPIC.search(fields.get("Configs", "")):
                    topics.throttled.append(fields["Topic"])
            else:
                _add_partition(topics, fields)
        except (KeyError, ValueError) as error:
            raise _unreadable("kafka-topics.sh", line) from error
    if expected != len(topics.replicas):
        raise CommandError(f"kafka-topics.sh speaks of {expected} partitions and lists {len(topics.replicas)}.", FAILED)
    return topics


def _add_partition(topics: Topics, fields: Mapping[str, str]) -> None:
    partition = Partition(fields["Topic"], int(fields["Partition"]))
    adding, removing = _ids(fields.get("Adding Replicas", "")), _ids(fields.get("Removing Replicas", ""))
    replicas = tuple(broker for broker in _ids(fields["Replicas"]) if broker not in removing)
    topics.replicas[partition] = replicas
    topics.leaders[partition] = None if fields["Leader"] == "none" else int(fields["Leader"])
    if adding or removing or set(_ids(fields["Isr"])) != set(replicas):
        topics.lagging.append(partition)


def _ids(text: str) -> Replicas:
    return tuple(int(broker) for broker in text.split(",")) if text else ()


def sizes_in(text: str) -> dict[Partition, int]:
    """The bytes of each partition's largest replica, in what `kafka-log-dirs.sh --describe` prints.

    Raises:
        CommandError: It holds no JSON of log directories, or a directory has failed.
    """
    sizes: dict[Partition, int] = {}
    for directory in _directories(text):
        for replica in directory["partitions"]:
            if not replica["isFuture"]:
                topic, _, number = replica["partition"].rpartition("-")
                partition = Partition(topic, int(number))
                sizes[partition] = max(sizes.get(partition, 0), int(replica["size"]))
    return sizes


def _directories(text: str) -> Iterator[dict[str, Any]]:
    try:
        (line,) = [line for line in text.splitlines() if line.startswith("{")]
        for broker in json.loads(line)["brokers"]:
            for directory in broker["logDirs"]:
                if directory["error"]:
                    raise CommandError(f"A log directory of broker {broker['broker']} has failed: {directory['error']}.", REFUSED)
                yield directory
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable("kafka-log-dirs.sh", text) from error


def throttled_brokers_in(text: str) -> list[str]:
    """Whose replication is throttled, in what `kafka-configs.sh --describe --entity-type brokers` prints.

    Raises:
        CommandError: It names no broker.
    """
    throttled, whose = [], ""
    for line in text.splitlines():
        if match := _CONFIGS_OF.match(line):
            whose = match["whose"]
        elif _THROTTLED_BROKER.fullmatch(line):
            throttled.append(whose)
    if not whose:
        raise _unreadable("kafka-configs.sh", text)
    return list(dict.fromkeys(throttled))


def moving_in(text: str) -> set[Partition]:
    """The partitions that are being moved, in what `kafka-reassign-partitions.sh --list` prints.

    Raises:
        CommandError: It says neither that there are none nor which.
    """
    head, *rest = text.strip().splitlines() or [""]
    if head == "No partition reassignments found.":
        return set()
    matches = [_MOVING.fullmatch(line) for line in rest]
    if head != "Current partition reassignments:" or None in matches:
        raise _unreadable("kafka-reassign-partitions.sh --list", text)
    return {_named(match["partition"]) for match in matches if match}


def still_moving_in(text: str, wanted: Iterable[Partition]) -> set[Partition]:
    """Those of the wanted partitions that are still being moved, in what `kafka-reassign-partitions.sh --verify` prints.

    Raises:
        CommandError: Kafka does not say of each that it is moved or being moved.
    """
    verified = {_named(match["partition"]): match["how"] for match in _VERIFIED.finditer(text)}
    if missing := set(wanted) - set(verified):
        words = [line for line in text.splitlines() if line.strip() and not _VERIFIED.fullmatch(line)]
        raise CommandError(f"Not moved as asked: {listed(missing)}. Kafka says:\n" + "\n".join(words), FAILED)
    return {partition for partition in wanted if verified[partition] == "still in progress"}


def _named(text: str) -> Partition:
    topic, _, number = text.rpartition("-")
    return Partition(topic, int(number))


def _unreadable(tool: str, text: str) -> CommandError:
    return CommandError(f"{tool} prints what this command cannot read: {shown(text.strip()) or 'nothing'}", FAILED)
