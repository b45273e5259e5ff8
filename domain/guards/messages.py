"""Which messages a change of server properties or of a topic's configuration deletes.

Sources: Apache Kafka documentation, "Broker Configs" and "Topic Configs" (precedence, units, -1, defaults; the cleaner looks
every ``log.retention.check.interval.ms``, five minutes) and "Log Compaction"; MSK Developer Guide, "Default Amazon MSK
configuration" (no defaults of its own for these) and "Tiered storage topic-level configurations" (what local retention does).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.guards.table import COMPACTION, REMOTE_STORAGE_OFF, SHORTER_RETENTION
from domain.problems import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
_TIME_UNITS: Final = ((_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s"), (1, "ms"))
_SIZE_UNITS: Final = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "bytes"))
_NOT_KNOWN: Final = "not known before the update"


@dataclass(frozen=True, slots=True)
class MessageLoss:
    """A change that deletes messages, or may.

    Attributes:
        property: The Kafka property that decides: ``log.retention.ms``.
        old: What it was, in words.
        new: What it will be, in words.
        sentence: What becomes of messages, a sentence without its full stop.
        guard: The guard that refuses it on a protected stack.
        certain: Whether they are deleted; otherwise a value is not known, and they may be.
    """

    property: str
    old: str
    new: str
    sentence: str
    guard: str = SHORTER_RETENTION
    certain: bool = True


@dataclass(frozen=True, slots=True)
class _Setting:
    """What decides about messages: the property, what it says, and as a number: infinite for no limit, None for not known.

    What is not known is the same as before only where it is given in the same way.
    """

    property: str
    words: str
    amount: float | None
    given: str = ""


@dataclass(frozen=True, slots=True)
class _Cleanup:
    """What a cleanup policy says; None for not known."""

    property: str
    words: str
    policies: frozenset[str] | None

    def has(self, policy: str) -> bool | None:
        return None if self.policies is None else policy in self.policies


@dataclass(frozen=True, slots=True)
class _Keeping:
    """How long, how much and in which way messages are kept."""

    time: _Setting
    size: _Setting
    cleanup: _Cleanup


_SERVER_TIMES: Final = (("log.retention.ms", 1), ("log.retention.minutes", _MINUTE), ("log.retention.hours", _HOUR))
"""The first one that is set decides."""
_DEFAULT_TIME: Final = _Setting("log.retention.hours", "168 h, Kafka's default", 168 * _HOUR)
_DEFAULT_SIZE: Final = _Setting("log.retention.bytes", "no limit, Kafka's default", math.inf)
_DEFAULT_CLEANUP: Final = _Cleanup("log.cleanup.policy", "delete, Kafka's default", frozenset({"delete"}))
_UNSEEN: Final = "the cluster's, which this preview does not show"
_UNSEEN_SERVERS: Final = _Keeping(
    _Setting("retention.ms", _UNSEEN, None),
    _Setting("retention.bytes", _UNSEEN, None),
    _Cleanup("cleanup.policy", _UNSEEN, None),
)


def losses_of_servers(old: Mapping[str, object] | None, new: Mapping[str, object] | None) -> list[MessageLoss]:
    """What a change of a cluster's server properties deletes.

    Args:
        old: The properties as they are; None where they are not known.
        new: The properties as they will be; None where they are not known.
    """
    if old is None or new is None:
        return [_unknown("serverProperties", old, new)]
    before, after = _servers(old), _servers(new)
    where = " in every topic without its own setting"
    return [
        *_compaction(before.cleanup, after.cleanup, where),
        *_deletion(before, after, where),
        # Topics have cleanup policies of their own, and take the cluster's retention all the same.
        *_shorter(before.time, after.time, _OLDER, where),
        *_shorter(before.size, after.size, _LARGER, where),
    ]


def losses_of_topic(
    old: Mapping[str, object] | None,
    new: Mapping[str, object] | None,
    old_servers: Mapping[str, object] | None,
    new_servers: Mapping[str, object] | None,
) -> list[MessageLoss]:
    """What a change of a topic's own configuration deletes.

    Args:
        old: The topic's configuration as it is; None where it is not known.
        new: Its configuration as it will be; None where it is not known.
        old_servers: The cluster's server properties as they are; None where they are not known.
        new_servers: The cluster's server properties as they will be; None where they are not known.
    """
    if old is None or new is None:
        return [_unknown("configs", old, new)]
    before, after = _topic(old, old_servers), _topic(new, new_servers)
    losses: list[MessageLoss] = []
    if _differs(old, new, "cleanup.policy"):
        losses += [*_compaction(before.cleanup, after.cleanup, ""), *_deletion(before, after, "")]
    if before.cleanup.has("delete") is not False and after.cleanup.has("delete") is not False:
        if _differs(old, new, "retention.ms"):
            losses += _shorter(before.time, after.time, _OLDER, "")
        if _differs(old, new, "retention.bytes"):
            losses += _shorter(before.size, after.size, _LARGER, "")
    return [*losses, *_tier_given_up(old, new)]


def notes_on_local_retention(old: Mapping[str, object] | None, new: Mapping[str, object] | None) -> list[str]:
    """What a change of local retention does, of a topic or of all of a cluster: it deletes no message."""
    notes = []
    for name in ("local.retention.ms", "local.retention.bytes", "log.local.retention.ms", "log.local.retention.bytes"):
        if old is None or new is None or not _differs(old, new, name):
            continue
        was, will = (shown(values[name]) if name in values else "not set" for values in (old, new))
        said = f"{name}: {was} → {will}. No message is deleted: "
        if name.startswith("log.") or _tiered(new) == "true":
            said += (
                "it limits what a topic with tiered storage also keeps on the brokers' volumes. Older messages are read from "
                "tiered storage, more slowly, as long as the topic's retention keeps them."
            )
        else:
            said += "it has no effect on a topic without remote.storage.enable=true."
        notes.append(said)
    return notes


def _differs(old: Mapping[str, object], new: Mapping[str, object], name: str) -> bool:
    return _text(old.get(name)) != _text(new.get(name))


def _text(value: object) -> str | None:
    """A value as Kafka reads it, whether it was given as text, number or boolean."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _tiered(configs: Mapping[str, object]) -> str | None:
    """Whether a topic has tiered storage, in lower case: Kafka reads booleans whatever their case."""
    text = _text(configs.get("remote.storage.enable"))
    return None if text is None else text.lower()


