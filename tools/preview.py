"""`python -m tools preview`: shows what a stack will be, what it costs and what the policy pack says, with nothing contacted.

The program runs unmodified on the offline engine, first as `pulumi preview` would run it and then as `pulumi up` would, on an AWS
that answers what AWS would answer; the policy pack judges both in its own process. What the JSON document holds is said in
`tools.preview_document`.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.preview_document import Document
    from tools.sections import Section

FINE: Final = 0
REFUSED: Final = 1
WRONG_CONFIGURATION: Final = 2
FAILED: Final = 3

_EPILOG: Final = """\
exit codes:
  0  fine: no mandatory policy is violated and no guard refuses
  1  a policy or a guard says no
  2  the configuration is wrong; every mistake is listed with its line
  3  the program, the policy pack or this tool failed; a traceback is on standard error

Nothing is contacted: no AWS account, no Pulumi CLI and no backend are needed. What is deployed already is not known, so
everything is shown as if it were created. `pulumi preview` shows what would change."""


def main(arguments: list[str]) -> int:
    """Previews a stack and prints the report.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    today = options.today or datetime.datetime.now(datetime.UTC).date()
    # The program and the policy pack take the day from here, as reproducible builds do.
    midnight = datetime.datetime.combine(today, datetime.time(), datetime.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    with _few_collections():
        return _previewed(options, today)


def _previewed(options: argparse.Namespace, today: datetime.date) -> int:
    from tools.preview_run import preview  # noqa: PLC0415 - `--help` needs none of it

    document = preview(options.directory.resolve(), options.stack, today)
    try:
        _deliver(document, options.format, options.output)
    except BrokenPipeError:
        # Whoever reads has read enough, `| head` for one.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{options.output} cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    return document["exitCode"]


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
    parser = argparse.ArgumentParser(
        prog="python -m tools preview",
        description="Shows what a stack will be, what it carries and costs, and what the policy pack says.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", default="dev", metavar="NAME", help="the stack to preview (default: dev)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "junit"),
        default="text",
        help="a report for people, or for programs, on failures too: one JSON document, SARIF for code-scanning pages, "
        "JUnit XML for test reporters (default: text)",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report to a file instead, in one step")
    parser.add_argument(
        "--today",
        type=datetime.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which support dates and acknowledgements are judged (default: today, UTC)",
    )
    parser.add_argument(
        "--directory",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where Pulumi.yaml and policies/ are (default: the current directory)",
    )
    return parser


def _deliver(document: Document, form: str, output: Path | None) -> None:
    """Prints the report, or writes it and says so."""
    if form != "text":
        text = _for_programs(document, form)
        if output is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
    else:
        from tools.preview_sections import failure_sections, preview_sections  # noqa: PLC0415 - only this form needs it

        if output is None:
            # What went wrong goes where errors go, so that it is seen when the report is sent into a file.
            failed = document["exitCode"] in (WRONG_CONFIGURATION, FAILED)
            sections = failure_sections(document) if failed else preview_sections(document)
            _print(sections, error=failed)
            return
        from tools.plain_text import plain_text  # noqa: PLC0415 - only this form needs it

        text = plain_text(preview_sections(document))
    from tools.files import write_atomically  # noqa: PLC0415 - only a file needs it
    from tools.preview_sections import ENDINGS  # noqa: PLC0415 - as above

    write_atomically(output, text)
    code = document["exitCode"]
    print(f"{ENDINGS[code]} (exit code {code}). The report is in {output}.", file=sys.stderr if code > 1 else sys.stdout)


def _for_programs(document: Document, form: str) -> str:
    if form == "junit":
        from tools.junit import junit  # noqa: PLC0415 - only this form needs it

        return junit(document)
    import json  # noqa: PLC0415 - only these forms need it

    if form == "sarif":
        from tools.sarif import sarif  # noqa: PLC0415 - only this form needs it

        return json.dumps(sarif(document), indent=2, ensure_ascii=False) + "\n"
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _print(sections: Sequence[Section], *, error: bool) -> None:
    stream = sys.stderr if error else sys.stdout
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, for terminals only

        from tools.terminal import show  # noqa: PLC0415 - as above

        show(sections, Console(stderr=error, highlight=False))
    else:
        from tools.plain_text import plain_text  # noqa: PLC0415 - not needed on terminals

        stream.write(plain_text(sections))
        stream.flush()
