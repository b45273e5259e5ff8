"""From the way a run failed to an exit code and to sentences for the person who can mend it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Protocol

from offline.protocol.failures import UserError
from tools.shared.commands import FAILED, WRONG_USE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from offline.project.loading import StackConfig
    from offline.protocol.failures import ProgramFailed
    from tools.preview.document import ProblemRow

_CONFIG_ERRORS: Final = frozenset({"ConfigMissingError", "ConfigTypeError"})
"""What Pulumi's SDK raises when a program asks for a value that is not there, or is of another type."""


class _Problem(Protocol):
    """A mistake as the program itself has it; the program's class may be a copy that is not importable here."""

    @property
    def path(self) -> tuple[str | int, ...]: ...

    @property
    def setting(self) -> str: ...

    @property
    def value(self) -> object: ...

    @property
    def line(self) -> int | None: ...


def problem(message: str, file: str | None = None, line: int | None = None) -> ProblemRow:
    """A problem that is not about one setting."""
    return {"setting": None, "value": None, "message": message, "file": file, "line": line}


def problems_of(failure: ProgramFailed, config: StackConfig) -> tuple[int, list[ProblemRow]]:
    """Exit code and problems of a program that did not run to its end.

    Args:
        failure: How it ended.
        config: The stack's configuration, which knows the lines of its settings.

    Returns:
        2 and every mistake where the settings are wrong or the program says that something it was given is; else 3 and what the
        program said.
    """
    causes = list(_causes(failure))
    for cause in causes:
        # Found by its shape: the program may be a copy elsewhere, whose classes are its own.
        if type(cause).__name__ == "SettingsError":
            rows = [_setting_problem(mistake, config) for mistake in _problems(cause)]
            # In the order of the file: a person mends from top to bottom.
            return WRONG_USE, sorted(rows, key=lambda row: row["line"] or 0)
    if any(type(cause).__name__ in _CONFIG_ERRORS for cause in causes):
        return WRONG_USE, [problem(str(failure), config.file, 1)]
    if isinstance(failure, UserError):
        return WRONG_USE, [problem(str(failure), config.file)]
    trace = getattr(failure, "traceback", "")
    if trace:
        print(trace.rstrip(), file=sys.stderr)
        return FAILED, [problem(f"The program failed: {failure}. The traceback is on standard error.")]
    return FAILED, [problem(f"The program failed: {failure}")]


def with_mistakes(problems: Iterable[ProblemRow], config: StackConfig) -> list[ProblemRow]:
    """A program's problems, and in the CLI's words those mistakes of the file that the program says nothing of.

    Both name the same lines: the program's words, which have the value and the remedy, are worth more.
    """
    rows = list(problems)
    told = {(row["file"], row["line"]) for row in rows}
    rows += [
        problem(mistake.message, mistake.file, mistake.line)
        for mistake in config.mistakes
        if (mistake.file, mistake.line) not in told
    ]
    return sorted(rows, key=lambda row: (row["file"] != config.file, row["line"] or 0))


def _problems(error: BaseException) -> tuple[_Problem, ...]:
    problems: tuple[_Problem, ...] = getattr(error, "problems", ())
    return problems


def _setting_problem(mistake: _Problem, config: StackConfig) -> ProblemRow:
    place = None if mistake.line else config.line_of(mistake.path)
    file, line = place or (config.file, mistake.line)
    value = mistake.value
    return {
        "setting": mistake.setting,
        "value": value if isinstance(value, str | int | float | bool | list | dict) else None,
        "message": str(mistake),
        "file": file,
        "line": line,
    }


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
