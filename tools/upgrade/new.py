"""`python -m tools new`: makes a project from this template, by `pulumi new` with the files of the last commit.

`pulumi new` of a folder copies every file in it, whatever .gitignore says, and fails half-way where a `.venv` links to a
directory. So it is given the files of the commit, in a directory of their own.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from domain.checks.clones import TEMPLATE
from domain.settings.stack import MAXIMUM_CLUSTER_NAME
from tools.shared.commands import FAILED, FINE, CommandError, add_directory, parser_of, told
from tools.upgrade.git_trees import GitError, Repository

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_PROJECT: Final = "Pulumi.yaml"
_LANGUAGE: Final = "pulumi-language-python"
_INSTALL: Final = "https://www.pulumi.com/docs/install/"
_LONGEST_NAME: Final = MAXIMUM_CLUSTER_NAME - len("-prod")
_EXAMPLE: Final = "make new DIR=../orders-kafka NAME=orders-kafka"
_EPILOG: Final = f"""\
Options after -- go to `pulumi new`, which asks for the rest:

  {_EXAMPLE}
  make new DIR=../orders-kafka NAME=orders-kafka ARGS="--yes --stack dev -c aws:region=eu-west-1"
  python -m tools new --dir ../orders-kafka --name orders-kafka -- --yes --stack dev -c aws:region=eu-west-1

exit codes:
  0  the project is created
  2  the input is wrong: every mistake is listed, and nothing was created
  3  `pulumi new` failed; the directory is unchanged"""


@told
def main(arguments: list[str]) -> int:
    """Makes a project.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    # Resolved before it is looked at: what is there behind ".." is what would be written to.
    target = (options.directory.resolve() / Path(options.dir).expanduser()).resolve()
    cli, problems = _cli(options.directory)
    problems = [*_about_target(options, target), *_about_name(options.name), *problems, *_about_checkout(options.directory)]
    if problems:
        raise CommandError("\n".join(problems))
    try:
        return _make(options, cli, target)
    except (GitError, OSError) as error:
        raise CommandError(str(error), FAILED) from error


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("new", "Creates a project from this template. Run it in a checkout of the template.", _EPILOG)
    parser.add_argument("--dir", default="", help="the project's directory: empty, or to be created")
    parser.add_argument("--name", default="", help="the project's name; its clusters are named NAME-STACK")
    parser.add_argument("arguments", nargs="*", metavar="-- OPTION", help="options of `pulumi new`")
    add_directory(parser, "the checkout is")
    return parser


def _about_target(options: argparse.Namespace, target: Path) -> Iterator[str]:
    """What is wrong with the directory for the project."""
    if not options.dir:
        yield f"DIR is missing: the project's directory. {_EXAMPLE}"
    elif target.is_relative_to(options.directory.resolve()):
        yield f"DIR: {options.dir} is inside this checkout. Name a directory beside it, such as ../orders-kafka."
    elif target.exists() and not target.is_dir():
        yield f"DIR: {options.dir} is a file. Name a directory that does not exist yet."
    elif target.exists() and any(target.iterdir()):
        yield f"DIR: {options.dir} is not empty. Name another directory, or empty it."


def _about_name(name: str) -> Iterator[str]:
    """What is wrong with the project's name, which clusters are named after."""
    if not name:
        yield f"NAME is missing: the project's name; its clusters are named NAME-dev, NAME-prod. {_EXAMPLE}"
    elif not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", name) or len(name) > _LONGEST_NAME:
        yield (
            f"NAME: {name} must be 1 to {_LONGEST_NAME} letters, digits and hyphens and begin with a letter or digit: "
            "it names the project's clusters."
        )
    elif name.lower() in (TEMPLATE, "pulumi"):
        whose = "the template's own name, and projects with the same name give their clusters the same names"
        yield f"NAME: {name} is {whose if name.lower() == TEMPLATE else 'a name that Pulumi refuses'}. Choose another."


