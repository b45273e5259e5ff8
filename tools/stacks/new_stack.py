"""`python -m tools stack`: starts a stack of the project from a ready stack or from another stack. It never overwrites."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from domain.msk.regions import REGIONS, WITHOUT_DEFAULT_ZONES
from domain.problems import did_you_mean
from domain.settings.stack import MAXIMUM_CLUSTER_NAME
from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from tools.generate.schema import FILE as SCHEMA
from tools.shared.commands import FINE, CommandError, Mistakes, add_directory, parser_of, told
from tools.stacks.previews import previewed
from tools.stacks.stack_text import encrypted_in, with_region, with_schema, without
from tools.stacks.uses import FOLDER, STACK_FILE, TITLES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from offline.project.loading import Project

_EXAMPLE: Final = f"make stack NAME=events FROM={FOLDER}/event-sourcing"
_POLICIES: Final = Path("policies", "config")
_LIKE_PRODUCTION: Final = "prod"
"""Whose policies a ready stack gets."""
_LIST: Final = Path(".github", "workflows", "stacks.yml")
_LISTED: Final = "Pulumi.*.yaml"
"""What the workflows make their list of stacks from."""
_EPILOG: Final = f"""\
  {_EXAMPLE}
  make stack NAME=events FROM={FOLDER}/event-sourcing REGION=eu-west-1
  make stack NAME=stage FROM=prod

exit codes:
  0  the stack's files are written
  2  the input is wrong: every mistake is listed, and nothing was written"""


@dataclass(frozen=True, slots=True)
class Source:
    """What a stack is started from.

    Attributes:
        words: What it is called: a folder of `stacks/`, or a stack file.
        text: The text of its stack file.
        policies: The file that configures the policy pack for it; there may be none.
    """

    words: str
    text: str
    policies: Path

    @property
    def is_ready(self) -> bool:
        """Whether it is a ready stack, which has a page."""
        return self.words.startswith(f"{FOLDER}/")


@told
def main(arguments: list[str]) -> int:
    """Starts a stack.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    directory: Path = options.directory.resolve()
    project = _project(directory)
    mistakes = Mistakes()
    source: Source | None = None
    with mistakes.gathered():
        _end_with(_about_name(options.name, project, directory))
    with mistakes.gathered():
        source = _source(options.source, project, directory)
    text = ""
    if source is not None:
        with mistakes.gathered():
            text = _text(source, project, directory, options.region)
            name = options.name if _NAME.fullmatch(options.name) else "new"
            previewed(directory, name, text, project_file=(directory / project.file).read_text(encoding="utf-8"))
    mistakes.end()
    if source is None:
        raise CommandError(f"FROM is missing. {_EXAMPLE}")
    _write(options.name, source, text, project, directory)
    return FINE


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("stack", "Starts a stack of this project from a ready stack or from another stack.", _EPILOG)
    parser.add_argument("--name", default="", help="the new stack's name; its cluster is named PROJECT-NAME")
    parser.add_argument(
        "--from", dest="source", default="", metavar="FROM", help=f"a folder of {FOLDER}/, or a stack that has a file"
    )
    parser.add_argument("--region", default="", help="its region (default: that of what it is made from)")
    add_directory(parser)
    return parser


def _project(directory: Path) -> Project:
    try:
        return load_project(directory)
    except ConfigError as error:
        raise CommandError("\n".join(str(mistake) for mistake in error.problems)) from error


def _end_with(problems: Iterator[str]) -> None:
    said = list(problems)
    if said:
        raise CommandError("\n".join(said))


_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_REGION: Final = re.compile(r"[a-z]+(-[a-z]+)+-[0-9]+")
"""It is written into the file as it is given: nothing else may come with it."""


def _about_name(name: str, project: Project, directory: Path) -> Iterator[str]:
    """What is wrong with the new stack's name, the files that have it already among it."""
    if not name:
        yield f"NAME is missing: the new stack's name; its cluster is named {project.name}-NAME. {_EXAMPLE}"
        return
    longest = MAXIMUM_CLUSTER_NAME - len(f"{project.name}-")
    if not _NAME.fullmatch(name) or len(name) > longest:
        yield (
            f"NAME: {name} must be 1 to {longest} letters, digits and hyphens and begin with a letter or digit: its cluster is "
            f"named {project.name}-{name}."
        )
        return
    # Some file systems do not tell capital letters from small ones, and neither does a person at night.
    there = [*project.stack_directory.glob("Pulumi.*.y*ml"), *(directory / _POLICIES).glob("*.json")]
    wanted = {f"pulumi.{name}.yaml".lower(), f"pulumi.{name}.yml".lower(), f"{name}.json".lower()}
    taken = sorted(path.relative_to(directory).as_posix() for path in there if path.name.lower() in wanted)
    if taken:
        yield f"NAME: {name} exists already: {', '.join(taken)}. Nothing is overwritten; choose another name."


