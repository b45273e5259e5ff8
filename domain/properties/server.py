"""Server properties: what is wrong with those of a stack, and how they are written.

The table of properties is in `domain.properties.definitions`, the defaults in `domain.properties.defaults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.msk.brokers import BrokerKind
from domain.problems import ABSENT, Problem, did_you_mean
from domain.properties.defaults import replication_defaults, safe_defaults
from domain.properties.definitions import (
    ADVERTISED_LISTENERS,
    DYNAMIC_ONLY,
    EXPRESS_FIXED,
    PROPERTY_DEFINITIONS,
    RACK_AWARE_SELECTOR,
    TOPIC_LEVEL,
    Brokers,
    PropertyDefinition,
)
from domain.properties.values import PropertyValue, text_of, value_message, version_message, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "RACK_AWARE_SELECTOR",
    "PropertyValue",
    "allowed",
    "check",
    "render",
    "safe_defaults",
]


def allowed(kind: BrokerKind) -> tuple[str, ...]:
    """The names that a configuration for this kind of brokers may set, sorted."""
    return tuple(sorted(name for name, row in PROPERTY_DEFINITIONS.items() if _takes(row, kind)))


def _takes(definition: PropertyDefinition, kind: BrokerKind) -> bool:
    wanted = Brokers.EXPRESS if kind is BrokerKind.EXPRESS else Brokers.STANDARD
    return definition.brokers in (Brokers.BOTH, wanted)


def check(
    properties: Mapping[str, PropertyValue],
    *,
    kind: BrokerKind,
    version: str,
    zones: int,
    tiered: bool = False,
    brokers: int | None = None,
) -> list[Problem]:
    """Everything that is wrong with the properties a stack sets.

    Args:
        properties: What the stack sets, over the defaults.
        kind: Standard or Express.
        version: The Kafka version, known here or not.
        zones: Availability Zones of the cluster; the defaults depend on it.
        tiered: Whether the cluster has tiered storage.
        brokers: Brokers of the cluster, when replication factors are to be held against them.

    Returns:
        The problems, sorted by property.
    """
    problems = [
        problem for name, value in properties.items() for problem in _one(name, value, kind=kind, version=version, tiered=tiered)
    ]
    if kind is BrokerKind.STANDARD:
        wrong = {str(problem.path[0]) for problem in problems}
        problems += _replication(properties, wrong, zones=zones, brokers=brokers)
    problems += _session_timeouts(properties, {str(problem.path[0]) for problem in problems})
    return sorted(problems, key=lambda problem: (problem.setting, problem.message))


def _one(name: str, value: PropertyValue, *, kind: BrokerKind, version: str, tiered: bool) -> Iterator[Problem]:
    definition = PROPERTY_DEFINITIONS.get(name)
    if definition is None or not _takes(definition, kind):
        yield Problem((name,), value, _not_allowed(name, kind))
        return
    message = version_message(definition, version) or value_message(definition, value, version)
    if not message and tiered and name == "log.cleanup.policy" and words_of(value) != ["delete"]:
        # MSK Developer Guide, "Tiered storage requirements": no compacted topics.
        message = "must be delete with storage.mode TIERED."
    if message:
        yield Problem((name,), value, message)


def _not_allowed(name: str, kind: BrokerKind) -> str:
    """Why a property cannot be set, and what to set instead."""
    message = _express_message(name) if kind is BrokerKind.EXPRESS else None
    if message:
        return message
    if name in TOPIC_LEVEL:
        server = TOPIC_LEVEL[name]
        if server and server in allowed(kind):
            return f"is a topic configuration. Set the server property {server} instead, the default of all topics."
        return "is a topic configuration: set it on each topic. A cluster configuration cannot have it."
    if name.startswith(("remote.", "local.")):
        return (
            "cannot be set here. Turn tiered storage on with storage.mode: TIERED, and for each topic with the topic-level "
            "remote.storage.enable, local.retention.ms and local.retention.bytes."
        )
    if name in DYNAMIC_ONLY:
        own_names = f" Domain names of your own go into {ADVERTISED_LISTENERS}." if name == "advertised.listeners" else ""
        return f"cannot be in a cluster configuration: set it on the running brokers with kafka-configs.sh --alter.{own_names}"
    suggestion = did_you_mean(name, allowed(kind))
    return f"is not a property that Amazon MSK allows in a configuration for {kind.value.capitalize()} brokers.{suggestion}"


def _express_message(name: str) -> str | None:
    if name in EXPRESS_FIXED:
        fixed = EXPRESS_FIXED[name]
        if fixed is None:
            return "is set by Express brokers themselves. Remove it."
        return (
            f"is fixed at {fixed} by Express brokers (replication factor 3, min.insync.replicas 2, no unclean leader election). "
            "Remove it."
        )
    if name in ("log.retention.hours", "log.retention.minutes"):
        return "is not for Express brokers. Use log.retention.ms instead: an hour is 3600000."
    return None


_FACTOR_AND_IN_SYNC = (
    ("default.replication.factor", "min.insync.replicas"),
    # Commits of offsets wait for all in-sync replicas, and the offsets topic has the brokers'
    # min.insync.replicas.
    ("offsets.topic.replication.factor", "min.insync.replicas"),
    ("transaction.state.log.replication.factor", "transaction.state.log.min.isr"),
)


def _replication(
    properties: Mapping[str, PropertyValue], wrong: set[str], *, zones: int, brokers: int | None
) -> Iterator[Problem]:
    """Replication factors against in-sync replicas and brokers, judged on what the cluster will have."""
    merged: dict[str, PropertyValue] = {**replication_defaults(zones), **properties}
    told: set[str] = set()
    for factor_name, in_sync_name in _FACTOR_AND_IN_SYNC:
        if {factor_name, in_sync_name} & wrong:
            continue
        factor, in_sync = int(text_of(merged[factor_name])), int(text_of(merged[in_sync_name]))
        if brokers is not None and factor > brokers and factor_name in properties:
            yield Problem(
                (factor_name,),
                properties[factor_name],
                f"must be at most {brokers}, the number of brokers: each replica needs a broker of its own.",
            )
        elif factor <= in_sync:
            blamed = in_sync_name if factor_name not in properties else factor_name
            if blamed not in told:
                # One in-sync number can be too high for the factor of two topics: one remedy mends both.
                told.add(blamed)
                yield Problem(
                    (blamed,), properties.get(blamed, ABSENT), _margin_message(factor_name, factor, in_sync_name, in_sync)
                )


def _margin_message(factor_name: str, factor: int, in_sync_name: str, in_sync: int) -> str:
    highest = factor - 1
    lower = {0: "", 1: f"{in_sync_name} to 1, or "}.get(highest, f"{in_sync_name} to {highest} or less, or ")
    return (
        f"leaves no room for a broker that is down: {factor_name} is {factor} and {in_sync_name} is "
        f"{in_sync}, so producers with acks=all stop whenever a broker restarts. "
        f"Set {lower}{factor_name} to {in_sync + 1} or more."
    )


_SESSION_TIMEOUTS = {"group.min.session.timeout.ms": 6_000, "group.max.session.timeout.ms": 1_800_000}
"""Defaults of Apache Kafka, "Broker Configs"."""


def _session_timeouts(properties: Mapping[str, PropertyValue], wrong: set[str]) -> Iterator[Problem]:
    given = [name for name in _SESSION_TIMEOUTS if name in properties]
    if not given or wrong & set(_SESSION_TIMEOUTS):
        return
    shortest, longest = (int(text_of(properties.get(name, default))) for name, default in _SESSION_TIMEOUTS.items())
    if shortest > longest:
        yield Problem(
            (given[0],),
            properties[given[0]],
            f"must leave group.min.session.timeout.ms ({shortest}) at or below group.max.session.timeout.ms ({longest}).",
        )


def render(properties: Mapping[str, PropertyValue]) -> str:
    """The properties as a Java properties file: one ``key=value`` a line, sorted by key, with a last newline.

    Booleans are in lower case, whole numbers without a fraction. What Java would read as something else is
    escaped, so the file means the mapping whatever is in it.
    """
    lines = (f"{_escaped(name, key=True)}={_escaped(text_of(value))}\n" for name, value in sorted(properties.items()))
    return "".join(lines)


_CONTROL = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}


def _escaped(text: str, *, key: bool = False) -> str:
    """Text as ``java.util.Properties.store`` would write it."""
    written: list[str] = []
    for index, character in enumerate(text):
        if character in _CONTROL:
            written.append(_CONTROL[character])
        elif (character == " " and (key or index == 0)) or (key and character in "=:#!"):
            written.append("\\" + character)
        elif character.isascii() and character.isprintable():
            written.append(character)
        else:
            units = character.encode("utf-16-be", "surrogatepass")
            written += (f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return "".join(written)
