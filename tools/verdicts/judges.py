"""What judges a pull request, and whether the pull request changes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

JUDGES: Final = (".ci", ".github", "domain", "inventory", "Makefile", "offline", "policies", "requirements.lock", "tools")
"""Files and directories by which a pull request is judged: the policy pack with what each stack is allowed, the tools with what
they import, what installs them, and the workflows."""

_IGNORED: Final = ("__pycache__",)


@dataclass(frozen=True, slots=True)
class Difference:
    """How the judges of a pull request differ from those of the branch that it is for.

    Attributes:
        changed: Paths of files that are changed, added or removed.
        configuration: Whether what the stack is allowed is among them: ``policies/config/<stack>.json``.
        upgrade: The two versions of the template, old and new, where they differ; else None.
        new_stack: Whether the branch has no such stack.
    """

    changed: tuple[str, ...]
    configuration: bool
    upgrade: tuple[str, str] | None
    new_stack: bool


def difference(base: Path, change: Path, stack: str) -> Difference:
    """Compares two checkouts; what is in the pull request's is read and never run.

    Args:
        base: The checkout of the branch that the pull request is for.
        change: The checkout of the pull request.
        stack: The stack's name.
    """
    old, new = _files(base), _files(change)
    changed = tuple(path for path in sorted({*old, *new}) if old.get(path) != new.get(path))
    versions = _version(base), _version(change)
    return Difference(
        changed,
        f"policies/config/{stack}.json" in changed,
        None if versions[0] == versions[1] else versions,
        not (base / f"Pulumi.{stack}.yaml").is_file(),
    )


def _files(directory: Path) -> dict[str, bytes]:
    """The contents of every file that judges, by its path; a link's is where it points to, so that nothing outside is read."""
    contents: dict[str, bytes] = {}
    for judge in JUDGES:
        top = directory / judge
        for path in (top, *top.rglob("*")) if top.is_dir() and not top.is_symlink() else (top,):
            if path.is_symlink():
                contents[path.relative_to(directory).as_posix()] = f"-> {path.readlink()}".encode()
            elif path.is_file() and not any(part in _IGNORED for part in path.parts):
                contents[path.relative_to(directory).as_posix()] = path.read_bytes()
    return contents


def _version(directory: Path) -> str:
    """The version of the template that a checkout is made from; "unknown" where it does not say."""
    try:
        manifest = json.loads((directory / "template.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "unknown"
    version = manifest.get("version") if isinstance(manifest, dict) else None
    return version if isinstance(version, str) else "unknown"
