"""`python -m tools pages`: writes into the documentation what is made elsewhere: the table of settings and a captured preview.

The days in examples that must lie in the future are moved on with the capture (`tools.generate.example_days`).
"""

from __future__ import annotations

import datetime
import functools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from domain.settings.pulumi_yaml import settings_table
from tools.generate.example_days import CAPTURE, PAGES, captured_again, captured_on, day_of_capture, with_example_days
from tools.generate.generated import parser_of_generator, renew
from tools.preview.result import result_of
from tools.preview.sections import in_short, preview_sections
from tools.report.plain_text import plain_text

if TYPE_CHECKING:
    from tools.preview.document import Document

SETTINGS: Final = Path("docs", "settings.md")
README: Final = Path("README.md")

_SETTINGS: Final = re.compile(r"(<!-- settings: .*-->\n).*?(<!-- end of settings -->\n)", re.DOTALL)
_PREVIEW: Final = re.compile(
    r"(?P<begin><!-- (?P<short>short )?preview of (?P<stack>\S+) on (?P<day>\S+): .*-->\n).*?(?P<end><!-- end of preview -->\n)",
    re.DOTALL,
)


def main(arguments: list[str]) -> int:
    """Writes or checks the pages.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds a page stale.

    Raises:
        subprocess.CalledProcessError: The preview to capture failed; what it said is on standard error.
    """
    options = parser_of_generator(
        "pages", "Writes the settings' table and a captured preview into the pages of docs/."
    ).parse_args(arguments)
    directory: Path = options.directory
    capture = _text(directory, CAPTURE)
    captured = captured_on(capture) if options.check else day_of_capture(capture, datetime.datetime.now(datetime.UTC).date())
    code = 0
    for page in sorted({README, SETTINGS, CAPTURE, *PAGES}):
        if present := _text(directory, page):
            code |= renew("pages", directory, page, present, page_text(present, directory, captured), check=options.check)
    return code


def page_text(present: str, directory: Path, captured: datetime.date | None) -> str:
    """A page with its made parts made anew; one without their marks stays as it is.

    Args:
        present: The text as it is.
        directory: Where Pulumi.yaml is.
        captured: The day of the captured preview, which its marks name: making it again shows what changed and not how time went
            by.
    """
    text = _SETTINGS.sub(lambda match: f"{match[1]}\n{settings_table()}\n{match[2]}", present)
    if "template" not in yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8")):
        # In a clone the stack is the team's own, and what it looks like is no matter of the documentation.
        return text
    text = captured_again(with_example_days(text, captured), captured)
    return _PREVIEW.sub(lambda match: _with_preview(match, directory), text)


def _text(directory: Path, page: Path) -> str:
    """A page's text; empty where it is not there: a clone's team may take pages away."""
    file = directory / page
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _with_preview(match: re.Match[str], directory: Path) -> str:
    document = _captured(directory, match["stack"], match["day"])
    sections = preview_sections(document)
    text = plain_text(in_short(sections) if match["short"] else sections)
    return f"{match['begin']}\n```text\n{text}```\n\n{match['end']}"


@functools.cache
def _captured(directory: Path, stack: str, day: str) -> Document:
    command = [sys.executable, "-m", "tools", "preview", "--stack", stack, "--today", day, "--format", "json"]
    done = subprocess.run(command, cwd=directory, check=True, stdout=subprocess.PIPE, text=True)
    document: Document = json.loads(done.stdout)
    # As it was on that day: made again on another, it would say beside the verdict that this is not today.
    document["isToday"] = True
    document["result"] = result_of(document)
    return document
