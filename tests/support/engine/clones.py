"""Projects that `pulumi new` makes of this template."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from support.engine.pulumi_cli import Stack

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {
    "aws:region": "eu-west-1",
    "brokerType": "express.m7g.large",
    "brokersPerZone": "3",
    "alarmEmail": "streaming@example.com",
}
"""Answers to the template's questions, none of them the one it proposes."""

_OPTIONS = (
    *("--yes", "--description", "Orders", "--stack", "dev", "--secrets-provider", "passphrase"),
    *(part for key, value in ANSWERS.items() for part in ("--config", f"{key}={value}")),
)


def clone_template(root: Path, cli: Path, shared: Path, template: Path, *, name: str = "orders") -> Stack:
    """What `pulumi new` makes of a template: a project with its dev stack, nothing deployed.

    Args:
        root: Where it shall be; it is not there yet.
        cli: The CLI.
        shared: What the stacks of all tests share.
        template: The template's directory.
        name: The project's name.
    """
    stack = _nothing_yet(root, cli, shared)
    stack.run("new", str(template), "--name", name, *_OPTIONS, about_stack=False)
    return stack


def make_new(root: Path, cli: Path, shared: Path, checkout: Path) -> Stack:
    """What `make new` makes of a checkout: the same project as `clone_template`'s."""
    stack = _nothing_yet(root, cli, shared)
    environment = stack.environment
    command = [sys.executable, "-m", "tools", "new", f"--dir={stack.project}", "--name=orders", "--", *_OPTIONS]
    done = subprocess.run(
        command,
        cwd=checkout,
        env={**environment, "PATH": f"{cli.parent}{os.pathsep}{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return stack


def _nothing_yet(root: Path, cli: Path, shared: Path) -> Stack:
    for part in ("project", "state", "cloud"):
        (root / part).mkdir(parents=True)
    return Stack(root, "dev", cli, shared)


def python(stack: Stack, *arguments: str, code: int = 0) -> str:
    """What a command prints that the Python of these tests runs in a project, as `.venv` would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=stack.project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout
