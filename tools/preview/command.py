"""`python -m tools preview`: shows what a stack will be, what it costs and what the policy pack says, with nothing contacted.

The program runs unmodified on the offline engine, first as `pulumi preview` would run it and then as `pulumi up` would, on an AWS
that answers what AWS would answer; the policy pack judges both in its own process. What the JSON document holds is said in
`tools.preview.document`.
"""

from __future__ import annotations

import contextlib
import gc
import json
from typing import TYPE_CHECKING, Final

from tools.preview.junit import junit
from tools.preview.run import preview
from tools.preview.sarif import sarif
from tools.preview.sections import failure_sections, preview_sections
from tools.report.deliver import deliver
from tools.shared.commands import REFUSED, add_directory, add_output, add_stack, add_today, judge_on, parser_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from tools.preview.document import Document
    from tools.report.sections import Section

_EPILOG: Final = """\
exit codes:
  0  no mandatory policy is violated and no guard refuses: the result says Fine, or what was off, exempt,
     not judged or not enforced (ACLs that were not applied)
  1  a mandatory policy is violated, or a guard refuses
  2  the configuration of the stack or of its policies is wrong; every mistake is listed with its line
  3  the program, the policy pack or this tool failed; a traceback is on standard error

This command contacts nothing and needs no AWS account, Pulumi CLI or backend. It does not know what is deployed, so
everything is shown as if it were created, and what AWS refuses only of a new cluster is advice, unless you pass --new.
`pulumi preview` knows, and shows what would change."""


def main(arguments: list[str]) -> int:
    """Previews a stack and prints the report.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    judge_on(options.today)
    with _few_collections():
        return _previewed(options)


def _previewed(options: argparse.Namespace) -> int:
    document = preview(options.directory.resolve(), options.stack, options.today, new=options.new)
    code = document["exitCode"]
    # A file is nobody's standard error: it gets all that is known.
    report = _report(document, options.format, brief=code > REFUSED and options.output is None, exports=options.exports)
    return deliver(report, options.output, headline=document["result"], code=code)


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Collects garbage rarely: a quarter of the time that imports take is spent looking for what is not there."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("preview", "Previews a stack offline: its resources, capacity, cost and policy violations.", _EPILOG)
    add_stack(parser, "the stack to preview")
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "junit"),
        default="text",
        help="text for people; for programs, also after failures, one JSON document, SARIF for code-scanning pages, "
        "JUnit XML for test reporters (default: text)",
    )
    parser.add_argument(
        "--new",
        action="store_true",
        help="the stack is not deployed yet: what AWS refuses only when a cluster is created is an error, not advice",
    )
    parser.add_argument(
        "--exports", action="store_true", help="show the exports with their values, with examples for what AWS will decide"
    )
    add_output(parser)
    add_today(parser)
    add_directory(parser, "Pulumi.yaml and policies/ are")
    return parser


def _report(document: Document, form: str, *, brief: bool, exports: bool) -> str | Sequence[Section]:
    if form == "junit":
        return junit(document)
    if form in ("json", "sarif"):
        return json.dumps(sarif(document) if form == "sarif" else document, indent=2, ensure_ascii=False) + "\n"
    return failure_sections(document) if brief else preview_sections(document, exports=exports)