def _source(source: str, project: Project, directory: Path) -> Source:
    """What the new stack is made from.

    Raises:
        CommandError: There is no such thing, or a second stack cannot be made from it.
    """
    like_production = directory / _POLICIES / f"{_LIKE_PRODUCTION}.json"
    name = source.rstrip("/")
    known = [*(f"{FOLDER}/{use}" for use in TITLES), *project.stacks()]
    if not name:
        raise CommandError(f"FROM is missing: one of {', '.join(known)}. {_EXAMPLE}")
    if name not in known:
        raise CommandError(f"FROM: there is no {name}.{did_you_mean(name, known)} Choose one of {', '.join(known)}.")
    if name.startswith(f"{FOLDER}/"):
        file = directory / name / STACK_FILE
        if not file.is_file():
            raise CommandError(f"FROM: {name} has no {STACK_FILE}. Get it back from git.")
        return Source(name, file.read_text(encoding="utf-8"), like_production)
    files = [project.stack_directory / f"Pulumi.{name}{suffix}" for suffix in (".yaml", ".yml")]
    file = next(path for path in files if path.is_file())
    return Source(file.name, file.read_text(encoding="utf-8"), directory / _POLICIES / f"{name}.json")


def _text(source: Source, project: Project, directory: Path, region: str) -> str:
    """The text of the new stack file.

    Raises:
        CommandError: What it is made from has what two stacks cannot both have.
    """
    problems = []
    secret = encrypted_in(source.text)
    if secret:
        problems.append(
            f"FROM: {source.words} has encrypted values, which only that stack can read: {', '.join(secret)}. Copy the file "
            "without them, and set them anew with `pulumi config set --secret`."
        )
    content = yaml.safe_load(source.text) or {}
    config = content.get("config") or {}
    keys = {key.removeprefix(f"{project.name}:") for key in config}
    if "import" in keys:
        problems.append(f"FROM: {source.words} takes over an existing cluster (`import`), and two stacks cannot own one cluster.")
    own = project.declarations.get("aws:region")
    given = region or config.get("aws:region") or (own.given if own else None)
    if region and not _REGION.fullmatch(region):
        problems.append(f"REGION: {region!r} is not an AWS region, such as eu-west-1.")
    if not given:
        problems.append(f"REGION is missing: {source.words} has none. {_EXAMPLE} REGION=eu-west-1")
    network = config.get("network") or config.get(f"{project.name}:network")
    names_zones = isinstance(network, dict) and not {"zones", "existing"}.isdisjoint(network)
    if _REGION.fullmatch(region) and region not in REGIONS and not names_zones:
        near = "" if region in WITHOUT_DEFAULT_ZONES else did_you_mean(region, REGIONS)
        problems.append(
            f"REGION: {region} is not known: this template has no default Availability Zones for it.{near} For a region that is "
            "new, leave REGION out, and set aws:region and network.zones in the new file."
        )
    if problems:
        raise CommandError("\n".join(problems))
    text = source.text
    for key in ("clusterName", f"{project.name}:clusterName"):
        # Two clusters of an account cannot have one name in a region.
        text = without(text, key)
    schema = os.path.relpath(directory / SCHEMA, project.stack_directory)
    return with_schema(with_region(text, str(given)), Path(schema).as_posix())


def _write(name: str, source: Source, text: str, project: Project, directory: Path) -> None:
    """Writes the files of a stack, all or none, and says what was done and what is next."""
    stack_file = project.stack_directory / f"Pulumi.{name}.yaml"
    policies = directory / _POLICIES / f"{name}.json"
    files = {stack_file: text}
    if source.policies.is_file():
        files[policies] = source.policies.read_text(encoding="utf-8")
    written: list[Path] = []
    try:
        for path, content in files.items():
            # "x": who was quicker keeps what they wrote.
            with path.open("x", encoding="utf-8", newline="") as stream:
                written.append(path)
                stream.write(content)
    except BaseException as error:  # an interrupt too: nothing half-written stays behind, and the error goes on
        for path in written:
            with contextlib.suppress(OSError):  # what cannot be taken away again is named by the error that goes on
                path.unlink()
        if isinstance(error, FileExistsError):
            raise CommandError(f"NAME: {name} exists already: {Path(error.filename).name}. Nothing is overwritten.") from error
        raise
    for line in _told(name, source, files, project, directory):
        print(line)


def _told(name: str, source: Source, files: dict[Path, str], project: Project, directory: Path) -> Iterator[str]:
    region = (yaml.safe_load(next(iter(files.values()))) or {})["config"]["aws:region"]
    yield f"Pulumi.{name}.yaml is written: {source.words}, in {region}."
    if len(files) > 1:
        yield f"{(_POLICIES / name).as_posix()}.json is written: what {source.policies.stem} has."
    else:
        yield f"There is no {_POLICIES.as_posix()}/{source.policies.name}, so the policy pack requires what production needs."
    workflows = directory / _LIST
    if workflows.is_file() and _LISTED in workflows.read_text(encoding="utf-8"):
        order = sorted(project.stacks(), key=lambda stack: (stack == "prod", stack != "dev", stack))
        yield f"The workflows in .github will check and deploy these stacks: {', '.join(order)}."
    elif workflows.is_file():
        yield f"{_LIST.as_posix()} does not list the stacks from their files: add {name} there."
    yield "Next:"
    steps = (
        [f"Read {source.words}/README.md: its reasons, its assumptions, and how its clients are run."] if source.is_ready else []
    )
    steps += [
        f"In Pulumi.{name}.yaml, replace what is another stack's: alarmEmail, from of each client, network.cidr, tags and "
        "workload.\n"
        "     A Serverless cluster: name the VPCs of its clients in network.clientVpcs, which cannot change later.",
        f"make preview STACK={name} NEW=1",
        f"pulumi stack init {name}; with workflows that deploy, its role and environment first (docs/deploying.md)",
    ]
    yield from (f"  {number}. {step}" for number, step in enumerate(steps, 1))
