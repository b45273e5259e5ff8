"""What a person should know of valid properties: harm that Kafka does on request, and what AWS's documentation leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.msk.brokers import BrokerKind
from domain.msk.versions import MetadataMode, metadata_mode
from domain.properties.cautions import SERVER_CAUTIONS, TOPIC_CAUTIONS, Caution
from domain.properties.definitions import ADVERTISED_LISTENERS, PROPERTY_DEFINITIONS
from domain.properties.topic import TIERED_SEGMENT_BYTES, TOPIC_CONFIGS
from domain.properties.values import PropertyValue, number_of, text_of, words_of

REQUEST_BYTES = 104_857_600
"""``socket.request.max.bytes`` of brokers that are told nothing. MSK Developer Guide, "Default Amazon MSK configuration"."""

MESSAGE_BYTES = 1_048_588
"""``message.max.bytes`` of brokers, likewise. Apache Kafka documentation, "Broker Configs"."""

SEGMENT_BYTES = 1_073_741_824
"""``log.segment.bytes`` of brokers without tiered storage. MSK Developer Guide, "Default Amazon MSK configuration"."""

EXPRESS_COMPACTION_LAG_MS = 604_800_000
"""Least ``max.compaction.lag.ms`` on Express brokers: "[7 days, Long.Max]". MSK Developer Guide, "Custom MSK Express broker
configurations (Read/Write access)"."""

_UNLISTED = ("log.message.timestamp.after.max.ms", "log.message.timestamp.before.max.ms")
"""In the guide's text on ``log.message.timestamp.difference.max.ms``, but not in the list of what CreateConfiguration takes for
Standard brokers, measured 2026-09; the guide lists them for Express brokers."""

_ZONES_FOR_THREE_REPLICAS = 3
_USUAL_TIERED_SEGMENT_BYTES = 134_217_728
_HOUR_MS = 3_600_000
_CENTURY_MS = 100 * 365 * 24 * _HOUR_MS
_RETENTIONS = {"log.retention.hours": _HOUR_MS, "log.retention.minutes": 60_000, "log.retention.ms": 1}
"""Milliseconds of a unit, coarse to fine: where several are set, Kafka takes the finest."""


@dataclass(frozen=True, slots=True)
class PropertyPlace:
    """The cluster that properties are for, as far as warnings depend on it.

    Attributes:
        kind: Standard or Express.
        version: Its Kafka version.
        zones: Its Availability Zones.
        tiered: Whether it has tiered storage.
        properties: Its server properties, those of the stack over the defaults.
    """

    kind: BrokerKind
    version: str
    zones: int
    tiered: bool
    properties: Mapping[str, PropertyValue]

    def number(self, name: str, usual: float) -> float:
        """What a server property is, or what brokers take without it."""
        return _number(self.properties.get(name), usual)


def server_warnings(given: Mapping[str, PropertyValue], place: PropertyPlace) -> Iterator[str]:
    """What a person should know of the server properties that a stack sets, all of them valid.

    Args:
        given: What the stack sets, over the defaults.
        place: The cluster.
    """
    for name, value in sorted(given.items()):
        setting = f"serverProperties.{name}"
        yield from _cautions(setting, name, value, SERVER_CAUTIONS.get(name, ()))
        yield from (f"{setting} is {text_of(value)}: {message}" for message in _server_messages(name, value, place))
    yield from _for_ever(given)
    if "message.max.bytes" in given:
        largest = place.number("message.max.bytes", 0)
        yield from _too_large("serverProperties.message.max.bytes", largest, _segment(place), place)
    elif (request := place.number("socket.request.max.bytes", REQUEST_BYTES)) < MESSAGE_BYTES:
        yield (
            f"serverProperties.socket.request.max.bytes is {request:.0f}: brokers close the connection of a producer whose "
            f"request is larger, and producers may send {MESSAGE_BYTES} bytes (message.max.bytes). Set more than "
            f"{MESSAGE_BYTES}, or lower message.max.bytes."
        )


def topic_warnings(
    name: str, configs: Mapping[str, PropertyValue], names: Mapping[str, str], place: PropertyPlace
) -> Iterator[str]:
    """What a person should know of a topic's valid configurations.

    Args:
        name: The topic's name.
        configs: What it sets, by Kafka's names.
        names: The settings behind those configurations that have one of their own, for example ``retentionHours``.
        place: The cluster.
    """

    def setting(config: str) -> str:
        return f"topics.{name}.{names.get(config) or f'configs.{config}'}"

    kept = "delete" in words_of(configs.get("cleanup.policy", place.properties.get("log.cleanup.policy", "delete")))
    for config, value in sorted(configs.items()):
        if config in ("retention.ms", "retention.bytes") and not kept:
            continue
        unit = _HOUR_MS if names.get(config, "").endswith("Hours") else 1
        yield from _cautions(setting(config), config, value, TOPIC_CAUTIONS.get(config, ()), unit=unit)
        yield from (f"{setting(config)} is {text_of(value)}: {message}" for message in _topic_messages(config, value, place))
    if "max.message.bytes" in configs:
        segment = _number(configs.get("segment.bytes"), _segment(place))
        yield from _too_large(setting("max.message.bytes"), _number(configs["max.message.bytes"], 0), segment, place)


