"""Reads a stack's file, Pulumi.<stack>.yaml, key by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from offline.project import go_yaml
from offline.project.go_yaml import Node, Value, YamlError
from offline.protocol.wire import REDACTED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One mistake in a configuration file."""

    message: str
    """In the CLI's words where it has them."""
    file: str
    """The file's name."""
    line: int
    """From 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ConfigError(Exception):
    """The configuration can't be used: the program would not start."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems: tuple[ConfigProblem, ...] = tuple(problems)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a stack's file."""

    text: str
    structured: bool
    """Whether it is a list or an object."""
    line: int
    secrets: tuple[tuple[str, ...], ...] = ()
    """The paths of the encrypted values in it; `((),)` where it is one itself."""

    @property
    def is_secret(self) -> bool:
        """Whether it is an encrypted value itself."""
        return self.secrets == ((),)


def read(path: Path) -> Node | None:
    """Reads a YAML file.

    Args:
        path: The file.

    Returns:
        Its root; None for an empty file.

    Raises:
        ConfigError: It cannot be read, or is not YAML that the CLI accepts.
    """
    try:
        content = path.read_bytes()
        return go_yaml.parse(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except YamlError as error:
        problems = [ConfigProblem(problem.message, path.name, problem.line) for problem in error.problems]
        raise ConfigError(problems) from None
    except UnicodeDecodeError as error:
        # With the signature of UTF-8 the decoder counts from behind it; no line ends in it.
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([ConfigProblem("the file is not UTF-8: save it as UTF-8", path.name, line)]) from None
    except OSError as error:
        raise ConfigError([ConfigProblem(f"the file cannot be read: {error.strerror}", path.name, 1)]) from None


def entries_of(project: str, file: str, node: Node | None) -> tuple[dict[str, Entry], list[ConfigProblem], list[ConfigProblem]]:
    """Reads the `config:` section.

    Args:
        project: The project's name: keys without a namespace are its own.
        file: The file's name.
        node: The file's root; None for an empty file.

    Returns:
        The entries by full key, the mistakes, and what the CLI would only warn of.
    """
    entries: dict[str, Entry] = {}
    problems: list[ConfigProblem] = []
    warnings: list[ConfigProblem] = []
    if node is not None and not node.is_mapping and node.value() is not None:
        problems.append(ConfigProblem("the file must be a map with the key 'config'", file, node.line))
    config = node.get("config") if node else None
    if config is not None and not config.is_mapping and config.value() is not None:
        problems.append(ConfigProblem("'config' must be a map of keys to values", file, config.line))
    for written, line, value in config.items() if config else ():
        key = written if ":" in written else f"{project}:{written}"
        namespace, *names = key.split(":")
        if len(names) == 2 and names[0] == "config":  # noqa: PLR2004 - the CLI's older form, namespace:config:name
            key = f"{namespace}:{names[1]}"
        elif len(names) != 1:
            message = (
                f"could not parse {written} as a configuration key "
                "(configuration keys should be of the form `<namespace>:<name>`)"
            )
            problems.append(ConfigProblem(message, file, line))
            continue
        if key in entries:
            message = f"the configuration key '{written}' is given twice, also on line {entries[key].line}"
            problems.append(ConfigProblem(message, file, line))
            continue
        entry = _entry(value.value(), line)
        if value.value() is None:
            message = (
                f'No value for configuration key "{key}". This is currently treated as an empty string `""`, '
                "but will be treated as `null` in a future version of pulumi."
            )
            warnings.append(ConfigProblem(message, file, line))
        entries[key] = entry
    return entries, problems, warnings


def _entry(value: Value, line: int) -> Entry:
    if value is None:
        return Entry("", structured=False, line=line)
    secrets: list[tuple[str, ...]] = []
    shown = _without_secrets(value, (), secrets)
    if not isinstance(shown, (dict, list)):
        return Entry(go_yaml.text_of(shown), structured=False, line=line, secrets=tuple(secrets))
    return Entry(go_yaml.to_json(shown), structured=True, line=line, secrets=tuple(secrets))


def _without_secrets(value: Value, path: tuple[str, ...], secrets: list[tuple[str, ...]]) -> Value:
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get("secure"), str):
            secrets.append(path)
            return REDACTED
        return {key: _without_secrets(inner, (*path, key), secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_secrets(inner, (*path, str(index)), secrets) for index, inner in enumerate(value)]
    return value


_OF_THE_CLI = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What the CLI reads of a stack's file (sdk/go/common/workspace/project.go, `ProjectStack`); it passes over everything else."""


def stray_entries(file: str, node: Node | None) -> list[ConfigProblem]:
    """What stands outside `config:` and nobody reads, or in a form that the CLI cannot read."""
    problems = []
    for key, line, value in node.items() if node else ():
        if key not in _OF_THE_CLI:
            message = f"'{key}' is not a key that Pulumi reads in a stack file: put it under 'config', or remove it"
            problems.append(ConfigProblem(message, file, line))
        elif key == "environment":
            if not (value.is_mapping or value.is_sequence or value.value() is None):
                problems.append(ConfigProblem("'environment' must be a list of environments", file, line))
        elif key != "config" and not isinstance(value.value(), str | None):
            problems.append(ConfigProblem(f"'{key}' must be text", file, line))
    return problems


def environments_of(node: Node | None) -> tuple[str, ...]:
    """The names of the Pulumi ESC environments that a stack imports."""
    environment = node.get("environment") if node else None
    if environment is None:
        return ()
    imports = environment.get("imports") if environment.is_mapping else environment
    names = []
    for element in imports.elements() if imports else ():
        # An import is a name, or a map of the name to its options.
        name = next((key for key, _, _ in element.items()), "{}") if element.is_mapping else element.value()
        names.append(str(name))
    if environment.is_mapping and environment.get("values") is not None:
        names.append("the values written in the stack's file")
    return tuple(names)
