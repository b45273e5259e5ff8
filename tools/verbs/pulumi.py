"""The Pulumi CLI: found, new enough, and run with each command line shown."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TextIO

from tools.shared.commands import FAILED, CommandError
from tools.shared.selection import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHERE: Final = "https://www.pulumi.com/docs/install/"
_VERSION: Final = re.compile(r"^v?(\d+)\.(\d+)\.(\d+)")
_REQUIRED: Final = re.compile(r"""^requiredPulumiVersion:\s*["']?>=\s*(\d+\.\d+\.\d+)""", re.MULTILINE)


def found_cli(directory: Path) -> Path:
    """The Pulumi CLI on PATH.

    Args:
        directory: Where Pulumi.yaml is, which says the oldest version that will do.

    Raises:
        CommandError: There is none, or it is too old.
    """
    lowest = _lowest(directory)
    program = shutil.which("pulumi")
    if program is None:
        raise CommandError(
            f"This needs the Pulumi CLI{f' {lowest} or newer' if lowest else ''}, and there is no `pulumi` on PATH. Get it from "
            f"{_WHERE}. `make preview` needs no CLI."
        )
    done = subprocess.run([program, "version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    have = done.stdout.strip()
    version = _VERSION.match(have)
    if version is None:
        raise CommandError(
            f"`pulumi version` says {have or done.stderr.strip()!r}, which is no version of the Pulumi CLI: {program}"
        )
    if lowest and tuple(map(int, version.groups())) < tuple(map(int, lowest.split("."))):
        raise CommandError(f"{program} is {have}, and Pulumi.yaml requires {lowest} or newer. Get it from {_WHERE}.")
    return Path(program)


def _lowest(directory: Path) -> str:
    """The version that Pulumi.yaml requires; empty where it requires none."""
    try:
        text = (directory / "Pulumi.yaml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        raise CommandError(f"There is no Pulumi.yaml in {directory}: run this in the directory of the project.") from None
    found = _REQUIRED.search(text)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command of the CLI ended.

    Attributes:
        code: Its exit code.
        output: Its standard output.
        errors: Its standard error.
    """

    code: int
    output: str
    errors: str


class Pulumi:
    """The CLI, about one stack of one project.

    Args:
        program: The CLI.
        directory: Where Pulumi.yaml is.
        stack: The stack as the CLI takes it.
        shown: Where command lines are shown; standard output where it is not for the answer itself.
    """

    def __init__(self, program: Path, directory: Path, stack: str, shown: TextIO | None = None) -> None:
        self._shown = shown or sys.stdout
        self._program = program
        self._directory = directory
        self.stack = stack
        self.name = name_of(stack)

    def ask(self, *arguments: str, environment: Mapping[str, str] = MappingProxyType({})) -> Answer:
        """Runs a command for its answer, which is not shown.

        Args:
            arguments: The command and its options, without the stack's.
            environment: Variables that it needs beside those of this process; they are shown too.

        Raises:
            CommandError: There is no such stack, or nobody is logged in.
        """
        command = [*arguments, "--stack", self.stack]
        self._show(command, environment)
        done = subprocess.run(
            [self._program, *command, "--non-interactive", "--color", "never"],
            cwd=self._directory,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode and (why := self._not_ready(done.stderr)):
            raise CommandError(why)
        return Answer(done.returncode, done.stdout, done.stderr)

    def run(self, *arguments: str) -> int:
        """Runs a command that the reader watches; returns its exit code. Ctrl-C is the CLI's, which ends in order."""
        command = [*arguments, "--stack", self.stack]
        self._show(command, {})
        with subprocess.Popen([self._program, *command], cwd=self._directory) as process:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue

    def _show(self, command: list[str], environment: Mapping[str, str]) -> None:
        """Shows a command as it can be pasted."""
        variables = "".join(f"{name}={shlex.quote(value)} " for name, value in environment.items())
        print(f"$ {variables}pulumi {shlex.join(command)}", file=self._shown, flush=True)

    def _not_ready(self, errors: str) -> str:
        if "no stack named" in errors:
            return (
                f"Stack {self.stack} does not exist yet where Pulumi keeps its state. Make it once, then run this again:\n\n"
                f"  pulumi stack init {self.stack}\n\n"
                "docs/deploying.md says where the state can be, and who keeps secrets (--secrets-provider)."
            )
        if "PULUMI_ACCESS_TOKEN must be set" in errors:
            return (
                "Pulumi does not know where the state is: log in first. `pulumi login` is for Pulumi Cloud, "
                "`pulumi login s3://...` and `pulumi login file://~/state` are for your own; docs/deploying.md compares them."
            )
        return ""


def failed(answer: Answer, what: str) -> CommandError:
    """The error of a command that ended without an answer."""
    errors = answer.errors.strip() or answer.output.strip() or "it says nothing"
    return CommandError(f"{what} failed (exit code {answer.code}):\n{errors}", FAILED)
