"""`python -m tools changes`: says in plain words what a change does to what is deployed, from `pulumi preview --json`.

What the JSON document holds is said in `tools.changes_document`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.changes_document import WRONG_INPUT, changes_document, failed_document
from tools.changes_input import NotAPreviewError, read_preview
from tools.failures import FAILED
from tools.files import write_atomically

if TYPE_CHECKING:
    from tools.changes_document import Document

_EPILOG: Final = """\
exit codes:
  0  no data is lost
  1  data would be lost, or protection is taken off together with a replacement or deletion, and --allow-replacement does not
     name it; or protection, AWS or a guard refuses the change
  2  the input is wrong: it is no preview, it is cut off, the preview failed, or --allow-replacement names what is not lost
  3  this tool failed; a traceback is on standard error

example:
  pulumi preview --json --stack prod | python -m tools changes -"""


def main(arguments: list[str]) -> int:
    """Explains a preview and prints the report.

    Args:
        arguments: The command's options.

    Returns:
        The exit code, as the help explains it.
    """
    options = _parser().parse_args(arguments)
    today = options.today or datetime.datetime.now(datetime.UTC).date()
    try:
        document = _explained(options.file, today, options.allow_replacement)
        _deliver(document, options.format, options.output)
    except BrokenPipeError:
        # Whoever reads has read enough, `| head` for one.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{options.output} cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and its traceback printed
        traceback.print_exc(file=sys.stderr)
        print(f"This tool failed: {type(error).__name__}: {error}. The traceback is above.", file=sys.stderr)
        return FAILED
    return document["exitCode"]


def _explained(file: str, today: datetime.date, allow: list[str]) -> Document:
    name = "standard input" if file == "-" else file
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        preview = read_preview(_decoded(data))
    except OSError as error:
        return failed_document(today, [f"{name} cannot be read: {error.strerror}."], WRONG_INPUT)
    except NotAPreviewError as error:
        return failed_document(today, [f"{name}: {error}"], WRONG_INPUT)
    return changes_document(preview, today=today, allow=allow)


def _decoded(data: bytes) -> str:
    """The text; PowerShell's `>` writes UTF-16."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data.decode(encoding, errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools changes",
        description="Says in plain words what a change does to what is deployed, from what `pulumi preview --json` prints.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the preview, or - for standard input (default: -)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="a report for people, one JSON document, or a pull request's comment (default: text)",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report to a file instead, in one step")
    parser.add_argument(
        "--allow-replacement",
        action="extend",
        nargs="+",
        default=[],
        metavar="URN",
        help="a resource that may be replaced or deleted with all that it holds",
    )
    parser.add_argument(
        "--today",
        type=datetime.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which support dates and acknowledgements are judged (default: today, UTC)",
    )
    return parser


def _deliver(document: Document, form: str, output: Path | None) -> None:
    """Prints the report, or writes it and says so."""
    if output is not None:
        write_atomically(output, _report(document, form))
        code = document["exitCode"]
        words = f"{document['headline']} (exit code {code}). The report is in {output}."
        print(words, file=sys.stderr if code == WRONG_INPUT else sys.stdout)
        return
    # What went wrong goes where errors go, so that it is seen when the report is sent into a file.
    wrong = form == "text" and document["exitCode"] == WRONG_INPUT
    stream = sys.stderr if wrong else sys.stdout
    if form == "text" and stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, for terminals only

        from tools.changes_sections import changes_sections  # noqa: PLC0415 - as above
        from tools.terminal import show  # noqa: PLC0415 - as above

        show(changes_sections(document), Console(stderr=wrong, highlight=False))
        return
    stream.write(_report(document, form))
    stream.flush()


def _report(document: Document, form: str) -> str:
    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if form == "markdown":
        from tools.changes_markdown import changes_markdown  # noqa: PLC0415 - only this form needs it

        return changes_markdown(document)
    from tools.changes_sections import changes_sections  # noqa: PLC0415 - only this form needs it
    from tools.plain_text import plain_text  # noqa: PLC0415 - only this form needs it

    return plain_text(changes_sections(document))
