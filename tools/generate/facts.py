"""`python -m tools facts`: writes policies/facts.json, which the policy pack judges by, from the fact tables in domain/.

The facts are as old as the table of versions says: writing the file again makes them no younger.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from domain.facts import Facts, facts
from domain.msk.brokers import LONGEST_TRUST
from domain.msk.versions import VERSIONS_AS_OF
from tools.generate.generated import parser_of_generator, renew

FILE = Path("policies", "facts.json")

AGING = (
    ("kafka", "versions"),
    ("kafka", "createdWith"),
    ("configurations", "kafkaVersions"),
    ("configurations", "keys"),
    ("brokers", "types"),
    ("storage", "tieredVersions"),
)
"""The lists of versions, sizes and keys: AWS adds to them."""


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
    document = facts(VERSIONS_AS_OF)
    wanted = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    outcome = renew("facts", options.directory, FILE, present, wanted, check=options.check)
    print("\n".join(ages(document, dt.datetime.now(dt.UTC).date())))
    return outcome


def ages(document: Facts, today: dt.date) -> list[str]:
    """A line for each list that AWS adds to, with its age: the pack only advises by one that nobody looked at for half a year.

    Args:
        document: The facts.
        today: The day on which they are read.
    """
    lines = []
    for group, name in AGING:
        checked = dt.date.fromisoformat(document[group][name]["asOf"])
        age = (today - checked).days
        trusted = checked + LONGEST_TRUST
        state = (
            f"trusted until {trusted}" if today <= trusted else f"only advises since {trusted + dt.timedelta(days=1)}: renew it"
        )
        lines.append(f"{group}.{name}: checked {checked}, {age} days ago, {state}.")
    return lines
