"""`python -m tools upgrades`: prints which Kafka versions a stack's cluster may go to, and what each changes for the stack.

(`python -m tools upgrade`, without an s, upgrades the clone to a newer version of the template.)
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Final

from domain.problems import SettingsError
from inventory.clusters import ClusterRows
from offline.engine.inventory import rows
from offline.protocol.failures import ProgramFailed
from tools.kafka_versions.document import upgrades_document
from tools.kafka_versions.sections import upgrades_sections
from tools.preview.failures import problems_of
from tools.report.deliver import deliver
from tools.report.markdown import markdown
from tools.shared.commands import (
    FINE,
    CommandError,
    add_directory,
    add_output,
    add_stack,
    add_today,
    judge_on,
    parser_of,
    told,
)
from tools.shared.stack_config import stack_of
from tools.shared.stack_settings import loaded_stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from inventory.rows import ResourceRow
    from offline.project.loading import StackConfig
    from tools.kafka_versions.document import Document
    from tools.report.sections import Section

_EPILOG: Final = """\
examples:
  python -m tools upgrades --stack prod
  python -m tools upgrades --stack prod --format markdown

Nothing is contacted: it answers from the stack file, from this template's list of versions and from its guards.
To upgrade the clone to a newer version of the template, use `python -m tools upgrade`.
Exit codes: 0 fine; 2 the arguments or the stack's configuration are wrong, or the cluster is Serverless; 3 the program
failed."""


@told
def main(arguments: list[str]) -> int:
    """Prints a stack's next Kafka versions.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    judge_on(options.today)
    document = _document(options.directory.resolve(), options.stack, options.today)
    version = document["version"]
    return deliver(
        _report(document, options.format), options.output, headline=f"Kafka {version['name']}. {version['support']}", code=FINE
    )


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "upgrades",
        "Prints which Kafka versions a stack's cluster may go to in place, what each changes for the stack, the conditions of "
        "the move from ZooKeeper to KRaft, and how long brokers restart.",
        _EPILOG,
    )
    add_stack(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="text for people, one JSON document, or markdown for an issue (default: text)",
    )
    add_output(parser)
    add_today(parser)
    add_directory(parser)
    return parser


def _document(directory: Path, stack: str, today: datetime.date) -> Document:
    project, config = stack_of(directory, stack)
    try:
        loaded = loaded_stack(project, config, today=today)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if loaded.settings.is_serverless:
        raise CommandError(
            f"Stack {stack} is Serverless: Amazon MSK chooses the Kafka version of its cluster, upgrades it, and does not tell "
            "it. There is nothing to upgrade."
        )
    resources = _run(directory, config)
    clusters = ClusterRows(resources).clusters
    if len(clusters) != 1:
        raise CommandError(f"Stack {stack} has {len(clusters)} clusters: this command answers for one.")
    return upgrades_document(project, config, loaded, resources, clusters[0]["inputs"])


def _run(directory: Path, config: StackConfig) -> list[ResourceRow]:
    """The stack's resources, as the offline preview has them."""
    from offline.engine.run import run_program  # noqa: PLC0415 - Pulumi's SDK takes 0.2 s to import: --help needs none

    try:
        return [{**row} for row in rows(run_program(directory, config, dry_run=True, hooks_stop=False))]
    except ProgramFailed as failure:
        code, problems = problems_of(failure, config)
        raise CommandError(
            "\n".join(f"{problem['file']}:{problem['line']}: {problem['message']}" for problem in problems), code
        ) from failure


def _report(document: Document, form: str) -> str | Sequence[Section]:
    if form == "json":
        return json.dumps(document, indent=2) + "\n"
    sections = upgrades_sections(document)
    return markdown(sections) if form == "markdown" else sections
