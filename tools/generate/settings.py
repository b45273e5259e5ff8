"""`python -m tools settings`: writes what Pulumi.yaml and docs/settings.md say about the settings, from `StackSettings`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from domain.settings.pulumi_yaml import config_section, settings_table
from tools.generate.generated import parser_of_generator, renew

PROJECT_FILE = Path("Pulumi.yaml")
PAGE = Path("docs", "settings.md")
_TABLE = re.compile(r"(<!-- settings: .*-->\n).*?(<!-- end of settings -->\n)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Writes or checks the file.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = parser_of_generator(
        "settings",
        f"Writes the settings into Pulumi.yaml (`config:` and the questions of `pulumi new`) and the table of {PAGE}.",
    ).parse_args(arguments)
    present = (options.directory / PROJECT_FILE).read_text(encoding="utf-8")
    wanted = project_text(present)
    code = renew("settings", options.directory, PROJECT_FILE, present, wanted, check=options.check)
    page: Path = options.directory / PAGE
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        code |= renew("settings", options.directory, PAGE, text, page_text(text), check=options.check)
    return code


def page_text(present: str) -> str:
    """The page with its table made anew."""
    return _TABLE.sub(lambda match: f"{match[1]}\n{settings_table()}\n{match[2]}", present)


def project_text(present: str) -> str:
    """Pulumi.yaml with the settings' entries renewed.

    What is not a setting of this project stays, and so does the whole text when it says the same already: `pulumi new` writes
    the file in an order of its own.
    """
    project: dict[str, Any] = yaml.safe_load(present)
    section = config_section()
    foreign = {key: value for key, value in project.get("config", {}).items() if ":" in key}
    renewed = {**project, "config": {**foreign, **section}}
    if "template" in project:
        # A clone has no questions any more.
        renewed["template"] = {
            **project["template"],
            "config": _questions(project["template"]["config"], section),
        }
    return present if renewed == project else dumped(renewed)


def dumped(project: dict[str, Any]) -> str:
    """Pulumi.yaml's text."""
    return yaml.dump(project, Dumper=_Dumper, sort_keys=False, width=110)


def _questions(asked: dict[str, Any], section: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The questions of `pulumi new`: those that ask for a setting have its words and its default."""
    return {
        key: {"description": section[key]["description"], "default": str(section[key]["default"])} if key in section else question
        for key, question in asked.items()
    }


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
