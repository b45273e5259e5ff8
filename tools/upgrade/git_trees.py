"""What git knows of a directory's files: their contents by commit, and three-way merges. A clone's and the template's alike."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.shared.commands import CommandError


class GitError(CommandError):
    """Git could not do what it was asked to; the message is its own."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a commit.

    Attributes:
        mode: Its mode as git has it: 100644, or 100755 for a program.
        blob: The id of its contents, the same in every repository.
    """

    mode: str
    blob: str


Tree = dict[str, File]
"""The files by their paths from the directory."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A directory under git, which may be a part of a larger repository."""

    directory: Path

    def git(self, *arguments: str) -> str:
        """What a git command prints.

        Raises:
            GitError: It failed.
        """
        return self._run(*arguments).decode("utf-8")

    def commit(self, name: str) -> str:
        """The full id of a commit; raises `GitError` where there is none of this name."""
        return self.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()

    def tree(self, commit: str) -> Tree:
        """The files of this directory in a commit."""
        rows = (row.partition("\t") for row in self.git("ls-tree", "-r", "-z", commit).split("\0") if row)
        return {path: File(*_columns(about, 0, 2)) for about, _, path in rows}

    def index(self) -> Tree:
        """The files of this directory that are under git, which in a clean directory are the files as they are."""
        rows = (row.partition("\t") for row in self.git("ls-files", "--stage", "-z").split("\0") if row)
        return {path: File(*_columns(about, 0, 1)) for about, _, path in rows}

    def contents(self, blob: str) -> bytes:
        """The contents of a file."""
        return self._run("cat-file", "blob", blob)

    def archive(self, commit: str) -> bytes:
        """The files of this directory in a commit, as a tar archive."""
        return self._run("archive", "--format=tar", commit)

    def has_changes(self) -> bool:
        """Whether something in this directory is not committed, new files included."""
        return bool(self.git("status", "--porcelain", "--", "."))

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit contains another."""
        return self.git("rev-list", "--max-count=1", older, f"^{newer}") == ""

    def _run(self, *arguments: str) -> bytes:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, check=False)
        if done.returncode != 0:
            raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed")
        return done.stdout


def _columns(row: str, *places: int) -> list[str]:
    columns = row.split()
    return [columns[place] for place in places]


_TOO_MANY_CONFLICTS = 127
"""`git merge-file` returns the number of conflicts up to this, and more only when it failed."""


def merged(ours: bytes, base: bytes, theirs: bytes) -> tuple[bytes, int]:
    """A file that two sides changed, with the changes of both.

    Args:
        ours: The team's.
        base: What both began with.
        theirs: The template's.

    Returns:
        The contents, and the number of places where both changed the same and conflict markers stand.

    Raises:
        GitError: It is no text.
    """
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name, part) for part in ("ours", "base", "theirs")]
        for path, contents in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(contents)
        labels = ["-L", "this clone", "-L", "the template before", "-L", "the template now"]
        command = ["git", "merge-file", "--diff3", "-p", *labels, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, check=False)
    if not 0 <= done.returncode <= _TOO_MANY_CONFLICTS:
        raise GitError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout, done.returncode
