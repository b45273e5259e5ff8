"""`python -m tools check`: previews every stack of the project offline, each with its own policies, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from offline.project.loading import load_project
from offline.project.stack_file import ConfigError
from tools.preview.run import preview
from tools.preview.summary import money, next_step, warning_words
from tools.report.deliver import deliver
from tools.report.sections import Column, Line, Mark, Piece, Section, Table, Tone
from tools.shared.commands import FINE, WRONG_USE, CommandError, add_directory, add_today, judge_on, parser_of, told
from tools.shared.pack_config import configurations, placed
from tools.verbs.judged import mistakes_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from tools.preview.document import Document
    from tools.report.sections import Cells
    from tools.shared.pack_config import PlacedMistake

_EPILOG: Final = """\
Each stack that has a file is previewed as `python -m tools preview --stack NAME` does it, with policies/config/NAME.json where
there is one. The other files in policies/config must make sense too. It contacts nothing. The exit code is the worst of all:
0 fine, 1 a policy or a guard refuses, 2 a configuration is wrong, 3 a preview failed."""

_TONES: Final = (Tone.GOOD, Tone.BAD, Tone.BAD, Tone.BAD)


@told
def main(arguments: list[str]) -> int:
    """Previews every stack and prints a line for each.

    Args:
        arguments: The command's options.

    Returns:
        The worst exit code.
    """
    options = _parser().parse_args(arguments)
    judge_on(options.today)
    directory = options.directory.resolve()
    try:
        stacks = load_project(directory).stacks()
    except ConfigError as error:
        raise CommandError("\n".join(str(mistake) for mistake in error.problems)) from error
    if not stacks:
        raise CommandError("This project has no stacks: there is no Pulumi.<stack>.yaml. `make stack` starts one.")
    documents = {stack: preview(directory, stack, options.today) for stack in in_order(stacks)}
    # Others begin with the files of no stack, such as sandbox.json.
    others = [file for file in configurations(directory) if file.stem not in stacks]
    mistakes = [found for file, wrong in mistakes_of(directory, others, options.today).items() for found in placed(file, wrong)]
    code = max([*(document["exitCode"] for document in documents.values()), WRONG_USE if mistakes else FINE])
    return deliver(_sections(documents, mistakes), None, headline="", code=code if code == FINE else 1) and code


def in_order(stacks: Iterable[str]) -> list[str]:
    """Stacks as they are deployed: dev first, prod last."""
    return sorted(stacks, key=lambda stack: (stack == "prod", stack != "dev", stack))


def _sections(documents: dict[str, Document], mistakes: Sequence[PlacedMistake]) -> list[Section]:
    rows = tuple(_row(stack, document) for stack, document in documents.items())
    columns = (Column("stack"), Column("result", wraps=True), Column("USD a month", right=True), Column("warnings", wraps=True))
    bad = [document for document in documents.values() if document["exitCode"] != FINE]
    lines = [Line((Piece("Look at ", Tone.QUIET), Piece(next_step(document), Tone.NAME))) for document in bad]
    sections = [Section("Every stack", (Table(columns, rows), *lines), aside="offline, each with its own policies")]
    if mistakes:
        wrong = tuple(Line(str(mistake), Mark.FAIL) for mistake in mistakes)
        sections.append(Section("Configurations of the policies that no stack has", wrong))
    return sections


def _row(stack: str, document: Document) -> Cells:
    return (
        Piece(stack, Tone.STRONG),
        Piece(document["result"], _TONES[document["exitCode"]]),
        money(document),
        warning_words(document),
    )


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("check", "Previews every stack of the project offline, a line each.", _EPILOG)
    add_today(parser)
    add_directory(parser, "Pulumi.yaml and policies/ are")
    return parser
