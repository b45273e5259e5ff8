"""The JSON file that configures a policy pack for a stack: what it says, and where each of its keys stands.

The engine reads it as JSON and keeps the last of two equal keys; whoever wrote the first believes that it holds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from offline.pack.config import LEVEL, Mistake, PackConfigError, PolicyConfig, level_mistake

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from offline.protocol.wire import Value

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')
"""What of a JSON text says where a key stands; numbers and the three words do not."""

_ENVIRONMENTS: Final = "environments"
"""The one key of the file that is no policy: environments of Pulumi ESC."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that configures a pack.

    Attributes:
        given: What it says, by policy; `all` stands for every policy.
        mistakes: What is wrong with it, whatever the pack's policies are.
        text: The file's text.
    """

    given: dict[str, PolicyConfig]
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""


def read_config_file(path: str | os.PathLike[str]) -> ConfigFile:
    """Reads the JSON file that `pulumi preview --policy-pack-config` takes.

    Args:
        path: The file.

    Raises:
        PackConfigError: It is no such file.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PackConfigError([Mistake(f"{file.name}: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise PackConfigError([Mistake("is no text in UTF-8: save it as UTF-8", line=line)]) from None
    if not text.strip():
        return ConfigFile({})
    try:
        document = json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise PackConfigError([Mistake(f"is no JSON: {error.msg} (column {error.colno})", line=error.lineno)]) from None
    except (RecursionError, ValueError) as error:
        raise PackConfigError([Mistake(f"is no JSON that the engine reads: {error}")]) from None
    if not isinstance(document, dict):
        raise PackConfigError([Mistake("must be an object of policy names")])
    mistakes = [
        Mistake(f"{'.'.join(keys)} stands here for the second time: only the last holds. Keep one.", line=line)
        for keys, line, again in _keys(text)
        if again
    ]
    document.pop(_ENVIRONMENTS, None)
    given = {}
    for name, value in document.items():
        config, mistake = _policy_config(name, value)
        if mistake:
            mistakes.append(mistake)
        given[name] = config
    return ConfigFile(given, tuple(mistakes), text)


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line, from 1, of the last of the keys that lead to something in a JSON text; 1 where there is none of them.

    Of two equal keys it is the last, which holds.
    """
    lines = {keys: line for keys, line, _ in _keys(text)}
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 1)


def _keys(text: str) -> Iterator[tuple[tuple[str, ...], int, bool]]:
    """Every key of a JSON text, with the keys and places that lead to it, its line, and whether its object had it already.

    A place in a list is its number, as text.
    """
    # For each block that is open: the step that leads to what comes next in it, and its keys; None where it is a list.
    open_blocks: list[tuple[list[str], set[str] | None]] = []
    line, place, expects_key = 1, 0, False
    for token in _TOKEN.finditer(text):
        line += text.count("\n", place, token.start())
        place = token.start()
        mark = token[0]
        if mark in "{[":
            open_blocks.append(([""], set()) if mark == "{" else (["0"], None))
            expects_key = mark == "{"
        elif mark in "}]":
            if open_blocks:
                open_blocks.pop()
        elif mark == "," and open_blocks:
            step, seen = open_blocks[-1]
            expects_key = seen is not None
            if seen is None:
                step[0] = str(int(step[0]) + 1)
        elif mark[0] == '"' and expects_key and open_blocks:
            step, seen = open_blocks[-1]
            step[0] = key = _text_of(mark)
            yield tuple(step[0] for step, _ in open_blocks), line, seen is not None and key in seen
            if seen is not None:
                seen.add(key)
            expects_key = False


def _text_of(token: str) -> str:
    try:
        text = json.loads(token, strict=False)
    except ValueError:
        return token
    return str(text)


def _refused(word: str) -> Any:  # noqa: ANN401 - it never returns
    message = f"{word} is no number in JSON"
    raise ValueError(message)


def _policy_config(name: str, given: Value) -> tuple[PolicyConfig, Mistake | None]:
    if isinstance(given, str):
        mistake = level_mistake(name, given)
        return PolicyConfig("" if mistake else given), mistake
    if not isinstance(given, dict):
        return PolicyConfig(), Mistake(f"{name} = {json.dumps(given)}: give a level, or an object of settings.", (name,))
    properties = {key: value for key, value in given.items() if key != LEVEL}
    level = given.get(LEVEL)
    mistake = level_mistake(name, level, LEVEL) if level is not None else None
    return PolicyConfig("" if mistake or level is None else level, properties), mistake