def _servers(properties: Mapping[str, object]) -> _Keeping:
    times = (_setting(properties, name, factor, _TIME_UNITS) for name, factor in _SERVER_TIMES)
    return _Keeping(
        next((time for time in times if time), _DEFAULT_TIME),
        _setting(properties, "log.retention.bytes", 1, _SIZE_UNITS) or _DEFAULT_SIZE,
        _cleanup(properties, "log.cleanup.policy") or _DEFAULT_CLEANUP,
    )


def _topic(configs: Mapping[str, object], servers: Mapping[str, object] | None) -> _Keeping:
    usual = _UNSEEN_SERVERS if servers is None else _servers(servers)
    return _Keeping(
        _setting(configs, "retention.ms", 1, _TIME_UNITS) or usual.time,
        _setting(configs, "retention.bytes", 1, _SIZE_UNITS) or usual.size,
        _cleanup(configs, "cleanup.policy") or usual.cleanup,
    )


def _setting(values: Mapping[str, object], name: str, factor: int, units: tuple[tuple[int, str], ...]) -> _Setting | None:
    """What a property says; None where it is not set."""
    text = _text(values.get(name))
    if text is None:
        return None
    try:
        number = int(text)
    except ValueError:
        # Not known yet, a secret, or what Kafka refuses.
        return _Setting(name, _NOT_KNOWN, None, text)
    amount = math.inf if number < 0 else number * factor
    return _Setting(name, amount_in_words(amount, units), amount)


def _cleanup(values: Mapping[str, object], name: str) -> _Cleanup | None:
    text = _text(values.get(name))
    if text is None:
        return None
    policies = frozenset(word.strip() for word in text.split(",") if word.strip())
    if not policies <= {"delete", "compact"}:
        return _Cleanup(name, _NOT_KNOWN, None)
    return _Cleanup(name, text or "empty", policies)


def amount_in_words(amount: float, units: tuple[tuple[int, str], ...] = _TIME_UNITS) -> str:
    """An amount in the largest unit in which it is a whole number: ``1 h``, ``90 min``, ``1 GiB``."""
    if math.isinf(amount):
        return "no limit"
    whole = int(amount)
    size, unit = next((row for row in units if whole and whole % row[0] == 0), units[-1])
    return f"{whole // size} {unit}"


