"""Brings a report to whoever asked for it: to a terminal, to the next program, or into a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from tools.report.plain_text import plain_text
from tools.shared.commands import FAILED, REFUSED, reader_may_leave
from tools.shared.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tools.report.sections import Section


def deliver(report: str | Sequence[Section], output: Path | None, *, headline: str, code: int) -> int:
    """Prints a report, or writes it into a file and says so.

    Args:
        report: Sections for people, or a text for programs as it is.
        output: The file; None to print.
        headline: What is said when the report itself is in a file.
        code: The command's exit code. With one above 1 there is nothing but errors to tell.

    Returns:
        The exit code: `code`, or 3 where the report cannot be written.
    """
    errors = code > REFUSED
    try:
        with reader_may_leave():
            if output is None:
                # What went wrong goes where errors go, so that it is seen when the report is sent into a file.
                _print(report, sys.stderr if errors and not isinstance(report, str) else sys.stdout)
            else:
                write_atomically(output, report if isinstance(report, str) else plain_text(report))
                print(f"{headline} (exit code {code}). The report is in {output}.", file=sys.stderr if errors else sys.stdout)
    except OSError as error:
        print(f"{output} cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    return code


def _print(report: str | Sequence[Section], stream: TextIO) -> None:
    if isinstance(report, str):
        stream.write(report)
    elif stream.isatty() and os.environ.get("TERM") != "dumb":
        from tools.report.terminal import show_on  # noqa: PLC0415 - rich takes 0.1 s to import: pipes and files need none

        show_on(stream, report)
    else:
        stream.write(plain_text(report))
    stream.flush()
