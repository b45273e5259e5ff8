"""`python -m tools changes`: says in plain words what a change does to what is deployed, from `pulumi preview --json`.

What the JSON document holds is said in `tools.changes.document`.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.changes.document import changes_document, failed_document
from tools.changes.input import NotAPreviewError, read_preview
from tools.changes.markdown import changes_markdown
from tools.changes.sections import changes_sections
from tools.report.deliver import deliver
from tools.shared.commands import FAILED, WRONG_USE, add_output, add_today, parser_of
from tools.shared.price_lists import PriceListError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tools.changes.rows import Document
    from tools.report.sections import Section

_EPILOG: Final = """\
exit codes:
  0  no resource loses its data. An unprotected cluster may still lose messages and clients: the headline says so
  1  protection, AWS or a guard refuses the change, or neither --allow nor the stack file's acknowledge names a resource
     - that loses its data by replacement or deletion
     - that takes messages, logs, safety or clients' access, while the cluster or topic is protected
     - that this tool cannot judge: an unknown type, broker type, Kafka version or property
     - that loses its protection in the same update as a replacement or deletion
  2  the input is wrong: it is not a preview, it is cut off or cannot be read completely, the preview failed, or
     --allow names nothing that is lost
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
    try:
        document = _explained(options.file, options.today, options.allow, allow_loss=options.allow_loss)
        report = _report(document, options.format)
        return deliver(report, options.output, headline=document["headline"], code=document["exitCode"])
    except Exception as error:  # noqa: BLE001 - Python's own exit code, 1, would say that data is lost
        traceback.print_exc(file=sys.stderr)
        print(f"This tool failed: {type(error).__name__}: {error}. The traceback is above.", file=sys.stderr)
        return FAILED


def _explained(file: str, today: datetime.date, allow: list[str], *, allow_loss: bool) -> Document:
    name = "standard input" if file == "-" else file
    # --allow takes as many names as follow it: a file behind it is no longer FILE.
    if file == "-" and (taken := [each for each in allow if each.endswith(".json") and Path(each).is_file()]):
        return failed_document(today, [f"--allow takes the file {taken[0]} as a name. Write FILE before --allow."], WRONG_USE)
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        preview = read_preview(_decoded(data))
    except OSError as error:
        return failed_document(today, [f"{name} cannot be read: {error.strerror}."], WRONG_USE)
    except NotAPreviewError as error:
        return failed_document(today, [f"{name}: {error}"], WRONG_USE)
    try:
        return changes_document(preview, today=today, allow=allow, allow_loss=allow_loss)
    except PriceListError as error:
        return failed_document(today, [str(error)], WRONG_USE)


def _decoded(data: bytes) -> str:
    """The text; PowerShell's `>` writes UTF-16."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data.decode(encoding, errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(
        "changes",
        "Explains what a change does to deployed resources, from the output of `pulumi preview --json`.",
        _EPILOG,
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="the preview, or - for standard input (default: -)")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="text for people, one JSON document, or markdown for a pull request's comment (default: text)",
    )
    add_output(parser)
    parser.add_argument(
        "--allow",
        "--allow-replacement",
        dest="allow",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="allow what this change takes from a resource, topic or client: by its name, as the report prints it, or by the "
        "resource's URN. --allow-replacement is the same option under its older name",
    )
    parser.add_argument(
        "--allow-loss",
        action="store_true",
        help="allow everything that is lost, as the label allow-loss of a pull request does; never what AWS, a guard or "
        "protection refuses, nor what is not known",
    )
    add_today(parser)
    return parser


_NOT_PRINTABLE: Final = re.compile(r"[^\n\x20-\x7e]")


def _json_escape(found: re.Match[str]) -> str:
    """A character that a terminal would obey or hide as JSON writes it; others stay as they are."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def _report(document: Document, form: str) -> str | Sequence[Section]:
    if form == "json":
        return _NOT_PRINTABLE.sub(_json_escape, json.dumps(document, indent=2, ensure_ascii=False)) + "\n"
    if form == "markdown":
        return changes_markdown(document)
    return changes_sections(document)
