"""What Kafka's own tools print of topics, read. What cannot be read is an error: a plan must not rest on half of a cluster."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.problems import shown
from tools.shared.commands import FAILED, CommandError
from tools.topics.plan import Present

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_TOPIC: Final = re.compile(
    r"Topic: (?P<name>\S+)\t(?:TopicId: \S*\t)?PartitionCount: ?(?P<partitions>\d+)\tReplicationFactor: ?(?P<factor>\d+)(?:\t.*)?"
)
_PARTITION: Final = re.compile(r"\tTopic: \S+\tPartition: .*")
_CONFIGS_OF: Final = re.compile(r"All configs for topic (?P<name>\S+) are:")
_CONFIG: Final = re.compile(r"  (?P<setting>[^\s=]+)=(?P<value>.*) sensitive=(?:true|false) synonyms=\{(?P<synonyms>.*)\}")
_SYNONYM: Final = re.compile(r"(?P<source>[A-Z_]+):(?P<property>[^\s=]+)=(?P<value>.*?)(?=, [A-Z_]+:[^\s=]+=|$)")
_OWN: Final = "DYNAMIC_TOPIC_CONFIG"
_OFFSET: Final = re.compile(r"(?P<topic>\S+):(?P<partition>\d+):(?P<offset>\d*)")
_OF_SERVERS: Final = {
    "cleanup.policy": "log.cleanup.policy",
    "max.message.bytes": "message.max.bytes",
    "min.insync.replicas": "min.insync.replicas",
    "retention.bytes": "log.retention.bytes",
    "retention.ms": "log.retention.ms",
    "unclean.leader.election.enable": "unclean.leader.election.enable",
}
"""What a topic has from the brokers where it sets nothing, and that decides about messages, by its name there."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The topics of a cluster at one moment.

    Attributes:
        topics: Those that the client may see, by name.
        servers: What the brokers hold for topics that set nothing, by its name in server properties, as far as topics show it.
    """

    topics: Mapping[str, Present]
    servers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Config:
    """A setting of a topic: what holds, whether it is the topic's own, and the property of the brokers behind it."""

    setting: str
    value: str
    own: bool
    server: tuple[str, str] | None


def snapshot_in(topics: str, configs: str, needed: Collection[str] = ()) -> Snapshot:
    """The topics in what `kafka-topics.sh --describe` and `kafka-configs.sh --describe --all` print.

    Args:
        topics: What the first one prints.
        configs: What the second one prints.
        needed: Topics whose settings must be known if they are there.

    Raises:
        CommandError: A line is not what Kafka's tools print, or the settings of a needed topic are missing.
    """
    sizes, settings = _sizes_in(topics), _configs_in(configs)
    if missing := sorted(sizes.keys() & set(needed) - settings.keys()):
        raise CommandError(
            f"kafka-configs.sh does not say what is set on {missing[0]}: was it made just now? Run this command again.", FAILED
        )
    return Snapshot(
        {
            name: Present(
                partitions,
                factor,
                {config.setting: config.value for config in settings.get(name, ()) if config.own},
                {config.setting: config.value for config in settings.get(name, ())},
            )
            for name, (partitions, factor) in sorted(sizes.items())
        },
        _servers_in(settings),
    )


def _sizes_in(text: str) -> dict[str, tuple[int, int]]:
    sizes = {}
    for line in filter(str.strip, text.splitlines()):
        if match := _TOPIC.fullmatch(line):
            sizes[match["name"]] = (int(match["partitions"]), int(match["factor"]))
        elif not _PARTITION.fullmatch(line):
            raise _unreadable("kafka-topics.sh --describe", line)
    return sizes


def _configs_in(text: str) -> dict[str, list[_Config]]:
    settings: dict[str, list[_Config]] = {}
    configs: list[_Config] | None = None
    for line in filter(str.strip, text.splitlines()):
        if match := _CONFIGS_OF.fullmatch(line):
            configs = settings.setdefault(match["name"], [])
        elif configs is not None and (match := _CONFIG.fullmatch(line)):
            configs.append(_config(match["setting"], match["value"], match["synonyms"]))
        else:
            raise _unreadable("kafka-configs.sh --describe", line)
    return settings


def _config(setting: str, value: str, synonyms: str) -> _Config:
    """A setting; the first of its synonyms is what holds."""
    sources = [(match["source"], match["property"], match["value"]) for match in _SYNONYM.finditer(synonyms)]
    own = bool(sources) and sources[0][0] == _OWN
    server = next(((name, text) for source, name, text in sources if source != _OWN), None)
    if server is None and not own and setting in _OF_SERVERS:
        # Where the brokers' own property counts in another unit, no synonym is shown.
        server = (_OF_SERVERS[setting], value)
    return _Config(setting, value, own, server)


def _servers_in(settings: Mapping[str, Collection[_Config]]) -> dict[str, str]:
    every = [config for configs in settings.values() for config in configs if config.setting in _OF_SERVERS]
    return dict(sorted({config.server for config in every if config.server}))


def offsets_in(text: str) -> dict[tuple[str, int], int]:
    """The offsets of partitions in what `kafka-get-offsets.sh` prints; a partition that has none is left out.

    Raises:
        CommandError: A line is not what it prints.
    """
    offsets = {}
    for line in filter(str.strip, text.splitlines()):
        match = _OFFSET.fullmatch(line)
        if match is None:
            raise _unreadable("kafka-get-offsets.sh", line)
        if match["offset"]:
            offsets[match["topic"], int(match["partition"])] = int(match["offset"])
    return offsets


def _unreadable(tool: str, line: str) -> CommandError:
    return CommandError(f"{tool} prints what this command cannot read: {shown(line.strip())}", FAILED)
