"""What holds for all files: no machine's paths, no exception without its reason, one set of versions."""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_aws import msk

    # Wrong on purpose: should type checking stop looking into AWS resources, lint reports an unused ignore.
    msk.ConfigurationArgs(server_properties="", kafka_version=["3.9.x"])  # type: ignore[call-arg]  # a misspelt name

ROOT = Path(__file__).resolve().parent.parent

BUILT = frozenset(
    {
        ".git",
        ".venv",
        "venv",
        "build",
        "__pycache__",
        ".hypothesis",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
    }
)


def repository_files() -> list[str]:
    """Return every file that is tracked or about to be; without git, as after `pulumi new`, all files."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is where PATH says
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
    else:
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [path.as_posix() for path in found if not BUILT & set(path.parts)]
    return sorted(name for name in names if (ROOT / name).is_file())


def text_of(name: str) -> str | None:
    """Return the text of a file, or None if it is binary."""
    content = (ROOT / name).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


# --- Machines and registries ------------------------------------------------------------------------------

# Put together here, so that this file does not find itself.
_DIRECTORIES = ["work", "root", "home", "Users", "opt/" + "wheels", "tmp/" + "w"]
_BEFORE, _AFTER = r"(?<![\w.:$}\])>-])", r"(?=/|\s|[\"'`,;:)]|$)"
MACHINE_PATH = re.compile(rf"{_BEFORE}/(?:{'|'.join(_DIRECTORIES)}){_AFTER}", re.MULTILINE)
REGISTRY_HOST = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in [
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("pypi", "python", "org"),
            ("proxy", "golang", "org"),
            ("sum", "golang", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("repo1", "maven", "org"),
            ("repo", "maven", "apache", "org"),
            ("index", "crates", "io"),
            ("static", "crates", "io"),
            ("registry-1", "docker", "io"),
        ]
    )
)


def places(pattern: re.Pattern[str], name: str, text: str) -> list[str]:
    return [f"{name}:{text.count(chr(10), 0, m.start()) + 1}: {m.group()}" for m in pattern.finditer(text)]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["machine path", "registry host"])
def test_no_file_speaks_of_one_machine_or_registry(pattern: re.Pattern[str]) -> None:
    texts = {name: text for name in repository_files() if (text := text_of(name)) is not None}
    assert "Makefile" in texts
    assert [place for name, text in texts.items() for place in places(pattern, name, text)] == []


@pytest.mark.parametrize("directory", _DIRECTORIES)
def test_a_machine_path_is_noticed(directory: str) -> None:
    for text in (f"cd /{directory}/x", f"'/{directory}'", f"path=/{directory}/main", f"see /{directory}"):
        assert places(MACHINE_PATH, "a", text), text
    for text in (
        f"example.com/{directory}/x",
        f"/{directory}ing",
        f"arn:aws:iam::1:{directory}",
        f"./{directory}/x",
    ):
        assert places(MACHINE_PATH, "a", text) == [], text


# --- Exceptions carry reasons -----------------------------------------------------------------------------

CODES = r"[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*"
DIRECTIVE = re.compile(rf"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*{CODES})?|pragma:\s*no cover)")
BROAD = {"Exception", "BaseException"}
SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def unexplained(name: str, source: str) -> list[str]:
    """Return the skips, ignores and broad excepts that give no reason: there or in the line above."""
    comments: dict[int, str] = {}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = token.string
        elif token.string.strip():
            code.update(range(token.start[0], token.end[0] + 1))

    def explained(line: int) -> bool:
        here, above = comments.get(line, ""), comments.get(line - 1, "")
        if re.search(r"\w", DIRECTIVE.sub("", here)):
            return True
        if line - 1 in code:  # a run of lines with the same directives needs its reason once
            return bool(here) and DIRECTIVE.findall(here) == DIRECTIVE.findall(above) and explained(line - 1)
        return bool(re.search(r"\w", DIRECTIVE.sub("", above)))

    exceptions = {line: f"{name}:{line}: {text}" for line, text in comments.items() if DIRECTIVE.search(text)}
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            exceptions[node.lineno] = f"{name}:{node.lineno}: broad except"
        elif isinstance(node, ast.Attribute) and node.attr in SKIPS and _is_pytest(node.value):
            exceptions[node.lineno] = f"{name}:{node.lineno}: {node.attr}"
    return [text for line, text in sorted(exceptions.items()) if not explained(line)]


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(elt) for elt in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in BROAD)


def _is_pytest(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "mark"
    return isinstance(node, ast.Name) and node.id in {"pytest", "mark"}


def test_every_exception_from_a_rule_gives_its_reason() -> None:
    files = {name: text_of(name) or "" for name in repository_files() if name.endswith(".py")}
    assert "__main__.py" in files
    assert [place for name, source in files.items() for place in unexplained(name, source)] == []


IGNORE = "type" + ": ignore"


@pytest.mark.parametrize(
    "source",
    [
        f"import a  # {IGNORE}",
        f"import a  # {IGNORE}[import-untyped]",
        "import a  # no" + "qa: F401",
        "import a  # no" + "qa",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (OSError, BaseException):  # no" + "qa: BLE001\n    pass",
        "try:\n    f()\nexcept:\n    pass",
        "@pytest.mark.skip\ndef test_a(): ...",
        "@mark.xfail(strict=True)\ndef test_a(): ...",
        "pytest.importorskip('kafka')",
    ],
)
def test_an_exception_without_a_reason_is_noticed(source: str) -> None:
    assert len(unexplained("a.py", source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        f"import a  # {IGNORE}[import-untyped]  # publishes no types",
        f"# a publishes no types\nimport a  # {IGNORE}[import-untyped]",
        "import a  # no" + "qa: F401 - registers itself",
        "try:\n    f()\nexcept Exception:  # whatever it is, it is shown\n    pass",
        "try:\n    f()\nexcept OSError:\n    pass",
        "# the broker is not there on Windows\n@pytest.mark.skipif(True)\ndef test_a(): ...",
        "text = '# no" + "qa'",
    ],
)
def test_an_exception_with_a_reason_passes(source: str) -> None:
    assert unexplained("a.py", source) == []


# --- One set of versions ----------------------------------------------------------------------------------


def requirements(name: str) -> Iterator[Requirement]:
    """Yield the requirements of a file, without the files it includes."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not text.startswith("-"):
            yield Requirement(text)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, list[str]]:
    """Return the entries of requirements.lock: for each `name==version` its hashes."""
    entries: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        text = line.strip().removesuffix("\\").strip()
        if text.startswith("--hash="):
            entries[next(reversed(entries))].append(text)
        elif text and not text.startswith("#"):
            entries[text.partition(";")[0].strip()] = []
    return entries


