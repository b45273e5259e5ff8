"""`python -m tools kinds`: writes docs/cluster-kinds.md: what comes of each setting on each kind of cluster.

Nothing in its table is typed in: each setting is given a value on each kind, and what the program makes of it stands there.
"""

from __future__ import annotations

import copy
import datetime
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.checks.kinds.lacks import holds_anyway
from domain.loading import Loaded, load_stack
from domain.problems import SettingsError
from tools.generate.generated import parser_of_generator, renew
from tools.generate.kind_examples import BASE, EXAMPLES, KINDS, REGION, Example

PAGE: Final = Path("docs", "cluster-kinds.md")
DAY: Final = datetime.date(2026, 11, 1)
"""The day the settings are judged on: the page says the same tomorrow."""
_MADE: Final = re.compile(r"(<!-- kinds: .*-->\n).*?(<!-- end of kinds -->\n)", re.DOTALL)

_PARTS: Final = (
    "keys", "network", "security_group", "log_bucket", "authority", "storage_autoscaling", "cluster_policy", "topics", "clients",
    "test_client", "alarms", "log_watch", "dashboard", "prometheus", "serverless",
)  # fmt: skip
"""What the program makes components of, on every kind."""

_PROVISIONED: Final = ("logs", "configuration", "cluster")
"""What it makes of a provisioned cluster only."""


class Outcome(StrEnum):
    """What comes of a setting."""

    WORKS = "yes"
    REFUSED = "refused"
    SAID = "no effect"
    HOLDS = "holds anyway"
    SILENT = "no effect, and nothing says so"


@dataclass(frozen=True, slots=True)
class Cell:
    """What comes of one setting on one kind of cluster.

    Attributes:
        outcome: What comes of it.
        words: What the preview says, where it refuses it or says that it has no effect.
    """

    outcome: Outcome
    words: str = ""


def main(arguments: list[str]) -> int:
    """Writes or checks docs/cluster-kinds.md.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    description = "Writes what comes of each setting on each kind of cluster into docs/cluster-kinds.md."
    options = parser_of_generator("kinds", description).parse_args(arguments)
    present = (options.directory / PAGE).read_text(encoding="utf-8")
    return renew("kinds", options.directory, PAGE, present, page_text(present), check=options.check)


def page_text(present: str) -> str:
    """docs/cluster-kinds.md with its table made anew."""
    lines = [f"| setting | {' | '.join(KINDS)} |", f"|---|{'---|' * len(KINDS)}"]
    reasons: list[str] = []
    for example in EXAMPLES:
        cells = [cell_of(example, kind) for kind in KINDS]
        shown = [_shown(cell, reasons) for cell in cells]
        note = f" ({example.told[0].lower()}{example.told[1:].rstrip('.')})" if example.told else ""
        lines.append(f"| `{_generic(example)}`{note} | {' | '.join(shown)} |")
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, start=1)]
    table = "\n".join([*lines, "", *notes])
    return _MADE.sub(lambda match: f"{match[1]}{table}\n{match[2]}", present)


def _shown(cell: Cell, reasons: list[str]) -> str:
    if not cell.words:
        return cell.outcome.value
    if cell.words not in reasons:
        reasons.append(cell.words)
    number = reasons.index(cell.words) + 1
    return f"{cell.outcome.value} ({number})"


def _generic(example: Example) -> str:
    """The setting with `<name>` where the example has a name of its own."""
    named = {("topics", 1), ("clients", 1), ("acknowledge", 1)}
    parts = ["<name>" if (example.path[0], place) in named else part for place, part in enumerate(example.path)]
    return ".".join(parts)


def cell_of(example: Example, kind: str) -> Cell:
    """What comes of an example on a kind of cluster."""
    without, given = configurations(example, kind)
    try:
        loaded = _loaded(json.dumps(given))
    except SettingsError as error:
        mine = [problem for problem in error.problems if _concerns(problem.setting, example)]
        problem = (mine or list(error.problems))[0]
        return Cell(Outcome.REFUSED, _sentence(problem.message))
    try:
        before = _loaded(json.dumps(without))
    except SettingsError:
        # What the setting completes cannot stand alone.
        before = _loaded(json.dumps(_plain(kind)))
    if parts_of(loaded) != parts_of(before):
        return Cell(Outcome.WORKS)
    new = [warning for warning in loaded.warnings if warning not in before.warnings and example.setting in warning]
    if new:
        return Cell(Outcome.SAID, _sentence(new[0]))
    if holds_anyway(loaded.settings.broker.kind, example.path, example.value):
        return Cell(Outcome.HOLDS)
    return Cell(Outcome.WORKS if example.told else Outcome.SILENT)


def configurations(example: Example, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A stack file of a kind without an example's setting, and with it."""
    without = merged(_plain(kind), example.beside)
    if kind != "Serverless":
        without = merged(without, example.of_provisioned)
    if kind == "Standard":
        without = merged(without, example.of_standard)
    given = copy.deepcopy(without)
    block = given
    for part in example.path[:-1]:
        block = block.setdefault(part, {})
    siblings = _ALTERNATIVES.get(example.path[-2], ()) if len(example.path) > 1 else ()
    if example.path[-1] in siblings:
        for sibling in siblings:
            block.pop(sibling, None)
    block[example.path[-1]] = example.value
    return without, given


_ALTERNATIVES: Final = {
    "as": ("role", "principal", "scramUser", "certificate"),
    "role": ("ec2", "ecs", "lambda", "eksPodIdentity", "irsa"),
    "from": ("securityGroup", "cidr", "prefixList"),
}
"""Blocks of which exactly one setting is given."""


def _plain(kind: str) -> dict[str, Any]:
    return {"brokerType": KINDS[kind], **copy.deepcopy(dict(BASE))}


def merged(values: dict[str, Any], more: Any) -> dict[str, Any]:  # noqa: ANN401 - a part of a stack file
    """A stack file with more settings in it."""
    result = copy.deepcopy(values)
    for key, value in more.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    for key, names in _ALTERNATIVES.items():
        block = result.get(key)
        if isinstance(block, dict) and key in values and len(set(block) & set(names)) > 1:
            result[key] = {name: block[name] for name in block if name not in names or name in more.get(key, {})}
    return result


@cache
def _loaded(config: str) -> Loaded:
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in json.loads(config).items()}
    return load_stack(values, project="p", stack="s", region=REGION, today=DAY)


def parts_of(loaded: Loaded) -> dict[str, str]:
    """What the program makes of a plan, by its parts, as text."""
    plan = loaded.plan
    names = _PARTS if plan.serverless else (*_PARTS, *_PROVISIONED)
    return {name: repr(getattr(plan, name)) for name in names}


def _concerns(setting: str, example: Example) -> bool:
    return setting == example.setting or setting.startswith(f"{example.setting}.") or example.setting.startswith(f"{setting}.")


def _sentence(words: str) -> str:
    """What is said of a setting, as a note: what is the example's own is left out."""
    text = words.strip().removesuffix(" Remove it.")
    text = re.sub(r" \((kafka|express)\.[a-z0-9.]+\)", "", text)
    return f"{text[0].upper()}{text[1:]}" if text.split(" ", 1)[0].isalpha() and text.split(" ", 1)[0].islower() else text
