"""`python -m tools facts`: writes policies/facts.json, which the policy pack judges by, from the fact tables in domain/.

The facts are as old as the table of versions says: writing the file again makes them no younger.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from domain.facts import facts
from domain.kafka_versions import VERSIONS_AS_OF
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
    text = json.dumps(facts(VERSIONS_AS_OF), indent=2, ensure_ascii=False) + "\n"
    if text == present:
        print(f"{FILE} is up to date.")
        return 0
    if options.check:
        print(f"{FILE} is stale: run `python -m tools facts`.", file=sys.stderr)
        return 1
    write_atomically(file, text)
    print(f"{FILE} is written; the facts are as of {VERSIONS_AS_OF}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools facts",
        description=f"Writes {FILE} from the fact tables in domain/.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when the file is stale")
    parser.add_argument("--directory", type=Path, default=Path(), help="where Pulumi.yaml is (default: the current directory)")
    return parser
