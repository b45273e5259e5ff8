"""`python -m tools stacks`: writes the pages and pictures of the ready stacks, or checks them against what their uses need."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.problems import did_you_mean
from tools.generate.generated import renew
from tools.shared.commands import (
    FINE,
    REFUSED,
    CommandError,
    add_directory,
    add_today,
    judge_on,
    parser_of,
    told,
)
from tools.stacks.flows_picture import flows_picture
from tools.stacks.graph import graph_of
from tools.stacks.needs import failing
from tools.stacks.network_picture import network_picture
from tools.stacks.pages import FLOWS_PICTURE, NETWORK_PICTURE, MarksError, page_text, table_of_uses, with_parts
from tools.stacks.previews import previewed
from tools.stacks.uses import FOLDER, SIZES, TITLES, read_use, read_uses

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from tools.stacks.graph import Graph
    from tools.stacks.previews import Preview
    from tools.stacks.uses import Use

README: Final = Path("README.md")
_TABLE: Final = "ready stacks"
_EPILOG: Final = """\
  python -m tools stacks                                        write pages and pictures
  python -m tools stacks --check                                are they current, and does each meet its use's needs?
  python -m tools stacks --stack events --use event-sourcing    does a stack of the project meet a use's needs?

exit codes:
  0  everything is written, or current and as the uses need it
  1  something is stale, or a need is not met
  2  a file is missing, or its configuration is wrong"""


@told
def main(arguments: list[str]) -> int:
    """Writes or checks the ready stacks' pages, or checks a stack of the project.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    judge_on(options.today)
    directory: Path = options.directory.resolve()
    if options.use and options.use not in TITLES:
        known = ", ".join(TITLES)
        raise CommandError(f"--use: there is no {options.use}.{did_you_mean(options.use, TITLES)} Choose one of {known}.")
    if bool(options.stack) is not bool(options.use):
        raise CommandError("--stack and --use go together: a stack of the project, and the ready stack whose needs it must meet.")
    if options.stack:
        return _checked(options, directory)
    code = FINE
    wanted = wanted_files(directory)
    for file, text in wanted.items():
        present = (directory / file).read_text(encoding="utf-8") if (directory / file).is_file() else ""
        code |= renew("stacks", directory, file, present, text, check=options.check)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("stacks", "Writes the pages and pictures of the ready stacks, or checks them.", _EPILOG)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file is stale")
    parser.add_argument("--stack", default="", metavar="NAME", help="write nothing; check this stack of the project")
    parser.add_argument("--use", default="", metavar="USE", help="against the needs of this ready stack")
    add_today(parser)
    add_directory(parser)
    return parser


def wanted_files(directory: Path) -> dict[Path, str]:
    """The texts of all made files, by their paths from the project's directory.

    Args:
        directory: The project's.

    Raises:
        CommandError: A ready stack does not preview, does not meet its use's needs, or its page lacks marks.
    """
    uses = read_uses(directory)
    previews = {use.name: {size: previewed(directory, use.name, use.at(size)) for size in SIZES} for use in uses}
    graphs = {use.name: graph_of(previews[use.name]["medium"].rows) for use in uses}
    problems = [problem for use in uses for problem in _unmet(use, previews[use.name])]
    if problems:
        raise CommandError("\n".join(problems), REFUSED)
    try:
        return dict(_files(directory, uses, previews, graphs))
    except MarksError as error:
        raise CommandError(str(error)) from error


def _files(
    directory: Path, uses: list[Use], previews: Mapping[str, Mapping[str, Preview]], graphs: Mapping[str, Graph]
) -> Iterator[tuple[Path, str]]:
    for use in uses:
        folder, graph = FOLDER / use.name, graphs[use.name]
        page = folder / "README.md"
        yield page, page_text((directory / page).read_text(encoding="utf-8"), use, previews[use.name], graph)
        yield folder / NETWORK_PICTURE, network_picture(graph)
        yield folder / FLOWS_PICTURE, flows_picture(graph)
    readme = (directory / README).read_text(encoding="utf-8")
    if f"<!-- {_TABLE}:" in readme:
        # A team's README.md is the team's: it need not have the table.
        table = table_of_uses(uses, {name: sizes["medium"] for name, sizes in previews.items()}, graphs)
        yield README, with_parts(readme, {_TABLE: table}, str(README))


def _unmet(use: Use, previews: Mapping[str, Preview]) -> Iterator[str]:
    for size, preview in previews.items():
        for sentence in failing(use.needs, graph_of(preview.rows), preview.too_small):
            yield f"{FOLDER}/{use.name}, {size}: {sentence}"


def _checked(options: argparse.Namespace, directory: Path) -> int:
    """Checks a stack of the project against the needs of a use."""
    file = directory / f"Pulumi.{options.stack}.yaml"
    if not file.is_file():
        raise CommandError(f"There is no {file.name}.")
    use = read_use(directory, options.use)
    project = (directory / "Pulumi.yaml").read_text(encoding="utf-8")
    preview = previewed(directory, options.stack, file.read_text(encoding="utf-8"), project_file=project)
    said = failing(use.needs, graph_of(preview.rows), preview.too_small)
    for sentence in said:
        print(sentence, file=sys.stderr)
    if said:
        return REFUSED
    print(f"{file.name} meets what {FOLDER}/{use.name} needs.")
    return FINE