_OLDER: Final = "messages older than {} are deleted within minutes"
_LARGER: Final = "each partition keeps its newest {}, and older messages are deleted within minutes"


def _unknown(name: str, old: Mapping[str, object] | None, new: Mapping[str, object] | None) -> MessageLoss:
    """A change from or to values that are not known as a whole."""
    before, after = ("as in the preview" if values is not None else "not in the preview" for values in (old, new))
    why = f"{name} is not known before the update" if new is None else f"what {name} was is not in the preview"
    return MessageLoss(name, before, after, f"messages may be deleted: {why}", certain=False)


def _named(setting: _Setting | _Cleanup, other: _Setting | _Cleanup) -> str:
    """A setting's words, with its property where that is not the one the change is told by, and is set."""
    set_elsewhere = setting.property != other.property and setting not in (_DEFAULT_TIME, _DEFAULT_SIZE, _DEFAULT_CLEANUP)
    return f"{setting.words} by {setting.property}" if set_elsewhere else setting.words


def _shorter(before: _Setting, after: _Setting, sentence: str, where: str) -> Iterator[MessageLoss]:
    if before == after or after.amount == math.inf:
        return
    old = _named(before, after)
    if before.amount is None or after.amount is None:
        reason = f"{after.property} is {after.words}" if after.amount is None else f"{before.property} was {before.words}"
        yield MessageLoss(after.property, old, after.words, f"messages may be deleted{where}: {reason}", certain=False)
    elif after.amount < before.amount:
        units = _TIME_UNITS if sentence is _OLDER else _SIZE_UNITS
        yield MessageLoss(after.property, old, after.words, sentence.format(amount_in_words(after.amount, units)) + where)


def _compaction(before: _Cleanup, after: _Cleanup, where: str) -> Iterator[MessageLoss]:
    if before.policies == after.policies and before.words == after.words:
        return
    if before.policies is None or after.policies is None:
        yield MessageLoss(
            after.property,
            _named(before, after),
            after.words,
            f"messages may be deleted{where}: {after.property} is {after.words if after.policies is None else 'changed'}",
            COMPACTION,
            certain=False,
        )
    elif after.has("compact") and not before.has("compact"):
        yield MessageLoss(
            after.property,
            _named(before, after),
            after.words,
            f"messages are deleted by compaction{where}: of those with the same key only the newest stays, and messages without "
            "a key are refused",
            COMPACTION,
        )


def _deletion(before: _Keeping, after: _Keeping, where: str) -> Iterator[MessageLoss]:
    """Messages that were kept for ever, or compacted only, and now go by age and size as well."""
    if before.cleanup.has("delete") is not False or not after.cleanup.has("delete"):
        return
    limits = ((after.time, _OLDER, _TIME_UNITS), (after.size, _LARGER, _SIZE_UNITS))
    for limit, sentence, units in limits:
        if limit.amount == math.inf:
            continue
        said = (
            f"messages may be deleted{where}: {limit.property} is {limit.words}"
            if limit.amount is None
            else sentence.format(amount_in_words(limit.amount, units)) + where + ", including the newest of each key"
        )
        yield MessageLoss(
            after.cleanup.property,
            _named(before.cleanup, after.cleanup),
            after.cleanup.words,
            said,
            certain=limit.amount is not None,
        )


def _tier_given_up(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[MessageLoss]:
    """MSK Developer Guide, "Enable and disable tiered storage on an existing Amazon MSK topic": what is in the tier goes with it.

    AWS's command sets ``remote.log.msk.disable.policy=Delete`` too, and Apache Kafka 3.9 and 4 refuse without
    ``remote.log.delete.on.disable=true`` (LogConfig: "It is invalid to disable remote storage without deleting remote data").
    Whether UpdateTopic needs either is not documented.
    """
    was, will = _tiered(old), _tiered(new)
    if was == "true" and will != "true":
        yield MessageLoss(
            "remote.storage.enable",
            "true",
            "not set" if will is None else will if will == "false" else _NOT_KNOWN,
            "all messages that tiered storage alone holds are deleted, and the topic cannot have tiered storage again. Amazon "
            "MSK may refuse it: its own command sets remote.log.msk.disable.policy=Delete as well",
            REMOTE_STORAGE_OFF,
        )
