"""`python -m tools evidence`: what a stack, a preview or a state proves, for whoever has to file it.

What the JSON document holds is said in `tools.evidence.document`.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.evidence.document import evidence_of
from tools.evidence.junit import evidence_junit
from tools.evidence.sarif import evidence_sarif
from tools.evidence.sections import evidence_sections
from tools.evidence.subject import subject_of_file, subject_of_stack
from tools.report.deliver import deliver
from tools.report.markdown import markdown
from tools.shared.commands import (
    FAILED,
    CommandError,
    add_directory,
    add_output,
    add_stack,
    add_today,
    judge_on,
    parser_of,
    told,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tools.evidence.document import Evidence
    from tools.evidence.subject import Subject
    from tools.report.sections import Section

_EPILOG: Final = """\
examples:
  python -m tools evidence --stack prod --format markdown --output evidence.md
  pulumi stack export --stack prod > state.json && python -m tools evidence state.json
  pulumi preview --json --show-sames --stack prod > preview.json; python -m tools evidence preview.json

exit codes:
  0  evidence, and no mandatory policy is violated: the result says what was off, exempt or not judged
  1  evidence, and a mandatory policy is violated
  2  the arguments, the file, or the configuration of the stack or of its policies are wrong
  3  the program, the policy pack or this tool failed; a traceback is on standard error

This command contacts nothing and needs no AWS account. Code-scanning pages make an alert of every result in SARIF, a pass too:
give them `python -m tools preview --format sarif`."""


@told
def main(arguments: list[str]) -> int:
    """Makes the evidence and prints it.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    judge_on(options.today)
    directory = options.directory.resolve()
    try:
        if options.file:
            subject = subject_of_file(directory, Path(options.file), options.today)
        else:
            subject = subject_of_stack(directory, options.stack, options.today)
        evidence = evidence_of(subject, directory)
        report = _report(evidence, subject, options.format)
    except (CommandError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - Python's own exit code, 1, would say that a policy is violated
        traceback.print_exc(file=sys.stderr)
        print(f"This tool failed: {type(error).__name__}: {error}. The traceback is above.", file=sys.stderr)
        return FAILED
    return deliver(report, options.output, headline=evidence["result"], code=evidence["exitCode"])


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "evidence",
        "Tells by control what the policy pack says, who may read, write and administer which topic, and what it does not cover.",
        _EPILOG,
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="what `pulumi preview --json` or `pulumi stack export` printed, or - for standard input (default: the stack, "
        "previewed offline)",
    )
    add_stack(parser, "the stack, where no FILE is given")
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "json", "sarif", "junit"),
        default="text",
        help="text or Markdown for people; one JSON document, SARIF with passes and controls, or JUnit XML (default: text)",
    )
    add_output(parser)
    add_today(parser)
    add_directory(parser, "Pulumi.yaml and policies/ are")
    return parser


def _report(evidence: Evidence, subject: Subject, form: str) -> str | Sequence[Section]:
    if form == "junit":
        return evidence_junit(evidence)
    if form in ("json", "sarif"):
        content = evidence_sarif(evidence, subject.document) if form == "sarif" else evidence
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    sections = evidence_sections(evidence)
    return markdown(sections) if form == "markdown" else sections
