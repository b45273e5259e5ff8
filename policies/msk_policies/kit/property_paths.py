"""Paths of properties in resource options, in every notation that Pulumi takes."""

from __future__ import annotations

import re
from typing import Final

_STEP: Final = re.compile(r"""\.?(?:\["((?:\\.|[^"\\])*)"\]|\[(\*|[0-9]+)\]|([^.\[\]"]+))""")


def covers(pattern: str, path: str) -> bool:
    """Whether a path of an option is that of a property, or of a block around it.

    Args:
        pattern: As the option has it: `a.b`, `a["b"]`, `["a"].b`, with `*` for any name. Pulumi, "ignoreChanges".
        path: The property's dotted path.
    """
    steps, names = _steps(pattern), path.split(".")
    return 0 < len(steps) <= len(names) and all(
        step in ("*", name) for step, name in zip(steps, names[: len(steps)], strict=True)
    )


def _steps(pattern: str) -> list[str]:
    """The steps of a path; none where the text is no path, for Pulumi refuses it."""
    steps: list[str] = []
    place = 0
    while place < len(pattern):
        match = _STEP.match(pattern, place)
        if match is None:
            return []
        quoted, index, name = match.groups()
        steps.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else index or name)
        place = match.end()
    return steps
