"""What makes messages less safe though none is deleted, and what puts messages of one key into two partitions.

Sources: Apache Kafka documentation, "Broker Configs" and "Topic Configs" (min.insync.replicas, unclean.leader.election.enable,
the replication factors of its own topics) and "Modifying topics" (new partitions); MSK Developer Guide, "Default Amazon MSK
configuration" (in-sync replicas by zones, unclean leader election on without tiered storage) and "Apache Kafka ACLs".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.guards.table import CLIENTS_WITHOUT_ACL, LESS_DURABLE, SHORTER_RETENTION, SMALLER_MESSAGES, UNCLEAN_ELECTION
from domain.properties.definitions import EXPRESS_FIXED
from domain.properties.values import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class SafetyLoss:
    """A change that makes messages less safe.

    Attributes:
        property: The property that decides.
        old: What it was, in words.
        new: What it will be, in words.
        sentence: What becomes of messages, a sentence without its full stop.
        guard: The guard that refuses it on a protected stack.
        certain: Whether it is so; otherwise a value is not known.
        cannot: What clients can no longer do, as the end of "can no longer"; empty where it is not they who lose something.
    """

    property: str
    old: str
    new: str
    sentence: str
    guard: str = LESS_DURABLE
    certain: bool = True
    cannot: str = ""


_NOT_KNOWN: Final = "not known before the update"
_DEFAULT: Final = "not set: Amazon MSK's default"
_IN_SYNC: Final = "a message counts as written on fewer brokers: when these fail, acknowledged messages are lost"
_COPIES: Final = "there are fewer copies of each message: fewer brokers may fail before messages are lost"
_UNCLEAN: Final = "a replica that lags behind may become leader: acknowledged messages that it lacks are lost"
_NUMBERS: Final[Mapping[str, str]] = {
    "min.insync.replicas": _IN_SYNC,
    "transaction.state.log.min.isr": _IN_SYNC,
    "default.replication.factor": f"of topics that are made without a factor of their own, {_COPIES}",
    "offsets.topic.replication.factor": f"of consumers' positions, {_COPIES}",
    "transaction.state.log.replication.factor": f"of transactions' state, {_COPIES}",
}
_POSITIONS: Final = "offsets.retention.minutes"
_DEFAULT_POSITIONS: Final = 10_080
"""Minutes, seven days. Apache Kafka documentation, "Broker Configs"."""
_BATCHES: Final = "message.max.bytes"
_TOPIC_S_BATCHES: Final = "max.message.bytes"
_DEFAULT_BATCH: Final = 1_048_588
"""Bytes, of either. Apache Kafka documentation, "Broker Configs"; MSK Developer Guide, "Default Amazon MSK configuration", has no
other."""
_UNCLEAN_ELECTION: Final = "unclean.leader.election.enable"
_EVERYBODY: Final = "allow.everyone.if.no.acl.found"


def safety_of(
    old: Mapping[str, object] | None, new: Mapping[str, object] | None, *, servers: bool, express: bool = False
) -> Iterator[SafetyLoss]:
    """What a change of server properties or of a topic's configuration makes less safe.

    Args:
        old: The properties as they are; None where they are not known.
        new: The properties as they will be; None where they are not known.
        servers: Whether they are a cluster's, with Amazon MSK's defaults behind them; otherwise a topic's, with its cluster's.
        express: Whether the brokers will be Express brokers, on which Amazon MSK fixes replication factors, in-sync replicas and
            election: leaving them out takes nothing (MSK Developer Guide, "Express broker read-only configurations").
    """
    if old is None or new is None:
        # Told as a whole: see domain.guards.messages.
        return
    if express:
        old = {name: value for name, value in old.items() if name in new or name not in EXPRESS_FIXED}
    default = _DEFAULT if servers else "not set: the cluster's"
    where = " in every topic without its own setting" if servers else ""
    for name, sentence in _NUMBERS.items():
        if (servers or name == "min.insync.replicas") and _text(old, name) != _text(new, name):
            yield from _number(name, old, new, f"{sentence}{where if name == 'min.insync.replicas' else ''}", default)
    if servers:
        yield from _positions(_text(old, _POSITIONS), _text(new, _POSITIONS))
    was, will = _text(old, _UNCLEAN_ELECTION), _text(new, _UNCLEAN_ELECTION)
    if will not in (was, "false") and was != "true":
        certain = will == "true"
        words = "" if certain else "perhaps "
        said = default if will is None else "true" if certain else _NOT_KNOWN
        yield SafetyLoss(_UNCLEAN_ELECTION, was or default, said, f"{words}{_UNCLEAN}{where}", UNCLEAN_ELECTION, certain)
    was, will = _text(old, _EVERYBODY), _text(new, _EVERYBODY)
    if servers and was not in (will, "false") and will is not None and will != "true":
        yield SafetyLoss(
            _EVERYBODY, was or "true, Amazon MSK's default", "false" if will == "false" else _NOT_KNOWN,
            "clients without IAM can no longer use topics, groups and the cluster unless an ACL names them",
            CLIENTS_WITHOUT_ACL, certain=False, cannot="use topics and groups, unless an ACL names them",
        )  # fmt: skip
    batches = _BATCHES if servers else _TOPIC_S_BATCHES
    yield from _smaller_batches(batches, _text(old, batches), _text(new, batches), where)


def _smaller_batches(name: str, was: str | None, will: str | None, where: str) -> Iterator[SafetyLoss]:
    """Which batches of producers brokers refuse from now on. Whether a producer sends any so large, nobody knows here."""
    before, after = (_DEFAULT_BATCH if text is None else int(text) if is_whole(text) else None for text in (was, will))
    if was == will or (before is not None and after is not None and after >= before):
        return
    words = [_NOT_KNOWN if number is None else f"{number} bytes" for number in (before, after)]
    largest = "as large as before" if after is None else f"of more than {words[1]}"
    yield SafetyLoss(
        name, words[0], words[1],
        f"brokers {'may ' if after is None else ''}refuse batches {largest}{where} (RecordTooLargeException): what producers "
        "cannot send they drop or stop at",
        SMALLER_MESSAGES, certain=False, cannot=f"write batches {largest}",
    )  # fmt: skip


def _positions(was: str | None, will: str | None) -> Iterator[SafetyLoss]:
    """How long the positions of consumer groups are kept that nobody is in."""
    before, after = (_DEFAULT_POSITIONS if text is None else int(text) if is_whole(text) else None for text in (was, will))
    if was == will or (before is not None and after is not None and after >= before):
        return
    words = [_NOT_KNOWN if number is None else f"{number} min" for number in (before, after)]
    certain = before is not None and after is not None
    yield SafetyLoss(
        _POSITIONS, words[0], words[1],
        f"positions of consumer groups that are empty {'so long' if after is None else f'for {words[1]}'} "
        f"{'are' if certain else 'may be'} deleted: their consumers start anew by auto.offset.reset, and skip messages or repeat "
        "them",
        SHORTER_RETENTION, certain,
    )  # fmt: skip


def topic_safety_of(
    old: Mapping[str, object] | None,
    new: Mapping[str, object] | None,
    old_servers: Mapping[str, object] | None,
    new_servers: Mapping[str, object] | None,
) -> Iterator[SafetyLoss]:
    """What a change of a topic's own configuration makes less safe, where it leaves to its cluster what it does not say.

    Args:
        old: The topic's configuration as it is; None where it is not known.
        new: Its configuration as it will be; None where it is not known.
        old_servers: The cluster's server properties as they are; None where they are not known.
        new_servers: The cluster's server properties as they will be; None where they are not known.
    """
    if old is None or new is None:
        return
    was, will = (
        {
            **{
                name: servers[server]
                for name, server in _INHERITED.items()
                if servers and server in servers and old.get(name) != new.get(name)
            },
            **own,
        }
        for servers, own in ((old_servers, old), (new_servers, new))
    )
    yield from safety_of(was, will, servers=False)


_INHERITED: Final[Mapping[str, str]] = {
    "min.insync.replicas": "min.insync.replicas",
    _UNCLEAN_ELECTION: _UNCLEAN_ELECTION,
    _TOPIC_S_BATCHES: _BATCHES,
}
"""What a topic without its own takes from its cluster's server properties, by their names there."""


