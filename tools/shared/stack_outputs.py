"""What a deployed stack has put out, and files that are made from it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tools.shared.commands import CommandError


def outputs_of(file: str) -> dict[str, Any]:
    """The outputs of a deployed stack.

    Args:
        file: A file with what `pulumi stack output --json` printed; ``-`` for standard input.

    Raises:
        CommandError: It holds none.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        outputs = json.loads(text)
    except ValueError as error:
        raise CommandError(f"{file} is not JSON: {error}. Give the output of `pulumi stack output --json`.") from error
    if not isinstance(outputs, dict) or not outputs:
        raise CommandError(f"{file} has no outputs. Give the output of `pulumi stack output --json` for a deployed stack.")
    return outputs


def written(files: dict[str, str], directory: Path) -> str:
    """Writes files into a directory; returns their paths, a line each.

    Args:
        files: Texts by the files' names.
        directory: Where to; made if it is not there.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return "".join(f"{directory / name}\n" for name in files)
