"""The ready stacks in `stacks/`: which uses there are, and what each folder holds.

A folder has `stack.yaml` (the content of a stack file), `sizes.yaml` (what is otherwise in a small and in a large one),
`needs.yaml` (what the use needs, and what its preview warns of), `client.py` (a client on a ready file), `README.md` and two
pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import yaml

from tools.shared.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path("stacks")
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "data-pipeline": "Data pipeline",
        "activity-tracking": "Application activity tracking",
        "log-aggregation": "Log aggregation",
        "iot-ingestion": "IoT ingestion",
        "message-broker": "Message broker for microservices",
        "event-sourcing": "Event sourcing",
        "migration": "Migration from self-managed Kafka",
    }
)
"""The uses by the names of their folders, in the order of README.md."""
SIZES: Final = ("small", "medium", "large")
STACK_FILE: Final = "stack.yaml"
_FILES: Final = (STACK_FILE, "sizes.yaml", "needs.yaml", "client.py", "README.md")


@dataclass(frozen=True, slots=True)
class Use:
    """One ready stack.

    Attributes:
        name: The name of its folder.
        title: What it is for.
        folder: Where it is.
        text: The text of its stack file, as it is at the size that its page calls medium.
        sizes: What is otherwise at each size, by the size's name.
        needs: What the use needs of a stack (`tools.stacks.needs`).
        decides: What decides on its settings, in a few words.
        client: The client whose ready file `client.py` uses.
        run: The command that runs `client.py` on a host.
        sample: The text of `client.py`.
        warnings: What its preview warns of and why that is left so, by the beginnings of the warnings.
    """

    name: str
    title: str
    folder: Path
    text: str
    sizes: Mapping[str, Mapping[str, Any]]
    needs: Mapping[str, Any]
    decides: str
    client: str
    run: str
    sample: str
    warnings: Mapping[str, str]

    def at(self, size: str) -> str:
        """The text of the stack file at a size."""
        if not self.sizes[size]:
            return self.text
        content = yaml.safe_load(self.text)
        return str(yaml.safe_dump({"config": merged(content["config"], self.sizes[size])}, sort_keys=False))

    def with_workload_of(self, other: Use) -> str:
        """The text of the stack file with the load of another use."""
        workload = yaml.safe_load(other.text)["config"]["workload"]
        content = yaml.safe_load(self.text)
        return str(yaml.safe_dump({"config": {**content["config"], "workload": workload}}, sort_keys=False))


def merged(settings: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with changes: a map is merged into the one that is there, anything else takes the place of what is there."""
    return {
        **settings,
        **{
            key: merged(settings[key], value) if isinstance(value, dict) and isinstance(settings.get(key), dict) else value
            for key, value in changes.items()
        },
    }


def read_use(directory: Path, name: str) -> Use:
    """Reads the folder of a use.

    Args:
        directory: The project's.
        name: The folder's name.

    Raises:
        CommandError: There is no such use, or a file of it is missing.
    """
    folder = directory / FOLDER / name
    missing = [file for file in _FILES if not (folder / file).is_file()]
    if missing:
        raise CommandError(f"{FOLDER}/{name} has no {', '.join(missing)}.")
    needs = yaml.safe_load((folder / "needs.yaml").read_text(encoding="utf-8"))
    sizes = yaml.safe_load((folder / "sizes.yaml").read_text(encoding="utf-8"))
    return Use(
        name=name,
        title=TITLES[name],
        folder=folder,
        text=(folder / STACK_FILE).read_text(encoding="utf-8"),
        sizes={size: sizes[size] or {} for size in SIZES},
        needs=needs["needs"],
        decides=needs["decides"],
        client=needs["client"],
        run=needs["run"],
        sample=(folder / "client.py").read_text(encoding="utf-8"),
        warnings=needs["warnings"],
    )


def read_uses(directory: Path) -> list[Use]:
    """All uses, in the order of README.md.

    Args:
        directory: The project's.

    Raises:
        CommandError: A file of one is missing.
    """
    return [read_use(directory, name) for name in TITLES]
