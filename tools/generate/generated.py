"""What the commands that write generated files have in common."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tools.shared.commands import FINE, REFUSED, add_directory, parser_of
from tools.shared.files import write_atomically

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def parser_of_generator(command: str, description: str) -> argparse.ArgumentParser:
    """The options of such a command: where the project is, and whether to check only.

    Args:
        command: The command's name.
        description: What it writes.
    """
    parser = parser_of(command, description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when the file is stale")
    add_directory(parser)
    return parser


def renew(command: str, directory: Path, file: Path, present: str, wanted: str, *, check: bool) -> int:
    """Writes a generated file where it is stale, and says what became of it.

    Args:
        command: The command that makes it, for the message.
        directory: Where the project is.
        file: The file, from there.
        present: What it says.
        wanted: What it should say.
        check: Only say whether it is stale.

    Returns:
        0; 1 when `check` finds the file stale.
    """
    if wanted == present:
        print(f"{file} is up to date.")
        return FINE
    if check:
        print(f"{file} is stale: run `python -m tools {command}`.", file=sys.stderr)
        return REFUSED
    write_atomically(directory / file, wanted)
    print(f"{file} is written.")
    return FINE
