"""How long a stack's configuration is when Pulumi hands it to a program, and how long it may be.

Pulumi hands the whole configuration over in one variable of the environment: PULUMI_CONFIG, a JSON object of full keys and texts,
in which maps and lists are JSON within JSON (pulumi v3.259.0: sdk/python/lib/pulumi/runtime/config.py, `get_config_env`, reads it
for the program and for the policy pack; pkg/resource/plugin/analyzer_plugin.go, `constructConfig`, has the same form for packs).
There is no other way for a program to get it. Linux starts no process with a variable, name and closing NUL included, of more
than MAX_ARG_STRLEN bytes, 32 pages of 4 KiB (linux/include/uapi/linux/binfmts.h; fs/exec.c, `copy_strings`): E2BIG, "Argument
list too long". macOS limits only the sum, to 1 MiB; what a workflow on Linux could not deploy is refused there, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from domain.problems import ABSENT, Problem

LONGEST = 32 * 4096
"""Bytes of the longest variable of the environment that Linux hands to a process."""

_ALMOST = 0.8
"""The part of it from which on there is a warning: time to act before the next team's topics do not fit."""

_KIB = 1024
_NAMED_AT_MOST = 3
_NAMED_FROM = 0.05
"""The part of the whole that a setting must take to be named."""

_MORE_BYTES = {"<": 5, ">": 5, "&": 5, "\u2028": 3, "\u2029": 3}
"""What Go's json.Marshal writes as \\u003c and the like, and how many bytes longer that is (encoding/json, `appendString`)."""

_REMEDY = (
    "Shorten names, leave out defaults, remove entries, or move some to a second stack with its own cluster. Comments and "
    "indentation do not count."
)


def config_size(config: Mapping[str, str]) -> int:
    """The bytes of the variable in which Pulumi hands a configuration over, with its name and the NUL at its end.

    Args:
        config: The configuration of all namespaces: full keys, values as strings, objects as JSON. Where a placeholder stands for
            a secret, the real size differs by the difference of the two.
    """
    commas = max(len(config) - 1, 0)
    return len("PULUMI_CONFIG={}\0") + commas + sum(_entry_size(key, text) for key, text in config.items())


def size_problem(config: Mapping[str, str], *, project: str) -> Problem | None:
    """What is wrong with a configuration that is too long for a program to be started with it.

    Args:
        config: As for `config_size`.
        project: The project's name, which is not said before its own settings.
    """
    size = config_size(config)
    if size <= LONGEST:
        return None
    largest = max(config, key=lambda key: _entry_size(key, config[key]))
    message = (
        f"makes the configuration too large: {_amount(size)} as JSON, {_amount(size - LONGEST)} over the limit "
        f"({_parts(config, project)}). Pulumi passes it to the program in one environment variable, which Linux limits to "
        f"{_amount(LONGEST)}, so pulumi preview and pulumi up cannot start the program. {_REMEDY}"
    )
    return Problem((largest.removeprefix(f"{project}:"),), ABSENT, message)


def size_warning(config: Mapping[str, str], *, project: str) -> str | None:
    """What to say of a configuration that almost is too long; arguments as for `size_problem`."""
    size = config_size(config)
    if not _ALMOST * LONGEST < size <= LONGEST:
        return None
    return (
        f"The configuration takes {_amount(size)} of {_amount(LONGEST)} as JSON ({_parts(config, project)}). Pulumi passes it "
        f"to the program in one environment variable, and Linux starts no program with a longer one. {_REMEDY}"
    )


def _entry_size(key: str, text: str) -> int:
    return _quoted_size(key) + len(":") + _quoted_size(text)


def _quoted_size(text: str) -> int:
    quoted = json.dumps(text, ensure_ascii=False).encode()
    return len(quoted) + sum(text.count(character) * more for character, more in _MORE_BYTES.items())


def _parts(config: Mapping[str, str], project: str) -> str:
    """The settings that take most, the largest first, and what all others take."""
    sizes = {key.removeprefix(f"{project}:"): _entry_size(key, text) for key, text in config.items()}
    whole = config_size(config)
    named = [name for name in sorted(sizes, key=lambda name: -sizes[name]) if sizes[name] >= _NAMED_FROM * whole][:_NAMED_AT_MOST]
    rest = whole - sum(sizes[name] for name in named)
    return ", ".join([*(f"{name} {_amount(sizes[name])}" for name in named), f"everything else {_amount(rest)}"])


def _amount(size: int) -> str:
    if size < _KIB:
        return f"{size} byte{'s' if size != 1 else ''}"
    return f"{size / _KIB:.1f}".removesuffix(".0") + " KiB"
