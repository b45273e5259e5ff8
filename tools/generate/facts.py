"""`python -m tools facts`: writes policies/facts.json, which the policy pack judges by, from the fact tables in domain/.

The facts are as old as the table of versions says: writing the file again makes them no younger.
"""

from __future__ import annotations

import json
from pathlib import Path

from domain.facts import facts
from domain.msk.versions import VERSIONS_AS_OF
from tools.generate.generated import parser_of_generator, renew

FILE = Path("policies", "facts.json")


def main(arguments: list[str]) -> int:
    """Writes or checks the facts.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = parser_of_generator("facts", f"Writes {FILE} from the fact tables in domain/.").parse_args(arguments)
    file: Path = options.directory / FILE
    present = file.read_text(encoding="utf-8") if file.exists() else ""
    wanted = json.dumps(facts(VERSIONS_AS_OF), indent=2, ensure_ascii=False) + "\n"
    return renew("facts", options.directory, FILE, present, wanted, check=options.check)
