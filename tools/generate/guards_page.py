"""`python -m tools guards`: writes into docs/operations.md what each guard refuses, why, and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from domain.guards.table import GUARDS
from tools.generate.generated import parser_of_generator, renew

PAGE: Final = Path("docs", "operations.md")
_MADE: Final = re.compile(r"(<!-- guards: .*-->\n).*?(<!-- end of guards -->\n)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Writes or checks docs/operations.md.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = parser_of_generator("guards", "Writes what each guard refuses into docs/operations.md.").parse_args(arguments)
    present = (options.directory / PAGE).read_text(encoding="utf-8")
    return renew("guards", options.directory, PAGE, present, page_text(present), check=options.check)


def page_text(present: str) -> str:
    """docs/operations.md with its table of guards made anew."""
    rows = [f"| `{guard.name}` | {guard.moment} | {guard.why} | {guard.remedy} |" for guard in GUARDS.values()]
    table = "\n".join(["| name | at | why | what to do |", "|---|---|---|---|", *rows])
    return _MADE.sub(lambda match: f"{match[1]}{table}\n{match[2]}", present)