def locked_versions() -> dict[str, Version]:
    pairs = (entry.split("==") for entry in locked())
    return {canonical(name): Version(version) for name, version in pairs}


def test_the_lock_is_exact_and_hashed_and_names_no_source() -> None:
    entries = locked()
    assert entries
    assert [entry for entry in entries if not re.fullmatch(r"[\w.-]+==(\d+!)?[\w.]+", entry)] == []
    digest = re.compile(r"--hash=sha256:[0-9a-f]{64}")
    assert [entry for entry, hashes in entries.items() if not hashes or not all(map(digest.fullmatch, hashes))] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.in", "policies/requirements.txt"])
def test_every_requirement_is_locked_within_its_range(name: str) -> None:
    versions = locked_versions()
    wanted = list(requirements(name))
    assert wanted
    assert [
        f"{entry}: locked {versions.get(canonical(entry.name), 'nothing')}; run make lock"
        for entry in wanted
        if canonical(entry.name) not in versions or versions[canonical(entry.name)] not in entry.specifier
    ] == []


@pytest.mark.parametrize("name", ["requirements.txt", "policies/requirements.txt"])
def test_what_clones_install_has_a_highest_version(name: str) -> None:
    bounded = {"<", "<=", "~=", "=="}
    assert [str(r) for r in requirements(name) if not bounded & {s.operator for s in r.specifier}] == []


def test_every_library_that_the_code_imports_is_a_requirement() -> None:
    distributions = {"google": "protobuf", "grpc": "grpcio", "yaml": "pyyaml", "pydantic_core": "pydantic"}
    rooms = {"__main__.py", "components", "domain", "inventory", "offline", "policies", "tools"}
    own = rooms | {"msk_policies", "__main__"}
    imported: set[str] = set()
    for name in repository_files():
        # The dashboards are built here, and come to a clone as they are.
        if name.endswith(".py") and name.split("/")[0] in rooms and name != "tools/generate/dashboards.py":
            for node in ast.walk(ast.parse(text_of(name) or "", name)):
                if isinstance(node, ast.Import):
                    imported.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    imported.add(node.module.split(".")[0])
    libraries = imported - own - sys.stdlib_module_names
    declared = {canonical(requirement.name) for requirement in requirements("requirements.txt")}
    assert "pulumi" in libraries
    assert {library for library in libraries if canonical(distributions.get(library, library)) not in declared} == set()


# --- Commands ---------------------------------------------------------------------------------------------


def test_every_make_command_that_is_written_down_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile") or "", re.MULTILINE))
    command = re.compile(r"(?:^\s*\$?\s*|`)make ([a-z]+)\b", re.MULTILINE)
    written = {
        (name, target)
        for name in [
            "README.md",
            "Pulumi.yaml",
            ".ci/run",
            *(n for n in repository_files() if n.startswith("docs/")),
        ]
        for target in command.findall(text_of(name) or "")
    }
    assert ("README.md", "test") in written
    assert {(name, target) for name, target in written if target not in targets} == set()


@pytest.mark.parametrize("name", [".ci/run", ".ci/actionlint", ".ci/find-python", ".ci/kafka", ".ci/pulumi-cli"])
def test_scripts_are_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_ci_says_how_long_each_step_took_also_where_one_fails(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    for name in (".ci/run", ".ci/find-python", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "make").write_text('#!/bin/sh\n[ "$1" != lint ] || exit 3\n', encoding="utf-8")
    (commands / "make").chmod(0o755)
    done = subprocess.run(
        [tmp_path / ".ci" / "run"],
        env={**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    table = done.stdout.partition("== time of each step\n")[2]
    assert re.sub(r"^ *\d+ s", "N s", table, flags=re.MULTILINE) == "N s  toolchain\nN s  make lint (failed)\nN s  in all\n"
