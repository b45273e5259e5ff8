"""Runs the commands of a document on a stack, as its reader would."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from support.stacks import ROOT

if TYPE_CHECKING:
    from support.engine.pulumi_cli import Stack


def run_commands(stack: Stack, commands: str, **variables: str) -> str:
    """Runs a section's commands as a reader would: `pulumi` on PATH, the tools, the Makefile and `.venv` in the project.

    What asks is answered beforehand, as in a pipeline.
    """
    for part in ("tools", "offline", "inventory", "Makefile", ".ci"):
        (stack.project / part).symlink_to(ROOT / part)
    python = stack.project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    bin_ = stack.root / "bin"
    bin_.mkdir()
    (bin_ / "pulumi").symlink_to(stack.cli)
    stack.run("stack", "select", stack.name, about_stack=False)
    environment = stack.environment
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", commands],  # noqa: S607 - bash is where PATH says
        cwd=stack.project,
        env={
            **environment,
            "PATH": f"{bin_}{os.pathsep}{environment['PATH']}",
            "YES": "1",
            "CONFIRM": stack.name,
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
