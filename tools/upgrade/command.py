"""`python -m tools upgrade TEMPLATE`: brings a clone to a newer version of the template, by a three-way merge of each file.

The base of the merge is the template's commit that the clone was made from. `template.json` remembers it from the first upgrade
on; before, it is found by comparing the clone's first commit with the template's history: a `pulumi new` copies no git history,
and a list of checksums kept in the template would only say again what git's own ids of contents say.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tools.shared.commands import FINE, REFUSED, CommandError, add_directory, parser_of, told
from tools.upgrade.changelog import CHANGELOG, effects_on_clusters
from tools.upgrade.git_trees import GitError, Repository, Tree
from tools.upgrade.plan import MANIFEST, PROJECT, Step, Upgrade, manifest, nearest_base

if TYPE_CHECKING:
    import argparse

_PROGRAM = "__main__.py"
_NEXT = """\
Then, in this order:
  make generate                 settings into Pulumi.yaml, docs/settings.md and the schema of stack files
  make lint test
  make preview STACK=...        for each stack
  pulumi preview --stack ...    must replace nothing; `pulumi preview --json | python -m tools changes` explains
Commit if that is fine. To undo everything: git reset --hard && git clean -d --force"""


class UpgradeError(CommandError):
    """An upgrade that is not possible like this; the message says what to do."""


@told
def main(arguments: list[str]) -> int:
    """Upgrades, or says what an upgrade would do.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when conflicts are left to decide; 2 when nothing could be done.
    """
    options = _parser().parse_args(arguments)
    upgrade = _prepared(options)
    steps = upgrade.steps() if upgrade.base != upgrade.target else []
    if not steps:
        print(f"This clone is at {upgrade.target[:12]} of the template: nothing to do.")
        return FINE
    if not options.dry_run:
        for step in steps:
            _write(upgrade.clone.directory, step)
    _tell(upgrade, steps, dry_run=options.dry_run)
    return REFUSED if any(step.conflicts for step in steps) else FINE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("upgrade", "Brings a clone to a newer version of the template. Run it in the clone.")
    parser.add_argument("template", type=Path, metavar="TEMPLATE", help="a git checkout of the template, with its history")
    parser.add_argument("--to", default="HEAD", metavar="COMMIT", help="the template's version to upgrade to (default: HEAD)")
    parser.add_argument(
        "--base", metavar="COMMIT", help="the template's commit that this clone started from, if it is not detected"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing; show what would change")
    add_directory(parser, "the clone is")
    return parser


def _prepared(options: argparse.Namespace) -> Upgrade:
    template, clone = Repository(options.template), Repository(options.directory)
    for repository, which in ((clone, "the clone"), (template, "the template")):
        _check_under_git(repository, which)
    if "template" in yaml.safe_load((clone.directory / PROJECT).read_text(encoding="utf-8")):
        raise UpgradeError("this is the template itself, not a clone. Run it in a project that `pulumi new` created.")
    if clone.has_changes():
        raise UpgradeError("this clone has uncommitted changes. Commit or stash them first, so that nothing is lost.")
    target = _commit(template, options.to, "--to")
    here = clone.index()
    if remembered := options.base or manifest(clone, here).get("base"):
        base = _commit(template, remembered, "--base" if options.base else MANIFEST)
    else:
        base = _found(template, target, clone)
    if not template.is_ancestor(base, target):
        raise UpgradeError(
            f"this clone is at {base[:12]}, which {target[:12]} of the template does not contain, and upgrades only go forward. "
            "Update the template's checkout (git pull), or name a newer version with --to."
        )
    return Upgrade(template, clone, base, target)


def _check_under_git(repository: Repository, which: str) -> None:
    if not repository.directory.is_dir():
        raise UpgradeError(f"{which}: the directory {repository.directory} does not exist.")
    try:
        tree = repository.tree("HEAD")
    except (GitError, OSError) as error:
        remedy = "git init && git add --all && git commit" if which == "the clone" else "git clone it, with its history"
        raise UpgradeError(f"{which} has no commits: {remedy}. ({error})") from error
    for name in (PROJECT, _PROGRAM):
        if name not in tree:
            raise UpgradeError(
                f"{which}: {name} is not committed there. Is {repository.directory.resolve().name} the right directory?"
            )


def _commit(template: Repository, name: str, where: str) -> str:
    try:
        return template.commit(name)
    except GitError as error:
        raise UpgradeError(
            f"the template has no commit {name} ({where}): update its checkout with `git fetch`, "
            "and with `git fetch --unshallow` if it is shallow."
        ) from error


def _found(template: Repository, target: str, clone: Repository) -> str:
    """The template's commit that the clone was made from."""
    commit, same, of = nearest_base(template, target, _begun(clone))
    print(f"Base: {commit[:12]} of the template; this clone started with {same} of its {of} files unchanged.")
    if same * 2 < of:
        shallow = template.git("rev-parse", "--is-shallow-repository").strip() == "true"
        remedy = "its checkout is shallow: git fetch --unshallow" if shallow else "name its commit with --base"
        raise UpgradeError(f"no commit in the template's history matches this clone: {remedy}.")
    return commit


def _begun(clone: Repository) -> Tree:
    """The clone's files in the commit that brought the program, before most of the team's changes."""
    brought = clone.git("log", "--diff-filter=A", "--format=%H", "--", _PROGRAM).split()
    return clone.tree(brought[-1]) if brought else clone.index()


def _write(directory: Path, step: Step) -> None:
    path = directory / step.path
    if not step.writes:
        return
    if step.contents is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(step.contents)
    path.chmod(0o755 if step.mode == "100755" else 0o644)


def _text(repository: Repository, commit: str, name: str) -> str:
    """The text of a file in a commit; empty where it is not there."""
    tree = repository.tree(commit)
    return repository.contents(tree[name].blob).decode("utf-8") if name in tree else ""


def _tell(upgrade: Upgrade, steps: list[Step], *, dry_run: bool) -> None:
    print(f"{'Would upgrade' if dry_run else 'Upgraded'} from {upgrade.base[:12]} to {upgrade.target[:12]} of the template:")
    for step in sorted(steps, key=lambda step: (step.conflicts, step.path)):
        print(f"  {step.path}: {step.says}")
    if effects := effects_on_clusters(*(_text(upgrade.template, commit, CHANGELOG) for commit in (upgrade.base, upgrade.target))):
        print("What it does to a running cluster:")
        for effect in effects:
            print(f"  - {effect}")
    if dry_run:
        print("Nothing was written (--dry-run).")
        return
    if any(step.conflicts for step in steps):
        print("Resolve the CONFLICTS: between <<<<<<< and >>>>>>> are this clone's lines, the template's old and its new lines.")
    print(_NEXT)
