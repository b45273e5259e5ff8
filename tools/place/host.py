"""The test client's host as the operator's place: a shell by Session Manager, a command by Run Command.

A command does not go through a session: sessions print into a terminal, and end with 0 whatever happened in them. Run Command
has standard output, standard error and the exit code apart, needs no plugin, and CloudTrail has each command with who gave it.
What it returns is cut at a number of characters, so the answer is compressed, and fetched in pieces where it is longer.
"""

from __future__ import annotations

import base64
import gzip
import json
import shlex
import subprocess
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from tools.place.programs import answer_of, program
from tools.place.terms import Done
from tools.shared.commands import FAILED, CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PIECE: Final = 20_000
"""Characters of an answer that are asked for at once. AWS Systems Manager API reference, ``GetCommandInvocation``,
``StandardOutputContent``: the first 24,000 characters."""
_LAST_ERRORS: Final = 6_000
"""Bytes of standard error that come back. The same page, ``StandardErrorContent``: the first 8,000 characters."""
_LARGEST_LINE: Final = 64_000
"""Characters of what is sent at once, far below what a command of Linux may have as one argument (128 KiB)."""
_DELIVERY_SECONDS: Final = 60
_EXECUTION_SECONDS: Final = 3600
_RUNNING: Final = frozenset({"Pending", "InProgress", "Delayed"})
_ENDED: Final = frozenset({"Success", "Failed"})
_PAUSES: Final = (0.2, 0.5, 1.0)
_NOT_YET: Final = "InvocationDoesNotExist"
_REACHED: Final = (
    "Is the host running (its first start takes some minutes), does it reach Systems Manager, and may you use it? "
    "docs/operator.md has the rights that this needs."
)


class Host:
    """The test client's host.

    Args:
        instance: Its instance id.
        region: Its region.
        sleep: Waits some seconds.
    """

    def __init__(self, instance: str, region: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._aws = program("aws", "the host in the VPC")
        self._instance = instance
        self._region = region
        self._sleep = sleep
        self._directory = f"/tmp/operator-{uuid.uuid4().hex}"  # noqa: S108 - on the host, made for us alone (umask 077)

    def path_of(self, name: str) -> str:
        """See `tools.place.terms.Place`."""
        return f"{self._directory}/{name}"

    def shell(self) -> int:
        """See `tools.place.terms.Place`."""
        program("session-manager-plugin", "a session on the host")
        document = ["--document-name", "AWS-StartInteractiveCommand", "--parameters", json.dumps({"command": ["operator"]})]
        words = [self._aws, "ssm", "start-session", "--region", self._region, "--target", self._instance, *document]
        # Ctrl-C is for what runs in the session: the plugin hands it on.
        return subprocess.run(words, check=False).returncode

    def run(self, line: str, files: Mapping[str, str] | None = None) -> Done:
        """See `tools.place.terms.Place`."""
        # Several commands may run at once: each has a directory of its own, and leaves nothing.
        directory = self.path_of(uuid.uuid4().hex)
        answer = f"{directory}/answer"
        script = [
            "umask 077",
            f"mkdir -p {directory}",
            *(f"echo {_packed(text)} | base64 -d | gzip -d >{shlex.quote(path)}" for path, text in (files or {}).items()),
            f"/usr/local/bin/operator sh -c {shlex.quote(line)} >{answer}.out 2>{answer}.err",
            "code=$?",
            f"tail -c {_LAST_ERRORS} {answer}.err >&2",
            f"gzip -c {answer}.out | base64 | tr -d '\\n' >{answer}",
            f"wc -c <{answer}",
            f"head -c {_PIECE} {answer}",
            *(f"rm -f {shlex.quote(path)}" for path in files or {}),
            f'[ "$(wc -c <{answer})" -gt {_PIECE} ] || rm -rf {directory}',
            f"rmdir {self._directory} 2>/dev/null",
            "exit $code",
        ]
        invocation = self._invoked(script, comment=line)
        length, _, text = invocation["StandardOutputContent"].partition("\n")
        code = int(invocation["ResponseCode"])
        if not length.strip().isdecimal():
            said = invocation["StandardErrorContent"].strip() or invocation["StatusDetails"]
            raise CommandError(f"The host did not run the command ({said}).", FAILED)
        text = text.strip()
        while len(text) < int(length):
            text += self._piece(directory, len(text), int(length))
        return Done(code, gzip.decompress(base64.b64decode(text)).decode(errors="replace"), invocation["StandardErrorContent"])

    def _piece(self, directory: str, begin: int, length: int) -> str:
        last = begin + _PIECE >= length
        script = [
            f"tail -c +{begin + 1} {directory}/answer | head -c {_PIECE}",
            *([f"rm -rf {directory}; rmdir {self._directory} 2>/dev/null"] if last else []),
        ]
        piece: str = self._invoked(script, comment="the rest of an answer")["StandardOutputContent"].strip()
        if not piece:
            raise CommandError(f"The host's answer ends after {begin} of {length} characters. Run the command again.", FAILED)
        return piece

    def _invoked(self, script: list[str], *, comment: str) -> dict[str, Any]:
        parameters = json.dumps({"commands": script, "executionTimeout": [str(_EXECUTION_SECONDS)]})
        if len(parameters) > _LARGEST_LINE:
            raise CommandError(
                f"The command and its files have {len(parameters)} characters; at most {_LARGEST_LINE} go to the host at once. "
                "Open a shell there (make shell), or divide it."
            )
        document = ["--document-name", "AWS-RunShellScript", "--parameters", parameters]
        about = ["--comment", _comment(comment), "--timeout-seconds", str(_DELIVERY_SECONDS)]
        sent = self._ask("send-command", "--instance-ids", self._instance, *document, *about)
        command = str(sent["Command"]["CommandId"])
        try:
            return self._ended(command)
        except KeyboardInterrupt:
            self._ask("cancel-command", "--command-id", command)
            raise

    def _ended(self, command: str) -> dict[str, Any]:
        waited = 0
        while True:
            self._sleep(_PAUSES[min(waited, len(_PAUSES) - 1)])
            waited += 1
            try:
                invocation = self._ask("get-command-invocation", "--command-id", command, "--instance-id", self._instance)
            except CommandError as error:
                # For a moment after it was sent, AWS does not know it yet.
                if _NOT_YET in str(error) and waited <= _DELIVERY_SECONDS:
                    continue
                raise
            if invocation["Status"] in _ENDED and invocation["ResponseCode"] >= 0:
                return invocation
            if invocation["Status"] not in _RUNNING:
                raise CommandError(f"The host did not run the command: {invocation['StatusDetails']}. {_REACHED}", FAILED)

    def _ask(self, operation: str, *options: str) -> dict[str, Any]:
        words = [self._aws, "ssm", operation, "--region", self._region, "--output", "json", *options]
        text = answer_of(words, remedy=_REACHED)
        answer: dict[str, Any] = json.loads(text) if text.strip() else {}
        return answer


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _comment(line: str) -> str:
    """What the command's history shows. AWS Systems Manager API reference, ``SendCommand``, ``Comment``: 100 characters."""
    return " ".join(line.split())[:100]
