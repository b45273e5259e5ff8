"""`python -m tools settings`: writes what Pulumi.yaml says about the settings, from `StackSettings`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from domain.settings.pulumi_yaml import config_section
from tools.generate.generated import parser_of_generator, renew

PROJECT_FILE = Path("Pulumi.yaml")


def main(arguments: list[str]) -> int:
    """Writes or checks the file.

    Args:
        arguments: The command's options.

    Returns:
        0; 1 when `--check` finds the file stale.
    """
    options = parser_of_generator(
        "settings", "Writes the settings into Pulumi.yaml: its `config:` section and the questions of `pulumi new`."
    ).parse_args(arguments)
    present = (options.directory / PROJECT_FILE).read_text(encoding="utf-8")
    wanted = project_text(present)
    return renew("settings", options.directory, PROJECT_FILE, present, wanted, check=options.check)


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
