"""What the commands have in common: exit codes, options, and how they end when they cannot answer."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.shared.selection import name_of, selected_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FINE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
"""The arguments, the configuration or the input are wrong; argparse ends with it too."""
FAILED: Final = 3


def endings(wrong: str) -> dict[int, str]:
    """What the exit codes mean, for the end of a report.

    Args:
        wrong: What is wrong where a command ends with `WRONG_USE`, such as "The input".
    """
    return {FINE: "Fine", REFUSED: "Refused", WRONG_USE: f"{wrong} is wrong", FAILED: "Failed"}


class CommandError(Exception):
    """A command cannot answer. The message says why, for people, and needs no traceback.

    Args:
        message: What is wrong, and what to give instead.
        code: The exit code.
    """

    def __init__(self, message: str, code: int = WRONG_USE) -> None:
        super().__init__(message)
        self.code = code


class Mistakes:
    """What is wrong with the options of a command, gathered so that all of it is told at once."""

    def __init__(self) -> None:
        self._errors: list[CommandError] = []

    @contextlib.contextmanager
    def gathered(self) -> Iterator[None]:
        """Keeps the `CommandError` of what is looked at inside."""
        try:
            yield
        except CommandError as error:
            self._errors.append(error)

    def end(self) -> None:
        """Ends the command if anything was wrong.

        Raises:
            CommandError: With all that was gathered, and the code of the first.
        """
        if self._errors:
            raise CommandError("\n".join(map(str, self._errors)), self._errors[0].code)


def told(main: Callable[[list[str]], int]) -> Callable[[list[str]], int]:
    """A command's `main` that ends with a message on standard error, not a traceback, where it cannot go on.

    A `CommandError` is told by its message and ends with its code; a file that cannot be read or written by its name and the
    operating system's message, with `WRONG_USE`.
    """

    @functools.wraps(main)
    def ending(arguments: list[str]) -> int:
        try:
            return main(arguments)
        except CommandError as error:
            print(error, file=sys.stderr)
            return error.code
        except OSError as error:
            print(f"{error.filename}: {error.strerror}." if error.filename else error, file=sys.stderr)
            return WRONG_USE

    return ending


def answering(
    parser: Callable[[], argparse.ArgumentParser], answer: Callable[[argparse.Namespace], str]
) -> Callable[[list[str]], int]:
    """The `main` of a command that prints its answer, or on standard error why there is none (see `told`).

    Args:
        parser: Makes the command's parser.
        answer: Makes the whole answer.
    """

    @told
    def main(arguments: list[str]) -> int:
        text = answer(parser().parse_args(arguments))
        with reader_may_leave():
            sys.stdout.write(text)
            sys.stdout.flush()
        return FINE

    return main


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """Lets whoever reads standard output stop when they have read enough, `| head` for one."""
    try:
        yield
    except BrokenPipeError:
        # What is still to be flushed at the end goes nowhere, instead of failing again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser that knows which stack is meant where none is named."""

    # Namespaces of another type, which argparse would fill too, are given by nobody here.
    def parse_args(  # type: ignore[override]
        self, args: Iterable[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """The options, as `argparse` has them, with the stack and how it was chosen (see `tools.shared.selection`)."""
        options = super().parse_args(args, namespace)
        if not hasattr(options, "stack"):
            return options
        options.stack_reference = options.stack
        if options.stack is None and getattr(options, "file", None) is not None:
            # A file that is read instead of a stack names its own.
            return options
        if options.stack is None:
            selected = selected_stack(getattr(options, "directory", Path()))
            options.stack_reference = selected.reference
            if selected.why:
                print(f"Stack {selected.reference}, {selected.why}.", file=sys.stderr)
        # In Pulumi Cloud a stack may be written with its organization, which its file's name does not have.
        options.stack = name_of(options.stack_reference)
        return options


def parser_of(command: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """A command's parser, without options yet.

    Args:
        command: The command's name.
        description: What it does, in a sentence or two.
        epilog: What its help ends with, such as examples and exit codes; its lines stay as they are.
    """
    return _Parser(
        prog=f"python -m tools {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter if epilog else argparse.HelpFormatter,
    )


def add_stack(parser: argparse.ArgumentParser, what: str = "the stack") -> None:
    """Adds `--stack`: when not given, the stack that is selected, else dev.

    Args:
        parser: The command's parser.
        what: What the command does with the stack.
    """
    words = f"{what} (default: the one that `pulumi stack select` or PULUMI_STACK selects, else dev)"
    parser.add_argument("--stack", metavar="NAME", help=words)


def add_directory(parser: argparse.ArgumentParser, what: str = "Pulumi.yaml is") -> None:
    """Adds `--directory`, which is the current one when not given.

    Args:
        parser: The command's parser.
        what: What is in the directory, with its verb.
    """
    parser.add_argument(
        "--directory", type=Path, default=Path(), metavar="DIR", help=f"where {what} (default: the current directory)"
    )


def add_outputs(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Adds `--outputs`; see `tools.shared.stack_outputs.outputs_of`.

    Args:
        parser: The command's parser.
        required: Whether there is no answer without them.
    """
    parser.add_argument(
        "--outputs", required=required, metavar="FILE", help="JSON of `pulumi stack output --json`; - for standard input"
    )


def add_to(parser: argparse.ArgumentParser) -> None:
    """Adds `--to`; see `tools.shared.stack_outputs.written`."""
    parser.add_argument("--to", type=Path, metavar="DIR", help="write the files into this directory")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Adds `--output`; see `tools.report.deliver.deliver`."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report to this file instead, atomically")


def utc_today() -> datetime.date:
    """The day in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def judge_on(day: datetime.date) -> None:
    """Has the program and the policy pack, which take the day from the environment as reproducible builds do, judge on a day."""
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))


def add_today(parser: argparse.ArgumentParser) -> None:
    """Adds `--today`, which is the day in UTC when not given."""
    parser.add_argument(
        "--today",
        type=datetime.date.fromisoformat,
        default=utc_today(),
        metavar="YYYY-MM-DD",
        help="the day on which support dates and acknowledgements are judged (default: today, UTC)",
    )
