"""The programs of others that lead into the VPC: `aws`, `kubectl`, and `pulumi` for a stack's outputs."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from domain.problems import printable
from tools.shared.commands import FAILED, CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FROM: Final = {
    "aws": "the AWS CLI, version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "session-manager-plugin": (
        "the Session Manager plugin of the AWS CLI: "
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
    ),
    "kubectl": "kubectl: https://kubernetes.io/docs/tasks/tools/",
    "pulumi": "the Pulumi CLI (https://www.pulumi.com/docs/install/), or give --outputs FILE",
}
_LAST_WORDS: Final = 8


def program(name: str, why: str) -> str:
    """Where a program is.

    Args:
        name: Its name.
        why: What needs it.

    Raises:
        CommandError: It is not on PATH.
    """
    place = shutil.which(name)
    if place is None:
        raise CommandError(f"{name} is not on PATH, and {why} needs it. Install {_FROM[name]}.")
    return place


def answer_of(words: Sequence[str], *, remedy: str, stdin: bytes | None = None, directory: Path | None = None) -> str:
    """What a program prints.

    Args:
        words: The program and its arguments.
        remedy: What may help where it fails, a sentence.
        stdin: What it reads.
        directory: Where it runs; the current directory when not given.

    Raises:
        CommandError: It failed; the message has its last words.
    """
    done = subprocess.run(words, input=stdin or b"", capture_output=True, check=False, cwd=directory)
    if done.returncode:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        said = "\n".join(f"  {printable(line)}" for line in lines[-_LAST_WORDS:])
        what = " ".join(word for word in words[:3] if not word.startswith("-")).replace(words[0], words[0].rpartition("/")[2], 1)
        raise CommandError(f"{what} failed (exit code {done.returncode}):\n{said}\n{remedy}", FAILED)
    return done.stdout.decode(errors="replace")
