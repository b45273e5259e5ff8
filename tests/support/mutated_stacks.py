"""Stack files that nobody would write: those that load, with one to three of their values or keys changed, or a few bytes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import yaml

from domain.loading import load_stack
from domain.plan.platform import Plan
from domain.problems import SettingsError
from offline.project.stack_file import ConfigError
from support.stacks import TODAY

if TYPE_CHECKING:
    import random

    from offline.project.loading import Project

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, 10**400, 0.1, -0.0, 1e308, 5e-324, float("nan"), float("inf"),
    "", " ", "\t", "\n", "a\nb", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\u200b", "\u202e", "\U0001f680",
    "\uff11\uff12", "\u00b2",
    "nan", "-inf", "1e400", "0x10", "010", "0b1", "1:30", "1_000", "2026-12-01", "2026-02-30", "yes", "null", "~", "{}", "[]",
    "*", "&a", "<<", "=", "!!binary x", "%", "@", "`", "'", '"', "\\", "${x}", "$(x)", "{{x}}", "../..", "arn:aws:iam::1:role/x",
    "create", "10.0.0.0/8", "::/0", "0.0.0.0/0", "a" * 300, "9" * 5000, "x." * 200, "eu-west1",
    "kafka.m7g.large", "express.m7g.large",
    [], {}, [[]], [None], [{}], {"": ""}, {"secure": "v1:x"}, {"secure": 1}, {"a": {"b": {"c": [1, {"d": None}]}}}, ["a", "a"],
)  # fmt: skip
ODD_KEYS: Final = (
    "",
    " ",
    ":",
    "a:b",
    "a:b:c",
    "aws:",
    ":x",
    "aws:region",
    "shop:x",
    "<<",
    "secure",
    "\u200b",
    "1",
    "null",
    "a.b",
    "a[0]",
)


def mutated(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The content with one of its values or keys changed: mildly, as a person mistypes, or to something odd."""
    places = list(_places(content))
    container, key = chance.choice(places)
    value = container[key]
    kind = chance.random()
    if kind < 0.55:
        container[key] = _mild(value, chance)
    elif kind < 0.85:
        container[key] = chance.choice(ODD)
    elif isinstance(container, dict):
        del container[key]
        if chance.random() < 0.5:
            container[chance.choice((*ODD_KEYS, f"{key}x"))] = value
    return content


def _places(value: object) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        places += [(value, key), *_places(inner)]
    return places


def _mild(value: object, chance: random.Random) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        half = value / 2 if abs(value) < 2**1000 else value // 2
        return chance.choice((value + 1, value - 1, value * 2, half, str(value)))
    if isinstance(value, str):
        return chance.choice(
            (value + "x", value[:-1], value.upper(), f" {value}", value.replace("o", "0"), value[::-1], value * 2)
        )
    return value


def text_of(seed: str, chance: random.Random) -> bytes:
    """A stack file made from one that loads."""
    if chance.random() < 0.1:
        data = bytearray(seed.encode())
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 2)] = chance.choice(
                (b"", b"\x00", b"\xff", b"\t", b"[", b"{", b"&a ", b"*a", b": ", b"\n", b"#", b"'")
            )
        return bytes(data)
    content = yaml.safe_load(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content["config"] = mutated(content["config"], chance)
    return yaml.safe_dump(content, allow_unicode=chance.random() < 0.5, sort_keys=False).encode("utf-8", "surrogatepass")


def planned(project: Project) -> bool:
    """Whether the file makes a whole plan; False where it has mistakes, which have lines and words.

    Anything but mistakes is raised, as it would be to whoever wrote the file.
    """
    try:
        config = project.stack_config("dev", with_mistakes=True)
    except ConfigError as error:
        return not error.problems
    own = f"{project.name}:"
    values = {key.removeprefix(own): text for key, text in config.values.items() if key.startswith(own)}
    region = config.values.get("aws:region", "")
    text = (project.stack_directory / config.file).read_text(encoding="utf-8", errors="replace")
    try:
        loaded = load_stack(
            values, project=project.name, stack="dev", region=region, today=TODAY, whole=config.values, file_text=text
        )
    except SettingsError as error:
        # Every mistake is found again in the file.
        return not [(str(problem), config.line_of(problem.path)) for problem in error.problems]
    for name, part in vars(Plan).items():
        if isinstance(part, functools.cached_property):
            getattr(loaded.plan, name)
    assert all(loaded.warnings)
    return not config.mistakes