def _text(properties: Mapping[str, object], name: str) -> str | None:
    value = properties.get(name)
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().lower()


def _number(name: str, old: Mapping[str, object], new: Mapping[str, object], sentence: str, default: str) -> Iterator[SafetyLoss]:
    before, after = _text(old, name), _text(new, name)
    numbers = [int(text) if text is not None and is_whole(text) else None for text in (before, after)]
    if numbers[0] is not None and numbers[1] is not None:
        if numbers[1] < numbers[0]:
            yield SafetyLoss(name, str(numbers[0]), str(numbers[1]), sentence)
        return
    if before is None and numbers[1] is not None and numbers[1] >= _HIGHEST_DEFAULT[name]:
        return
    words = [default if text is None else text if number is not None else _NOT_KNOWN
             for text, number in ((before, numbers[0]), (after, numbers[1]))]  # fmt: skip
    if numbers[0] == 1:
        # There is nothing below.
        return
    yield SafetyLoss(name, words[0], words[1], f"perhaps {sentence}", certain=False)


_HIGHEST_DEFAULT: Final = {name: 2 if name.endswith(("min.insync.replicas", "min.isr")) else 3 for name in _NUMBERS}
"""Amazon MSK's own defaults, in three zones: from none to these nothing gets less."""


def replication_of(old: object, new: object) -> Iterator[SafetyLoss]:
    """What another replication factor of a topic does."""
    if old == new or old is None:
        return
    if isinstance(old, int | float) and isinstance(new, int | float):
        if new < old:
            yield SafetyLoss("replicationFactor", str(int(old)), str(int(new)), _COPIES)
        return
    words = [str(int(value)) if isinstance(value, int | float) else _NOT_KNOWN for value in (old, new)]
    yield SafetyLoss("replicationFactor", words[0], words[1], f"perhaps {_COPIES}", certain=False)


def partitions_of(old: object, new: object) -> tuple[str, str, str] | None:
    """What more partitions of a topic do: old and new in words and a sentence; None where nothing is added."""
    if not isinstance(old, int | float) or old == new:
        return None
    if not isinstance(new, int | float):
        return str(int(old)), _NOT_KNOWN, "messages with a key may go to other partitions than before"
    if new <= old:
        return None
    return (
        str(int(old)),
        str(int(new)),
        "messages with a key go to other partitions than before: old and new ones of one key lie in two partitions, and their "
        "order is lost between them",
    )
