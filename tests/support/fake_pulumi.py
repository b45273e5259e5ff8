"""A program in the place of the Pulumi CLI that says what it was recorded to say, and notes what it was asked."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = """\
#!{python}
import json, os, sys
with open({calls!r}, "a") as calls:
    events = os.environ.get("PULUMI_ENABLE_STREAMING_JSON_PREVIEW")
    calls.write(json.dumps({{"arguments": sys.argv[1:], "events": events}}) + "\\n")
said = json.load(open({said!r}))
name = sys.argv[1] if sys.argv[1] != "stack" else " ".join(sys.argv[1:3])
answer = said.get(name, {{}})
sys.stdout.write(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("code", 0))
"""


class FakePulumi:
    """The program at the edge.

    Args:
        directory: Where it is, alone.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._calls = directory / "calls"
        self._said = directory / "said.json"
        self.answers: dict[str, dict[str, Any]] = {"version": {"out": "v3.259.0\n"}}
        program = directory / "pulumi"
        program.write_text(_PROGRAM.format(python=sys.executable, calls=str(self._calls), said=str(self._said)), encoding="utf-8")
        program.chmod(0o755)
        self.says()

    def says(self, **answers: dict[str, Any]) -> None:
        """What it answers to commands from now on; a command's underscores are blanks."""
        self.answers |= {name.replace("_", " "): answer for name, answer in answers.items()}
        self._said.write_text(json.dumps(self.answers), encoding="utf-8")

    @property
    def calls(self) -> list[list[str]]:
        """The arguments that it was given, call by call, but for questions about its version."""
        return [call["arguments"] for call in self._read() if call["arguments"] != ["version"]]

    @property
    def asked_for_events(self) -> list[bool]:
        return [call["events"] == "true" for call in self._read() if call["arguments"] != ["version"]]

    def _read(self) -> list[dict[str, Any]]:
        if not self._calls.exists():
            return []
        return [json.loads(line) for line in self._calls.read_text(encoding="utf-8").splitlines()]
