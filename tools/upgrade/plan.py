"""What an upgrade does with each file: the template's changes come, the team's stay, and what is the team's is not touched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import yaml

from tools.generate.settings import dumped
from tools.upgrade.git_trees import File, GitError, merged

if TYPE_CHECKING:
    from tools.upgrade.git_trees import Repository, Tree

MANIFEST: Final = "template.json"
"""Says the template's version, which files are the team's, and in a clone which commit of the template the rest is from."""

PROJECT: Final = "Pulumi.yaml"
_OF_THE_TEAM: Final = frozenset({"name", "description", "config", "template"})
"""What a clone has of its own in Pulumi.yaml. The settings under `config:` are `make generate`'s."""

DELETED: Final = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a file.

    Attributes:
        path: The file.
        says: What happens, in a word or a few.
        contents: What it will be; `DELETED` to take it away.
        mode: Its mode, as git has it.
        conflicts: How many places somebody must decide about.
        writes: Whether anything is written at all; otherwise it is only told.
    """

    path: str
    says: str
    contents: bytes | None = DELETED
    mode: str = "100644"
    conflicts: int = 0
    writes: bool = True


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The three sides of an upgrade."""

    template: Repository
    clone: Repository
    base: str
    """The template's commit that the clone was made from or last upgraded to."""
    target: str
    """The template's commit to upgrade to."""

    def steps(self) -> list[Step]:
        """What happens to each file that is not left as it is, by path."""
        before, now, here = self.template.tree(self.base), self.template.tree(self.target), self.clone.index()
        team = team_patterns(self.template, now) + team_patterns(self.clone, here)
        steps = [
            self._step(path, before.get(path), now.get(path), here.get(path))
            for path in sorted(before.keys() | now.keys())
            if path not in (MANIFEST, PROJECT) and not is_of_the_team(path, team)
        ]
        steps += [self._project(before, now, here), self._manifest(team, manifest(self.template, now).get("version"))]
        return [step for step in steps if step is not None]

    def _step(self, path: str, base: File | None, theirs: File | None, ours: File | None) -> Step | None:
        if theirs in (base, ours):
            return None
        if theirs is None:
            return (
                Step(path, "deleted") if ours == base else Step(path, "kept: edited here, deleted in the template", writes=False)
            )
        if ours == base:
            return Step(path, "new" if base is None else "replaced", self.template.contents(theirs.blob), theirs.mode)
        if ours is None:
            return Step(path, "left out: deleted here, changed in the template", writes=False)
        try:
            contents, conflicts = merged(
                self.clone.contents(ours.blob),
                self.template.contents(base.blob) if base else b"",
                self.template.contents(theirs.blob),
            )
        except GitError:
            return Step(path, "kept: not text, changed here and in the template", conflicts=1, writes=False)
        mode = theirs.mode if base is None or ours.mode == base.mode else ours.mode
        says = f"CONFLICTS: {conflicts}, changed here and in the template" if conflicts else "merged"
        return Step(path, says, contents, mode, conflicts)

    def _project(self, before: Tree, now: Tree, here: Tree) -> Step | None:
        """Pulumi.yaml key by key: its name, its description and its answers are the team's, and so is each key it changed."""
        old, new = (yaml.safe_load(self.template.contents(tree[PROJECT].blob)) for tree in (before, now))
        present: dict[str, Any] = yaml.safe_load(self.clone.contents(here[PROJECT].blob))
        wanted = dict(present)
        for key in (old.keys() | new.keys()) - _OF_THE_TEAM:
            if old.get(key) == present.get(key) != new.get(key):
                wanted[key] = new.get(key)
        wanted = {key: value for key, value in wanted.items() if value is not None}
        if wanted == present:
            return None
        return Step(PROJECT, "merged", dumped(wanted).encode("utf-8"), here[PROJECT].mode)

    def _manifest(self, team: list[str], version: str | None) -> Step:
        content = {**({"version": version} if version else {}), "team": sorted(set(team)), "base": self.target}
        return Step(MANIFEST, "remembers the template's commit", (json.dumps(content, indent=2) + "\n").encode("utf-8"))


def team_patterns(repository: Repository, tree: Tree) -> list[str]:
    """The patterns of the files that are the team's; none where there is no manifest."""
    return list(manifest(repository, tree).get("team", []))


def manifest(repository: Repository, tree: Tree) -> dict[str, Any]:
    """What a directory's manifest says; nothing where there is none."""
    content: dict[str, Any] = json.loads(repository.contents(tree[MANIFEST].blob)) if MANIFEST in tree else {}
    return content


def is_of_the_team(path: str, patterns: list[str]) -> bool:
    """Whether a file is the team's; `*` in a pattern stands for anything, folders included, but for a name at the top."""
    return any(fnmatchcase(path, pattern) and (("/" in path) == ("/" in pattern)) for pattern in patterns)


def nearest_base(template: Repository, target: str, begun: Tree) -> tuple[str, int, int]:
    """The template's commit that a clone was made from, by what is in its files.

    Where several differ as much, the oldest is taken: a change that both sides have made merges by itself, while a base too new
    would lose the changes up to it.

    Args:
        template: The template.
        target: Where its history is looked at from.
        begun: The clone's files, best as they were at first.

    Returns:
        The commit, the number of the template's files that the clone has unchanged, and the number of all of them.
    """
    team = team_patterns(template, template.tree(target))
    closest = ("", -1, 0, -1)
    for commit in reversed(template.git("rev-list", target).split()):
        tree = {path: file for path, file in template.tree(commit).items() if not is_of_the_team(path, team)}
        same = sum(begun.get(path) == file for path, file in tree.items())
        # A file of the template that the clone has not, or has otherwise, is one difference; what only the clone has is none.
        closeness = 2 * same - len(tree)
        if not closest[0] or closeness > closest[3]:
            closest = (commit, same, len(tree), closeness)
    return closest[:3]