def _cli(directory: Path) -> tuple[str, list[str]]:
    """The Pulumi CLI to run, and why there is none."""
    script = directory / ".ci" / "pulumi-cli"
    done = subprocess.run(["sh", script, "--at-hand"], capture_output=True, text=True, check=False)  # noqa: S607 - PATH's sh
    if done.returncode == 0:
        cli = done.stdout.strip()
        if shutil.which(_LANGUAGE) or (Path(cli).resolve().parent / _LANGUAGE).exists():
            return cli, []
        return "", [f"{cli} has no {_LANGUAGE} beside it; a CLI built by .ci/pulumi-cli has none. Install the CLI: {_INSTALL}"]
    why = done.stderr.strip().removeprefix("pulumi-cli: ")
    return "", [f"There is {why}\n  Install it: {_INSTALL}"]


def _about_checkout(directory: Path) -> Iterator[str]:
    """What is wrong with the directory that this runs in."""
    repository = Repository(directory)
    try:
        tree = repository.tree("HEAD")
    except (GitError, OSError) as error:
        tree, why = {}, f" ({error})"
    else:
        why = ""
    if _PROJECT not in tree:
        yield (
            f"This is not a git checkout of the template, and only committed files are copied{why}. Clone the template with git; "
            "if you downloaded an archive, run: git init && git add --all && git commit --message template"
        )
    elif "template" not in yaml.safe_load(repository.contents(tree[_PROJECT].blob)):
        yield "This is a project made from the template, not the template. Run the command in a checkout of the template."


def _make(options: argparse.Namespace, cli: str, target: Path) -> int:
    """Exports the commit and runs `pulumi new` on it; on failure removes what that left."""
    repository = Repository(options.directory)
    commit = repository.commit("HEAD")[:12]
    if repository.has_changes():
        print(f"Note: this checkout has uncommitted changes; the project starts from commit {commit}, without them.")
    if shutil.which("pulumi") != cli:
        print(f"Note: no suitable pulumi is on PATH; this runs {cli}. Put it on PATH for the next steps.")
    missing = [path for path in (target, *target.parents) if not path.exists()]
    there = set() if missing else set(target.iterdir())
    with tempfile.TemporaryDirectory(prefix=f"{TEMPLATE}-") as temporary, _interrupts_left_to_children():
        template = Path(temporary, TEMPLATE)
        with tarfile.open(fileobj=io.BytesIO(repository.archive(commit))) as archive:
            # Python before 3.11.4 knows no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
            archive.extractall(template)  # noqa: S202 - git made it of what is committed here
        sys.stdout.flush()
        command = [cli, "new", str(template), *options.arguments, "--dir", str(target), "--name", options.name]
        code = subprocess.run(command, cwd=options.directory, check=False).returncode
        if code == 0:
            _forget_path(target / _PROJECT, template)
            return FINE
    left = _stack_of(cli, target)
    # Only what was not there, or in what was looked into and empty a moment ago.
    for path in missing[-1:] or set(target.iterdir()) - there:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    print(f"`pulumi new` failed (exit code {code}). Its files in {options.dir} were removed.", file=sys.stderr)
    if left:
        print(f"It created the empty stack {left}. Remove it: pulumi stack rm {left}", file=sys.stderr)
    return FAILED


@contextlib.contextmanager
def _interrupts_left_to_children() -> Iterator[None]:
    """Lets Ctrl-C end `pulumi new`, which gets it too, and not this: there is something to remove after it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _forget_path(file: Path, template: Path) -> None:
    """Names the template in the project's `pulumi:template` tag, where `pulumi new` wrote a path that is gone by now."""
    file.write_text(file.read_text(encoding="utf-8").replace(str(template), TEMPLATE), encoding="utf-8")


def _stack_of(cli: str, project: Path) -> str:
    """The full name of the stack that `pulumi new` made in its backend before it failed; nothing where it made none."""
    if not (project / _PROJECT).is_file():
        return ""
    command = [cli, "stack", "ls", "--json", "--fully-qualify-stack-names", "--non-interactive"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    stacks = json.loads(done.stdout) if done.returncode == 0 else []
    return next((stack["name"] for stack in stacks if stack.get("current") and not stack.get("resourceCount")), "")