def _cautions(setting: str, name: str, value: PropertyValue, cautions: tuple[Caution, ...], *, unit: int = 1) -> Iterator[str]:
    definition = PROPERTY_DEFINITIONS.get(name) or TOPIC_CONFIGS[name]
    number = number_of(value, whole=False)
    if number is None or (definition.unlimited and number == -1):
        return
    for caution in cautions:
        if caution.concerns(number):
            bound = caution.below if caution.below is not None else caution.above
            more = "or more" if caution.below is not None else "or less"
            given = text_of(value) if unit == 1 else f"{number / unit:.12g}"
            yield f"{setting} is {given}: {caution.consequence}. Set {(bound or 0) / unit:.12g} {more}, unless you intend this."


def _server_messages(name: str, value: PropertyValue, place: PropertyPlace) -> Iterator[str]:
    text = text_of(value).lower()
    if name == "connections.max.idle.ms" and text == "-1":
        yield "brokers never close the connections of clients that disappear, which count against the brokers' limits."
    if name == "delete.topic.enable" and text == "false":
        yield "no topic can be deleted. A deployment that removes a topic from topics fails."
    if name == "log.cleanup.policy" and "compact" in words_of(value):
        yield (
            "topics without a setting of their own keep only the newest message of each key, and refuse messages without a key. "
            "Set cleanupPolicy on the topics that need it."
        )
    if name == "transaction.state.log.min.isr" and text == "1" and place.zones >= _ZONES_FOR_THREE_REPLICAS:
        yield (
            "only one broker may know how a transaction ended. If that broker is lost, transactions that producers believe "
            "committed hang, or are aborted. Set 2."
        )
    if name == "leader.imbalance.per.broker.percentage" and metadata_mode(place.version) is MetadataMode.KRAFT:
        yield "Kafka with KRaft takes no notice of it, and Kafka 4 no longer has it. Take it out."
    if name in _UNLISTED and place.kind is BrokerKind.STANDARD:
        yield (
            "AWS's list of properties for Standard brokers leaves it out, and Amazon MSK may refuse it. If so, set "
            f"{name.removeprefix('log.')} on each topic."
        )
    if name == "log.segment.bytes" and place.tiered and _number(value, SEGMENT_BYTES) < TIERED_SEGMENT_BYTES:
        yield f"topics with tiered storage need {TIERED_SEGMENT_BYTES} or more, and get less unless they set segment.bytes."
    if name == ADVERTISED_LISTENERS:
        yield (
            "it replaces AWS's names of the brokers for that listener. DNS, load balancer and certificate must be in place "
            "first, and grow with the brokers, or clients that are connected now cannot connect again. What this stack exports "
            "and writes for clients (bootstrap strings, files, the test client) still has AWS's names."
        )


def _topic_messages(config: str, value: PropertyValue, place: PropertyPlace) -> Iterator[str]:
    if config == "preallocate" and text_of(value).lower() == "true":
        yield "each partition takes the disk space of a whole segment before it has a message. Remove it."
    if config == "max.compaction.lag.ms" and place.kind is BrokerKind.EXPRESS and _number(value, 0) < EXPRESS_COMPACTION_LAG_MS:
        yield (
            f"AWS's documentation gives {EXPRESS_COMPACTION_LAG_MS} (7 days) as the minimum on Express brokers, and Amazon MSK "
            "may refuse it."
        )


def _for_ever(given: Mapping[str, PropertyValue]) -> Iterator[str]:
    """A cluster that deletes nothing, neither by age nor by size."""
    finest = [name for name in _RETENTIONS if name in given][-1:]
    for name in finest:
        kept = _number(given[name], 0)
        if (kept == -1 or kept * _RETENTIONS[name] >= _CENTURY_MS) and _number(given.get("log.retention.bytes"), -1) == -1:
            yield (
                f"serverProperties.{name} is {text_of(given[name])}: topics without a setting of their own keep everything "
                "forever, until the volumes are full and brokers stop, or storage costs more than it is worth. Set "
                "log.retention.bytes as well, or retention.ms -1 in configs of the topics that should keep everything."
            )


def _segment(place: PropertyPlace) -> float:
    return place.number("log.segment.bytes", _USUAL_TIERED_SEGMENT_BYTES if place.tiered else SEGMENT_BYTES)


def _too_large(setting: str, largest: float, segment: float, place: PropertyPlace) -> Iterator[str]:
    """Batches that are allowed and cannot be: they do not fit into a request, or into a segment."""
    request = place.number("socket.request.max.bytes", REQUEST_BYTES)
    if largest > request:
        yield (
            f"{setting} is {largest:.0f}: brokers close the connection of a producer whose request is larger than "
            f"socket.request.max.bytes ({request:.0f}). Set {request:.0f} or less, or raise socket.request.max.bytes."
        )
    if largest > segment:
        yield (
            f"{setting} is {largest:.0f}: a batch that is larger than its segment ({segment:.0f} bytes) is refused. Set "
            f"{segment:.0f} or less, or set larger segments."
        )


def _number(value: PropertyValue | None, usual: float) -> float:
    number = None if value is None else number_of(value, whole=False)
    return usual if number is None else number
