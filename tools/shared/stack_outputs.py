"""What a deployed stack has put out, and files that are made from it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from domain.problems import printable
from tools.shared.commands import CommandError

_BROKER: Final = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:[0-9]{1,5}"
_BROKERS: Final = re.compile(rf"{_BROKER}(?:,{_BROKER})*")
_WORD: Final = re.compile(r"[A-Za-z0-9:/_.,+=@-]*")
_HOW: Final = "Give the output of `pulumi stack output --json` for a deployed stack."


def outputs_of(file: str) -> dict[str, Any]:
    """The outputs of a deployed stack.

    Args:
        file: A file with what `pulumi stack output --json` printed; ``-`` for standard input.

    Raises:
        CommandError: It holds none.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not JSON: it is no text. {_HOW}") from error
    return outputs_in(text, file)


def outputs_in(text: str, file: str) -> dict[str, Any]:
    """The outputs in what `pulumi stack output --json` printed, each fit to be written into a file or a command.

    Args:
        text: What it printed.
        file: Where it is from, for messages.

    Raises:
        CommandError: It holds none, or they are not what a stack of this template puts out.
    """
    try:
        outputs = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is not JSON: {error}. {_HOW}") from error
    if not isinstance(outputs, dict) or not outputs:
        raise CommandError(f"{file} has no outputs. {_HOW}")
    brokers = outputs.get("brokers")
    if not isinstance(brokers, dict | None):
        raise CommandError(f"{file}: brokers is no map of listeners. {_HOW}")
    for name, value in (brokers or {}).items():
        if value and not (isinstance(value, str) and _BROKERS.fullmatch(value)):
            raise CommandError(
                f"{file}: brokers.{printable(name)} is {printable(str(value)[:80])!r}, which is no list of brokers such as "
                f"b-1.example.com:9098,b-2.example.com:9098. {_HOW}"
            )
    for path, value in _texts(outputs):
        if not _WORD.fullmatch(value):
            raise CommandError(f"{file}: {path} is {printable(value[:80])!r}, which is not one word. {_HOW}")
    return outputs


def _texts(outputs: dict[str, Any]) -> list[tuple[str, str]]:
    """The other outputs that commands write down, with their paths."""
    found = [(name, outputs.get(name)) for name in ("clusterName", "clusterArn", "securityGroupId")]
    host = outputs.get("testClient")
    found.append(("testClient.instanceId", host.get("instanceId") if isinstance(host, dict) else None))
    clients = outputs.get("clients")
    for name, client in (clients if isinstance(clients, dict) else {}).items():
        found.append((f"clients.{printable(name)}.secretArn", client.get("secretArn") if isinstance(client, dict) else None))
    return [(path, value) for path, value in found if isinstance(value, str)]


def written(files: dict[str, str], directory: Path) -> str:
    """Writes files into a directory; returns their paths, a line each.

    Args:
        files: Texts by the files' names.
        directory: Where to; made if it is not there.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return "".join(f"{directory / name}\n" for name in files)
