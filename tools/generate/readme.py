"""`python -m tools readme`: writes into README.md what is made elsewhere: settings, a captured preview, the last benchmark."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from domain.settings.pulumi_yaml import settings_table
from tools.generate.generated import parser_of_generator, renew

README = Path("README.md")
BENCHMARK = Path("docs", "benchmark.md")

_SETTINGS = re.compile(r"(<!-- settings: .*-->\n).*?(<!-- end of settings -->\n)", re.DOTALL)
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
    options = parser_of_generator(
        "readme", "Writes the settings' table, a captured preview and the last benchmark into README.md."
    ).parse_args(arguments)
    present = (options.directory / README).read_text(encoding="utf-8")
    wanted = readme_text(present, options.directory)
    return renew("readme", options.directory, README, present, wanted, check=options.check)


def readme_text(present: str, directory: Path) -> str:
    """README.md with its made parts made anew; one without their marks stays as it is.

    Args:
        present: The text as it is. The mark of the preview names its stack and its day, so that making it again shows what
            changed and not how time went by.
        directory: Where Pulumi.yaml is.
    """
    text = _SETTINGS.sub(lambda found: f"{found[1]}\n{settings_table()}\n{found[2]}", present)
    if "template" not in yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8")):
        # In a clone the stack is the team's own, and what it looks like is no matter of the documentation.
        return text
    text = _BENCHMARK.sub(lambda found: f"{found[1]}\n{_measured(directory)}\n{found[2]}", text)
    return _PREVIEW.sub(
        lambda found: f"{found[1]}\n```text\n{_captured(directory, found['stack'], found['day'])}```\n\n{found[4]}", text
    )


def _measured(directory: Path) -> str:
    """The tables of the last benchmark, without what it says of itself."""
    text = (directory / BENCHMARK).read_text(encoding="utf-8")
    return text[text.index("Stack ") :].rstrip() + "\n"


def _captured(directory: Path, stack: str, day: str) -> str:
    command = [sys.executable, "-m", "tools", "preview", "--stack", stack, "--today", day]
    return subprocess.run(command, cwd=directory, check=True, stdout=subprocess.PIPE, text=True).stdout
