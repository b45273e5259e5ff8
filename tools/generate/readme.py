"""`python -m tools readme`: writes into README.md what is made elsewhere: a captured preview, the last benchmark.

The days in examples that must lie in the future are moved on with it, in the pages of docs/ too (`tools.generate.example_days`).
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tools.generate.example_days import PAGES, captured_on, renewed, with_example_days
from tools.generate.generated import parser_of_generator, renew
from tools.preview.result import result_of
from tools.preview.sections import preview_sections
from tools.report.plain_text import plain_text

if TYPE_CHECKING:
    from tools.preview.document import Document

README = Path("README.md")
BENCHMARK = Path("docs", "benchmark.md")

_BENCHMARK = re.compile(r"(<!-- benchmark: .*-->\n).*?(<!-- end of benchmark -->\n)", re.DOTALL)
_PREVIEW = re.compile(r"(<!-- preview of (?P<stack>\S+) on (?P<day>\S+): .*-->\n).*?(<!-- end of preview -->\n)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Writes or checks README.md.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.

    Raises:
        subprocess.CalledProcessError: The preview to capture failed; what it said is on standard error.
    """
    options = parser_of_generator("readme", "Writes a captured preview and the last benchmark into README.md.").parse_args(
        arguments
    )
    directory: Path = options.directory
    present = (directory / README).read_text(encoding="utf-8")
    current = present if options.check else renewed(present, datetime.datetime.now(datetime.UTC).date())
    code = renew("readme", directory, README, present, readme_text(current, directory), check=options.check)
    for page in PAGES if _is_template(directory) else ():
        if (directory / page).is_file():
            text = (directory / page).read_text(encoding="utf-8")
            code |= renew("readme", directory, page, text, with_example_days(text, captured_on(current)), check=options.check)
    return code


def readme_text(present: str, directory: Path) -> str:
    """README.md with its made parts made anew; one without their marks stays as it is.

    Args:
        present: The text as it is. The mark of the preview names its stack and its day, so that making it again shows what
            changed and not how time went by.
        directory: Where Pulumi.yaml is.
    """
    if not _is_template(directory):
        # In a clone the stack is the team's own, and what it looks like is no matter of the documentation.
        return present
    text = with_example_days(present, captured_on(present))
    text = _BENCHMARK.sub(lambda match: f"{match[1]}\n{_measured(directory)}\n{match[2]}", text)
    return _PREVIEW.sub(
        lambda match: f"{match[1]}\n```text\n{_captured(directory, match['stack'], match['day'])}```\n\n{match[4]}", text
    )


def _is_template(directory: Path) -> bool:
    return "template" in yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8"))


def _measured(directory: Path) -> str:
    """The tables of the last benchmark, without what it says of itself."""
    text = (directory / BENCHMARK).read_text(encoding="utf-8")
    return text[text.index("Stack ") :].rstrip() + "\n"


def _captured(directory: Path, stack: str, day: str) -> str:
    command = [sys.executable, "-m", "tools", "preview", "--stack", stack, "--today", day, "--format", "json"]
    done = subprocess.run(command, cwd=directory, check=True, stdout=subprocess.PIPE, text=True)
    document: Document = json.loads(done.stdout)
    # As it was on that day: made again on another, it would say beside the verdict that this is not today.
    document["isToday"] = True
    document["result"] = result_of(document)
    return plain_text(preview_sections(document))
