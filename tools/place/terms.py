"""What an operator's place is to the commands: somewhere in the VPC where a command line runs with Kafka's tools."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLIENT_FILE: Final = "client.properties"
"""The client's ready file, in the directory where every command starts."""
_TOOL: Final = re.compile(r"kafka-[a-z-]+\.sh(?=\s|$)")
_CONFIG_OPTION: Final = {"kafka-leader-election.sh": "--admin.config"}


@dataclass(frozen=True, slots=True)
class Done:
    """How a command line ended.

    Attributes:
        code: Its exit code.
        output: What it printed.
        errors: What it printed on standard error.
    """

    code: int
    output: str
    errors: str


class Place(Protocol):
    """Somewhere in the VPC, with Kafka's tools on PATH, BOOTSTRAP, CLUSTER, ARN and REGION set, beside the client's file."""

    def run(self, line: str, files: Mapping[str, str] | None = None) -> Done:
        """Runs a command line of the shell there.

        Args:
            line: The command line.
            files: Texts that it reads, by the paths that they are to have there (see `path_of`).

        Raises:
            CommandError: It did not run.
        """
        ...

    def path_of(self, name: str) -> str:
        """The path, there, of a file that comes with a command line."""
        ...

    def shell(self) -> int:
        """Opens a shell there for a person; returns its exit code.

        Raises:
            CommandError: None can be opened.
        """
        ...


def line_of(words: Sequence[str]) -> str:
    """The command line that a person means: one word is a line of the shell, more are its words.

    One of Kafka's tools that is not told where the cluster is, is told.
    """
    line = words[0] if len(words) == 1 else shlex.join(words)
    tool = _TOOL.match(line)
    if tool is None or "--bootstrap-server" in line:
        return line
    option = _CONFIG_OPTION.get(tool[0], "--command-config")
    return f'{tool[0]} --bootstrap-server "$BOOTSTRAP" {option} {CLIENT_FILE}{line[tool.end() :]}'
