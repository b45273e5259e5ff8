"""Where evidence comes from: the commit, and hashes of the pack, of its configuration, of the stack file and of what was read."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.evidence.subject import Subject

_LEFT_OUT: Final = ("__pycache__", "config", ".venv")


class HashedRow(TypedDict):
    """A file or a folder, and the SHA-256 of its content; null where it is not there."""

    name: str
    sha256: str | None


class ProvenanceRow(TypedDict):
    """Where evidence comes from.

    ``commit`` is null outside of git; ``uncommitted`` says whether the directory had changes that no commit has, and is null with
    it. ``template`` is the template's version, null in another project.
    """

    commit: str | None
    uncommitted: bool | None
    template: str | None
    pack: HashedRow
    packVersion: str | None
    configuration: HashedRow
    stackFile: HashedRow
    input: HashedRow | None


def provenance_of(subject: Subject, directory: Path) -> ProvenanceRow:
    """Where the evidence of a subject comes from.

    Args:
        subject: What it is about.
        directory: Where Pulumi.yaml and policies/ are.
    """
    document = subject.document
    stack, policies = document["stack"], document["policies"]
    commit = _git(directory, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    changes = _git(directory, "status", "--porcelain", "--", ".") if commit else None
    manifest = directory / "template.json"
    pack = directory / "policies"
    stack_file = subject.config.file if subject.config else f"Pulumi.{stack}.yaml"
    read = subject.file
    return {
        "commit": commit,
        "uncommitted": None if changes is None else bool(changes),
        "template": json.loads(manifest.read_text(encoding="utf-8"))["version"] if manifest.is_file() else None,
        "pack": {"name": "policies", "sha256": _hash_of_files(pack, _files_of(pack))},
        "packVersion": policies["version"] if policies else None,
        "configuration": _hashed(directory, f"policies/config/{stack}.json"),
        "stackFile": _hashed(directory, stack_file),
        "input": None if read is None else _hashed(Path(), str(read)),
    }


def _git(directory: Path, *arguments: str) -> str | None:
    """What a git command prints; None where there is no git, or nothing under it."""
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=directory, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def _files_of(pack: Path) -> list[Path]:
    """What decides in a pack: its code, its facts and its requirements, and no stack's configuration."""
    inside = (path for path in pack.rglob("*") if path.is_file())
    return sorted(path for path in inside if not set(path.relative_to(pack).parts) & set(_LEFT_OUT))


def _hash_of_files(folder: Path, files: Iterable[Path]) -> str | None:
    digest = hashlib.sha256()
    some = False
    for path in files:
        some = True
        # Names and contents with their lengths: no two folders give the same text.
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
            digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest() if some else None


def _hashed(directory: Path, name: str) -> HashedRow:
    file = directory / name
    return {"name": name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None}
