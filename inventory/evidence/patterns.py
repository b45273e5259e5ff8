"""Patterns of IAM as texts that can be compared: what one takes in of another, and what is left of one behind a known beginning.

``*`` stands for any text, ``?`` for one character. IAM User Guide, "IAM JSON policy elements: Resource" and "IAM policy elements:
Variables and tags".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

ANY: Final = "*"
_ONE: Final = "?"
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_PLAIN: Final = {"${*}": "\ue000", "${?}": "\ue001", "${$}": "$"}
"""Characters that are meant as they are; the private ones stand for them among wildcards."""
_SHOWN: Final = str.maketrans({"\ue000": "*", "\ue001": "?"})
UUID: Final = "\ue002"
"""Stands for the identifier in a cluster's ARN."""
_OF_UUID: Final = "0123456789abcdef-"
_BETWEEN: Final = ":/"
"""What no part of an ARN between two separators has in it."""


def readable(pattern: str) -> str:
    """A pattern with the variables of requests as what they may be: any text; wildcards in a row are one."""
    plain = _VARIABLE.sub(lambda part: _PLAIN.get(part[0], ANY), pattern)
    return re.sub(r"\*+", ANY, plain)


def shown(pattern: str) -> str:
    """A pattern for people: characters that are meant as they are look as they are."""
    return pattern.translate(_SHOWN)


def variables(pattern: str) -> list[str]:
    """The variables whose values only a request has."""
    return [part for part in _VARIABLE.findall(pattern) if part not in _PLAIN]


def matches(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether a pattern takes in a text."""
    return _compiled(pattern, any_case=any_case).fullmatch(text) is not None


@lru_cache(maxsize=8192)
def _compiled(pattern: str, *, any_case: bool) -> re.Pattern[str]:
    parts = [{ANY: ".*", _ONE: "."}.get(letter) or re.escape(letter) for letter in pattern]
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if any_case else 0))


def covers(general: str, special: str) -> bool:
    """Whether a pattern certainly takes in everything that another does.

    The other is read as a text whose wildcards are letters that only the same or a wider wildcard takes in: a yes is certain, a
    no may be one of the rare patterns that take in the same and are written otherwise.
    """
    beginning, wildcard, rest = general.partition(ANY)
    if not rest and _ONE not in beginning:
        # Nearly all are so: a name, or the beginning of names.
        return special.startswith(beginning) if wildcard else special == general
    return _covers(general, special)


@lru_cache(maxsize=8192)
def _covers(general: str, special: str) -> bool:
    places = _skipped(general, {0})
    for letter in special:
        stays = {place for place in places if general[place : place + 1] == ANY}
        moves = {
            place + 1
            for place in places
            if (token := general[place : place + 1]) and token != ANY and (token == letter if token != _ONE else letter != ANY)
        }
        places = _skipped(general, stays | moves)
    return len(general) in places


def overlaps(one: str, other: str) -> bool:
    """Whether some text is taken in by both patterns."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        left, right = waiting.pop()
        if (left, right) in seen:
            continue
        seen.add((left, right))
        first, second = one[left : left + 1], other[right : right + 1]
        if not first and not second:
            return True
        if first == ANY:
            waiting.append((left + 1, right))
        if second == ANY:
            waiting.append((left, right + 1))
        if not first or not second:
            continue
        if first == ANY and second == ANY:
            continue
        if ANY in (first, second):
            waiting.append((left + (first != ANY), right + (second != ANY)))
        elif _ONE in (first, second) or first == second:
            waiting.append((left + 1, right + 1))
    return False


@lru_cache(maxsize=8192)
def rests(pattern: str, known: tuple[str | None, ...], *, surely: bool = False) -> tuple[str, ...]:
    """What a pattern may still ask for behind a beginning; empty where the beginning cannot stand there.

    Args:
        pattern: The pattern of an ARN.
        known: The beginning: texts, None for a part that is not known, at least one character without a separator of ARNs, and
            `UUID` for an identifier that is not known.
        surely: Whether only what holds whatever the unknown parts are is asked for, and not what may.
    """
    places = _skipped(pattern, {0})
    for part in known:
        if part in (None, UUID):
            places = _some(pattern, places, "" if surely else _OF_UUID if part else None)
        else:
            for letter in part:
                places = _stepped(pattern, places, letter)
    left = {re.sub(r"\*+", ANY, pattern[place:]) for place in places}
    return tuple(sorted(rest for rest in left if not any(other != rest and covers(other, rest) for other in left)))


def _skipped(pattern: str, places: set[int]) -> set[int]:
    """The places, and those behind wildcards that may stand for nothing."""
    every = set(places)
    for place in places:
        at = place
        while pattern[at : at + 1] == ANY:
            at += 1
            every.add(at)
    return every


def _stepped(pattern: str, places: set[int], letter: str) -> set[int]:
    after = set()
    for place in places:
        token = pattern[place : place + 1]
        if token == ANY:
            after.add(place)
        elif token in (_ONE, letter) and token:
            after.add(place + 1)
    return _skipped(pattern, after)


def _some(pattern: str, places: set[int], letters: str | None) -> set[int]:
    """The places after a part that is not known: of these letters, or of any but separators for None."""
    reached: set[int] = set()
    front = places
    while front:
        after = set()
        for place in front:
            token = pattern[place : place + 1]
            if token == ANY:
                after.add(place)
            elif token and (token not in _BETWEEN if letters is None else letters and token in f"{letters}{_ONE}"):
                after.add(place + 1)
        front = _skipped(pattern, after) - reached
        reached |= front
    return reached
