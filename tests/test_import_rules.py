"""Who may know whom: the rooms of this repository, read from the imports in the code.

Each room imports the standard library, itself, and what the table allows. Imports inside functions and for
type checking count: they say what a module knows just as well.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

ROOMS: dict[str, frozenset[str]] = {
    "__main__.py": frozenset({"components", "pulumi"}),
    "components": frozenset({"domain", "pulumi", "pulumi_aws", "pulumi_random"}),
    # Programs for hosts, which nothing here imports; the libraries are the hosts'.
    "components/access/files": frozenset({"kafka"}),
    "domain": frozenset({"pydantic", "pydantic_core"}),
    "examples": frozenset({"components", "pulumi"}),
    "inventory": frozenset(
        {f"domain.{room}" for room in ("access", "guards", "java_properties", "monitoring", "msk", "problems")}
    ),
    "offline": frozenset({"google", "grpc", "jsonschema", "pulumi", "yaml"}),
    "policies": frozenset({"msk_policies", "pulumi_policy"}),
    # Sample clients, which run on a host beside their ready file; nothing here imports them.
    "stacks": frozenset({"confluent_kafka", "kafka_client"}),
    "tools": frozenset({"domain", "grafana_foundation_sdk", "inventory", "offline", "rich", "yaml"}),
}
"""Every room, and what it may import beside the standard library and itself: a package, or one room of it."""

FLOORS = (
    "problems", "forms", "git_remote", "java_properties", "msk", "access", "properties", "network", "monitoring", "guards",
    "settings", "reading", "clients", "plan", "checks", "loading", "facts",
)  # fmt: skip
"""The rooms of domain from the ground up: each imports only what is below it."""

MOST_MODULES = 14
"""Of a folder: more than that nobody keeps in mind."""

MOST_LINES = 400
"""Of a module that is no table."""

TABLES = {
    "domain/guards/table.py": "guards, a row each",
    "domain/monitoring/rules.py": "alarms, a row each",
    "inventory/deployer/platform.py": "IAM permissions, a row for each type of resource",
}
"""Longer modules, each of which is a table, and of what."""

STACK = "components/stack.py"
"""The one reader of Pulumi configuration."""

# Nothing imports these: tests may know every room, .ci/ runs before anything is installed.
OUTSIDE = frozenset({".ci", "tests"})


@dataclass(frozen=True)
class Use:
    """A module, or a name in one, that a file knows: `pulumi.runtime.settings`, on the line it is written."""

    file: str
    line: int
    name: str
    at_import_time: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name}"

    def within(self, *names: str) -> bool:
        return any(self.name == name or self.name.startswith(f"{name}.") for name in names)


def room_of(file: str) -> str:
    return "components/access/files" if file.startswith("components/access/files/") else file.split("/", 1)[0]


def imports(file: str, source: str) -> Iterator[Use]:
    """Yield what a file imports, `from a import b` as `a.b`, relative imports by their full names."""
    tree = ast.parse(source, file)
    deferred = {inner for node in ast.walk(tree) if _is_deferred(node) for inner in ast.walk(node)}
    package = list(Path(file).parent.parts)
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" if module else alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and _called(node.func) in {"import_module", "__import__"}:
            names = [a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        for name in names:
            yield Use(file, getattr(node, "lineno", 0), name, at_import_time=node not in deferred)


def uses(file: str, source: str) -> Iterator[Use]:
    """Yield what `imports` does, and what is reached through a module: `pulumi.runtime.settings.SETTINGS`."""
    yield from imports(file, source)
    tree = ast.parse(source, file)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                known[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (dotted := _dotted(node)):
            first, _, rest = dotted.partition(".")
            if first in known:
                yield Use(file, node.lineno, f"{known[first]}.{rest}", at_import_time=False)


def _is_deferred(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return _called(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return node.id if isinstance(node, ast.Name) else ""


def trespasses(file: str, source: str) -> list[Use]:
    """Return what a file imports although its room may not."""
    room = room_of(file)
    allowed = (*ROOMS[room], room, *sys.stdlib_module_names)
    return [use for use in imports(file, source) if not use.within(*allowed)]


def climbs(file: str, source: str) -> list[Use]:
    """Return what a module of domain imports from a floor that is not below its own."""
    floor = FLOORS.index(_floor(file.removesuffix(".py").split("/")))
    above = FLOORS[floor:]
    return [
        use
        for use in imports(file, source)
        if use.within("domain") and (other := _floor(use.name.split("."))) in above and other != FLOORS[floor]
    ]


def _floor(parts: list[str]) -> str:
    return parts[1] if len(parts) > 1 else ""


def reads_of_pulumi_config(file: str, source: str) -> list[Use]:
    """Return where a file reads Pulumi configuration."""
    readers = ("pulumi.Config", "pulumi.config", "pulumi.runtime.config", "pulumi.runtime.get_config")
    return [use for use in uses(file, source) if use.within(*readers)]


def internals_of_the_sdk(file: str, source: str) -> list[Use]:
    """Return what a file uses inside the SDK: private names, and `pulumi.runtime` but for the protocol."""
    return [
        use
        for use in uses(file, source)
        if use.within("pulumi")
        and not use.within("pulumi.runtime.proto")
        and (use.within("pulumi.runtime") or any(part.startswith("_") for part in use.name.split(".")))
    ]


def sources(*rooms: str) -> list[tuple[str, str]]:
    """Return path and text of every Python file in the rooms."""
    files = [file for room in rooms for file in ([ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")))]
    return [(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    files = sources(room)
    assert files, f"{room} is empty: the table is behind the tree"
    assert [str(use) for file, source in files for use in trespasses(file, source)] == []


def test_no_room_of_domain_knows_one_above_it() -> None:
    files = [(file, source) for file, source in sources("domain") if file != "domain/__init__.py"]
    assert [str(use) for file, source in files for use in climbs(file, source)] == []


@pytest.mark.parametrize(
    ("file", "source", "caught"),
    [
        ("domain/msk/brokers.py", "from domain.settings.stack import StackSettings", ["domain.settings.stack.StackSettings"]),
        ("domain/plan/cluster.py", "from domain import checks", ["domain.checks"]),
        ("domain/plan/cluster.py", "from domain.msk.brokers import BrokerType\nfrom domain.plan.volumes import storage_of", []),
    ],
)
def test_a_climb_is_noticed(file: str, source: str, caught: list[str]) -> None:
    assert [use.name for use in climbs(file, source)] == caught


def test_every_room_of_domain_has_its_floor() -> None:
    rooms = {path.stem for path in (ROOT / "domain").iterdir() if path.name not in ("__init__.py", "__pycache__")}
    assert rooms == set(FLOORS)


if "\ntemplate:" in (ROOT / "Pulumi.yaml").read_text(encoding="utf-8"):
    # The template's own measure; what a team adds to its clone is its own business.
    def test_a_folder_has_modules_that_can_be_kept_in_mind() -> None:
        folders = [folder for room in ROOMS for folder in (ROOT / room, *(ROOT / room).rglob("*")) if folder.is_dir()]
        modules = {folder.relative_to(ROOT).as_posix(): {*folder.glob("*.py")} - {folder / "__init__.py"} for folder in folders}
        assert {folder: len(files) for folder, files in modules.items() if len(files) > MOST_MODULES} == {}

    def test_a_module_is_a_table_or_can_be_read_at_once() -> None:
        long = {file for file, source in sources(*ROOMS) if source.count("\n") > MOST_LINES}
        assert long == set(TABLES)


def test_every_python_file_is_in_a_room() -> None:
    hidden_or_built = {
        ".git",
        ".venv",
        "venv",
        "build",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
    }
    homeless = [
        entry.name
        for entry in ROOT.iterdir()
        if entry.name not in ROOMS.keys() | OUTSIDE | hidden_or_built
        and (entry.suffix == ".py" or (entry.is_dir() and any(entry.rglob("*.py"))))
    ]
    assert homeless == []


def test_one_module_reads_pulumi_config() -> None:
    # offline/engine/sdk.py writes the configuration that the program then reads, as the engine does.
    # What stands in examples/ are programs of their own.
    readers = {file for file, source in sources(*(ROOMS.keys() - {"examples"})) if reads_of_pulumi_config(file, source)}
    assert readers - {"offline/engine/sdk.py"} == {STACK}


def test_one_module_of_offline_touches_the_inside_of_the_sdk() -> None:
    touching = {file for file, source in sources("offline") if internals_of_the_sdk(file, source)}
    assert touching == {"offline/engine/sdk.py"}


def test_one_component_module_touches_the_inside_of_the_sdk() -> None:
    # Only the module that reads configuration: the SDK publishes no way to read all of it.
    touching = {file for file, source in sources("components") if internals_of_the_sdk(file, source)}
    assert touching == {STACK}


def test_the_provider_is_imported_by_service_so_that_types_are_checked() -> None:
    # Type checking skips the provider's top-level package for its size (pyproject.toml): what is reached
    # through it is not checked at all. What comes by `from pulumi_aws import msk`, or by
    # `from pulumi_aws.get_region import get_region`, is.
    whole = [
        str(use)
        for file, source in sources("components", "__main__.py")
        for use in imports(file, source)
        if use.name == "pulumi_aws"
    ]
    assert whole == []


def test_offline_imports_the_schema_validator_only_when_there_is_something_to_validate() -> None:
    eager = [
        str(use)
        for file, source in sources("offline")
        for use in imports(file, source)
        if use.within("jsonschema") and use.at_import_time
    ]
    assert eager == []


@pytest.mark.parametrize(
    ("file", "source", "caught"),
    [
        ("inventory/cost.py", "import pulumi", "pulumi"),
        ("inventory/cost.py", "from components.network.made import Network", "components.network.made.Network"),
        ("inventory/deep/cost.py", "from ...tools import preview", "tools.preview"),
        ("inventory/cost.py", "def f():\n    import rich.table", "rich.table"),
        ("inventory/cost.py", "if TYPE_CHECKING:\n    from offline.engine.run import Run", "offline.engine.run.Run"),
        ("inventory/cost.py", "importlib.import_module('offline.engine.run')", "offline.engine.run"),
        ("components/network/made.py", "import offline", "offline"),
        ("__main__.py", "from tools import preview", "tools.preview"),
        ("policies/msk_policies/rules/a.py", "from pulumi_aws import msk", "pulumi_aws.msk"),
        ("policies/__main__.py", "import domain.msk.brokers", "domain.msk.brokers"),
        ("offline/engine/run.py", "from inventory import rows", "inventory.rows"),
        ("tools/preview/command.py", "import pulumi", "pulumi"),
    ],
)
def test_a_trespass_is_noticed(file: str, source: str, caught: str) -> None:
    assert [use.name for use in trespasses(file, source)] == [caught]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        (
            "inventory/cost.py",
            "import json\nfrom domain.msk.brokers import BROKER_TYPES",
        ),
        ("inventory/cost.py", "from . import brokers\nfrom .prices import PRICES"),
        ("policies/msk_policies/rules/a.py", "from msk_policies.kit.rule import rule\nfrom ..rule import rule"),
        ("tools/preview/command.py", "from offline.engine.run import Run\nfrom rich.table import Table"),
    ],
)
def test_what_is_allowed_is_no_trespass(file: str, source: str) -> None:
    assert trespasses(file, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pulumi\npulumi.Config().get('a')",
        "import pulumi as p\np.Config('aws')",
        "from pulumi import Config",
        "from pulumi.config import Config",
        "from pulumi.runtime import config",
        "from pulumi import runtime\nruntime.get_config('a')",
    ],
)
def test_every_way_to_read_pulumi_config_is_noticed(source: str) -> None:
    assert reads_of_pulumi_config("components/network/made.py", source) != []


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ("from pulumi.runtime import settings", True),
        ("import pulumi\npulumi.runtime.settings.SETTINGS", True),
        ("from pulumi.resource import _parse_resource_reference", True),
        ("import pulumi\npulumi.Output._from", True),
        ("from pulumi.runtime.proto import resource_pb2", False),
        ("import pulumi\npulumi.RunError('no')", False),
    ],
)
def test_use_of_the_inside_of_the_sdk_is_told_from_its_public_names(source: str, noticed: bool) -> None:
    assert bool(internals_of_the_sdk("offline/engine/run.py", source)) is noticed
