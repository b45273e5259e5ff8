"""Reads Pulumi.yaml and Pulumi.<stack>.yaml, and merges them as the CLI does before it starts a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from offline.project import go_yaml
from offline.project.stack_file import ConfigError, ConfigProblem, Entry, entries_of, environments_of, read, stray_entries
from offline.project.types import Declaration, DeclarationError, content, declare, fits
from offline.protocol.wire import REDACTED

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from offline.project.go_yaml import Node

_PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml")

_PLACEHOLDERS: Final = {"integer": "0", "boolean": "false", "array": "[]", "object": "{}"}
"""What stands for a secret that must be more than text; text is `REDACTED`."""


@dataclass(frozen=True, slots=True)
class StackConfig:
    """What a program gets to read: a stack's configuration with the project's under it."""

    project: str
    """The project's name."""
    stack: str
    """The stack's name."""
    file: str
    """The name of the stack's file."""
    values: Mapping[str, str]
    """`namespace:key` to its text; lists and objects are compact JSON, as for the real program."""
    secret_keys: frozenset[str]
    """The keys of `values` that are secret."""
    unknown_secrets: tuple[str, ...]
    """The paths of the encrypted values: nobody can decrypt them here, so placeholders stand for them."""
    unresolved_environments: tuple[str, ...]
    """The Pulumi ESC environments that the stack imports; nothing of them is in `values`."""
    warnings: tuple[ConfigProblem, ...] = ()
    """What the CLI would warn of."""
    mistakes: tuple[ConfigProblem, ...] = ()
    """Values of a wrong type, and what stands where nobody reads it: only where `stack_config` was asked to go on after them."""
    _project_file: str = field(default=_PROJECT_FILES[0], repr=False)
    _project_node: Node | None = field(default=None, repr=False)
    _stack_node: Node | None = field(default=None, repr=False)

    def line_of(self, path: Sequence[str | int]) -> tuple[str, int] | None:
        """Where a setting is written.

        Args:
            path: Such as `("storage", "maximumGiB")` or `("aws:region",)`.

        Returns:
            File name and line, from 1, of the deepest part of the path that is written; of Pulumi.yaml where only the
            project says it; None where neither file has the key, under `config:` or beside it.
        """
        first, *rest = path
        name = str(first).removeprefix(f"{self.project}:")
        for file, node in ((self.file, self._stack_node), (self._project_file, self._project_node)):
            config = node.get("config") if node else None
            for key in (name, f"{self.project}:{name}"):
                if config is None or config.get(key) is None:
                    continue
                return file, config.line_of([key, *rest] if node is self._stack_node else [key])
        # What stands outside `config:`, where nobody reads it.
        outside = [line for key, line, _ in self._stack_node.items() if key == first] if self._stack_node else []
        return (self.file, outside[-1]) if outside else None


