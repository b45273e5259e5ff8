"""What a stack's stateful resources are called and made of: where that changes, a deployed stack loses what they hold.

The engine knows a resource by its URN: under another one it is another resource, unless an alias says what it was called.
And some inputs replace a resource. Both are committed for each stack (tests/engine/urn_contract), so that no change of the
program moves one unnoticed. `python -m tests.support.engine.urn_contract` writes them again, after a change that is meant.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if __name__ == "__main__":
    # As pytest has it: pyproject.toml, pythonpath.
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[3])]

from inventory.changes.stateful import STATEFUL
from offline.engine.inventory import ResourceRow, rows
from offline.protocol import wire
from support.engine import replacements
from support.stacks import ROOT, project_with, run_stack, shipped_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CONTRACTS = ROOT / "tests" / "engine" / "urn_contract"
COMMAND = "python -m tests.support.engine.urn_contract"

TYPES: frozenset[str] = frozenset({*STATEFUL, "aws:kms/alias:Alias"})
"""Types whose resources are not made again at no loss, and the aliases, by which others find the keys."""

ANSWERS = ("aws:region", "brokerType", "brokersPerZone", "alarmEmail")
"""What each team answers anew in `pulumi new`: a contract keeps those that it was made with."""

Contract = dict[str, Any]
"""`answers`, and `resources`: the replacing inputs of each stateful resource by its URN, project and stack left open."""


def contract_file(stack: str) -> Path:
    """Where the contract of a stack is kept."""
    return CONTRACTS / f"{stack}.json"


def inventory(
    stack: str, answers: Mapping[str, Any] | None = None, edit: Callable[[str], str] | None = None
) -> tuple[dict[str, Any], list[ResourceRow]]:
    """The answers of a stack, and its resources with these answers.

    Args:
        stack: The stack's name.
        answers: Other answers than the stack file has.
        edit: Changes the program's text first.
    """
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        content = yaml.safe_load(shipped_stack(stack))
        config = content.get("config") or {}
        chosen = {key: config[key] for key in ANSWERS if key in config} if answers is None else dict(answers)
        config = {**{key: value for key, value in config.items() if key not in ANSWERS}, **chosen}
        project_with(directory, {stack: yaml.safe_dump({**content, "config": config}, sort_keys=False)})
        if edit:
            program = (ROOT / "__main__.py").read_text(encoding="utf-8")
            changed = edit(program)
            assert changed != program, "the edit changes nothing"
            (directory / "__main__.py").unlink()
            (directory / "__main__.py").write_text(changed, encoding="utf-8")
        return chosen, rows(run_stack(stack, directory=directory))


def resources_of(inventory: Iterable[ResourceRow]) -> dict[str, dict[str, Any]]:
    """The replacing inputs of each stateful resource by its URN, as a contract has them."""
    return {_open(row["urn"]): _replacing_inputs(row) for row in inventory if row["type"] in TYPES}


def _replacing_inputs(row: ResourceRow) -> dict[str, Any]:
    _, stack, project, _, _ = _parts(row["urn"])
    found = {}
    for path in replacing_paths(row["type"]):
        value: Any = row["inputs"]
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            found[path] = _open_value(value, project, stack)
    return found


def replacing_paths(type_: str) -> list[str]:
    """The dotted paths of the inputs that replace a resource of a type."""
    return sorted(replacements.REPLACING.get(type_, ()))


def _open_value(value: Any, project: str, stack: str) -> Any:
    if isinstance(value, list):
        return sorted((_open_value(one, project, stack) for one in value), key=str)
    if not isinstance(value, str):
        return value
    if value == wire.UNKNOWN:
        return "(known only after its creation)"
    # An automatic name is another one in each stack, and stays as long as its resource does.
    return re.sub(r"-[0-9a-f]{7}$", "-(automatic)", value).replace(f"{project}-{stack}", "(project)-(stack)")


def _parts(urn: str) -> tuple[str, str, str, str, str]:
    prefix, project, types, name = urn.split("::", maxsplit=3)
    return prefix, prefix.rpartition(":")[2], project, types, name


def _open(urn: str) -> str:
    _, _, _, types, name = _parts(urn)
    return f"{types}::{name}"


def former_urns(row: ResourceRow, inventory: Mapping[str, ResourceRow]) -> set[str]:
    """Every URN under which the engine takes a resource for this one: its own, and those that aliases give it.

    As the engine resolves them (Pulumi's documentation, "Resource option: aliases"): an alias says what was different, and what
    a parent was called before counts for its children too, names that begin with the parent's included.

    Args:
        row: The resource.
        inventory: All resources by URN.
    """
    parents = {""} if not row["parent"] else former_urns(inventory[row["parent"]], inventory)
    own = inventory[row["parent"]]["name"] if row["parent"] else ""
    found = {row["urn"]}
    for parent in parents:
        before = _parts(parent)[4] if parent else ""
        name = f"{before}{row['name'].removeprefix(own)}" if own and row["name"].startswith(own) else row["name"]
        found.add(_urn(row, {}, parent, name))
    for alias in row["options"].get("aliases", ()):
        if isinstance(alias, str):
            found.add(alias)
            continue
        named = {""} if alias.get("noParent") else parents
        if "parentUrn" in alias:
            known = inventory.get(alias["parentUrn"])
            named = former_urns(known, inventory) if known else {alias["parentUrn"]}
        found |= {_urn(row, alias, parent, alias.get("name", row["name"])) for parent in named}
    return found


def _urn(row: ResourceRow, alias: Mapping[str, Any], parent: str, name: str) -> str:
    _, stack, project, _, _ = _parts(row["urn"])
    type_ = alias.get("type", row["type"])
    types = _parts(parent)[3] if parent else ""
    chain = type_ if types in ("", "pulumi:pulumi:Stack") else f"{types}${type_}"
    return f"urn:pulumi:{alias.get('stack', stack)}::{alias.get('project', project)}::{chain}::{name}"


def broken_by(contract: Contract, inventory: Iterable[ResourceRow]) -> list[str]:
    """What no longer is as the contract says, each with what to do; empty when all is.

    Args:
        contract: What was committed.
        inventory: The resources that the program makes now.
    """
    by_urn = {row["urn"]: row for row in inventory}
    now = resources_of(by_urn.values())
    known_as: dict[str, str] = {}
    for row in by_urn.values():
        if row["type"] in TYPES:
            known_as |= {_open(former): _open(row["urn"]) for former in former_urns(row, by_urn)}
    problems = []
    for urn, inputs in contract["resources"].items():
        if urn not in known_as:
            problems.append(
                f"{urn} is gone: what is deployed under this URN would be deleted. If it has moved, give it back by an alias: "
                "opts=pulumi.ResourceOptions(aliases=[...]) on what was renamed or has another parent."
            )
            continue
        then = now[known_as[urn]]
        problems += [
            f"{urn}: {path} was {inputs.get(path)!r} and is {then.get(path)!r}, which replaces it."
            for path in sorted(inputs.keys() | then.keys())
            if inputs.get(path) != then.get(path)
        ]
    known = {known_as[urn] for urn in contract["resources"] if urn in known_as}
    problems += [f"{urn} is new, and nothing would notice if it moved." for urn in now if urn not in known]
    return [f"{problem} If it is meant so: {COMMAND}" for problem in problems]


def write(stack: str) -> Path:
    """Writes the contract of a stack as the program is now; returns its file."""
    answers, found = inventory(stack)
    file = contract_file(stack)
    file.parent.mkdir(exist_ok=True)
    text = json.dumps({"answers": answers, "resources": resources_of(found)}, indent=2, sort_keys=True)
    file.write_text(f"{text}\n", encoding="utf-8")
    return file


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.stem for path in CONTRACTS.glob("*.json")):
        print(write(name).relative_to(ROOT))
