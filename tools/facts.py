"""`python -m tools facts`: writes policies/facts.json, which the policy pack judges by, from the fact tables in domain/."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

from domain.facts import facts
from tools.files import write_atomically

FILE = Path("policies", "facts.json")


def main(arguments: list[str]) -> int:
    """Writes or checks the facts.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = _parser().parse_args(arguments)
    file: Path = options.directory / FILE
    present = file.read_text(encoding="utf-8") if file.exists() else ""
    as_of = options.as_of or _as_of(present)
    text = json.dumps(facts(as_of), indent=2, ensure_ascii=False) + "\n"
    if text == present:
        print(f"{FILE} is up to date.")
        return 0
    if options.check:
        print(f"{FILE} is stale: run `python -m tools facts`.", file=sys.stderr)
        return 1
    write_atomically(file, text)
    print(f"{FILE} is written; the facts are as of {as_of}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools facts",
        description=f"Writes {FILE} from the fact tables in domain/.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when the file is stale")
    parser.add_argument(
        "--as-of",
        type=datetime.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which the facts were last held against their sources (default: the day that the file has)",
    )
    parser.add_argument("--directory", type=Path, default=Path(), help="where Pulumi.yaml is (default: the current directory)")
    return parser


def _as_of(present: str) -> datetime.date:
    """The day in the file: writing it again does not make the facts any younger."""
    if present:
        for group in json.loads(present).values():
            for fact in group.values():
                return datetime.date.fromisoformat(fact["asOf"])
    return datetime.datetime.now(datetime.UTC).date()