@dataclass(frozen=True, slots=True)
class Project:
    """A project: Pulumi.yaml and its stacks."""

    directory: Path
    name: str
    file: str
    """The name of the project's file."""
    declarations: Mapping[str, Declaration]
    """The `config:` section by full key, in the order of the keys."""
    stack_directory: Path
    """Where the stacks' files are."""
    _node: Node = field(repr=False)

    def stacks(self) -> list[str]:
        """The names of the stacks that have a file."""
        names = {
            path.stem.removeprefix("Pulumi.")
            for pattern in ("Pulumi.*.yaml", "Pulumi.*.yml")
            for path in self.stack_directory.glob(pattern)
        }
        return sorted(names)

    def stack_config(self, stack: str, *, with_mistakes: bool = False) -> StackConfig:
        """The configuration of a stack, as the CLI gives it to a program.

        Args:
            stack: The stack's name, as in `Pulumi.<stack>.yaml`.
            with_mistakes: Whether to go on after values of a wrong type and what nobody reads, which are in `mistakes` then: a
                program that is started all the same can name its own mistakes beside them.

        Returns:
            The merged configuration.

        Raises:
            ConfigError: With every mistake in the stack's file; or there is no such file.
        """
        path = self._stack_file(stack)
        node = read(path)
        entries, problems, warnings = entries_of(self.name, path.name, node)
        environments = environments_of(node)
        merged = {**self._own_entries(), **entries}
        missing = [declaration.written for key, declaration in self.declarations.items() if key not in merged]
        if missing:
            problems.append(ConfigProblem(_missing(stack, missing, environments), path.name, 1))
        mistakes: list[ConfigProblem] = []
        for key, declaration in self.declarations.items():
            problem = _mistyped(stack, declaration, merged[key]) if key in merged else None
            if problem:
                file = path.name if key in entries else self.file
                mistakes.append(ConfigProblem(problem, file, merged[key].line))
        mistakes += stray_entries(path.name, node)
        if not with_mistakes:
            problems += mistakes
        if problems:
            raise ConfigError(self._in_order([*problems, *(mistakes if with_mistakes else ())]))
        return StackConfig(
            project=self.name,
            stack=stack,
            file=path.name,
            values={key: self._text(key, entry) for key, entry in sorted(merged.items())},
            secret_keys=frozenset(key for key, entry in merged.items() if entry.secrets),
            unknown_secrets=tuple(".".join((key, *inner)) for key, entry in sorted(merged.items()) for inner in entry.secrets),
            unresolved_environments=environments,
            warnings=tuple(warnings),
            mistakes=self._in_order(mistakes),
            _project_file=self.file,
            _project_node=self._node,
            _stack_node=node,
        )

    def _in_order(self, problems: Iterable[ConfigProblem]) -> tuple[ConfigProblem, ...]:
        """As a person mends them: the stack's file from top to bottom, then the project's."""
        return tuple(sorted(problems, key=lambda problem: (problem.file == self.file, problem.line)))

    def _own_entries(self) -> dict[str, Entry]:
        entries = {}
        for key, declaration in self.declarations.items():
            value = declaration.given
            if value is not None:
                # Of a project's own values, the CLI takes every number with a fraction for an object, too.
                structured = not isinstance(value, (bool, int, str))
                entries[key] = Entry(go_yaml.text_of(value), structured=structured, line=declaration.line)
        return entries

    def _text(self, key: str, entry: Entry) -> str:
        if not entry.is_secret:
            return entry.text
        declaration = self.declarations.get(key)
        if declaration is None:
            return REDACTED
        # The project's own value is one the program can take, whatever the real one is.
        own = self._own_entries().get(key)
        return own.text if own else _PLACEHOLDERS.get(declaration.type or "string", REDACTED)

    def _stack_file(self, stack: str) -> Path:
        for suffix in (".yaml", ".yml"):
            path = self.stack_directory / f"Pulumi.{stack}{suffix}"
            if path.is_file():
                return path
        stacks = ", ".join(self.stacks()) or "none"
        name = f"Pulumi.{stack}.yaml"
        message = f"there is no stack '{stack}': {name} does not exist. Write it, or choose a stack that has a file: {stacks}"
        raise ConfigError([ConfigProblem(message, name, 1)])


def load_project(directory: str | os.PathLike[str]) -> Project:
    """Reads the Pulumi.yaml of a directory.

    Args:
        directory: The project's directory.

    Returns:
        The project.

    Raises:
        ConfigError: There is no Pulumi.yaml, or the CLI would not accept it.
    """
    root = Path(directory).resolve()
    path = next((root / name for name in _PROJECT_FILES if (root / name).is_file()), None)
    if path is None:
        message = f"no Pulumi.yaml in {root.name}: run this in the directory of the project"
        raise ConfigError([ConfigProblem(message, _PROJECT_FILES[0], 1)])
    node = read(path)
    name = node.get("name") if node else None
    if node is None or name is None or not isinstance(name.value(), str) or not name.value():
        raise ConfigError([ConfigProblem("project is missing a non-empty string 'name' attribute", path.name, 1)])
    problems: list[ConfigProblem] = []
    declarations: dict[str, Declaration] = {}
    config = node.get("config")
    for written, line, value in config.items() if config else ():
        try:
            declaration = declare(name.value(), written, line, value)
        except DeclarationError as error:
            problems.append(ConfigProblem(str(error), path.name, line))
        else:
            declarations[declaration.key] = declaration
    if problems:
        raise ConfigError(problems)
    where = node.get("stackConfigDir")
    return Project(
        directory=root,
        name=name.value(),
        file=path.name,
        declarations=dict(sorted(declarations.items())),
        stack_directory=root / str(where.value() or "") if where else root,
        _node=node,
    )


def _missing(stack: str, keys: list[str], environments: Sequence[str]) -> str:
    quoted = [f"'{key}'" for key in sorted(keys)]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    message = f"Stack '{stack}' is missing configuration value{'s' if len(keys) > 1 else ''} {listed}"
    if environments:
        message += f" (the offline preview does not read {', '.join(environments)})"
    return message


def _mistyped(stack: str, declaration: Declaration, entry: Entry) -> str | None:
    if declaration.type is None:
        return None
    about = f"Stack '{stack}' with configuration key '{declaration.written}'"
    if declaration.secret and not entry.secrets:
        return f"{about} must be encrypted as it's secret"
    # What an encrypted value would decrypt to is text, and whether it fits can't be known here.
    if entry.is_secret:
        return None
    if not fits(declaration.type, declaration.items, content(entry.text, structured=entry.structured)):
        return f"{about} must be of type '{declaration.type_name}'"
    return None
